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
from seawall.detectors.output import OutputDetector
from seawall.detectors.output_levels import Change, Days, Rule, changes
from seawall.measures import surges
from seawall.measures.bursts import scores

NAME = "Collapses"
SEEDS = (9001, 9002)
"""Not those of development (1 to 20)."""
UNSEEN = CollapseSetting(dispersion=(0.2, 0.8), wander=0.2, weekday=0.35, fade=(0, 7))
SETTINGS = {"usual": CollapseSetting(), "unseen setting": UNSEEN}
WITHIN = 28
DETECTOR = OutputDetector()
RULE = Rule(DETECTOR.q, DETECTOR.least_factor, DETECTOR.least_change, DETECTOR.recovered)


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


def detector_rows(name: str, worlds: list[CollapseWorld]) -> Iterator[Row]:
    """The output detector at its own settings, asked each Monday, seeing nothing later."""
    found, events, wrong, years = 0, 0, 0, 0.0
    for world in worlds:
        events += len(world.collapses)
        found += len(told_in_time(world))
        wrong += false_falls(world)
        years += world.setting.series * world.setting.days / 365
    note = f"{events} collapses, {len(worlds)} seeds; asked each Monday with the data of the days before"
    yield Row(f"collapses told within 28 days by the detector, {name}", found / events, "", ">= 0.95", note=note)
    yield Row(f"false falls told by the detector, {name}", wrong / years, "per series-year", "<= 0.1", note="all days")


def told_in_time(world: CollapseWorld) -> set[int]:
    """Series whose collapse is told on a Monday at most four weeks after its first day."""
    firsts = {series: first for series, first, _ in world.collapses}
    told: set[int] = set()
    for monday in range(min(firsts.values()) // 7 * 7 + 7, max(firsts.values()) + WITHIN + 1, 7):
        for fall in falls(world, monday):
            first = firsts.get(fall.series)
            if first is not None and first < monday <= first + WITHIN and fall.window.end - world.begin > first:
                told.add(fall.series)
    return told


def false_falls(world: CollapseWorld) -> int:
    """Falls that touch no collapse, with all days seen."""
    spans = {series: (first, after + WITHIN) for series, first, after in world.collapses}
    wrong = 0
    for fall in falls(world, world.setting.days):
        first, after = spans.get(fall.series, (0, 0))
        wrong += not (fall.window.start - world.begin < after and fall.window.end - world.begin > first)
    return wrong


def falls(world: CollapseWorld, until: int) -> list[Change]:
    """What the detector tells of the days before ``until``."""
    rows = zip(world.counts[:, :until].astype(np.float64), world.known[:, :until], strict=True)
    return [change for change in changes([Days(world.begin, *row) for row in rows], RULE) if change.down]


def window_row(name: str, world: CollapseWorld) -> Row:
    """The windows of ``surges`` over all days, which are not made for months at a lower level."""
    counts, coverage = world.tables()
    told = downwards(surges(counts, bin="1d", coverage=coverage))
    begin = np.datetime64(world.setting.begins, "us")
    pairs = list(zip(told["series"].to_pylist(), told["start"].to_numpy(), told["end"].to_numpy(), strict=True))
    hit = {
        series
        for series, first, after in world.collapses
        if any(s == series and a < begin + after * DAY and b > begin + first * DAY for s, a, b in pairs)
    }
    note = f"one seed, {len(pairs)} windows of a fall"
    return Row(f"collapses in a window at q <= 0.05, {name}", len(hit) / len(world.collapses), "", note=note)


def downwards(windows: pa.Table) -> pa.Table:
    """The windows of falls."""
    return windows.filter(pc.equal(windows["direction"], "down"))


def run() -> list[Row]:
    """The figures, in about a minute."""
    rows = []
    for name, setting in SETTINGS.items():
        worlds = [make_collapses(setting, seed) for seed in SEEDS]
        rows += [*detector_rows(name, worlds), score_row(name, worlds), window_row(name, worlds[0])]
    return rows
