"""Campaigns: what a reviewer has named, made of cases. A case is in one campaign at most."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from seawall.casebook.audit import write_entry
from seawall.casebook.canonical import canonical, micros, moment, storable
from seawall.casebook.chunks import chunks
from seawall.casebook.permitting import permit_case
from seawall.casebook.rules import Act, person_key, stated
from seawall.casebook.spoken_ids import spoken_id
from seawall.casebook.tables_review import campaign_cases, campaign_events, campaigns
from seawall.errors import RuleError


@dataclass(frozen=True, slots=True)
class CampaignEvent:
    """One line of a campaign's history."""

    at: datetime
    by: str
    act: str  # named, joined, split
    cases: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Campaign:
    """Cases that a person says belong together."""

    campaign_id: str
    name: str
    cases: tuple[str, ...]  # case ids; none where all were split off again
    by: str
    at: datetime
    history: tuple[CampaignEvent, ...]  # the oldest first


def listed(connection: Connection) -> tuple[Campaign, ...]:
    """All campaigns, the latest first."""
    members: dict[str, list[str]] = {}
    for row in connection.execute(select(campaign_cases).order_by(campaign_cases.c.case_id)):
        members.setdefault(row.campaign_id, []).append(row.case_id)
    events: dict[str, list[CampaignEvent]] = {}
    for row in connection.execute(select(campaign_events).order_by(campaign_events.c.number)):
        event = CampaignEvent(moment(row.at), row.by, row.act, tuple(json.loads(row.cases)), row.reason)
        events.setdefault(row.campaign_id, []).append(event)
    return tuple(
        Campaign(
            row.campaign_id,
            row.name,
            tuple(members.get(row.campaign_id, ())),
            row.by,
            moment(row.at),
            tuple(events.get(row.campaign_id, ())),
        )
        for row in connection.execute(select(campaigns).order_by(campaigns.c.at.desc(), campaigns.c.campaign_id))
    )


def find(connection: Connection, campaign_id: str) -> Campaign:
    """One campaign.

    Raises:
        RuleError: there is none of this id.
    """
    found = {one.campaign_id: one for one in listed(connection)}
    wanted = campaign_id.strip().upper()
    if wanted not in found:
        raise RuleError("There is no such campaign.", mend="Look at the list of campaigns.")
    return found[wanted]


def name(
    connection: Connection, at: datetime, title: str, case_ids: Sequence[str], reviewer: str, reason: str
) -> Campaign:
    """Give cases a name that they share.

    Raises:
        RuleError: no name, reason or case; the name is taken; a case is in a campaign already; or not permitted.
    """
    title = storable(stated(title, "name"))
    case_ids = _checked(connection, case_ids, reviewer, reason)
    taken = list(connection.scalars(select(campaigns.c.name)))
    if person_key(title) in map(person_key, taken):
        raise RuleError("A campaign has this name already.", mend="Join the cases to it, or choose another name.")
    _refuse_members(connection, case_ids)
    campaign_id = spoken_id(connection, campaigns.c.campaign_id, "K", f"{title}\0{micros(at)}")
    connection.execute(
        insert(campaigns).values(campaign_id=campaign_id, name=title, by=reviewer.strip(), at=micros(at))
    )
    _put(connection, campaign_id, case_ids)
    _note(connection, at, campaign_id, reviewer, "named", case_ids, reason)
    return find(connection, campaign_id)


def join(
    connection: Connection, at: datetime, campaign_id: str, case_ids: Sequence[str], reviewer: str, reason: str
) -> Campaign:
    """Add cases to a campaign; those that it has already stay in it.

    Raises:
        RuleError: no such campaign; no reason or case; a case is in another campaign; or not permitted.
    """
    case_ids = _checked(connection, case_ids, reviewer, reason)
    there = find(connection, campaign_id)
    fresh = [one for one in case_ids if one not in there.cases]
    if not fresh:
        raise RuleError("These cases are in this campaign already.", mend="Choose others.")
    _refuse_members(connection, fresh)
    _put(connection, there.campaign_id, fresh)
    _note(connection, at, there.campaign_id, reviewer, "joined", fresh, reason)
    return find(connection, there.campaign_id)


def split(
    connection: Connection, at: datetime, campaign_id: str, case_ids: Sequence[str], reviewer: str, reason: str
) -> Campaign:
    """Take cases out of a campaign; its history keeps that they were in it.

    Raises:
        RuleError: no such campaign; no reason or case; a case is not in it; or not permitted.
    """
    case_ids = _checked(connection, case_ids, reviewer, reason)
    there = find(connection, campaign_id)
    if not set(case_ids) <= set(there.cases):
        raise RuleError("A case that is to be split off is not in this campaign.", mend="Choose among its cases.")
    for some in chunks(case_ids):
        connection.execute(delete(campaign_cases).where(campaign_cases.c.case_id.in_(some)))
    _note(connection, at, there.campaign_id, reviewer, "split", case_ids, reason)
    return find(connection, there.campaign_id)


def _checked(connection: Connection, case_ids: Sequence[str], reviewer: str, reason: str) -> list[str]:
    """The ids of the cases as they are kept, each once; every rule that needs no campaign."""
    stated(reviewer, "reviewer")
    stated(reason, "reason")
    if not case_ids:
        raise RuleError("No case is named.", mend="Choose at least one.")
    return sorted({permit_case(connection, reviewer, Act.CAMPAIGN, one).case_id for one in case_ids})


def _refuse_members(connection: Connection, case_ids: Sequence[str]) -> None:
    for some in chunks(case_ids):
        member = select(campaign_cases.c.case_id).where(campaign_cases.c.case_id.in_(some)).order_by("case_id").limit(1)
        taken = connection.scalar(member)
        if taken is not None:
            raise RuleError(f"Case {taken} is in a campaign already.", mend="Split it from that one first.")


def _put(connection: Connection, campaign_id: str, case_ids: Sequence[str]) -> None:
    connection.execute(insert(campaign_cases), [{"case_id": one, "campaign_id": campaign_id} for one in case_ids])


def _note(
    connection: Connection,
    at: datetime,
    campaign_id: str,
    reviewer: str,
    act: str,
    case_ids: Sequence[str],
    reason: str,
) -> None:
    by = stated(reviewer, "reviewer")
    connection.execute(
        insert(campaign_events).values(
            campaign_id=campaign_id,
            at=micros(at),
            by=by,
            act=act,
            cases=canonical(case_ids),
            reason=storable(stated(reason, "reason")),
        )
    )
    write_entry(connection, at, by, "campaign", {"campaign": campaign_id, "act": act, "cases": case_ids})
