"""Which row a 64-bit key has: an open hash table that only grows."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from seawall.measures.compiled import compiled
from seawall.measures.keys import Keys, Mask, mix

Indices = npt.NDArray[np.int64]

ABSENT = -1


class Slots:
    """Keys are numbered 0, 1, 2 ... in the order in which they first come.

    >>> slots = Slots()
    >>> slots.number(np.array([70, 80, 70], np.uint64), np.ones(3, bool)).tolist()
    [0, 1, 0]
    >>> slots.find(np.array([80, 90], np.uint64)).tolist(), len(slots)
    ([1, -1], 2)
    """

    def __init__(self) -> None:
        self._keys = np.zeros(1 << 10, np.uint64)
        self._rows = np.full(1 << 10, ABSENT, np.int64)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    @property
    def nbytes(self) -> int:
        """Bytes of memory."""
        return self._keys.nbytes + self._rows.nbytes

    def number(self, keys: Keys, told: Mask) -> Indices:
        """The number of each key, new ones included; ABSENT where none is told."""
        self._make_room(len(keys))
        numbers = np.empty(len(keys), np.int64)
        self._count = _number(keys, told, self._keys, self._rows, self._count, numbers)
        return numbers

    def find(self, keys: Keys) -> Indices:
        """The number of each key; ABSENT where it never came."""
        numbers = np.empty(len(keys), np.int64)
        _find(keys, self._keys, self._rows, numbers)
        return numbers

    def _make_room(self, more: int) -> None:
        """At most half of the table is used, if all that come are new."""
        size = len(self._rows)
        while size < 2 * (self._count + more):
            size *= 2
        if size > len(self._rows):
            keys, rows = np.zeros(size, np.uint64), np.full(size, ABSENT, np.int64)
            _move(self._keys, self._rows, keys, rows)
            self._keys, self._rows = keys, rows


@compiled
def _place(key: np.uint64, keys: Keys, rows: Indices) -> Any:
    """Where a key stands, or would stand."""
    last = len(rows) - 1
    at = np.int64(mix(key) >> np.uint64(1)) & last
    while rows[at] != ABSENT and keys[at] != key:
        at = (at + 1) & last
    return at


@compiled
def _number(keys: Keys, told: Mask, table: Keys, rows: Indices, count: int, numbers: Indices) -> int:
    for row in range(len(keys)):
        numbers[row] = ABSENT
        if told[row]:
            at = _place(keys[row], table, rows)
            if rows[at] == ABSENT:
                table[at], rows[at] = keys[row], count
                count += 1
            numbers[row] = rows[at]
    return count


@compiled
def _find(keys: Keys, table: Keys, rows: Indices, numbers: Indices) -> None:
    for row in range(len(keys)):
        numbers[row] = rows[_place(keys[row], table, rows)]


@compiled
def _move(keys: Keys, rows: Indices, to_keys: Keys, to_rows: Indices) -> None:
    for old in range(len(rows)):
        if rows[old] != ABSENT:
            at = _place(keys[old], to_keys, to_rows)
            to_keys[at], to_rows[at] = keys[old], rows[old]
