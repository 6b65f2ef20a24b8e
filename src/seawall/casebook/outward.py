"""What leaves the casebook rests on a decision that stands; from then on it cannot be taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select

from seawall.casebook.audit import write_entry
from seawall.casebook.canonical import micros, moment
from seawall.casebook.finding import find_case
from seawall.casebook.reading import CaseFile, case_files
from seawall.casebook.rules import stated
from seawall.casebook.standing import UNDO_SECONDS, UNDONE, latest, settled
from seawall.casebook.tables_review import decision_details, outward_uses
from seawall.errors import RuleError
from seawall.model import Decision, Outcome


def rest_on(connection: Connection, at: datetime, case_id: str, reviewer: str, what: str) -> Decision:
    """The decision on which an outward act may rest; that it does is recorded before anything leaves.

    Args:
        connection: of a transaction that writes.
        at: now, UTC.
        case_id: the case.
        reviewer: who acts.
        what: the act, in a word or two ("referral").

    Raises:
        RuleError: no such case, it is not decided, or the decision can still be taken back.
    """
    reviewer, what = stated(reviewer, "reviewer"), stated(what, "act")
    case = find_case(connection, case_id)
    made = latest(connection, case.case_id)
    if case.status != "decided" or made is None:
        raise RuleError(f"Case {case.case_id} is not decided.", mend="Nothing leaves Seawall without a decision.")
    if not settled(made.at, at):
        over = moment(made.at) + timedelta(seconds=UNDO_SECONDS)
        raise RuleError(
            f"The decision on case {case.case_id} can still be taken back.", mend=f"Try again at {over:%H:%M:%S} UTC."
        )
    connection.execute(insert(outward_uses).values(decision=made.number, by=reviewer, what=what, at=micros(at)))
    write_entry(connection, at, reviewer, "outward", {"case": case.case_id, "rests_on": made.number, "what": what})
    return Decision(
        case.case_id, made.reviewer, moment(made.at), Outcome(made.outcome), made.reason, made.stage, number=made.number
    )


def settled_files(connection: Connection, at: datetime) -> list[CaseFile]:
    """Every case as it stands without what can still be taken back or was, for what may be shown to others."""
    files = case_files(connection, at, "")
    fresh = [number for file in files for number in _fresh(file, at)]
    rows = connection.execute(select(decision_details).where(decision_details.c.number.in_(fresh)))
    before = {row.number: row.before for row in rows}
    return [_without(file, before, at) for file in files]


def _fresh(file: CaseFile, at: datetime) -> Sequence[int]:
    made = file.case.decisions
    return [one.number or 0 for one in made if one.stage != UNDONE and not settled(micros(one.at), at)]


def _without(file: CaseFile, before: dict[int, str], at: datetime) -> CaseFile:
    fresh = _fresh(file, at)
    standing = tuple(one for one in file.case.decisions if one.stage != UNDONE and one.number not in fresh)
    status = before.get(fresh[0], file.case.status) if fresh else file.case.status
    return replace(file, case=replace(file.case, decisions=standing, status=status))
