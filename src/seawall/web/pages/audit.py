"""Who did what and who looked at what, and whether that record is whole."""

from __future__ import annotations

import re
from datetime import datetime

from starlette.responses import Response

from seawall.casebook.rules import Act
from seawall.errors import ConfigurationError
from seawall.web.routes import Pages
from seawall.web.visit import Visit, Visiting

pages = Pages()
pages.section("Audit", "audit", order=100)

ROWS = 100
MOST_DETAIL = 400
CHECKPOINT = re.compile(r"\{|\d{1,18}:[0-9a-zA-Z]+$")


@pages.get("/audit", may=Act.READ_AUDIT, name="audit")
def audit(visit: Visit) -> Response:
    """A page of the audit, of one person or one kind of act where that is asked for."""
    return _shown(visit)


@pages.post("/audit/verify", may=Act.READ_AUDIT, name="audit.verify")
def verify(visit: Visit) -> Response:
    """Go through the whole chain, and compare it with a checkpoint that was kept elsewhere."""
    against = visit.form["against"]
    if against and not CHECKPOINT.match(against):  # never the name of a file of this machine
        wrong = visit._("This is neither a checkpoint nor a head of an audit.")
        return _shown(visit, 422, against=against, wrong=wrong)
    try:
        problems, head = visit.workspace.verify_audit(against or None)
    except ConfigurationError as error:
        return _shown(visit, 422, against=against, wrong=f"{error.what} {error.mend or ''}")
    return _shown(visit, against=against, problems=problems, head=head)


def _shown(
    visit: Visiting,
    status: int = 200,
    *,
    against: str = "",
    wrong: str = "",
    problems: list[str] | None = None,
    head: str = "",
) -> Response:
    asked = visit.request.query_params
    before = asked.get("before", "")
    person, act = asked.get("person", ""), asked.get("act", "")
    page = visit.workspace.audit_page(
        before=int(before) if before.isascii() and before.isdigit() and len(before) < 16 else None,
        person=person,
        act=act,
        limit=ROWS,
    )
    return visit.page(
        "audit.html",
        status,
        page=page,
        rows=[(entry, datetime.fromisoformat(entry.at)) for entry in page.rows],
        person=person,
        act=act,
        before=before,
        most_detail=MOST_DETAIL,
        against=against,
        wrong=wrong,
        problems=problems,
        head=head,
    )
