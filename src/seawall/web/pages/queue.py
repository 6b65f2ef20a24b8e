"""The queue: one line a case, filters beside it, and the next case handed out."""

from __future__ import annotations

from dataclasses import replace

from starlette.responses import Response

from seawall.casebook import QueueFilter
from seawall.casebook.rules import Act
from seawall.casebook.standing import UNDO_SECONDS
from seawall.errors import InputError
from seawall.model import Severity
from seawall.web.asked import Asked
from seawall.web.care import care
from seawall.web.done import just_done
from seawall.web.outcomes import LABELS, SEVERITIES, STATUSES
from seawall.web.routes import Pages
from seawall.web.visit import Visit, Visiting

ROWS = 50
LIGHTER = (Severity.MEDIUM, Severity.LOW)

pages = Pages()
pages.section("Queue", "queue", order=20)


@pages.get("/queue", may=Act.READ_CASES, name="queue")
def queue(visit: Visit) -> Response:
    """The cases that wait, the gravest first."""
    asked = Asked.of(visit.request.query_params.multi_items())
    wanted = asked.as_filter(visit.person.name)
    try:
        page = visit.workspace.queue(wanted, after=visit.request.query_params.get("after") or None, limit=ROWS)
    except InputError:
        page = visit.workspace.queue(wanted, limit=ROWS)
    return visit.page(
        "queue.html",
        page=page,
        asked=asked,
        detectors=visit.workspace.casebook.queue.detectors(reviewer=visit.person.name),
        later=bool(visit.request.query_params.get("after")),
        severities=SEVERITIES,
        statuses=STATUSES,
        labels=LABELS,
        undo_seconds=UNDO_SECONDS,
        done=just_done(visit.request),
        care=care(visit),
        may_decide=visit.may(Act.DECIDE),
    )


@pages.post("/queue/next", may=Act.DECIDE, name="queue.next")
def take_next(visit: Visit) -> Response:
    """Take the next case of the queue as it is filtered, and open it."""
    asked = Asked.of_query(visit.form["filters"])
    case_id = next_case(visit, asked.as_filter(visit.person.name), visit.form["after"] or None)
    if case_id is None:
        visit.say(visit._("No other case waits that you could decide."))
        return visit.see_other("queue", query=asked.query)
    return visit.see_other("case", case_id=case_id)


def next_case(visit: Visiting, wanted: QueueFilter, after: str | None) -> str | None:
    """The next case for this person: after grave ones a lighter one, unless something urgent waits."""
    workspace = visit.workspace
    if care(visit).exposure.wants_lighter and not wanted.severity:
        urgent = workspace.queue(replace(wanted, severity=(Severity.URGENT,)), limit=1).total
        lighter = None if urgent else workspace.take_next(replace(wanted, severity=LIGHTER), after=after)
        if lighter is not None:
            return lighter
    return workspace.take_next(wanted, after=after)
