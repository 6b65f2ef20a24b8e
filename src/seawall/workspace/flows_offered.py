"""What a workspace offers about where the members of its communities link to."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from seawall.casebook import Act
from seawall.protocols import Progress
from seawall.workspace.opened import OpenedFolder

if TYPE_CHECKING:
    from seawall.measures.flow import Flows


class FlowReading(OpenedFolder):
    """What a workspace tells of where members link to."""

    def flows(
        self,
        *,
        start: datetime | None = None,
        end: datetime | None = None,
        period: str = "week",
        whole: bool = False,
        progress: Progress | None = None,
    ) -> Flows:
        """Where the members of each channel link to: see ``seawall.measures.flows``. The read is audited.

        A platform without channels is one community, under its name. Direct conversations are left out.

        Args:
            start: messages from this time on (UTC).
            end: messages before this time (UTC).
            period: "day", "week" or "month".
            whole: each platform is one community, with all of its channels.
            progress: called as messages are read.

        Raises:
            MeasureError: a period that there is not.
        """
        from seawall.workspace.flowing import flows_of

        self.permit(Act.EXPLORE)
        return flows_of(self, start, end, period, progress, whole=whole)
