"""Reports that people made to the moderators of a Rocket.Chat server: who reported whom, and which message.

What they wrote in the report is not read. The endpoints group reports by the reported account; with a time since
when, the first answer names only accounts that were reported since.
"""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass

from seawall.errors import ConnectError
from seawall.sources.json_values import dict_of, id_of
from seawall.sources.live.rocketchat_api import Api
from seawall.sources.live.rocketchat_records import Item, account, without_reactions
from seawall.sources.live.rocketchat_rooms import Room, iso, room_of
from seawall.sources.raw_rows import Row
from seawall.sources.rocketchat_message import time_of

_NEWEST_FIRST = json.dumps({"ts": -1})
_REFUSED = (400, 403, 404)
_MOST_KNOWN = 10_000


@dataclass(frozen=True, slots=True)
class Report:
    """One report: what becomes of it in a batch, and the rooms that it names."""

    at_ms: int
    items: tuple[Item, ...]
    rooms: tuple[Room, ...]


class Reports:
    """Reads reports, as long as the token may."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._known: dict[str, None] = {}
        self._refused: set[str] = set()

    async def since(self, moment_ms: int, rooms: Mapping[str, Room]) -> AsyncGenerator[Report, None]:
        """Reports made after a time (milliseconds) that were not given before.

        Raises:
            AccessError: the token is refused altogether.
            ConnectError: the server does not answer, or not as it should.
        """
        for list_name, read in (
            ("moderation.reportsByUsers", self._messages),
            ("moderation.userReports", self._accounts),
        ):
            if list_name in self._refused:
                continue
            try:
                async for page in self._api.pages(list_name, "reports", oldest=iso(moment_ms)):
                    for group in page:
                        async for report in read(group, moment_ms, rooms):
                            yield report
            except ConnectError as error:
                if error.status not in _REFUSED:
                    raise
                self._refused.add(list_name)

    async def _messages(self, group: Row, since: int, rooms: Mapping[str, Room]) -> AsyncGenerator[Report, None]:
        """Reports of messages of one account."""
        endpoint = "moderation.user.reportedMessages"
        async for entry in self._newer(endpoint, "messages", since, userId=id_of(group.get("userId"))):
            message = dict_of(entry.get("message"))
            room = _room(entry, message, rooms)
            told = () if room is None else (Item(told=without_reactions(message, room), reported=True),)
            async for one in self._newer("moderation.reports", "reports", since, msgId=id_of(message.get("_id"))):
                for report in self._fresh(one):
                    act = _act(report, message.get("u"))
                    if act is not None:
                        act |= {"channel_id": id_of(message.get("rid")), "message_id": id_of(message.get("_id"))}
                        yield Report(_ms(report), (*told, Item(act=act)), () if room is None else (room,))
                        told = ()

    async def _accounts(self, group: Row, since: int, rooms: Mapping[str, Room]) -> AsyncGenerator[Report, None]:
        """Reports of one account itself."""
        reported = dict_of(group.get("reportedUser"))
        endpoint = "moderation.user.reportsByUserId"
        async for one in self._newer(endpoint, "reports", since, userId=id_of(reported.get("_id"))):
            for report in self._fresh(one):
                act = _act(report, report.get("reportedUser") or reported)
                if act is not None:
                    yield Report(_ms(report), (Item(act=act),), ())

    async def _newer(self, endpoint: str, key: str, since: int, **whose: str | None) -> AsyncGenerator[Row, None]:
        """Entries of a list that are newer than a time."""
        if None in whose.values():
            return
        async for page in self._api.pages(endpoint, key, sort=_NEWEST_FIRST, **whose):
            for entry in page:
                if _ms(entry) <= since:
                    return
                yield entry

    def _fresh(self, report: Row) -> list[Row]:
        identity = id_of(report.get("_id"))
        if identity is None or identity in self._known:
            return []
        self._known[identity] = None
        while len(self._known) > _MOST_KNOWN:
            del self._known[next(iter(self._known))]
        return [report]


def _ms(told: Row) -> int:
    return (time_of(told.get("ts")) or 0) // 1000


def _room(entry: Row, message: Row, rooms: Mapping[str, Room]) -> Room | None:
    """The room of a reported message: as it is known, else as the report tells it."""
    identity = id_of(message.get("rid"))
    known = rooms.get(identity or "")
    told = room_of(dict_of(entry.get("room")))
    return known or (told if told is not None and told.id == identity else None)


def _act(report: Row, reported: object) -> Row | None:
    """A row of RAW_INTERACTIONS, without what the reporter wrote."""
    by = account(report.get("reportedBy"))
    if by is None:
        return None
    return {
        "interaction_id": id_of(report.get("_id")),
        "at": time_of(report.get("ts")),
        "kind": "report",
        "source_account": by,
        "target_account": account(reported),
    }
