"""What a person does with a case: take it, decide it, take that back, keep a draft, open it again."""

from __future__ import annotations

from starlette.responses import Response

from seawall.casebook import QueueFilter
from seawall.casebook.rules import Act
from seawall.errors import RuleError
from seawall.web import done
from seawall.web.given import Given
from seawall.web.pages.case import shown
from seawall.web.pages.queue import next_case
from seawall.web.routes import Pages
from seawall.web.told import Told
from seawall.web.visit import Visit, Visiting

pages = Pages()


@pages.post("/cases/{case_id}/take", may=Act.DECIDE, name="case.take")
def take(visit: Visit, case_id: str) -> Response:
    """Hold a case for twenty minutes."""
    try:
        visit.workspace.take(case_id)
    except RuleError as error:
        return shown(visit, case_id, problem=Told.of(error), status=409)
    return visit.see_other("case", case_id=case_id)


@pages.post("/cases/{case_id}/give-back", may=Act.DECIDE, name="case.give-back")
def give_back(visit: Visit, case_id: str) -> Response:
    """Let go of a case."""
    try:
        visit.workspace.give_back(case_id)
    except RuleError as error:
        return shown(visit, case_id, problem=Told.of(error), status=409)
    return visit.see_other("queue")


@pages.post("/cases/{case_id}/decide", may=Act.DECIDE, name="case.decide")
def decide(visit: Visit, case_id: str) -> Response:
    """Record a decision and go on to the next case, or stay; or keep what is written as a draft."""
    given = Given.of_form(visit.form)
    if visit.form["go"] == "draft":
        try:
            _keep(visit, case_id, given)
        except RuleError as error:
            return shown(visit, case_id, given=given, problem=Told.of(error), status=409)
        visit.say(visit._("Kept as a draft; only you see it."))
        return visit.see_other("case", case_id=case_id)
    if given.decided is None or not given.complete:
        return shown(visit, case_id, given=given, status=422)
    try:
        made = visit.workspace.decide(case_id, given.decided, given.stated, note=given.note)
    except RuleError as error:
        return shown(visit, case_id, given=given, problem=Told.of(error), status=409)
    following = next_case(visit, QueueFilter(), made.case_id) if visit.form["go"] == "next" else made.case_id
    answer = visit.see_other("case", case_id=following) if following else visit.see_other("queue")
    done.remember(answer, made, secure=visit.console.settings.secure)
    return answer


@pages.post("/cases/{case_id}/undo", may=Act.DECIDE, name="case.undo")
def undo(visit: Visit, case_id: str) -> Response:
    """Take the decision of a moment ago back; the case opens again with what was written."""
    try:
        visit.workspace.undo(case_id)
    except RuleError as error:
        return shown(visit, case_id, problem=Told.of(error), status=409)
    visit.say(visit._("Taken back; the case is as it was, and what you wrote is here."))
    answer = visit.see_other("case", case_id=case_id)
    done.forget(answer)
    return answer


@pages.post("/cases/{case_id}/draft", may=Act.DECIDE, name="case.draft")
def draft(visit: Visit, case_id: str) -> Response:
    """Keep what is half-written, as the page asks every few seconds; sent by a person, it leads back to the case."""
    given = Given.of_form(visit.form)
    try:
        _keep(visit, case_id, given)
    except RuleError as error:
        return shown(visit, case_id, given=given, problem=Told.of(error), status=409)
    if not visit.wants_fragment:
        return visit.see_other("case", case_id=case_id)
    return visit.fragment("draft_kept.html", kept=visit.workspace.draft(case_id))


@pages.post("/cases/{case_id}/reopen", may=Act.REOPEN, name="case.reopen")
def reopen(visit: Visit, case_id: str) -> Response:
    """Open a decided case again, with a reason."""
    try:
        visit.workspace.casebook.reopen(case_id, reviewer=visit.person.name, reason=visit.form["reason"])
    except RuleError as error:
        return shown(visit, case_id, problem=Told.of(error), status=409)
    return visit.see_other("case", case_id=case_id)


def _keep(visit: Visiting, case_id: str, given: Given) -> None:
    visit.workspace.keep_draft(case_id, given.decided, given.stated, given.note)
