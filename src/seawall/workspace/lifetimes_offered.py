"""What a workspace offers about how long channels live."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from seawall.casebook import Act
from seawall.protocols import Progress
from seawall.workspace.opened import OpenedFolder

if TYPE_CHECKING:
    from seawall.workspace.survival_found import SurvivalFound


class LifetimeReading(OpenedFolder):
    """What a workspace tells of how long channels live."""

    def spells(self, *, dormant: float = 30.0, progress: Progress | None = None) -> pa.Table:
        """A spell for each channel that is no conversation, as ``seawall.measures.survival`` takes them; audited.

        Args:
            dormant: so many days of silence, all of them collected, end a spell: see
                ``seawall.measures.lifetimes.spells_of_activity``.
            progress: called with what is being done.

        Returns:
            ``thing`` (the channel), ``start``, ``entry``, ``last_alive``, ``end``, ``event``, ``platform``,
            ``channel_kind`` and ``visibility``.

        Raises:
            InputError: the lake holds no channel.
            MeasureError: a parameter that cannot be used.
        """
        return self._spells(dormant, progress).spells

    def survival(
        self,
        *,
        checks: Sequence[Any] = (),
        by: str | None = None,
        dormant: float = 30.0,
        confidence: float = 0.95,
        progress: Progress | None = None,
    ) -> SurvivalFound:
        """How long channels live: curve, medians, ends by kind, and whether groups differ. The read is audited.

        Args:
            checks: tables of status checks (see ``seawall.measures.lifetimes.spells_of_looks``): a channel that was
                looked at has the spells of its checks instead of those of its messages.
            by: what groups are made by: "platform", "channel_kind" or "visibility".
            dormant: as for ``spells``.
            confidence: of bands and limits.
            progress: called with what is being done.

        Raises:
            ConfigurationError: there is no such column to make groups by.
            InputError: the lake holds no channel.
            MeasureError: a parameter that cannot be used, or no spell is left.
        """
        from seawall.workspace.survival_found import survival_found, with_checks

        found = with_checks(self._spells(dormant, progress), checks)
        return survival_found(found, source=self.path.name, by=by, confidence=confidence, dormant=dormant)

    def _spells(self, dormant: float, progress: Progress | None) -> Any:
        from seawall.workspace.lifetimes import spells_of

        self.permit(Act.EXPLORE)
        self.casebook.audit.append(self.reviewer, "read", {"table": "messages", "for": "survival"})
        return spells_of(self, dormant, progress)
