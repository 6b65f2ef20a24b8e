"""Follow one connection: read, hand over, and come back after each interruption."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import UTC, datetime

from seawall.errors import AccessError, ConfigurationError, ConnectError, SeawallError
from seawall.protocols import Connection, LiveSource
from seawall.sources.live.pacing import Pace
from seawall.watch.inbox import Arrival, Inbox, Session
from seawall.watch.standing import Change, ConnectionState, Status

REFUSED_SECONDS = 900.0
"""How long a server that refuses the token is left alone."""


@dataclass
class Follower:
    """Reads one connection for as long as it is wanted. Nothing that goes wrong here reaches the others.

    Args:
        connection: what to read.
        source: what reads it.
        inbox: where batches go.
        resume: gives the checkpoint of what is durable.
        changed: called when the status changes.
        pace: how long to wait between tries.
    """

    connection: Connection
    source: LiveSource
    inbox: Inbox
    resume: Callable[[str], str | None]
    changed: Change
    pace: Pace = field(default_factory=Pace)

    def __post_init__(self) -> None:
        self.state = ConnectionState(self.connection.name, self.source.name)

    async def run(self) -> None:
        """Until it is cancelled, or the settings cannot work."""
        while True:
            wait = await self._once()
            if wait is None:
                return
            await asyncio.sleep(wait)

    async def _once(self) -> float | None:
        """Read until something happens; the seconds to wait before the next try, None for never."""
        kept: list[asyncio.Future[None]] = []
        try:
            await self._until_it_fails(kept)
        except AccessError as error:
            self._now(Status.REFUSED, str(error))
            wait = max(REFUSED_SECONDS, self.pace.next_wait(error.retry_after))
        except ConnectError as error:
            self._now(Status.LOST, str(error))
            wait = self.pace.next_wait(error.retry_after)
        except ConfigurationError as error:
            self._now(Status.REFUSED, str(error))
            return None
        except SeawallError as error:
            self._now(Status.LOST, str(error))
            wait = self.pace.next_wait()
        except Exception as error:  # noqa: BLE001 - a fault in one source must not end the others
            self._now(Status.LOST, f"A fault of Seawall itself ({type(error).__name__}); please report it.")
            wait = self.pace.next_wait()
        else:
            self._now(Status.LOST, "The server ended the connection.")
            wait = self.pace.next_wait()
        if kept:
            await asyncio.gather(*kept, return_exceptions=True)  # so that the next try resumes after what is on its way
        return wait

    async def _until_it_fails(self, kept: list[asyncio.Future[None]]) -> None:
        """Read; what was read and cannot be kept ends the reading at once, however quiet the server is."""
        failure: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def look(one: asyncio.Future[None]) -> None:
            error = None if one.cancelled() else one.exception()
            if error is not None and not failure.done():
                failure.set_exception(error)

        reading = asyncio.create_task(self._read(kept, look))
        try:
            await asyncio.wait([reading, failure], return_when=asyncio.FIRST_COMPLETED)
        finally:
            reading.cancel()
            await asyncio.wait([reading])
        failure.cancel()
        if not failure.cancelled():
            failure.result()
        reading.result()

    def heard(self, records: int) -> None:
        """Something has come."""
        if self.state.status is not Status.WATCHING:
            self._now(Status.WATCHING, "")
        self.state.last_heard = datetime.now(UTC)
        self.state.records += records

    async def _read(self, kept: list[asyncio.Future[None]], look: Callable[[asyncio.Future[None]], None]) -> None:
        checkpoint, session = self.resume(self.connection.name), Session()
        async with aclosing(self.source.listen(self.connection, checkpoint)) as batches:
            async for batch in batches:
                self.pace.succeeded()
                self.heard(batch.records)
                future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
                future.add_done_callback(look)
                kept[:] = [one for one in kept if not one.done()]
                kept.append(future)
                await self.inbox.put(Arrival(self.connection, self.source, batch, time.monotonic(), future, session))

    def _now(self, status: Status, trouble: str) -> None:
        before = self.state.status
        self.state.trouble = trouble
        if status is before:
            return
        if before is Status.WATCHING:
            self.state.interruptions += 1
        self.state.status = status
        self.state.since = datetime.now(UTC)
        self.changed(self.state)
