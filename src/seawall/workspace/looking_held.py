"""What pages need of the lake, in memory: a few numbers for each message, so that no page reads all messages anew."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.lake import Lake
from seawall.model.instants import EPOCH, INSTANT, microseconds
from seawall.workspace.looking_filter import MessageFilter

Rows = npt.NDArray[np.int64]
MESSAGE_COLUMNS = ("message_id", "platform", "channel_id", "account_id", "sent_at", "kind", "text_key")
ACT_COLUMNS = ("at", "kind", "source_account", "target_account", "channel_id")
NO_TEXT = 0
NOBODY = -2


class Coded(NamedTuple):
    """A column of names as numbers: the name of a row is ``names[codes[row]]``; -1 where none is told."""

    codes: npt.NDArray[np.int32]
    names: pa.Array

    def code(self, name: str) -> int:
        """The number of a name; one that no row has where the column does not know it."""
        place = int(pc.index(self.names, pa.scalar(name, pa.string())).as_py())
        return place if place >= 0 else NOBODY

    def counted(self, rows: Rows | slice) -> list[tuple[str, int]]:
        """How many of these rows have which name, the most frequent first; rows without a name are left out."""
        codes = self.codes[rows]
        counts = np.bincount(codes[codes >= 0], minlength=len(self.names))
        some = np.flatnonzero(counts)
        named = self.names.take(pa.array(some)).to_pylist()
        return sorted(zip(named, counts[some].tolist(), strict=True), key=lambda pair: (-pair[1], pair[0]))


@dataclass(frozen=True)
class HeldMessages:
    """All messages in the order of time. Every array is as long as ``times``."""

    ids: pa.ChunkedArray
    times: npt.NDArray[np.int64]  # UTC microseconds
    platform: Coded
    channel: Coded
    account: Coded
    kind: Coded
    text: npt.NDArray[np.uint64]  # match key; NO_TEXT where there is none

    def __len__(self) -> int:
        return len(self.times)

    def rows(self, chosen: MessageFilter) -> Rows:
        """The places of the messages that fit, in the order of time."""
        low = 0 if chosen.start is None else int(np.searchsorted(self.times, microseconds(chosen.start)))
        high = len(self) if chosen.end is None else int(np.searchsorted(self.times, microseconds(chosen.end)))
        fits: npt.NDArray[np.bool_] | None = None
        coded = {"platform": self.platform, "channel_id": self.channel, "account_id": self.account}
        for column, value in chosen.names.items():
            same = coded[column].codes[low:high] == coded[column].code(value)
            fits = same if fits is None else fits & same
        if chosen.key is not None:
            same = self.text[low:high] == np.uint64(chosen.key)
            fits = same if fits is None else fits & same
        return np.arange(low, high) if fits is None else np.flatnonzero(fits) + low

    def span(self, rows: Rows | None = None) -> tuple[datetime, datetime] | None:
        """When the first and the last of these messages were sent; None where there are none."""
        times = self.times if rows is None else self.times[rows]
        return (instant(times[0]), instant(times[-1])) if len(times) else None


@dataclass(frozen=True)
class HeldActs:
    """All interactions, in no order."""

    times: npt.NDArray[np.int64]
    kind: Coded
    source: Coded
    target: Coded
    channel: Coded


@dataclass(frozen=True)
class HeldLake:
    """The lake as it was at one moment.

    Args:
        version: of the lake.
        epoch: how often something was erased before.
        read_at: when it was read (UTC).
        seconds: how long that took.
        messages: all of them.
        acts: interactions.
        accounts: ``seawall.model.ACCOUNTS`` without its batch.
        channels: ``seawall.model.CHANNELS`` without its batch, by id.
        coverage: rows of the lake's coverage.
        inputs: what was committed, by source and platform: see ``INPUTS_SQL``.
        reasons: why records were set aside: source, reason, records.
    """

    version: str
    epoch: int
    read_at: datetime
    seconds: float
    messages: HeldMessages
    acts: HeldActs
    accounts: pa.Table
    channels: dict[str, dict[str, Any]]
    coverage: tuple[dict[str, Any], ...]
    inputs: tuple[dict[str, Any], ...]
    reasons: tuple[dict[str, Any], ...]
    memo: dict[Any, Any] = field(default_factory=dict)
    """What was computed of it before, by whoever computes it."""

    def account(self, id_: str) -> dict[str, Any] | None:
        """What is told of an account; None where nothing is."""
        place = int(pc.index(self.accounts["account_id"], pa.scalar(id_, pa.string())).as_py())
        return None if place < 0 else dict(self.accounts.slice(place, 1).to_pylist()[0])

    @cached_property
    def platforms(self) -> tuple[tuple[str, int], ...]:
        """The platforms with their messages, the largest first."""
        return tuple(self.messages.platform.counted(slice(None)))

    @cached_property
    def platform_spans(self) -> dict[str, tuple[datetime, datetime]]:
        """When the first and the last message of each platform were sent."""
        spans = {}
        for name, _ in self.platforms:
            span = self.messages.span(self.messages.rows(MessageFilter(platform=name)))
            if span is not None:
                spans[name] = span
        return spans


INPUTS_SQL = """SELECT source, platform, starts_with(feed, 'live:') AS live, count(*) AS batches,
    count(DISTINCT feed) AS feeds, sum(records)::BIGINT AS records, sum(kept)::BIGINT AS kept,
    sum(rejected)::BIGINT AS rejected, sum(duplicate)::BIGINT AS duplicate, max(committed_at) AS newest
    FROM batches WHERE source NOT IN ('stated', 'assumed') GROUP BY ALL ORDER BY newest DESC, source, platform"""
"""What was committed of each source and platform."""

_INPUT_COLUMNS = ("source", "platform", "feed", "records", "kept", "rejected", "duplicate", "committed_at")
_REASONS_SQL = """SELECT source, field || ': ' || reason AS reason, count(*) AS records FROM quarantine
    GROUP BY ALL ORDER BY records DESC, source, reason LIMIT 200"""


def read_lake(lake: Lake) -> HeldLake:
    """Read what pages need.

    Raises:
        StorageError: the disk refused, or the lake is damaged.
    """
    began, version, epoch = time.perf_counter(), lake.version(), lake.erasure_epoch
    read_at = datetime.now(UTC)
    messages = held_messages(lake.reader("messages", MESSAGE_COLUMNS).read_all())
    acts = held_acts(lake.reader("interactions", ACT_COLUMNS).read_all())
    channels = lake.reader("channels").read_all().drop_columns(["batch"]).to_pylist()
    quarantine = {"quarantine": ("source", "field", "reason")}
    return HeldLake(
        version=version,
        epoch=epoch,
        read_at=read_at,
        messages=messages,
        acts=acts,
        accounts=lake.reader("accounts").read_all().drop_columns(["batch"]).combine_chunks(),
        channels={row["channel_id"]: row for row in channels},
        coverage=tuple(lake.reader("coverage").read_all().to_pylist()),
        inputs=tuple(lake.query(INPUTS_SQL, {"batches": _INPUT_COLUMNS}).to_pylist()),
        reasons=tuple(lake.query(_REASONS_SQL, quarantine).to_pylist()),
        seconds=time.perf_counter() - began,
    )


def instant(since: int | np.int64) -> datetime:
    """The time in UTC of microseconds since 1970."""
    return EPOCH + INSTANT * int(since)


def held_messages(table: pa.Table) -> HeldMessages:
    """The messages of a table with MESSAGE_COLUMNS, in any order."""
    times = table["sent_at"].cast(pa.int64()).to_numpy()
    order = np.argsort(times, kind="stable")
    keys = np.asarray(pc.fill_null(table["text_key"], NO_TEXT).to_numpy(), np.uint64)
    return HeldMessages(
        ids=table["message_id"].take(pa.array(order)),
        times=times[order],
        **{
            name: _coded(table[column], order)
            for name, column in (
                ("platform", "platform"),
                ("channel", "channel_id"),
                ("account", "account_id"),
                ("kind", "kind"),
            )
        },
        text=keys[order],
    )


def held_acts(table: pa.Table) -> HeldActs:
    """The interactions of a table with ACT_COLUMNS."""
    return HeldActs(
        times=table["at"].cast(pa.int64()).to_numpy(),
        kind=_coded(table["kind"]),
        source=_coded(table["source_account"]),
        target=_coded(table["target_account"]),
        channel=_coded(table["channel_id"]),
    )


def _coded(column: pa.ChunkedArray, order: Rows | None = None) -> Coded:
    encoded = column.combine_chunks().dictionary_encode()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.unify_dictionaries().combine_chunks()
    codes = np.asarray(pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False), np.int32)
    return Coded(codes if order is None else codes[order], encoded.dictionary)


def narrow_spans(times: Iterable[int], most: int) -> Sequence[tuple[datetime, datetime]]:
    """At most ``most`` spans of time that hold all these times (UTC microseconds), with as little else as can be.

    >>> [(a.minute, b.minute) for a, b in narrow_spans([0, 60_000_000, 3_000_000_000], 2)]
    [(0, 1), (50, 50)]
    """
    ordered = np.unique(np.fromiter(times, np.int64))
    if not len(ordered):
        return []
    widest = np.sort(np.argsort(np.diff(ordered), kind="stable")[::-1][: most - 1])
    firsts = ordered[np.concatenate([[0], widest + 1])]
    lasts = ordered[np.concatenate([widest, [len(ordered) - 1]]).astype(np.int64)]
    return [(instant(first), instant(last) + INSTANT) for first, last in zip(firsts, lasts, strict=True)]
