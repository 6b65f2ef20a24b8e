"""Surges: recall, false discovery, delay, interval and speed on simulated campaigns whose truth is known."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.surge_world import DAY, Setting, World, make_world
from benchmarks.table import Row
from seawall.measures import surges

NAME = "Surges"
DATA = Path(os.environ.get("SEAWALL_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
SEEDS = (9001, 9002, 9003)
"""Not those of development (1, 2, 11, 12, 13)."""
DELAY_DAYS = range(420, 480)
USUAL = Setting()
ELSEWHERE = Setting(
    level=(3.0, 1.3), weekday=0.4, yearly=(0.0, 0.3), growth=(-0.6, 1.0), dispersion=(0.01, 0.3), ramp=3, spikes=1.0
)
"""Another setting of the generator than that of development."""
RESTLESS = replace(USUAL, memory=0.7, disturbance=0.2)
"""Days that resemble the day before: what the baseline does not know of."""


@dataclass(frozen=True)
class Judged:
    """What became of one world's windows."""

    campaigns: int
    found: int
    windows: int
    wrong: int
    covered: Sequence[bool]
    series_years: float


def judge(world: World) -> Judged:
    """Compare the windows of a world with its truth; a spike of one day counts as true, but not as a campaign."""
    counts, coverage = world.tables()
    result = surges(counts, bin="1d", coverage=coverage)
    series, start, end = result["series"].to_numpy(), _days(world, result["start"]), _days(world, result["end"])
    upwards = pc.equal(result["direction"], "up").to_numpy()
    true, found = np.zeros(len(series), bool), 0
    for owner, first, last in world.campaigns:
        hit = (series == owner) & upwards & (start < last) & (end > first)
        true |= hit
        found += bool(hit.any())
    for owner, day in world.spikes:
        true |= (series == owner) & upwards & (start <= day) & (end > day)
    covered = [_covers(world, int(series[i]), start[i], end[i], result.slice(i, 1)) for i in np.flatnonzero(true)]
    years = world.setting.series * world.setting.days / 365
    return Judged(len(world.campaigns), found, len(series), int((~true).sum()), covered, years)


def _covers(world: World, series: int, start: int, end: int, row: pa.Table) -> bool:
    known = world.known[series, start:end]
    truth = world.mean[series, start:end][known].sum() / world.ordinary[series, start:end][known].sum()
    return bool(row["factor_low"][0].as_py() <= truth <= row["factor_high"][0].as_py())


def _days(world: World, times: pa.ChunkedArray) -> npt.NDArray[np.int64]:
    days: npt.NDArray[Any] = times.to_numpy().astype("datetime64[D]") - np.datetime64(world.setting.begins, "D")
    return days.astype(np.int64)


def delays(world: World) -> list[float]:
    """Days from the begin of each campaign to the first day's end after which it is told, seeing nothing later.

    Campaigns that begin in DELAY_DAYS; one that is not told within them, at least 14 days, counts as infinite.
    """
    counts, coverage = world.tables()
    begin = np.datetime64(world.setting.begins, "us")
    waiting = [(s, a, b) for s, a, b in world.campaigns if DELAY_DAYS.start <= a < DELAY_DAYS.stop - 14]
    delay = dict.fromkeys(waiting, float("inf"))
    for today in DELAY_DAYS:
        until = pa.scalar(begin + (today + 1) * DAY, pa.timestamp("us"))
        seen = counts.filter(pc.less(counts["at"], until))
        result = surges(seen, bin="1d", coverage=coverage.filter(pc.less_equal(coverage["end"], until)))
        rise = result.filter(pc.equal(result["direction"], "up"))
        series, start, end = rise["series"].to_numpy(), _days(world, rise["start"]), _days(world, rise["end"])
        for campaign in waiting:
            owner, first, last = campaign
            if delay[campaign] == float("inf") and ((series == owner) & (start < last) & (end > first)).any():
                delay[campaign] = today + 1 - first
    return list(delay.values())


