"""Safeguarding: the cases in which a person who was approached is to be offered support. It has a role of its own."""

from __future__ import annotations

from starlette.responses import Response

from seawall.casebook.rules import Act
from seawall.web.outcomes import STATED
from seawall.web.routes import Pages
from seawall.web.visit import Visit
from seawall.workspace.supporting import supported

pages = Pages()
pages.section("Safeguarding", "safeguarding", order=75)


@pages.get("/safeguarding", may=Act.READ_SAFEGUARDING, name="safeguarding")
def safeguarding(visit: Visit) -> Response:
    """The cases that ended in an offer of support, the latest first."""
    return visit.page(
        "safeguarding.html",
        cases=supported(visit.workspace),
        stated=STATED,
        may_ask=visit.may(Act.ASK_UNMASK) and visit.may(Act.READ_REQUESTS),
    )
