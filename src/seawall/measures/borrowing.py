"""What kernels need to hand arrays on: bare pointers, for which no references are counted.

Counting costs two calls for each array that is handed on, which is more than looking up a word; and an array is seven
numbers, a pointer one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
from numba.core import cgutils, types
from numba.extending import intrinsic

Lent = TypeVar("Lent")


def _typed(_context: Any, lent: Any) -> tuple[Any, Callable[..., Any]]:
    return _bare(lent)(lent), _generate


def _bare(kind: Any) -> Any:
    """The type without what counts references."""
    if isinstance(kind, types.Array):
        return types.CPointer(kind.dtype)  # type: ignore[no-untyped-call]
    if isinstance(kind, types.NamedTuple):
        parts = [_bare(part) for part in kind.types]
        return types.NamedTuple(parts, kind.instance_class)  # type: ignore[no-untyped-call]
    return kind


def _generate(target: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    return _pointers(target, builder, signature.args[0], arguments[0])


def _pointers(target: Any, builder: Any, kind: Any, value: Any) -> Any:
    if isinstance(kind, types.Array):
        return target.make_array(kind)(target, builder, value).data
    if isinstance(kind, types.NamedTuple):
        parts = cgutils.unpack_tuple(builder, value)  # type: ignore[no-untyped-call]
        pointers = [_pointers(target, builder, part, held) for part, held in zip(kind.types, parts, strict=True)]
        return target.make_tuple(builder, _bare(kind), pointers)
    return value


def start_of(target: Any, builder: Any, kind: Any, value: Any) -> Any:
    """For intrinsics: the pointer to the first entry of an array, or of one that is borrowed."""
    return _pointers(target, builder, kind, value)


borrowed = cast(Callable[[Lent], Lent], intrinsic(_typed))
"""In a kernel, ``borrowed(array)`` is the memory of a contiguous array, to be read and written by places from 0 on; it
knows no length. Of a named tuple it borrows all arrays, and numbers stay.

The caller of the kernel must hold the arrays until the kernel returns, and the kernel must not return them. Flags are
not borrowed (see them as ``uint8``).
"""

whole = cast(Callable[[Any], int], np.int64)
"""A number of an array as a signed one: with unsigned ones mixed in, numpy and numba would go over to fractions."""
