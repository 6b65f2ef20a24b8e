"""The append-only, hash-chained record of who did what: finds its own tampering.

Entries hold salted commitments of personal ids, never the ids (see ``commitments``). The chain by itself shows an
edit, a deletion, an insertion or a new order. Cutting off its end shows against the head that the casebook keeps
in a second table; rewriting everything shows against a head that was kept elsewhere (``Audit.head``).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import SQLAlchemyError

from seawall.casebook import guards, tables
from seawall.casebook.canonical import canonical, digest
from seawall.casebook.store import Store
from seawall.casebook.tables_review import undone_decisions
from seawall.errors import StorageError

if TYPE_CHECKING:
    from seawall.casebook.audit_pages import AuditPage

Clock = Callable[[], datetime]
GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One act. ``detail`` is JSON; ``hash`` covers every other field and the hash before."""

    sequence: int  # from 1, without gaps
    at: str  # ISO 8601, UTC
    actor: str
    act: str
    detail: dict[str, Any]
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class AuditHead:
    """How many entries there are, and the hash of the last: keep it elsewhere to find a rewritten audit."""

    count: int
    hash: str


class Audit:
    """The audit of one casebook."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def append(self, actor: str, act: str, detail: Mapping[str, Any] | None = None) -> AuditHead:
        """Record an act that happens outside the casebook, before it happens.

        Args:
            actor: who acts.
            act: what is done, in a word or two.
            detail: JSON without personal values; commit ids with ``Casebook.commit``.

        Raises:
            StorageError: it cannot be written: do not act.
        """
        with self._store.write() as connection:
            return write_entry(connection, self._clock(), actor, act, detail or {})

    def entries(self) -> list[AuditEntry]:
        """All entries, the oldest first."""
        with self._store.read() as connection:
            rows = connection.execute(select(tables.audit).order_by(tables.audit.c.sequence)).all()
        return [
            AuditEntry(row.sequence, row.at, row.actor, row.act, json.loads(row.detail), row.previous, row.hash)
            for row in rows
        ]

    def page(self, *, before: int | None = None, person: str = "", act: str = "", limit: int = 100) -> AuditPage:
        """A page of entries, the newest first: see ``audit_pages``.

        Raises:
            InputError: a limit outside 1 to 200.
        """
        from seawall.casebook.audit_pages import audit_page

        with self._store.read() as connection:
            return audit_page(connection, before=before, person=person, act=act, limit=limit)

    def head(self) -> AuditHead:
        """The checkpoint to keep elsewhere."""
        with self._store.read() as connection:
            return read_head(connection)

    def verify(self, against: AuditHead | None = None) -> list[str]:
        """What is wrong with the audit, one sentence each; an empty list means that it is whole.

        Args:
            against: a head that was kept elsewhere.
        """
        try:
            with self._store.read() as connection:
                return list(_problems(connection, against))
        except (StorageError, SQLAlchemyError, ValueError, TypeError) as error:
            return [self._store.unreadable(error)]


def write_entry(connection: Connection, at: datetime, actor: str, act: str, detail: Mapping[str, Any]) -> AuditHead:
    """Append to the chain inside the transaction of the act itself, so that both happen or neither."""
    head = read_head(connection)
    entry: dict[str, Any] = {
        "sequence": head.count + 1,
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": actor,
        "act": act,
        "detail": canonical(detail),
        "previous": head.hash,
    }
    entry["hash"] = digest(entry)
    connection.execute(insert(tables.audit).values(entry))
    values = {"entries": entry["sequence"], "hash": entry["hash"]}
    if head.count:
        connection.execute(update(tables.audit_head).values(values))
    else:
        connection.execute(insert(tables.audit_head).values(only=1, **values))
    return AuditHead(entry["sequence"], entry["hash"])


def read_head(connection: Connection) -> AuditHead:
    """The head as the casebook keeps it."""
    row = connection.execute(select(tables.audit_head.c.entries, tables.audit_head.c.hash)).one_or_none()
    return AuditHead(row.entries, row.hash) if row else AuditHead(0, GENESIS)


def _problems(connection: Connection, against: AuditHead | None) -> Iterator[str]:
    previous = GENESIS
    hashes = [GENESIS]
    decided: dict[int, str] = {}
    redacted: set[int] = set()
    taken_back: set[int] = set()
    rows = connection.execute(select(tables.audit).order_by(tables.audit.c.sequence))
    for expected, row in enumerate(rows, start=1):
        fields = dict(row._mapping)
        told = fields.pop("hash")
        if fields["sequence"] != expected:
            yield f"Entry {expected} is missing or was moved: the next one there is {fields['sequence']}."
            return
        if fields["previous"] != previous:
            yield f"Entry {expected} does not follow from the one before it."
        if not _matches(fields, told):
            yield f"Entry {expected} was changed after it was written."
            return
        previous = told
        hashes.append(told)
        _note_decisions(fields, decided, redacted, taken_back)
    yield from _guards(connection)
    yield from _heads(hashes, read_head(connection), "the head that the casebook keeps")
    if against is not None:
        yield from _earlier_head(hashes, against)
    yield from _decisions(connection, decided, redacted)
    yield from _taken_back(connection, taken_back)


def _matches(fields: dict[str, Any], told: Any) -> bool:
    kinds_fit = isinstance(fields["sequence"], int) and all(
        isinstance(value, str) for name, value in fields.items() if name != "sequence"
    )
    return kinds_fit and digest(fields) == told


def _note_decisions(fields: dict[str, Any], decided: dict[int, str], redacted: set[int], taken_back: set[int]) -> None:
    detail = json.loads(fields["detail"])
    if "undoes" in detail:
        taken_back.add(detail["undoes"])
    if "decision" in detail:
        decided[detail["decision"]] = detail["commitment"]
    redacted.update(detail.get("redacted_decisions", ()))


def _guards(connection: Connection) -> Iterator[str]:
    for name in guards.missing(connection):
        yield f"The guard {name} of the audit table is gone."


def _heads(hashes: list[str], head: AuditHead, what: str) -> Iterator[str]:
    if head.count != len(hashes) - 1:
        yield f"The audit has {len(hashes) - 1} entries, but {what} counts {head.count}."
    elif head.hash != hashes[-1]:
        yield f"The last entry is not the one of {what}."


def _earlier_head(hashes: list[str], against: AuditHead) -> Iterator[str]:
    if not 0 <= against.count < len(hashes):
        yield f"The audit has {len(hashes) - 1} entries, but the head kept elsewhere counts {against.count}."
    elif hashes[against.count] != against.hash:
        yield f"Entry {against.count} is not the one of the head kept elsewhere: the audit was rewritten or forked."


def decision_commitment(row: Mapping[str, Any]) -> str:
    """What the audit keeps of a decision: a salted hash, so that the reason itself stays erasable."""
    names = ("salt", "number", "case_id", "reviewer", "at", "outcome", "stage", "reason", "known")
    return digest(*(row[name] for name in names))


def _decision_matches(row: Mapping[str, Any], told: str) -> bool:
    return all(isinstance(value, str | int) for value in row.values()) and decision_commitment(row) == told


def _decisions(connection: Connection, decided: dict[int, str], redacted: set[int]) -> Iterator[str]:
    found = set()
    for row in connection.execute(select(tables.decisions).order_by(tables.decisions.c.number)):
        found.add(row.number)
        if row.number not in decided:
            yield f"Decision {row.number} is not in the audit."
        elif row.number not in redacted and not _decision_matches(row._asdict(), decided[row.number]):
            yield f"Decision {row.number} was changed after it was recorded."
    for number in sorted(set(decided) - found):
        yield f"Decision {number} is in the audit, but its record is gone."


def _taken_back(connection: Connection, told: set[int]) -> Iterator[str]:
    kept = set(connection.scalars(select(undone_decisions.c.number)))
    for number in sorted(told - kept):
        yield f"Decision {number} was taken back, but the record of that is gone."
    for number in sorted(kept - told):
        yield f"Decision {number} counts as taken back, but the audit does not say so."
