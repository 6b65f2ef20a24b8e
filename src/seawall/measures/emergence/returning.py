"""Whether channels come back to a place: on how many further days they link to it, beside how often that is usual."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

MOST = 3
"""Of one channel so many further days count at most."""
WATCHED = 28
"""So many days after a place's first link its returns are counted for what is usual."""
BELIEF = (1.0, 30.0)
"""What is believed beforehand: one return in so many days of a channel."""


@dataclass(frozen=True)
class Visits:
    """The days on which channels linked to one place.

    Args:
        first: for each channel its first day, ascending.
        again: the further days that count, ascending.
    """

    first: Ints
    again: Ints

    @classmethod
    def of(cls, channels: Ints, days: Ints) -> Visits:
        """From links in the order of time."""
        first: list[int] = []
        again: list[int] = []
        latest: dict[int, int] = {}
        times: dict[int, int] = {}
        for channel, day in zip(channels.tolist(), days.tolist(), strict=True):
            if channel not in latest:
                first.append(day)
            elif day > latest[channel] and times[channel] < MOST:
                again.append(day)
                times[channel] += 1
            latest[channel] = day
            times.setdefault(channel, 0)
        return cls(np.array(first, np.int64), np.array(again, np.int64))

    def log(self, day: int, usual: float) -> float:
        """ln(1 / p) of at least so many returns by the end of a day, if channels returned as often as is usual.

        Args:
            day: counted from 1970.
            usual: returns a day of one channel.
        """
        from scipy.stats import poisson

        seen = self.first[self.first <= day]
        watched = float((day - seen).sum())
        count = int(np.searchsorted(self.again, day, side="right"))
        return float(-poisson.logsf(count - 1, usual * watched)) if count and watched else 0.0


def usual_returns(pairs: Ints, days: Ints, until: Ints, span: tuple[int, int]) -> Floats:
    """For each day how often channels returned to new places until its end: returns a day of one channel.

    Args:
        pairs: of links in the order of time, which place and channel.
        days: of these links.
        until: for each of them the day up to which its place is watched.
        span: the first day and the one after the last.
    """
    return usual(*return_counts(pairs, days, until, span))


def return_counts(pairs: Ints, days: Ints, until: Ints, span: tuple[int, int]) -> tuple[Ints, Ints]:
    """See ``usual_returns``: for each day how many returned on it, and how many more channels are watched from it on.

    Both add up over places.
    """
    begin, end = span
    watched = days <= until
    pairs, days, until = pairs[watched], days[watched], until[watched]
    _, first = np.unique(pairs, return_index=True)
    visits = np.unique(np.stack([pairs, days]), axis=1)[1]
    returns = np.bincount(visits - begin, minlength=end - begin) - np.bincount(
        days[first] - begin, minlength=end - begin
    )
    change = np.bincount(days[first] + 1 - begin, minlength=end - begin + 1)[: end - begin].astype(np.int64)
    leaves = until[first] + 1 - begin
    change -= np.bincount(leaves[leaves < end - begin], minlength=end - begin)
    return returns.astype(np.int64), change


def usual(returns: Ints, change: Ints) -> Floats:
    """The rate of ``return_counts`` of all places, day after day."""
    exposure = np.cumsum(np.cumsum(change))
    return np.asarray((np.cumsum(returns) + BELIEF[0]) / (exposure + BELIEF[1]), np.float64)
