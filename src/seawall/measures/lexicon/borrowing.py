"""What kernels need to hand arrays and numbers on: arrays that are borrowed, for which no references are counted.

Counting costs two locked instructions for each array and call, which is more than looking up a word.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
from numba.core import cgutils
from numba.extending import intrinsic

Lent = TypeVar("Lent")


def _typed(_context: Any, lent: Any) -> tuple[Any, Callable[..., Any]]:
    return lent(lent), _generate


def _generate(target: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    kind: Any = signature.args[0]
    lent = arguments[0]
    if not hasattr(kind, "types"):
        return _without_share(target, builder, kind, lent)
    arrays = cgutils.unpack_tuple(builder, lent)  # type: ignore[no-untyped-call]
    parts = [_without_share(target, builder, part, array) for part, array in zip(kind.types, arrays, strict=True)]
    return target.make_tuple(builder, kind, parts)


def _without_share(target: Any, builder: Any, kind: Any, value: Any) -> Any:
    array = target.make_array(kind)(target, builder, value)
    array.meminfo = cgutils.get_null_value(array.meminfo.type)  # type: ignore[no-untyped-call]
    array.parent = cgutils.get_null_value(array.parent.type)  # type: ignore[no-untyped-call]
    return array._getvalue()


borrowed = cast(Callable[[Lent], Lent], intrinsic(_typed))
"""In a kernel, ``borrowed(array)`` is the same array, or named tuple of arrays, without a share in its memory.

The caller of the kernel must hold the arrays until the kernel returns, and the kernel must not return them.
"""

whole = cast(Callable[[Any], int], np.int64)
"""A number of an array as a signed one: with unsigned ones mixed in, numpy and numba would go over to fractions."""
