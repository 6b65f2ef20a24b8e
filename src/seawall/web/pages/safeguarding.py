"""Safeguarding: who was approached, and the cases that ended in an offer of support. It has a role of its own."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from seawall.casebook.approached import SupportState
from seawall.casebook.approached_people import PersonToProtect, SupportAct
from seawall.casebook.rules import Act
from seawall.errors import ConfigurationError, RuleError
from seawall.model import made_up
from seawall.web.marking import _
from seawall.web.outcomes import LABELS, STATED
from seawall.web.refusals import Hidden
from seawall.web.routes import Pages
from seawall.web.told import Told
from seawall.web.visit import Visit, Visiting

ROWS = 50
LONGEST_PAGE = 6
"""So many digits of a page's number are read."""
STAGES = {
    "approach": _("approached in public"),
    "follow_back": _("followed back or answered"),
    "direct": _("came to direct messages"),
    "contact": _("got an outside address"),
    "sustained": _("wrote on for days"),
    "hand_off": _("went on with another account"),
}
STATES = {
    SupportState.WAITING: _("waits for an offer of support"),
    SupportState.OFFERED: _("was offered support"),
    SupportState.NOT_NEEDED: _("needs no support"),
    SupportState.CLOSED: _("is closed"),
}
TABS = {
    SupportState.WAITING: _("Waiting"),
    SupportState.OFFERED: _("Support offered"),
    SupportState.NOT_NEEDED: _("Not needed"),
    SupportState.CLOSED: _("Closed"),
}
ACTS = {
    "offered": _("support was offered"),
    "not needed": _("no support is needed"),
    "closed": _("nothing is left to do"),
    "approached again": _("approached by another account: waits again"),
    "went further": _("led further: waits again"),
}
SAID = {
    SupportAct.OFFER: _("Recorded that support was offered. Seawall has sent nothing."),
    SupportAct.NOT_NEEDED: _("Recorded that no support is needed."),
    SupportAct.CLOSE: _("Recorded that nothing is left to do."),
}

pages = Pages()
pages.section("Safeguarding", "safeguarding", order=75)


@pages.get("/safeguarding", may=Act.READ_SAFEGUARDING, name="safeguarding")
def safeguarding(visit: Visit) -> Response:
    """Who was approached, those who were led furthest first, without pseudonyms; then the cases of support."""
    query = visit.request.query_params
    state = next((one for one in SupportState if one.value == query.get("state")), SupportState.WAITING)
    told = query.get("page", "1")[:LONGEST_PAGE]
    page = int(told) if told.isascii() and told.isdecimal() else 1
    book = visit.workspace.safeguarding
    return visit.page(
        "safeguarding.html",
        found=book.people([state], page=max(1, page), limit=ROWS),
        state=state,
        cases=book.cases(),
        may_ask=visit.may(Act.ASK_UNMASK),
        stated=STATED,
        tabs=TABS,
        **_words(),
    )


@pages.get("/safeguarding/{person_id}", may=Act.READ_SAFEGUARDING, name="safeguarding.person")
def person(visit: Visit, person_id: str) -> Response:
    """One person, with the pseudonym of their account. The look stands in the audit."""
    return _shown(visit, person_id)


@pages.post("/safeguarding/{person_id}", may=Act.SAFEGUARD, name="safeguarding.act")
def act(visit: Visit, person_id: str) -> Response:
    """Record an offer of support, that none is needed, or that nothing is left to do."""
    note, book = visit.form["note"], visit.workspace.safeguarding
    chosen = next((one for one in SupportAct if one.value == visit.form["act"]), None)
    if chosen is None:
        return _shown(visit, person_id, note=note, problem=Told("Say what you did."), status=422)
    if chosen is not SupportAct.OFFER and not note.strip():
        return _shown(visit, person_id, note=note, wrong=WHY, status=422)
    acts = {
        SupportAct.OFFER: book.offer_support,
        SupportAct.NOT_NEEDED: book.not_needed,
        SupportAct.CLOSE: book.close,
    }
    found = _found(visit, person_id)
    try:
        acts[chosen](found.person_id, note)
    except RuleError as error:
        return _shown(visit, person_id, note=note, problem=Told.of(error), status=409)
    visit.say(visit._(SAID[chosen]))
    return visit.see_other("safeguarding.person", person_id=found.person_id)


@pages.post("/safeguarding/{person_id}/ask", may=Act.SAFEGUARD, name="safeguarding.ask")
def ask(visit: Visit, person_id: str) -> Response:
    """Ask who is behind the account; another person of safeguarding must agree. No address holds the pseudonym."""
    found, reason = _found(visit, person_id), visit.form["reason"]
    try:
        made = visit.workspace.ask("unmask", [found.account], reason)
    except (RuleError, ConfigurationError) as error:
        return _shown(visit, person_id, reason=reason, problem=Told.of(error), status=409)
    return visit.see_other("request", request_id=made.request_id)


WHY = _("Say why, in a sentence.")


def _found(visit: Visiting, person_id: str) -> PersonToProtect:
    try:
        return visit.workspace.safeguarding.person(person_id)
    except RuleError as error:
        raise Hidden from error


def _shown(
    visit: Visiting,
    person_id: str,
    *,
    note: str = "",
    reason: str = "",
    wrong: str = "",
    problem: Told | None = None,
    status: int = 200,
) -> Response:
    found = _found(visit, person_id)
    return visit.page(
        "safeguarding_person.html",
        status,
        person=found,
        made_up=any(made_up(one.sentence) for one in found.approaches),
        note=note,
        reason=reason,
        wrong=wrong,
        problem=problem,
        may_ask=visit.may(Act.ASK_UNMASK),
        acts=ACTS,
        **_words(),
    )


def _words() -> dict[str, Any]:
    return {"stages": STAGES, "states": STATES, "labels": LABELS}
