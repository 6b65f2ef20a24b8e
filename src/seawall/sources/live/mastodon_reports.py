"""What members report to the moderators of a Mastodon server, where the token may read it.

Interface: https://docs.joinmastodon.org/methods/admin/reports/. Open and resolved reports are two lists.
"""

from __future__ import annotations

from seawall.errors import AccessError, ConnectError
from seawall.sources.live.mastodon_api import Api
from seawall.sources.live.mastodon_place import Place, newer
from seawall.sources.live.mastodon_records import Records

PATH = "api/v1/admin/reports"
_LISTS: tuple[dict[str, str], ...] = ({}, {"resolved": "true"})
_PAGE = 100
_MOST_PAGES = 50
_NOT_FOUND = 404


class Reports:
    """Looks for new reports. A token that may not read them is asked once."""

    def __init__(self, api: Api, place: Place, records: Records, *, from_now: bool) -> None:
        self._api = api
        self._place = place
        self._records = records
        self._from_now = from_now
        self._may = True

    async def new(self) -> list[bytes]:
        """Records of the reports that came since the last look.

        Raises:
            ConnectError: the server does not answer as it should.
        """
        if not self._may:
            return []
        try:
            if self._place.report is None and self._from_now:
                self._place.report = await self._newest()
                return []
            return await self._since(self._place.report or "0")
        except ConnectError as error:
            if not isinstance(error, AccessError) and error.status != _NOT_FOUND:
                raise
            self._may = False
            return []

    async def _newest(self) -> str:
        pages = [await self._api.listed(PATH, {**which, "limit": 1}) for which in _LISTS]
        return max((report["id"] for page in pages for report in page), key=lambda one: (len(one), one), default="0")

    async def _since(self, last: str) -> list[bytes]:
        made: list[bytes] = []
        newest = last
        for which in _LISTS:
            cursor = last
            for _ in range(_MOST_PAGES):
                page = await self._api.listed(PATH, {**which, "min_id": cursor, "limit": _PAGE})
                page.sort(key=lambda report: (len(report["id"]), report["id"]))
                if not page or not newer(page[-1]["id"], cursor):
                    break
                cursor = page[-1]["id"]
                made += [record for report in page for record in self._records.report(report)]
            newest = cursor if newer(cursor, newest) else newest
        self._place.report = newest
        return made
