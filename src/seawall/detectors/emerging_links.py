"""Messages -> their links, one row a link, and coverage as the measure of emerging places reads it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.measures.emergence.clock import DAY
from seawall.model import UTC_MICROSECONDS, Visibility

COLUMNS = ("message_id", "platform", "channel_id", "account_id", "sent_at", "kind", "visibility", "links")
SCHEMA = pa.schema(
    [
        ("at", UTC_MICROSECONDS),
        ("message", pa.string()),
        ("platform", pa.string()),
        ("channel", pa.string()),
        ("account", pa.string()),
        ("url", pa.string()),
        ("domain", pa.string()),
        ("place", pa.string()),
    ]
)


def links_table(rows: pa.RecordBatchReader) -> pa.Table:
    """The links of messages (``COLUMNS``) in channels; no later revisions, and none of direct conversations."""
    parts = [_of_batch(batch) for batch in rows]
    return pa.concat_tables(parts) if parts else SCHEMA.empty_table()


def _of_batch(batch: pa.RecordBatch) -> pa.Table:
    first = pc.and_(pc.not_equal(batch["kind"], "edit"), pc.not_equal(batch["visibility"], Visibility.DIRECT.value))
    wanted = pc.and_(first, pc.is_valid(batch["channel_id"]))
    batch = batch.filter(wanted)
    url, domain, place = pc.list_flatten(batch["links"]).flatten()
    parents = pc.list_parent_indices(batch["links"])
    names = ("sent_at", "message_id", "platform", "channel_id", "account_id")
    return pa.Table.from_arrays([*(batch[name].take(parents) for name in names), url, domain, place], schema=SCHEMA)


def of_whole_days(links: pa.Table) -> pa.Table:
    """The links of days that are over, because one of a later day is there; in an order that depends on no id."""
    at = links["at"].cast(pa.int64()).to_numpy()
    held = links.filter(pa.array(at < (at.max(initial=0) // DAY) * DAY))
    return held.sort_by([(name, "ascending") for name in ("at", "message", "url")]).combine_chunks()


def coverage_of(links: pa.Table, rows: list[dict[str, Any]]) -> pa.Table | None:
    """What was told of collection: since when each channel, and the gaps of a platform that is the only one."""
    platforms = pc.unique(links["platform"]).to_pylist()
    told = [
        {"start": row["start"], "end": row["end"], "complete": row["complete"], "channel": row["channel_id"]}
        for row in rows
        if row["channel_id"] is not None
        or (not row["complete"] and len(platforms) == 1 and row["platform"] == platforms[0])
    ]
    kinds = {"start": UTC_MICROSECONDS, "end": UTC_MICROSECONDS, "complete": pa.bool_(), "channel": pa.string()}
    return pa.Table.from_pylist(told, schema=pa.schema(kinds)) if told else None


def by_day(links: pa.Table) -> dict[str, list[Any]]:
    """For the links to one place: each day with a link, how many channels linked, and how many for the first time."""
    days = links["at"].cast(pa.int64()).to_numpy() // DAY
    channels = links["channel"].to_pylist()
    seen: set[str] = set()
    told: dict[str, list[Any]] = {"days": [], "channels": [], "new_channels": []}
    for day in np.unique(days).tolist():
        of_day = {channels[row] for row in np.flatnonzero(days == day).tolist()}
        told["days"].append(str(np.datetime64(day, "D")))
        told["channels"].append(len(of_day))
        told["new_channels"].append(len(of_day - seen))
        seen |= of_day
    return told
