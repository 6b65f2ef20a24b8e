"""Follow a live source as the watch loop does, and wait for what must happen."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, Protocol

from seawall.errors import AccessError, ConnectError
from seawall.protocols import Connection, LiveSource, RawBatch


class Hearing(Protocol):
    """Keeps what a live source gave."""

    def take(self, batch: RawBatch) -> None: ...


@asynccontextmanager
async def following(
    source: LiveSource, told: Connection, heard: Hearing, since: str | None = None
) -> AsyncGenerator[asyncio.Task[None], None]:
    """Listen meanwhile, from the latest checkpoint, again after each lost connection."""

    async def follow() -> None:
        checkpoint = since
        while True:
            try:
                async for batch in source.listen(told, checkpoint):
                    heard.take(batch)
                    checkpoint = batch.checkpoint
            except AccessError:
                raise
            except ConnectError:
                await asyncio.sleep(0.02)

    task = asyncio.create_task(follow())
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError, AccessError):
            await task


async def until(condition: Callable[[], Any], task: asyncio.Task[None] | None = None, *, seconds: float) -> None:
    """Wait for a condition, not for a time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        if task is not None and task.done():
            task.result()
        await asyncio.sleep(0.02)
