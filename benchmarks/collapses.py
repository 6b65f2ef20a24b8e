"""Collapses of media production, from 90 a month to 6, in simulated output whose truth is known."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.collapse_world import CollapseSetting, CollapseWorld, make_collapses
from benchmarks.surge_judge import judge
from benchmarks.surge_world import DAY
from benchmarks.table import Row
from seawall.measures import surges
from seawall.measures.bursts import scores

NAME = "Collapses"
SEEDS = (9001, 9002, 9003)
"""Not those of development (1 to 20)."""
UNSEEN = CollapseSetting(dispersion=(0.2, 0.8), wander=0.2, weekday=0.35, fade=(0, 7))
SETTINGS = {"usual": CollapseSetting(), "unseen setting": UNSEEN}
WITHIN = 28


def score_row(name: str, worlds: list[CollapseWorld]) -> Row:
    """The online score of a fall, at the threshold of 0.1 false alarms per series-year."""
    found, false, delays = [], [], []
    for world in worlds:
        told = judge(fall_scores(world), world.truth(WITHIN), [0.1])[0.1]
        found.append(told.recall)
        false.append(told.false_alarms)
        delays.append(told.delay)
    note = (
        f"{sum(len(world.collapses) for world in worlds)} collapses in {len(worlds)} seeds of "
        f"{worlds[0].setting.series} series; {np.mean(false):.3f} false alarms per series-year; "
        f"median delay {np.median(delays):g} days"
    )
    return Row(
        f"collapses found within 28 days at 0.1 false alarms, {name}", float(np.mean(found)), "", ">= 0.95", note=note
    )


def fall_scores(world: CollapseWorld) -> npt.NDArray[np.float64]:
    """Online scores of falls, series x days."""
    counts, coverage = world.tables()
    table = scores(counts, bin="1d", coverage=coverage)
    days = (table["at"].to_numpy().astype("datetime64[D]") - np.datetime64(world.setting.begins, "D")).astype(int)
    matrix = np.full(world.counts.shape, np.nan)
    matrix[table["series"].to_numpy(), days] = table["down"].to_numpy()
    return np.where(world.known, matrix, np.nan)


def window_rows(name: str, worlds: list[CollapseWorld]) -> Iterator[Row]:
    """The windows of ``surges`` at q <= 0.05: each collapse from data up to four weeks after it began."""
    found, events, wrong, years = 0, 0, 0, 0.0
    for world in worlds:
        wrong += false_windows(world)
        years += world.setting.series * world.setting.days / 365
        for until in sorted({first + WITHIN for _, first, _ in world.collapses})[:: max(len(world.collapses) // 8, 1)]:
            due = [event for event in world.collapses if until <= event[1] + WITHIN < until + 7]
            found += len(told_by(world, until) & {series for series, _, _ in due})
            events += len(due)
    note = f"{events} collapses told from data that ends 22 to 28 days after they began"
    yield Row(f"collapses told by windows at q <= 0.05, {name}", found / max(events, 1), "", ">= 0.95", note=note)
    yield Row(
        f"false windows of a fall at q <= 0.05, {name}", wrong / years, "per series-year", "<= 0.1", note="all days"
    )


def told_by(world: CollapseWorld, until: int) -> set[int]:
    """Series with a window of a fall that touches their collapse, from the days before ``until``."""
    counts, coverage = world.tables(until)
    firsts = {series: first for series, first, _ in world.collapses}
    begin = np.datetime64(world.setting.begins, "us")
    falls = downwards(surges(counts, bin="1d", coverage=coverage))
    return {
        series
        for series, end in zip(falls["series"].to_pylist(), falls["end"].to_numpy(), strict=True)
        if series in firsts and end > begin + firsts[series] * DAY
    }


def false_windows(world: CollapseWorld) -> int:
    """Windows of a fall that touch no collapse, with all days seen."""
    counts, coverage = world.tables()
    begin, spans = np.datetime64(world.setting.begins, "us"), {s: (a, b) for s, a, b in world.collapses}
    falls, wrong = downwards(surges(counts, bin="1d", coverage=coverage)), 0
    for series, start, end in zip(
        falls["series"].to_pylist(), falls["start"].to_numpy(), falls["end"].to_numpy(), strict=True
    ):
        first, after = spans.get(series, (0, 0))
        wrong += not (start < begin + (after + WITHIN) * DAY and end > begin + first * DAY) or after == 0
    return wrong


def downwards(windows: pa.Table) -> pa.Table:
    """The windows of falls."""
    return windows.filter(pc.equal(windows["direction"], "down"))


def run() -> list[Row]:
    """The figures, in about a minute."""
    rows = []
    for name, setting in SETTINGS.items():
        worlds = [make_collapses(setting, seed) for seed in SEEDS]
        rows += [score_row(name, worlds), *window_rows(name, worlds)]
    return rows
