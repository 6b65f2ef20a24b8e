"""Interactions: those that a source records, those that follow from messages, and direct messages without their words.

A derived one has its message's row as parent and shares its fate in the lake; the others are records of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.intake.contacts import contacts, length_classes
from seawall.intake.context import Context
from seawall.intake.lists import lengths, ordinals, parents
from seawall.intake.message_rows import MessageRows, lake_ids, none_if_blank
from seawall.intake.row_keys import Hashes, as_ids, hash_rows
from seawall.measures.text.match_key import match_keys
from seawall.model import INTERACTIONS
from seawall.protocols import NO_EDIT, RowKeys


@dataclass(frozen=True, slots=True)
class Interactions:
    """Rows of ``model.INTERACTIONS`` with their parents and keys."""

    table: pa.Table
    parents: npt.NDArray[np.int64]
    keys: RowKeys

    @classmethod
    def of_own(cls, table: pa.Table, keys: RowKeys) -> Interactions:
        """Records of their own."""
        return cls(table, np.full(table.num_rows, -1, np.int64), keys)

    @classmethod
    def attached(cls, table: pa.Table, rows: npt.NDArray[np.int64]) -> Interactions:
        """Rows that belong to message rows."""
        zeros = np.zeros(table.num_rows, np.uint64)
        keys = RowKeys(zeros, zeros, np.full(len(zeros), NO_EDIT, np.int64), np.zeros(len(zeros), np.bool_))
        return cls(table, rows, keys)


def together(parts: list[Interactions]) -> Interactions:
    """All parts one after the other."""
    keys = [part.keys for part in parts]
    return Interactions(
        pa.concat_tables([part.table for part in parts]).combine_chunks(),
        np.concatenate([part.parents for part in parts]),
        RowKeys(*(np.concatenate([getattr(key, name) for key in keys]) for name in RowKeys.__dataclass_fields__)),
    )


def derived(rows: MessageRows, mentions: pa.ListArray, context: Context) -> Interactions:
    """Mentions, replies, reposts and acts of messages that are kept, where the other account is told."""
    everywhere = np.arange(len(rows.account))
    none = np.zeros(len(everywhere), np.int64)
    acts = rows.column("acts")
    parts = [
        ("mention", parents(mentions), mentions.flatten(), ordinals(mentions)),
        ("reply", everywhere, rows.reply_to_account, none),
        ("repost", everywhere, rows.repost_of_account, none),
    ]
    found = [_attached(rows, kind, row, target, place, context) for kind, row, target, place in parts]
    kinds = pc.struct_field(acts.flatten(), [0])
    found.append(_acted(rows, kinds, context))
    reported = pc.fill_null(pc.equal(rows.visibility, "direct"), False).to_numpy(zero_copy_only=False)
    found.append(_reported(rows, np.flatnonzero(reported), context))
    return together(found)


def _acted(rows: MessageRows, kinds: pa.Array, context: Context) -> Interactions:
    """Acts that messages tell (joins, reactions), by who acted: the message's account unless another is told."""
    row, place = parents(rows.acts), ordinals(rows.acts)
    actor = pc.coalesce(rows.actors.flatten(), rows.account.take(pa.array(row)))
    table = _table(rows, row, kinds, rows.acts.flatten(), place, context, {"source_account": actor})
    return Interactions.attached(table, row)


def _attached(
    rows: MessageRows,
    kind: str,
    row: npt.NDArray[np.int64],
    target: pa.Array,
    place: npt.NDArray[np.int64],
    context: Context,
) -> Interactions:
    told = pc.is_valid(target)
    chosen = told.to_numpy(zero_copy_only=False)
    row, place, target = row[chosen], place[chosen], target.filter(told)
    kinds = pa.repeat(pa.scalar(kind, pa.string()), len(row))
    return Interactions.attached(_table(rows, row, kinds, target, place, context, {}), row)


def _reported(rows: MessageRows, row: npt.NDArray[np.int64], context: Context) -> Interactions:
    """A reported direct message stays a message; that it was sent and reported is an interaction beside it."""
    kinds = pa.repeat(pa.scalar("dm", pa.string()), len(row))
    which = pa.array(row)
    about = _about_words(rows, which, context) | {"reported": pa.repeat(pa.scalar(True), len(row))}
    target = pa.nulls(len(row), pa.string())
    return Interactions.attached(_table(rows, row, kinds, target, np.zeros_like(row), context, about), row)


