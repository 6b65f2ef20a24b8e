"""A person's decision moves a case; a grave one needs a second person."""

from __future__ import annotations

import secrets
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, Row, func, insert, select, update

from seawall.casebook import shelf, tables
from seawall.casebook.audit import decision_commitment, write_entry
from seawall.casebook.canonical import canonical, micros
from seawall.casebook.reopening import known
from seawall.casebook.rules import GRAVE, Act, permit, person_key, stated
from seawall.errors import RuleError
from seawall.model import Decision, Outcome


def decide(
    connection: Connection, at: datetime, case_id: str, reviewer: str, outcome: Outcome, reason: str
) -> Decision:
    """Record a decision with its audit entry.

    A grave outcome is recorded as proposed until another person chooses it too. Another outcome meanwhile sets the
    proposal aside: what needs one person may be decided by one.

    Raises:
        RuleError: no such case, it is decided already, no name or reason, or the same person twice.
    """
    reviewer, reason = stated(reviewer, "reviewer"), stated(reason, "reason")
    permit(connection, reviewer, Act.DECIDE)
    case = find_case(connection, case_id)
    if case.status == "decided":
        raise RuleError(
            f"Case {case.case_id} is decided already.",
            mend="It opens again when it changes, or when a lead reopens it.",
        )
    stage = _stage(connection, case, reviewer, outcome)
    row = {
        "number": (connection.scalar(select(func.max(tables.decisions.c.number))) or 0) + 1,
        "case_id": case.case_id,
        "reviewer": reviewer,
        "at": micros(at),
        "outcome": outcome.value,
        "stage": stage,
        "reason": reason,
        "known": _known(connection, case.case_id),
        "salt": secrets.token_hex(16),
    }
    connection.execute(insert(tables.decisions).values(row))
    status = "awaiting second" if stage == "proposed" else "decided"
    set_status(connection, case.case_id, status)
    note_event(connection, at, case.case_id, reviewer, stage, outcome.value)
    detail = {"case": case.case_id, "outcome": outcome.value, "stage": stage, "decision": row["number"]}
    write_entry(connection, at, reviewer, "decide", detail | {"commitment": decision_commitment(row)})
    return Decision(case.case_id, reviewer, at, outcome, reason, stage)


def reopen(connection: Connection, at: datetime, case_id: str, reviewer: str, reason: str) -> None:
    """Open a decided case again because a person states why.

    Raises:
        RuleError: no such case, it is not decided, or no name or reason.
    """
    reviewer, reason = stated(reviewer, "reviewer"), stated(reason, "reason")
    permit(connection, reviewer, Act.REOPEN)
    case = find_case(connection, case_id)
    if case.status != "decided":
        raise RuleError(f"Case {case.case_id} is not decided.", mend="Decide it as it is.")
    set_status(connection, case.case_id, "reopened")
    note_event(connection, at, case.case_id, reviewer, "reopened", reason)
    write_entry(connection, at, reviewer, "reopen", {"case": case.case_id})


def find_case(connection: Connection, case_id: str) -> Row[str, str]:
    """Id and status of a case; letters may be small, and the "C-" may be left out.

    Raises:
        RuleError: there is no such case.
    """
    spoken = case_id.strip().upper().replace("I", "1").replace("L", "1").replace("O", "0")
    wanted = spoken if spoken.startswith("C-") else f"C-{spoken}"
    row = connection.execute(
        select(tables.cases.c.case_id, tables.cases.c.status).where(tables.cases.c.case_id == wanted)
    ).one_or_none()
    if row is None:
        raise RuleError("There is no such case.", mend="List the cases with seawall cases.")
    return row


def set_status(connection: Connection, case_id: str, status: str) -> None:
    """Move a case."""
    connection.execute(update(tables.cases).where(tables.cases.c.case_id == case_id).values(status=status))


def note_event(connection: Connection, at: datetime, case_id: str, actor: str, act: str, note: str) -> None:
    """Add a line to the history of a case."""
    connection.execute(insert(tables.events).values(case_id=case_id, at=micros(at), actor=actor, act=act, note=note))


def _stage(connection: Connection, case: Row[str, str], reviewer: str, outcome: Outcome) -> str:
    if outcome not in GRAVE:
        return "decided"
    if case.status != "awaiting second":
        return "proposed"
    first = connection.execute(
        select(tables.decisions.c.reviewer, tables.decisions.c.outcome)
        .where(tables.decisions.c.case_id == case.case_id)
        .order_by(tables.decisions.c.number.desc())
        .limit(1)
    ).one()
    if first.outcome != outcome.value:
        return "proposed"
    if person_key(first.reviewer) == person_key(reviewer):
        raise RuleError(
            "A second person must confirm this outcome; you have proposed it yourself.", mend="Ask someone else."
        )
    return "confirmed"


def _known(connection: Connection, case_id: str) -> str:
    claims = shelf.claims_of_cases(connection, [case_id])[case_id]
    revisions = connection.execute(
        select(tables.alerts.c.alert_id, tables.alerts.c.revision).where(tables.alerts.c.case_id == case_id)
    )
    return canonical(
        asdict(known(list(claims.values()))) | {"revisions": {row.alert_id: row.revision for row in revisions}}
    )
