"""Parquet as a table of records, read in steps so that memory depends neither on the file nor on its row groups."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from seawall.errors import InputError, UnsafeArchiveError
from seawall.protocols import Input
from seawall.sources.archives import MAX_NESTED_BYTES
from seawall.sources.files import unreadable
from seawall.sources.lines import HAS_NUL, NOT_TEXT
from seawall.sources.tabular import BATCH_BYTES, Chunk, batched

PARQUET_MAGIC = b"PAR1"
STEP_RECORDS = 10_000
"""Records decoded at a time: bounds memory where texts are long."""

_READ_BYTES = 1 << 20


class ParquetRows:
    """A Parquet file. Columns keep their types; nested ones are reached with dots: user.name.

    Raises:
        InputError: it is damaged.
        UnsafeArchiveError: it is packed and too large to be held in memory.
    """

    def __init__(self, file: Input) -> None:
        self._file = file
        with self._opened() as stream, _explained(file.label):
            names = Counter(_flat_names(pq.ParquetFile(stream).schema_arrow))
        self.columns = tuple(name for name, times in names.items() if times == 1)

    def _opened(self) -> BinaryIO:
        if self._file.path is not None:
            return self._file.open()
        with self._file.open() as stream:
            content = stream.read(MAX_NESTED_BYTES + 1)
        if len(content) > MAX_NESTED_BYTES:
            raise UnsafeArchiveError(
                f"A packed Parquet file may have {MAX_NESTED_BYTES >> 20} MB: it is read from its end.",
                where=self._file.label,
                mend="Unpack it first; Parquet is compressed in itself.",
            )
        return io.BytesIO(content)

    def chunks(self, wanted: Sequence[str]) -> Iterator[Chunk]:
        """All records in chunks; a record's position is its number from 1."""
        return batched(self._pieces(wanted))

    def _pieces(self, wanted: Sequence[str]) -> Iterator[Chunk]:
        before = 0
        with self._opened() as stream:
            for step in self._steps(stream, wanted):
                for piece in _pieces(step):
                    yield _chunk(piece, wanted, before)
                    before += len(piece)

    def _steps(self, stream: BinaryIO, wanted: Sequence[str]) -> Iterator[pa.RecordBatch]:
        with _explained(self._file.label):
            told = pq.ParquetFile(stream).metadata
            for group in range(told.num_row_groups):  # a reader keeps all that it has read: each group gets its own
                opened = pq.ParquetFile(stream, metadata=told, buffer_size=_READ_BYTES)
                yield from opened.iter_batches(
                    batch_size=STEP_RECORDS, row_groups=[group], columns=list(wanted), use_threads=False
                )


class _explained:  # noqa: N801 - reads as a statement: with _explained(label)
    """Turns the reader's failures into an InputError."""

    def __init__(self, label: str) -> None:
        self._label = label

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, pa.ArrowException) or (isinstance(error, OSError) and error.errno is None):
            raise InputError(
                "The Parquet data are damaged or of a kind that is not read here.",
                where=self._label,
                mend="Export the file again.",
            ) from error
        if isinstance(error, OSError):
            raise unreadable(error, self._label) from error


def _flat_names(schema: pa.Schema) -> Iterator[str]:
    for column in schema:
        yield from _leaves(column.name, column.type)


def _leaves(name: str, kind: pa.DataType) -> Iterator[str]:
    if pa.types.is_struct(kind):
        for inner in kind:
            yield from _leaves(f"{name}.{inner.name}", inner.type)
    else:
        yield name


def _pieces(step: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """A step as it is, or in halves until each is small enough or one record."""
    if step.nbytes <= BATCH_BYTES or len(step) <= 1:
        yield step
        return
    middle = len(step) // 2
    yield from _pieces(step.slice(0, middle))
    yield from _pieces(step.slice(middle))


def _chunk(piece: pa.RecordBatch, wanted: Sequence[str], before: int) -> Chunk:
    columns = {name: _plain(_reach(piece, name)) for name in wanted}
    positions = np.arange(before + 1, before + 1 + len(piece), dtype=np.int64)
    bad = _not_text(columns, len(piece))
    if not bad:
        return Chunk(columns, positions)
    good = np.ones(len(piece), dtype=bool)
    good[list(bad)] = False
    kept = {name: column.filter(pa.array(good)) for name, column in columns.items()}
    rejected = tuple((before + 1 + place, "record", reason) for place, reason in sorted(bad.items()))
    return Chunk(kept, positions[good], rejected)


def _reach(piece: pa.RecordBatch, name: str) -> pa.Array:
    if name in piece.schema.names:
        return piece.column(name)
    first, *path = name.split(".")
    return pc.struct_field(piece.column(first), path)


def _plain(column: pa.Array) -> pa.Array:
    """Dictionaries, large strings and bytes as plain strings; bytes are checked by _not_text."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.dictionary_decode()
        kind = column.type
    if pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return column.cast(pa.string())
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return column.cast(pa.binary()).view(pa.string())
    return column


def _not_text(columns: dict[str, pa.Array], rows: int) -> dict[int, str]:
    """Rows whose strings are not UTF-8 or hold NUL, with the reason."""
    bad: dict[int, str] = {}
    for column in columns.values():
        if not pa.types.is_string(column.type):
            continue
        try:
            column.validate(full=True)
        except pa.ArrowInvalid:
            raw = column.view(pa.binary())
            bad |= {place: NOT_TEXT for place in range(rows) if not _is_utf8(raw[place].as_py())}
        with_nul: npt.NDArray[np.int64] = np.flatnonzero(_holds_nul(column))
        bad |= {int(place): HAS_NUL for place in with_nul if int(place) not in bad}
    return bad


def _holds_nul(column: pa.Array) -> npt.NDArray[np.bool_]:
    data = column.buffers()[2]
    if data is None or np.frombuffer(data, np.uint8).all():
        return np.zeros(0, dtype=bool)
    found = pc.match_substring(column.view(pa.binary()), b"\0")
    return np.asarray(pc.fill_null(found, False).to_numpy(zero_copy_only=False), dtype=bool)


def _is_utf8(value: bytes | None) -> bool:
    try:
        (value or b"").decode()
    except UnicodeDecodeError:
        return False
    return True