def _judged_rows(name: str, setting: Setting) -> Iterator[Row]:
    worlds = [judge(make_world(setting, seed)) for seed in SEEDS]
    campaigns, windows, wrong = (sum(getattr(w, key) for w in worlds) for key in ("campaigns", "windows", "wrong"))
    years = sum(world.series_years for world in worlds)
    size = f"{setting.series} series x 2 years, {len(SEEDS)} seeds"
    yield Row(
        f"campaigns found at q <= 0.05, {name}",
        sum(world.found for world in worlds) / campaigns,
        "",
        note=f"{campaigns} campaigns of 7-14 days x2-4.5, {size}; {wrong / years:.2f} false windows per series-year; "
        "the oracle and the peers come with part 3",
    )
    yield Row(f"realised false discovery at 0.05, {name}", wrong / max(windows, 1), "", "<= 0.05", note=size)
    covered = [hit for world in worlds for hit in world.covered]
    yield Row(
        f"factors inside their 95 % interval, {name}",
        float(np.mean(covered)) if covered else 0.0,
        "",
        ">= 0.93",
        note=f"{len(covered)} true windows; part 3 asks for 0.93-0.97",
    )


def _delay_row() -> Row:
    found = [delay for seed in SEEDS[:1] for delay in delays(make_world(USUAL, seed))]
    told = [delay for delay in found if delay < float("inf")]
    note = f"told {len(told)} of {len(found)} campaigns of one seed while a day is added at a time; of those told"
    return Row("median delay at q <= 0.05, usual", float(np.median(told)), "days", "<= 3", note=note)


def _speed_row(series: int = 10_000, days: int = 1_000) -> Row:
    rng = np.random.default_rng(SEEDS[0])
    mean = rng.lognormal(3, 1, (series, 1))
    days_at = np.datetime64("2022-01-01", "us") + np.arange(days) * DAY
    table = pa.table(
        {
            "series": np.repeat(np.arange(series), days),
            "at": np.tile(days_at, series),
            "count": rng.poisson(rng.gamma(10, mean / 10, (series, days))).ravel(),
        }
    )
    surges(table.slice(0, days), bin="1d")
    began, used = time.perf_counter(), time.process_time()
    surges(table, bin="1d")
    wall, cpu = time.perf_counter() - began, time.process_time() - used
    note = f"{len(os.sched_getaffinity(0))} processors, {series * days / cpu / 1e6:.2f}M cells per CPU-second"
    return Row(
        "10,000 series x 1,000 days, whole chain", wall, "s", "<= 2", note=note + "; the bound is that of part 3"
    )


def _real_rows() -> Iterator[Row]:
    path = DATA / "ira" / "ira_dev.parquet"
    if not path.exists():
        return
    table = pq.read_table(path, columns=["language", "publish_date"])
    days = table.append_column("at", pc.floor_temporal(table["publish_date"], unit="day"))
    both = []
    for name, rows in (("everything", days.append_column("series", pa.array(["all"] * len(days)))), ("language", days)):
        key = "series" if name == "everything" else "language"
        sums = rows.group_by([key, "at"]).aggregate([([], "count_all")])
        both.append(sums.rename_columns(["series", "at", "count"]).filter(pc.is_valid(sums[key])))
    began = time.perf_counter()
    results = [surges(counts, bin="1d") for counts in both]
    wall = time.perf_counter() - began
    busiest = datetime(2015, 7, 22, tzinfo=UTC)
    inside = any(row["start"] <= busiest < row["end"] for row in results[0].to_pylist())
    yield Row(
        "windows of 1,966,934 real messages, 2,307 days, by language and in all",
        sum(result.num_rows for result in results),
        "windows",
        note=f"{wall:.2f} s after counting; the busiest day, 2015-07-22, is "
        + ("in a window of all messages" if inside else "in no window of all messages: weeks around it swing as much"),
    )


def run() -> list[Row]:
    """The figures, in about a minute."""
    rows = [row for name, setting in _settings() for row in _judged_rows(name, setting)]
    return [*rows, _delay_row(), _speed_row(), *_real_rows()]


def _settings() -> Iterator[tuple[str, Setting]]:
    yield "usual", USUAL
    yield "another setting", ELSEWHERE
    yield "days like the day before", RESTLESS
