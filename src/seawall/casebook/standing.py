"""Which decisions stand: those that were not taken back, and from when on they may be relied upon."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from seawall.casebook.canonical import micros
from seawall.casebook.tables import decisions
from seawall.casebook.tables_review import undone_decisions

UNDO_SECONDS = 10
"""So long a decision can be taken back, and so long nothing outward may use it."""

UNDONE = "undone"
"""The stage at which a decision that was taken back is shown; its record stays as it was made."""


def standing(case_id: str) -> Select[Any]:
    """The decisions of a case that were not taken back, the latest first."""
    return (
        select(decisions)
        .where(decisions.c.case_id == case_id, decisions.c.number.not_in(select(undone_decisions.c.number)))
        .order_by(decisions.c.number.desc())
    )


def latest(connection: Connection, case_id: str) -> Row[Any] | None:
    """The latest decision of a case that stands."""
    return connection.execute(standing(case_id).limit(1)).one_or_none()


def settled(made_at: int, at: datetime) -> bool:
    """Whether a decision made at ``made_at`` (UTC microseconds) can no longer be taken back."""
    return micros(at) - made_at >= timedelta(seconds=UNDO_SECONDS) // timedelta(microseconds=1)
