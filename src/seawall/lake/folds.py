"""What a reader sees of a message, folded from its later revisions, its deletion and the aliases of its accounts.

Each fold is skipped where there is nothing to fold. What a fold needs to know is held in memory: one row for
each edited message (of the columns asked for), one for each deleted message, one for each alias.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.lake.pseudonyms import lists_replaced, replaced
from seawall.lake.schemas import STORED

REVISED = ("text", "text_key", "language", "language_confidence", "mentions", "links", "hashtags", "media", "edited_at")
"""The columns that a later revision replaces; the rest stays as the first row told it."""

ACCOUNT_COLUMNS = {
    "messages": ("account_id", "mentions"),
    "interactions": ("source_account", "target_account"),
    "accounts": ("account_id",),
}


class Aliases:
    """Handles that lead to exactly one account."""

    def __init__(self, rows: pa.Table) -> None:
        pairs = rows.select(["handle_key", "account_id"]).group_by(["handle_key", "account_id"]).aggregate([])
        counts = pairs.group_by("handle_key").aggregate([("account_id", "count"), ("account_id", "min")])
        sure = counts.filter(pc.equal(counts.column("account_id_count"), 1))
        self._handles = sure.column("handle_key").combine_chunks()
        self._accounts = sure.column("account_id_min").combine_chunks()

    def __len__(self) -> int:
        return len(self._handles)

    def resolve(self, values: pa.Array) -> pa.Array:
        """Account ids, or lists of them: handles are replaced where it is known whose they are."""
        change = lists_replaced if pa.types.is_list(values.type) else replaced
        return change(values, self._handles, self._accounts)


class Revisions:
    """The latest revision of each edited message."""

    def __init__(self, rows: pa.Table) -> None:
        order = pc.sort_indices(
            rows.select(["message_id", "edited_at"]), [("message_id", "ascending"), ("edited_at", "ascending")]
        )
        ids = rows.column("message_id").take(order)
        ends = pc.fill_null(pc.not_equal(ids[:-1], ids[1:]), True).to_numpy() if len(ids) else np.empty(0, np.bool_)
        last = np.append(ends, True) if len(ids) else ends
        self._rows = rows.take(order.filter(pa.array(last))).combine_chunks()

    def __len__(self) -> int:
        return int(self._rows.num_rows)

    @property
    def ids(self) -> pa.Array:
        """The edited messages."""
        return _array(self._rows.column("message_id"))

    def fold(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Rows with the values of their latest revision."""
        places = pc.index_in(batch.column("message_id"), value_set=self.ids)
        if places.null_count == len(places):
            return batch
        edited = places.is_valid()
        arrays = []
        for name, values in zip(batch.schema.names, batch.columns, strict=True):
            if name in REVISED:
                arrays.append(_chosen(edited, _array(self._rows.column(name)).take(places), values))
            else:
                arrays.append(values)
        return pa.RecordBatch.from_arrays(arrays, schema=batch.schema)


class Deletions:
    """When messages were deleted, by the first notice."""

    def __init__(self, rows: pa.Table) -> None:
        first = rows.group_by("message_id").aggregate([("deleted_at", "min")])
        self._ids = _array(first.column("message_id"))
        self._times = _array(first.column("deleted_at_min"))

    def __len__(self) -> int:
        return len(self._ids)

    def fold(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Rows with ``deleted_at`` filled in where a notice tells it and the row itself does not."""
        place = batch.schema.get_field_index("deleted_at")
        told = self._times.take(pc.index_in(batch.column("message_id"), value_set=self._ids))
        return batch.set_column(place, STORED["messages"].field("deleted_at"), pc.coalesce(batch.column(place), told))


class FirstInteraction:
    """Of the interactions of an edited message, each once: its revisions repeat them under the same id."""

    def __init__(self, edited: pa.Array) -> None:
        self._edited = edited
        self._seen: set[str] = set()

    def fold(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The rows without repetitions."""
        touched = pc.fill_null(pc.is_in(batch.column("message_id"), value_set=self._edited), False)
        rows = np.flatnonzero(touched.to_numpy(zero_copy_only=False))
        keep = np.ones(batch.num_rows, np.bool_)
        for row, name in zip(rows, batch.column("interaction_id").take(pa.array(rows)).to_pylist(), strict=True):
            keep[row] = name not in self._seen
            self._seen.add(name)
        return batch if keep.all() else batch.filter(pa.array(keep))


def _array(column: pa.ChunkedArray) -> pa.Array:
    joined = column.combine_chunks()
    return joined if isinstance(joined, pa.Array) else pa.concat_arrays(joined.chunks)


def _chosen(condition: pa.Array, yes: pa.Array, no: pa.Array) -> pa.Array:
    """``if_else`` for any type, lists of structs included."""
    both = pa.concat_arrays([yes, no])
    places = np.where(condition.to_numpy(zero_copy_only=False), np.arange(len(yes)), np.arange(len(no)) + len(yes))
    return both.take(pa.array(places))
