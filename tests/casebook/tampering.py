"""Random tamperings of an audit, by somebody who can write the database and repair as much of the chain as they like.

What such a person cannot do is sign. So each tampering must show against a checkpoint that was kept elsewhere, however
well the chain was repaired.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from seawall.casebook import AuditHead
from seawall.casebook.audit import GENESIS
from seawall.casebook.canonical import canonical, digest

Row = Mapping[str, Any]
CONTENT = ("at", "actor", "act", "detail")
COLUMNS = ("sequence", *CONTENT, "previous", "hash")


@dataclass(frozen=True)
class Log:
    """The table of the audit, in order, and the head that the casebook keeps."""

    rows: tuple[Row, ...]
    head: AuditHead


def edit(log: Log, chance: Random) -> Log:
    """Change a column of an entry."""
    place = chance.randrange(len(log.rows))
    column = chance.choice(CONTENT)
    changed = dict(log.rows[place]) | {column: _other(log.rows[place], column, chance)}
    return replace(log, rows=(*log.rows[:place], changed, *log.rows[place + 1 :]))


def deletion(log: Log, chance: Random) -> Log:
    """Take some entries out of the middle."""
    first = chance.randrange(len(log.rows) - 1)
    last = chance.randrange(first + 1, len(log.rows))
    return replace(log, rows=log.rows[:first] + log.rows[last:])


def insertion(log: Log, chance: Random) -> Log:
    """Put an entry between two others."""
    place = chance.randrange(len(log.rows))
    return replace(log, rows=(*log.rows[:place], _forged(log.rows[place], chance), *log.rows[place:]))


def reordering(log: Log, chance: Random) -> Log:
    """Let two entries change places."""
    one, other = sorted(chance.sample(range(len(log.rows)), 2))
    rows = list(log.rows)
    rows[one], rows[other] = rows[other], rows[one]
    return replace(log, rows=tuple(dict(row) | {"sequence": place} for place, row in enumerate(rows, start=1)))


def truncation(log: Log, chance: Random) -> Log:
    """Cut the end off."""
    return replace(log, rows=log.rows[: chance.randrange(len(log.rows))])


def fork(log: Log, chance: Random) -> Log:
    """Cut the end off and go on with other entries: fewer, as many, or more."""
    kept = log.rows[: chance.randrange(len(log.rows))]
    more = [_forged(log.rows[0], chance) for _ in range(chance.randrange(1, len(log.rows) + 5))]
    return replace(log, rows=(*kept, *more))


KINDS: dict[str, Callable[[Log, Random], Log]] = {
    one.__name__: one for one in (edit, deletion, insertion, reordering, truncation, fork)
}


def unrepaired(log: Log, _: Random) -> Log:
    """The rows stay where they were and as they were, but no two have one number or one hash."""
    free = max(row["sequence"] for row in log.rows) + 1 if log.rows else 1
    seen: set[Any] = set()
    rows = []
    for row in log.rows:
        mine = dict(row)
        if mine["sequence"] in seen:
            mine["sequence"], free = free, free + 1
        seen.add(mine["sequence"])
        rows.append(mine)
    return replace(log, rows=tuple(rows))


def rehashed(log: Log, chance: Random) -> Log:
    """Numbered anew, and each entry has its own right hash, but they do not follow from one another."""
    rows = [dict(row) | {"sequence": place} for place, row in enumerate(log.rows, start=1)]
    chance.random()
    return replace(log, rows=tuple(row | {"hash": hash_of(row)} for row in rows))


def chained(log: Log, _: Random) -> Log:
    """Numbered, hashed and chained anew from the first entry on, with the head to match: whole in itself."""
    rows: list[Row] = []
    previous = GENESIS
    for place, row in enumerate(log.rows, start=1):
        mine = dict(row) | {"sequence": place, "previous": previous}
        previous = mine["hash"] = hash_of(mine)
        rows.append(mine)
    return Log(tuple(rows), AuditHead(len(rows), previous))


def headed(log: Log, _: Random) -> Log:
    """Only the head is made to match."""
    last = unrepaired(log, _).rows
    return Log(last, AuditHead(len(last), last[-1]["hash"] if last else GENESIS))


REPAIRS: tuple[Callable[[Log, Random], Log], ...] = (unrepaired, headed, rehashed, chained, chained)
"""Half of the tamperings are whole in themselves, and show against the checkpoint alone."""


def tampered(log: Log, kind: str, chance: Random) -> Log:
    """The log after a random tampering of a kind; never the same as before."""
    while True:
        changed = chance.choice(REPAIRS)(KINDS[kind](log, chance), chance)
        if _stored(changed) != _stored(log):
            return changed


def _stored(log: Log) -> tuple[list[Row], AuditHead]:
    """As a table has it, which knows no order but that of its numbers."""
    return sorted(log.rows, key=lambda row: row["sequence"]), log.head


def hash_of(row: Row) -> str:
    """The right hash of an entry."""
    return digest({name: value for name, value in row.items() if name != "hash"})


def _forged(like: Row, chance: Random) -> Row:
    row = dict(like) | {"act": chance.choice(("read", "export", "decide")), "detail": canonical({"n": chance.random()})}
    return row | {"hash": digest(row)}


def _other(row: Row, column: str, chance: Random) -> Any:
    values = {
        "at": f"2026-05-{chance.randrange(1, 29):02}T00:00:00.{chance.randrange(10**6):06}+00:00",
        "actor": chance.choice(("Rosa", "Nils", "Somebody else")),
        "act": chance.choice(("read", "export", "forget")),
        "detail": canonical({"rows": chance.randrange(10**6)}),
    }
    return values[column] if values[column] != row[column] else f"{row[column]} "
