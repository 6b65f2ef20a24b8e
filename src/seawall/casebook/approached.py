"""Who was approached: taken in beside the alerts, kept apart from them, and forgotten with them.

A person is listed once, however many alerts speak of them. What an alert says of them is replaced with each of its
revisions; what people did for them stays. Nothing here reads the list for anybody: see ``approached_people``.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, delete, func, insert, select, update

from seawall.casebook.canonical import canonical, micros
from seawall.casebook.chunks import chunks
from seawall.casebook.finding import find_case
from seawall.casebook.holding import held
from seawall.casebook.inserting import insert_into
from seawall.casebook.rules import Role
from seawall.casebook.spoken_ids import chance_ids
from seawall.casebook.tables import alerts, marks, reviewers
from seawall.casebook.tables_approached import approached_people, approaches, support_events
from seawall.model import STAGES, Approached

MACHINE = "seawall"
"""Who puts people on the list, and lets them wait again; it can do nothing else."""


class SupportState(StrEnum):
    """Where a person stands on the list."""

    WAITING = "waiting"
    OFFERED = "offered"
    NOT_NEEDED = "not needed"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class ToProtect:
    """What others than safeguarding may know of a case: how many people, and whether somebody is there for them."""

    people: int
    waiting: int
    enrolled: bool  # somebody of safeguarding


def rank(stage: str) -> int:
    """How far a stage is; what is not known comes before all others.

    >>> rank("approach"), rank("hand_off"), rank("compost")
    (0, 5, -1)
    """
    return STAGES.index(stage) if stage in STAGES else -1


def take_in(connection: Connection, at: datetime, told: Mapping[str, Iterable[Approached]]) -> None:
    """Keep whom alerts speak of, in place of whom they spoke of before. The alerts are there already.

    Args:
        connection: of the transaction in which the alerts are kept.
        at: now, UTC.
        told: alert id -> whom it names now; an alert that names nobody (any more) is in it too.
    """
    spoken = {alert_id: _each_once(people) for alert_id, people in told.items()}
    before = _spoken_before(connection, spoken)
    wanted = {alert_id for alert_id, people in spoken.items() if people} | before.keys()
    if not wanted:
        return
    ids = _listed(connection, at, {account for people in spoken.values() for account in people})
    touched: set[str] = set()
    for alert_id in sorted(wanted):
        now = {ids[account]: one for account, one in spoken[alert_id].items()}
        touched |= _replace(connection, alert_id, before.get(alert_id, {}), now)
    _wake(connection, at, touched)
    _drop_unspoken(connection, touched)


def counted(connection: Connection, case_id: str) -> ToProtect:
    """What others may know of a case. Whether they may read the case is for the caller to ask.

    Raises:
        RuleError: there is no such case.
    """
    of_case = (
        select(approached_people.c.state, func.count(approached_people.c.person_id.distinct()).label("people"))
        .join(approaches, approaches.c.person_id == approached_people.c.person_id)
        .join(alerts, alerts.c.alert_id == approaches.c.alert_id)
        .where(alerts.c.case_id == find_case(connection, case_id).case_id)
        .group_by(approached_people.c.state)
    )
    counts = {row.state: row.people for row in connection.execute(of_case)}
    theirs = select(reviewers.c.key).where(reviewers.c.role == Role.SAFEGUARDING.value).limit(1)
    return ToProtect(
        people=sum(counts.values()),
        waiting=counts.get(SupportState.WAITING.value, 0),
        enrolled=connection.scalar(theirs) is not None,
    )


def forget(connection: Connection, accounts: Iterable[str]) -> None:
    """Take accounts off the list with everything that was done for them; the audit's commitments lose their salt."""
    for some in chunks(accounts):
        theirs = select(approached_people.c.person_id).where(approached_people.c.account.in_(some))
        _remove(connection, list(connection.scalars(theirs)))


def expire(connection: Connection, before: datetime) -> int:
    """Take off the list whom nobody approached, and for whom nobody acted, since ``before`` (UTC); how many.

    Whoever is on legal hold stays, and so does whom an account on hold approached.
    """
    people = approached_people.c
    old = (
        select(people.person_id, people.account)
        .outerjoin(approaches, approaches.c.person_id == people.person_id)
        .group_by(people.person_id, people.account, people.state_at)
        .having(
            func.coalesce(func.max(approaches.c.last_at), 0) < micros(before),
            func.coalesce(people.state_at, 0) < micros(before),
        )
    )
    theirs = {row.person_id: row.account for row in connection.execute(old)}
    gone = theirs.keys() - _held(connection, theirs)
    _remove(connection, gone)
    return len(gone)


def problems(connection: Connection) -> list[str]:
    """What is wrong with the list, a sentence each, without saying who stands on it."""
    states = select(func.count()).where(approached_people.c.state.not_in([one.value for one in SupportState]))
    ends = select(func.count()).where(approaches.c.last_at < approaches.c.first_at)
    told = {
        "people to protect stand at a state that does not exist": connection.scalar(states),
        "approaches end before they begin": connection.scalar(ends),
    }
    return [f"In the casebook {count:,} {what}." for what, count in told.items() if count]


def known_of(connection: Connection, person_id: str) -> str:
    """What is known of a person now, as it is kept when somebody acts: JSON, alert id -> stage."""
    rows = connection.execute(
        select(approaches.c.alert_id, approaches.c.stage).where(approaches.c.person_id == person_id)
    )
    return canonical({row.alert_id: row.stage for row in rows})


