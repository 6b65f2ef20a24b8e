"""How many messages each channel has in each bin."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from seawall.measures.bursts.plan import FIRST_MONDAY
from seawall.protocols import Window

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


def count_channels(window: Window, width: int) -> Counted:
    """Count messages by channel and bin of ``width`` microseconds; see ``counted_rows``."""
    whole = window.query(f"""
        SELECT platform, channel_id AS channel, make_timestamptz(bin * {width} + {FIRST_MONDAY}) AS at,
            count(*) AS count, min(sent_at) AS first, max(sent_at) AS last
        FROM (
            SELECT *, CAST(floor((epoch_us(sent_at) - {FIRST_MONDAY}) / {width}) AS BIGINT) AS bin
            FROM messages WHERE kind <> 'edit' AND visibility <> 'direct'
        )
        GROUP BY platform, channel_id, bin
    """)  # noqa: S608 - numbers of our own
    ends = whole.group_by("platform").aggregate([("first", "min"), ("last", "max")]).to_pylist()
    return Counted(
        whole.select(["platform", "channel", "at", "count"]),
        {row["platform"]: (row["first_min"], row["last_max"]) for row in ends},
    )


def counted_rows(batch: pa.RecordBatch) -> pa.Table:
    """Without later revisions, which are no further messages, and direct conversations, which are no channels."""
    rows = pa.Table.from_batches([batch])
    return rows.filter(pc.and_(pc.not_equal(rows["kind"], "edit"), pc.not_equal(rows["visibility"], "direct")))
