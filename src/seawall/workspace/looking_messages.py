"""Messages for a page: a few at a time, read from the part of the lake in which they lie."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.workspace.looking_filter import MessageFilter
from seawall.workspace.looking_held import HeldLake, narrow_spans
from seawall.workspace.looking_shelf import held_lake
from seawall.workspace.opened import OpenedFolder

A_PAGE = 200
MOST_SPANS = 4
"""Messages that lie far apart are read in so many pieces of time."""
_COLUMNS = (
    "message_id", "sent_at", "platform", "channel_id", "account_id", "kind", "visibility", "language", "text",
    "text_key", "media", "deleted_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class MessageSeen:
    """A message on a page. None = not told, not kept, or erased."""

    message_id: str
    sent_at: datetime
    platform: str
    channel_id: str | None
    account_id: str
    kind: str
    visibility: str
    language: str | None
    text: str | None
    text_name: str | None  # what its words are called: copies have the same name
    media: tuple[str, ...]  # kinds
    deleted_at: datetime | None


@dataclass(frozen=True, slots=True)
class MessagesSeen:
    """A page of messages, the latest first."""

    rows: tuple[MessageSeen, ...]
    total: int
    page: int
    pages: int


def message_page(workspace: OpenedFolder, held: HeldLake, chosen: MessageFilter, page: int) -> MessagesSeen:
    """A page of the messages that fit, the latest first."""
    rows = held.messages.rows(chosen)
    pages = max(1, -(-len(rows) // A_PAGE))
    page = min(max(page, 1), pages)
    wanted = rows[::-1][A_PAGE * (page - 1) : A_PAGE * page]
    read = _read(workspace, held, wanted)
    ids = held.messages.ids.take(pa.array(wanted)).to_pylist()
    return MessagesSeen(tuple(read[one] for one in ids if one in read), len(rows), page, pages)


def messages_of(workspace: OpenedFolder, ids: Sequence[str]) -> dict[str, MessageSeen]:
    """Those of the messages that the lake has, by id."""
    held = held_lake(workspace.path)
    if not ids:
        return {}
    rows = np.flatnonzero(pc.is_in(held.messages.ids, value_set=pa.array(sorted(set(ids)))).to_numpy())
    return _read(workspace, held, rows)


def _read(workspace: OpenedFolder, held: HeldLake, rows: Any) -> dict[str, MessageSeen]:
    ids = held.messages.ids.take(pa.array(rows)).combine_chunks()
    found: dict[str, MessageSeen] = {}
    with workspace.reading() as lake:
        for batch in lake.within("messages", _COLUMNS, narrow_spans(held.messages.times[rows].tolist(), MOST_SPANS)):
            mine = batch.filter(pc.is_in(batch["message_id"], value_set=ids))
            found.update((one.message_id, one) for one in _seen(mine.to_pylist()))
    return found


def _seen(rows: Iterable[dict[str, Any]]) -> Iterable[MessageSeen]:
    for row in rows:
        key, media = row.pop("text_key"), row.pop("media")
        yield MessageSeen(
            text_name=None if key is None else f"{key:016x}",
            media=tuple(one["kind"] for one in media or () if one["kind"]),
            **row,
        )
