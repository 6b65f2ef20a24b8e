"""The rows of one raw batch while it fills."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

import pyarrow as pa

from seawall.model import (
    RAW_CHANNELS,
    RAW_DELETIONS,
    RAW_IDENTITY,
    RAW_INTERACTIONS,
    RAW_MESSAGES,
    REJECTED,
    raw_table,
)
from seawall.protocols import BATCH_RECORDS, RawBatch

BATCH_BYTES = 32 << 20
"""A batch is cut after the record with which its records have this many bytes."""

BATCH_FILES = 500
"""So it is where so many files beside the export are to be hashed, which takes a minute or so."""

Row = dict[str, Any]
"""Columns of a raw schema that the record tells."""

FILE = "file"
"""The key under which a row of media names its file, where that may lie beside the export; it is never stored."""


class Beside(Protocol):
    """What knows the files beside an export."""

    def fill(self, media: Sequence[Row]) -> list[str]:
        """Put what is known of their files into rows of media; sentences about those that were of no use."""
        ...


class _Columns:
    """Rows of a schema, kept by column: nothing of a row's own object stays alive. A column ends at its last value."""

    def __init__(self, schema: pa.Schema) -> None:
        self._schema = schema
        self._rows = 0
        self._plain: dict[str, list[Any]] = {}
        self._identities: dict[str, tuple[list[Any], list[Any], list[Any]]] = {}
        for column in schema:
            if column.type == RAW_IDENTITY:
                self._identities[column.name] = ([], [], [])
            else:
                self._plain[column.name] = []

    def append(self, row: Row) -> None:
        before = self._rows
        self._rows += 1
        for name, value in row.items():
            if value is None:
                continue
            values = self._plain.get(name)
            if values is not None:
                if len(values) < before:
                    values.extend([None] * (before - len(values)))
                values.append(value)
            elif name in self._identities:
                parts = self._identities[name]
                _fill(parts, before)
                for part, field in zip(parts, _FIELDS, strict=True):
                    part.append(value[field])

    def table(self) -> pa.Table:
        _fill(self._plain.values(), self._rows)
        columns: dict[str, Any] = dict(self._plain)
        for name, parts in self._identities.items():
            _fill(parts, self._rows)
            nobody = pa.array([who == (None, None, None) for who in zip(*parts, strict=True)], pa.bool_())
            arrays = [pa.array(part, pa.string()) for part in parts]
            columns[name] = pa.StructArray.from_arrays(arrays, fields=list(RAW_IDENTITY), mask=nobody)
        return raw_table(self._schema, columns)


_FIELDS = tuple(field.name for field in RAW_IDENTITY)


def _fill(columns: Iterable[list[Any]], rows: int) -> None:
    """Nothing is told of the rows since a column's last value."""
    for values in columns:
        if len(values) < rows:
            values.extend([None] * (rows - len(values)))


class RawRows:
    """Collects what consecutive records tell; ``batch`` hands it over and starts anew."""

    def __init__(
        self,
        platform: str,
        *,
        ids_within_channel: bool = False,
        ids_name_accounts: bool = False,
        beside: Beside | None = None,
    ) -> None:
        self._platform = platform
        self._beside = beside
        self._ids_within_channel = ids_within_channel
        self._ids_name_accounts = ids_name_accounts
        self._clear()

    def _clear(self) -> None:
        self._records = 0
        self._bytes = 0
        self._messages = _Columns(RAW_MESSAGES)
        self._interactions = _Columns(RAW_INTERACTIONS)
        self._deletions = _Columns(RAW_DELETIONS)
        self._rejected = _Columns(REJECTED)
        self._files: list[Row] = []
        self._channels: dict[str, Row] = {}
        self._assumptions: dict[str, None] = {}

    @property
    def full(self) -> bool:
        """Whether the batch must be cut here."""
        return self._records >= BATCH_RECORDS or self._bytes >= BATCH_BYTES or len(self._files) >= BATCH_FILES

    @property
    def records(self) -> int:
        """How many records were counted."""
        return self._records

    @property
    def channels(self) -> int:
        """Of how many channels something is told."""
        return len(self._channels)

    def count(self, size: int) -> None:
        """One more record, of ``size`` bytes. Exactly one of the four methods below takes it."""
        self._records += 1
        self._bytes += size

    def message(self, position: int, row: Row) -> None:
        """A row of RAW_MESSAGES."""
        row["position"] = position
        if self._beside is not None:
            self._files += [one for one in row.get("media") or () if one.get(FILE)]
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

    def told(self, channel_id: str | None) -> Row | None:
        """What the batch tells of that channel so far."""
        return self._channels.get(channel_id) if channel_id is not None else None

    def forget_channels(self) -> None:
        """Channels told so far belong to an earlier batch."""
        self._channels.clear()

    def assume(self, sentence: str) -> None:
        """A sentence about what was assumed; told once in a batch."""
        self._assumptions[sentence] = None

    def batch(self, checkpoint: str) -> RawBatch:
        """The batch up to here."""
        if self._beside is not None:
            for sentence in self._beside.fill(self._files):
                self.assume(sentence)
        made = RawBatch(
            platform=self._platform,
            records=self._records,
            messages=self._messages.table(),
            interactions=self._interactions.table(),
            deletions=self._deletions.table(),
            rejected=self._rejected.table(),
            channels=_channels(self._channels.values()),
            ids_within_channel=self._ids_within_channel,
            ids_name_accounts=self._ids_name_accounts,
            checkpoint=checkpoint,
            assumptions=tuple(self._assumptions),
        )
        self._clear()
        return made


def _channels(rows: Iterable[Row]) -> pa.Table:
    columns = _Columns(RAW_CHANNELS)
    for row in rows:
        columns.append(row)
    return columns.table()
