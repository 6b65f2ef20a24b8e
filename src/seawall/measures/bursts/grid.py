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
    column = rows.column("series").combine_chunks()
    encoded = column if isinstance(column, pa.DictionaryArray) else pc.dictionary_encode(column)
    used = pc.unique(encoded.indices)
    codes = pc.index_in(encoded.indices, used).to_numpy(zero_copy_only=False).astype(np.int64)
    names = encoded.dictionary.take(used)
    bins, counts = rows.column("bin").to_numpy(), rows.column("count").to_numpy()
    first, last = _spans(codes, bins, len(names))
    stretches = None if coverage is None else collected(names, coverage, width)
    if stretches is not None:
        whole = stretches.offsets[1:] > stretches.offsets[:-1]
        last[whole] = np.maximum(last[whole], stretches.end[stretches.offsets[1:][whole] - 1] - 1)
    _check_size(first, last)
    offsets = np.concatenate([[0], np.cumsum(last - first + 1)]).astype(np.int64)
    grid = Grid(names, offsets, first, np.zeros(offsets[-1]), np.full(offsets[-1], stretches is None))
    _add_up(codes, bins, counts, offsets, first, grid.counts)
    if stretches is not None:
        _mark(offsets, first, stretches.offsets, stretches.start, stretches.end, grid.known)
    return grid


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
    shared = _whole_bins(start[everywhere], end[everywhere], width)
    own = np.flatnonzero((owner >= 0) & ~everywhere)
    own = own[np.argsort(owner[own], kind="stable")]
    cuts = np.searchsorted(owner[own], np.arange(len(names) + 1))
    parts, sizes = [], np.zeros(len(names) + 1, np.int64)
    for number in range(len(names)):
        mine = own[cuts[number] : cuts[number + 1]]
        whole = shared
        if mine.size:
            rows = np.concatenate([np.flatnonzero(everywhere), mine])
            whole = _whole_bins(start[rows], end[rows], width)
        parts.append(whole)
        sizes[number + 1] = whole.shape[1]
    joined = np.concatenate(parts, axis=1) if parts else np.empty((2, 0), np.int64)
    return Stretches(np.cumsum(sizes), joined[0], joined[1])


def _same_type(values: pa.Array, names: pa.Array) -> pa.Array:
    try:
        return values.cast(names.type)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise MeasureError(
            "The series of coverage are of another type than those of counts.",
            where="coverage, column series",
            mend="Use the same names in both tables, and null for an interval that holds for all series.",
        ) from error


def _whole_bins(start: Ints, end: Ints, width: int) -> Ints:
    """Join intervals that touch, then keep the bins that lie wholly within: 2 x intervals."""
    order = np.lexsort((end, start))
    joined: list[list[int]] = []
    for begin, finish in zip(start[order].tolist(), end[order].tolist(), strict=True):
        if joined and begin <= joined[-1][1]:
            joined[-1][1] = max(joined[-1][1], finish)
        else:
            joined.append([begin, finish])
    bins = [(-((FIRST_MONDAY - begin) // width), (finish - FIRST_MONDAY) // width) for begin, finish in joined]
    return np.array([pair for pair in bins if pair[0] < pair[1]], np.int64).reshape(-1, 2).T


def _check_size(first: Ints, last: Ints) -> None:
    spans = last - first + 1
    if spans.size and (int(spans.max()) > MOST_BINS or int(spans.sum()) > MOST_CELLS):
        raise MeasureError(
            "The times span more bins than can be held.",
            where=f"counts, series number {int(spans.argmax()) + 1} in order of appearance",
            mend="A wrong clock may have written one time far from all others: leave it out, or use wider bins.",
        )


@compiled
def _spans(codes: Ints, bins: Ints, names: int) -> tuple[Ints, Ints]:
    first = np.full(names, np.iinfo(np.int64).max)
    last = np.full(names, np.iinfo(np.int64).min)
    for i in range(codes.shape[0]):
        first[codes[i]] = min(first[codes[i]], bins[i])
        last[codes[i]] = max(last[codes[i]], bins[i])
    return first, last


@compiled
def _add_up(codes: Ints, bins: Ints, counts: Ints, offsets: Ints, first: Ints, cells: npt.NDArray[np.float64]) -> None:
    for i in range(codes.shape[0]):
        cells[offsets[codes[i]] + bins[i] - first[codes[i]]] += counts[i]


@compiled
def _mark(offsets: Ints, first: Ints, parts: Ints, start: Ints, end: Ints, known: npt.NDArray[np.bool_]) -> None:
    for number in range(first.shape[0]):
        size = offsets[number + 1] - offsets[number]
        for part in range(parts[number], parts[number + 1]):
            low, high = max(start[part] - first[number], 0), min(end[part] - first[number], size)
            for i in range(low, high):
                known[offsets[number] + i] = True
