"""What is older than the operator wants to keep."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.compute as pc

from seawall.lake.delta import DeltaFolder
from seawall.lake.people import pseudonyms_of
from seawall.lake.records import ExpiryReceipt
from seawall.lake.rewrite import forget, read_rows, rewrite
from seawall.protocols import Progress

_ACCOUNTS_OF = {
    "messages": ("account_id",),
    "interactions": ("source_account", "target_account"),
    "accounts": ("account_id",),
}
_TIME_OF = {"messages": "sent_at", "interactions": "at", "accounts": "last_seen"}


def expire(
    tables: Mapping[str, DeltaFolder], before: datetime, held: Collection[str], progress: Progress | None = None
) -> ExpiryReceipt:
    """See ``Lake.expire``. Interrupted at any point and run again, it completes."""
    moment = before.replace(tzinfo=UTC) if before.tzinfo is None else before
    limit = pa.scalar(moment, pa.timestamp("us", tz="UTC"))
    kept = pa.array(sorted(pseudonyms_of(tables["aliases"], held)), pa.string())
    removed = {}
    for name in ("interactions", "accounts"):
        older = _Older(name, limit, kept)
        removed[name] = rewrite(tables[name], older.without, older.columns, progress)
    notices = _OldNotices(limit, _messages_of(tables["messages"], kept))
    removed["deletions"] = rewrite(tables["deletions"], notices.without, notices.columns, progress)
    messages = _OldMessages(tables["messages"], limit, kept)
    removed["messages"] = rewrite(tables["messages"], messages.without, messages.columns, progress)
    for name in removed:
        forget(tables[name])
    return ExpiryReceipt(**removed)


def _messages_of(table: DeltaFolder, accounts: pa.Array) -> pa.Array:
    """The ids of the messages of these accounts."""
    files = table.snapshot().files if len(accounts) else ()
    found = [
        batch.column("message_id").filter(pc.is_in(batch.column("account_id"), value_set=accounts))
        for batch in read_rows(table, files, ["account_id", "message_id"])
    ]
    return pa.concat_arrays(found) if found else pa.array([], pa.string())


def _left(batch: pa.RecordBatch, gone: pa.Array) -> pa.RecordBatch:
    return batch.filter(pc.invert(gone)) if pc.any(gone, min_count=0).as_py() else batch


class _Older:
    """The rows before the limit none of whose accounts is held."""

    def __init__(self, table: str, limit: pa.Scalar, kept: pa.Array) -> None:
        self._time, self._accounts = _TIME_OF[table], _ACCOUNTS_OF[table]
        self._limit, self._kept = limit, kept
        self.columns = [self._time, *self._accounts]

    def gone(self, batch: pa.RecordBatch) -> pa.Array:
        old = pc.less(batch.column(self._time), self._limit)
        for name in self._accounts:
            old = pc.and_not(old, pc.is_in(batch.column(name), value_set=self._kept))
        return old

    def without(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        return _left(batch, self.gone(batch))


class _OldMessages(_Older):
    """Messages before the limit, with their revisions, whatever time these tell."""

    def __init__(self, table: DeltaFolder, limit: pa.Scalar, kept: pa.Array) -> None:
        super().__init__("messages", limit, kept)
        self.columns += ["kind", "message_id"]
        self._revised = pa.array([], pa.string())
        self._revised = self._expiring(table)

    def _expiring(self, table: DeltaFolder) -> pa.Array:
        files = table.snapshot().files
        edits = [batch.column(0) for batch in read_rows(table, [file for file in files if file.edits], ["message_id"])]
        if not edits:
            return self._revised
        edited = pc.unique(pa.concat_arrays(edits))
        found = [
            batch.column("message_id").filter(
                pc.and_(self.gone(batch), pc.is_in(batch.column("message_id"), value_set=edited))
            )
            for batch in read_rows(table, [file for file in files if not file.edits], self.columns)
        ]
        return pa.concat_arrays(found) if found else self._revised

    def gone(self, batch: pa.RecordBatch) -> pa.Array:
        expired = pc.is_in(batch.column("message_id"), value_set=self._revised)
        return pc.if_else(pc.equal(batch.column("kind"), "edit"), expired, super().gone(batch))


class _OldNotices:
    """Notices of deletion before the limit, but for messages of held accounts."""

    columns = ("deleted_at", "message_id")

    def __init__(self, limit: pa.Scalar, held: pa.Array) -> None:
        self._limit, self._held = limit, held

    def without(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        old = pc.less(batch.column("deleted_at"), self._limit)
        return _left(batch, pc.and_not(old, pc.is_in(batch.column("message_id"), value_set=self._held)))
