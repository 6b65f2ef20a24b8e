"""Bluesky while it happens, over Jetstream: public events, without a token.

Interface: https://github.com/bluesky-social/jetstream (``/subscribe``, JSON, uncompressed).
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager
from typing import ClassVar

import msgspec

from seawall.protocols import Ask, Connection, RawBatch, Rights
from seawall.sources.live.bluesky_place import Place
from seawall.sources.live.bluesky_settings import Settings
from seawall.sources.live.bluesky_watch import Watch, now_us
from seawall.sources.live.websocket import Frames


class BlueskyLive:
    """Reads a Jetstream server."""

    name: ClassVar[str] = "bluesky"
    version: ClassVar[str] = "1"
    asks: ClassVar[tuple[Ask, ...]] = (
        Ask("dids", "Identifiers (did:plc:...) of the accounts to read, commas between (empty: everybody)", default=""),
        Ask(
            "collections",
            "Kinds of records to read, commas between (empty: posts, reposts, likes, follows and blocks)",
            default="",
        ),
        Ask("since", "From when on, as 2026-05-03 (empty: from now on)", default=""),
    )

    async def check(self, connection: Connection) -> Rights:
        """Whether the server answers; there are no rights to speak of. See ``LiveSource.check``."""
        settings = Settings.of(connection)
        async with _opened(connection, settings, None):
            pass
        whom = f"{len(settings.dids)} accounts" if settings.dids else "everybody"
        return Rights(
            "nobody: what Jetstream sends is public, and needs no token",
            (f"Read {', '.join(name.rpartition('.')[2] + 's' for name in settings.collections)} of {whom}.",),
        )

    async def listen(self, connection: Connection, checkpoint: str | None) -> AsyncGenerator[RawBatch, None]:
        """Batches as they come; see ``LiveSource.listen``."""
        settings = Settings.of(connection)
        fresh = checkpoint is None and settings.since_us is None
        if checkpoint is not None:
            place = Place.read(checkpoint)
        else:
            place = Place(None, now_us() if settings.since_us is None else settings.since_us)
        async with _opened(connection, settings, None if fresh else place.cursor) as frames:
            watch = Watch(frames, place, connection.options, fresh=fresh)
            async with aclosing(watch.batches()) as batches:
                async for batch in batches:
                    yield batch


@asynccontextmanager
async def _opened(connection: Connection, settings: Settings, cursor: int | None) -> AsyncGenerator[Frames, None]:
    frames = Frames(
        settings.address(cursor),
        headers={},
        where=f"connection {connection.name}",
        settings=connection.settings,
        product="Jetstream",
    )
    async with frames:
        if settings.tells_later:
            await frames.send(msgspec.json.encode(settings.hello).decode())
        yield frames
