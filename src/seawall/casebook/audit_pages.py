"""A page of the audit: the newest entries first, of one person or one act where that is wanted."""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, func, select, true

from seawall.casebook import tables
from seawall.casebook.audit import AuditEntry
from seawall.errors import InputError

MOST_ROWS = 200


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Some entries, the newest first."""

    rows: tuple[AuditEntry, ...]
    total: int  # that the filter leaves
    next: int | None  # the ``before`` of the next page
    people: tuple[str, ...]  # everyone who is in the audit
    acts: tuple[str, ...]  # every kind of act that is in it


def audit_page(
    connection: Connection, *, before: int | None = None, person: str = "", act: str = "", limit: int = 100
) -> AuditPage:
    """One page.

    Args:
        connection: to the casebook.
        before: entries with a smaller number only.
        person: of this person only.
        act: of this kind only.
        limit: so many rows, 1 to 200.

    Raises:
        InputError: a limit outside 1 to 200.
    """
    if not 1 <= limit <= MOST_ROWS:
        raise InputError(f"A page has from 1 to {MOST_ROWS} rows.", where="limit", mend="Ask for fewer.")
    table = tables.audit
    wanted: ColumnElement[bool] = true()
    if person:
        wanted = wanted & (table.c.actor == person)
    if act:
        wanted = wanted & (table.c.act == act)
    total = connection.scalar(select(func.count()).select_from(table).where(wanted)) or 0
    shown = wanted if before is None else wanted & (table.c.sequence < before)
    found = connection.execute(select(table).where(shown).order_by(table.c.sequence.desc()).limit(limit + 1)).all()
    rows = tuple(
        AuditEntry(row.sequence, row.at, row.actor, row.act, json.loads(row.detail), row.previous, row.hash)
        for row in found[:limit]
    )
    return AuditPage(
        rows,
        total,
        rows[-1].sequence if len(found) > limit else None,
        tuple(connection.scalars(select(table.c.actor).distinct().order_by(table.c.actor))),
        tuple(connection.scalars(select(table.c.act).distinct().order_by(table.c.act))),
    )
