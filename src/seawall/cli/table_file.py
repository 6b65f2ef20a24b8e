"""Columns of a table in a file, as they stand in it: what the commands for tables of counts, spells and checks read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.cli.count_columns import OPTIONAL, Columns, find_columns, named
from seawall.cli.count_plain import plain_chunks, plain_dialect
from seawall.errors import InputError
from seawall.model import UTC_MICROSECONDS
from seawall.protocols import Input, Progress, ReadOptions
from seawall.sources.archives import unpacked
from seawall.sources.delimited import DelimitedRows
from seawall.sources.files import plain_file
from seawall.sources.opening import open_table
from seawall.sources.parquet_rows import ParquetRows
from seawall.sources.tabular import Chunk
from seawall.sources.times import FAULTS, MISSING, parse_times
from seawall.sources.values import strings

MOST_ROWS = 20_000_000
"""Of one file: 10,000 series of five years of days."""

Mask = npt.NDArray[np.bool_]
_MONTH = r"^\s*(\d{4}-\d{2})\s*$"


@dataclass(slots=True)
class TableFile:
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


def read_columns(
    path: Path,
    fields: Mapping[str, str],
    options: ReadOptions,
    progress: Progress | None,
    optional: Collection[str] = OPTIONAL,
) -> TableFile:
    """The columns of a CSV, NDJSON or Parquet file, plain or packed, that hold these fields.

    Args:
        path: the file.
        fields: field -> names that its column may have, see ``find_columns``.
        options: ``mapping`` of fields to columns, and ``encoding``.
        progress: called with the rows read.
        optional: fields without which the table is one too.

    Raises:
        InputError: it is no such table.
        ConfigurationError: a column cannot be told.
    """
    label = str(path)
    file = _input(path, label)
    rows = open_table(file, options.encoding)
    columns = find_columns(rows.columns, fields, label, options.mapping, optional)
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
    return TableFile(label, unit, columns, values, np.concatenate([chunk.positions for chunk in chunks]), sentences)


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


def times_of(read: TableFile, name: str, options: ReadOptions, *, missing: bool = False) -> pa.Array:
    """The times of a field in UTC microseconds; null where there is none and ``missing`` says that there may be none.

    Raises:
        InputError: a time cannot be used; the message says where.
    """
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
        if missing and fault == MISSING:
            continue
        read.refuse_if(
            faults == fault,
            name,
            f"A time cannot be read: {what}.",
            "Write times as 2026-05-03 or 2026-05-03T14:05:00Z; leave rows without one out.",
        )
    if told.assumption and told.assumption not in read.sentences:
        read.sentences.append(told.assumption)
    return at.cast(UTC_MICROSECONDS)


def words_of(read: TableFile, field: str) -> pa.Array:
    """The written values of a field, trimmed; what is nothing is null."""
    told = read.values[field]
    plain = told.dictionary_decode() if isinstance(told, pa.DictionaryArray) else strings(told)
    text = pc.utf8_trim_whitespace(plain)
    return pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)
