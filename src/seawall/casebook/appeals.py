"""Appeals: someone who took no part looks at a decision again, with what was known when it was made."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, and_, insert, or_, select, update

from seawall.casebook import reading, tables
from seawall.casebook.audit import write_entry
from seawall.casebook.canonical import micros, moment, storable
from seawall.casebook.finding import find_case, note_event, set_status
from seawall.casebook.permitting import in_queues, permit_case
from seawall.casebook.reading import KeptAlert
from seawall.casebook.records import from_body
from seawall.casebook.rules import Act, person_key, stated
from seawall.casebook.spoken_ids import spoken_id
from seawall.casebook.standing import latest, settled
from seawall.casebook.tables_review import appeals, blind_reviews
from seawall.errors import RuleError
from seawall.model import Decision

MOST_LISTED = 200
BY_PEOPLE = ("proposed", "confirmed", "decided", "undone", "reopened", "appealed", "appeal decided")
"""The lines of a case's history that make a person one who took part."""

AppealOutcome = Literal["stands", "changed"]


@dataclass(frozen=True, slots=True)
class Appeal:
    """An objection to a decision, and what a person who took no part in it decides."""

    appeal_id: str
    case_id: str
    text: str
    by: str  # who recorded it
    at: datetime
    decisions: tuple[Decision, ...]  # those that stood then; the last one is appealed against
    known: tuple[KeptAlert, ...]  # the alerts in the revisions that were known when it was made
    state: Literal["waiting", "stands", "changed"]
    decided_by: str | None
    decided_at: datetime | None
    reason: str | None


def record(connection: Connection, at: datetime, case_id: str, text: str, reviewer: str) -> Appeal:
    """Record that someone objects to the decision of a case.

    Raises:
        RuleError: no such case, it is not decided, the decision can still be taken back, no text or name, or not
            permitted.
    """
    reviewer, text = stated(reviewer, "reviewer"), storable(stated(text, "text"))
    case = permit_case(connection, reviewer, Act.APPEAL, case_id)
    made = latest(connection, case.case_id)
    if case.status != "decided" or made is None or not settled(made.at, at):
        raise RuleError(
            f"Case {case.case_id} is not decided, or its decision can still be taken back.",
            mend="An appeal is against a decision that stands.",
        )
    appeal_id = spoken_id(connection, appeals.c.appeal_id, "A", f"{case.case_id}\0{made.number}\0{micros(at)}")
    connection.execute(
        insert(appeals).values(
            appeal_id=appeal_id,
            case_id=case.case_id,
            decision=made.number,
            text=text,
            by=reviewer,
            at=micros(at),
            state="waiting",
        )
    )
    note_event(connection, at, case.case_id, reviewer, "appealed", appeal_id)
    detail = {"case": case.case_id, "appeal": appeal_id, "against": made.number}
    write_entry(connection, at, reviewer, "appeal", detail)
    return find(connection, appeal_id)


def decide(
    connection: Connection, at: datetime, appeal_id: str, outcome: AppealOutcome, reviewer: str, reason: str
) -> Appeal:
    """Decide an appeal. Where it changes something, the case opens again and is decided anew under every rule.

    Raises:
        RuleError: no such appeal, decided already, by someone who took part in the case, another outcome, no name or
            reason, or not permitted.
    """
    reviewer, reason = stated(reviewer, "reviewer"), storable(stated(reason, "reason"))
    appeal = _row(connection, appeal_id)
    permit_case(connection, reviewer, Act.DECIDE_APPEAL, appeal.case_id)
    if appeal.state != "waiting":
        raise RuleError("This appeal is decided already.", mend="A new one can be recorded.")
    if outcome not in ("stands", "changed"):
        raise RuleError("An appeal ends in one of two ways.", mend="Say stands or changed.")
    if person_key(reviewer) in took_part(connection, appeal.case_id):
        raise RuleError("You took part in this case.", mend="An appeal is decided by someone who did not.")
    connection.execute(
        update(appeals)
        .where(appeals.c.appeal_id == appeal.appeal_id)
        .values(state=outcome, decided_by=reviewer, decided_at=micros(at), reason=reason)
    )
    if outcome == "changed" and find_case(connection, appeal.case_id).status == "decided":
        set_status(connection, appeal.case_id, "reopened")
    note_event(connection, at, appeal.case_id, reviewer, "appeal decided", f"{appeal.appeal_id}: {outcome}")
    detail = {"case": appeal.case_id, "appeal": appeal.appeal_id, "outcome": outcome}
    write_entry(connection, at, reviewer, "decide appeal", detail)
    return find(connection, appeal.appeal_id)


