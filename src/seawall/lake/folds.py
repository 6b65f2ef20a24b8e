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

REVISED = frozenset(
    {
        *("text", "text_key", "language", "language_confidence", "mentions", "links", "hashtags", "media"),
        *("edited_at", "deleted_at", "contact_kind", "contact_key", "reply_key", "length_class"),
    }
)
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
    """The latest revision of each edited message or interaction.

    Args:
        rows: revisions with ``key``, ``edited_key`` and columns to fold.
        key: the column that names what is revised.
    """

    def __init__(self, rows: pa.Table, key: str) -> None:
        self._key = key
        order = pc.sort_indices(rows, [(key, "ascending"), ("edited_key", "ascending")])
        ids = rows.column(key).take(order).to_numpy()
        last = np.append(ids[1:] != ids[:-1], True)[: len(ids)]
        self._rows = rows.take(order.filter(pa.array(last, pa.bool_())))
        self._ids = self._rows.column(key).combine_chunks()
        self._found = np.zeros(len(self._ids), np.bool_)

    def fold(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Rows with the values of their latest revision."""
        places = pc.index_in(batch.column(self._key), value_set=self._ids)
        if places.null_count == len(places):
            return batch
        self._found[places.drop_null().to_numpy()] = True
        edited = places.is_valid()
        arrays = [
            _chosen(edited, self._rows.column(name).combine_chunks().take(places), values)
            if name in REVISED and name in self._rows.schema.names
            else values
            for name, values in zip(batch.schema.names, batch.columns, strict=True)
        ]
        return pa.RecordBatch.from_arrays(arrays, schema=batch.schema)

    def unseen(self) -> pa.Table:
        """The revisions that no row that was folded has met."""
        return self._rows.filter(pa.array(~self._found))


class Deletions:
    """When messages were deleted, by the first notice."""

    def __init__(self, rows: pa.Table) -> None:
        first = rows.group_by("message_id").aggregate([("deleted_at", "min")])
        self._ids = first.column("message_id").combine_chunks()
        self._times = first.column("deleted_at_min").combine_chunks()

    def __len__(self) -> int:
        return len(self._ids)

    def fold(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Rows with ``deleted_at`` filled in where a notice tells it and the row itself does not."""
        place = batch.schema.get_field_index("deleted_at")
        told = self._times.take(pc.index_in(batch.column("message_id"), value_set=self._ids))
        return batch.set_column(place, STORED["messages"].field("deleted_at"), pc.coalesce(batch.column(place), told))


def _chosen(condition: pa.Array, yes: pa.Array, no: pa.Array) -> pa.Array:
    """``if_else`` for any type, lists of structs included."""
    both = pa.concat_arrays([yes, no])
    places = np.where(condition.to_numpy(zero_copy_only=False), np.arange(len(yes)), np.arange(len(no)) + len(yes))
    return both.take(pa.array(places))
