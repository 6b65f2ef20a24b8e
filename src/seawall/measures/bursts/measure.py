"""Surges and collapses of many series of counts: the measure, and the two calls that run it at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.measures.bursts.factor import factor_interval
from seawall.measures.bursts.grid import build_grid
from seawall.measures.bursts.kernel import LOOK_FROM, PLACES, VALUES, all_expectations, candidates
from seawall.measures.bursts.null import peak_p
from seawall.measures.bursts.plan import FIRST_MONDAY, Plan, parse_bin, plan_for
from seawall.measures.bursts.rows import UTC_MICROSECONDS, binned, read_table
from seawall.measures.discovery import benjamini_hochberg

COUNTS = ("series", "at", "count")
COVERAGE = ("series", "start", "end")
RESULT = (
    "series",
    "start",
    "end",
    "observed",
    "expected",
    "factor",
    "factor_low",
    "factor_high",
    "p",
    "q",
    "direction",
)
ORDINARY = ["upwards", "height"]
DISCOVERY = 0.05
"""Windows with q up to this are surges."""


@dataclass(frozen=True)
class SurgesMeasure:
    """Surges in a form that engines can split by series; ``surges`` runs it at once.

    Args:
        bin: width of a bin, "1d".
        coverage: a table ``series, start, end`` of what was collected, or None = everything.
        details: the result also has ``history`` (share of eight weeks of baseline that was there, at most 1)
            and ``unknown`` (bins of window and baseline that were not collected).
    """

    bin: str = "1d"
    coverage: pa.Table | None = None
    details: bool = False
    columns: tuple[str, ...] = COUNTS
    key: str = "series"
    plan: Plan = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "plan", plan_for(parse_bin(self.bin)))
        if self.coverage is not None:
            object.__setattr__(self, "coverage", read_table(self.coverage, COVERAGE, "coverage"))

    def prepare(self, rows: pa.Table) -> pa.Table:
        """``series, bin, count``: each row's bin, counted from Monday 5 January 1970 UTC."""
        return binned(read_table(rows, COUNTS, "counts"), self.plan.width)

    def kernel(self, part: pa.Table) -> pa.Table:
        """The candidates of the series in this part; at most one a scan's length, direction and series."""
        grid = build_grid(part, self.coverage, self.plan.width)
        places, values = candidates(grid, self.plan)
        column = {name: np.ascontiguousarray(places[:, at]) for at, name in enumerate(PLACES)}
        return pa.table(
            {
                "series": grid.names.take(pa.array(column.pop("number"))),
                "upwards": column.pop("upwards").astype(bool),
                **column,
                **{name: np.ascontiguousarray(values[:, at]) for at, name in enumerate(VALUES)},
            }
        )

    def merge(self, parts: Sequence[pa.Table]) -> pa.Table:
        """The candidates of all parts."""
        return pa.concat_tables(parts, promote_options="permissive")

    def finalise(self, partial: pa.Table, ordinary: pa.Table | None = None) -> pa.Table:
        """p and q over all candidates; the discoveries, without overlaps, by series and start.

        Args:
            partial: candidates.
            ordinary: ``upwards`` and ``height`` of the others, where ``partial`` has only those that ``is_tall``.
        """
        heights = [table.select(ORDINARY) for table in (partial, ordinary) if table is not None]
        every = pa.concat_tables(heights)
        p = peak_p(every.column("upwards").to_numpy(), every.column("height").to_numpy())
        small = np.flatnonzero(p <= DISCOVERY)
        q = benjamini_hochberg(p[small], len(p))
        told = (q <= DISCOVERY) & (small < len(partial))
        found = partial.take(pa.array(small[told]))
        found = found.append_column("p", pa.array(p[small[told]])).append_column("q", pa.array(q[told]))
        series = found.column("series").combine_chunks()
        plain = series.dictionary_decode() if isinstance(series, pa.DictionaryArray) else series
        found = found.set_column(0, "series", plain)
        found = found.take(pc.sort_indices(found, [(name, "ascending") for name in _ORDER]))
        values = {name: found.column(name).to_numpy() for name in found.column_names if name != "series"}
        values |= _factors(values)
        keep = _without_overlaps(found.column("series"), values)
        values = {name: column[keep] for name, column in values.items()}
        return self._result(found.column("series").take(pa.array(keep)), values)

    def _result(self, series: pa.ChunkedArray, values: dict[str, Any]) -> pa.Table:
        table = {
            "series": series,
            "start": _times(values["begin"], self.plan.width),
            "end": _times(values["end"], self.plan.width),
            "observed": values["observed"].astype(np.int64),
            "expected": values["expected"],
            **{name: values[name] for name in ("factor", "factor_low", "factor_high", "p", "q")},
            "direction": np.where(values["upwards"], "up", "down").astype(object),
        }
        if self.details:
            table |= {"history": values["history"], "unknown": values["unknown"].astype(np.int64)}
        return pa.table(table)


