"""Sources and coverage: what is collected, from where, what was set aside, and when nothing was collected."""

from __future__ import annotations

from starlette.responses import Response

from seawall.casebook.rules import Act
from seawall.web.looked_words import VISIBILITIES
from seawall.web.routes import Pages
from seawall.web.visit import Visit

pages = Pages()
pages.section("Sources", "sources", order=60)


@pages.get("/sources", may=Act.READ_SOURCES, name="sources")
def sources(visit: Visit) -> Response:
    """Connections, what came in, and gaps."""
    return visit.page("sources.html", seen=visit.workspace.sources_seen(), visibilities=VISIBILITIES)
