"""A table of counts, or of what was collected, in a file -> checked Arrow columns, or an error that names the line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.cli.count_columns import COUNTS, COVERAGE
from seawall.cli.count_values import COUNT_FAULTS, whole_counts
from seawall.cli.table_file import TableFile, read_columns, times_of
from seawall.protocols import Progress, ReadOptions
from seawall.sources.values import strings


@dataclass(frozen=True, slots=True)
class CountFile:
    """The rows of a file, ``series`` (dictionary of strings), ``at`` (UTC microseconds), ``count`` (int64)."""

    rows: pa.Table
    assumptions: tuple[str, ...]


def read_counts(path: Path, options: ReadOptions, single: str, progress: Progress | None = None) -> CountFile:
    """The counts in a CSV, NDJSON or Parquet file, plain or packed.

    Args:
        path: the file.
        options: ``mapping`` of time, series and count to columns, ``timezone``, ``date_order``, ``encoding``.
        single: what the series is called where no column tells it.
        progress: called with the rows read.

    Raises:
        InputError: it is no such table, or a time, a series or a count cannot be used; the message says where.
        ConfigurationError: a column cannot be told, or day and month could be mistaken.
    """
    read = read_columns(path, COUNTS, options, progress)
    at = times_of(read, "time", options)
    series = _series(read, single)
    if pc.any(pc.is_null(series)).as_py():
        missing = np.asarray(series.is_null().to_numpy(zero_copy_only=False))
        read.refuse_if(missing, "series", "A series has no name.", "Name it, or leave such rows out.")
    values, faults = whole_counts(read.values["count"])
    for fault, (what, mend) in COUNT_FAULTS.items():
        read.refuse_if(faults == fault, "count", what, mend)
    rows = pa.table({"series": series, "at": at, "count": values})
    _refuse_a_jump(read, at)
    return CountFile(rows, tuple(read.sentences))


def read_coverage(path: Path, options: ReadOptions) -> pa.Table:
    """What was collected: ``series`` (string; null = all), ``start``, ``end`` (UTC microseconds).

    Raises:
        InputError: it is no such table, or a time cannot be used, or an interval does not end after it starts.
        ConfigurationError: a column cannot be told.
    """
    read = read_columns(path, COVERAGE, options, None)
    start, end = times_of(read, "start", options), times_of(read, "end", options)
    backwards = np.asarray(pc.less_equal(end, start).to_numpy(zero_copy_only=False))
    read.refuse_if(backwards, "end", "What was collected ends before it starts.", "Exchange start and end.")
    series = _series(read, None).dictionary_decode()
    return pa.table({"series": series, "start": start, "end": end})


def _series(read: TableFile, single: str | None) -> pa.DictionaryArray:
    """The names, trimmed, nothing as null; or one name for all rows."""
    rows = len(read.positions)
    if read.columns.series is not None or "series" not in read.values:
        name = single if read.columns.series is None else read.columns.series
        indices = pa.array(np.zeros(rows, np.int32), mask=np.full(rows, name is None))
        return pa.DictionaryArray.from_arrays(indices, pa.array([name or ""], pa.string()))
    told: Any = read.values["series"]
    if not isinstance(told, pa.DictionaryArray):
        told = pc.dictionary_encode(strings(told))
    names = pc.utf8_trim_whitespace(told.dictionary)
    plain = pc.if_else(pc.equal(names, ""), pa.scalar(None, pa.string()), names)
    return pc.dictionary_encode(plain.take(told.indices))


def _refuse_a_jump(read: TableFile, at: pa.Array) -> None:
    """Refuse a table in which at most one time in 1,000, but at least one, is farther off than all others span.

    A clock that jumped gives years of nothing, in which the counts rise or fall that were there all the time.
    """
    micros = at.cast(pa.int64()).to_numpy()
    rows = len(micros)
    few = max(1, rows // 1000)
    if rows < 10:
        return
    order = np.argsort(micros, kind="stable")
    ordered = micros[order]
    gaps = np.diff(ordered)
    widest = int(np.argmax(gaps))
    before, after = ordered[widest] - ordered[0], ordered[-1] - ordered[widest + 1]
    lone = order[: widest + 1] if widest + 1 <= few else order[widest + 1 :] if rows - widest - 1 <= few else None
    if lone is None or gaps[widest] <= max(before, after):
        return
    faulty = np.zeros(rows, dtype=bool)
    faulty[lone] = True
    read.refuse_if(
        faulty,
        "time",
        "A time lies farther from all others than they lie apart, as if a clock had jumped.",
        "Correct it or leave it out: between it and the others every bin would count as zero.",
    )