def _each_once(people: Iterable[Approached]) -> dict[str, Approached]:
    """One line an account: the furthest stage, from the first to the last moment."""
    found: dict[str, Approached] = {}
    for one in people:
        twin = found.get(one.account)
        if twin is not None:
            further = max(one, twin, key=lambda each: (rank(each.stage), each.stage))
            first, last = min(one.first_at, twin.first_at), max(one.last_at, twin.last_at)
            one = Approached(one.account, further.stage, first, last)
        found[one.account] = one
    return found


_Kept = dict[str, tuple[str, int, int]]
"""Person id -> stage, first and last moment."""


def _spoken_before(connection: Connection, alert_ids: Iterable[str]) -> dict[str, _Kept]:
    found: dict[str, _Kept] = {}
    for some in chunks(alert_ids):
        for row in connection.execute(select(approaches).where(approaches.c.alert_id.in_(some))):
            found.setdefault(row.alert_id, {})[row.person_id] = (row.stage, row.first_at, row.last_at)
    return found


def _listed(connection: Connection, at: datetime, accounts: Collection[str]) -> dict[str, str]:
    """Account -> person id; whoever is not on the list yet is put on it, and waits."""
    ids: dict[str, str] = {}
    people = approached_people.c
    for some in chunks(accounts):
        rows = connection.execute(select(people.account, people.person_id).where(people.account.in_(some)))
        ids.update({row.account: row.person_id for row in rows})
    unknown = sorted(set(accounts) - ids.keys())
    fresh = dict(zip(unknown, chance_ids(connection, people.person_id, "P", 8, len(unknown)), strict=True))
    if fresh:
        values = {"state": SupportState.WAITING.value, "listed_at": micros(at), "known": "{}"}
        connection.execute(
            insert(approached_people),
            [
                {"person_id": person_id, "account": account, "salt": secrets.token_hex(16), **values}
                for account, person_id in fresh.items()
            ],
        )
    return ids | fresh


def _replace(connection: Connection, alert_id: str, before: _Kept, now: Mapping[str, Approached]) -> set[str]:
    """Say of an alert whom it names now; the people for whom that changes something."""
    wanted = {person_id: (one.stage, micros(one.first_at), micros(one.last_at)) for person_id, one in now.items()}
    gone = before.keys() - wanted.keys()
    changed = {person_id for person_id, kept in wanted.items() if before.get(person_id) != kept}
    for some in chunks(gone):
        of_alert = approaches.c.alert_id == alert_id, approaches.c.person_id.in_(some)
        connection.execute(delete(approaches).where(*of_alert))
    if changed:
        put = insert_into(connection, approaches)
        replaced = {name: put.excluded[name] for name in ("stage", "first_at", "last_at")}
        connection.execute(
            put.on_conflict_do_update(index_elements=["alert_id", "person_id"], set_=replaced),
            [
                dict(zip(("stage", "first_at", "last_at"), wanted[one], strict=True), alert_id=alert_id, person_id=one)
                for one in sorted(changed)
            ],
        )
    return gone | changed


def _wake(connection: Connection, at: datetime, touched: Iterable[str]) -> None:
    """Let wait again for whom something was done, and who since then was approached anew, or led further."""
    people = approached_people.c
    for some in chunks(touched):
        acted = select(approached_people).where(people.person_id.in_(some), people.state != SupportState.WAITING.value)
        for row in connection.execute(acted).all():
            why = _why(json.loads(row.known), json.loads(known_of(connection, row.person_id)))
            if why:
                waits = update(approached_people).where(people.person_id == row.person_id)
                connection.execute(waits.values(state=SupportState.WAITING.value))
                note_support(connection, at, row.person_id, MACHINE, why, "")


def _why(known: Mapping[str, str], now: Mapping[str, str]) -> str:
    """Why a person waits again; "" where nothing is worse than when somebody last acted."""
    if now.keys() - known.keys():
        return "approached again"
    further = any(rank(stage) > rank(known[alert_id]) for alert_id, stage in now.items())
    return "went further" if further else ""


def note_support(connection: Connection, at: datetime, person_id: str, by: str, act: str, note: str) -> None:
    """Add a line to what was done for a person."""
    line = {"person_id": person_id, "at": micros(at), "by": by, "act": act, "note": note}
    connection.execute(insert(support_events).values(line))


def _drop_unspoken(connection: Connection, touched: Iterable[str]) -> None:
    """Whom no alert names any more, and for whom nobody did anything, is not kept."""
    for some in chunks(touched):
        people = approached_people.c
        idle = select(people.person_id).where(
            people.person_id.in_(some),
            people.person_id.not_in(select(approaches.c.person_id)),
            people.person_id.not_in(select(support_events.c.person_id)),
        )
        _remove(connection, list(connection.scalars(idle)))


def _remove(connection: Connection, person_ids: Iterable[str]) -> None:
    for some in chunks(person_ids):
        for table in (support_events, approaches, approached_people):
            connection.execute(delete(table).where(table.c.person_id.in_(some)))


def _held(connection: Connection, theirs: Mapping[str, str]) -> set[str]:
    """Those of the people, person id -> account, who are on hold, or whom an account on hold approached."""
    by_account = {account: person_id for person_id, account in theirs.items()}
    spared = {by_account[account] for account in held(connection, by_account)}
    for some in chunks(theirs):
        query = (
            select(approaches.c.person_id, marks.c.id)
            .join(marks, marks.c.alert_id == approaches.c.alert_id)
            .where(approaches.c.person_id.in_(some), marks.c.kind == "account")
        )
        rows = connection.execute(query).all()
        hubs = held(connection, {row.id for row in rows})
        spared |= {row.person_id for row in rows if row.id in hubs}
    return spared
