"""Rows in parts, wherever an engine keeps them: what a measure of several steps is written on.

``Rows`` says where rows come from and reads them piece by piece, here or on another machine. ``Parts`` are such rows
on their way through kernels. Nothing in here, and nothing that is written on it, knows which engine does the work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, Self, runtime_checkable

import pyarrow as pa

Kernel = Callable[[pa.Table], pa.Table | Iterator[pa.Table]]
"""Rows -> rows, at once or table after table.

It is pure, it can be pickled (a function of a module, ``functools.partial`` of one, a frozen dataclass that can be
called), and what it gives depends neither on the order of its rows nor on how often it is run. For no rows it gives
no rows, in the columns and types that it gives for some.
"""

BothKernel = Callable[[pa.Table, pa.Table], pa.Table | Iterator[pa.Table]]
"""The rows of a part and those of the same part of another -> rows; otherwise as ``Kernel``."""


@runtime_checkable
class Rows(Protocol):
    """Rows that can be read again and again, whole or in pieces. It can be pickled, and so can each piece."""

    @property
    def schema(self) -> pa.Schema:
        """Of the batches."""
        ...

    def pieces(self, most: int) -> Sequence[Any]:
        """At most so many descriptions of pieces that hold all rows, each once; a piece is small."""
        ...

    def read(self, piece: Any) -> Iterator[pa.RecordBatch]:
        """The rows of a piece; on the machine on which it is called."""
        ...


@runtime_checkable
class Weighed(Protocol):
    """Rows that tell about how much there is, where their number is not known."""

    @property
    def weight(self) -> int:
        """Bytes as they are stored."""
        ...


def weight(rows: Rows) -> int:
    """Bytes as they are stored; 0 = unknown."""
    return rows.weight if isinstance(rows, Weighed) else 0


def reader(rows: Rows) -> pa.RecordBatchReader:
    """All rows as one stream, read here."""
    batches = (batch for piece in rows.pieces(1) for batch in rows.read(piece))
    return pa.RecordBatchReader.from_batches(rows.schema, batches)


@dataclass(frozen=True)
class Mapped:
    """Rows after a function that looks at each row by itself.

    Args:
        rows: where they come from.
        change: batch -> batch; it can be pickled.
    """

    rows: Rows
    change: Callable[[pa.RecordBatch], pa.RecordBatch]

    @property
    def schema(self) -> pa.Schema:
        """Of what the function gives."""
        schema = self.rows.schema
        nothing = [pa.array([], column.type) for column in schema]
        return self.change(pa.RecordBatch.from_arrays(nothing, schema=schema)).schema

    @property
    def weight(self) -> int:
        """See ``Weighed``."""
        return weight(self.rows)

    def pieces(self, most: int) -> Sequence[Any]:
        """See ``Rows.pieces``."""
        return self.rows.pieces(most)

    def read(self, piece: Any) -> Iterator[pa.RecordBatch]:
        """See ``Rows.read``."""
        return map(self.change, self.rows.read(piece))


@dataclass(frozen=True)
class _Slice:
    """Some rows of a table, which alone are pickled: a slice by itself takes the whole table with it."""

    table: pa.Table

    def __reduce__(self) -> tuple[Any, ...]:
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, self.table.schema) as writer:
            writer.write_table(self.table)
        return _slice, (sink.getvalue().to_pybytes(),)


def _slice(stream: bytes) -> _Slice:
    with pa.ipc.open_stream(stream) as rows:
        return _Slice(rows.read_all())


@dataclass(frozen=True)
class TableRows:
    """A table in memory as ``Rows``; a piece is a slice of it.

    >>> rows = TableRows(pa.table({"club": ["tulips", "roses", "ferns"]}))
    >>> [batch.num_rows for piece in rows.pieces(2) for batch in rows.read(piece)]
    [2, 1]
    """

    table: pa.Table

    @property
    def schema(self) -> pa.Schema:
        """Of the table."""
        return self.table.schema

    @property
    def weight(self) -> int:
        """See ``Weighed``."""
        return int(self.table.nbytes)

    def pieces(self, most: int) -> Sequence[Any]:
        """See ``Rows.pieces``."""
        size = max(1, -(-len(self.table) // max(1, most)))
        return [_Slice(self.table.slice(start, size)) for start in range(0, len(self.table), size)]

    def read(self, piece: Any) -> Iterator[pa.RecordBatch]:
        """See ``Rows.read``."""
        yield from piece.table.to_batches()

    def __reduce__(self) -> tuple[Any, ...]:
        return TableRows, (self.schema.empty_table(),)  # the rows travel with their pieces


def as_rows(given: Rows | pa.RecordBatchReader) -> Rows:
    """Rows that can be cut: a stream is read to its end first."""
    return TableRows(given.read_all()) if isinstance(given, pa.RecordBatchReader) else given


class Parts(Protocol):
    """Rows on their way through kernels. Nothing is computed before ``all``.

    A measure begins with ``each`` for what it needs of a row, cuts ``by`` a key, goes on with ``each`` and ``beside``
    on whole parts, and takes ``all`` of what is left, which is small.
    """

    @property
    def empty(self) -> pa.Table:
        """No rows, in the columns and types of these."""
        ...

    @property
    def count(self) -> int:
        """In how many parts ``by`` cuts, unless it is asked for finer ones."""
        ...

    def each(self, kernel: Kernel) -> Self:
        """What the kernel gives for each part. Before the first ``by`` a part is whatever was read at once."""
        ...

    def by(self, *key: str, finer: int = 1) -> Self:
        """The same rows, cut so that rows with the same values in these columns lie in one part (nulls are equal).

        Args:
            key: columns.
            finer: cut into so many times as many parts, because steps have made more of the rows.
        """
        ...

    def beside(self, other: Self, kernel: BothKernel) -> Self:
        """What the kernel gives for each part and the same part of other rows.

        Both were cut ``by`` columns of the same types, equally finely, and come from one call of an engine; what equals
        in these columns lies in the same part of both.
        """
        ...

    def beside_all(self, few: pa.Table, kernel: BothKernel) -> Self:
        """What the kernel gives for each part and a whole table, which is small enough to be everywhere."""
        ...

    def joined(self, other: Self) -> Self:
        """These rows and others of the same columns and types; to be cut anew."""
        ...

    def kept(self) -> Self:
        """The same rows, computed once where they are used several times."""
        ...

    def all(self) -> pa.Table:
        """All rows here. Their order is that of no one."""
        ...


def tables(given: pa.Table | Iterable[pa.Table]) -> Iterator[pa.Table]:
    """What a kernel gives, table after table."""
    if isinstance(given, pa.Table):
        yield given
    else:
        yield from given
