"""When each of many numbered texts was sent: a bag of (number, time)."""

from __future__ import annotations

from collections import Counter

import numpy as np

from seawall.measures.keys import Mask, Times
from seawall.measures.similarity.sketches import Indices

NEVER = np.iinfo(np.int64).max
"""When a text was first sent that nobody sent."""

_GONE = -1


class Sent:
    """Messages come and go; how many there are of each text, and when its first was sent, is known at any moment.

    A message takes 16 bytes.

    >>> sent = Sent()
    >>> sent.add(np.array([0, 0, 1]), np.array([30, 20, 50]))
    >>> sent.remove(np.array([0, 1]), np.array([20, 999]))
    >>> sent.counts.tolist(), sent.first.tolist()
    ([1, 1], [30, 50])
    """

    def __init__(self) -> None:
        self._numbers, self._at = np.empty(16, np.int64), np.empty(16, np.int64)
        self._rows = self._gone = 0
        self.counts, self.first = np.zeros(0, np.int64), np.zeros(0, np.int64)

    @property
    def nbytes(self) -> int:
        """Bytes of memory."""
        return self._numbers.nbytes + self._at.nbytes + self.counts.nbytes + self.first.nbytes

    def add(self, numbers: Indices, at: Times) -> None:
        """Put messages in."""
        if not len(numbers):
            return
        self.reach(int(numbers.max()) + 1)
        rows = self._rows + len(numbers)
        if rows > len(self._at):
            room = max(rows, 2 * len(self._at))
            self._numbers, self._at = np.resize(self._numbers, room), np.resize(self._at, room)
        self._numbers[self._rows : rows], self._at[self._rows : rows] = numbers, at
        self._rows = rows
        np.add.at(self.counts, numbers, 1)
        np.minimum.at(self.first, numbers, at)

    def remove(self, numbers: Indices, at: Times) -> None:
        """Take messages out; what is not in is passed over."""
        wanted = Counter(zip(numbers.tolist(), at.tolist(), strict=True))
        touched = np.zeros(len(self.counts) + 1, np.bool_)
        touched[numbers] = True
        touched[_GONE] = False
        theirs = np.flatnonzero(touched[self._numbers[: self._rows]])
        gone = []
        for row in theirs[np.isin(self._at[theirs], at)].tolist():
            message = (int(self._numbers[row]), int(self._at[row]))
            if wanted[message] > 0:
                wanted[message] -= 1
                gone.append(row)
        self._take_out(np.array(gone, np.int64))

    def forget(self, before: int) -> None:
        """Take out what was sent before a time."""
        held = self._numbers[: self._rows] != _GONE
        self._take_out(np.flatnonzero(held & (self._at[: self._rows] < before)))
        self._tidy()

    def keep(self, numbers: Indices) -> None:
        """Number those that are kept anew, in their order; nothing is held of the others."""
        new = np.full(len(self.counts) + 1, _GONE, np.int64)
        new[numbers] = np.arange(len(numbers))
        self._numbers[: self._rows] = new[self._numbers[: self._rows]]
        self.counts, self.first = self.counts[numbers], self.first[numbers]
        self._tidy()

    def held(self) -> tuple[Indices, Times]:
        """All messages: number and time."""
        rows = np.flatnonzero(self._numbers[: self._rows] != _GONE)
        return self._numbers[rows], self._at[rows]

    def _take_out(self, rows: Indices) -> None:
        numbers, at = self._numbers[rows], self._at[rows]
        self._numbers[rows] = _GONE
        self._gone += len(rows)
        np.subtract.at(self.counts, numbers, 1)
        self._look_for_first(numbers[at == self.first[numbers]])
        if 2 * self._gone > self._rows:
            self._tidy()

    def _look_for_first(self, numbers: Indices) -> None:
        """The first messages of these texts anew."""
        self.first[numbers] = NEVER
        sought: Mask = np.zeros(len(self.counts) + 1, np.bool_)
        sought[numbers] = True
        sought[_GONE] = False
        rows = np.flatnonzero(sought[self._numbers[: self._rows]])
        np.minimum.at(self.first, self._numbers[rows], self._at[rows])

    def reach(self, texts: int) -> None:
        """Know of at least so many texts, even where none of their messages is in."""
        more = texts - len(self.counts)
        if more > 0:
            self.counts = np.concatenate([self.counts, np.zeros(more, np.int64)])
            self.first = np.concatenate([self.first, np.full(more, NEVER)])

    def _tidy(self) -> None:
        self._numbers, self._at = self.held()
        self._rows, self._gone = len(self._at), 0
