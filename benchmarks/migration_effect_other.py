"""A second world of counts around actions, built in another way and without looking at the method.

Channels answer themselves (a count raises what is to be expected of the next days), jump to new levels for good, have
single days on which something went round, and each is restless in its own measure; holidays fall on all of them. The
action is not a factor on a mean: each message after it is kept with a chance, so that the truth is what share of the
messages that there would have been is left.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Counts = npt.NDArray[np.int64]
BEGIN = np.datetime64("2026-02-02", "us")
DAY = np.timedelta64(1, "D")
WARM = 60
"""Days that run before the first one that is told."""
KEPT = (1.0, 0.85, 0.5, 0.045)
"""Shares that actions leave."""


@dataclass(frozen=True)
class OtherWorld:
    """``series`` and ``actions`` as ``seawall.measures.effect`` takes them; ``kept``: the truth; ``counts``."""

    series: pa.Table
    actions: pa.Table
    kept: float
    counts: Counts


def other_world(seed: int) -> OtherWorld:
    """The world of this seed: 4 to 20 channels, 60 days, the action on the first one in their middle."""
    rng = np.random.default_rng(seed)
    channels, days = int(rng.integers(4, 21)), 60
    counts = np.stack([_channel(rng, shared) for shared in np.tile(_shared(rng, days), (channels, 1))])
    kept = float(rng.choice(KEPT))
    counts[0, days // 2 :] = rng.binomial(counts[0, days // 2 :], kept)
    names = [f"club {number}" for number in range(channels)]
    series = pa.table(
        {
            "at": np.tile(BEGIN + np.arange(days) * DAY, channels),
            "unit": np.repeat(names, days),
            "value": counts.ravel(),
        }
    )
    actions = pa.table({"at": [BEGIN + days // 2 * DAY], "unit": names[:1]})
    return OtherWorld(series, actions, kept, counts)


def _shared(rng: np.random.Generator, days: int) -> npt.NDArray[np.float64]:
    """What all follow: a wave over the week, a slow wave, and perhaps a holiday of four days."""
    time = np.arange(WARM + days)
    wave = 1 + rng.uniform(0, 0.5) * np.sin(2 * np.pi * (time / 7 + rng.random()))
    slow = 1 + rng.uniform(0, 0.3) * np.sin(2 * np.pi * (time / 75 + rng.random()))
    if rng.random() < 0.4:
        first = WARM + int(rng.integers(0, days - 4))
        slow[first : first + 4] *= rng.uniform(0.3, 0.8)
    whole: npt.NDArray[np.float64] = wave * slow
    return whole


def _channel(rng: np.random.Generator, shared: npt.NDArray[np.float64]) -> Counts:
    """One channel: level, self-excitation, jumps, days that went round, and a clumping of its own."""
    level = np.exp(rng.uniform(np.log(2), np.log(120)))
    again, week = rng.uniform(0, 0.4), rng.uniform(0, 0.3)
    clumped = np.exp(rng.normal(np.log(0.1), 0.8))
    jumps = np.cumsum(rng.normal(0, 0.25, len(shared)) * (rng.random(len(shared)) < 1 / 45))
    counts = np.zeros(len(shared), np.int64)
    for day in range(len(shared)):
        last = counts[day - 1] if day else level
        recent = counts[max(day - 7, 0) : day].mean() if day else level
        mean = (1 - again - week) * level * np.exp(jumps[day]) * shared[day] + again * last + week * recent
        mean *= 1 + (min(rng.pareto(2.0), 6.0) if rng.random() < 0.02 else 0.0)
        counts[day] = rng.poisson(mean * rng.gamma(1 / clumped, clumped))
    return counts[WARM:]
