"""What a workspace offers about before and after actions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from seawall.casebook import Act
from seawall.protocols import Progress
from seawall.workspace.opened import OpenedFolder

if TYPE_CHECKING:
    from seawall.workspace.effects import EffectFound


class EffectReading(OpenedFolder):
    """What a workspace tells of before and after."""

    def effect(
        self,
        actions: Any = None,
        *,
        decisions: bool = False,
        controls: Collection[str] | None = None,
        measures: Sequence[str] | None = None,
        window: int = 30,
        progress: Progress | None = None,
    ) -> EffectFound:
        """Before and after actions, where accounts went, and who came back: see ``seawall.measures.effect``.

        The read is audited. Days that were not collected count as unknown; the first and the last day with messages,
        of which only a part may be there, are left out.

        Args:
            actions: a table ``at`` (or ``date``; UTC without a zone) and optionally ``channel`` (its id, handle or
                title, or a platform; null = everything) and ``kind`` (what was done).
            decisions: instead, the cases of this workspace that were referred, each on the channels of its alerts, at
                the time of the decision.
            controls: channels, or platforms, that may be compared with; None = whoever was not acted on.
            measures: of "messages", "accounts", "forwards", "new channels" (by platform); all where None.
            window: days on each side, 7 to 366.
            progress: called as the work goes on.

        Raises:
            ConfigurationError: a measure that does not exist, or neither or both of actions and decisions.
            InputError: no action is on anything that is here, a control is not here, or nothing was decided.
            MeasureError: a table or a parameter cannot be used.
        """
        from seawall.workspace.effects import effect_of

        self.permit(Act.EXPLORE)
        if decisions:
            self.permit(Act.READ_CASES)
        return effect_of(self, actions, decisions, controls, measures, window, progress)
