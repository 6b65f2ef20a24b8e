"""What a workspace offers about surges beside incidents elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from seawall.casebook import Act
from seawall.protocols import Progress
from seawall.workspace.opened import OpenedFolder

if TYPE_CHECKING:
    from seawall.measures import Coincidence


class CoincidenceReading(OpenedFolder):
    """What a workspace tells of surges and incidents."""

    def coincidence(
        self,
        incidents: Any,
        *,
        platform: str | None = None,
        since: date | None = None,
        until: date | None = None,
        lags: Sequence[int] | None = None,
        tolerance: int = 0,
        shifts: str = "days",
        coarsest: str = "week",
        by: str | None = None,
        progress: Progress | None = None,
    ) -> Coincidence:
        """Surges of the platforms of this workspace beside incidents: see ``seawall.measures.coincidence``; audited.

        Surges are those of all messages of a platform a day; days that were not collected, or whose past is too short
        for an expectation, count as neither surge nor quiet.

        Args:
            incidents: a table ``date`` and optionally ``precision``, ``count``, ``place``, ``kind``.
            platform: only this one; None = all, whose surges are joined.
            since: first day of the observed time.
            until: the day after its last one.
            lags: days by which incidents follow surges; None = those of the measure.
            tolerance: days after a surge that still count as part of it in the rates.
            shifts: "days" or "weeks".
            coarsest: "day", "week" or "month": what is known less precisely is left out and counted.
            by: a column of incidents that splits them.
            progress: called as the work goes on.

        Raises:
            InputError: there is no such platform, or no message.
            MeasureError: a table or a parameter cannot be used, or there is no surge or no incident.
        """
        from seawall.measures.coinciding import LAGS, coincidence
        from seawall.workspace.coincidences import counts_of

        self.permit(Act.EXPLORE)
        self.casebook.audit.append(self.reviewer, "read", {"table": "messages", "for": "coincidence"})
        counts, coverage = counts_of(self, platform, progress)
        return coincidence(
            counts,
            incidents,
            since=since,
            until=until,
            lags=LAGS if lags is None else lags,
            tolerance=tolerance,
            shifts=shifts,
            coarsest=coarsest,
            by=by,
            coverage=coverage,
        )
