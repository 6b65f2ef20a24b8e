"""A table of counts, or of what was collected, in a file -> checked Arrow columns, or an error that names the line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.cli.count_columns import COUNTS, COVERAGE, Columns, find_columns, named
from seawall.cli.count_plain import plain_chunks, plain_dialect
from seawall.cli.count_values import COUNT_FAULTS, whole_counts
from seawall.errors import InputError
from seawall.model import UTC_MICROSECONDS
from seawall.protocols import Input, Progress, ReadOptions
from seawall.sources.archives import unpacked
from seawall.sources.delimited import DelimitedRows
from seawall.sources.files import plain_file
from seawall.sources.opening import open_table
from seawall.sources.parquet_rows import ParquetRows
from seawall.sources.tabular import Chunk
from seawall.sources.times import FAULTS, parse_times
from seawall.sources.values import strings

MOST_ROWS = 20_000_000
"""Of one file: 10,000 series of five years of days."""

Mask = npt.NDArray[np.bool_]
_MONTH = r"^\s*(\d{4}-\d{2})\s*$"


@dataclass(frozen=True, slots=True)
class CountFile:
    """The rows of a file, ``series`` (dictionary of strings), ``at`` (UTC microseconds), ``count`` (int64)."""

    rows: pa.Table
    assumptions: tuple[str, ...]


@dataclass(slots=True)
class _Read:
    """Columns of a file as they stand in it, with the place of each row."""

    label: str
    unit: str  # what a place is: "line" or "row"
    columns: Columns
    values: dict[str, pa.Array]  # by field
    positions: npt.NDArray[np.int64]
    sentences: list[str] = field(default_factory=list)

    def refuse_if(self, faulty: Mask, name: str, what: str, mend: str) -> None:
        """Raise for the first row that is faulty."""
        if not faulty.any():
            return
        others = int(faulty.sum()) - 1
        more = f", and {others:,} more {self.unit}{'' if others == 1 else 's'}" if others else ""
        place = f"{self.unit} {self.positions[int(np.argmax(faulty))]:,}"
        column = named(self.columns.places.get(name, name))
        raise InputError(what, where=f"{self.label}, {place}, column {column}{more}", mend=mend)


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
    read = _read(path, COUNTS, options, progress)
    at = _times(read, "time", options)
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
    read = _read(path, COVERAGE, options, None)
    start, end = _times(read, "start", options), _times(read, "end", options)
    backwards = np.asarray(pc.less_equal(end, start).to_numpy(zero_copy_only=False))
    read.refuse_if(backwards, "end", "What was collected ends before it starts.", "Exchange start and end.")
    series = _series(read, None).dictionary_decode()
    return pa.table({"series": series, "start": start, "end": end})


def _read(path: Path, fields: Mapping[str, str], options: ReadOptions, progress: Progress | None) -> _Read:
    label = str(path)
    file = _input(path, label)
    rows = open_table(file, options.encoding)
    columns = find_columns(rows.columns, fields, label, options.mapping)
    wanted = tuple(dict.fromkeys(columns.places.values()))
    unit = "row" if isinstance(rows, ParquetRows) else "line"
    chunks: list[Chunk] | None = None
    if isinstance(rows, DelimitedRows) and options.encoding is None:
        dialect = plain_dialect(file, wanted)
        if dialect is not None:
            with suppress(pa.ArrowInvalid):
                chunks = list(_counted(plain_chunks(file, dialect, wanted), label, unit, progress))
    if chunks is None:
        chunks = list(_counted(rows.chunks(wanted), label, unit, progress))
    if not sum(chunk.records for chunk in chunks):
        raise InputError("The table holds no rows.", where=label, mend="Export it again.")
    joined = {
        name: _joined([chunk.columns[name] for chunk in chunks], f"{label}, column {named(name)}") for name in wanted
    }
    values = {field: joined[column] for field, column in columns.places.items()}
    sentences = [columns.sentence] if columns.sentence else []
    return _Read(label, unit, columns, values, np.concatenate([chunk.positions for chunk in chunks]), sentences)


def _counted(chunks: Iterable[Chunk], label: str, unit: str, progress: Progress | None) -> Iterator[Chunk]:
    """The chunks in a compact form, as long as all their rows can be read and are not too many."""
    records = 0
    for chunk in chunks:
        if chunk.rejected:
            position, _, reason = chunk.rejected[0]
            where = f"{label}, {unit} {position:,}"
            raise InputError(f"A {unit} cannot be read: {reason}.", where=where, mend="Correct it.")
        records += chunk.records
        if records > MOST_ROWS:
            raise InputError(
                f"The file holds more than {MOST_ROWS:,} rows.",
                where=label,
                mend="Add the counts up by series and day first, or ask for some of the series at a time.",
            )
        if progress is not None:
            progress("reading rows", records, None)
        yield Chunk({name: _compact(column) for name, column in chunk.columns.items()}, chunk.positions)


def _input(path: Path, label: str) -> Input:
    try:
        folder = path.is_dir()
    except (OSError, ValueError):
        folder = False  # plain_file says what is wrong
    if folder:
        raise InputError("This is a folder.", where=label, mend="Name the file with the counts in it.")
    inputs = list(unpacked(plain_file(path, label)))
    if len(inputs) != 1:
        raise InputError(f"The archive holds {len(inputs)} files.", where=label, mend="Unpack it, and name one.")
    if not inputs[0].head(1):
        raise InputError("The file is empty.", where=label, mend="Export it again.")
    return inputs[0]


def _compact(column: pa.Array) -> pa.Array:
    return pc.dictionary_encode(column) if pa.types.is_string(column.type) else column


def _joined(parts: list[pa.Array], where: str) -> pa.Array:
    """One array; written values as a dictionary of strings, numbers and times as they are."""
    kinds = {part.type for part in parts if not pa.types.is_null(part.type)}
    if len(kinds) > 1 or any(pa.types.is_nested(kind) for kind in kinds):
        raise InputError("A column holds lists, or values of several kinds.", where=where, mend="Export it again.")
    kind = kinds.pop() if kinds else pa.dictionary(pa.int32(), pa.string())
    joined = pa.chunked_array([part.cast(kind) if part.type != kind else part for part in parts], kind)
    return joined.unify_dictionaries().combine_chunks() if pa.types.is_dictionary(kind) else joined.combine_chunks()


def _times(read: _Read, name: str, options: ReadOptions) -> pa.Array:
    written = read.values[name]
    if isinstance(written, pa.DictionaryArray):
        distinct = pc.replace_substring_regex(written.dictionary, _MONTH, r"\1-01")
        told = parse_times(distinct, timezone=options.timezone, date_order=options.date_order)
        at = told.at.take(written.indices)
        codes = pa.array(told.faults).take(written.indices)
        faults = np.asarray(pc.fill_null(codes, 1).to_numpy(zero_copy_only=False))
    else:
        told = parse_times(written, timezone=options.timezone, date_order=options.date_order)
        at, faults = told.at, told.faults
    for fault, what in FAULTS.items():
        read.refuse_if(
            faults == fault,
            name,
            f"A time cannot be read: {what}.",
            "Write times as 2026-05-03 or 2026-05-03T14:05:00Z; leave rows without one out.",
        )
    if told.assumption and told.assumption not in read.sentences:
        read.sentences.append(told.assumption)
    return at.cast(UTC_MICROSECONDS)


def _series(read: _Read, single: str | None) -> pa.DictionaryArray:
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


def _refuse_a_jump(read: _Read, at: pa.Array) -> None:
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
