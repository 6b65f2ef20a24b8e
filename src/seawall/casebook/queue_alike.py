"""Cases that can be decided together, because the same messages or copies of the same text are in them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from seawall.casebook.chunks import chunks
from seawall.casebook.people_acts import queues_of
from seawall.casebook.permitting import permit_case
from seawall.casebook.queue import MOST_ROWS, QueueFilter, QueueRow, in_order, matching, rows_of, told
from seawall.casebook.records import EVIDENCE
from seawall.casebook.rules import Act
from seawall.casebook.tables import alerts, cases, marks

SHARED = ("text", "message", "object", EVIDENCE)
"""Kinds of marks that make cases alike: a cluster of near-duplicates is named by its first text."""


def alike(connection: Connection, at: datetime, case_id: str, reviewer: str) -> tuple[QueueRow, ...]:
    """The other waiting cases that share a message, a text or its near-duplicates with this one, by priority.

    Raises:
        RuleError: no such case, or not permitted.
    """
    case = permit_case(connection, reviewer, Act.READ_CASES, case_id)
    mine = (
        select(marks.c.id)
        .join(alerts, alerts.c.alert_id == marks.c.alert_id)
        .where(alerts.c.case_id == case.case_id, marks.c.kind.in_(SHARED))
    )
    others: set[str] = set()
    for some in chunks(connection.scalars(mine)):
        others.update(
            connection.scalars(
                select(alerts.c.case_id)
                .join(marks, marks.c.alert_id == alerts.c.alert_id)
                .where(marks.c.id.in_(some), marks.c.kind.in_(SHARED), alerts.c.case_id != case.case_id)
                .distinct()
            )
        )
    if not others:
        return ()
    theirs = matching(at, QueueFilter(), queues_of(connection, reviewer))
    query = in_order(rows_of(at)).where(cases.c.case_id.in_(sorted(others)), *theirs)
    return told(connection, connection.execute(query.limit(MOST_ROWS)).all())
