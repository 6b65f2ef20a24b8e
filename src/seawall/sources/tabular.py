"""What CSV, NDJSON and Parquet have in common: chunks of records with named columns, and faults of records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.errors import InputError
from seawall.model import REJECTED, raw_table
from seawall.protocols import BATCH_RECORDS

BATCH_BYTES = 32 << 20
"""The most text that a chunk holds, but for one record that is larger by itself."""

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Chunk:
    """Consecutive records of a table: the readable ones as columns, the others as rejections, by position."""

    columns: dict[str, pa.Array]  # of equal length; null where a record tells nothing
    positions: npt.NDArray[np.int64]  # of the readable records, rising
    rejected: tuple[tuple[int, str, str], ...] = ()  # position, field, reason; by position

    @property
    def records(self) -> int:
        """How many records of the input these are."""
        return len(self.positions) + len(self.rejected)

    @property
    def size(self) -> int:
        """Bytes of the columns."""
        return sum(column.nbytes for column in self.columns.values())

    def split(self, records: int) -> tuple[Chunk, Chunk]:
        """The first records and the others."""
        if records >= self.records:
            return self, self._part(len(self.positions), len(self.rejected))
        wrong = np.array([position for position, _, _ in self.rejected], np.int64)
        last = np.sort(np.concatenate([self.positions, wrong]))[records - 1]
        good, bad = (int(np.searchsorted(where, last, "right")) for where in (self.positions, wrong))
        first = {name: column.slice(0, good) for name, column in self.columns.items()}
        return Chunk(first, self.positions[:good], self.rejected[:bad]), self._part(good, bad)

    def _part(self, good: int, bad: int) -> Chunk:
        rest = {name: column.slice(good) for name, column in self.columns.items()}
        return Chunk(rest, self.positions[good:], self.rejected[bad:])


def joined(chunks: Sequence[Chunk]) -> Chunk:
    """Consecutive chunks as one."""
    names = chunks[0].columns
    return Chunk(
        {name: _concatenated([chunk.columns[name] for chunk in chunks]) for name in names},
        np.concatenate([chunk.positions for chunk in chunks]),
        tuple(found for chunk in chunks for found in chunk.rejected),
    )


def _concatenated(arrays: list[pa.Array]) -> pa.Array:
    """One array; where some pieces hold lists and others single values, the single ones become lists."""
    kind = next((array.type for array in arrays if pa.types.is_list(array.type)), arrays[0].type)
    return pa.concat_arrays([array if array.type == kind else as_lists(array) for array in arrays])


def as_lists(array: pa.Array) -> pa.Array:
    """Strings as lists of one string; null stays null."""
    strings = array.cast(pa.string())
    offsets = np.concatenate([[0], np.cumsum(~strings.is_null().to_numpy(zero_copy_only=False))]).astype(np.int32)
    lists = pa.ListArray.from_arrays(pa.array(offsets), strings.drop_null())
    return pc.if_else(strings.is_null(), pa.scalar(None, lists.type), lists)


def batched(pieces: Iterator[Chunk]) -> Iterator[Chunk]:
    """Pieces gathered and cut into chunks of ``BATCH_RECORDS`` records or about ``BATCH_BYTES``.

    The cuts depend on the records only. Where the pieces end with an InputError it is raised after the chunk
    of what came before it.
    """
    waiting: list[Chunk] = []
    records = size = 0
    damage: InputError | None = None
    while True:
        try:
            piece = next(pieces, None)
        except InputError as error:
            damage, piece = error, None
        if piece is None:
            break
        while piece.records:
            if records == BATCH_RECORDS or (records and size + piece.size > BATCH_BYTES):
                yield joined(waiting)
                waiting, records, size = [], 0, 0
            part, piece = piece.split(BATCH_RECORDS - records)
            waiting.append(part)
            records += part.records
            size += part.size
    if waiting:
        yield joined(waiting)
    if damage is not None:
        raise damage


class Rows(Protocol):
    """A table in a file."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of its columns."""
        ...

    def chunks(self, wanted: Sequence[str]) -> Iterator[Chunk]:
        """All records, the wanted columns of them.

        Raises:
            InputError: the file is damaged, after the chunks before the damage.
        """
        ...


@dataclass(slots=True)
class Faults:
    """Why rows of a chunk cannot be kept; of several faults of a row the first that was found counts."""

    rows: int
    _first: npt.NDArray[np.int32] = field(init=False)
    _words: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._first = np.full(self.rows, -1, np.int32)

    def add(self, where: Mask, name: str, reason: str) -> None:
        """Rows in which the field ``name`` has this fault."""
        fresh = where & (self._first < 0)
        if fresh.any():
            self._first[fresh] = len(self._words)
            self._words.append((name, reason))

    @property
    def good(self) -> Mask:
        """Rows without a fault."""
        return np.asarray(self._first < 0)

    def rejected(self, chunk: Chunk) -> pa.Table:
        """The table of rejected records: these rows and those that could not be read at all, by position."""
        places = np.flatnonzero(self._first >= 0)
        found = [(int(chunk.positions[place]), *self._words[self._first[place]]) for place in places]
        return rejections([*found, *chunk.rejected])


def rejections(found: Sequence[tuple[int, str, str]]) -> pa.Table:
    """A REJECTED table of (position, field, reason), by position."""
    if not found:
        return raw_table(REJECTED)
    positions, names, reasons = zip(*sorted(found), strict=True)
    return raw_table(REJECTED, {"position": positions, "field": names, "reason": reasons})


def is_text(value: str) -> bool:
    """Whether a string holds characters only, no halves of surrogate pairs (which stand for undecodable bytes)."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
