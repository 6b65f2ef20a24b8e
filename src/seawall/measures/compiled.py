"""The one way in which kernels are compiled: without the interpreter's lock, and cached on disk."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import numba

Kernel = TypeVar("Kernel", bound=Callable[..., object])


def compiled(function: Kernel) -> Kernel:
    """Compile a function of arrays and numbers to machine code that runs beside other threads.

    The result is cached beside the source file (or in the user's cache directory where that is
    read-only), so that only the first call after an installation pays for the compilation.

    >>> import numpy as np
    >>> total = compiled(lambda values: values.sum())
    >>> int(total(np.arange(4)))
    6
    """
    return cast(Kernel, numba.njit(nogil=True, cache=function.__name__ != "<lambda>")(function))


def inlined(function: Kernel) -> Kernel:
    """Write a small function into each kernel that calls it, so that no arrays have to be handed over.

    >>> import numpy as np
    >>> twice = inlined(lambda value: 2 * value)
    >>> int(twice(4))
    8
    """
    return cast(Kernel, numba.njit(nogil=True, inline="always")(function))


def compiled_vector(function: Kernel) -> Kernel:
    """Like ``compiled``, but dividing by zero gives infinity or NaN, as in numpy.

    Nothing has to be looked at before each division, so that loops over arrays become vector instructions.

    >>> import numpy as np
    >>> half = compiled_vector(lambda values: values / 0.0)
    >>> half(np.ones(1)).tolist()
    [inf]
    """
    kernel = numba.njit(nogil=True, cache=function.__name__ != "<lambda>", error_model="numpy")(function)
    return cast(Kernel, kernel)
