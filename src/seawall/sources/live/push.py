"""HTTP push: a platform posts its own events, as NDJSON, to the endpoint that ``seawall watch`` opens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator
from io import BytesIO
from typing import ClassVar

from seawall.errors import ConfigurationError, InputError
from seawall.protocols import LIVE_RECORDS, Ask, Connection, RawBatch, Rights
from seawall.sources.live.events import events, stated

SHORTEST_TOKEN = 32
"""Characters of the shortest token that is accepted."""

MOST_EVENTS = 20_000
"""The most events in one body."""


class PushSource:
    """Turns posted bodies into batches. It never listens anywhere itself: the watch process's server does."""

    name: ClassVar[str] = "push"
    version: ClassVar[str] = "1"
    asks: ClassVar[tuple[Ask, ...]] = (
        Ask("token", f"Token that the platform sends, of {SHORTEST_TOKEN} characters or more", secret=True, made=True),
    )

    async def check(self, connection: Connection) -> Rights:
        """What the endpoint will take; nothing is reached for.

        Raises:
            ConfigurationError: the token is too short.
        """
        if len(connection.secrets.get("token", "").strip()) < SHORTEST_TOKEN:
            raise ConfigurationError(
                f"The token has fewer than {SHORTEST_TOKEN} characters, so that it could be guessed.",
                where=f"connection {connection.name}",
                mend="Make one with: openssl rand -hex 32",
            )
        told = connection.options.visibility is not None
        return Rights(
            identity=f"Events posted to /v1/events/{connection.name}",
            can=("Take in messages, interactions and deletions that the platform posts.",),
            missing=()
            if told
            else ("Events must tell their visibility: without it they are refused (or connect with --visibility).",),
        )

    async def listen(self, connection: Connection, checkpoint: str | None) -> AsyncGenerator[RawBatch, None]:
        """Nothing comes by itself: waits until it is closed."""
        await asyncio.Event().wait()
        yield events([], connection.options, checkpoint)  # pragma: no cover - makes this a generator

    def raw(self, connection: Connection, body: bytes, *, key: str | None = None) -> list[RawBatch]:
        """The batches of a posted body, one event a line; a record's position is its line, from 1.

        Args:
            connection: to which it was posted.
            body: NDJSON in UTF-8, unpacked; blank lines are passed over.
            key: the request's Idempotency-Key: events without an id are known again when they are sent again with it.

        Raises:
            InputError: there are more than MOST_EVENTS.
            ConfigurationError: the connection's time zone or order of dates does not exist.
        """
        options = stated(connection)
        numbered = [(number, line) for number, line in enumerate(_bounded(body), 1) if line]
        batches = []
        for start in range(0, len(numbered), LIVE_RECORDS):
            positions, lines = zip(*numbered[start : start + LIVE_RECORDS], strict=True)
            marks = None if key is None else [f"{key}\0{position}" for position in positions]
            batches.append(events(lines, options, positions=positions, marks=marks))
        return batches


def _bounded(body: bytes) -> Iterator[bytes]:
    """The lines of a body, trimmed."""
    found = 0
    for line in BytesIO(body.removeprefix(b"\xef\xbb\xbf")):
        trimmed = line.strip()
        found += bool(trimmed)
        if found > MOST_EVENTS:
            raise InputError(
                f"The body holds more than {MOST_EVENTS:,} events.", where="body", mend="Send fewer at once."
            )
        yield trimmed
