"""A live source of a gardening club that exists in memory: what a test says is what it has told."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from seawall.model import RAW_COVERAGE, RAW_DELETIONS, RAW_MESSAGES, Visibility, raw_table
from seawall.protocols import Ask, Connection, RawBatch, ReadOptions, Rights

START = datetime(2026, 5, 3, 14, 0, tzinfo=UTC)
CLUB = Connection("club", "garden", "https://club.example", ReadOptions(visibility=Visibility.PUBLIC))


class Garden:
    """Keeps the protocol; the tests hand its batches over themselves."""

    name = "garden"
    version = "1"
    asks: tuple[Ask, ...] = ()

    async def check(self, connection: Connection) -> Rights:
        return Rights("gardener", ())

    async def listen(self, connection: Connection, checkpoint: str | None) -> AsyncGenerator[RawBatch, None]:
        for batch in (told(),):
            yield batch


GARDEN = Garden()


def at(minute: float) -> datetime:
    return START + timedelta(minutes=minute)


def who(name: str) -> dict[str, str | None]:
    return {"id": f"id-{name}", "handle": name, "name": None}


def post(
    id_: str, author: str = "rosa", minute: float = 0, text: str = "The bed is dug.", **more: Any
) -> dict[str, Any]:
    """A message of RAW_MESSAGES, without its position."""
    return {"message_id": id_, "account": who(author), "sent_at": at(minute), "kind": "post", "text": text, **more}


def told(
    posts: Sequence[dict[str, Any]] = (),
    *,
    gone: Sequence[tuple[str, float]] = (),
    watched: tuple[float, float] | None = None,
    checkpoint: str | None = None,
    **more: Any,
) -> RawBatch:
    """A batch: posts, then deletions (id and minute), and coverage from a minute to a minute."""
    messages = {"position": list(range(1, len(posts) + 1))}
    for name in dict.fromkeys(key for row in posts for key in row):
        messages[name] = [row.get(name) for row in posts]
    deletions = {
        "position": [len(posts) + place for place in range(1, len(gone) + 1)],
        "message_id": [id_ for id_, _ in gone],
        "deleted_at": [at(minute) for _, minute in gone],
    }
    coverage: dict[str, Any] = {}
    if watched is not None:
        coverage = {"start": [at(watched[0])], "end": [at(watched[1])], "complete": [True], "how": ["watched"]}
    return RawBatch(
        "garden",
        len(posts) + len(gone),
        raw_table(RAW_MESSAGES, messages),
        deletions=raw_table(RAW_DELETIONS, deletions),
        coverage=raw_table(RAW_COVERAGE, coverage),
        checkpoint=checkpoint,
        **more,
    )
