"""What needs two people: asking, answering, and opening the vault together, each with their own key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response

from seawall.casebook import Request, RequestKind
from seawall.casebook.rules import Act, person_key
from seawall.errors import ConfigurationError, RuleError
from seawall.web.marking import _
from seawall.web.pages.campaign import case_ids
from seawall.web.refusals import Hidden
from seawall.web.routes import Pages
from seawall.web.told import Told
from seawall.web.visit import Visit, Visiting

if TYPE_CHECKING:
    from typing import Any

MOST_LISTED = 200
KINDS = {
    RequestKind.UNMASK: _("Who is behind accounts"),
    RequestKind.SANCTION: _("A sanction of accounts"),
    RequestKind.PHRASES: _("A list of phrases or words"),
    RequestKind.PEOPLE: _("People of safeguarding"),
}
STATES = {
    "waiting": _("waits for a second person"),
    "agreed": _("agreed"),
    "refused": _("refused"),
    "expired": _("expired"),
    "used": _("used"),
}
OFFERED = (
    (RequestKind.UNMASK, Act.ASK_UNMASK),
    (RequestKind.SANCTION, Act.ASK_SANCTION),
    (RequestKind.PHRASES, Act.LIST),
    (RequestKind.PEOPLE, Act.KEEP_PEOPLE),
)
OF_ACCOUNTS = (RequestKind.UNMASK, RequestKind.SANCTION)
"""Kinds of which the subjects are pseudonyms."""

pages = Pages()
pages.section("Requests", "requests", order=80)


@pages.get("/requests", may=Act.READ_REQUESTS, name="requests")
def requests(visit: Visit) -> Response:
    """What was asked for, and a form to ask."""
    query = visit.request.query_params
    subjects = " ".join(query.getlist("account"))[:4000]
    return _list(visit, given={"kind": query.get("kind", ""), "subjects": subjects, "reason": ""})


@pages.post("/requests", may=Act.READ_REQUESTS, name="requests.ask")
def ask(visit: Visit) -> Response:
    """Ask; the casebook says whether this role may ask for this kind."""
    form = visit.form
    given = {key: form[key] for key in ("kind", "subjects", "reason")}
    names = [one.strip() for one in form["subjects"].split("\n") if one.strip()]
    subjects = names if form["kind"] in (RequestKind.PEOPLE, RequestKind.PHRASES) else case_ids(form["subjects"])
    try:
        made = visit.workspace.ask(form["kind"], subjects, form["reason"])
    except (RuleError, ConfigurationError) as error:
        return _list(visit, given=given, problem=Told.of(error), status=422)
    return visit.see_other("request", request_id=made.request_id)


@pages.get("/requests/{request_id}", may=Act.READ_REQUESTS, name="request")
def request(visit: Visit, request_id: str) -> Response:
    """One request, with what the two said as far as this person may see it."""
    return _one(visit, request_id)


@pages.post("/requests/{request_id}/answer", may=Act.SECOND, name="request.answer")
def answer(visit: Visit, request_id: str) -> Response:
    """Agree or refuse, with a reason of one's own."""
    said, reason = visit.form["answer"], visit.form["reason"]
    if said not in ("agree", "refuse"):
        return _one(visit, request_id, reason=reason, problem=Told("Say whether you agree."), status=422)
    try:
        visit.workspace.answer(request_id, said == "agree", reason)
    except RuleError as error:
        return _one(visit, request_id, reason=reason, problem=Told.of(error), status=409)
    return visit.see_other("request", request_id=request_id)


@pages.post("/requests/{request_id}/key", may=Act.UNMASK, name="request.hand-in")
def hand_in(visit: Visit, request_id: str) -> Response:
    """Hand in one's own key for an agreed unmasking. Neither the key nor the passphrase is kept."""
    key, passphrase = visit.form.file("keyfile"), visit.form.raw("passphrase")
    if key is None:
        return _one(
            visit, request_id, problem=Told("No key file was chosen.", "Choose your own private key."), status=422
        )
    try:
        visit.workspace.hand_in_key(request_id, key, passphrase)
    except (RuleError, ConfigurationError) as error:
        return _one(visit, request_id, problem=Told.of(error), status=409)
    visit.say(visit._("Your key is held in memory for a quarter of an hour."))
    return visit.see_other("request", request_id=request_id)


@pages.post("/requests/{request_id}/open", may=Act.UNMASK, name="request.open")
def open_vault(visit: Visit, request_id: str) -> Response:
    """Show who is behind the accounts, once both keys are handed in; the audit has it first."""
    try:
        found = visit.workspace.unmasked(request_id).to_pylist()
    except (RuleError, ConfigurationError) as error:
        return _one(visit, request_id, problem=Told.of(error), status=409)
    return visit.page("request_opened.html", request=_found(visit, request_id), people=found)


@pages.post("/requests/{request_id}/forget", may=Act.UNMASK, name="request.forget")
def forget(visit: Visit, request_id: str) -> Response:
    """Wipe the keys that were handed in."""
    _found(visit, request_id)
    visit.workspace.forget_keys(request_id)
    visit.say(visit._("The keys are wiped."))
    return visit.see_other("request", request_id=request_id)


def _list(visit: Visiting, *, given: dict[str, str], problem: Told | None = None, status: int = 200) -> Response:
    found = visit.workspace.requests()[:MOST_LISTED]
    return visit.page(
        "requests.html",
        status,
        requests=found,
        waiting=sum(one.state == "waiting" for one in found),
        offered=[(kind.value, KINDS[kind]) for kind, act in OFFERED if visit.may(act)],
        given=given,
        problem=problem,
        **_words(),
    )


def _one(
    visit: Visiting, request_id: str, *, reason: str = "", problem: Told | None = None, status: int = 200
) -> Response:
    found = _found(visit, request_id)
    me = person_key(visit.person.name)
    mine = me in {person_key(found.by), *(person_key(one.by) for one in found.answers)}
    opening = found.kind is RequestKind.UNMASK and found.state in ("agreed", "used") and mine
    return visit.page(
        "request.html",
        status,
        request=found,
        own=person_key(found.by) == me,
        may_answer=visit.may(Act.SECOND) and found.state == "waiting" and person_key(found.by) != me,
        handed_in=visit.workspace.handed_in(request_id) if opening and visit.may(Act.UNMASK) else None,
        of_accounts=found.kind in OF_ACCOUNTS,
        may_account=visit.may(Act.READ_ACCOUNT),
        reason=reason,
        problem=problem,
        **_words(),
    )


def _found(visit: Visiting, request_id: str) -> Request:
    try:
        return visit.workspace.request(request_id)
    except RuleError as error:
        raise Hidden from error


def _words() -> dict[str, Any]:
    return {"kinds": KINDS, "states": STATES}
