"""Matrix while it happens: /sync and /messages of a homeserver, and Synapse's reports; read-only.

The account is an ordinary one that somebody has invited. What it is not in, it does not see.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import ClassVar

from seawall.protocols import Ask, Connection, RawBatch, Rights
from seawall.sources.live.http import Client
from seawall.sources.live.matrix_beginning import Start
from seawall.sources.live.matrix_homeserver import LIMIT_BYTES, Homeserver
from seawall.sources.live.matrix_listening import Listening
from seawall.sources.live.matrix_rights import rights_of
from seawall.sources.live.matrix_settings import ASKS, Settings
from seawall.sources.matrix import Matrix

NEWEST = 50
"""How many events of a room an answer of /sync may hold; if there were more, the rest is read as history."""

WAIT_MS = 15_000
"""How long the server may wait for something to happen. Reports are looked for after that, too."""


class MatrixLive:
    """Reads the rooms that an account is in.

    Args:
        newest: see ``NEWEST``.
        wait_ms: see ``WAIT_MS``.
    """

    name: ClassVar[str] = Matrix.name
    version: ClassVar[str] = Matrix.version
    asks: ClassVar[tuple[Ask, ...]] = ASKS

    def __init__(self, newest: int = NEWEST, wait_ms: int = WAIT_MS) -> None:
        self._newest = newest
        self._wait_ms = wait_ms

    async def check(self, connection: Connection) -> Rights:
        """Who the token belongs to, which rooms it sees, and what it may do that Seawall never does."""
        settings = Settings.of(connection)
        async with _client(connection) as client:
            return await rights_of(Homeserver(client, _where(connection)), settings)

    async def listen(self, connection: Connection, checkpoint: str | None) -> AsyncGenerator[RawBatch, None]:
        """Batches from the checkpoint on; see ``LiveSource.listen``."""
        settings = Settings.of(connection)
        async with _client(connection) as client:
            homeserver = Homeserver(client, _where(connection))
            start = await Start.of(homeserver, settings, checkpoint)
            listening = Listening(homeserver, start, connection.options, newest=self._newest, wait_ms=self._wait_ms)
            async with aclosing(listening.batches()) as batches:
                async for batch in batches:
                    yield batch


def _client(connection: Connection) -> Client:
    return Client(
        connection.url,
        headers={"Authorization": f"Bearer {connection.secrets['token']}"},
        where=_where(connection),
        limit_bytes=LIMIT_BYTES,
        product="Matrix",
        settings=connection.settings,
    )


def _where(connection: Connection) -> str:
    return f"connection {connection.name}"
