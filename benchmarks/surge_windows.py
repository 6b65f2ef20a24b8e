"""What Seawall says of a simulated world: the windows of ``surges`` against the truth, and its online scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.surge_world import DAY, World
from seawall.measures import surges
from seawall.measures.bursts import scores

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Told:
    """What became of one world's windows at q <= 0.05."""

    campaigns: int
    found: int
    windows: int
    wrong: int
    covered: Sequence[bool]
    series_years: float


def windows_of(world: World) -> Told:
    """Compare the windows of a world with its truth; a spike of one day counts as true, but not as a campaign."""
    counts, coverage = world.tables()
    result = surges(counts, bin="1d", coverage=coverage)
    series, start, end = result["series"].to_numpy(), days_of(world, result["start"]), days_of(world, result["end"])
    upwards = pc.equal(result["direction"], "up").to_numpy()
    low, high = result["factor_low"].to_numpy(), result["factor_high"].to_numpy()
    rows = Rows(series, world.setting.series)
    true, found = np.zeros(len(series), bool), 0
    for owner, first, last in world.campaigns:
        mine = rows.of(owner)
        hit = mine[upwards[mine] & (start[mine] < last) & (end[mine] > first)]
        true[hit] = True
        found += len(hit) > 0
    for owner, day in world.spikes:
        mine = rows.of(owner)
        true[mine[upwards[mine] & (start[mine] <= day) & (end[mine] > day)]] = True
    factors = [true_factor(world, int(series[i]), start[i], end[i]) for i in np.flatnonzero(true)]
    covered = (low[true] <= factors) & (factors <= high[true])
    years = world.setting.series * world.setting.days / 365
    return Told(len(world.campaigns), found, len(series), int((~true).sum()), covered.tolist(), years)


class Rows:
    """Which rows belong to a series."""

    def __init__(self, series: npt.NDArray[np.int64], size: int) -> None:
        self.order = np.argsort(series, kind="stable")
        self.cuts = np.searchsorted(series[self.order], np.arange(size + 1))

    def of(self, series: int) -> npt.NDArray[np.intp]:
        """The rows of one series."""
        return self.order[self.cuts[series] : self.cuts[series + 1]]


def true_factor(world: World, series: int, start: int, end: int) -> float:
    """By how much the mean was raised in a window, over the days that were collected."""
    known = world.known[series, start:end]
    return float(world.mean[series, start:end][known].sum() / world.ordinary[series, start:end][known].sum())


def days_of(world: World, times: pa.ChunkedArray) -> npt.NDArray[np.int64]:
    """Times as numbers of days since the world began."""
    days: npt.NDArray[Any] = times.to_numpy().astype("datetime64[D]") - np.datetime64(world.setting.begins, "D")
    return days.astype(np.int64)


def online(world: World, direction: str = "up") -> Floats:
    """Seawall's online scores of a world, series x days."""
    counts, coverage = world.tables()
    table = scores(counts, bin="1d", coverage=coverage)
    matrix = np.full(world.counts.shape, np.nan)
    days = days_of(world, table["at"])
    inside = (days >= 0) & (days < world.setting.days)
    values = table[direction].to_numpy()
    matrix[table["series"].to_numpy()[inside], days[inside]] = values[inside]
    return np.where(world.known, matrix, np.nan)


def delays(world: World, since: int = 420, until: int = 480, least: int = 14) -> list[float]:
    """Days from the begin of each campaign to the first day's end after which a window tells it, seeing nothing later.

    Campaigns that begin at least ``least`` days before ``until``; one that is not told by then counts as infinite.
    """
    counts, coverage = world.tables()
    begin = np.datetime64(world.setting.begins, "us")
    waiting = [(s, a, b) for s, a, b in world.campaigns if since <= a < until - least]
    delay = dict.fromkeys(waiting, float("inf"))
    for today in range(since, until):
        now = pa.scalar(begin + (today + 1) * DAY, pa.timestamp("us"))
        seen = counts.filter(pc.less(counts["at"], now))
        result = surges(seen, bin="1d", coverage=coverage.filter(pc.less_equal(coverage["end"], now)))
        rise = result.filter(pc.equal(result["direction"], "up"))
        series, start, end = rise["series"].to_numpy(), days_of(world, rise["start"]), days_of(world, rise["end"])
        for campaign in waiting:
            owner, first, last = campaign
            if delay[campaign] == float("inf") and ((series == owner) & (start < last) & (end > first)).any():
                delay[campaign] = today + 1 - first
    return list(delay.values())
