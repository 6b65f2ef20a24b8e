"""Lists of known content: who answers for each entry, why and until when, what it hit, and who agreed to it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from starlette.responses import Response

from seawall.casebook.indicators_looking import IndicatorFilter
from seawall.casebook.rules import Act
from seawall.errors import InputError, RuleError, SeawallError
from seawall.model import IndicatorKind, IndicatorStatus
from seawall.web.looked_words import CONTEXTS, INDICATOR_KINDS, INDICATOR_STATES
from seawall.web.marking import _
from seawall.web.refusals import Hidden
from seawall.web.routes import Pages
from seawall.web.visit import Visit, Visiting
from seawall.workspace import Terms

A_PAGE = 200
USUAL_DAYS = 90

pages = Pages()
pages.section("Indicators", "indicators", order=50)


@pages.get("/indicators", may=Act.READ_INDICATORS, name="indicators")
def indicators(visit: Visit) -> Response:
    """The lists, and the entries that fit a filter."""
    return visit.page("indicators.html", **_list(visit), given={}, errors={}, problem=None)


@pages.post("/indicators/add", may=Act.LIST, name="indicators.add")
def add(visit: Visit) -> Response:
    """List one thing; a phrase or a word then waits for a second person."""
    given, errors = _listing(visit)
    if not errors:
        try:
            made = visit.workspace.indicators.add(given["kind"], visit.form["value"], _terms(given))
        except (InputError, RuleError) as error:
            errors["value"] = f"{visit._(error.what)} {visit._(error.mend or '')}".strip()
        else:
            if made.status is IndicatorStatus.PROPOSED:
                visit.say(visit._("Listed. It matches nothing until a second person agrees."))
            else:
                visit.say(visit._("Listed."))
            return visit.see_other("indicator", indicator_id=made.id)
    return visit.page("indicators.html", 422, **_list(visit), given=given, errors=errors, problem=None)


@pages.post("/indicators/lists", may=Act.LIST, name="indicators.switch")
def switch(visit: Visit) -> Response:
    """Switch a whole list off or on."""
    lists = visit.workspace.indicators
    bank, reason, on = visit.form["bank"], visit.form["reason"], visit.form["to"] == "on"
    try:
        count = lists.enable(bank, reason) if on else lists.disable(bank, reason)
    except RuleError as error:
        return visit.page("indicators.html", 409, **_list(visit), given={}, errors={}, problem=error)
    told = _("Switched on: %(count)s entries.") if on else _("Switched off: %(count)s entries.")
    visit.say(visit._(told, count=count))
    return visit.see_other("indicators")


@pages.get("/indicators/{indicator_id}", may=Act.READ_INDICATORS, name="indicator")
def indicator(visit: Visit, indicator_id: str) -> Response:
    """One entry with what it hit."""
    return _one(visit, indicator_id)


@pages.post("/indicators/{indicator_id}/second", may=Act.LIST, name="indicator.second")
def second(visit: Visit, indicator_id: str) -> Response:
    """Agree as a second person."""
    return _act(visit, indicator_id, lambda: visit.workspace.indicators.second(indicator_id), _("You agreed."))


@pages.post("/indicators/{indicator_id}/promote", may=Act.LIST, name="indicator.promote")
def promote(visit: Visit, indicator_id: str) -> Response:
    """Let it alert."""
    reason = visit.form["reason"] or None
    lists = visit.workspace.indicators
    return _act(visit, indicator_id, lambda: lists.promote(indicator_id, reason=reason), _("It alerts from now on."))


@pages.post("/indicators/{indicator_id}/retract", may=Act.LIST, name="indicator.retract")
def retract(visit: Visit, indicator_id: str) -> Response:
    """Take it back, for good."""
    lists, reason = visit.workspace.indicators, visit.form["reason"]
    return _act(visit, indicator_id, lambda: lists.retract(indicator_id, reason=reason), _("It is retracted."))


def _act(visit: Visiting, indicator_id: str, act: Any, told: str) -> Response:
    try:
        act()
    except RuleError as error:
        return _one(visit, indicator_id, 409, error)
    visit.say(visit._(told))
    return visit.see_other("indicator", indicator_id=indicator_id)


def _one(visit: Visiting, indicator_id: str, status: int = 200, problem: SeawallError | None = None) -> Response:
    page = _page(visit)
    try:
        seen = visit.workspace.indicator_seen(indicator_id, page=page)
    except RuleError:
        raise Hidden from None
    return visit.page(
        "indicator.html",
        status,
        seen=seen,
        one=seen.indicator,
        page=page,
        pages=max(1, -(-seen.sightings_total // A_PAGE)),
        kinds=INDICATOR_KINDS,
        states=INDICATOR_STATES,
        contexts=CONTEXTS,
        may_list=visit.may(Act.LIST),
        may_explore=visit.may(Act.EXPLORE),
        problem=problem,
    )


def _list(visit: Visiting) -> dict[str, Any]:
    told = visit.request.query_params
    wanted = IndicatorFilter(
        bank=told.get("bank") or None,
        kind=told.get("kind") if told.get("kind") in INDICATOR_KINDS else None,
        status=told.get("status") if told.get("status") in INDICATOR_STATES else None,
        text=told.get("text", "")[:200],
    )
    page = _page(visit)
    banks, seen = visit.workspace.indicators_seen(wanted, page=page)
    return {
        "banks": banks,
        "seen": seen,
        "wanted": wanted,
        "page": page,
        "pages": max(1, -(-seen.total // A_PAGE)),
        "kinds": INDICATOR_KINDS,
        "translated_kinds": [(kind, visit._(label)) for kind, label in INDICATOR_KINDS.items()],
        "states": INDICATOR_STATES,
        "may_list": visit.may(Act.LIST),
        "today": visit.workspace.casebook.indicators.today,
        "usual": visit.workspace.casebook.indicators.today + timedelta(days=USUAL_DAYS),
    }


def _page(visit: Visiting) -> int:
    told = visit.request.query_params.get("page", "")
    return max(1, int(told)) if told.isascii() and told.isdecimal() and len(told) < 7 else 1


def _listing(visit: Visiting) -> tuple[dict[str, str], dict[str, str]]:
    """The fields as they were given, and what is wrong with them."""
    names = ("kind", "value", "bank", "reason", "source", "expires_on", "live")
    given = {name: visit.form[name] for name in names}
    errors = {}
    if given["kind"] not in set(IndicatorKind):
        errors["kind"] = visit._("Choose what it is.")
    for name, sentence in (
        ("value", _("State what is to be found.")),
        ("bank", _("Name the list that it belongs to.")),
        ("reason", _("State why it is listed.")),
    ):
        if not given[name]:
            errors[name] = visit._(sentence)
    try:
        if given["expires_on"] and date.fromisoformat(given["expires_on"]) <= visit.workspace.casebook.indicators.today:
            errors["expires_on"] = visit._("This day is over; choose a later one.")
    except ValueError:
        errors["expires_on"] = visit._("This is not a day. Write it as 2026-05-31.")
    return given, errors


def _terms(given: dict[str, str]) -> Terms:
    return Terms(
        bank=given["bank"],
        reason=given["reason"],
        source=given["source"] or "by hand",
        expires_on=date.fromisoformat(given["expires_on"]) if given["expires_on"] else None,
        live=given["live"] == "1",
    )
