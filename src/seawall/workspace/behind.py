"""The messages behind the pairs of a picture, as a page shows them; how many is bounded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from seawall.brief import Together
from seawall.lake import Lake
from seawall.lake.among import among

MOST_PIECES = 3000
"""Of all pairs of a page together so many pairs of messages are shown, each pair's first before any second."""

MOST_LETTERS = 280
"""So much of a text is shown: the message itself is in the lake."""

Held = Mapping[str, tuple[datetime, str | None]]
"""A message's id -> when it was sent, and the beginning of its text."""


def wanted(edges: Iterable[Mapping[str, Any]]) -> list[str]:
    """The ids of the messages that a page shows of these edges; ``behind`` of an edge: see ``with_messages``."""
    ranked = [
        (place, -float(edge["weight"]), tuple(piece))
        for edge in edges
        for place, piece in enumerate(edge.get("behind", ()))
    ]
    chosen = sorted(set(ranked))[:MOST_PIECES]
    return list(dict.fromkeys(id_ for _, _, (_, *ids) in chosen for id_ in ids))


def held(lake: Lake, ids: Sequence[str]) -> Held:
    """What the lake has of these messages."""
    if not ids:
        return {}
    rows = lake.reader("messages", ("message_id", "sent_at", "text"), where=among("message_id", ids)).read_all()
    return {row["message_id"]: (row["sent_at"], beginning(row["text"])) for row in rows.to_pylist()}


def together_of(behind: Iterable[Sequence[str]], messages: Held) -> tuple[Together, ...]:
    """Of an edge's pairs of messages those that are held, in the order of time."""
    pieces = [
        Together(
            kind=kind.replace("_", " "),
            source_message=ours,
            target_message=theirs,
            source_at=messages[ours][0],
            target_at=messages[theirs][0],
            text=messages[min((ours, theirs), key=lambda one: messages[one][0])][1],
        )
        for kind, ours, theirs in behind
        if ours in messages and theirs in messages
    ]
    return tuple(sorted(pieces, key=lambda piece: (piece.source_at, piece.source_message)))


def beginning(text: str | None) -> str | None:
    """So much of a text as is shown."""
    return text if text is None or len(text) <= MOST_LETTERS else text[:MOST_LETTERS] + "…"
