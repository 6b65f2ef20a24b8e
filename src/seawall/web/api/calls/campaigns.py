"""Campaigns: what people call cases that belong together."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Query
from pydantic import Field

from seawall.casebook.rules import Act
from seawall.web.api.calling import Called
from seawall.web.api.paging import cut
from seawall.web.api.routes import Calls
from seawall.web.api.shape import Counted, Id, Paging, Shape, Words
from seawall.web.api.unseen import all_there, unseen

calls = Calls("Campaigns")

Cases = Annotated[list[Id], Field(min_length=1, max_length=200)]


class CampaignEventTold(Shape):
    """A line of a campaign's history."""

    at: datetime
    by: str
    act: str
    cases: list[str]
    reason: str


class CampaignTold(Shape):
    """A campaign."""

    campaign_id: str
    name: str
    cases: list[str]
    by: str
    at: datetime
    history: list[CampaignEventTold]


class Naming(Shape):
    """A name for cases."""

    name: Words
    cases: Cases
    reason: Words


class Changing(Shape):
    """Cases that join a campaign or leave it."""

    cases: Cases
    reason: Words


@calls.read("/campaigns", may=Act.READ_CASES, name="campaigns", answer=Counted[CampaignTold])
def campaigns(calling: Called, wanted: Annotated[Paging, Query()]) -> Counted[CampaignTold]:
    """What reviewers have named, the latest first."""
    found = calling.workspace.campaigns()
    rows, following = cut(found, wanted, "campaigns", lambda one: one.campaign_id)
    return Counted[CampaignTold](rows=[CampaignTold.made_of(one) for one in rows], next=following, total=len(found))


@calls.read("/campaigns/{campaign_id}", may=Act.READ_CASES, name="campaign", answer=CampaignTold)
def campaign(calling: Called, campaign_id: Id) -> CampaignTold:
    """One campaign."""
    with unseen():
        return CampaignTold.made_of(calling.workspace.campaign(campaign_id))


@calls.act("/campaigns", may=Act.CAMPAIGN, name="campaigns.name", answer=CampaignTold, status=201)
def name(calling: Called, naming: Naming) -> CampaignTold:
    """Give cases a name that they share."""
    all_there(calling, naming.cases)
    return CampaignTold.made_of(calling.workspace.name_campaign(naming.name, naming.cases, naming.reason))


@calls.act("/campaigns/{campaign_id}/join", may=Act.CAMPAIGN, name="campaign.join", answer=CampaignTold)
def join(calling: Called, campaign_id: Id, changing: Changing) -> CampaignTold:
    """Add cases."""
    known = campaign(calling, campaign_id).campaign_id
    all_there(calling, changing.cases)
    return CampaignTold.made_of(calling.workspace.join_campaign(known, changing.cases, changing.reason))


@calls.act("/campaigns/{campaign_id}/split", may=Act.CAMPAIGN, name="campaign.split", answer=CampaignTold)
def split(calling: Called, campaign_id: Id, changing: Changing) -> CampaignTold:
    """Take cases out; the history keeps that they were in it."""
    known = campaign(calling, campaign_id).campaign_id
    all_there(calling, changing.cases)
    return CampaignTold.made_of(calling.workspace.split_campaign(known, changing.cases, changing.reason))
