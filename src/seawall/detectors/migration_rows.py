"""Messages -> who wrote in which channel on which day, and who linked to which place: the rows that migration needs."""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa
import pyarrow.compute as pc

from seawall.measures.flow.acts import DAY
from seawall.measures.flow.scene import PASSING
from seawall.measures.keys import identity_keys
from seawall.measures.place import place_keys
from seawall.model import Visibility

COLUMNS = ("message_id", "platform", "channel_id", "account_id", "sent_at", "kind", "visibility", "links")
"""The columns of ``messages`` that are read of each message."""

LEFT_OUT = ("edit", "service")

WROTE = pa.schema(
    [
        ("platform", pa.string()),
        ("channel", pa.string()),
        ("account", pa.uint64()),
        ("day", pa.int64()),
        ("messages", pa.int64()),
    ]
)
"""An account's 64-bit key, a day since 1970 (UTC), and how many messages it wrote in the channel on it."""

LINKED = pa.schema(
    [
        ("message", pa.string()),
        ("platform", pa.string()),
        ("channel", pa.string()),
        ("account", pa.uint64()),
        ("at", pa.int64()),
        ("place", pa.string()),
        ("kind", pa.string()),
        ("role", pa.string()),
    ]
)
"""A link of a message to a place that one can go to: times are UTC microseconds."""

_CELL = ("platform", "channel", "account", "day")


def counted_rows(messages: pa.Table) -> pa.Table:
    """The messages that somebody wrote where others could read them."""
    out = pc.or_(
        pc.is_in(messages["kind"], value_set=pa.array(LEFT_OUT)), pc.equal(messages["visibility"], Visibility.DIRECT)
    )
    return messages.filter(pc.invert(out))


def wrote_table(messages: pa.Table, sign: int = 1) -> pa.Table:
    """The rows of ``messages`` in ``WROTE``; ``sign`` -1 takes them out again."""
    cells = pa.table(
        {
            "platform": messages["platform"],
            "channel": messages["channel_id"],
            "account": pa.array(identity_keys(messages["account_id"])),
            "day": pa.array(messages["sent_at"].cast(pa.int64()).to_numpy() // DAY),
            "messages": pa.array([sign], pa.int64()).take(pa.array([0] * len(messages), pa.int64())),
        },
        schema=WROTE,
    )
    return summed([cells])


def summed(parts: Iterable[pa.Table]) -> pa.Table:
    """Counts of the same cell together, in no order; cells without any are left out."""
    whole = pa.concat_tables([WROTE.empty_table(), *parts])
    sums = whole.group_by(list(_CELL)).aggregate([("messages", "sum")]).rename_columns([*_CELL, "messages"])
    return sums.filter(pc.not_equal(sums["messages"], 0)).select(WROTE.names).cast(WROTE)


def linked_table(messages: pa.Table) -> pa.Table:
    """The links of ``messages`` in ``LINKED``; shorteners and infrastructure lead nowhere that one could stay."""
    linking = messages.filter(pc.fill_null(pc.greater(pc.list_value_length(messages["links"]), 0), fill_value=False))
    if not linking.num_rows:
        return LINKED.empty_table()
    lists = linking["links"].combine_chunks()
    parent, links = pc.list_parent_indices(lists), pc.list_flatten(lists)
    keyed = place_keys(pa.table({name: pc.struct_field(links, name) for name in ("url", "domain", "place")}))
    rows = linking.take(parent)
    told = pa.table(
        {
            "message": rows["message_id"],
            "platform": rows["platform"],
            "channel": rows["channel_id"],
            "account": pa.array(identity_keys(rows["account_id"])),
            "at": rows["sent_at"].cast(pa.int64()),
            **{name: keyed[name] for name in ("place", "kind", "role")},
        },
        schema=LINKED,
    )
    kept = pc.and_(pc.is_valid(told["role"]), pc.invert(pc.is_in(told["role"], value_set=pa.array(PASSING))))
    return told.filter(kept)


def read(messages: pa.RecordBatchReader) -> tuple[pa.Table, pa.Table]:
    """``WROTE`` and ``LINKED`` of all rows (``COLUMNS``), read as they stream."""
    wrote, linked = [], [LINKED.empty_table()]
    for batch in messages:
        rows = counted_rows(pa.Table.from_batches([batch]))
        wrote.append(wrote_table(rows))
        linked.append(linked_table(rows))
    return summed(wrote), pa.concat_tables(linked)
