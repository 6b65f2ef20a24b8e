"""Counts of a day around an action whose effect is known: clumped, weekly, alike from day to day, and drifting.

Every channel has a level, a weekly pattern, a drift, a wandering part that is alike from day to day and clumped
counts (negative binomial); all channels share a weekly pattern, a drift, a wander and sudden shocks. From the day of
the action on, the mean of the channels acted on is multiplied by ``ratio``. Behaviour only: there are no messages.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seawall.errors import ConfigurationError

Floats = npt.NDArray[np.float64]

RATIO_2018 = 0.85
"""Messages after the action of 2018 for each before it: 15 % fewer."""
RATIO_2019 = 0.045
"""After that of 2019: 95.5 % fewer."""
BEGINS = datetime(2026, 1, 5, tzinfo=UTC)
MEASURE = "messages"


@dataclass(frozen=True)
class TakedownCountSettings:
    """How counts behave, and what is done. Standard deviations are those of logarithms.

    Args:
        treated: channels acted on in one action, all on one day.
        actions: so many actions, ``apart`` days from one another, each on channels of its own.
        controls: channels that nobody acted on.
        before, after: days that are there before the (first) action and from it on.
        level: median count of a day.
        spread: of levels from channel to channel.
        clumped: relative variance of a day beyond chance (negative binomial).
        wander, alike: of a channel's own wandering part, and its correlation from day to day.
        drift: of a channel's own drift in 30 days.
        weekly, own_weekly: of the factors of weekdays: those of all, and a channel's own.
        shared_wander, shared_drift: the same of what all channels share.
        shocks, shock: shared shocks in a day, and how large they are; a shock lasts three days.
        loading: how unequally channels follow what they share.
        ratio: messages after the action for each that there had been without it.
        spill: the same for the controls, which should be 1.
    """

    treated: int = 1
    actions: int = 1
    apart: int = 0
    controls: int = 12
    before: int = 30
    after: int = 30
    level: float = 40.0
    spread: float = 0.7
    clumped: float = 0.15
    wander: float = 0.25
    alike: float = 0.6
    drift: float = 0.1
    weekly: float = 0.2
    own_weekly: float = 0.05
    shared_wander: float = 0.2
    shared_drift: float = 0.2
    shocks: float = 0.03
    shock: float = 0.5
    loading: float = 0.0
    ratio: float = RATIO_2018
    spill: float = 1.0

    def __post_init__(self) -> None:
        if min(self.treated, self.actions, self.before, self.after) < 1 or self.controls < 0 or self.apart < 0:
            raise ConfigurationError("A number of channels, actions or days cannot be.", where="settings")
        if self.level <= 0 or min(self.ratio, self.spill, self.clumped) < 0 or not 0 <= self.alike < 1:
            raise ConfigurationError("A level, ratio or correlation cannot be.", where="settings")


@dataclass(frozen=True)
class TakedownCounts:
    """One seed's counts, and what was done.

    ``series``: ``at`` (UTC, midnight), ``unit``, ``measure``, ``value`` (int64). ``actions``: ``at``, ``unit``,
    ``action``. ``ratio``: the truth. ``counts``: channels x days, those acted on first.
    """

    series: pa.Table
    actions: pa.Table
    ratio: float
    counts: npt.NDArray[np.int64]


def takedown_counts(seed: int, *, settings: TakedownCountSettings | None = None) -> TakedownCounts:
    """The counts of this seed; the same seed and settings give the same counts.

    >>> world = takedown_counts(1, settings=TakedownCountSettings(controls=3, ratio=RATIO_2019))
    >>> world.counts.shape, world.actions["at"][0].as_py().date().isoformat()
    ((4, 60), '2026-02-04')
    """
    told = settings or TakedownCountSettings()
    rng = np.random.default_rng(seed)
    acted = told.treated * told.actions
    days = told.before + told.after + told.apart * (told.actions - 1)
    mean = np.exp(_logs(rng, told, acted + told.controls, days))
    starts = told.before + told.apart * np.repeat(np.arange(told.actions), told.treated)
    for unit, start in enumerate(starts.tolist()):
        mean[unit, start:] *= told.ratio
    mean[acted:, told.before :] *= told.spill
    if told.clumped > 0:
        mean *= rng.gamma(1 / told.clumped, told.clumped, mean.shape)
    counts = rng.poisson(mean)
    names = np.array([f"channel {number}" for number in range(len(counts))])
    midnights = np.datetime64(BEGINS.replace(tzinfo=None), "us") + np.arange(days) * np.timedelta64(1, "D")
    at = pa.array(np.tile(midnights, len(counts))).cast(pa.timestamp("us", tz="UTC"))
    series = pa.table(
        {"at": at, "unit": np.repeat(names, days), "measure": [MEASURE] * counts.size, "value": counts.ravel()}
    )
    actions = pa.table(
        {
            "at": pa.array([BEGINS + timedelta(days=day) for day in starts.tolist()], pa.timestamp("us", tz="UTC")),
            "unit": names[:acted],
            "action": [f"action {1 + place // told.treated}" for place in range(acted)],
        }
    )
    return TakedownCounts(series, actions, told.ratio, counts)


def _logs(rng: np.random.Generator, told: TakedownCountSettings, units: int, days: int) -> Floats:
    """The logarithm of the mean of each channel and day, without the action."""
    month = (np.arange(days) - days / 2) / 30
    shared = (
        rng.normal(0, told.weekly, 7)[np.arange(days) % 7]
        + _wandering(rng, 1, days, told.shared_wander, told.alike)[0]
        + rng.normal(0, told.shared_drift) * month
        + _shocks(rng, told, days)
    )
    loads = 1 + told.loading * rng.normal(size=(units, 1))
    own = (
        rng.normal(0, told.own_weekly, (units, 7))[:, np.arange(days) % 7]
        + _wandering(rng, units, days, told.wander, told.alike)
        + rng.normal(0, told.drift, (units, 1)) * month
    )
    level = np.log(told.level) + rng.normal(0, told.spread, (units, 1))
    logs: Floats = level + own + loads * shared
    return logs


def _wandering(rng: np.random.Generator, units: int, days: int, deviation: float, alike: float) -> Floats:
    """A stationary process of the first order: units x days."""
    steps = rng.normal(0, deviation, (units, days))
    steps[:, 1:] *= np.sqrt(1 - alike**2)
    for day in range(1, days):
        steps[:, day] += alike * steps[:, day - 1]
    return steps


def _shocks(rng: np.random.Generator, told: TakedownCountSettings, days: int) -> Floats:
    felt = np.zeros(days)
    for day in np.flatnonzero(rng.random(days) < told.shocks):
        felt[day : day + 3] += rng.normal(0, told.shock)
    return felt