def is_tall(candidates: pa.Table) -> pa.ChunkedArray:
    """Which candidates may be told; of the others nothing but ``ORDINARY`` counts, for what is usual."""
    return pc.greater_equal(candidates["height"], LOOK_FROM)


_ORDER = ("series", "begin", "end", "upwards", "peak")


def _times(bins: Any, width: int) -> pa.Array:
    return pa.array(bins * width + FIRST_MONDAY).cast(UTC_MICROSECONDS)


def _factors(values: dict[str, Any]) -> dict[str, Any]:
    factor, low, high = factor_interval(
        values["observed"], values["expected"], values["extra"], values["level"], values["history"], values["scale"]
    )
    return {"factor": factor, "factor_low": low, "factor_high": high}


def _without_overlaps(series: pa.ChunkedArray, values: dict[str, Any]) -> Any:
    """Discoveries in their order; where two of one series and direction overlap, the one with the smaller p stays.

    A window whose factor is not clearly on its own side of 1 is none: what it rests on is too uncertain.
    """
    upwards = values["upwards"]
    clear = np.where(upwards, values["factor_low"] > 1.0, values["factor_high"] < 1.0)
    found = np.flatnonzero(clear)
    names = pc.dictionary_encode(series).combine_chunks().indices.to_numpy()
    best = found[np.lexsort((found, values["p"][found]))]
    taken: dict[tuple[int, bool], list[tuple[int, int]]] = {}
    keep = []
    for i in best.tolist():
        begin, end = int(values["begin"][i]), int(values["end"][i])
        others = taken.setdefault((int(names[i]), bool(upwards[i])), [])
        if all(end <= start or begin >= stop for start, stop in others):
            others.append((begin, end))
            keep.append(i)
    return np.array(sorted(keep), np.int64)


