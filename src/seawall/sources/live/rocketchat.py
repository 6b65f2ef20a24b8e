"""Rocket.Chat while it happens, over its REST interface, with GET requests only.

Public rooms and groups that the token can read; direct rooms only where the operator names them; omnichannel and
calls never. Interface: https://developer.rocket.chat/apidocs (``rooms.get``, ``channels.list``,
``chat.syncMessages``, ``channels.history``, ``chat.getDeletedMessages``, ``moderation.*``).
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import ClassVar

from seawall.protocols import Ask, Connection, RawBatch, Rights
from seawall.sources.live.http import HTTP_ASKS
from seawall.sources.live.rocketchat_api import Api
from seawall.sources.live.rocketchat_marks import OVERLAP_MS, Marks
from seawall.sources.live.rocketchat_rights import rights_of
from seawall.sources.live.rocketchat_settings import RARE_ASKS, Settings
from seawall.sources.live.rocketchat_watch import RoomWatch


class RocketChatLive:
    """Reads a Rocket.Chat server with a personal access token."""

    name: ClassVar[str] = "rocketchat"
    version: ClassVar[str] = "1"
    asks: ClassVar[tuple[Ask, ...]] = (
        Ask("user_id", "User id of the account that Seawall reads with (shown beside its personal access token)"),
        Ask("token", "Personal access token of that account", secret=True),
        Ask(
            "rooms", "Names or ids of the rooms to read, with commas between (empty: all that it can read)", default=""
        ),
        Ask("since", "From when on, as 2026-05-03 (empty: from now on)", default=""),
        *RARE_ASKS,
        *HTTP_ASKS,
    )

    async def check(self, connection: Connection) -> Rights:
        """Who the token belongs to, and what it may read; see ``LiveSource.check``."""
        settings = Settings.of(connection)
        async with Api(connection, settings) as api:
            return await rights_of(api, settings)

    async def listen(self, connection: Connection, checkpoint: str | None) -> AsyncGenerator[RawBatch, None]:
        """Batches as they come; see ``LiveSource.listen``."""
        settings = Settings.of(connection)
        marks = None if checkpoint is None else Marks.read(checkpoint)
        async with Api(connection, settings) as api:
            await api.get("me")
            marks = marks or _beginning(api, settings)
            from_now = checkpoint is None and settings.since_ms is None
            watch = RoomWatch(api, settings, marks, connection.options, from_now=from_now)
            async with aclosing(watch.batches()) as batches:
                async for batch in batches:
                    yield batch


def _beginning(api: Api, settings: Settings) -> Marks:
    """Marks of somebody who has read nothing yet. The first reading begins an overlap before its mark."""
    if settings.since_ms is not None:
        marks = Marks(settings.since_ms + OVERLAP_MS)
        marks.covered = settings.since_ms
        return marks
    if api.server_ms is None:
        raise api.bad_answer("me")
    return Marks(api.server_ms)
