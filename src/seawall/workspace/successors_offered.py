"""What a workspace offers about channels that come after others."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from seawall.casebook import Act
from seawall.protocols import Progress
from seawall.workspace.opened import OpenedFolder

if TYPE_CHECKING:
    from seawall.workspace.succession_found import SuccessorsFound


class SuccessorReading(OpenedFolder):
    """What a workspace tells of channels that ended and what came after them."""

    def successors(
        self,
        ends: Any = None,
        *,
        least: float = 0.8,
        start: datetime | None = None,
        end: datetime | None = None,
        progress: Progress | None = None,
    ) -> SuccessorsFound:
        """Which channels came after those that ended: see ``seawall.measures.successors``. The read is audited.

        Args:
            ends: a table with ``channel`` (pseudonym, handle or address) and ``at``; without one, the ends that the
                lake tells of its channels.
            least: the probability from which on a successor is told.
            start: messages from this time on (UTC).
            end: messages before this time (UTC).
            progress: called with what is being done.

        Raises:
            InputError: the lake holds no channel.
            MeasureError: a column is missing, or a parameter cannot be used.
        """
        from seawall.workspace.succession_found import successors_of

        self.permit(Act.EXPLORE)
        return successors_of(self, ends, least, start, end, progress)
