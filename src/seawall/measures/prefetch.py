"""Ask the processor to fetch memory before a kernel needs it: random reads then cost a fraction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import numpy.typing as npt
from llvmlite import ir  # type: ignore[import-untyped]
from numba.core import cgutils, types
from numba.extending import intrinsic

from seawall.measures.borrowing import start_of

BYTES = ir.IntType(8).as_pointer()
NUMBER = ir.IntType(32)
READ, KEEP, DATA = NUMBER(0), NUMBER(3), NUMBER(1)


def _typed(_context: Any, array: Any, _index: Any) -> tuple[Any, Callable[..., Any]]:
    return types.void(array, types.intp), _generate


def _generate(target: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    kind = signature.args[0]
    start = builder.ptrtoint(start_of(target, builder, kind, arguments[0]), ir.IntType(64))
    width = ir.IntType(64)(target.get_abi_sizeof(target.get_data_type(kind.dtype)))
    address = builder.inttoptr(builder.add(start, builder.mul(arguments[1], width)), BYTES)
    shape = ir.FunctionType(ir.VoidType(), [BYTES, NUMBER, NUMBER, NUMBER])
    call = cgutils.get_or_insert_function(builder.module, shape, "llvm.prefetch.p0")  # type: ignore[no-untyped-call]
    builder.call(call, [address, READ, KEEP, DATA])
    return target.get_dummy_value()


prefetch = cast(Callable[[npt.NDArray[Any], int], None], intrinsic(_typed))
"""In a kernel, ``prefetch(array, index)`` starts to fetch the cache line of an entry of a contiguous one-dimensional
array. It is a hint: it changes no value, and an index out of bounds does no harm."""
