"""Listen as the watch loop does: from the last checkpoint, again after each interruption, for as long as is needed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

from seawall.errors import ConnectError
from seawall.protocols import LIVE_RECORDS, Connection, LiveSource, RawBatch

FORMS = ("messages", "interactions", "deletions", "rejected")


@dataclass
class Listener:
    """What a live source gave, and the checkpoint after it."""

    source: LiveSource
    connection: Connection
    checkpoint: str | None = None
    batches: list[RawBatch] = field(default_factory=list)
    interruptions: int = 0
    heard: asyncio.Event = field(default_factory=asyncio.Event)

    def rows(self, form: str) -> list[dict[str, Any]]:
        """All rows of one table that were given."""
        return [row for batch in self.batches for row in getattr(batch, form).to_pylist()]

    def texts(self) -> list[str]:
        """The words of all messages that were given."""
        return [row["text"] for row in self.rows("messages")]

    @property
    def covered(self) -> bool:
        """Whether it was said that the present is reached."""
        return any(row["complete"] for row in self.rows("coverage"))

    async def once(self) -> None:
        """Listen until it is cancelled, or an error."""
        async with aclosing(self.source.listen(self.connection, self.checkpoint)) as batches:
            async for batch in batches:
                assert batch.records == sum(getattr(batch, form).num_rows for form in FORMS)
                assert batch.records <= LIVE_RECORDS
                assert batch.checkpoint is not None
                self.batches.append(batch)
                self.checkpoint = batch.checkpoint
                self.heard.set()

    async def forever(self) -> None:
        """Listen, and come back after each interruption."""
        while True:
            try:
                await self.once()
            except ConnectError:
                self.interruptions += 1
            await asyncio.sleep(0.05)

    async def until(self, true: Callable[[], bool], seconds: float = 40.0) -> None:
        """Listen until something is true, and stop in the middle of whatever comes next."""
        listening = asyncio.create_task(self.forever())
        try:
            await self.when(true, listening, seconds)
        finally:
            listening.cancel()
            await asyncio.wait([listening])

    async def when(self, true: Callable[[], bool], listening: asyncio.Task[None], seconds: float = 40.0) -> None:
        """Wait until something is true, while another task listens."""
        async with asyncio.timeout(seconds):
            while not true():
                if listening.done():
                    listening.result()
                self.heard.clear()
                wait = asyncio.create_task(self.heard.wait())
                await asyncio.wait([wait, listening], timeout=0.1, return_when=asyncio.FIRST_COMPLETED)
                wait.cancel()
