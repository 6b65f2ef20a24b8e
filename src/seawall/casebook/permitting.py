"""Whether a person may do something to one case: their role allows the act, and the case is in one of their queues."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, Row, select

from seawall.casebook.chunks import chunks
from seawall.casebook.finding import find_case
from seawall.casebook.people_acts import permit_queue, queues_of
from seawall.casebook.rules import Act, permit
from seawall.casebook.tables_review import case_detectors


def permit_case(connection: Connection, reviewer: str, act: Act, case_id: str) -> Row[str, str]:
    """Id and status of a case, refused where this person may not do this to it.

    Raises:
        RuleError: not enrolled, not within the role, no such case, or in none of their queues.
    """
    permit(connection, reviewer, act)
    case = find_case(connection, case_id)
    speaking = select(case_detectors.c.detector).where(case_detectors.c.case_id == case.case_id)
    permit_queue(connection, reviewer, connection.scalars(speaking).all())
    return case


def in_queues(connection: Connection, reviewer: str, case_ids: Iterable[str]) -> frozenset[str]:
    """Those of the cases that are in one of a person's queues."""
    queues = queues_of(connection, reviewer)
    if queues is None:
        return frozenset(case_ids)
    found: set[str] = set()
    for some in chunks(case_ids):
        theirs = case_detectors.c.case_id.in_(some), case_detectors.c.detector.in_(sorted(queues))
        found.update(connection.scalars(select(case_detectors.c.case_id).where(*theirs)))
    return frozenset(found)
