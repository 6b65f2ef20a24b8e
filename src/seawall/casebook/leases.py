"""Who holds a case for now, so that two people do not judge the same one at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select

from seawall.casebook.audit import write_entry
from seawall.casebook.canonical import micros, moment
from seawall.casebook.permitting import permit_case
from seawall.casebook.rules import Act, person_key, stated
from seawall.casebook.tables_review import leases
from seawall.errors import RuleError

LEASE_MINUTES = 20


@dataclass(frozen=True, slots=True)
class Lease:
    """A case is held by a person until then (UTC); nobody else can decide it meanwhile."""

    case_id: str
    holder: str
    until: datetime


def take(connection: Connection, at: datetime, case_id: str, reviewer: str) -> Lease:
    """Hold a case for ``LEASE_MINUTES`` from now; taking it again extends that.

    Raises:
        RuleError: no such case, decided already, held by someone else, no name, or not permitted.
    """
    reviewer = stated(reviewer, "reviewer")
    case = permit_case(connection, reviewer, Act.DECIDE, case_id)
    if case.status == "decided":
        raise RuleError(f"Case {case.case_id} is decided already.", mend="Only a case that waits can be taken.")
    refuse_if_held(connection, at, case.case_id, reviewer)
    lease = grant(connection, at, case.case_id, reviewer)
    write_entry(connection, at, reviewer, "take", {"case": case.case_id, "until": lease.until})
    return lease


def give_back(connection: Connection, at: datetime, case_id: str, reviewer: str) -> None:
    """Let go of a case; of one that nobody holds any more there is nothing to let go.

    Raises:
        RuleError: no such case, in none of their queues, held by someone else, no name, or not permitted.
    """
    reviewer = stated(reviewer, "reviewer")
    case = permit_case(connection, reviewer, Act.DECIDE, case_id)
    if in_force(connection, at, case.case_id) is None:
        return
    refuse_if_held(connection, at, case.case_id, reviewer)
    drop(connection, case.case_id)
    write_entry(connection, at, reviewer, "give back", {"case": case.case_id})


def in_force(connection: Connection, at: datetime, case_id: str) -> Lease | None:
    """The lease of a case, unless it has run out."""
    row = connection.execute(
        select(leases).where(leases.c.case_id == case_id, leases.c.until > micros(at))
    ).one_or_none()
    return None if row is None else Lease(row.case_id, row.holder, moment(row.until))


def refuse_if_held(connection: Connection, at: datetime, case_id: str, reviewer: str) -> None:
    """Refuse an act on a case that someone else holds.

    Raises:
        RuleError: it says until when.
    """
    lease = in_force(connection, at, case_id)
    if lease is not None and person_key(lease.holder) != person_key(reviewer):
        raise RuleError(
            f"Case {case_id} is held by someone else until {lease.until:%d %B %Y %H:%M} UTC.".replace(" 0", " "),
            mend="Take another one, or wait until then.",
        )


def grant(connection: Connection, at: datetime, case_id: str, reviewer: str) -> Lease:
    """Give a case to a person, whoever had it before."""
    lease = Lease(case_id, reviewer, at + timedelta(minutes=LEASE_MINUTES))
    drop(connection, case_id)
    connection.execute(
        insert(leases).values(case_id=case_id, holder=reviewer, person=person_key(reviewer), until=micros(lease.until))
    )
    return lease


def drop(connection: Connection, case_id: str) -> None:
    """End whatever lease there is."""
    connection.execute(delete(leases).where(leases.c.case_id == case_id))
