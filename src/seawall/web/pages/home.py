"""The first page: the first section that the person may see."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from seawall.web.routes import SIGNED_IN, Pages
from seawall.web.visit import Visit

pages = Pages()


@pages.get("/", may=SIGNED_IN, name="home")
def home(visit: Visit) -> Response:
    """Go to the first section of the navigation, or to the person's own page where there is none."""
    sections = visit.sections
    return RedirectResponse(visit.url(sections[0].name if sections else "you"), 303)
