"""Taking a decision back within ten seconds. Its record stays, and beside it stands that it was taken back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert, select

from seawall.casebook import drafts, leases
from seawall.casebook.audit import write_entry
from seawall.casebook.canonical import micros, moment
from seawall.casebook.finding import note_event, set_status
from seawall.casebook.permitting import permit_case
from seawall.casebook.rules import Act, person_key, stated
from seawall.casebook.standing import UNDO_SECONDS, UNDONE, latest, settled
from seawall.casebook.tables_review import decision_details, outward_uses, undone_decisions
from seawall.errors import RuleError
from seawall.model import Decision, Outcome


def undo(connection: Connection, at: datetime, case_id: str, reviewer: str) -> Decision:
    """Take the latest decision of a case back: the case is as it was before, and held by this person again.

    What they wrote becomes their draft.

    Raises:
        RuleError: no such case, no decision, someone else's, more than ``UNDO_SECONDS`` ago, used outside already,
            or the case has moved since.
    """
    reviewer = stated(reviewer, "reviewer")
    case = permit_case(connection, reviewer, Act.DECIDE, case_id)
    made = latest(connection, case.case_id)
    if made is None:
        raise RuleError(f"Case {case.case_id} has no decision to take back.", mend="Decide it first.")
    if person_key(made.reviewer) != person_key(reviewer):
        raise RuleError(
            "Only the person who decided can take the decision back.", mend="A lead can reopen the case, with a reason."
        )
    used = connection.scalar(select(outward_uses.c.number).where(outward_uses.c.decision == made.number).limit(1))
    if settled(made.at, at) or used is not None:
        raise RuleError(
            f"A decision can be taken back for {UNDO_SECONDS} seconds; these are over.",
            mend="A lead can reopen the case, with a reason.",
        )
    detail = connection.execute(select(decision_details).where(decision_details.c.number == made.number)).one_or_none()
    left = "awaiting second" if made.stage == "proposed" else "decided"
    if detail is None or case.status != left:
        raise RuleError(f"Case {case.case_id} has moved on since your decision.", mend="Look at its history.")
    connection.execute(insert(undone_decisions).values(number=made.number, at=micros(at)))
    set_status(connection, case.case_id, detail.before)
    note_event(connection, at, case.case_id, reviewer, UNDONE, made.outcome)
    write_entry(connection, at, reviewer, "undo", {"case": case.case_id, "undoes": made.number})
    outcome = Outcome(made.outcome)
    drafts.keep(connection, at, case.case_id, reviewer, outcome, made.reason, detail.note)
    if leases.in_force(connection, at, case.case_id) is None:
        leases.grant(connection, at, case.case_id, reviewer)
    return Decision(
        case.case_id, made.reviewer, moment(made.at), outcome, made.reason, UNDONE, note=detail.note, number=made.number
    )
