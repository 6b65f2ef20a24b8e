"""Campaigns: a person gives cases a name that they share, adds to it, and takes cases out again."""

from __future__ import annotations

import re
from collections.abc import Callable

from starlette.responses import Response

from seawall.casebook import Campaign, QueueFilter
from seawall.casebook.rules import Act
from seawall.errors import RuleError
from seawall.web.marking import _
from seawall.web.outcomes import STATUSES
from seawall.web.refusals import Hidden
from seawall.web.routes import Pages
from seawall.web.strip import strip
from seawall.web.told import Told
from seawall.web.visit import Visit, Visiting

MOST_CASES = 200
MOST_LISTED = 200
ACTS = {"named": _("named"), "joined": _("cases joined"), "split": _("cases split off")}
_SEPARATORS = re.compile(r"[\s,;]+")

pages = Pages()
pages.section("Campaigns", "campaigns", order=30)


@pages.get("/campaigns", may=Act.READ_CASES, name="campaigns")
def campaigns(visit: Visit) -> Response:
    """What reviewers have named; a form to name another one."""
    asked = " ".join(visit.request.query_params.getlist("case"))[:2000]
    return _list(visit, given={"name": "", "cases": asked, "reason": ""})


@pages.post("/campaigns", may=Act.CAMPAIGN, name="campaigns.name")
def name(visit: Visit) -> Response:
    """Name cases; or, where an existing campaign is chosen, join them to it."""
    form = visit.form
    given = {key: form[key] for key in ("name", "cases", "reason")}
    cases, joined = case_ids(form["cases"]), form["campaign"]
    try:
        if joined:
            made = visit.workspace.join_campaign(joined, cases, form["reason"])
        else:
            made = visit.workspace.name_campaign(form["name"], cases, form["reason"])
    except RuleError as error:
        return _list(visit, given=given, problem=Told.of(error), status=422)
    return visit.see_other("campaign", campaign_id=made.campaign_id)


@pages.get("/campaigns/{campaign_id}", may=Act.READ_CASES, name="campaign")
def campaign(visit: Visit, campaign_id: str) -> Response:
    """One campaign: when its cases were, what they are, and who named them so."""
    return _one(visit, campaign_id)


@pages.post("/campaigns/{campaign_id}/join", may=Act.CAMPAIGN, name="campaign.join")
def join(visit: Visit, campaign_id: str) -> Response:
    """Add cases."""
    cases = case_ids(visit.form["cases"])
    return _change(visit, campaign_id, lambda: visit.workspace.join_campaign(campaign_id, cases, visit.form["reason"]))


@pages.post("/campaigns/{campaign_id}/split", may=Act.CAMPAIGN, name="campaign.split")
def split(visit: Visit, campaign_id: str) -> Response:
    """Take the ticked cases out."""
    cases = visit.form.all("case")[:MOST_CASES]
    return _change(visit, campaign_id, lambda: visit.workspace.split_campaign(campaign_id, cases, visit.form["reason"]))


def case_ids(text: str) -> list[str]:
    """The cases that a person has written one after the other.

    >>> case_ids("C-1AB2, C-3CD4")
    ['C-1AB2', 'C-3CD4']
    """
    return [one for one in _SEPARATORS.split(text) if one][:MOST_CASES]


def _change(visit: Visiting, campaign_id: str, act: Callable[[], Campaign]) -> Response:
    try:
        act()
    except RuleError as error:
        given = {"cases": visit.form["cases"], "reason": visit.form["reason"]}
        return _one(visit, campaign_id, given=given, problem=Told.of(error), status=422)
    return visit.see_other("campaign", campaign_id=campaign_id)


def _list(visit: Visiting, *, given: dict[str, str], problem: Told | None = None, status: int = 200) -> Response:
    return visit.page(
        "campaigns.html",
        status,
        campaigns=visit.workspace.campaigns()[:MOST_LISTED],
        given=given,
        problem=problem,
        may_campaign=visit.may(Act.CAMPAIGN),
    )


def _one(
    visit: Visiting,
    campaign_id: str,
    *,
    given: dict[str, str] | None = None,
    problem: Told | None = None,
    status: int = 200,
) -> Response:
    try:
        found = visit.workspace.campaign(campaign_id)
    except RuleError as error:
        raise Hidden from error
    rows = visit.workspace.queue(QueueFilter(status=(), campaign=found.campaign_id), limit=MOST_CASES).rows
    return visit.page(
        "campaign.html",
        status,
        campaign=found,
        rows=rows,
        strip=strip(rows),
        given=given or {"cases": "", "reason": ""},
        problem=problem,
        acts=ACTS,
        statuses=STATUSES,
        may_campaign=visit.may(Act.CAMPAIGN),
    )
