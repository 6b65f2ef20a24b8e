"""Records that intake itself cannot keep: each with the field and the reason, never the value."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from seawall.intake.context import Context
from seawall.intake.visibility import is_known
from seawall.model import (
    CONTACT_KINDS,
    INTERACTION_KINDS,
    LENGTH_CLASSES,
    MESSAGE_KINDS,
    QUARANTINE,
    REJECTED,
    UTC_MICROSECONDS,
)

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
LATEST = timedelta(days=2)
"""How far ahead of the time of collection a record's time may lie: clocks and zones are off by a day at most."""

LONGEST_ID = 1024
"""Bytes of an id of a message, channel or account."""

Reason = tuple[str, str, pa.Array]  # field, reason, which rows


def message_reasons(messages: pa.Table, accounts: pa.Array, visibility: pa.Array, now: datetime) -> list[Reason]:
    """Why rows of ``model.RAW_MESSAGES`` cannot be kept."""
    kinds = [kind for kind in MESSAGE_KINDS if kind != "edit"]
    return [
        ("account", "no account is told", pc.is_null(accounts)),
        ("kind", "not a kind of message", pc.invert(pc.is_in(messages["kind"], pa.array(kinds)))),
        ("visibility", "not public, closed or direct", pc.invert(is_known(visibility))),
        ("acts", "not a kind of interaction", _strange_acts(messages["acts"].combine_chunks())),
        *_times(messages, ("sent_at", "edited_at", "deleted_at"), now),
        *_long_ids(messages, ("message_id", "channel_id", "reply_to", "repost_of", "thread_of"), ("account",)),
    ]


def interaction_reasons(interactions: pa.Table, accounts: pa.Array, now: datetime) -> list[Reason]:
    """Why rows of ``model.RAW_INTERACTIONS`` cannot be kept."""
    return [
        ("source_account", "no account is told", pc.is_null(accounts)),
        ("kind", "not a kind of interaction", pc.invert(pc.is_in(interactions["kind"], pa.array(INTERACTION_KINDS)))),
        ("contact_kind", "not a kind of contact", _not_among(interactions["contact_kind"], CONTACT_KINDS)),
        ("length_class", "not a class of length", _not_among(interactions["length_class"], LENGTH_CLASSES)),
        *_times(interactions, ("at",), now),
        *_long_ids(interactions, ("interaction_id", "channel_id", "message_id"), ("source_account", "target_account")),
    ]


def deletion_reasons(deletions: pa.Table, now: datetime) -> list[Reason]:
    """Why rows of ``model.RAW_DELETIONS`` cannot be kept."""
    return [*_times(deletions, ("deleted_at",), now), *_long_ids(deletions, ("message_id", "channel_id"), ())]


def rejected(positions: pa.Array | pa.ChunkedArray, reasons: list[Reason]) -> tuple[pa.Table, pa.Array]:
    """The rejected records (``model.REJECTED``), each with its first reason, and which rows are good."""
    rows = len(positions)
    found = pa.nulls(rows, pa.int32())
    for number, (_, _, wrong) in reversed(list(enumerate(reasons))):
        found = pc.if_else(pc.fill_null(wrong, False), pa.scalar(number, pa.int32()), found)
    found = found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found
    good = pc.is_null(found)
    bad = pc.invert(good)
    numbers = found.filter(bad)
    fields, sentences = (pa.array([reason[part] for reason in reasons], pa.string()) for part in (0, 1))
    return (
        pa.Table.from_arrays([positions.filter(bad), fields.take(numbers), sentences.take(numbers)], schema=REJECTED),
        good,
    )


def quarantine(context: Context, tables: list[pa.Table]) -> pa.Table:
    """The rejected records of source and intake as rows of the lake, in the order of the input."""
    rows = pa.concat_tables(tables).sort_by("position").combine_chunks()
    columns = {name: rows[name].combine_chunks() for name in REJECTED.names}
    return context.table(QUARANTINE, rows.num_rows, columns)


def _strange_acts(acts: pa.ListArray) -> pa.Array:
    kinds = pc.struct_field(acts.flatten(), [0])
    strange = pc.list_parent_indices(acts).filter(pc.invert(pc.is_in(kinds, pa.array(INTERACTION_KINDS))))
    return pc.is_in(pa.array(range(len(acts)), strange.type), strange)


def _not_among(column: pa.ChunkedArray, allowed: tuple[str, ...]) -> pa.Array:
    return pc.and_(pc.is_valid(column), pc.invert(pc.is_in(column, pa.array(allowed))))


def _times(table: pa.Table, names: tuple[str, ...], now: datetime) -> list[Reason]:
    first, last = (pa.scalar(when, UTC_MICROSECONDS) for when in (EARLIEST, now + LATEST))
    early = [(name, "before 1990", pc.less(table[name], first)) for name in names]
    late = [(name, "more than two days in the future", pc.greater(table[name], last)) for name in names]
    return early + late


def _long_ids(table: pa.Table, names: tuple[str, ...], accounts: tuple[str, ...]) -> list[Reason]:
    ids = [(name, table[name]) for name in names]
    ids += [(name, pc.struct_field(table[name], [part])) for name in accounts for part in (0, 1, 2)]
    return [(name, "longer than 1024 bytes", pc.greater(pc.binary_length(column), LONGEST_ID)) for name, column in ids]
