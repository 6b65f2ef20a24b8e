"""Whether everything that the console stands on works."""

from __future__ import annotations

from starlette.responses import Response

import seawall
from seawall.casebook.rules import Act
from seawall.web.readiness import readiness
from seawall.web.routes import Pages
from seawall.web.visit import Visit

pages = Pages()
pages.section("Health", "health", order=120)


@pages.get("/health", may=Act.READ_HEALTH, name="health")
def health(visit: Visit) -> Response:
    """The parts, each tried by a small read; and the files, when asked for."""
    checks = [*readiness(visit.workspace), visit.console.warmth.check()]
    thorough = visit.request.query_params.get("files") == "yes"
    found = visit.workspace.check() if thorough else None
    return visit.page(
        "health.html",
        checks=checks,
        well=all(check.well for check in checks) and not found,
        found=found,
        version=seawall.__version__,
    )
