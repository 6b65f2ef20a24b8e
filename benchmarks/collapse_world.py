"""A seeded world of media production that falls from 90 videos a month to 6: what collapses are judged by.

One series is what one channel publishes of one kind of media: a few items a day, clumped (negative binomial), with a
weekday pattern and a slow wander of its level. In half of the series output falls within a few days to a fifteenth,
stays there for months, and comes back. The fields of ``CollapseSetting`` are the parameters.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from benchmarks.surge_judge import TRUE, Truth
from benchmarks.surge_world import DAY, QUIET_DAYS

Floats = npt.NDArray[np.float64]
MONTH = 365.25 / 12
"""Days."""


@dataclass(frozen=True)
class CollapseSetting:
    """How production behaves. Ranges are uniform."""

    series: int = 300
    days: int = 728
    begins: str = "2023-01-02"  # a Monday
    before: float = 90.0  # items a month
    after: float = 6.0
    dispersion: tuple[float, float] = (0.1, 0.6)  # of a day's count: variance = mean + dispersion * mean**2
    weekday: float = 0.25  # standard deviation of the log factor of each weekday
    wander: float = 0.15  # standard deviation of the log level, with a memory of about eight weeks
    share: float = 0.5  # of the series that collapse, once
    falls: tuple[int, int] = (420, 560)  # first day of the fall
    fade: tuple[int, int] = (0, 5)  # days that the fall takes
    lasting: tuple[int, int] = (80, 160)  # days until output is back
    outages: float = 2.0  # a year, not collected, and known to be so
    outage_days: tuple[int, int] = (1, 5)


@dataclass(frozen=True)
class CollapseWorld:
    """One seed's series: matrices are series x days."""

    setting: CollapseSetting
    mean: Floats
    counts: npt.NDArray[np.int64]
    known: npt.NDArray[np.bool_]
    collapses: list[tuple[int, int, int]]  # series, first day, day after the last

    @property
    def begin(self) -> int:
        """The first day, counted from Monday 5 January 1970."""
        return int((np.datetime64(self.setting.begins, "D") - np.datetime64("1970-01-05", "D")).astype(int))

    def tables(self, until: int | None = None) -> tuple[pa.Table, pa.Table]:
        """``counts`` and ``coverage`` of the days before ``until``, as ``seawall.measures.surges`` takes them."""
        days = np.datetime64(self.setting.begins, "us") + np.arange(self.setting.days) * DAY
        series, day = np.nonzero(self.known[:, :until])
        counts = pa.table({"series": series, "at": days[day], "count": self.counts[series, day]})
        return counts, pa.table({"series": series, "start": days[day], "end": days[day] + DAY})

    def truth(self, within: int = 28) -> Truth:
        """An alarm is true from the fall to four weeks after the recovery; found if within so many days."""
        kinds = np.zeros(self.counts.shape, np.uint8)
        for series, first, after in self.collapses:
            kinds[series, first : after + within] = TRUE
        events = [(series, first, first + within) for series, first, _ in self.collapses]
        return Truth(kinds, np.array(events, np.int64).reshape(-1, 3), QUIET_DAYS)


def make_collapses(setting: CollapseSetting, seed: int) -> CollapseWorld:
    """The world of this seed; the same seed and setting give the same world."""
    rng = np.random.default_rng(seed)
    size, days = setting.series, setting.days
    log_mean = np.full((size, days), np.log(setting.before / MONTH))
    log_mean += rng.normal(0, setting.weekday, (size, 7))[:, np.arange(days) % 7]
    memory, level = np.exp(-1 / 56), rng.normal(0, setting.wander, size)
    for day in range(days):
        log_mean[:, day] += level
        level = memory * level + rng.normal(0, setting.wander * np.sqrt(1 - memory**2), size)
    collapses = []
    for series in np.flatnonzero(rng.random(size) < setting.share).tolist():
        first, fade = int(rng.integers(*setting.falls)), int(rng.integers(setting.fade[0], setting.fade[1] + 1))
        after = min(first + int(rng.integers(setting.lasting[0], setting.lasting[1] + 1)), days)
        depth = np.minimum(np.arange(1, after - first + 1) / (fade + 1), 1.0)
        log_mean[series, first:after] += depth * np.log(setting.after / setting.before)
        collapses.append((series, first, after))
    known = np.ones((size, days), bool)
    for series in range(size):
        for day in rng.integers(QUIET_DAYS, days, rng.poisson(setting.outages * days / 365)).tolist():
            known[series, day : day + int(rng.integers(setting.outage_days[0], setting.outage_days[1] + 1))] = False
    mean, dispersion = np.exp(log_mean), rng.uniform(*setting.dispersion, (size, 1))
    counts = rng.poisson(rng.gamma(1 / dispersion, mean * dispersion))
    return CollapseWorld(setting, mean, counts, known, collapses)
