"""When each channel first and last spoke: read from all messages, one row a channel."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from seawall.measures.tables import Folded
from seawall.parts import Parts

CHANNEL = ["platform", "channel"]
DIRECT = "direct"
UTC_MICROSECONDS = pa.timestamp("us", "UTC")
LIVES = pa.schema(
    [
        ("platform", pa.string()),
        ("channel", pa.string()),
        ("first_at", UTC_MICROSECONDS),
        ("last_at", UTC_MICROSECONDS),
        ("visibility", pa.string()),
    ]
)
"""A row a channel: its first and last message, and the least visible word for how its messages are seen, by letters."""


@dataclass(frozen=True)
class ChannelLives:
    """The lives (``LIVES``) of channels with messages that are not direct, in no order."""

    columns: tuple[str, ...] = ("platform", "channel_id", "sent_at", "visibility")

    def at_once(self, rows: pa.RecordBatchReader) -> pa.Table:
        """From all messages."""
        lives = Folded(together, LIVES.empty_table())
        for batch in rows:
            lives.put(lives_of(pa.Table.from_batches([batch])))
        return lives.all()

    def over(self, parts: Parts) -> pa.Table:
        """From messages in parts; a row a channel comes back."""
        return parts.each(lives_of).by(*CHANNEL).each(together).all()


def lives_of(messages: pa.Table) -> pa.Table:
    """The lives of the channels of some messages, as far as these tell."""
    spoken = pc.and_(pc.is_valid(messages["channel_id"]), pc.not_equal(messages["visibility"], DIRECT))
    rows = messages.filter(spoken)
    names = ("platform", "channel_id", "sent_at", "sent_at", "visibility")
    return together(pa.Table.from_arrays([rows[name] for name in names], schema=LIVES))


def together(lives: pa.Table) -> pa.Table:
    """One row a channel."""
    of_channel = lives.group_by(CHANNEL)
    whole = of_channel.aggregate([("first_at", "min"), ("last_at", "max"), ("visibility", "min")])
    return whole.rename_columns(LIVES.names).cast(LIVES)
