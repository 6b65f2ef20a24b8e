"""What has come and is not acknowledged yet: bounded, so that memory is."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field

from seawall.protocols import Connection, LiveSource, RawBatch

MOST_RECORDS = 20_000
"""How many records may wait; whoever brings more waits, or is told to come later."""


class Session:
    """What came in one go: once a batch of it cannot be kept, the later ones are not either."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A batch on its way into the journal."""

    connection: Connection
    source: LiveSource
    batch: RawBatch
    received: float  # of the monotonic clock, seconds
    kept: asyncio.Future[None] = field(compare=False)  # done when the batch is durable, or cannot be
    session: Session

    @property
    def weight(self) -> int:
        """What it counts for in the inbox: a batch without records is not free."""
        return self.batch.records + 1


class Inbox:
    """Arrivals in the order in which they came. For one event loop.

    Args:
        most: how many records may wait.
    """

    def __init__(self, most: int = MOST_RECORDS) -> None:
        self._most = most
        self._waiting: deque[Arrival] = deque()
        self._weight = 0
        self._changed = asyncio.Condition()
        self.closed = False

    @property
    def records(self) -> int:
        """How many records wait, about."""
        return self._weight

    @property
    def full(self) -> bool:
        """Whether more would have to wait."""
        return self._weight >= self._most

    async def put(self, arrival: Arrival) -> None:
        """Add an arrival; waits while too much is there."""
        async with self._changed:
            await self._changed.wait_for(lambda: not self.full or self.closed)
            self._waiting.append(arrival)
            self._weight += arrival.weight
            self._changed.notify_all()

    async def take(self, most: int) -> list[Arrival]:
        """The oldest arrivals, up to about ``most`` records but at least one; waits for it. None once it is closed."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._waiting or self.closed)
            taken: list[Arrival] = []
            weight = 0
            while self._waiting and (not taken or weight + self._waiting[0].weight <= most):
                taken.append(self._waiting.popleft())
                weight += taken[-1].weight
            self._weight -= weight
            self._changed.notify_all()
            return taken

    async def close(self) -> None:
        """Nothing more will come; what is there can still be taken."""
        async with self._changed:
            self.closed = True
            self._changed.notify_all()
