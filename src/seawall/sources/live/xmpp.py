"""XMPP: rooms (XEP-0045), read along by an account that says who it is, and filled from their archives (XEP-0313)."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import ClassVar

from seawall.errors import AccessError, ConnectError
from seawall.protocols import Ask, Connection, RawBatch, Rights
from seawall.sources.live.http import HTTP_ASKS
from seawall.sources.live.xmpp_link import ArchiveGapError, Entry, Link, RoomError
from seawall.sources.live.xmpp_room import Room
from seawall.sources.live.xmpp_settings import NICKNAME, Marks, Settings
from seawall.sources.live.xmpp_watch import Watch

_POWERS = ("owner", "admin", "moderator")


class XmppLive:
    """Reads the rooms that it is told, and never says a word in them."""

    name: ClassVar[str] = "xmpp"
    version: ClassVar[str] = "1"
    asks: ClassVar[tuple[Ask, ...]] = (
        Ask("jid", "Account that Seawall reads with, as seawall@example.org"),
        Ask("password", "Password of that account", secret=True),
        Ask("rooms", "Rooms to read, as rides@rooms.example.org, with commas between"),
        Ask("nickname", "Name under which the rooms see it, so that nobody is watched in secret", default=NICKNAME),
        Ask("since", "From when on, as 2026-05-03 (empty: from now on)", default=""),
        *HTTP_ASKS,
    )

    async def check(self, connection: Connection) -> Rights:
        """Enter each room once and say what can be read; see ``LiveSource.check``."""
        settings = Settings.of(connection)
        found: dict[str, tuple[Room, Entry]] = {}
        refused: list[RoomError] = []
        async with Link(connection, lambda *_: None) as link:
            for jid in settings.rooms:
                try:
                    found[jid] = await _tried(link, jid, settings)
                except RoomError as error:
                    refused.append(error)
            if not found:
                kind = AccessError if any(error.final for error in refused) else ConnectError
                raise kind("None of the rooms can be read.", where=link.where, mend="Check their addresses.")
        return _rights(connection.settings.get("jid", ""), settings, found)

    async def listen(self, connection: Connection, checkpoint: str | None) -> AsyncGenerator[RawBatch, None]:
        """Batches as they come; see ``LiveSource.listen``."""
        marks = None if checkpoint is None else Marks.read(checkpoint)
        watch = Watch(connection, Settings.of(connection), marks)
        async with aclosing(watch.batches()) as batches:
            async for batch in batches:
                yield batch


async def _tried(link: Link, jid: str, settings: Settings) -> tuple[Room, Entry]:
    room = Room(jid, await link.features(jid))
    entry = await link.enter(jid, settings.nickname)
    if room.archived:
        try:
            await link.page(jid, before="")
        except (ArchiveGapError, RoomError):
            room.archived = False
    return room, entry


def _rights(jid: str, settings: Settings, found: dict[str, tuple[Room, Entry]]) -> Rights:
    archived = [one for one, (room, _) in found.items() if room.archived]
    bare = [one for one in found if one not in archived]
    shut = [one for one in settings.rooms if one not in found]
    powers = [one for one, (_, entry) in found.items() if entry.affiliation in _POWERS or entry.role in _POWERS]
    can = [f"Read {len(found)} of {len(settings.rooms)} rooms, seen there as {settings.nickname}."]
    if archived:
        can.append(f"Fill gaps from the archives of: {', '.join(archived)}.")
    missing = []
    if shut:
        missing.append(f"Enter: {', '.join(shut)}.")
    if bare:
        missing.append(f"Fill gaps where no archive is kept or may be read: {', '.join(bare)}.")
    excess = (f"Moderate: {', '.join(powers)}.",) if powers else ()
    return Rights(f"account {jid}", tuple(can), tuple(missing), excess)
