"""Rows of counts -> one dense stretch of bins per series, and which of them were collected."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.errors import MeasureError
from seawall.measures.bursts.plan import FIRST_MONDAY
from seawall.measures.bursts.rows import utc_times
from seawall.measures.compiled import compiled

Ints = npt.NDArray[np.int64]

MOST_BINS = 10_000_000
"""Of one series: 19 years of minutes."""
MOST_CELLS = 250_000_000
"""Of one call or partition, over all series."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Series side by side: the bins of series ``s`` are ``counts[offsets[s]:offsets[s + 1]]``.

    ``counts`` is float64, ``known`` bool (False = not collected), ``first`` the number of each series' first
    bin, ``names`` the series in the order of their first row.
    """

    names: pa.Array
    offsets: Ints
    first: Ints
    counts: npt.NDArray[np.float64]
    known: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Stretches:
    """What was collected, of each series: whole bins [start, end), sorted and apart, in CSR form."""

    offsets: Ints
    start: Ints
    end: Ints


def build_grid(rows: pa.Table, coverage: pa.Table | None, width: int) -> Grid:
    """Lay out ``series, bin, count`` densely; rows of one bin are added up.

    A series begins at its first row. It ends at its last row or, with ``coverage``, with the last bin that was
    collected if that is later.

    Raises:
        MeasureError: the bins span more than can be held.
    """
    names, codes, starts = _runs(rows.column("series").combine_chunks())
    bins, counts = rows.column("bin").to_numpy(), rows.column("count").to_numpy()
    first, last = _spans(codes, starts, bins, len(names))
    stretches = None if coverage is None else collected(names, coverage, width)
    if stretches is not None:
        whole = stretches.offsets[1:] > stretches.offsets[:-1]
        last[whole] = np.maximum(last[whole], stretches.end[stretches.offsets[1:][whole] - 1] - 1)
    _check_size(first, last)
    offsets = np.concatenate([[0], np.cumsum(last - first + 1)]).astype(np.int64)
    grid = Grid(names, offsets, first, np.zeros(offsets[-1]), np.full(offsets[-1], stretches is None))
    _add_up(codes, starts, bins, counts, offsets, first, grid.counts)
    if stretches is not None:
        _mark(offsets, first, stretches.offsets, stretches.start, stretches.end, grid.known)
    return grid


def _runs(series: pa.Array) -> tuple[pa.Array, Ints, Ints]:
    """The names in the order of their first row; of each run of rows of one series its name's number; where it starts.

    Rows mostly stand series by series, so few of them must be looked up. ``starts`` has the number of rows at its end.
    """
    values = series.indices if isinstance(series, pa.DictionaryArray) else series
    changes = pc.not_equal(values.slice(1), values.slice(0, max(len(values) - 1, 0)))
    starts = np.flatnonzero(changes.to_numpy(zero_copy_only=False)) + 1
    starts = np.concatenate([np.zeros(min(len(values), 1), np.int64), starts, [len(values)]])
    heads = pc.dictionary_encode(values.take(pa.array(starts[:-1])))
    names = heads.dictionary
    if isinstance(series, pa.DictionaryArray):
        names = series.dictionary.take(names)
    return names, heads.indices.to_numpy(zero_copy_only=False).astype(np.int64), starts


def collected(names: pa.Array, coverage: pa.Table, width: int) -> Stretches:
    """The union of each series' own intervals and of those without a series, cut to whole bins.

    Raises:
        MeasureError: an interval ends before it starts, or its times cannot be read.
    """
    start = utc_times(coverage.column("start"), "coverage, column start").cast(pa.int64()).to_numpy()
    end = utc_times(coverage.column("end"), "coverage, column end").cast(pa.int64()).to_numpy()
    if (end < start).any():
        raise MeasureError(
            "An interval ends before it starts.",
            where=f"coverage, row {int(np.argmax(end < start)) + 1}",
            mend="Exchange start and end.",
        )
    series = coverage.column("series").combine_chunks()
    everywhere = pc.is_null(series).to_numpy(zero_copy_only=False)
    plain = series.dictionary_decode() if isinstance(series, pa.DictionaryArray) else series
    owner = pc.fill_null(pc.index_in(_same_type(plain, names), names), -1).to_numpy(zero_copy_only=False)
    own = (owner >= 0) & ~everywhere
    common = _join(*_sorted(np.zeros(int(everywhere.sum()), np.int64), start[everywhere], end[everywhere]))
    owners = np.concatenate([owner[own], np.repeat(np.arange(len(names)), len(common[0]))])
    starts = np.concatenate([start[own], np.tile(common[1], len(names))])
    ends = np.concatenate([end[own], np.tile(common[2], len(names))])
    owners, starts, ends = _join(*_sorted(owners, starts, ends))
    first, last = -((FIRST_MONDAY - starts) // width), (ends - FIRST_MONDAY) // width
    whole = first < last
    return Stretches(np.searchsorted(owners[whole], np.arange(len(names) + 1)), first[whole], last[whole])


def _sorted(owners: Ints, starts: Ints, ends: Ints) -> tuple[Ints, Ints, Ints]:
    step = np.diff(owners)
    if ((step > 0) | ((step == 0) & (np.diff(starts) >= 0))).all():
        return owners, starts, ends
    order = np.lexsort((starts, owners))
    return owners[order], starts[order], ends[order]


def _same_type(values: pa.Array, names: pa.Array) -> pa.Array:
    try:
        return values.cast(names.type)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise MeasureError(
            "The series of coverage are of another type than those of counts.",
            where="coverage, column series",
            mend="Use the same names in both tables, and null for an interval that holds for all series.",
        ) from error


@compiled
def _join(owners: Ints, starts: Ints, ends: Ints) -> tuple[Ints, Ints, Ints]:
    """Intervals of one owner that touch become one; they come sorted by owner and start."""
    owner, start, end = owners.copy(), starts.copy(), ends.copy()
    size = 0
    for i in range(owners.shape[0]):
        if size > 0 and owners[i] == owner[size - 1] and starts[i] <= end[size - 1]:
            end[size - 1] = max(end[size - 1], ends[i])
        else:
            owner[size], start[size], end[size] = owners[i], starts[i], ends[i]
            size += 1
    return owner[:size], start[:size], end[:size]


def _check_size(first: Ints, last: Ints) -> None:
    spans = last - first + 1
    if spans.size and (int(spans.max()) > MOST_BINS or int(spans.sum()) > MOST_CELLS):
        raise MeasureError(
            "The times span more bins than can be held.",
            where=f"counts, series number {int(spans.argmax()) + 1} in order of appearance",
            mend="A wrong clock may have written one time far from all others: leave it out, or use wider bins.",
        )


@compiled
def _spans(codes: Ints, starts: Ints, bins: Ints, names: int) -> tuple[Ints, Ints]:
    first = np.full(names, np.iinfo(np.int64).max)
    last = np.full(names, np.iinfo(np.int64).min)
    for run in range(codes.shape[0]):
        low, high = first[codes[run]], last[codes[run]]
        for i in range(starts[run], starts[run + 1]):
            low, high = min(low, bins[i]), max(high, bins[i])
        first[codes[run]], last[codes[run]] = low, high
    return first, last


@compiled
def _add_up(
    codes: Ints, starts: Ints, bins: Ints, counts: Ints, offsets: Ints, first: Ints, cells: npt.NDArray[np.float64]
) -> None:
    for run in range(codes.shape[0]):
        shift = offsets[codes[run]] - first[codes[run]]
        for i in range(starts[run], starts[run + 1]):
            cells[shift + bins[i]] += counts[i]


@compiled
def _mark(offsets: Ints, first: Ints, parts: Ints, start: Ints, end: Ints, known: npt.NDArray[np.bool_]) -> None:
    for number in range(first.shape[0]):
        size = offsets[number + 1] - offsets[number]
        for part in range(parts[number], parts[number + 1]):
            low, high = max(start[part] - first[number], 0), min(end[part] - first[number], size)
            for i in range(low, high):
                known[offsets[number] + i] = True
