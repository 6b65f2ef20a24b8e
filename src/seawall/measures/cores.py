"""Run compiled work on all cores: slices of rows, or blocks that idle workers take."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import TypeVar

Result = TypeVar("Result")

SMALL = 1 << 16
"""Below this many rows one core is faster than two."""

_most = sys.maxsize


def cores(rows: int) -> int:
    """How many threads to use for this many rows."""
    return 1 if rows < SMALL else available()


def available() -> int:
    """How many cores this process may use."""
    return min(_most, _cores())


def at_most(threads: int) -> None:
    """Use no more cores from now on: for one process of several that share them."""
    global _most
    _most = threads


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def slices(rows: int, parts: int) -> list[tuple[int, int]]:
    """Contiguous (start, stop) that cover the rows.

    >>> slices(5, 2)
    [(0, 2), (2, 5)]
    """
    bounds = [rows * part // parts for part in range(parts + 1)]
    return list(pairwise(bounds))


def together(tasks: Sequence[Callable[[], Result]], threads: int | None = None) -> list[Result]:
    """The results of the tasks, in their order; the first error is raised. Compiled tasks run at once."""
    if len(tasks) < 2 or threads == 1:
        return [task() for task in tasks]
    with ThreadPoolExecutor(threads or len(tasks)) as pool:
        return [future.result() for future in [pool.submit(task) for task in tasks]]
