"""Hands a person the next case that they can decide, and holds it for them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, or_, select

from seawall.casebook import leases, tables_review
from seawall.casebook.finding import find_case
from seawall.casebook.people_acts import queues_of
from seawall.casebook.queue import WAITING, QueueFilter, behind, in_order, matching, rows_of
from seawall.casebook.rules import Act, permit, person_key, stated
from seawall.casebook.tables import cases, decisions


def take_next(
    connection: Connection, at: datetime, wanted: QueueFilter, after: str | None, reviewer: str
) -> str | None:
    """Take the first case behind ``after`` in the order of the queue, then from its head; None = none is left.

    Left out are cases that someone else holds, those that are decided, and those that wait for a second person
    where this one is the first.

    Raises:
        RuleError: no such case as ``after``, no name, or not permitted.
    """
    reviewer = stated(reviewer, "reviewer")
    permit(connection, reviewer, Act.DECIDE)
    held = tables_review.leases.c.person
    status = tuple(one for one in wanted.status or WAITING if one in WAITING)
    if not status:
        return None
    conditions = matching(at, replace(wanted, status=status), queues_of(connection, reviewer))
    free = [*conditions, or_(held.is_(None), held == person_key(reviewer))]
    query = in_order(rows_of(at)).with_only_columns(cases.c.case_id).where(*free)
    queries = [query]
    if after is not None:
        last = find_case(connection, after).case_id
        place = connection.execute(
            select(cases.c.severity, cases.c.confidence, cases.c.case_id).where(cases.c.case_id == last)
        ).one()
        query = query.where(cases.c.case_id != last)
        queries = [query.where(behind(*place)), query]
    mine = _proposed_by(connection, reviewer)
    for one in queries:
        for case_id in connection.scalars(one.limit(len(mine) + 1)).all():
            if case_id not in mine:
                leases.take(connection, at, case_id, reviewer)
                return str(case_id)
    return None


def _proposed_by(connection: Connection, reviewer: str) -> set[str]:
    """The cases that wait for someone else than this person: the latest decision that stands is theirs."""
    undone = select(tables_review.undone_decisions.c.number)
    rows = connection.execute(
        select(decisions.c.case_id, decisions.c.reviewer)
        .join(cases, cases.c.case_id == decisions.c.case_id)
        .where(cases.c.status == "awaiting second", decisions.c.number.not_in(undone))
        .order_by(decisions.c.number)
    )
    latest = {row.case_id: row.reviewer for row in rows}
    return {case_id for case_id, by in latest.items() if person_key(by) == person_key(reviewer)}
