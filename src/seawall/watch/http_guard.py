"""uvicorn inside a loop that belongs to somebody else: no signals, and no connection that may wait for ever."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Generator

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 10.0
"""How long a client may take to send the head of a request."""

MOST_CONNECTIONS = 256
"""The most connections at a moment; a further one is closed at once."""


class GuardedProtocol(H11Protocol):
    """HTTP/1.1 with a deadline for the head of each request and a bound on connections."""

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client has come."""
        super().connection_made(transport)
        if len(self.connections) > MOST_CONNECTIONS:
            transport.abort()
            return
        self._watch()

    def data_received(self, data: bytes) -> None:
        """It has sent something."""
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """It has gone."""
        self._let_go()
        super().connection_lost(exc)

    def _watch(self) -> None:
        """The time for a head runs from its first moment, whatever comes meanwhile."""
        if self.conn.their_state is not h11.IDLE:
            self._let_go()
        elif self._deadline is None:
            self._deadline = self.loop.call_later(HEAD_SECONDS, self._too_slow)

    def _let_go(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _too_slow(self) -> None:
        self._deadline = None
        if self.conn.their_state is h11.IDLE and not self.transport.is_closing():
            self.transport.abort()


class QuietServer(uvicorn.Server):
    """uvicorn without its hold on signals, which belong to the process."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Leave them alone."""
        yield
