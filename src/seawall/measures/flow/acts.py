"""Who wrote in which community on which day, and who linked where: as sorted arrays of numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from seawall.measures.keys import Keys

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

DAY = 86_400_000_000
"""Microseconds."""


@dataclass(frozen=True)
class Acts:
    """That an account wrote in a community on a day (since 1970, UTC); each once, by community, day and account."""

    community: Ints
    account: Keys
    day: Ints

    @classmethod
    def of(cls, community: Ints, account: Keys, day: Ints) -> Acts:
        """Of rows in any order, some of them repeated."""
        order = np.lexsort((account, day, community))
        community, account, day = community[order], account[order], day[order]
        first = np.ones(len(order), bool)
        first[1:] = (community[1:] != community[:-1]) | (day[1:] != day[:-1]) | (account[1:] != account[:-1])
        return cls(community[first], account[first], day[first])

    def within(self, community: int, first: int, end: int) -> tuple[Keys, Ints]:
        """The accounts and days of a community from a day to before another."""
        low, high = np.searchsorted(self.community, (community, community + 1))
        days = self.day[low:high]
        begin, stop = low + np.searchsorted(days, (first, end))
        return self.account[begin:stop], self.day[begin:stop]

    def members(self, community: int, first: int, end: int, least_days: int) -> Keys:
        """The accounts that wrote on so many days, sorted."""
        accounts, times = np.unique(self.within(community, first, end)[0], return_counts=True)
        return np.asarray(accounts[times >= least_days], np.uint64)

    def whole(self, home: Ints) -> Acts:
        """The same of larger communities: ``home`` is that of each community, -1 for none."""
        larger = home[self.community]
        kept = larger >= 0
        return Acts.of(larger[kept], self.account[kept], self.day[kept])


@dataclass(frozen=True)
class Linked:
    """That a message in a community linked to a place; by community, place, time and message."""

    community: Ints
    place: Ints  # a number for each place, by its name
    account: Keys
    at: Ints  # UTC microseconds
    row: Ints  # of the table that it came from

    @classmethod
    def of(cls, community: Ints, place: Ints, account: Keys, at: Ints, tie: Keys) -> Linked:
        """Of rows in any order; ``tie`` (a key of the message) orders those of one moment."""
        order = np.lexsort((tie, at, place, community))
        return cls(community[order], place[order], account[order], at[order], order.astype(np.int64))

    @property
    def day(self) -> Ints:
        """Days since 1970."""
        return self.at // DAY

    def part(self, rows: Ints | Mask | slice) -> Linked:
        """Some of them."""
        return Linked(self.community[rows], self.place[rows], self.account[rows], self.at[rows], self.row[rows])

    def whole(self, home: Ints, tie: Keys) -> Linked:
        """The same of larger communities: ``home`` is that of each community, -1 for none.

        Args:
            home: for each community.
            tie: a key of the message of each row of the table.
        """
        larger = home[self.community]
        kept = np.flatnonzero(larger >= 0)
        found = Linked.of(larger[kept], self.place[kept], self.account[kept], self.at[kept], tie[self.row[kept]])
        return Linked(found.community, found.place, found.account, found.at, self.row[kept][found.row])


@dataclass(frozen=True)
class Known:
    """Which days of a community were collected.

    Args:
        first: a day.
        days: whether it and each day after it were collected.
    """

    first: int
    days: Mask

    @property
    def end(self) -> int:
        """The day after the last one that was collected."""
        held = np.flatnonzero(self.days)
        return self.first + (int(held[-1]) + 1 if len(held) else 0)

    def missing(self, first: int, end: int) -> int:
        """How many days from one to before another were not collected."""
        low, high = max(first - self.first, 0), max(end - self.first, 0)
        return max(end - first, 0) - int(np.count_nonzero(self.days[low:high]))
