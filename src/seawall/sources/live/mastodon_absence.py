"""What happened while nobody listened: new statuses, and what has become of those that were given last.

New ones are read with ``min_id``, which gives those just after an id, so that no page is passed over. Deletions and
edits are told to those who listen only: the newest statuses that were given are looked at again.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator

from seawall.errors import ConnectError
from seawall.sources.live.mastodon_api import PAGE, Api
from seawall.sources.live.mastodon_place import RECENT, Place, before, id_at, newer
from seawall.sources.live.mastodon_records import Records
from seawall.sources.live.mastodon_settings import Settings, Timeline

_AT_ONCE = 20
_NOT_FOUND = 404
_FEED_HOLDS = 400
"""A server keeps at least so many statuses of a home or list timeline; more than that may be cut off."""


class Absence:
    """Fills a gap. ``whole`` tells afterwards whether nothing is known to be missing."""

    def __init__(self, api: Api, settings: Settings, place: Place, records: Records) -> None:
        self._api = api
        self._settings = settings
        self._place = place
        self._records = records
        self.whole = True

    async def begin(self) -> None:
        """Take note of the newest status of each timeline that is read for the first time.

        Raises:
            AccessError: the token may not read a timeline.
            ConnectError: the server does not answer as it should.
        """
        for timeline in self._settings.timelines:
            newest = await self._api.listed(timeline.path, {**timeline.params, "limit": 1})
            if timeline.name in self._place.last:
                continue
            if self._settings.since_us is not None:
                self._place.last[timeline.name] = id_at(self._settings.since_us)
            else:
                self._place.last[timeline.name] = newest[0]["id"] if newest else "0"

    async def records(self, look_again: int = RECENT) -> AsyncGenerator[list[bytes], None]:
        """Records in the order of time, timeline after timeline; the place moves with them.

        Args:
            look_again: at so many of the newest statuses that were given.

        Raises:
            AccessError: the token may not read a timeline any more.
            ConnectError: the server does not answer as it should.
        """
        looked_at = list(self._place.recent)[-look_again:]
        for timeline in self._settings.timelines:
            async for page in self._missed(timeline):
                yield page
        for start in range(0, len(looked_at), _AT_ONCE):
            yield await self._again(looked_at[start : start + _AT_ONCE])

    async def _missed(self, timeline: Timeline) -> AsyncGenerator[list[bytes], None]:
        cursor = before(self._place.last[timeline.name])
        while True:
            params = {**timeline.params, "min_id": cursor, "limit": PAGE}
            page = await self._api.listed(timeline.path, params)
            if not page:
                return
            page.sort(key=lambda status: (len(status["id"]), status["id"]))
            if not newer(page[-1]["id"], cursor):
                self.whole = False  # a server that does not know min_id gives its newest again and again
                return
            cursor = page[-1]["id"]
            self._place.count(timeline.name, [status["id"] for status in page])
            self.whole = self.whole and not (timeline.is_feed and self._place.filled[timeline.name] > _FEED_HOLDS)
            made = [record for status in page for record in self._records.status(status)]
            self._place.reached(timeline.name, cursor)
            yield made

    async def _again(self, numbers: list[str]) -> list[bytes]:
        """Statuses as they are now; those that are gone are deletions."""
        try:
            found = await self._api.listed("api/v1/statuses", {"id[]": numbers})
        except ConnectError as error:  # servers before version 4.3 tell one at a time
            if error.status != _NOT_FOUND:
                raise
            found = [status for number in numbers for status in await self._one(number)]
        there = {status["id"]: status for status in found}
        made: list[bytes] = []
        for number in numbers:
            if number in there:
                made += self._records.status(there[number], remember=False)
            else:
                made += self._records.deletion(number)
        return made

    async def _one(self, number: str) -> list[dict[str, object]]:
        try:
            status = await self._api.get(f"api/v1/statuses/{number}")
        except ConnectError as error:
            if error.status != _NOT_FOUND:
                raise
            return []
        return [status] if isinstance(status, dict) and status.get("id") == number else []
