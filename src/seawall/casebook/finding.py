"""Finds a case by what people call it, moves it, and writes its history."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, Row, insert, select, update

from seawall.casebook import tables
from seawall.casebook.canonical import micros
from seawall.casebook.spoken_ids import as_spoken
from seawall.errors import RuleError


def find_case(connection: Connection, case_id: str) -> Row[str, str]:
    """Id and status of a case; letters may be small, and the "C-" may be left out.

    Raises:
        RuleError: there is no such case.
    """
    wanted = tables.cases.c.case_id == as_spoken(case_id, "C")
    row = connection.execute(select(tables.cases.c.case_id, tables.cases.c.status).where(wanted)).one_or_none()
    if row is None:
        raise RuleError("There is no such case.", mend="List the cases with seawall cases.")
    return row


def set_status(connection: Connection, case_id: str, status: str) -> None:
    """Move a case."""
    connection.execute(update(tables.cases).where(tables.cases.c.case_id == case_id).values(status=status))


def note_event(connection: Connection, at: datetime, case_id: str, actor: str, act: str, note: str) -> None:
    """Add a line to the history of a case."""
    connection.execute(insert(tables.events).values(case_id=case_id, at=micros(at), actor=actor, act=act, note=note))
