"""Hashes by the number of their row, with what finds those that are near another."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from seawall.errors import MeasureError
from seawall.measures.hashes.search import nearest, worth_tables
from seawall.measures.hashes.tables import Tables
from seawall.measures.hashes.words import WORDS, Words
from seawall.measures.keys import Mask

Rows = npt.NDArray[np.int64]

MOST = 30_000_000
"""So many hashes fit: the places of the tables, at most four a hash and table, are counted in 32 bits."""

_DEAD = 4_096
"""So many rows may be dead, however few are alive."""


class Bank:
    """Rows that are added and die. A row keeps its number until the bank is made compact."""

    def __init__(self) -> None:
        self._words: Words = np.empty(0, np.uint64)
        self._alive: Mask = np.empty(0, np.bool_)
        self._rows = 0
        self._dead = 0
        self._tables = Tables()

    def __len__(self) -> int:
        return self._rows - self._dead

    @property
    def rows(self) -> int:
        """The number that the next row gets."""
        return self._rows

    @property
    def nbytes(self) -> int:
        """Bytes of memory."""
        return self._words.nbytes + self._alive.nbytes + self._tables.nbytes

    @property
    def stale(self) -> bool:
        """Whether so many rows are dead that the bank should be made compact."""
        return self._dead > max(_DEAD, len(self) // 4)

    def append(self, words: Words) -> None:
        """Add rows, four words each.

        Raises:
            MeasureError: it would be more than ``MOST``.
        """
        first, last = self._rows, self._rows + len(words) // WORDS
        if last > MOST:
            raise MeasureError(f"An index holds at most {MOST:,} hashes.", mend="Use several, and ask each.")
        self._words = _roomy(self._words, WORDS * first, WORDS * last)
        self._alive = _roomy(self._alive, first, last)
        self._words[WORDS * first : WORDS * last] = words
        self._alive[first:last] = True
        self._rows = last
        if last - first > first:
            self._tables.build(*self._held())
        elif last > first:
            self._tables.insert(*self._held(), first)

    def drop(self, rows: Rows) -> None:
        """These rows die."""
        self._alive[rows] = False
        self._dead += len(rows)

    def compact(self) -> Rows:
        """Let go of dead rows. The rows that were kept, by the numbers that they had, in their order."""
        kept = np.flatnonzero(self._alive[: self._rows])
        self._words = self._words[: WORDS * self._rows].reshape(-1, WORDS)[kept].reshape(-1)
        self._rows, self._dead = len(kept), 0
        self._alive = np.ones(self._rows, np.bool_)
        self._tables.build(*self._held())
        return kept

    def words_of(self, rows: Rows) -> Words:
        """The words of some rows, one row of an array each."""
        held: Words = self._words[: WORDS * self._rows].reshape(-1, WORDS)
        return held[rows]

    def living(self) -> Rows:
        """The rows that are alive, in the order in which they were added."""
        return np.flatnonzero(self._alive[: self._rows])

    def near(self, queries: Words, distance: int) -> tuple[Rows, Rows, Rows]:
        """Query, row and distance of all pairs within ``distance``: by query, then by distance, then by row."""
        by_tables = worth_tables(self._rows, distance)
        return nearest(*self._held(), self._tables, queries, distance, by_tables=by_tables)

    def _held(self) -> tuple[Words, Mask]:
        return self._words[: WORDS * self._rows], self._alive[: self._rows]


def _roomy(values: npt.NDArray[Any], used: int, size: int) -> npt.NDArray[Any]:
    """The values with room for so many, and an eighth more where there was none."""
    if size <= len(values):
        return values
    larger = np.empty(max(size, used + used // 8), values.dtype)
    larger[:used] = values[:used]
    return larger
