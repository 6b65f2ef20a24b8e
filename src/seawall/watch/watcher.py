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
from weakref import WeakKeyDictionary

from seawall.errors import BacklogError, SeawallError, StorageError
from seawall.protocols import Connection, LiveSource, RawBatch
from seawall.sources.live import live_by_name
from seawall.sources.live.pacing import Pace
from seawall.watch.following import Follower
from seawall.watch.inbox import Arrival, Inbox, Session
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
TELL_AGAIN_SECONDS = 30.0
"""How long a receiver that failed is left alone, unless a new case opens."""

STOP_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Told:
    """Whom the watcher tells what happens; each is called in the event loop's thread."""

    changed: Change = lambda _: None  # a connection's status changed
    trouble: Callable[[SeawallError], None] = lambda _: None  # something went wrong that is tried again
    remark: Callable[[str], None] = lambda _: None  # a sentence about how the watch looks, each once


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
        self._telling = ThreadPoolExecutor(1, thread_name_prefix="seawall-tell")
        self._to_tell = asyncio.Event()
        self._failed: WeakKeyDictionary[Session, SeawallError] = WeakKeyDictionary()
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

    @property
    def remarks(self) -> list[str]:
        """What the detectors have not taken into account, as it is now."""
        return list(self.desk.engine.remarks().values())

    def stop(self) -> None:
        """Begin to stop: read no more, keep what was read, look once more, and end."""
        self.stopping.set()

    async def run(self) -> None:
        """Until ``stop``."""
        for state in self.states:
            self.metrics.connection(state)
        following = [asyncio.create_task(follower.run()) for follower in self._followers]
        accepting = asyncio.create_task(self._accept())
        looking = [asyncio.create_task(self._decide()), asyncio.create_task(self._tell())]
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
            for task in looking:
                task.cancel()
            await asyncio.wait(looking)
            self._stepped(await self._quietly(self._deciding, self.desk.close))
            await self._quietly(self._telling, self.desk.tell)
            for pool in (self._accepting, self._deciding, self._telling):
                pool.shutdown(wait=True)

    async def submit(self, connection: Connection, source: LiveSource, batches: Sequence[RawBatch]) -> None:
        """Take in what was pushed; done when it is durable.

        Raises:
            BacklogError: too much waits already; come later.
        """
        if self.inbox.full or self.stopping.is_set():
            raise BacklogError("Too much waits already.", mend="Send it again in a few seconds.", retry_after=2.0)
        loop = asyncio.get_running_loop()
        session, now = Session(), time.monotonic()
        arrivals = [Arrival(connection, source, one, now, loop.create_future(), session) for one in batches]
        for arrival in arrivals:
            self._follower_of(connection).heard(arrival.batch.records)
            await self.inbox.put(arrival)
        await asyncio.gather(*(arrival.kept for arrival in arrivals))

    def _follower_of(self, connection: Connection) -> Follower:
        return next(one for one in self._followers if one.connection.name == connection.name)

    # --- acknowledging ----------------------------------------------------------------------------------

    async def _accept(self) -> None:
        while arrivals := await self.inbox.take(ACCEPT_RECORDS):
            began = time.monotonic()
            await self._keep(arrivals)
            if not self.inbox.closed:
                await asyncio.sleep(max(0.0, CYCLE_SECONDS - (time.monotonic() - began)))

    async def _keep(self, arrivals: Sequence[Arrival]) -> None:
        """Make arrivals durable, one connection after the other; where that fails, one session after the other."""
        for group in _parted(arrivals, lambda arrival: arrival.connection.name):
            sound = [arrival for arrival in group if arrival.session not in self._failed]
            if await self._kept(sound) is None:
                self._answer(sound, None)
            for session in _parted([one for one in group if not one.kept.done()], lambda arrival: arrival.session):
                fault = self._failed.get(session[0].session) or await self._kept(session)
                if fault is not None:
                    self._failed[session[0].session] = fault
                self._answer(session, fault)

    def _answer(self, arrivals: Sequence[Arrival], fault: SeawallError | None) -> None:
        now = time.monotonic()
        for arrival in arrivals:
            if fault is None:
                self.metrics.acknowledged(arrival.connection.name, arrival.batch.records, now - arrival.received)
                self._unseen.append(arrival.received)
            if arrival.kept.done():
                continue
            if fault is None:
                arrival.kept.set_result(None)
            else:
                arrival.kept.set_exception(fault)
                arrival.kept.exception()  # whoever brought it may have gone

    async def _kept(self, group: Sequence[Arrival]) -> SeawallError | None:
        """None when they are durable; what is wrong where they cannot be. What the disk refuses is tried again."""
        if not group:
            return None
        connection, source = group[-1].connection, group[-1].source
        accept = partial(self.ingest.accept, connection, source, [arrival.batch for arrival in group])
        while True:
            try:
                await self._in(self._accepting, accept)
            except StorageError as error:
                self._complain(error)
                await asyncio.sleep(self._pace.next_wait())
            except SeawallError as error:
                return error
            except Exception as error:  # noqa: BLE001 - one connection's records must not end the others
                return _fault(error)
            else:
                self._pace.succeeded()
                self._trouble = ""
                return None

    # --- looking and telling ----------------------------------------------------------------------------

    async def _decide(self) -> None:
        saved = time.monotonic()
        pace = Pace()
        while True:
            began = time.monotonic()
            done = await self._step()
            if done is None:
                await asyncio.sleep(pace.next_wait())
                continue
            pace.succeeded()
            if done.opened:
                self._to_tell.set()
            if time.monotonic() - saved >= SAVE_SECONDS:
                await self._quietly(self._deciding, self.desk.save)
                await self._quietly(self._deciding, self.desk.tidy)
                await self._quietly(self._telling, self._measure)
                saved = time.monotonic()
            await asyncio.sleep(max(0.05, self.flush_s - (time.monotonic() - began)))

    async def _step(self) -> Done | None:
        seen, self._unseen = self._unseen, []
        done = await self._quietly(self._deciding, self.desk.step)
        if done is None or not done.looked:
            self._unseen = seen + self._unseen
        else:
            now = time.monotonic()
            for received in seen:
                self.metrics.looked(now - received)
        self._stepped(done)
        return done

    def _stepped(self, done: Done | None) -> None:
        """Count what a step did, and say what is to be said."""
        if done is not None:
            self.metrics.stepped(done, self.ingest.waiting)
            for sentence in done.remarks:
                self.told.remark(sentence)

    def _measure(self) -> None:
        self.metrics.cases(self.desk.open_cases())
        self.metrics.state_rows(self.desk.engine.sizes())

    async def _tell(self) -> None:
        """Beside the looking, because a receiver may let one wait."""
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._to_tell.wait(), TELL_AGAIN_SECONDS)
            self._to_tell.clear()
            _, troubles = await self._quietly(self._telling, self.desk.tell) or ([], [])
            for trouble in troubles:
                self.told.trouble(trouble)

    async def _quietly(self, pool: ThreadPoolExecutor, act: Callable[[], Made]) -> Made | None:
        """Run an act; what goes wrong is told, and the act is tried again at its next turn."""
        try:
            return await self._in(pool, act)
        except SeawallError as error:
            self._complain(error)
        except Exception as error:  # noqa: BLE001 - a fault in looking must not end the reading
            self._complain(
                SeawallError(f"A fault of Seawall itself ({type(error).__name__}).", mend="Please report it.")
            )
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


def _parted(arrivals: Sequence[Arrival], by: Callable[[Arrival], object]) -> list[list[Arrival]]:
    """Groups in the order of their first arrivals."""
    groups: dict[object, list[Arrival]] = {}
    for arrival in arrivals:
        groups.setdefault(by(arrival), []).append(arrival)
    return list(groups.values())


def _fault(error: Exception) -> SeawallError:
    return SeawallError(f"A fault of Seawall itself ({type(error).__name__}).", mend="Please report it.")
