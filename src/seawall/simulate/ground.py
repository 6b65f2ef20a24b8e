"""The background that something is planted into: who is there, when, and who knows whom."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.errors import MeasureError
from seawall.model import INTERACTION_KINDS, UTC_MICROSECONDS
from seawall.simulate.rows import SIMULATED, Codes, Longs, hex_keys, identities

NEEDED = ("at", "kind", "source", "target")
FEWEST = 30


def background_table(rows: Any, seed: int) -> pa.Table:
    """A background as a table of ``SIMULATED``, in its own order; ids become strings, missing columns null.

    Raises:
        MeasureError: it is no table, lacks a column, or has rows without time, kind or source.
    """
    table = rows if isinstance(rows, pa.Table) else _arrow(rows)
    missing = [name for name in NEEDED if name not in table.column_names]
    if missing:
        raise MeasureError(
            f"The background lacks {', '.join(missing)}.", where="background", mend=f"It needs {', '.join(NEEDED)}."
        )
    columns = []
    for column in SIMULATED:
        if column.name in table.column_names:
            columns.append(_cast(table[column.name].combine_chunks(), column))
        elif column.name == "interaction_id":
            columns.append(identity_column(table.num_rows, seed))
        else:
            columns.append(pa.nulls(table.num_rows, column.type))
    unknown = set(pc.unique(columns[2]).to_pylist()) - set(INTERACTION_KINDS)
    if unknown:
        raise MeasureError(
            "The background has a kind of interaction that there is not.",
            where="background, column kind", mend=f"There are: {', '.join(INTERACTION_KINDS)}.",
        )  # fmt: skip
    return pa.Table.from_arrays(columns, schema=SIMULATED)


def identity_column(count: int, seed: int) -> pa.Array:
    """Ids for rows that have none."""
    return hex_keys(identities(seed, 0, count))


def _arrow(rows: Any) -> pa.Table:
    if not hasattr(rows, "__arrow_c_stream__"):
        raise MeasureError(
            f"A {type(rows).__name__} is not a table.", where="background",
            mend="Give an Arrow table, or a data frame that Arrow can read.",
        )  # fmt: skip
    return pa.RecordBatchReader.from_stream(rows).read_all()


def _cast(values: Any, column: pa.Field) -> pa.Array:
    array = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    try:
        if column.type == UTC_MICROSECONDS and pa.types.is_timestamp(array.type) and array.type.tz is None:
            array = array.cast(pa.timestamp("us"), safe=False).cast(pa.int64())
        cast = array.cast(column.type, safe=False)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise MeasureError(
            f"The column cannot be read as {column.type}.", where=f"background, column {column.name}"
        ) from error
    if not column.nullable and cast.null_count:
        raise MeasureError(
            "Some rows have no value.", where=f"background, column {column.name}", mend="Leave them out."
        )
    return cast


class Ground:
    """A background with its accounts as numbers.

    Args:
        table: of ``SIMULATED``.

    Raises:
        MeasureError: there are too few accounts to plant anything among.
    """

    def __init__(self, table: pa.Table) -> None:
        self.table = table
        both = pa.chunked_array([*table["source"].chunks, *table["target"].chunks]).combine_chunks()
        coded = pc.dictionary_encode(both)
        coded = coded.combine_chunks() if isinstance(coded, pa.ChunkedArray) else coded
        self.names: pa.Array = coded.dictionary
        codes = pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int32)
        self.source: Codes = codes[: table.num_rows]
        self.target: Codes = codes[table.num_rows :]
        if len(self.names) < FEWEST:
            raise MeasureError(
                f"A background needs at least {FEWEST} accounts.", where="background",
                mend="Give a longer time, or leave the background out.",
            )  # fmt: skip
        self.at: Longs = table["at"].combine_chunks().cast(pa.int64()).to_numpy(zero_copy_only=False)
        self.begin, self.end = int(self.at.min()), int(self.at.max())
        self.first: Longs = np.full(len(self.names), self.end, np.int64)
        self.last: Longs = np.full(len(self.names), self.begin, np.int64)
        for who in (self.source, self.target):
            np.minimum.at(self.first, who[who >= 0], self.at[who >= 0])
            np.maximum.at(self.last, who[who >= 0], self.at[who >= 0])
        self.acts = np.bincount(self.source, minlength=len(self.names))
        self.active: Codes = np.flatnonzero(self.acts).astype(np.int32)
        self.by_first: Codes = self.active[np.argsort(self.first[self.active], kind="stable")]
        self.rising: Longs = self.first[self.by_first]

    def __len__(self) -> int:
        return len(self.names)

    @cached_property
    def _ties(self) -> tuple[Longs, Codes]:
        known = (self.target >= 0) & (self.target != self.source)
        source, target = self.source[known], self.target[known]
        start = np.concatenate([source, target])
        order = np.argsort(start, kind="stable")
        begins = np.searchsorted(start[order], np.arange(len(self.names) + 1))
        return begins, np.concatenate([target, source])[order]

    def known_to(self, account: int) -> Codes:
        """The accounts that an account has to do with, some more than once; none for accounts that are not here."""
        if account >= len(self.names):
            return np.zeros(0, np.int32)
        begins, other = self._ties
        return other[begins[account] : begins[account + 1]]

    @cached_property
    def channels(self) -> pa.Array:
        """The names of channels."""
        return pc.unique(self.table["channel"].drop_null())

    @cached_property
    def channel_of(self) -> Codes:
        """A channel in which each account is, or -1."""
        where = pc.index_in(self.table["channel"].combine_chunks(), value_set=self.channels)
        codes = pc.fill_null(where, -1).to_numpy(zero_copy_only=False)
        told = codes >= 0
        usual = np.full(len(self.names), -1, np.int32)
        usual[self.source[told]] = codes[told]
        return usual
