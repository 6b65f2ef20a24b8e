"""Which detectors speak in which case, kept beside the cases so that the queue need not read the alerts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, delete, insert, select

from seawall.casebook import shelf, tables
from seawall.casebook.tables_review import case_detectors


def put_detectors(connection: Connection, case_id: str, alerts: Mapping[str, int]) -> None:
    """Keep how many alerts of each detector a case has."""
    rows = connection.execute(select(case_detectors).where(case_detectors.c.case_id == case_id))
    held = {row.detector: row.alerts for row in rows}
    if held == alerts:
        return
    connection.execute(delete(case_detectors).where(case_detectors.c.case_id == case_id))
    fresh = [{"case_id": case_id, "detector": name, "alerts": count} for name, count in sorted(alerts.items())]
    connection.execute(insert(case_detectors), fresh)


def lacking(connection: Connection) -> list[str]:
    """The cases of which nothing is kept: an older Seawall wrote them."""
    known = select(case_detectors.c.case_id)
    return list(connection.scalars(select(tables.cases.c.case_id).where(tables.cases.c.case_id.not_in(known))))


def complete(connection: Connection, case_ids: Iterable[str]) -> None:
    """Read the alerts of these cases once, and keep what the queue needs of them."""
    for case_id, claims in shelf.claims_of_cases(connection, case_ids).items():
        put_detectors(connection, case_id, Counter(claim.alert.detector for claim in claims.values()))
