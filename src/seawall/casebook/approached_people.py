"""What safeguarding reads of the people to protect, and does for them. Nobody else can.

Each read writes to the audit whom it showed, as commitments with a salt that stands on the list itself: whoever reads
the audit learns how often it was read and by whom, and cannot ask of an account whether it is on the list.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, Select, case, func, select, update

from seawall.casebook import shelf
from seawall.casebook.approached import SupportState, known_of, note_support
from seawall.casebook.audit import write_entry
from seawall.casebook.canonical import digest, micros, moment, storable
from seawall.casebook.rules import Act, Role, permit, role_of, stated
from seawall.casebook.spoken_ids import as_spoken
from seawall.casebook.standing import latest, settled
from seawall.casebook.tables import alerts, cases
from seawall.casebook.tables_approached import approached_people, approaches, support_events
from seawall.errors import InputError, RuleError
from seawall.model import SIMULATED, STAGES, Outcome

MOST_ROWS = 200
LONGEST_NOTE = 4000


class SupportAct(StrEnum):
    """What safeguarding can record about a person. None of it leaves Seawall, and none of it is a sanction."""

    OFFER = "offer"
    NOT_NEEDED = "not needed"
    CLOSE = "close"


_LEADS_TO = {
    SupportAct.OFFER: SupportState.OFFERED,
    SupportAct.NOT_NEEDED: SupportState.NOT_NEEDED,
    SupportAct.CLOSE: SupportState.CLOSED,
}


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person as the list shows them: not which account it is."""

    person_id: str
    state: SupportState
    stage: str | None  # the furthest; None = no alert names them any more
    first_at: datetime | None
    last_at: datetime | None
    alerts: int  # how many name them
    listed_at: datetime
    state_at: datetime | None  # when somebody last acted
    simulated: bool


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """A page of the list, those first who were led furthest, then the latest."""

    rows: tuple[PersonRow, ...]
    total: int  # of the states that were asked for
    states: dict[SupportState, int]  # how many people stand at each, on all pages
    page: int  # from 1
    pages: int


@dataclass(frozen=True, slots=True)
class ApproachSeen:
    """What one alert says of a person, and who approached them."""

    case_id: str
    stage: str
    first_at: datetime
    last_at: datetime
    sentence: str
    by: tuple[str, ...]  # pseudonyms of the accounts that the alert is about
    outcome: Outcome | None  # what people decided about the case, once that stands


@dataclass(frozen=True, slots=True)
class SupportEvent:
    """A line of what was done for a person."""

    at: datetime
    by: str
    act: str  # offered, not needed, closed; by Seawall: approached again, went further
    note: str


@dataclass(frozen=True, slots=True)
class PersonToProtect:
    """A person, with the pseudonym of their account."""

    person_id: str
    account: str
    state: SupportState
    listed_at: datetime
    approaches: tuple[ApproachSeen, ...]  # the latest first
    history: tuple[SupportEvent, ...]  # the oldest first


def permit_safeguarding(connection: Connection, reviewer: str, act: Act) -> None:
    """Refuse everybody but people of safeguarding, also where nobody at all is enrolled.

    Raises:
        RuleError: this is somebody else.
    """
    permit(connection, reviewer, act)
    if role_of(connection, reviewer) is not Role.SAFEGUARDING:
        raise RuleError(
            "Only a person of safeguarding reads who was approached, and nobody is enrolled as one.",
            mend="Enrol an administrator, then: seawall reviewers DIR enrol NAME --role safeguarding",
        )