def surges(counts: Any, *, bin: str, coverage: Any = None) -> pa.Table:  # noqa: A002
    """Windows in which series of counts rose above, or fell below, what their own past let expect.

    Args:
        counts: anything with ``__arrow_c_stream__`` (pyarrow, pandas, polars), columns ``series`` (any type),
            ``at`` (timestamp; without a zone it is taken as UTC), ``count`` (whole, not negative). Rows in any
            order; rows within a bin are added up. A series begins at its first row. A bin without a row is zero,
            unless ``coverage`` says that it was not collected.
        bin: width of a bin: "5m", "1h", "1d", "1w". Days begin at midnight UTC, weeks on Mondays.
        coverage: optional, ``series, start, end`` [start, end): what was collected, a null series holds for all.
            With it a bin that is not wholly inside is unknown, never zero, and a series lasts until the last
            collected bin. Without it a series ends with its last row, so a silence at its end cannot be seen,
            and a last bin that is not over yet looks like a fall.

    Returns:
        One row a window, by series and start: ``series, start, end`` (UTC microseconds, [start, end)),
        ``observed`` (int64), ``expected`` (float64) over the bins that are known, ``factor`` with its 95 %
        interval ``factor_low, factor_high``, ``p``, ``q`` (at most 0.05), ``direction`` "up" or "down".

    Method: a robust negative-binomial regression on the 13 weeks that end 14 days before (weekday or hour of the
    week, trend, past surges weighted down), a scan of single bins and stretches of 3 to 10, an empirical null per
    series and for the heights of all peaks, Benjamini-Hochberg over the peaks of all series, and edges by a
    two-state pass (see the modules beside this one for sources).

    Short histories: with fewer than four known weeks in the baseline there is no answer. From four to eight the
    scores are marked down in proportion (so p grows), there is no trend, and the interval is widened in
    proportion. p and q belong to the whole call: the same series in other company may get another q.

    Raises:
        MeasureError: a column is missing or of the wrong kind, a count is negative, fractional or missing, a time
            is missing, or the times span too many bins. It names rows and series by position, never by value.

    >>> from datetime import datetime, timedelta
    >>> days = [datetime(2026, 1, 1) + timedelta(days=n) for n in range(180)]
    >>> counts = [(30 + n * 7 % 11) * (4 if 150 <= n < 160 else 1) for n in range(180)]
    >>> table = pa.table({"series": ["cycling club"] * 180, "at": days, "count": counts})
    >>> window, = surges(table, bin="1d").to_pylist()
    >>> f"{window['start']:%d %b} to {window['end']:%d %b}, {window['factor']:.0f}-fold {window['direction']}"
    '31 May to 10 Jun, 4-fold up'
    """
    measure = SurgesMeasure(bin, None if coverage is None else read_table(coverage, COVERAGE, "coverage"))
    result: pa.Table = measure.finalise(measure.kernel(measure.prepare(read_table(counts, COUNTS, "counts"))))
    return result


def expectation(counts: Any, *, bin: str, coverage: Any = None) -> pa.Table:  # noqa: A002
    """What ``surges`` expected of every bin: for pictures, and for people who check its numbers.

    Args and errors are those of ``surges``.

    Returns:
        One row a bin, by series and time: ``series``, ``at`` (start of the bin, UTC microseconds), ``observed``
        (int64; null = not collected), ``expected``, ``low``, ``high`` (float64; the middle 95 % of what a single
        ordinary bin gives; null = too little history), ``known`` (bool: it was collected).
    """
    plan = plan_for(parse_bin(bin))
    intervals = None if coverage is None else read_table(coverage, COVERAGE, "coverage")
    grid = build_grid(binned(read_table(counts, COUNTS, "counts"), plan.width), intervals, plan.width)
    fitted = np.empty((4, len(grid.counts)))
    all_expectations(grid.counts, grid.known, grid.offsets, grid.first, plan, fitted)
    low, high = _band(fitted)
    sizes = np.diff(grid.offsets)
    bins = np.arange(len(grid.counts)) - np.repeat(grid.offsets[:-1], sizes) + np.repeat(grid.first, sizes)
    table = pa.table(
        {
            "series": grid.names.take(pa.array(np.repeat(np.arange(len(sizes)), sizes))),
            "at": _times(bins, plan.width),
            "observed": pa.array(grid.counts.astype(np.int64), mask=~grid.known),
            "expected": pa.array(fitted[0], from_pandas=True),
            "low": pa.array(low, from_pandas=True),
            "high": pa.array(high, from_pandas=True),
            "known": grid.known,
        }
    )
    if isinstance(grid.names, pa.DictionaryArray):
        table = table.set_column(0, "series", table.column("series").combine_chunks().dictionary_decode())
    return table.take(pc.sort_indices(table, [("series", "ascending"), ("at", "ascending")]))


def _band(fitted: Any) -> tuple[Any, Any]:
    """2.5 % and 97.5 % quantiles of the negative binomial with the mean and variance of each bin."""
    from scipy import stats  # here, because it takes half a second of every start

    mean, dispersion, level, history = fitted
    relative = (dispersion + level) / np.maximum(history, 1e-9) ** 2
    size = 1.0 / relative
    share = size / (size + mean)
    return stats.nbinom.ppf(0.025, size, share), stats.nbinom.ppf(0.975, size, share)
