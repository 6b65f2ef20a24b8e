"""Which row a 64-bit key has: an open hash table that only grows."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from seawall.measures.compiled import compiled
from seawall.measures.keys import Keys, Mask, mix
from seawall.measures.prefetch import prefetch

Indices = npt.NDArray[np.int64]
Table = npt.NDArray[np.uint64]
"""Lines of a key and its number + 1; 0 = the line is free."""

ABSENT = -1

AHEAD = 16
"""How many keys ahead the memory is asked for."""


class Slots:
    """Keys are numbered 0, 1, 2 ... in the order in which they first come.

    Args:
        expected: how many keys will come, at most, as far as is known; room that is not used costs no memory.

    >>> slots = Slots()
    >>> slots.number(np.array([70, 80, 70], np.uint64), np.ones(3, bool)).tolist()
    [0, 1, 0]
    >>> slots.find(np.array([80, 90], np.uint64)).tolist(), len(slots)
    ([1, -1], 2)
    """

    def __init__(self, expected: int = 0) -> None:
        self._table: Table = np.zeros((1 << max(10, (2 * expected).bit_length()), 2), np.uint64)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    @property
    def nbytes(self) -> int:
        """Bytes of memory."""
        return self._table.nbytes

    def number(self, keys: Keys, told: Mask) -> Indices:
        """The number of each key, new ones included; ABSENT where none is told."""
        return self.add(keys, told)[0]

    def add(self, keys: Keys, told: Mask) -> tuple[Indices, Indices]:
        """The numbers, as ``number`` gives them, and the rows in which keys stand that are new, each once."""
        self._make_room(len(keys))
        numbers, fresh = np.empty(len(keys), np.int64), np.empty(len(keys), np.int64)
        before = self._count
        self._count = _number(keys, told, self._table, self._count, numbers, fresh)
        return numbers, fresh[: self._count - before]

    def find(self, keys: Keys) -> Indices:
        """The number of each key; ABSENT where it never came."""
        numbers = np.empty(len(keys), np.int64)
        _find(keys, self._table, numbers)
        return numbers

    def _make_room(self, more: int) -> None:
        """At most half of the table is used, if all that come are new."""
        size = len(self._table)
        while size < 2 * (self._count + more):
            size *= 2
        if size > len(self._table):
            table = np.zeros((size, 2), np.uint64)
            _move(self._table, table)
            self._table = table


@compiled
def _first_place(key: np.uint64, table: Table) -> Any:
    """Where a key stands if no other is in its way."""
    return np.int64(mix(key) >> np.uint64(1)) & (len(table) - 1)


@compiled
def _place(key: np.uint64, table: Table) -> Any:
    """Where a key stands, or would stand."""
    at = _first_place(key, table)
    while table[at, 1] and table[at, 0] != key:
        at = (at + 1) & (len(table) - 1)
    return at


@compiled
def _number(keys: Keys, told: Mask, table: Table, count: int, numbers: Indices, fresh: Indices) -> int:
    new = 0
    for row in range(len(keys)):
        if row + AHEAD < len(keys):
            prefetch(table, 2 * _first_place(keys[row + AHEAD], table))
        numbers[row] = ABSENT
        if told[row]:
            at = _place(keys[row], table)
            if table[at, 1] == 0:
                table[at, 0], table[at, 1] = keys[row], count + new + 1
                fresh[new] = row
                new += 1
            numbers[row] = np.int64(table[at, 1]) - 1
    return count + new


@compiled
def _find(keys: Keys, table: Table, numbers: Indices) -> None:
    for row in range(len(keys)):
        if row + AHEAD < len(keys):
            prefetch(table, 2 * _first_place(keys[row + AHEAD], table))
        numbers[row] = np.int64(table[_place(keys[row], table), 1]) - 1


@compiled
def _move(table: Table, larger: Table) -> None:
    for line in range(len(table)):
        if table[line, 1]:
            at = _place(table[line, 0], larger)
            larger[at, 0], larger[at, 1] = table[line, 0], table[line, 1]
