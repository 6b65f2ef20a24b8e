"""Appeals: recorded against a decision, and decided by someone who took no part in it."""

from __future__ import annotations

from starlette.responses import Response

from seawall.casebook.rules import Act, person_key
from seawall.errors import RuleError
from seawall.web.marking import _
from seawall.web.outcomes import LABELS, STATED
from seawall.web.pages.case import shown
from seawall.web.refusals import Hidden
from seawall.web.routes import Pages
from seawall.web.told import Told
from seawall.web.visit import Visit, Visiting

STATES = {"waiting": _("waits"), "stands": _("the decision stands"), "changed": _("the decision changes")}

pages = Pages()
pages.section("Appeals", "appeals", order=70)


@pages.get("/appeals", may=Act.READ_APPEALS, name="appeals")
def appeals(visit: Visit) -> Response:
    """Those that wait, the oldest first, then the decided ones."""
    found = visit.workspace.appeals()
    waiting = sum(one.state == "waiting" for one in found)
    return visit.page("appeals.html", appeals=found, waiting=waiting, states=STATES)


@pages.post("/cases/{case_id}/appeal", may=Act.APPEAL, name="case.appeal")
def record(visit: Visit, case_id: str) -> Response:
    """Record that someone objects to the decision of a case."""
    try:
        made = visit.workspace.appeal(case_id, visit.form["text"])
    except RuleError as error:
        return shown(visit, case_id, problem=Told.of(error), status=409)
    visit.say(visit._("The appeal is recorded. Someone who took no part in the case decides it."))
    return visit.see_other("appeal", appeal_id=made.appeal_id)


@pages.get("/appeals/{appeal_id}", may=Act.READ_APPEALS, name="appeal")
def appeal(visit: Visit, appeal_id: str) -> Response:
    """One appeal, with what was known when the decision was made."""
    return _one(visit, appeal_id)


@pages.post("/appeals/{appeal_id}", may=Act.DECIDE_APPEAL, name="appeal.decide")
def decide(visit: Visit, appeal_id: str) -> Response:
    """Let the decision stand, or open the case again."""
    chosen, reason = visit.form["outcome"], visit.form["reason"]
    if chosen not in ("stands", "changed"):
        return _one(
            visit, appeal_id, reason=reason, problem=Told("Say whether the decision stands or changes."), status=422
        )
    try:
        visit.workspace.decide_appeal(appeal_id, "changed" if chosen == "changed" else "stands", reason)
    except RuleError as error:
        return _one(visit, appeal_id, reason=reason, chosen=chosen, problem=Told.of(error), status=409)
    return visit.see_other("appeal", appeal_id=appeal_id)


def _one(
    visit: Visiting,
    appeal_id: str,
    *,
    reason: str = "",
    chosen: str = "",
    problem: Told | None = None,
    status: int = 200,
) -> Response:
    try:
        found = visit.workspace.appeal_file(appeal_id)
    except RuleError as error:
        raise Hidden from error
    own = person_key(visit.person.name)
    took_part = own in {person_key(name) for name in (found.by, *(one.reviewer for one in found.decisions))}
    waits = visit.may(Act.DECIDE_APPEAL) and found.state == "waiting"
    return visit.page(
        "appeal.html",
        status,
        appeal=found,
        reason=reason,
        chosen=chosen,
        problem=problem,
        states=STATES,
        labels=LABELS,
        stated=STATED,
        may_decide=waits and (problem is not None or not took_part),  # what was refused is not lost
        took_part=waits and took_part,
    )
