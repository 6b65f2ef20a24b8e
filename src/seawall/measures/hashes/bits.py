"""Count the bits that are set in a number, in one instruction of the processor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import numpy as np
from numba.core import types
from numba.extending import intrinsic


def _typed(_context: Any, _value: Any) -> tuple[Any, Callable[..., Any]]:
    return types.int64(types.uint64), _generate


def _generate(_target: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
    return builder.ctpop(arguments[0])


bits_set = cast(Callable[[np.uint64], int], intrinsic(_typed))
"""In a kernel, ``bits_set(number)`` of an unsigned 64-bit number."""
