"""How well people judge: agreement of two who do not know of one another, and cases whose answer was settled."""

from __future__ import annotations

from starlette.responses import Response

from seawall.casebook.rules import Act
from seawall.errors import RuleError, SeawallError
from seawall.web.outcomes import CHOICES, LABELS, chosen
from seawall.web.refusals import Hidden
from seawall.web.routes import Pages
from seawall.web.visit import Visit, Visiting

MOST_PAIRS = 100
MOST_MESSAGES = 60

pages = Pages()
pages.section("Quality", "quality", order=70)


@pages.get("/quality", may=Act.READ_QUALITY, name="quality")
def quality(visit: Visit) -> Response:
    """Agreement with its interval, golden cases, and the way to a blind review."""
    return _shown(visit)


@pages.post("/quality/golden", may=Act.SET_GOLDEN, name="quality.golden")
def golden(visit: Visit) -> Response:
    """Settle the right answer to a decided case."""
    given = {name: visit.form[name] for name in ("case", "outcome", "reason")}
    outcome, errors = chosen(given["outcome"]), {}
    if not given["case"]:
        errors["case"] = visit._("Name the case, as C-7K2Q9.")
    if outcome is None:
        errors["outcome"] = visit._("Choose the right answer.")
    if not given["reason"]:
        errors["reason"] = visit._("State why this is the right answer.")
    if outcome is None or errors:
        return _shown(visit, 422, given=given, errors=errors)
    try:
        visit.workspace.set_golden(given["case"], outcome, given["reason"])
    except RuleError as error:
        return _shown(visit, 409, given=given, problem=error)
    visit.say(visit._("The case is golden from now on. People meet it among their blind reviews."))
    return visit.see_other("quality")


@pages.post("/quality/blind", may=Act.REVIEW_BLIND, name="blind.next")
def blind_next(visit: Visit) -> Response:
    """Be given a case to judge without knowing what was decided."""
    case_id = visit.workspace.blind_next()
    if case_id is None:
        return visit.page("blind_none.html")
    return visit.see_other("blind", case_id=case_id)


@pages.get("/quality/blind", may=Act.REVIEW_BLIND, name="blind.start")
def blind_start(visit: Visit) -> Response:
    """What a blind review is, and the button for one."""
    return visit.page("blind_start.html")


@pages.get("/quality/blind/{case_id}", may=Act.REVIEW_BLIND, name="blind")
def blind(visit: Visit, case_id: str) -> Response:
    """A case as it is, without what was decided."""
    return _case(visit, case_id)


@pages.post("/quality/blind/{case_id}", may=Act.REVIEW_BLIND, name="blind.judge")
def judge(visit: Visit, case_id: str) -> Response:
    """Say what one thinks of it. It moves nothing."""
    outcome, reason, errors = chosen(visit.form["outcome"]), visit.form["reason"], {}
    if outcome is None:
        errors["outcome"] = visit._("Choose what you would decide.")
    if not reason:
        errors["reason"] = visit._("State why, in a sentence.")
    if outcome is None or errors:
        return _case(visit, case_id, 422, errors)
    try:
        visit.workspace.review_blind(case_id, outcome, reason)
    except RuleError as error:
        return _case(visit, case_id, 409, {}, error)
    visit.say(visit._("Thank you. Your answer is recorded; it moves nothing."))
    return visit.see_other("blind.start")


def _shown(
    visit: Visiting,
    status: int = 200,
    *,
    given: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    problem: SeawallError | None = None,
) -> Response:
    seen = visit.workspace.quality()
    return visit.page(
        "quality.html",
        status,
        seen=seen,
        pairs=seen.pairs[:MOST_PAIRS],
        labels=LABELS,
        choices=CHOICES,
        given=given or {},
        errors=errors or {},
        problem=problem,
        may_golden=visit.may(Act.SET_GOLDEN),
        may_review=visit.may(Act.REVIEW_BLIND),
        may_read=visit.may(Act.READ_CASES),
    )


def _case(
    visit: Visiting,
    case_id: str,
    status: int = 200,
    errors: dict[str, str] | None = None,
    problem: SeawallError | None = None,
) -> Response:
    try:
        file = visit.workspace.case(case_id)
    except RuleError:
        raise Hidden from None
    wanted = [one for kept in file.alerts for one in kept.alert.evidence[:MOST_MESSAGES]][:MOST_MESSAGES]
    messages = visit.workspace.messages_seen(wanted)
    return visit.page(
        "blind.html",
        status,
        file=file,
        messages=[messages[one] for one in dict.fromkeys(wanted) if one in messages],
        choices=CHOICES,
        given={"outcome": visit.form["outcome"], "reason": visit.form["reason"]},
        errors=errors or {},
        problem=problem,
    )
