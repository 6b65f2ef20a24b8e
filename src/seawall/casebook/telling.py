"""Which cases a receiver of notices has been told of: each once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, insert, select, update

from seawall.casebook.audit import write_entry
from seawall.casebook.canonical import micros, moment
from seawall.casebook.rules import stated
from seawall.casebook.tables import cases, notices
from seawall.model import Severity

_DECIDED = "decided"
_MACHINE = "seawall"


@dataclass(frozen=True, slots=True)
class Due:
    """A case that a receiver is to be told of."""

    case_id: str
    severity: Severity
    opened_at: datetime
    sentence: str
    again: bool  # a delivery was begun before and may have arrived


def due(connection: Connection, receiver: str, least: Severity) -> list[Due]:
    """See ``Casebook.due``."""
    theirs = and_(notices.c.case_id == cases.c.case_id, notices.c.receiver == receiver)
    rows = connection.execute(
        select(cases.c.case_id, cases.c.severity, cases.c.opened_at, cases.c.sentence, notices.c.told)
        .outerjoin(notices, theirs)
        .where(cases.c.status != _DECIDED, cases.c.severity >= least.rank, notices.c.told.is_distinct_from(1))
        .order_by(cases.c.opened_at, cases.c.case_id)
    )
    ranks = list(Severity)
    return [
        Due(row.case_id, ranks[row.severity], moment(row.opened_at), row.sentence, row.told is not None) for row in rows
    ]


def begin(connection: Connection, at: datetime, receiver: str, case_id: str) -> None:
    """See ``Casebook.telling``."""
    if _state(connection, receiver, case_id) is None:
        connection.execute(insert(notices).values(receiver=receiver, case_id=case_id, told=0, at=micros(at)))


def end(connection: Connection, at: datetime, receiver: str, case_id: str) -> None:
    """See ``Casebook.told``."""
    begin(connection, at, receiver, case_id)
    connection.execute(
        update(notices)
        .where(notices.c.receiver == receiver, notices.c.case_id == case_id)
        .values(told=1, at=micros(at))
    )
    write_entry(connection, at, _MACHINE, "tell", {"receiver": receiver, "case": case_id})


def start(connection: Connection, at: datetime, receiver: str, by: str) -> int:
    """See ``Casebook.start_telling``."""
    by = stated(by, "reviewer")
    known = select(notices.c.case_id).where(notices.c.receiver == receiver)
    fresh = list(connection.scalars(select(cases.c.case_id).where(cases.c.case_id.not_in(known))))
    for case_id in fresh:
        connection.execute(insert(notices).values(receiver=receiver, case_id=case_id, told=1, at=micros(at)))
    write_entry(connection, at, by, "receiver", {"receiver": receiver, "known": len(fresh)})
    return len(fresh)


def _state(connection: Connection, receiver: str, case_id: str) -> int | None:
    return connection.scalar(select(notices.c.told).where(notices.c.receiver == receiver, notices.c.case_id == case_id))
