"""A form that was sent after its session had ended: shown again to the person who wrote it."""

from __future__ import annotations

from starlette.responses import Response

from seawall.web.marking import _
from seawall.web.problems import KEPT_COOKIE
from seawall.web.refusals import Hidden
from seawall.web.routes import SIGNED_IN, Pages
from seawall.web.visit import Visit

pages = Pages()

LONG_FIELDS = {"reason": _("reason"), "note": _("note"), "text": _("text")}
"""Fields that people write sentences in, with their names; they can be changed before they are sent again."""


@pages.get("/kept", may=SIGNED_IN, name="kept")
def kept(visit: Visit) -> Response:
    """What was written, to be sent again or thrown away."""
    key = visit.request.cookies.get(KEPT_COOKIE, "")
    form = visit.console.kept.of(key, visit.person.name)
    if form is None:
        raise Hidden
    return visit.page("kept.html", kept=form, long_fields=LONG_FIELDS)


@pages.post("/kept/forget", may=SIGNED_IN, name="kept.forget")
def forget(visit: Visit) -> Response:
    """Throw it away."""
    visit.console.kept.forget(visit.request.cookies.get(KEPT_COOKIE, ""), visit.person.name)
    answer = visit.see_other("home")
    answer.delete_cookie(KEPT_COOKIE)
    return answer