def direct_messages(rows: MessageRows, others: pa.Array, context: Context) -> Interactions:
    """Direct messages that nobody reported, as interactions without text.

    A service record that tells one act (a join, a call) becomes that act.

    Args:
        rows: rows of direct visibility.
        others: the other participant, where the conversation has exactly two and tells them; null elsewhere.
    """
    row = np.arange(len(rows.account))
    acts = rows.column("acts")
    is_act = (lengths(acts) > 0) & pc.equal(rows.column("kind"), "service").to_numpy(zero_copy_only=False)
    first = pc.list_element(pc.if_else(pa.array(is_act), acts, pa.scalar([{}], acts.type)), 0)
    kinds = pc.if_else(pa.array(is_act), pc.struct_field(first, [0]), "dm")
    act_target = pc.list_element(pc.if_else(pa.array(is_act), rows.acts, pa.scalar([None], rows.acts.type)), 0)
    target = pc.coalesce(act_target, rows.reply_to_account, others)
    target = pc.if_else(pc.equal(target, rows.account), others, target)
    about = _about_words(rows, pa.array(row), context)
    actor = pc.list_element(pc.if_else(pa.array(is_act), rows.actors, pa.scalar([None], rows.actors.type)), 0)
    about["source_account"] = pc.coalesce(actor, rows.account)
    table = _table(rows, row, kinds, target, np.zeros_like(row), context, about)
    ids = hash_rows([rows.message_id], context.pseudonyms.index_key)
    edited = rows.keys(context).edited
    return Interactions.of_own(table, RowKeys(ids, rows.contents, edited, rows.counted))


def _about_words(rows: MessageRows, which: pa.Array, context: Context) -> dict[str, Any]:
    """What is kept of words that are not: their length class, a keyed hash, and whether they pass an address."""
    texts = rows.column("text").take(which)
    kind, value = contacts(texts)
    return {
        "length_class": length_classes(texts),
        "contact_kind": kind,
        "contact_key": context.pseudonyms.contacts(kind, value),
        "reply_key": context.pseudonyms.replies(match_keys(texts)),
    }


def _table(
    rows: MessageRows,
    row: npt.NDArray[np.int64],
    kinds: pa.Array,
    target: pa.Array,
    place: npt.NDArray[np.int64],
    context: Context,
    about: dict[str, Any],
) -> pa.Table:
    which = pa.array(row)
    message = rows.message_id.take(which)
    source = about.get("source_account", rows.account.take(which))
    ids = hash_rows([message, kinds, source, target, pa.array(place)], context.pseudonyms.spare_index_key)
    columns = {
        "interaction_id": pc.binary_join_element_wise(context.platform, as_ids(ids), ":"),
        "at": rows.column("sent_at").take(which),
        "kind": kinds,
        "source_account": source,
        "target_account": target,
        "channel_id": rows.channel.take(which),
        "message_id": message,
        "reported": pa.repeat(pa.scalar(False), len(row)),
    }
    return context.table(INTERACTIONS, len(row), columns | about)


def recorded(raw: pa.Table, source: pa.Array, visibility: pa.Array, context: Context) -> Interactions:
    """Interactions that the source itself records (``model.RAW_INTERACTIONS``), whose accounts are known."""
    pseudonyms, platform = context.pseudonyms, context.platform
    column = {name: raw[name].combine_chunks() for name in raw.column_names}
    target = pseudonyms.accounts(platform, column["target_account"])
    channel = pseudonyms.channels(platform, column["channel_id"])
    contact_key = _told_contacts(column["contact_kind"], column["contact"], context)
    told = [column[name] for name in ("at", "kind", "message_id", "contact_kind", "length_class", "reply", "reported")]
    contents = hash_rows([*told, source, target, channel, contact_key], pseudonyms.index_key)
    ids = none_if_blank(column["interaction_id"])
    if context.ids_name_accounts:
        ids = pseudonyms.names_in_ids(platform, ids)
    own = pc.if_else(pc.equal(visibility, "public"), ids, pseudonyms.messages(platform, ids))
    columns = {name: column[name] for name in ("at", "kind", "contact_kind", "length_class")} | {
        "interaction_id": _own_ids(own, contents, context),
        "source_account": source,
        "target_account": target,
        "channel_id": channel,
        "message_id": lake_ids(column["message_id"], channel, visibility, context),
        "contact_key": contact_key,
        "reply_key": pseudonyms.replies(column["reply"]),
        "reported": pc.fill_null(column["reported"], False),
    }
    table = context.table(INTERACTIONS, len(source), columns)
    return Interactions.of_own(table, _own_keys(table, contents, pc.is_null(ids), context))


def _told_contacts(kinds: pa.Array, values: pa.Array, context: Context) -> pa.Array:
    """Keys of addresses that a table tells: the same as of the same address in a text, where it is recognised."""
    found_kind, found = contacts(values)
    kinds = pc.coalesce(kinds, found_kind, "handle")
    return context.pseudonyms.contacts(
        kinds, pc.if_else(pc.fill_null(pc.equal(kinds, found_kind), False), found, values)
    )


def _own_ids(ids: pa.Array, contents: Hashes, context: Context) -> pa.Array:
    told = pc.binary_join_element_wise(context.platform, ids, ":")
    if told.null_count == 0:
        return told
    return pc.coalesce(told, pc.binary_join_element_wise(context.platform, as_ids(contents), ":~"))


def _own_keys(table: pa.Table, contents: Hashes, counted: pa.Array, context: Context) -> RowKeys:
    ids = hash_rows([table["interaction_id"].combine_chunks()], context.pseudonyms.index_key)
    edited = np.full(len(contents), NO_EDIT, np.int64)
    return RowKeys(ids, contents, edited, counted.to_numpy(zero_copy_only=False))
