"""Whether what the console stands on works."""

from __future__ import annotations

import seawall
from seawall.casebook.rules import Act
from seawall.web.api.calling import Called
from seawall.web.api.routes import Calls
from seawall.web.api.shape import Shape
from seawall.web.readiness import readiness

calls = Calls("Health")


class CheckTold(Shape):
    """One part."""

    what: str
    well: bool
    told: str


class HealthTold(Shape):
    """All parts."""

    well: bool
    version: str
    checks: list[CheckTold]


@calls.read("/health", may=Act.READ_HEALTH, name="health", answer=HealthTold)
def health(calling: Called) -> HealthTold:
    """The parts, each tried by a small read."""
    checks = [CheckTold.made_of(one) for one in readiness(calling.workspace)]
    return HealthTold(well=all(one.well for one in checks), version=seawall.__version__, checks=checks)
