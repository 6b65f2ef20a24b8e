"""What is unusual now: what waits for people, the platform over time with its surges, and what is new."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from seawall.casebook.queue import QueueFilter
from seawall.casebook.rules import Act, may
from seawall.web.looked import Looked, as_field
from seawall.web.looked_words import NEW, UNITS
from seawall.web.outcomes import STATUSES
from seawall.web.routes import Pages
from seawall.web.visit import Visit, Visiting
from seawall.workspace.looking_overview import OverviewSeen

MOST_CASES = 20

pages = Pages()
pages.section("Overview", "overview", order=10)


@pages.get("/overview", may=Act.READ_OVERVIEW, name="overview")
def overview(visit: Visit) -> Response:
    """The first page. With a span of time also the cases of that span."""
    looked, seen = _seen(visit)
    may_read = visit.may(Act.READ_CASES)
    return visit.page(
        "overview.html",
        looked=looked,
        seen=seen,
        units=UNITS,
        sorts=NEW,
        statuses=STATUSES,
        as_field=as_field,
        may_read=may_read,
        nobody_decides=not visit.may(Act.DECIDE) and _nobody_decides(visit),
        may_enrol=visit.may(Act.KEEP_PEOPLE),
        may_explore=visit.may(Act.EXPLORE),
        cases=_cases(visit, looked) if may_read and (looked.start or looked.end) else None,
    )


@pages.get("/overview/cases", may=Act.READ_CASES, name="overview.cases")
def cases(visit: Visit) -> Response:
    """The cases of a span that was chosen in the picture, for htmx."""
    looked = Looked.of(visit.request.query_params.multi_items())
    return visit.fragment("overview_cases.html", cases=_cases(visit, looked), looked=looked, statuses=STATUSES)


@pages.get("/overview/timeline.json", may=Act.READ_OVERVIEW, name="overview.timeline")
def timeline(visit: Visit) -> Response:
    """The counts of the picture, for the script that draws it."""
    seen = _seen(visit)[1]
    told = seen.timeline.as_json() if seen.timeline is not None else {"at": []}
    if not visit.may(Act.READ_CASES):
        told |= {"windows": [{**one, "sentence": "", "case": ""} for one in told.get("windows", ())]}
    return JSONResponse(told)


def _seen(visit: Visiting) -> tuple[Looked, OverviewSeen]:
    looked = Looked.of(visit.request.query_params.multi_items())
    return looked, visit.workspace.overview(platform=looked["platform"] or None, start=looked.start, end=looked.end)


def _cases(visit: Visiting, looked: Looked) -> object:
    return visit.workspace.queue(QueueFilter(start=looked.start, end=looked.end), limit=MOST_CASES)


def _nobody_decides(visit: Visiting) -> bool:
    return not any(may(one.role, Act.DECIDE) for one in visit.workspace.casebook.people.all())
