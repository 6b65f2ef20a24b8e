"""One case: what is claimed, what it rests on, what speaks against it, and the form that decides it."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from seawall.casebook.rules import Act, person_key
from seawall.casebook.standing import UNDO_SECONDS
from seawall.errors import RuleError
from seawall.web.care import care, count
from seawall.web.done import just_done
from seawall.web.given import Given
from seawall.web.marking import _
from seawall.web.outcomes import CHOICES, LABELS, STATED, STATUSES
from seawall.web.refusals import Hidden
from seawall.web.routes import Pages
from seawall.web.told import Told
from seawall.web.visit import Visit, Visiting
from seawall.workspace.case_page import CasePage, case_page

KINDS = {
    "first": _("first"),
    "verbatim": _("verbatim copy"),
    "edited": _("edited copy"),
    "obfuscated": _("disguised copy"),
    "different": _("other words"),
}
STAGES = {
    "decided": _("decided"),
    "proposed": _("proposed; a second person must confirm it"),
    "confirmed": _("confirmed by a second person"),
    "undone": _("taken back"),
}
VISIBILITIES = {
    "public": _("public"),
    "closed": _("in a closed group"),
    "direct": _("direct, reported by a participant"),
}
ACTS = {
    "opened": _("opened"),
    "grown": _("grew"),
    "revised": _("an alert was revised"),
    "linked": _("linked"),
    "reopened": _("opened again"),
    "proposed": _("proposed"),
    "confirmed": _("confirmed"),
    "decided": _("decided"),
    "undone": _("taken back"),
    "appealed": _("appealed"),
    "appeal decided": _("appeal decided"),
}
MAY = {
    "decide": Act.DECIDE,
    "reopen": Act.REOPEN,
    "appeal": Act.APPEAL,
    "campaign": Act.CAMPAIGN,
    "ask_unmask": Act.ASK_UNMASK,
    "enrol": Act.KEEP_PEOPLE,
}

pages = Pages()


@pages.get("/cases/{case_id}", may=Act.READ_CASES, name="case")
def case(visit: Visit, case_id: str) -> Response:
    """A case, with what the person has written about it so far."""
    return shown(visit, case_id)


def shown(
    visit: Visiting, case_id: str, *, given: Given | None = None, problem: Told | None = None, status: int = 200
) -> Response:
    """The page of a case; after a refusal with what was given and what is wrong with it."""
    workspace = visit.workspace
    try:
        page = case_page(workspace, case_id, around=visit.request.query_params.get("around"))
    except RuleError as error:
        raise Hidden from error
    one = page.file.case
    may = {name: visit.may(act) for name, act in MAY.items()}
    if given is None:
        given = Given.of_draft(workspace.draft(one.case_id)) if may["decide"] else Given()
    mine = care(visit)
    answer = visit.page(
        "case.html",
        status,
        page=page,
        given=given,
        problem=problem,
        may=may,
        veil=mine.veil(one.severity),
        care=mine,
        done=just_done(visit.request),
        **_standing(visit, page),
        **_words(),
    )
    count(visit, answer, one.case_id, one.severity)
    return answer


def _standing(visit: Visiting, page: CasePage) -> dict[str, Any]:
    """Whether the person holds the case, and whether they are the first of two."""
    me = person_key(visit.person.name)
    made = [decision for decision in page.file.case.decisions if decision.stage != "undone"]
    return {
        "held_by_me": page.row.held_by is not None and person_key(page.row.held_by) == me,
        "first_is_mine": bool(made) and person_key(made[-1].reviewer) == me,
    }


def _words() -> dict[str, Any]:
    return {
        "choices": CHOICES,
        "labels": LABELS,
        "acts": ACTS,
        "undo_seconds": UNDO_SECONDS,
        "statuses": STATUSES,
        "stages": STAGES,
        "kinds": KINDS,
        "visibilities": VISIBILITIES,
        "stated": STATED,
    }
