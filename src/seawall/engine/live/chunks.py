"""Messages or interactions side by side in memory: packed, found by id, and marked where they no longer count."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.measures.keys import Keys, identity_keys

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

PACKED = frozenset(
    {
        *("platform", "source", "channel_id", "account_id", "kind", "visibility", "language"),
        *("source_account", "target_account", "contact_kind", "length_class"),
    }
)
"""Columns of few distinct values: each is held once a chunk."""

HANDLE = "h"
"""Pseudonyms of accounts that were told by their handle alone begin so."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Which columns name a row, tell its time, and name accounts."""

    id: str
    at: str
    accounts: tuple[str, ...]


MESSAGE = Shape("message_id", "sent_at", ("account_id", "mentions"))
INTERACTION = Shape("interaction_id", "at", ("source_account", "target_account"))


@dataclass(slots=True)
class Chunk:
    """Rows that came at about the same time. Rows never move; those that no longer count are not ``alive``."""

    rows: pa.RecordBatch
    keys: Keys  # of the ids, sorted
    order: npt.NDArray[np.int32]  # keys[i] is that of row order[i]
    times: Ints  # of each row, UTC microseconds
    alive: Bools
    handles: bool  # some account is known by handle alone
    count: int  # of those alive
    shape: Shape

    @classmethod
    def of(cls, rows: pa.Table, shape: Shape) -> Self:
        """A chunk of these rows."""
        keys = identity_keys(rows[shape.id])
        order = np.argsort(keys).astype(np.int32)
        packed = pa.RecordBatch.from_arrays(
            [_packed(name, rows[name].combine_chunks()) for name in rows.column_names], names=rows.column_names
        )
        times = packed[shape.at].cast(pa.int64()).to_numpy()
        handles = any(pc.any(pc.starts_with(names, HANDLE)).as_py() for names, _ in _accounts(packed, shape))
        return cls(packed, keys[order], order, times, np.ones(len(packed), np.bool_), handles, len(packed), shape)

    def find(self, keys: Keys) -> Ints:
        """The row that is alive with each key, -1 where there is none."""
        places = np.searchsorted(self.keys, keys)
        found = np.full(len(keys), -1, np.int64)
        inside = np.flatnonzero(places < len(self.keys))
        hits = inside[self.keys[places[inside]] == keys[inside]]
        rows = self.order[places[hits]]
        living = self.alive[rows]
        found[hits[living]] = rows[living]
        return found

    def naming(self, handles: pa.Array) -> Ints:
        """The rows that are alive and name an account by one of these handles."""
        named = np.zeros(len(self.rows), np.bool_)
        for names, rows in _accounts(self.rows, self.shape) if self.handles else ():
            hits = pc.is_in(names, value_set=handles).to_numpy(zero_copy_only=False)
            named[rows[hits]] = True
        return np.flatnonzero(named & self.alive)

    def drop(self, rows: Ints) -> None:
        """These rows (alive, each named once) no longer count."""
        self.alive[rows] = False
        self.count -= len(rows)

    def take(self, rows: Ints | None, schema: pa.Schema) -> pa.Table:
        """Some rows, or all that are alive, unpacked."""
        if rows is None:
            rows = np.flatnonzero(self.alive)
        taken = self.rows.take(pa.array(rows))
        return pa.Table.from_arrays(
            [column.cast(field.type) for column, field in zip(taken.columns, schema, strict=True)], schema=schema
        )

    @property
    def nbytes(self) -> int:
        """Bytes about."""
        return int(self.rows.nbytes + self.keys.nbytes + self.order.nbytes + self.alive.nbytes)


def _packed(name: str, column: pa.Array) -> pa.Array:
    return column.dictionary_encode() if name in PACKED else column


def _accounts(rows: pa.RecordBatch, shape: Shape) -> Iterator[tuple[pa.Array, Ints]]:
    """Names of accounts, and the row in which each stands."""
    for name in shape.accounts:
        if name not in rows.schema.names:
            continue
        if pa.types.is_list(rows[name].type):
            yield pc.list_flatten(rows[name]), pc.list_parent_indices(rows[name]).to_numpy()
        else:
            yield rows[name].cast(pa.string()), np.arange(len(rows))
