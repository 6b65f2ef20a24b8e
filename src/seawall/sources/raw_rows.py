"""The rows of one raw batch while it fills."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from seawall.model import RAW_CHANNELS, RAW_DELETIONS, RAW_INTERACTIONS, RAW_MESSAGES, REJECTED, raw_table
from seawall.protocols import BATCH_RECORDS, RawBatch

BATCH_BYTES = 32 << 20
"""A batch is cut after the record with which its records have this many bytes."""

Row = dict[str, Any]
"""Columns of a raw schema that the record tells."""


class RawRows:
    """Collects what consecutive records tell; ``batch`` hands it over and starts anew."""

    def __init__(self, platform: str, *, ids_within_channel: bool = False) -> None:
        self._platform = platform
        self._ids_within_channel = ids_within_channel
        self._clear()

    def _clear(self) -> None:
        self._records = 0
        self._bytes = 0
        self._messages: list[Row] = []
        self._interactions: list[Row] = []
        self._deletions: list[Row] = []
        self._rejected: list[Row] = []
        self._channels: dict[str, Row] = {}
        self._assumptions: dict[str, None] = {}

    @property
    def full(self) -> bool:
        """Whether the batch must be cut here."""
        return self._records >= BATCH_RECORDS or self._bytes >= BATCH_BYTES

    @property
    def empty(self) -> bool:
        """Whether nothing was collected."""
        return not self._records and not self._channels

    def count(self, size: int) -> None:
        """One more record, of ``size`` bytes. Exactly one of the four methods below takes it."""
        self._records += 1
        self._bytes += size

    def message(self, position: int, row: Row) -> None:
        """A row of RAW_MESSAGES."""
        row["position"] = position
        self._messages.append(row)

    def interaction(self, position: int, row: Row) -> None:
        """A row of RAW_INTERACTIONS."""
        row["position"] = position
        self._interactions.append(row)

    def deletion(self, position: int, row: Row) -> None:
        """A row of RAW_DELETIONS."""
        row["position"] = position
        self._deletions.append(row)

    def reject(self, position: int, field: str, reason: str) -> None:
        """A record that cannot be used."""
        self._rejected.append({"position": position, "field": field, "reason": reason})

    def channel(self, row: Row) -> None:
        """What is known of a channel; told once in a batch."""
        self._channels[row["channel_id"]] = row

    def forget_channels(self) -> None:
        """Channels told so far belong to an earlier batch."""
        self._channels.clear()

    def assume(self, sentence: str) -> None:
        """A sentence about what was assumed; told once in a batch."""
        self._assumptions[sentence] = None

    def batch(self, checkpoint: str) -> RawBatch:
        """The batch up to here."""
        made = RawBatch(
            platform=self._platform,
            records=self._records,
            messages=_table(RAW_MESSAGES, self._messages),
            interactions=_table(RAW_INTERACTIONS, self._interactions),
            deletions=_table(RAW_DELETIONS, self._deletions),
            rejected=_table(REJECTED, self._rejected),
            channels=_table(RAW_CHANNELS, list(self._channels.values())),
            ids_within_channel=self._ids_within_channel,
            checkpoint=checkpoint,
            assumptions=tuple(self._assumptions),
        )
        self._clear()
        return made


def _table(schema: pa.Schema, rows: list[Row]) -> pa.Table:
    if not rows:
        return raw_table(schema)
    return raw_table(schema, {name: [row.get(name) for row in rows] for name in schema.names})
