"""Ways in which incidents cluster: counts of each day, given by how much surges raise each day's rate."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
WARM = 120
"""Days before the first one, so that what lasts is there on it."""
Clusters = Callable[[np.random.Generator, Floats, float, float, float], Ints]
"""The source of chance, a factor for each day, incidents a day, strength, and memory in days."""


def _none(rng: np.random.Generator, factor: Floats, daily: float, strength: float, memory: float) -> Ints:
    """Pure chance."""
    return rng.poisson(daily * factor).astype(np.int64)


def _moods(rng: np.random.Generator, factor: Floats, daily: float, strength: float, memory: float) -> Ints:
    """A rate whose logarithm is an autoregressive series."""
    keep = np.exp(-1 / memory)
    mood = np.zeros(len(factor) + WARM)
    steps = rng.normal(size=len(mood)) * np.sqrt(1 - keep**2)
    for day in range(1, len(mood)):
        mood[day] = keep * mood[day - 1] + steps[day]
    rate = np.exp(strength * mood[WARM:] - strength**2 / 2)
    counts: Ints = rng.poisson(daily * factor * rate).astype(np.int64)
    return counts


def _seasons(rng: np.random.Generator, factor: Floats, daily: float, strength: float, memory: float) -> Ints:
    """A wave of a quarter to a half of the time, at any phase, and one of half its length."""
    days = np.arange(len(factor))
    length = len(factor) / rng.uniform(2, 4)
    turns = [strength * np.sin(2 * np.pi * (days / length * part + rng.random())) for part in (1, 2)]
    rate = np.exp(turns[0] + turns[1] / 2)
    counts: Ints = rng.poisson(daily * factor * rate / rate.mean()).astype(np.int64)
    return counts


def _days(rng: np.random.Generator, factor: Floats, daily: float, strength: float, memory: float) -> Ints:
    """Days on which several are counted, ``1 + strength`` on average."""
    size = 1 + strength
    events = rng.poisson(daily / size * factor)
    counts = np.zeros(len(factor), np.int64)
    for day in np.flatnonzero(events):
        counts[day] = rng.geometric(1 / size, events[day]).sum()
    return counts


def _echoes(rng: np.random.Generator, factor: Floats, daily: float, strength: float, memory: float) -> Ints:
    """A self-exciting series: each incident raises the rate of the days after, inside a surge and beyond its end."""
    share = strength / (1 + strength)
    fade = np.exp(-1 / memory)
    raised = 0.0
    counts = np.zeros(len(factor) + WARM, np.int64)
    calm = daily * (1 - share)
    for day in range(len(counts)):
        counts[day] = rng.poisson(calm * (factor[day - WARM] if day >= WARM else 1.0) + raised)
        raised = raised * fade + counts[day] * share * (1 - fade)
    later: Ints = counts[WARM:]
    return later


def _spells(rng: np.random.Generator, factor: Floats, daily: float, strength: float, memory: float) -> Ints:
    """Quiet and busy spells of random length, ``1 + 2 * strength`` times apart."""
    rate = np.empty(len(factor))
    day, busy = 0, bool(rng.random() < 0.5)
    while day < len(rate):
        end = day + 1 + int(rng.exponential(memory))
        rate[day:end] = (1 + 2 * strength) if busy else 1.0
        day, busy = end, not busy
    return rng.poisson(daily * factor * rate / (1 + strength)).astype(np.int64)


CLUSTERS: Mapping[str, Clusters] = {
    "none": _none,
    "moods": _moods,
    "seasons": _seasons,
    "days": _days,
    "echoes": _echoes,
    "spells": _spells,
}
"""How incidents cluster; each takes a factor for each day."""


def expected(clusters: str, factor: Floats, strength: float, memory: float) -> Floats:
    """What each day is expected to have, as a multiple of a day without surges: echoes carry on after a surge."""
    if clusters != "echoes":
        return factor
    share, fade = strength / (1 + strength), np.exp(-1 / memory)
    raised, means = share, np.empty(len(factor))
    for day in range(len(factor)):
        means[day] = (1 - share) * factor[day] + raised
        raised = raised * fade + means[day] * share * (1 - fade)
    return means
