"""When people act: by day more than by night, and after delays that are skewed."""

from __future__ import annotations

import numpy as np

from seawall.simulate.rows import DAY, HOUR, Longs, Reals

_HOURS = np.arange(25.0)
_RATE = 0.12 + (1 + np.cos(2 * np.pi * (_HOURS[:-1] + 0.5 - 19.5) / 24)) ** 1.2
"""How much is written in each hour of the day: the least at half past seven less twelve, the most in the evening."""
_SHARE = np.concatenate([[0.0], np.cumsum(_RATE) / _RATE.sum()])
_NIGHT, _MORNING = 0.5, 7.0
"""Hours between which a person who is awake by day sleeps."""


def by_day(days: Reals, offset_h: Reals) -> Reals:
    """Even time -> time in which people write by day and sleep by night; what came first still does.

    Args:
        days: times in days, evenly spread.
        offset_h: hours by which the clock of the place is ahead of UTC.
    """
    local = days + offset_h / 24
    day = np.floor(local)
    return np.asarray(day + np.interp(local - day, _SHARE, _HOURS / 24) - offset_h / 24, np.float64)


def awake(at: Longs, offset_h: float, rng: np.random.Generator) -> Longs:
    """Times that fall into the night move to the morning after; never to an earlier time."""
    offset = round(offset_h * HOUR)
    hour = ((at + offset) % DAY) / HOUR
    asleep = (hour >= _NIGHT) & (hour < _MORNING)
    later = (_MORNING - hour) * HOUR + rng.exponential(1.2 * HOUR, at.shape)
    return at + np.where(asleep, later, 0).astype(np.int64)


def delay(rng: np.random.Generator, median_h: float, spread: float = 0.8) -> int:
    """A log-normal delay in microseconds, one second at the least."""
    return max(1_000_000, round(median_h * HOUR * float(np.exp(spread * rng.standard_normal()))))
