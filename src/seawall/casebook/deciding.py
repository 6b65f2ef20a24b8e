"""A person's decision moves a case; a grave one needs a second person."""

from __future__ import annotations

import secrets
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, Row, func, insert, select

from seawall.casebook import drafts, leases, shelf, tables
from seawall.casebook.audit import decision_commitment, write_entry
from seawall.casebook.canonical import canonical, micros, storable
from seawall.casebook.finding import note_event, set_status
from seawall.casebook.permitting import permit_case
from seawall.casebook.reopening import known
from seawall.casebook.rules import GRAVE, Act, person_key, stated
from seawall.casebook.standing import latest
from seawall.casebook.tables_review import decision_details
from seawall.errors import RuleError
from seawall.model import Decision, Outcome


def decide(
    connection: Connection,
    at: datetime,
    case_id: str,
    reviewer: str,
    outcome: Outcome,
    reason: str,
    note: str = "",
    in_person: bool = True,
) -> Decision:
    """Record a decision with its audit entry; the person's lease and draft end.

    A grave outcome is recorded as proposed until another person chooses it too. Another outcome meanwhile sets the
    proposal aside: what needs one person may be decided by one. Nothing is written where it is refused.
    ``in_person``: the person says it themself; where a program says it for them, it is never the second one.

    Raises:
        RuleError: no such case, it is decided already, someone else holds it, no name or reason, the same person
            twice, or a program as the second person.
    """
    reviewer, reason = stated(reviewer, "reviewer"), stated(reason, "reason")
    case = permit_case(connection, reviewer, Act.DECIDE, case_id)
    if case.status == "decided":
        raise RuleError(
            f"Case {case.case_id} is decided already.",
            mend="It opens again when it changes, or when a lead reopens it.",
        )
    leases.refuse_if_held(connection, at, case.case_id, reviewer)
    stage = _stage(connection, case, reviewer, outcome, in_person)
    row = {
        "number": (connection.scalar(select(func.max(tables.decisions.c.number))) or 0) + 1,
        "case_id": case.case_id,
        "reviewer": reviewer,
        "at": micros(at),
        "outcome": outcome.value,
        "stage": stage,
        "reason": storable(reason),
        "known": _known(connection, case.case_id),
        "salt": secrets.token_hex(16),
    }
    note = storable(note.strip())
    connection.execute(insert(tables.decisions).values(row))
    connection.execute(insert(decision_details).values(number=row["number"], note=note, before=case.status))
    set_status(connection, case.case_id, "awaiting second" if stage == "proposed" else "decided")
    leases.drop(connection, case.case_id)
    drafts.drop(connection, case.case_id, reviewer)
    note_event(connection, at, case.case_id, reviewer, stage, outcome.value)
    detail = {"case": case.case_id, "outcome": outcome.value, "stage": stage, "decision": row["number"]}
    write_entry(connection, at, reviewer, "decide", detail | {"commitment": decision_commitment(row)})
    return Decision(case.case_id, reviewer, at, outcome, row["reason"], stage, note=note, number=row["number"])


def reopen(connection: Connection, at: datetime, case_id: str, reviewer: str, reason: str) -> None:
    """Open a decided case again because a person states why.

    Raises:
        RuleError: no such case, it is not decided, or no name or reason.
    """
    reviewer, reason = stated(reviewer, "reviewer"), stated(reason, "reason")
    case = permit_case(connection, reviewer, Act.REOPEN, case_id)
    if case.status != "decided":
        raise RuleError(f"Case {case.case_id} is not decided.", mend="Decide it as it is.")
    set_status(connection, case.case_id, "reopened")
    note_event(connection, at, case.case_id, reviewer, "reopened", reason)
    write_entry(connection, at, reviewer, "reopen", {"case": case.case_id})


def _stage(connection: Connection, case: Row[str, str], reviewer: str, outcome: Outcome, in_person: bool) -> str:
    if outcome not in GRAVE:
        return "decided"
    first = latest(connection, case.case_id) if case.status == "awaiting second" else None
    if first is None or first.outcome != outcome.value:
        return "proposed"
    if person_key(first.reviewer) == person_key(reviewer):
        raise RuleError(
            "A second person must confirm this outcome; you have proposed it yourself.", mend="Ask someone else."
        )
    if not in_person:
        raise RuleError("No program confirms this outcome for a person.", mend="Confirm it yourself in the console.")
    return "confirmed"


def _known(connection: Connection, case_id: str) -> str:
    claims = shelf.claims_of_cases(connection, [case_id])[case_id]
    revisions = connection.execute(
        select(tables.alerts.c.alert_id, tables.alerts.c.revision).where(tables.alerts.c.case_id == case_id)
    )
    return canonical(
        asdict(known(list(claims.values()))) | {"revisions": {row.alert_id: row.revision for row in revisions}}
    )
