"""A seeded world of daily counts with campaigns whose truth is known: what surges are judged by.

One series is one channel's messages a day. Its ordinary mean is

    exp(level + growth * years + weekday[day % 7] + amplitude * sin(yearly cycle) + holiday + disturbance)

with everything but the holidays drawn for each series by itself; holidays fall on the same days in all. Campaigns
multiply it along a ramp, news spikes multiply a single day, and counts are negative binomial around the product:
variance = mean + dispersion * mean**2. On the days of an outage nothing was collected, and that is known (coverage).
Campaigns of one series begin more than 40 days apart; the first 120 days are quiet, for a method to learn from.
The fields of ``Setting`` are the parameters, with their units; the same setting and seed give the same world.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Floats = npt.NDArray[np.float64]
DAY = np.timedelta64(1, "D")
QUIET_DAYS = 120
"""Nothing but ordinary days before this one: a method may learn from them, and none is judged by them."""


@dataclass(frozen=True)
class Setting:
    """How the world behaves. Ranges are uniform; rates are per series and year."""

    series: int = 150
    days: int = 730
    begins: str = "2023-01-01"
    level: tuple[float, float] = (3.6, 1.1)  # mean and standard deviation of log(messages a day)
    weekday: float = 0.25  # standard deviation of the log factor of each weekday
    yearly: tuple[float, float] = (0.1, 0.4)  # amplitude of the yearly cycle, log
    growth: tuple[float, float] = (-0.3, 0.7)  # log per year
    dispersion: tuple[float, float] = (0.02, 0.2)  # negative binomial: variance = mean + dispersion * mean**2
    memory: float = 0.0  # autocorrelation from day to day of a further log-normal disturbance
    disturbance: float = 0.0  # its standard deviation
    campaigns: float = 2.0
    campaign_days: tuple[int, int] = (7, 14)
    campaign_factor: tuple[float, float] = (2.0, 4.5)
    ramp: int = 2  # days over which a campaign rises, and falls
    spikes: float = 2.0  # one day of news
    spike_factor: tuple[float, float] = (3.0, 8.0)
    outages: float = 2.0  # not collected, and known to be so
    outage_days: tuple[int, int] = (1, 5)
    holidays: int = 6  # days a year on which every series falls, the same in all
    holiday_factor: float = 0.7


@dataclass(frozen=True)
class World:
    """One seed's series: matrices are series x days."""

    setting: Setting
    ordinary: Floats  # the mean without campaigns and spikes
    mean: Floats  # the mean with them
    counts: npt.NDArray[np.int64]
    known: npt.NDArray[np.bool_]
    dispersion: Floats  # series x 1
    campaigns: list[tuple[int, int, int]]  # series, first day, day after the last
    spikes: list[tuple[int, int]]  # series, day

    def tables(self) -> tuple[pa.Table, pa.Table]:
        """``counts`` and ``coverage`` as ``seawall.measures.surges`` takes them."""
        days = np.datetime64(self.setting.begins, "us") + np.arange(self.setting.days) * DAY
        series, day = np.nonzero(self.known)
        counts = pa.table({"series": series, "at": days[day], "count": self.counts[series, day]})
        coverage = pa.table({"series": series, "start": days[day], "end": days[day] + DAY})
        return counts, coverage


def _events(rng: np.random.Generator, setting: Setting, rate: float, length: int) -> npt.NDArray[np.int64]:
    """First days of events of one series, far enough apart that one does not stand in the other's window."""
    count = rng.poisson(rate * setting.days / 365)
    days = np.sort(rng.integers(QUIET_DAYS, setting.days - length, count))
    return days[np.concatenate([[True], np.diff(days) > 40])] if count else days


def _shape(rng: np.random.Generator, setting: Setting) -> Floats:
    """The factors of one campaign, day by day."""
    length = int(rng.integers(setting.campaign_days[0], setting.campaign_days[1] + 1))
    rise = np.minimum(np.arange(1, length + 1), np.arange(length, 0, -1)) / (setting.ramp + 1)
    return np.asarray(1.0 + (rng.uniform(*setting.campaign_factor) - 1.0) * np.minimum(rise, 1.0))


def _ordinary(rng: np.random.Generator, setting: Setting) -> Floats:
    size, days = setting.series, np.arange(setting.days)
    log_mean = rng.normal(*setting.level, (size, 1)) + rng.uniform(*setting.growth, (size, 1)) * days / 365
    log_mean = log_mean + rng.normal(0, setting.weekday, (size, 7))[:, days % 7]
    phase, amplitude = rng.uniform(0, 2 * np.pi, (size, 1)), rng.uniform(*setting.yearly, (size, 1))
    log_mean = log_mean + amplitude * np.sin(2 * np.pi * days / 365.25 + phase)
    holidays = rng.choice(setting.days, setting.holidays * setting.days // 365, replace=False)
    log_mean[:, holidays] += np.log(setting.holiday_factor)
    noise = np.zeros((size, setting.days))
    for day in range(1, setting.days):
        fresh = rng.normal(0, setting.disturbance, size) * np.sqrt(1 - setting.memory**2)
        noise[:, day] = setting.memory * noise[:, day - 1] + fresh
    return np.asarray(np.exp(log_mean + noise))


def make_world(setting: Setting, seed: int) -> World:
    """The world of this seed; the same seed and setting give the same world."""
    rng = np.random.default_rng(seed)
    ordinary = _ordinary(rng, setting)
    mean, known = ordinary.copy(), np.ones(ordinary.shape, bool)
    campaigns, spikes = [], []
    for series in range(setting.series):
        for day in _events(rng, setting, setting.campaigns, setting.campaign_days[1]).tolist():
            shape = _shape(rng, setting)
            mean[series, day : day + len(shape)] *= shape
            campaigns.append((series, day, day + len(shape)))
        for day in _events(rng, setting, setting.spikes, 1).tolist():
            mean[series, day] *= rng.uniform(*setting.spike_factor)
            spikes.append((series, day))
        for day in _events(rng, setting, setting.outages, setting.outage_days[1]).tolist():
            known[series, day : day + int(rng.integers(setting.outage_days[0], setting.outage_days[1] + 1))] = False
    dispersion = rng.uniform(*setting.dispersion, (setting.series, 1))
    counts = rng.poisson(rng.gamma(1 / dispersion, mean * dispersion))
    return World(setting, ordinary, mean, counts, known, dispersion, campaigns, spikes)


def pool(worlds: Sequence[World]) -> World:
    """Worlds of one setting's days side by side, as one with the series of all."""
    campaigns, spikes, before = [], [], 0
    for world in worlds:
        campaigns += [(before + series, first, after) for series, first, after in world.campaigns]
        spikes += [(before + series, day) for series, day in world.spikes]
        before += world.setting.series
    stack = {
        name: np.concatenate([getattr(world, name) for world in worlds])
        for name in ("ordinary", "mean", "counts", "known", "dispersion")
    }
    return World(replace(worlds[0].setting, series=before), campaigns=campaigns, spikes=spikes, **stack)
