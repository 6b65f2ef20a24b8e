"""Golden cases: what the right answer is was settled beforehand; people meet them among their blind reviews."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from seawall.casebook import quality
from seawall.casebook.audit import write_entry
from seawall.casebook.canonical import micros, storable
from seawall.casebook.finding import find_case
from seawall.casebook.rules import Act, permit, stated
from seawall.casebook.standing import latest, settled
from seawall.casebook.tables_review import blind_reviews, golden_cases
from seawall.errors import RuleError
from seawall.model import Outcome


def settle(connection: Connection, at: datetime, case_id: str, reviewer: str, outcome: Outcome, reason: str) -> None:
    """State what the right answer to a decided case is; stating another later replaces it.

    Raises:
        RuleError: no such case, it is not decided, no name or reason, or not permitted.
    """
    reviewer, reason = stated(reviewer, "reviewer"), storable(stated(reason, "reason"))
    permit(connection, reviewer, Act.SET_GOLDEN)
    case = find_case(connection, case_id)
    made = latest(connection, case.case_id)
    if case.status != "decided" or made is None or not settled(made.at, at):
        raise RuleError(
            f"Case {case.case_id} is not decided, or its decision can still be taken back.",
            mend="Choose one that is decided.",
        )
    values = {"outcome": outcome.value, "reason": reason, "by": reviewer, "at": micros(at)}
    known = connection.scalar(select(golden_cases.c.case_id).where(golden_cases.c.case_id == case.case_id))
    if known is None:
        connection.execute(insert(golden_cases).values(case_id=case.case_id, **values))
    else:
        connection.execute(update(golden_cases).where(golden_cases.c.case_id == case.case_id).values(values))
    write_entry(connection, at, reviewer, "set golden", {"case": case.case_id, "outcome": outcome.value})


def results(connection: Connection) -> tuple[quality.GoldenResult, ...]:
    """For each person who has judged golden cases blind, how many as was settled."""
    rows = connection.execute(
        select(blind_reviews.c.person, blind_reviews.c.reviewer, blind_reviews.c.outcome, golden_cases.c.outcome)
        .join(golden_cases, golden_cases.c.case_id == blind_reviews.c.case_id)
        .where(blind_reviews.c.at.is_not(None), blind_reviews.c.golden == 1)
        .order_by(blind_reviews.c.number)
    )
    names: dict[str, str] = {}
    right: dict[str, list[bool]] = {}
    for person, name, told, wanted in rows:
        names[person] = name
        right.setdefault(person, []).append(told == wanted)
    return tuple(
        quality.GoldenResult(names[person], quality.share(sum(right[person]), len(right[person])))
        for person in sorted(names)
    )


def how_many(connection: Connection) -> int:
    """How many golden cases there are."""
    return connection.scalar(select(func.count()).select_from(golden_cases)) or 0
