"""Reports of events that Synapse keeps for its administrators."""

from __future__ import annotations

from collections import deque

from seawall.protocols import LIVE_RECORDS
from seawall.sources.json_values import number_time
from seawall.sources.live.matrix_homeserver import Homeserver, report_number
from seawall.sources.raw_rows import Row

_MOST = LIVE_RECORDS // 2
_OVERLAP = 5
"""Reports that are read again on the next page: some may have been dismissed in between."""


class Reports:
    """Reads what was reported, if the token is an administrator's."""

    def __init__(self, homeserver: Homeserver) -> None:
        self._homeserver = homeserver
        self._refused = False

    async def latest(self) -> int | None:
        """The number of the latest report, 0 if there is none; None where the token may not read them."""
        page = await self._homeserver.reports(0)
        return None if page is None else max(map(report_number, page), default=0)

    async def after(self, number: int, floor: int) -> list[Row]:
        """The oldest reports with a higher number, and from a time (UTC microseconds) on, in their order.

        At most half a batch; empty too where the right was taken away.
        """
        found: deque[Row] = deque(maxlen=_MOST)
        lowest: int | None = None
        start = 0
        while not self._refused:
            told = await self._homeserver.reports(start)
            self._refused = told is None
            page = [report for report in told or [] if lowest is None or report_number(report) < lowest]
            new = [report for report in page if report_number(report) > number and _time(report) >= floor]
            found.extend(new)
            if not page or len(new) < len(page):
                break
            lowest = min(map(report_number, page))
            start += max(1, len(page) - _OVERLAP)
        return list(found)[::-1]


def _time(report: Row) -> int:
    return number_time(report.get("received_ts"), 1_000) or 0
