"""What channels left in the lake: links, forwards, media and texts, as ``seawall.measures.successors`` takes them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from seawall.model import Visibility

MESSAGES = (
    "message_id", "platform", "channel_id", "account_id", "sent_at", "kind", "visibility", "text_key", "repost_of",
    "links", "media",
)  # fmt: skip
CHANNELS = (
    "channel_id", "platform", "kind", "visibility", "handle", "address", "created_at", "ended_at", "end_reason",
)  # fmt: skip
INTERACTIONS = ("platform", "at", "kind", "target_account", "channel_id")

Read = Callable[[str, Sequence[str]], pa.RecordBatchReader]
"""A table of the lake and its columns -> its rows."""


@dataclass(frozen=True, slots=True)
class Left:
    """Tables of the measure; each has ``message`` too, where a message tells it. Nothing of direct conversations."""

    channels: pa.Table
    links: pa.Table
    forwards: pa.Table
    media: pa.Table
    clusters: pa.Table


def left_in(read: Read) -> Left:
    """All that channels left.

    A forward is known by the message that it repeats, where that is here, or else by its author, where that is a
    broadcast channel that writes in its own name.
    """
    messages = read("messages", MESSAGES).read_all()
    told = pc.and_(pc.is_valid(messages["channel_id"]), pc.not_equal(messages["visibility"], Visibility.DIRECT.value))
    messages = messages.filter(pc.and_(told, pc.invert(pc.is_in(messages["kind"], pa.array(["service", "edit"])))))
    common = pa.table(
        {"at": messages["sent_at"], "channel": messages["channel_id"], "message": messages["message_id"]}
    )  # fmt: skip
    acts = read("interactions", INTERACTIONS).read_all()
    return Left(
        channels=_channels(read("channels", CHANNELS).read_all(), messages),
        links=_each(common, messages["links"], ("url", "domain", "place"), "url"),
        forwards=pa.concat_tables([_repeated(common, messages), _credited(acts, messages)]),
        media=_each(common, messages["media"], ("sha256",), "sha256"),
        clusters=common.append_column("cluster", messages["text_key"]).filter(pc.is_valid(messages["text_key"])),
    )


def _channels(channels: pa.Table, messages: pa.Table) -> pa.Table:
    """The channels that the lake tells of, and those of which only messages do; with their platform."""
    named = channels.rename_columns(["channel", *CHANNELS[1:]])
    seen = messages.group_by("channel_id", use_threads=False).aggregate([("platform", "min")])
    seen = seen.rename_columns(["channel", "platform"])
    more = seen.filter(pc.invert(pc.is_in(seen["channel"], value_set=_one(named["channel"]))))
    return pa.concat_tables([named, more], promote_options="default")


def _each(common: pa.Table, lists: Any, fields: Sequence[str], needed: str) -> pa.Table:
    """A row for each entry of lists of structs that tells what is needed."""
    column = _one(lists)
    parts = pc.list_flatten(column)
    rows = common.take(pc.list_parent_indices(column))
    for name in fields:
        rows = rows.append_column(name, pc.struct_field(parts, name))
    return rows.filter(pc.is_valid(rows[needed]))


def _repeated(common: pa.Table, messages: pa.Table) -> pa.Table:
    place = pc.index_in(messages["repost_of"], value_set=_one(messages["message_id"]))
    origin = _one(messages["channel_id"]).take(_one(place))
    rows = common.append_column("origin", origin)
    return rows.filter(pc.is_valid(rows["origin"])).select(["at", "channel", "message", "origin"])


def _credited(acts: pa.Table, messages: pa.Table) -> pa.Table:
    """Reposts whose author is a channel that alone writes in it."""
    acts = acts.filter(pc.and_(pc.equal(acts["kind"], "repost"), pc.is_valid(acts["channel_id"])))
    pairs = messages.group_by(["channel_id", "account_id"], use_threads=False).aggregate([])
    alone = [_once(pairs, name) for name in ("channel_id", "account_id")]
    own = pairs.filter(pc.and_(*alone))
    place = pc.index_in(acts["target_account"], value_set=_one(own["account_id"]))
    columns = {
        "at": acts["at"],
        "channel": acts["channel_id"],
        "message": pa.nulls(len(acts), pa.string()),
        "origin": _one(own["channel_id"]).take(_one(place)),
    }
    rows = pa.table(columns)
    return rows.filter(pc.is_valid(rows["origin"]))


def _once(pairs: pa.Table, name: str) -> pa.ChunkedArray:
    counts = pc.value_counts(_one(pairs[name]))
    single = counts.filter(pc.equal(counts.field("counts"), 1)).field("values")
    return pc.is_in(pairs[name], value_set=single)


def _one(column: Any) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
