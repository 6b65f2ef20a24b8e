"""The loop: follow every connection, acknowledge what comes, look at it, tell people; until it is asked to stop."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from seawall.errors import BacklogError, SeawallError
from seawall.protocols import Connection, LiveSource, RawBatch
from seawall.sources.live import live_by_name
from seawall.sources.live.pacing import Pace
from seawall.watch.following import Follower
from seawall.watch.inbox import Arrival, Inbox
from seawall.watch.metrics import Metrics
from seawall.watch.standing import Change, ConnectionState, Status

if TYPE_CHECKING:
    from seawall.workspace.desk import Desk, Done
    from seawall.workspace.ingest import Ingest

Made = TypeVar("Made")

ACCEPT_RECORDS = 2_000
"""How many records are cleaned and made durable at once, about."""

CYCLE_SECONDS = 0.1
"""The least time between two of these: cleaning a few records costs as much as cleaning hundreds."""

FLUSH_SECONDS = 1.0
SAVE_SECONDS = 60.0
STOP_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Told:
    """Whom the watcher tells what happens; each is called in the event loop's thread."""

    changed: Change = lambda _: None  # a connection's status changed
    done: Callable[[Done], None] = lambda _: None  # a step was made
    trouble: Callable[[SeawallError], None] = lambda _: None  # something went wrong that is tried again


@dataclass
class Watcher:
    """Watches connections. Build it, then ``run``; ``stop`` ends it gracefully.

    Args:
        ingest: open for this process.
        desk: opened.
        connections: what to read, besides what is pushed.
        told: who is told what happens.
        metrics: counts everything.
        sources: gives the live source of a name.
        flush_s: seconds between two steps of the desk.
    """

    ingest: Ingest
    desk: Desk
    connections: Sequence[Connection]
    told: Told = field(default_factory=Told)
    metrics: Metrics = field(default_factory=Metrics)
    sources: Callable[[str], LiveSource] = live_by_name
    flush_s: float = FLUSH_SECONDS

    def __post_init__(self) -> None:
        self.inbox = Inbox()
        self.stopping = asyncio.Event()
        self._accepting = ThreadPoolExecutor(1, thread_name_prefix="seawall-accept")
        self._deciding = ThreadPoolExecutor(1, thread_name_prefix="seawall-desk")
        self._pace = Pace()
        self._trouble = ""
        self._unseen: list[float] = []  # when what the detectors have not seen yet was received
        self._followers = [
            Follower(one, self.sources(one.source), self.inbox, self.ingest.checkpoint, self._changed)
            for one in self.connections
        ]

    @property
    def states(self) -> list[ConnectionState]:
        """How each connection stands."""
        return [follower.state for follower in self._followers]

    @property
    def trouble(self) -> str:
        """What keeps Seawall itself from working, a sentence; empty where nothing does."""
        return self._trouble

    def stop(self) -> None:
        """Begin to stop: read no more, keep what was read, look once more, and end."""
        self.stopping.set()

    async def run(self) -> None:
        """Until ``stop``."""
        for state in self.states:
            self.metrics.connection(state)
        following = [asyncio.create_task(follower.run()) for follower in self._followers]
        accepting = asyncio.create_task(self._accept())
        deciding = asyncio.create_task(self._decide())
        try:
            await self.stopping.wait()
        finally:
            for task in following:
                task.cancel()
            await asyncio.wait(following, timeout=STOP_SECONDS) if following else None
            for follower in self._followers:
                follower.state.status = Status.STOPPED
            await self.inbox.close()
            with suppress(TimeoutError):
                await asyncio.wait_for(accepting, STOP_SECONDS)
            deciding.cancel()
            with suppress(asyncio.CancelledError):
                await deciding
            await self._in(self._deciding, self.desk.close)
            self._accepting.shutdown(wait=True)
            self._deciding.shutdown(wait=True)

    async def submit(self, connection: Connection, source: LiveSource, batches: Sequence[RawBatch]) -> None:
        """Take in what was pushed; done when it is durable.

        Raises:
            BacklogError: too much waits already; come later.
        """
        if self.inbox.full or self.stopping.is_set():
            raise BacklogError("Too much waits already.", mend="Send it again in a few seconds.", retry_after=2.0)
        loop = asyncio.get_running_loop()
        arrivals = [Arrival(connection, source, one, time.monotonic(), loop.create_future()) for one in batches]
        for arrival in arrivals:
            await self.inbox.put(arrival)
        await asyncio.gather(*(arrival.kept for arrival in arrivals))

    # --- acknowledging ----------------------------------------------------------------------------------

    async def _accept(self) -> None:
        while arrivals := await self.inbox.take(ACCEPT_RECORDS):
            began = time.monotonic()
            await self._keep(arrivals)
            if not self.inbox.closed:
                await asyncio.sleep(max(0.0, CYCLE_SECONDS - (time.monotonic() - began)))

    async def _keep(self, arrivals: Sequence[Arrival]) -> None:
        """Make arrivals durable, one connection after the other; what the disk refuses is tried until it succeeds."""
        groups: dict[str, list[Arrival]] = {}
        for arrival in arrivals:
            groups.setdefault(arrival.connection.name, []).append(arrival)
        for group in groups.values():
            connection, source = group[-1].connection, group[-1].source
            batches = [arrival.batch for arrival in group]
            while not await self._accepted(partial(self.ingest.accept, connection, source, batches)):
                await asyncio.sleep(self._pace.next_wait())
            now = time.monotonic()
            for arrival in group:
                self.metrics.acknowledged(connection.name, arrival.batch.records, now - arrival.received)
                self._unseen.append(arrival.received)
                if not arrival.kept.done():
                    arrival.kept.set_result(None)

    async def _accepted(self, accept: Callable[[], object]) -> bool:
        try:
            await self._in(self._accepting, accept)
        except SeawallError as error:
            self._complain(error)
            return False
        self._pace.succeeded()
        self._trouble = ""
        return True

    # --- looking and telling ----------------------------------------------------------------------------

    async def _decide(self) -> None:
        saved = time.monotonic()
        while True:
            began = time.monotonic()
            await self._step()
            if time.monotonic() - saved >= SAVE_SECONDS:
                await self._quietly(self.desk.save)
                saved = time.monotonic()
            await asyncio.sleep(max(0.05, self.flush_s - (time.monotonic() - began)))

    async def _step(self) -> None:
        seen, self._unseen = self._unseen, []
        done = await self._quietly(self.desk.step)
        if done is None or not done.looked:
            self._unseen = seen + self._unseen
        else:
            now = time.monotonic()
            for received in seen:
                self.metrics.looked(now - received)
        if done is not None:
            self.metrics.stepped(done, self.ingest.waiting)
            self.told.done(done)
            for trouble in done.troubles:
                self.told.trouble(trouble)

    async def _quietly(self, act: Callable[[], Done | None]) -> Done | None:
        """Run an act of the desk; what goes wrong is told, and tried again at the next step."""
        try:
            return await self._in(self._deciding, act)
        except SeawallError as error:
            self._complain(error)
            return None

    def _complain(self, error: SeawallError) -> None:
        if str(error) != self._trouble:
            self._trouble = str(error)
            self.told.trouble(error)

    def _changed(self, state: ConnectionState) -> None:
        self.metrics.connection(state)
        self.told.changed(state)

    async def _in(self, pool: ThreadPoolExecutor, act: Callable[[], Made]) -> Made:
        return await asyncio.get_running_loop().run_in_executor(pool, act)
