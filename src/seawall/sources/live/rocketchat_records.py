"""What Rocket.Chat told of some rooms -> one raw batch: messages by the importer, reactions and reports beside them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

from seawall.model import RAW_MESSAGES
from seawall.protocols import RawBatch, ReadOptions
from seawall.sources.json_values import dict_of, id_of, identity, list_of, text_of
from seawall.sources.live.parsing import joined, moved, parsed
from seawall.sources.live.rocketchat_rooms import Room, channels_of
from seawall.sources.raw_rows import RawRows, Row
from seawall.sources.rocketchat import RocketChat
from seawall.sources.rocketchat_message import time_of

PLATFORM = "rocketchat"
_IMPORTER = RocketChat()
_APART = frozenset(("reactions", "messages", "message", "result", "fields"))  # the others mark whole documents


@dataclass(frozen=True, slots=True)
class Item:
    """One record of a batch: a message or deletion as the server tells it, or a row of RAW_INTERACTIONS."""

    told: Row | None = None
    act: Row | None = None
    reported: bool = False


def batch_of(
    items: Sequence[Item], rooms: Sequence[Room], options: ReadOptions, checkpoint: str, server: str
) -> RawBatch:
    """One batch of the server at a URL. ``rooms`` are all that the items name: messages do not tell who reads them."""
    told = [item for item in items if item.told is not None]
    platform = options.platform or PLATFORM
    parts = [parsed(_IMPORTER, [_line(item.told) for item in told], options, checkpoint)]
    parts[0] = _flagged(parts[0], {place for place, item in enumerate(told, 1) if item.reported})
    rows = RawRows(platform)
    for place, act in enumerate((item.act for item in items if item.act is not None), 1):
        rows.count(0)
        rows.interaction(place, act)
    parts.append(moved(rows.batch(checkpoint), len(told)))
    named = list({room.id: room for room in rooms}.values())
    return replace(joined(parts, platform, checkpoint), channels=channels_of(named, server))


def _line(told: Row | None) -> bytes:
    """A record that cannot be written again becomes one that is rejected."""
    try:
        return json.dumps(told).encode()
    except (RecursionError, ValueError):
        return b"{}"


def name_of(told: Row, place: int) -> str:
    """What tells a record from others: its id, or its place and its bytes where it has none."""
    return id_of(told.get("_id")) or f"{place}:{hashlib.sha256(_line(told)).hexdigest()}"


def _flagged(batch: RawBatch, reported: set[int]) -> RawBatch:
    """The messages at these positions were reported by a participant."""
    if not reported:
        return batch
    flags = pa.array(
        [True if place in reported else None for place in batch.messages["position"].to_pylist()], pa.bool_()
    )
    column = RAW_MESSAGES.get_field_index("reported")
    return replace(batch, messages=batch.messages.set_column(column, RAW_MESSAGES.field(column), flags))


def without_reactions(told: Row, room: Room) -> Row:
    """A message as it goes to the importer: of the room that it was asked for, reactions apart.

    Reactions come and go without the message being edited, so that they cannot share its fate.
    """
    return {**{name: value for name, value in told.items() if name not in _APART}, "rid": room.id}


def reactions(told: Row, room: Room) -> Iterator[tuple[str, Row]]:
    """The reactions to a message, each with an id that names nobody: which emoji, and the how many-eth to use it.

    A reaction has no time of its own; it is given that of its message, as when a file is imported.
    """
    message, sent_at = id_of(told.get("_id")), time_of(told.get("ts"))
    if message is None or sent_at is None:
        return
    for emoji, users in dict_of(told.get("reactions")).items():
        which = hashlib.sha256(emoji.encode("utf-8", "replace")).hexdigest()[:8]
        for place, handle in enumerate(list_of(dict_of(users).get("usernames")), 1):
            if text_of(handle) is None:
                continue
            key = f"{message}:reaction:{which}:{place}"
            yield (
                key,
                {
                    "interaction_id": key,
                    "at": sent_at,
                    "kind": "reaction",
                    "source_account": identity(handle=handle),
                    "target_account": account(told.get("u")),
                    "channel_id": room.id,
                    "message_id": message,
                },
            )


def account(told: Any) -> dict[str, str | None] | None:
    """An account as Rocket.Chat tells it, or None."""
    user = dict_of(told)
    stable, handle = id_of(user.get("_id")), text_of(user.get("username"))
    return identity(stable, handle, text_of(user.get("name"))) if stable or handle else None