def listed(
    connection: Connection, at: datetime, reviewer: str, states: Sequence[SupportState], page: int, limit: int
) -> PeoplePage:
    """A page of the list; the audit has the entry first.

    Raises:
        RuleError: not of safeguarding.
        InputError: a page before the first, or a limit outside 1 to 200.
    """
    permit_safeguarding(connection, reviewer, Act.READ_SAFEGUARDING)
    if page < 1 or not 1 <= limit <= MOST_ROWS:
        raise InputError(f"A page has 1 to {MOST_ROWS} people, and the first one is 1.", mend="Ask for less.")
    people = approached_people.c
    counts = connection.execute(select(people.state, func.count().label("people")).group_by(people.state))
    standing_at = {SupportState(row.state): row.people for row in counts}
    wanted = tuple(states) or tuple(SupportState)
    rows = connection.execute(
        _in_order().where(people.state.in_([one.value for one in wanted])).limit(limit).offset((page - 1) * limit)
    ).all()
    shown = [digest(row.salt, row.account) for row in rows]
    write_entry(connection, at, reviewer, "read", {"table": "safeguarding", "people": shown})
    total = sum(standing_at.get(one, 0) for one in set(wanted))
    return PeoplePage(
        rows=tuple(map(_row, rows)),
        total=total,
        states={one: standing_at.get(one, 0) for one in SupportState},
        page=page,
        pages=max(1, -(-total // limit)),
    )


def find(connection: Connection, at: datetime, reviewer: str, person_id: str) -> PersonToProtect:
    """One person; the audit has the entry first.

    Raises:
        RuleError: not of safeguarding, or there is no such person.
    """
    permit_safeguarding(connection, reviewer, Act.READ_SAFEGUARDING)
    row = _person(connection, person_id)
    write_entry(connection, at, reviewer, "read", {"table": "safeguarding", "people": [digest(row.salt, row.account)]})
    return _told(connection, at, row)


def act(
    connection: Connection, at: datetime, reviewer: str, person_id: str, what: SupportAct, note: str
) -> PersonToProtect:
    """Record what was done for a person. Seawall sends nothing to anybody.

    Raises:
        RuleError: not of safeguarding, no such person, no name, no note where one is needed, or closed already.
    """
    reviewer = stated(reviewer, "reviewer")
    permit_safeguarding(connection, reviewer, Act.SAFEGUARD)
    if what is not SupportAct.OFFER:
        note = stated(note, "note")
    note, row, state = storable(note.strip())[:LONGEST_NOTE], _person(connection, person_id), _LEADS_TO[what]
    if row.state == state.value and what is not SupportAct.OFFER:
        raise RuleError(f"This person stands at “{state}” already.", mend="They wait again when they are approached.")
    values = {"state": state.value, "state_at": micros(at), "known": known_of(connection, row.person_id)}
    this = update(approached_people).where(approached_people.c.person_id == row.person_id)
    connection.execute(this.values(values))
    note_support(connection, at, row.person_id, reviewer, state.value, note)
    write_entry(connection, at, reviewer, "safeguard", {"act": what.value, "person": digest(row.salt, row.account)})
    return _told(connection, at, _person(connection, row.person_id))


def held_about(connection: Connection, at: datetime, reviewer: str, accounts: Iterable[str]) -> list[dict[str, Any]]:
    """What the list holds of accounts, for the person themself: nothing of who approached them.

    Args:
        connection: of a transaction that writes: that nothing is held is a read, too.
        at: now, UTC.
        reviewer: of safeguarding.
        accounts: pseudonyms, or ids of people on the list.

    Raises:
        RuleError: not of safeguarding.
    """
    permit_safeguarding(connection, reviewer, Act.READ_SAFEGUARDING)
    people = approached_people.c
    asked = sorted({*accounts, *(as_spoken(one, "P") for one in accounts)})
    mine = people.account.in_(asked) | people.person_id.in_(asked)
    rows = connection.execute(select(approached_people).where(mine)).all()
    shown = [digest(row.salt, row.account) for row in rows]
    write_entry(connection, at, reviewer, "read", {"table": "safeguarding", "people": shown, "for": "the person"})
    return [_for_themself(_told(connection, at, row)) for row in rows]


def _for_themself(one: PersonToProtect) -> dict[str, Any]:
    return {
        "account": one.account,
        "state": one.state.value,
        "listed_at": one.listed_at.isoformat(),
        "approaches": [
            {"stage": seen.stage, "first_at": seen.first_at.isoformat(), "last_at": seen.last_at.isoformat()}
            for seen in one.approaches
        ],
        "history": [{"at": line.at.isoformat(), "act": line.act, "note": line.note} for line in one.history],
    }


def _person(connection: Connection, person_id: str) -> Row[Any]:
    """The row of a person; letters may be small, and the "P-" may be left out."""
    wanted = approached_people.c.person_id == as_spoken(person_id, "P")
    row = connection.execute(select(approached_people).where(wanted)).one_or_none()
    if row is None:
        raise RuleError("There is no such person on the list.", mend="List them with seawall safeguarding DIR.")
    return row


_UNSPOKEN = -2
_RANK = case({stage: place for place, stage in enumerate(STAGES)}, value=approaches.c.stage, else_=-1)


def _in_order() -> Select[Any]:
    people = approached_people.c
    furthest = func.coalesce(func.max(_RANK), _UNSPOKEN).label("furthest")
    last = func.coalesce(func.max(approaches.c.last_at), 0).label("last_at")
    made_up = func.max(case((cases.c.sentence.startswith(SIMULATED), 1), else_=0)).label("simulated")
    number = func.count(approaches.c.alert_id).label("alerts")
    return (
        select(approached_people, furthest, func.min(approaches.c.first_at).label("first_at"), last, made_up, number)
        .outerjoin(approaches, approaches.c.person_id == people.person_id)
        .outerjoin(alerts, alerts.c.alert_id == approaches.c.alert_id)
        .outerjoin(cases, cases.c.case_id == alerts.c.case_id)
        .group_by(*people)
        .order_by(furthest.desc(), last.desc(), people.person_id)
    )


def _row(row: Row[Any]) -> PersonRow:
    spoken = row.first_at is not None
    return PersonRow(
        person_id=row.person_id,
        state=SupportState(row.state),
        stage=STAGES[row.furthest] if spoken and row.furthest >= 0 else None,
        first_at=moment(row.first_at) if spoken else None,
        last_at=moment(row.last_at) if spoken else None,
        alerts=row.alerts,
        listed_at=moment(row.listed_at),
        state_at=None if row.state_at is None else moment(row.state_at),
        simulated=bool(row.simulated),
    )


def _told(connection: Connection, at: datetime, row: Row[Any]) -> PersonToProtect:
    spoken = (
        select(approaches, alerts.c.case_id)
        .join(alerts, alerts.c.alert_id == approaches.c.alert_id)
        .where(approaches.c.person_id == row.person_id)
        .order_by(approaches.c.last_at.desc(), approaches.c.alert_id)
    )
    rows = connection.execute(spoken).all()
    claims = shelf.claims_by_id(connection, [one.alert_id for one in rows])
    done = select(support_events).where(support_events.c.person_id == row.person_id).order_by(support_events.c.number)
    return PersonToProtect(
        person_id=row.person_id,
        account=row.account,
        state=SupportState(row.state),
        listed_at=moment(row.listed_at),
        approaches=tuple(
            ApproachSeen(
                case_id=one.case_id,
                stage=one.stage,
                first_at=moment(one.first_at),
                last_at=moment(one.last_at),
                sentence=claims[one.alert_id].alert.sentence,
                by=tuple(subject.id for subject in claims[one.alert_id].alert.subjects if subject.kind == "account"),
                outcome=_outcome(connection, at, one.case_id),
            )
            for one in rows
        ),
        history=tuple(SupportEvent(moment(one.at), one.by, one.act, one.note) for one in connection.execute(done)),
    )


def _outcome(connection: Connection, at: datetime, case_id: str) -> Outcome | None:
    """What was decided about a case; None while that can be taken back, or waits for a second person."""
    status = connection.scalar(select(cases.c.status).where(cases.c.case_id == case_id))
    made = latest(connection, case_id) if status == "decided" else None
    return Outcome(made.outcome) if made is not None and settled(made.at, at) else None
