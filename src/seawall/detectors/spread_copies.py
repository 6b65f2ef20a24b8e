"""Messages -> copies of texts: what of a message counts for how a text spreads, as arrays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.measures.keys import Keys, Times, identity_keys

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

COLUMNS: tuple[str, ...] = (
    "message_id",
    "platform",
    "channel_id",
    "account_id",
    "sent_at",
    "kind",
    "text_key",
    "links",
)
"""The columns of ``messages`` that are read of each message."""

SCHEMA = pa.schema(
    [
        ("message", pa.string()),
        ("platform", pa.string()),
        ("channel", pa.string()),
        ("account", pa.uint64()),
        ("at", pa.int64()),
        ("key", pa.uint64()),
        ("repost", pa.bool_()),
        ("linked", pa.bool_()),
    ]
)
"""A copy: ids, the account's 64-bit key, UTC microseconds, the match key, whether reposted, whether it has a link."""

LEFT_OUT = ("edit", "service")


def copies_table(messages: pa.RecordBatchReader) -> pa.Table:
    """The rows of ``messages`` (``COLUMNS``) that have a match key, in ``SCHEMA``; read as it streams."""
    return pa.Table.from_batches([copies_batch(batch) for batch in messages], SCHEMA)


def copies_batch(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The same of one batch."""
    rows = batch.filter(may_be_copies(batch))
    arrays = [
        rows["message_id"],
        rows["platform"],
        rows["channel_id"],
        pa.array(identity_keys(pa.chunked_array([rows["account_id"]]))),
        rows["sent_at"].cast(pa.int64()),
        rows["text_key"],
        pc.equal(rows["kind"], "repost"),
        pc.fill_null(pc.greater(pc.list_value_length(rows["links"]), 0), fill_value=False),
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=SCHEMA)


def may_be_copies(rows: pa.RecordBatch | pa.Table) -> pa.Array | pa.ChunkedArray:
    """Where a message (``text_key``, ``kind``) says something that others may copy."""
    out = pc.is_in(rows["kind"], value_set=pa.array(LEFT_OUT))
    return pc.and_(pc.is_valid(rows["text_key"]), pc.invert(out))


@dataclass(frozen=True)
class Copies:
    """Copies in an order of their own: by platform, posted or reposted, cluster, time and message.

    Args:
        table: ``SCHEMA``.
        cluster: the cluster of each, by the match key that names it.
        group: of each, the number of its platform, way and cluster.
        message: a key of the message id.
        channel: a number for each channel, -1 for none.
    """

    table: pa.Table
    cluster: Keys
    group: Ints
    message: Keys
    account: Keys
    channel: Ints
    at: Times

    @classmethod
    def of(cls, table: pa.Table, clusters: pa.Table | None = None, *, apart: bool = True) -> Copies:
        """Copies of a table in any order.

        Args:
            table: ``SCHEMA``.
            clusters: ``key`` and ``cluster`` (uint64) of the texts that belong to a cluster; the others are their own.
            apart: platforms, and what is posted and reposted, make groups of their own.
        """
        cluster = cluster_keys(table, clusters)
        platform = _codes(table["platform"]) * apart
        reposted = table["repost"].to_numpy().astype(np.int64) * apart
        message = identity_keys(table["message"])
        at = table["at"].to_numpy()
        order = np.lexsort((message, at, cluster, reposted, platform))
        parts = [platform[order], reposted[order], cluster[order]]
        changed = np.zeros(len(order), bool)
        for part in parts:
            changed[1:] |= part[1:] != part[:-1]
        return cls(
            table=table.take(pa.array(order)),
            cluster=cluster[order],
            group=np.cumsum(changed),
            message=message[order],
            account=table["account"].to_numpy()[order],
            channel=_codes(table["channel"])[order],
            at=at[order],
        )

    def __len__(self) -> int:
        return len(self.at)

    def part(self, rows: Ints) -> Copies:
        """Some of them; their numbers of groups stay."""
        arrays = {
            name: getattr(self, name)[rows] for name in ("cluster", "group", "message", "account", "channel", "at")
        }
        return replace(self, table=self.table.take(pa.array(rows)), **arrays)


def repeated(table: pa.Table, clusters: pa.Table | None = None) -> pa.Table:
    """The rows whose text, or cluster, comes more than once: most texts are nobody's copy and need no order.

    Args:
        table: ``SCHEMA``.
        clusters: as ``Copies.of`` takes them.
    """
    alone = copied_by_nobody(table, clusters)
    return table if not alone.any() else table.filter(pa.array(~alone))


def copied_by_nobody(table: pa.Table, clusters: pa.Table | None = None) -> Mask:
    """Which rows are the only ones of their text, or cluster; arguments as ``repeated`` takes them."""
    cluster = cluster_keys(table, clusters)
    order = np.argsort(cluster)
    ordered = cluster[order]
    same = ordered[1:] == ordered[:-1]
    alone = np.ones(len(cluster), bool)
    alone[order[1:][same]] = alone[order[:-1][same]] = False
    return alone


def _codes(column: pa.ChunkedArray) -> Ints:
    """A number for each value, by the order of the values; -1 for null."""
    names = pc.unique(column.drop_null()).sort()
    places = pc.index_in(column, value_set=names)
    return np.asarray(pc.fill_null(places, -1).to_numpy(), np.int64)


def cluster_keys(table: pa.Table, clusters: pa.Table | None) -> Keys:
    """The cluster of each row; arguments as ``repeated`` takes them."""
    keys = table["key"]
    if clusters is None:
        return np.asarray(keys.to_numpy(), np.uint64)
    place = pc.index_in(keys, value_set=clusters["key"].combine_chunks())
    named = clusters["cluster"].take(place)
    return np.asarray(pc.coalesce(named, keys).to_numpy(), np.uint64)


def text_names(keys: Iterable[int]) -> list[str]:
    """What a cluster is called: 16 hex digits of a match key.

    >>> text_names([255])
    ['00000000000000ff']
    """
    return [f"{int(key):016x}" for key in keys]
