"""Erasing accounts: after it no byte of their pseudonyms, their messages or the ids of these is in the lake.

The order makes an interrupted erasure repeatable: what tells which rows belong to the accounts (messages, then
aliases) goes last. Other people's copies of their words stay: they are those people's messages.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.lake.delta import DeltaFolder
from seawall.lake.home import Home
from seawall.lake.people import pseudonyms_of
from seawall.lake.pseudonyms import leading_to, lists_without
from seawall.lake.records import ErasureReceipt
from seawall.lake.rewrite import Change, forget, read_rows, rewrite
from seawall.lake.runs import UnsignedArray
from seawall.lake.schemas import REFERENCES
from seawall.lake.writer import Writer
from seawall.protocols import Progress

_NAMED = {
    "messages": ("account_id", "mentions"),
    "interactions": ("source_account", "target_account"),
    "accounts": ("account_id",),
    "aliases": ("handle_key", "account_id"),
}
"""Where pseudonyms of accounts stand."""


@dataclass
class _Traces:
    """What of the accounts is to go."""

    pseudonyms: pa.Array
    message_ids: pa.Array
    keys: UnsignedArray


def erase(writer: Writer, accounts: Collection[str], progress: Progress | None = None) -> ErasureReceipt:
    """See ``Lake.erase``."""
    tables, suppression = writer.tables, writer.suppression
    wanted = {*accounts, *(_unfinished(writer) if suppression.pending else ())}
    pseudonyms = pseudonyms_of(tables["aliases"], wanted)
    suppression.begin(pseudonyms)
    traces = _find(writer, pseudonyms)
    suppression.add(traces.message_ids.to_pylist())
    writer.forget_keys(traces.keys)
    rows = {name: rewrite(tables[name], change, columns, progress) for name, change, columns in _changes(traces)}
    for table in tables.values():
        forget(table)
    writer.clear_spill()
    suppression.finish()
    writer.ledger.version = tables["batches"].version()
    return ErasureReceipt(
        pseudonyms=pseudonyms,
        message_ids=tuple(traces.message_ids.to_pylist()),
        rows=rows,
        epoch=suppression.epoch,
    )


def _unfinished(writer: Writer) -> Collection[str]:
    """Accounts in the lake that an interrupted erasure was to remove."""
    columns = [
        pa.chunked_array([batch.column(name)])
        for table, names in _NAMED.items()
        for batch in read_rows(writer.tables[table], writer.tables[table].snapshot().files, names)
        for name in names
    ]
    found: list[str] = writer.suppression.among_columns(columns).to_pylist()
    return found


def message_ids_of(home: Home, accounts: Collection[str]) -> list[str]:
    """The ids of these accounts' messages, direct ones included."""
    tables = {name: home.table(name) for name in _NAMED}
    found = _own_messages(tables, pa.array(sorted(pseudonyms_of(tables["aliases"], accounts)), pa.string()))
    ids: list[str] = pc.unique(_joined([ids for ids, _ in found], pa.string()).drop_null()).to_pylist()
    return ids


def _own_messages(tables: Mapping[str, DeltaFolder], pseudonyms: pa.Array) -> Iterator[tuple[pa.Array, pa.Array]]:
    """Ids and keys of the messages, and of the direct messages that are interactions without text."""
    for table, account in (("messages", "account_id"), ("interactions", "source_account")):
        columns = [account, "message_id", "kind", "id_key"]
        for batch in read_rows(tables[table], tables[table].snapshot().files, columns):
            own = pc.is_in(batch.column(account), value_set=pseudonyms)
            direct = pc.and_(own, pc.equal(batch.column("kind"), "dm")) if table == "interactions" else own
            yield batch.column("message_id").filter(direct), batch.column("id_key").filter(own)


def _find(writer: Writer, pseudonyms: Collection[str]) -> _Traces:
    wanted = pa.array(sorted(pseudonyms), pa.string())
    found = list(_own_messages(writer.tables, wanted))
    ids = pc.unique(_joined([ids for ids, _ in found], pa.string()).drop_null())
    keys = [keys for _, keys in found]
    deletions = writer.tables["deletions"]
    keys += [
        batch.column("id_key").filter(pc.is_in(batch.column("message_id"), value_set=ids))
        for batch in read_rows(deletions, deletions.snapshot().files, ["message_id", "id_key"])
    ]
    numbers = _joined(keys, pa.int64()).drop_null().to_numpy().view(np.uint64)
    return _Traces(wanted, ids, np.unique(numbers))


def _changes(traces: _Traces) -> Iterator[tuple[str, Change, Sequence[str]]]:
    """What is done to each table, in this order: the tables that tell what belongs to the accounts go last."""
    accounts, ids = traces.pseudonyms, traces.message_ids

    def gone(batch: pa.RecordBatch, name: str, values: pa.Array) -> pa.Array:
        return pc.fill_null(pc.is_in(batch.column(name), value_set=values), False)

    def led(batch: pa.RecordBatch, name: str) -> pa.Array:
        return leading_to(batch.column(name), ids, accounts)

    def interactions(batch: pa.RecordBatch) -> pa.RecordBatch:
        left = _left(batch, gone(batch, "source_account", accounts))
        left = _nulled(left, "target_account", gone(left, "target_account", accounts))
        return _nulled(left, "message_id", led(left, "message_id"))

    def deletions(batch: pa.RecordBatch) -> pa.RecordBatch:
        return _left(batch, led(batch, "message_id"))

    def described(batch: pa.RecordBatch) -> pa.RecordBatch:
        return _left(batch, gone(batch, "account_id", accounts))

    def messages(batch: pa.RecordBatch) -> pa.RecordBatch:
        left = _left(batch, gone(batch, "account_id", accounts))
        for name in REFERENCES:
            left = _nulled(left, name, led(left, name))
        return _unmentioned(left, accounts)

    def aliases(batch: pa.RecordBatch) -> pa.RecordBatch:
        return _left(batch, pc.or_(gone(batch, "account_id", accounts), gone(batch, "handle_key", accounts)))

    yield "interactions", interactions, [*_NAMED["interactions"], "message_id"]
    yield "deletions", deletions, ["message_id"]
    yield "accounts", described, _NAMED["accounts"]
    yield "messages", messages, [*_NAMED["messages"], *REFERENCES]
    yield "aliases", aliases, _NAMED["aliases"]


def _left(batch: pa.RecordBatch, gone: pa.Array) -> pa.RecordBatch:
    return batch.filter(pc.invert(gone)) if pc.any(gone, min_count=0).as_py() else batch


def _nulled(batch: pa.RecordBatch, name: str, which: pa.Array) -> pa.RecordBatch:
    if not pc.any(which, min_count=0).as_py():
        return batch
    place = batch.schema.get_field_index(name)
    nulls = pa.scalar(None, batch.schema.field(place).type)
    return batch.set_column(place, batch.schema.field(place), pc.if_else(which, nulls, batch.column(place)))


def _unmentioned(batch: pa.RecordBatch, accounts: pa.Array) -> pa.RecordBatch:
    place = batch.schema.get_field_index("mentions")
    mentions = batch.column(place)
    changed = lists_without(mentions, accounts)
    return batch if changed is mentions else batch.set_column(place, batch.schema.field(place), changed)


def _joined(parts: list[pa.Array], kind: pa.DataType) -> pa.Array:
    return pa.concat_arrays(parts) if parts else pa.array([], kind)
