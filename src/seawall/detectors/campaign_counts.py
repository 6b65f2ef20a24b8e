"""How many messages each channel has in each bin, counted as they stream by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from seawall.measures.bursts.plan import FIRST_MONDAY
from seawall.model import UTC_MICROSECONDS

COLUMNS = ("platform", "channel_id", "kind", "visibility", "sent_at")
"""Of ``messages``."""
HELD = 500_000
"""Partial counts are added up when there are so many of them."""

Series = tuple[str, str | None]
"""A platform and a channel of it, or None for messages outside of channels."""


@dataclass(frozen=True)
class Counted:
    """Messages by channel and bin.

    Args:
        counts: ``platform, channel, at, count``.
        spans: platform -> its first and last message.
    """

    counts: pa.Table
    spans: dict[str, tuple[datetime, datetime]]


def count_channels(messages: pa.RecordBatchReader, width: int) -> Counted:
    """Count messages by channel and bin of ``width`` microseconds; see ``counted_rows``."""
    parts: list[pa.Table] = []
    for batch in messages:
        rows = counted_rows(batch)
        at = rows["sent_at"].cast(pa.int64())
        bins = pa.array((at.to_numpy() - FIRST_MONDAY) // width)
        one = pa.table({"platform": rows["platform"], "channel": rows["channel_id"], "bin": bins, "at": at})
        parts.append(_grouped(one.append_column("count", pa.repeat(1, len(one)))))
        if sum(map(len, parts)) > HELD:
            parts = [_added(parts)]
    whole = _added(parts) if parts else _added([_grouped(_EMPTY)])
    ends = whole.group_by("platform").aggregate([("first", "min"), ("last", "max")]).to_pylist()
    starts = pa.array(whole["bin"].to_numpy() * width + FIRST_MONDAY).cast(UTC_MICROSECONDS)
    return Counted(
        whole.select(["platform", "channel"]).append_column("at", starts).append_column("count", whole["count"]),
        {row["platform"]: (_time(row["first_min"]), _time(row["last_max"])) for row in ends},
    )


def counted_rows(batch: pa.RecordBatch) -> pa.Table:
    """Without later revisions, which are no further messages, and direct conversations, which are no channels."""
    rows = pa.Table.from_batches([batch])
    return rows.filter(pc.and_(pc.not_equal(rows["kind"], "edit"), pc.not_equal(rows["visibility"], "direct")))


_EMPTY = pa.table(
    {name: pa.array([], pa.string()) for name in ("platform", "channel")}
    | {name: pa.array([], pa.int64()) for name in ("bin", "at", "count")}
)
_KEY = ["platform", "channel", "bin"]


def _grouped(rows: pa.Table) -> pa.Table:
    found = rows.group_by(_KEY).aggregate([("count", "sum"), ("at", "min"), ("at", "max")])
    return found.rename_columns([*_KEY, "count", "first", "last"])


def _added(parts: list[pa.Table]) -> pa.Table:
    found = pa.concat_tables(parts).group_by(_KEY)
    return found.aggregate([("count", "sum"), ("first", "min"), ("last", "max")]).rename_columns(
        [*_KEY, "count", "first", "last"]
    )


def _time(at: int) -> datetime:
    moment: datetime = pa.scalar(at, pa.int64()).cast(UTC_MICROSECONDS).as_py()
    return moment
