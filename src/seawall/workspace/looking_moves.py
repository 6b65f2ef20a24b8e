"""Fast reads for the pages of places: where links lead, how long channels live, and what came before and after."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from seawall.casebook import Act
from seawall.errors import InputError
from seawall.workspace.looking import MOST_ALERTS, Looking

if TYPE_CHECKING:
    from seawall.workspace.effects import EffectFound
    from seawall.workspace.looking_beside import Beside
    from seawall.workspace.looking_place import PlaceSeen
    from seawall.workspace.looking_places import PlacesFound
    from seawall.workspace.looking_succession import SuccessorsSeen
    from seawall.workspace.survival_found import SurvivalFound


class PlaceLooking(Looking):
    """What a workspace shows of places to people who look around.

    What takes seconds is computed beside the pages, once for each state of the lake. Every read is audited. Where
    people are enrolled, every method raises RuleError to whoever may not read what it shows. Direct conversations are
    in none of it.
    """

    def places_seen(
        self, *, start: datetime | None = None, end: datetime | None = None, patience: float = 0.2
    ) -> Beside[PlacesFound]:
        """Where links lead, or how far that is computed. The read is audited.

        Args:
            start: messages from this time on (UTC).
            end: messages before this time (UTC).
            patience: seconds to wait for it.

        Raises:
            ConfigurationError: too much is being computed.
        """
        from seawall.workspace.looking_beside import beside
        from seawall.workspace.looking_places import PlacesAsked, asked_places

        self._permit(Act.EXPLORE)
        self._tell_read("places", {"start": start, "end": end})
        return beside(asked_places(self, PlacesAsked(start, end)), patience)

    def place_seen(self, place: str, *, page: int = 1, patience: float = 0.2) -> Beside[PlaceSeen]:
        """One place, with a page of 200 of the messages that link to it. The read is audited.

        Args:
            place: as ``places_seen`` names it.
            page: of the messages, from 1.
            patience: seconds to wait for it.

        Raises:
            ConfigurationError: too much is being computed.
            InputError: no link leads there.
        """
        from seawall.workspace.looking_beside import Beside, beside
        from seawall.workspace.looking_place import alerts_about, place_seen
        from seawall.workspace.looking_places import PlacesAsked, asked_places

        self._permit(Act.EXPLORE)
        self._tell_read("place", {"place": self.casebook.commit(place)})
        known = beside(asked_places(self, PlacesAsked()), patience)
        if known.found is None:
            return Beside(known.state, known.doing, known.done, known.total, known.problem, known.mend)
        row = known.found.place(place)
        if row is None:
            raise InputError("No link leads there.", mend="Take the place from a page.")
        named = alerts_about(self, place, most=MOST_ALERTS, own=self._own())
        listed = self._may(Act.READ_INDICATORS)
        seen = place_seen(self, known.found, row, page=page, alerts=named, listed=listed)
        return Beside("ready", found=seen, as_of=known.as_of)

    def survival_seen(self, *, by: str | None = "channel_kind", patience: float = 0.2) -> Beside[SurvivalFound]:
        """How long channels live, or how far that is computed. The read is audited.

        Args:
            by: what groups are made by: "channel_kind", "platform", "visibility"; None = one curve.
            patience: seconds to wait for it.

        Raises:
            ConfigurationError: too much is being computed.
        """
        from seawall.workspace.looking_beside import beside
        from seawall.workspace.looking_lives import SurvivalAsked, asked_survival

        self._permit(Act.EXPLORE)
        self._tell_read("survival", {})
        return beside(asked_survival(self, SurvivalAsked(by)), patience)

    def effect_seen(self, *, decisions: bool = True, patience: float = 0.2) -> Beside[EffectFound]:
        """What came before and after actions, or how far that is computed. The read is audited.

        Args:
            decisions: of the cases that were referred; otherwise of the actions in ``actions.csv`` of the workspace.
            patience: seconds to wait for it.

        Raises:
            ConfigurationError: too much is being computed.
            InputError: there is no such file.
        """
        from seawall.workspace.looking_beside import beside
        from seawall.workspace.looking_lives import asked_effect, has_actions

        self._permit(Act.EXPLORE)
        self._permit(Act.READ_CASES)
        if not decisions and not has_actions(self):
            raise InputError("There is no list of actions.", mend="Put a file actions.csv into the workspace.")
        self._tell_read("effect", {"decisions": decisions})
        return beside(asked_effect(self, decisions=decisions), patience)

    def successors_seen(self, *, patience: float = 0.2) -> Beside[SuccessorsSeen]:
        """Channels that ended and what came after them, or how far that is computed. The read is audited.

        Broadcast channels, groups and rooms alone are compared, never persons.

        Args:
            patience: seconds to wait for it.

        Raises:
            ConfigurationError: too much is being computed.
        """
        from seawall.workspace.looking_beside import beside
        from seawall.workspace.looking_succession import asked_successors

        self._permit(Act.EXPLORE)
        self._tell_read("successors", {})
        return beside(asked_successors(self), patience)

    @property
    def has_actions(self) -> bool:
        """Whether the workspace holds a list of actions, ``actions.csv``."""
        from seawall.workspace.looking_lives import has_actions

        return has_actions(self)

    def _tell_read(self, why: str, told: dict[str, object]) -> None:
        some = {
            name: value if isinstance(value, bool) else str(value) for name, value in told.items() if value is not None
        }
        self.casebook.audit.append(self.reviewer, "read", {"table": "messages", "for": why, **some})

    def _may(self, act: Act) -> bool:
        from seawall.errors import RuleError

        try:
            self._permit(act)
        except RuleError:
            return False
        return True
