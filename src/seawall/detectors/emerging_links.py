"""Messages -> their links, one row a link, and coverage as the measure of emerging places reads it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.measures.emergence.clock import DAY
from seawall.measures.tables import Folded
from seawall.model import UTC_MICROSECONDS, Visibility
from seawall.parts import Parts

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
    return pa.Table.from_batches(map(links_in, rows), SCHEMA)


def links_in(batch: pa.RecordBatch) -> pa.RecordBatch:
    """See ``links_table``: the links of one batch."""
    first = pc.and_(pc.not_equal(batch["kind"], "edit"), pc.not_equal(batch["visibility"], Visibility.DIRECT.value))
    wanted = pc.and_(first, pc.is_valid(batch["channel_id"]))
    batch = batch.filter(wanted)
    url, domain, place = pc.list_flatten(batch["links"]).flatten()
    parents = pc.list_parent_indices(batch["links"])
    names = ("sent_at", "message_id", "platform", "channel_id", "account_id")
    columns = [*(batch[name].take(parents) for name in names), url, domain, place]
    return pa.RecordBatch.from_arrays(columns, schema=SCHEMA)


def of_whole_days(links: pa.Table) -> pa.Table:
    """The links of days that are over, because one of a later day is there; in an order that depends on no id."""
    at = links["at"].cast(pa.int64()).to_numpy()
    held = links.filter(pa.array(at < (at.max(initial=0) // DAY) * DAY))
    return held.sort_by([(name, "ascending") for name in ("at", "message", "url")]).combine_chunks()


@dataclass(frozen=True)
class PlatformSpans:
    """``platform, first_at, last_at``: the first and last link of channels of each platform; of ``SCHEMA``."""

    columns: tuple[str, ...] = ("platform", "channel", "at")

    def at_once(self, rows: pa.RecordBatchReader) -> pa.Table:
        """Of all links at once."""
        spans = Folded(_spans, _SPANS.empty_table())
        for batch in rows:
            spans.put(_spans_of(pa.Table.from_batches([batch])))
        return spans.all()

    def over(self, parts: Parts) -> pa.Table:
        """The same of links in parts."""
        return _spans(parts.each(_spans_of).all())


_SPANS = pa.schema([("platform", pa.string()), ("first_at", UTC_MICROSECONDS), ("last_at", UTC_MICROSECONDS)])


def _spans_of(links: pa.Table) -> pa.Table:
    known = links.filter(pc.is_valid(links["channel"]))
    return _spans(pa.Table.from_arrays([known["platform"], known["at"], known["at"]], schema=_SPANS))


def _spans(spans: pa.Table) -> pa.Table:
    whole = spans.group_by("platform").aggregate([("first_at", "min"), ("last_at", "max")])
    return whole.rename_columns(_SPANS.names).cast(_SPANS)


def coverage_of(platforms: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> pa.Table | None:
    """What was told of collection: since when each channel, and the gaps of a platform that is the only one.

    Args:
        platforms: of the links.
        rows: of the lake's coverage table.
    """
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
