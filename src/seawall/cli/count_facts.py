"""What the rows of a table of counts are like, and what had to be assumed about them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.brief.words import counted
from seawall.measures.bursts.grid import Grid, build_grid
from seawall.measures.bursts.plan import FIRST_MONDAY, WEEK, Plan, parse_bin, plan_for
from seawall.measures.bursts.rows import binned

History = Literal["full", "short", "none"]
HISTORIES: tuple[History, ...] = ("none", "short", "full")
"""Of a series: under four known weeks of baseline at any time, four to eight, eight or more."""


@dataclass(frozen=True, slots=True)
class SeriesFacts:
    """One series: [start, end) in UTC, its bins, those of them that were collected, and how much past it has."""

    series: str
    start: datetime
    end: datetime
    bins: int
    known: int
    total: int
    history: History


@dataclass(frozen=True, slots=True)
class Facts:
    """The series, in the order of their first row, and sentences on what was assumed about them."""

    series: tuple[SeriesFacts, ...]
    sentences: tuple[str, ...]


def facts_of(rows: pa.Table, bin: str, coverage: pa.Table | None) -> Facts:  # noqa: A002 - as the measure calls it
    """What counts are like in bins of this width.

    Args:
        rows: ``series`` (dictionary), ``at`` (UTC microseconds), ``count`` (int64); at least one row.
        bin: the width, "1d".
        coverage: ``series, start, end`` of what was collected, or None.

    Raises:
        MeasureError: the times span too many bins.
    """
    plan = plan_for(parse_bin(bin))
    cells = binned(rows, plan.width)
    grid = build_grid(cells, coverage, plan.width)
    series = _series(grid, plan)
    sentences = [*_of_rows(rows, cells), *_of_bins(grid, cells, coverage)]
    sentences += [*_of_pasts(series, plan), *_of_series(grid, series, coverage)]
    return Facts(series, tuple(sentences))


def _series(grid: Grid, plan: Plan) -> tuple[SeriesFacts, ...]:
    histories = _histories(grid, plan)
    starts = grid.offsets[:-1]
    sizes = np.diff(grid.offsets)
    known = np.add.reduceat(grid.known.astype(np.int64), starts)
    totals = np.add.reduceat(np.where(grid.known, grid.counts, 0), starts)
    begin = _moments(grid.first, plan.width)
    end = _moments(grid.first + sizes, plan.width)
    names = grid.names.to_pylist()
    return tuple(
        SeriesFacts(names[i], begin[i], end[i], int(sizes[i]), int(known[i]), int(totals[i]), HISTORIES[histories[i]])
        for i in range(len(names))
    )


def _moments(bins: npt.NDArray[np.int64], width: int) -> list[Any]:
    found: list[Any] = pa.array(bins * width + FIRST_MONDAY).cast(pa.timestamp("us", tz="UTC")).to_pylist()
    return found


def _histories(grid: Grid, plan: Plan) -> npt.NDArray[np.int64]:
    """Of each series the place in ``HISTORIES`` that the fullest baseline of any of its bins has."""
    places = np.zeros(len(grid.names), np.int64)
    for number, (begin, end) in enumerate(zip(grid.offsets[:-1].tolist(), grid.offsets[1:].tolist(), strict=True)):
        sums = np.concatenate([[0], np.cumsum(grid.known[begin:end])])
        last = np.arange(len(sums) - 1) - plan.gap + 1  # a baseline ends before this bin
        baseline = sums[np.maximum(last, 0)] - sums[np.maximum(last - plan.window, 0)]
        places[number] = int(baseline.max() >= plan.least) + int(baseline.max() >= plan.full)
    return places


def _of_rows(rows: pa.Table, cells: pa.Table) -> list[str]:
    sentences = []
    shared = len(rows) - _distinct(cells, ["series", "bin"])
    if shared:
        twice = len(rows) - _distinct(rows, ["series", "at"])
        times = f" ({twice:,} of them have the very time of another: does the file hold them twice?)" if twice else ""
        verb = (
            "shares its bin with another row of its series and was"
            if shared == 1
            else ("share their bin with another row of their series and were")
        )
        sentences.append(f"{counted(shared, 'row')} {verb} added up{times}.")
    micros = rows.column("at").cast(pa.int64()).to_numpy()
    codes = rows.column("series").combine_chunks().indices.to_numpy()
    by_series = np.argsort(codes, kind="stable")
    backwards = (np.diff(micros[by_series]) < 0) & (np.diff(codes[by_series]) == 0)
    if backwards.any():
        sentences.append("Rows do not stand in the order of time; they were sorted.")
    return sentences


def _distinct(table: pa.Table, columns: list[str]) -> int:
    codes = table.column("series").combine_chunks().indices
    return int(
        pa.table({"code": codes, "key": table.column(columns[1])}).group_by(["code", "key"]).aggregate([]).num_rows
    )


def _of_bins(grid: Grid, cells: pa.Table, coverage: pa.Table | None) -> list[str]:
    filled = _distinct(cells, ["series", "bin"])
    if coverage is None:
        empty = len(grid.counts) - filled
        return [f"{counted(empty, 'bin')} without a row count as zero; --coverage says otherwise."] if empty else []
    unknown = int(np.count_nonzero(~grid.known))
    sentences = []
    if unknown:
        sentences.append(f"{counted(unknown, 'bin')} outside of what was collected are unknown, not zero.")
    lost = int(np.count_nonzero(~grid.known & (grid.counts > 0)))
    if lost:
        sentences.append(f"{counted(lost, 'bin')} with counts lie outside of what was collected and were not used.")
    return sentences


def _of_pasts(series: tuple[SeriesFacts, ...], plan: Plan) -> list[str]:
    sentences = []
    for history, bins, words in (
        ("none", plan.least, "nothing can be said about"),
        ("short", plan.full, "answers are marked as uncertain on"),
    ):
        found = sum(one.history == history for one in series)
        if found:
            weeks = -(-(bins + plan.gap) * plan.width // WEEK)
            them = "it" if found == 1 else "them"
            some = f"{found:,} of {len(series):,} series {'has' if found == 1 else 'have'}"
            sentences.append(f"{some} fewer than {weeks} known weeks: {words} {them}.")
    return sentences


def _of_series(grid: Grid, series: tuple[SeriesFacts, ...], coverage: pa.Table | None) -> list[str]:
    sentences = []
    starts = grid.offsets[:-1]
    same = np.minimum.reduceat(grid.counts, starts) == np.maximum.reduceat(grid.counts, starts)
    flat = int(np.count_nonzero(same & (np.diff(grid.offsets) > 1)))
    if flat:
        sentences.append(f"{counted(flat, 'series', 'series')} never changed: there is nothing to find in it.")
    if coverage is not None:
        unknown = sum(one.known == 0 for one in series)
        if unknown:
            sentences.append(f"{counted(unknown, 'series', 'series')} without any coverage: no answer is possible.")
        names = pc.unique(coverage.column("series")).drop_null()
        strangers = int(np.count_nonzero(~pc.is_in(names, grid.names.cast(pa.string())).to_numpy(zero_copy_only=False)))
        if strangers:
            sentences.append(f"{counted(strangers, 'series', 'series')} of the coverage without counts.")
    return sentences
