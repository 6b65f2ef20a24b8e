"""A live source whose server is a list in memory, and does what the test wants of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from seawall.model import Visibility
from seawall.protocols import Ask, Connection, RawBatch, ReadOptions, Rights
from seawall.sources.live.events import events, stated

FIRST = datetime(2026, 5, 3, 14, 5, tzinfo=UTC)


def told(number: int, **fields: object) -> bytes:
    """An event of a garden club, as a platform would post it."""
    at = FIRST + timedelta(seconds=10 * number)
    event = {"id": f"m{number}", "account": f"member{number % 7}", "sent_at": at.isoformat(), "channel": "roses"}
    return json.dumps({**event, "text": f"message {number} about roses", **fields}).encode()


@dataclass
class Scripted:
    """Gives what stands in ``log`` from the checkpoint on, a few at a time, and waits for more.

    Args:
        log: events, oldest first.
        before: called before each batch with the number of events given in this connection; it may raise.
        some: events in a batch.
    """

    log: list[bytes]
    before: Callable[[int], None] = lambda _: None
    some: int = 5
    resumed: list[str | None] = field(default_factory=list)

    name: ClassVar[str] = "push"
    version: ClassVar[str] = "1"
    asks: ClassVar[tuple[Ask, ...]] = ()

    async def check(self, connection: Connection) -> Rights:
        return Rights("a list", can=())

    async def listen(self, connection: Connection, checkpoint: str | None) -> AsyncGenerator[RawBatch, None]:
        self.resumed.append(checkpoint)
        place = given = int(checkpoint or 0)
        while True:
            self.before(place - given)
            lines = self.log[place : place + self.some]
            if not lines:
                await asyncio.sleep(0.01)
                continue
            place += len(lines)
            yield events(lines, stated(connection), checkpoint=str(place))


def connection(name: str = "club") -> Connection:
    return Connection(name, "scripted", "", ReadOptions(visibility=Visibility.PUBLIC, platform=f"garden-{name}"))
