"""Channels, coverage and deletions of a batch, under their pseudonyms."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from seawall.intake.channel_addresses import channel_addresses, channel_handles
from seawall.intake.context import Context
from seawall.intake.message_rows import lake_ids
from seawall.intake.visibility import channel_visibility, effective, not_told
from seawall.model import CHANNELS, COVERAGE, DELETIONS, Visibility


def clean_channels(raw: pa.Table, messages: pa.Table, stated: Visibility | None, context: Context) -> pa.Table:
    """``model.CHANNELS``. Only a public broadcast channel keeps its title, and only a public channel its handle.

    Raises:
        ConfigurationError: nobody tells who can read a channel.
    """
    raw = raw.combine_chunks()
    if not raw.num_rows:
        return CHANNELS.empty_table()
    visibility = pc.coalesce(
        channel_visibility(raw),
        _of_its_messages(raw, messages),
        pa.scalar(str(stated) if stated is not None else None, pa.string()),
    )
    if visibility.null_count:
        raise not_told()
    kind, handle = _column(raw, "kind"), _column(raw, "handle")
    titled = pc.and_(pc.equal(kind, "broadcast"), pc.equal(visibility, "public"))
    columns = {name: raw[name] for name in ("kind", "members", "created_at", "ended_at", "end_reason")} | {
        "channel_id": context.pseudonyms.channels(context.platform, raw["channel_id"].combine_chunks()),
        "visibility": visibility,
        "title": pc.if_else(titled, raw["title"], None),
        "handle": channel_handles(handle, kind, visibility),
        "address": channel_addresses(
            context.platform, _column(raw, "address"), handle, kind, visibility, context.pseudonyms.hide
        ),
    }
    return context.table(CHANNELS, raw.num_rows, columns)


def _of_its_messages(raw: pa.Table, messages: pa.Table) -> pa.Array:
    """The strictest visibility that messages of the channel tell themselves."""
    told = messages.filter(pc.is_valid(messages["visibility"]))
    result = pa.nulls(raw.num_rows, pa.string())
    for strictness in (Visibility.PUBLIC, Visibility.CLOSED, Visibility.DIRECT):
        channels = told["channel_id"].filter(pc.equal(told["visibility"], str(strictness)))
        result = pc.if_else(pc.is_in(raw["channel_id"], channels.combine_chunks()), str(strictness), result)
    return result.combine_chunks() if isinstance(result, pa.ChunkedArray) else result


def other_participant(channels: pa.Table, channel_ids: pa.Array, accounts: pa.Array, context: Context) -> pa.Array:
    """The one other account of a conversation of two, for each row that is written in one; null elsewhere."""
    participants = channels["participants"].combine_chunks()
    pairs = channels.filter(pc.fill_null(pc.equal(pc.list_value_length(participants), 2), False)).combine_chunks()
    if not pairs.num_rows:
        return pa.nulls(len(accounts), pa.string())
    both = context.pseudonyms.accounts(context.platform, pairs["participants"].combine_chunks().flatten())
    one, two = both[0::2], both[1::2]
    place = pc.index_in(channel_ids, pairs["channel_id"].combine_chunks())
    one, two = one.take(place), two.take(place)
    other = pc.if_else(pc.equal(accounts, one), two, pc.if_else(pc.equal(accounts, two), one, None))
    return pc.if_else(pc.is_valid(channel_ids), other, None)


def clean_coverage(raw: pa.Table, context: Context) -> pa.Table:
    """``model.COVERAGE``."""
    raw = raw.combine_chunks()
    columns = {name: raw[name] for name in ("start", "end", "complete", "how")}
    columns["channel_id"] = context.pseudonyms.channels(context.platform, _column(raw, "channel_id"))
    return context.table(COVERAGE, raw.num_rows, columns)


def clean_deletions(raw: pa.Table, channels: pa.Table, stated: Visibility | None, context: Context) -> pa.Table:
    """``model.DELETIONS``, under the ids that the lake gave the messages.

    Raises:
        ConfigurationError: nobody tells who could read the channel, so that the id cannot be known.
    """
    raw = raw.combine_chunks()
    if not raw.num_rows:
        return DELETIONS.empty_table()
    ids, places = _column(raw, "message_id"), _column(raw, "channel_id")
    visibility = effective(_column(raw, "visibility"), places, channels, stated)
    pseudonyms = context.pseudonyms.channels(context.platform, places)
    columns = {"message_id": lake_ids(ids, pseudonyms, visibility, context), "deleted_at": raw["deleted_at"]}
    return context.table(DELETIONS, raw.num_rows, columns)


def _column(table: pa.Table, name: str) -> pa.Array:
    return table[name].combine_chunks()