def took_part(connection: Connection, case_id: str) -> frozenset[str]:
    """The people, as names are compared, who proposed, decided, reopened, appealed or judged a case blind."""
    acted = select(tables.events.c.actor).where(tables.events.c.case_id == case_id, tables.events.c.act.in_(BY_PEOPLE))
    decided = select(tables.decisions.c.reviewer).where(tables.decisions.c.case_id == case_id)
    blind = select(blind_reviews.c.reviewer).where(blind_reviews.c.case_id == case_id)
    return frozenset(person_key(name) for query in (acted, decided, blind) for name in connection.scalars(query))


def listed(connection: Connection, reviewer: str) -> tuple[Appeal, ...]:
    """Those of a person's queues: the oldest that waits first, then the latest decided; at most ``MOST_LISTED``."""
    waiting = connection.execute(select(appeals).where(appeals.c.state == "waiting").order_by(appeals.c.at)).all()
    over = connection.execute(select(appeals).where(appeals.c.state != "waiting").order_by(appeals.c.decided_at.desc()))
    rows = [*waiting, *over.all()]
    theirs = in_queues(connection, reviewer, {row.case_id for row in rows})
    return _told(connection, [row for row in rows if row.case_id in theirs][:MOST_LISTED])


def find(connection: Connection, appeal_id: str) -> Appeal:
    """One appeal.

    Raises:
        RuleError: there is none of this id.
    """
    return _told(connection, [_row(connection, appeal_id)])[0]


def _row(connection: Connection, appeal_id: str) -> Row[Any]:
    row = connection.execute(
        select(appeals).where(appeals.c.appeal_id == storable(appeal_id).strip().upper())
    ).one_or_none()
    if row is None:
        raise RuleError("There is no such appeal.", mend="Look at the list of appeals.")
    return row


def _told(connection: Connection, rows: list[Row[Any]]) -> tuple[Appeal, ...]:
    decisions = reading.decisions_of(connection, {row.case_id for row in rows})
    numbers = sorted({row.decision for row in rows})
    kept = select(tables.decisions.c.number, tables.decisions.c.known).where(tables.decisions.c.number.in_(numbers))
    revisions = {row.number: json.loads(row.known).get("revisions", {}) for row in connection.execute(kept)}
    wanted = {pair for one in revisions.values() for pair in one.items()}
    alerts = _revisions(connection, wanted)
    return tuple(
        Appeal(
            appeal_id=row.appeal_id,
            case_id=row.case_id,
            text=row.text,
            by=row.by,
            at=moment(row.at),
            decisions=tuple(
                one for one in decisions[row.case_id] if one.stage != "undone" and (one.number or 0) <= row.decision
            ),
            known=tuple(alerts[pair] for pair in sorted(revisions[row.decision].items())),
            state=row.state,
            decided_by=row.decided_by,
            decided_at=None if row.decided_at is None else moment(row.decided_at),
            reason=row.reason,
        )
        for row in rows
    )


def _revisions(connection: Connection, wanted: Iterable[tuple[str, int]]) -> dict[tuple[str, int], KeptAlert]:
    """(alert id, revision) -> the alert as it was."""
    found: dict[tuple[str, int], KeptAlert] = {}
    table = tables.alert_revisions
    pairs = sorted(wanted)
    for begin in range(0, len(pairs), 200):
        some = [and_(table.c.alert_id == one, table.c.revision == number) for one, number in pairs[begin : begin + 200]]
        for row in connection.execute(select(table).where(or_(*some))):
            alert = from_body(row.body, row.lake_version)
            kept = KeptAlert(row.alert_id, row.revision, moment(row.recorded_at), alert)
            found[row.alert_id, row.revision] = kept
    return found
