"""Reads claims out of the casebook's tables and puts them in: no rules here."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, Select, and_, delete, insert, select, update

from seawall.casebook import tables
from seawall.casebook.chunks import chunks
from seawall.casebook.records import Claim, from_body

_latest = and_(
    tables.alert_revisions.c.alert_id == tables.alerts.c.alert_id,
    tables.alert_revisions.c.revision == tables.alerts.c.revision,
)


def latest() -> Select[tuple[str, str, int, int, str, str]]:
    """Alert id, case id, revision, recorded at, lake version and body of the latest revisions, by alert id."""
    return (
        select(
            tables.alerts.c.alert_id,
            tables.alerts.c.case_id,
            tables.alerts.c.revision,
            tables.alert_revisions.c.recorded_at,
            tables.alert_revisions.c.lake_version,
            tables.alert_revisions.c.body,
        )
        .join(tables.alert_revisions, _latest)
        .order_by(tables.alerts.c.alert_id)
    )


def claims_of_cases(connection: Connection, case_ids: Iterable[str]) -> dict[str, dict[str, Claim]]:
    """Case id -> alert id -> claim."""
    found: dict[str, dict[str, Claim]] = {}
    for some in chunks(case_ids):
        for row in connection.execute(latest().where(tables.alerts.c.case_id.in_(some))):
            found.setdefault(row.case_id, {})[row.alert_id] = Claim(from_body(row.body, row.lake_version))
    return found


def claims_by_id(connection: Connection, alert_ids: Iterable[str]) -> dict[str, Claim]:
    """Alert id -> claim, of those that are there."""
    found: dict[str, Claim] = {}
    for some in chunks(alert_ids):
        for row in connection.execute(latest().where(tables.alerts.c.alert_id.in_(some))):
            found[row.alert_id] = Claim(from_body(row.body, row.lake_version))
    return found


def near(connection: Connection, claims: Iterable[Claim]) -> set[str]:
    """Ids of the alerts that share a mark and some time with any of these claims."""
    claims = list(claims)
    first, last = min(claim.starts for claim in claims), max(claim.ends for claim in claims)
    found: set[str] = set()
    for some in chunks(one for claim in claims for _, one in claim.marks):
        rows = connection.scalars(
            select(tables.marks.c.alert_id)
            .join(tables.alerts, tables.alerts.c.alert_id == tables.marks.c.alert_id)
            .where(tables.marks.c.id.in_(some), tables.alerts.c.starts <= last, tables.alerts.c.ends >= first)
            .distinct()
        )
        found.update(rows)
    return found


def names(connection: Connection, wanted: Iterable[str]) -> dict[str, str]:
    """Names that alerts gave themselves before -> the ids under which they are kept."""
    found: dict[str, str] = {}
    for some in chunks(wanted):
        rows = connection.execute(select(tables.alert_names).where(tables.alert_names.c.name.in_(some)))
        found.update({row.name: row.alert_id for row in rows})
    return found


def case_of(connection: Connection, alert_ids: Iterable[str]) -> dict[str, str]:
    """Alert id -> case id."""
    found: dict[str, str] = {}
    for some in chunks(alert_ids):
        rows = connection.execute(
            select(tables.alerts.c.alert_id, tables.alerts.c.case_id).where(tables.alerts.c.alert_id.in_(some))
        )
        found.update({row.alert_id: row.case_id for row in rows})
    return found


def put(connection: Connection, alert_id: str, claim: Claim, *, case_id: str, at: int, lake_version: str) -> int:
    """Keep a claim as the next revision of an alert, or as a new alert. Returns the revision, from 1."""
    before = connection.scalar(select(tables.alerts.c.revision).where(tables.alerts.c.alert_id == alert_id))
    revision = (before or 0) + 1
    values = {"revision": revision, "starts": claim.starts, "ends": claim.ends}
    if before is None:
        values |= {"alert_id": alert_id, "case_id": case_id, "family": claim.family}
        connection.execute(insert(tables.alerts).values(values))
        connection.execute(delete(tables.alert_names).where(tables.alert_names.c.name == alert_id))
    else:
        connection.execute(update(tables.alerts).where(tables.alerts.c.alert_id == alert_id).values(values))
        connection.execute(delete(tables.marks).where(tables.marks.c.alert_id == alert_id))
    connection.execute(
        insert(tables.alert_revisions).values(
            alert_id=alert_id,
            revision=revision,
            recorded_at=at,
            fingerprint=claim.fingerprint,
            lake_version=lake_version,
            body=claim.body,
        )
    )
    put_marks(connection, alert_id, claim)
    if claim.name != alert_id:
        connection.execute(delete(tables.alert_names).where(tables.alert_names.c.name == claim.name))
        connection.execute(insert(tables.alert_names).values(name=claim.name, alert_id=alert_id))
    return revision


def put_marks(connection: Connection, alert_id: str, claim: Claim) -> None:
    """Keep the marks of a claim, none of which may be there yet."""
    rows = [{"alert_id": alert_id, "kind": kind, "id": one} for kind, one in sorted(claim.marks)]
    if rows:
        connection.execute(insert(tables.marks), rows)
