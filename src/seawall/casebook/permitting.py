"""Whether a person may do something to one case: their role allows the act, and the case is in one of their queues."""

from __future__ import annotations

from sqlalchemy import Connection, Row, select

from seawall.casebook.finding import find_case
from seawall.casebook.people_acts import permit_queue
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
