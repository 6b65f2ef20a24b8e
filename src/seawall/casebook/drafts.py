"""What a person has begun to write about a case: theirs alone, kept until they decide."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from seawall.casebook.canonical import micros, moment, storable
from seawall.casebook.finding import find_case
from seawall.casebook.permitting import permit_case
from seawall.casebook.rules import Act, person_key, stated
from seawall.casebook.tables_review import drafts
from seawall.model import Outcome


@dataclass(frozen=True, slots=True)
class Draft:
    """A decision that is not made yet."""

    case_id: str
    outcome: Outcome | None
    reason: str
    note: str
    at: datetime


def find(connection: Connection, case_id: str, reviewer: str) -> Draft | None:
    """The person's draft about a case.

    Raises:
        RuleError: no such case.
    """
    case = find_case(connection, case_id)
    row = connection.execute(
        select(drafts).where(drafts.c.case_id == case.case_id, drafts.c.person == person_key(reviewer))
    ).one_or_none()
    if row is None:
        return None
    outcome = None if row.outcome is None else Outcome(row.outcome)
    return Draft(row.case_id, outcome, row.reason, row.note, moment(row.at))


def keep(
    connection: Connection, at: datetime, case_id: str, reviewer: str, outcome: Outcome | None, reason: str, note: str
) -> None:
    """Keep what the person has written so far in place of what they had before; nothing written ends the draft.

    It is no act and leaves no entry in the audit.

    Raises:
        RuleError: no such case, no name, or not permitted.
    """
    reviewer = stated(reviewer, "reviewer")
    case = permit_case(connection, reviewer, Act.DECIDE, case_id)
    drop(connection, case.case_id, reviewer)
    reason, note = storable(reason), storable(note)
    if outcome is None and not reason.strip() and not note.strip():
        return
    connection.execute(
        insert(drafts).values(
            case_id=case.case_id,
            person=person_key(reviewer),
            outcome=None if outcome is None else outcome.value,
            reason=reason,
            note=note,
            at=micros(at),
        )
    )


def drop(connection: Connection, case_id: str, reviewer: str) -> None:
    """End the person's draft about a case."""
    connection.execute(delete(drafts).where(drafts.c.case_id == case_id, drafts.c.person == person_key(reviewer)))
