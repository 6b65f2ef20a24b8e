"""What a person's own settings and count mean for the page before them: veiled words, and whether a break is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from starlette.responses import Response

from seawall.model import Severity
from seawall.web import exposure
from seawall.web.exposure import Exposure
from seawall.web.visit import Visiting

GRAVE = (Severity.HIGH, Severity.URGENT)
"""Cases whose messages are veiled until each is held open, unless the person has chosen otherwise."""


@dataclass(frozen=True, slots=True)
class Care:
    """For one page."""

    exposure: Exposure
    break_after: int  # weighted minutes
    blur: bool
    grey: bool

    @property
    def due(self) -> bool:
        """Whether to propose a break."""
        return self.exposure.due(self.break_after)

    def veil(self, severity: Severity) -> str:
        """The classes that veil the words of such a case; "" where they are shown as they are."""
        if severity not in GRAVE:
            return ""
        return " ".join(name for name, wanted in (("blur", self.blur), ("grey", self.grey)) if wanted)


def care(visit: Visiting) -> Care:
    """As the person's settings and their own browser tell."""
    chosen = visit.preferences
    seen = exposure.exposure_of(visit.request, visit.person.name, datetime.now(UTC))
    return Care(seen, int(chosen["break_after"]), bool(chosen["blur"]), bool(chosen["grey"]))


def count(visit: Visiting, answer: Response, case_id: str, severity: Severity) -> None:
    """Count a case that is about to be looked at, in the person's own browser."""
    now = datetime.now(UTC)
    seen = exposure.exposure_of(visit.request, visit.person.name, now).seen(case_id, severity, now)
    exposure.keep(answer, seen, visit.person.name, secure=visit.console.settings.secure)
