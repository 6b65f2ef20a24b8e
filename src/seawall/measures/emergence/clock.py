"""Time as the days on which channels linked: what was not collected is neither a past nor a pause."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

DAY = 86_400_000_000
USUAL = 28
"""A day is compared with the median of so many days before it on which anything was collected."""
GAP = 0.5
"""With less than this part of the usual number of channels, a day counts as not, or not wholly, collected."""
AFTER = 7
"""What is seen first within so many days after a gap may have begun in it."""


@dataclass(frozen=True)
class Clock:
    """How much linking lay between two days.

    Args:
        first: the first day, counted from 1970.
        seen: for each day, and one more at the end, the channel-days of linking before it.
        possible: the same with what would have been usual on days that were not collected.
        since: for each day the earliest on which what was first seen then may have begun.
    """

    first: int
    seen: Floats
    possible: Floats
    since: Ints

    @classmethod
    def of(cls, first: int, channels: Ints, missing: Mask) -> Clock:
        """A clock that on each day knows the days before alone.

        Args:
            first: the first day.
            channels: how many channels linked on each day.
            missing: the days of which it is known that they were not collected.
        """
        usual = _usual(channels, missing)
        lost = missing | (channels < GAP * usual)
        whole = np.where(lost, np.maximum(channels, usual), channels)
        return cls(
            first,
            np.concatenate([[0.0], np.cumsum(np.where(missing, 0, channels))]),
            np.concatenate([[0.0], np.cumsum(whole)]),
            _since(lost),
        )

    def share(self, begin: Ints, end: Ints) -> Floats:
        """The part that the days from ``begin`` to ``end`` (both included) are of all up to ``end``.

        Where ``begin`` lies shortly after a gap, the gap belongs to it.
        """
        start = self.since[begin - self.first]
        inside = self.possible[end - self.first + 1] - self.possible[start]
        before = self.seen[start]
        return np.asarray(inside / np.maximum(inside + before, 1e-9), np.float64)


def _usual(channels: Ints, missing: Mask) -> Floats:
    """For each day the median of the latest days before it that had anything."""
    usual = np.zeros(len(channels))
    held: list[int] = []
    for day, number in enumerate(channels.tolist()):
        usual[day] = np.median(held[-USUAL:]) if held else 0.0
        if number and not missing[day] and number >= GAP * usual[day]:
            held.append(number)
    return usual


def _since(lost: Mask) -> Ints:
    since = np.arange(len(lost))
    begin, last = -1, -AFTER - 1
    for day in range(len(lost)):
        if lost[day]:
            if day - last > AFTER:
                begin = day
            last = day
        if day - last <= AFTER:
            since[day] = begin
    return since
