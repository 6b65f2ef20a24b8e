"""The recent messages or interactions, by id: what edits, deletions and aliases can still change."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seawall.engine.live.chunks import MESSAGE, Chunk, Shape
from seawall.measures.keys import identity_keys

Ints = npt.NDArray[np.int64]

LARGEST = 1 << 16
"""Chunks are joined up to so many rows: what a joining moves is small, and there are few chunks to look through."""

ROOM = 1 << 32
"""A place is the number of the chunk times ROOM, plus the row; it holds until rows are put in or let go."""


class Recent:
    """Rows of messages or of interactions, each id once.

    Args:
        schema: the columns, those of the id and the time among them.
        shape: which columns these are.
    """

    def __init__(self, schema: pa.Schema, shape: Shape = MESSAGE) -> None:
        self.schema = schema
        self._shape = shape
        self._chunks: list[Chunk] = []

    def __len__(self) -> int:
        return sum(chunk.count for chunk in self._chunks)

    @property
    def nbytes(self) -> int:
        """Bytes about."""
        return sum(chunk.nbytes for chunk in self._chunks)

    def put(self, rows: pa.Table) -> None:
        """Add rows whose ids are not here."""
        for start in range(0, rows.num_rows, LARGEST):
            self._chunks.append(Chunk.of(rows.slice(start, LARGEST), self._shape))
        if rows.num_rows:
            self._join()

    def find(self, ids: pa.ChunkedArray) -> Ints:
        """The place of each id, -1 where it is not here."""
        keys = identity_keys(ids)
        order = np.argsort(keys)
        found = np.full(len(keys), -1, np.int64)
        for number, chunk in enumerate(self._chunks):
            rows = chunk.find(keys[order])
            hits = np.flatnonzero(rows >= 0)
            found[order[hits]] = number * ROOM + rows[hits]
        return found

    def naming(self, handles: pa.Array) -> Ints:
        """The places of the rows that name an account by one of these handles."""
        places = [np.empty(0, np.int64)]
        for number, chunk in enumerate(self._chunks):
            if len(handles):
                places.append(number * ROOM + chunk.naming(handles))
        return np.concatenate(places)

    def at(self, places: Ints) -> pa.Table:
        """The rows at these places, in their order."""
        if not len(places):
            return self.schema.empty_table()
        numbers, rows = np.divmod(places, ROOM)
        order = np.argsort(numbers, kind="stable")
        parts = [self._chunks[number].take(rows[numbers == number], self.schema) for number in np.unique(numbers)]
        back = np.empty(len(order), np.int64)
        back[order] = np.arange(len(order))
        return pa.concat_tables(parts).take(pa.array(back))

    def drop(self, places: Ints) -> None:
        """Take out the rows at these places."""
        numbers, rows = np.divmod(places, ROOM)
        for number in np.unique(numbers):
            self._chunks[number].drop(rows[numbers == number])

    def newest_but(self, most: int) -> int | None:
        """The time (UTC microseconds) of the newest row but ``most``; None where there are no more than these."""
        if len(self) <= most:
            return None
        times = np.concatenate([chunk.times[chunk.alive] for chunk in self._chunks])
        place = len(times) - most - 1
        return int(np.partition(times, place)[place])

    def newest_until(self, limit: int) -> int | None:
        """The time (UTC microseconds) of the newest row that is not after ``limit``; None where there is none."""
        found = [chunk.times[chunk.alive & (chunk.times <= limit)] for chunk in self._chunks]
        return max((int(times.max()) for times in found if len(times)), default=None)

    def let_go(self, until: int) -> None:
        """Take out the rows of up to this time (UTC microseconds), inclusive."""
        for chunk in self._chunks:
            old = chunk.times <= until
            if old.any():
                chunk.alive &= ~old
                chunk.count = int(chunk.alive.sum())
        self._join()

    def reader(self) -> pa.RecordBatchReader:
        """All rows, in no order; unpacked as they are read."""
        tables = (chunk.take(None, self.schema) for chunk in self._chunks)
        return pa.RecordBatchReader.from_batches(self.schema, (batch for rows in tables for batch in rows.to_batches()))

    def table(self) -> pa.Table:
        """All rows at once, in no order."""
        return self.reader().read_all()

    def _join(self) -> None:
        """Join small chunks, and write those anew of which most is gone."""
        chunks = [
            chunk if 2 * chunk.count >= len(chunk.rows) else Chunk.of(chunk.take(None, self.schema), self._shape)
            for chunk in self._chunks
            if chunk.count
        ]
        chunks.sort(key=lambda chunk: -chunk.count)
        while len(chunks) > 1 and chunks[-2].count <= 2 * chunks[-1].count:
            if chunks[-2].count + chunks[-1].count > LARGEST:
                break
            pair = [chunks.pop(), chunks.pop()]
            joined = pa.concat_tables([chunk.take(None, self.schema) for chunk in pair])
            chunks.append(Chunk.of(joined, self._shape))
        self._chunks = chunks
