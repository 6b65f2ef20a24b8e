"""Legal holds: what is held is not erased until the hold is released."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from seawall.casebook.audit import write_entry
from seawall.casebook.canonical import micros, moment
from seawall.casebook.chunks import chunks
from seawall.casebook.commitments import commit
from seawall.casebook.rules import Act, permit, stated
from seawall.casebook.tables import holds
from seawall.errors import RuleError


@dataclass(frozen=True, slots=True)
class Hold:
    """Erasure of this account is suspended, by whom, why and since when."""

    account: str
    reviewer: str
    reason: str
    at: datetime
    released_by: str | None = None
    released_at: datetime | None = None
    release_reason: str | None = None


def place(connection: Connection, at: datetime, account: str, reviewer: str, reason: str) -> Hold:
    """Hold an account.

    Raises:
        RuleError: no name or reason, or the account is held already.
    """
    reviewer, reason = stated(reviewer, "reviewer"), stated(reason, "reason")
    permit(connection, reviewer, Act.HOLD)
    if held(connection, [account]):
        raise RuleError("This account is held already.", mend="Release it first if the reason has changed.")
    connection.execute(insert(holds).values(account=account, reviewer=reviewer, reason=reason, at=micros(at)))
    write_entry(connection, at, reviewer, "hold", {"account": commit(connection, account)})
    return Hold(account, reviewer, reason, at)


def release(connection: Connection, at: datetime, account: str, reviewer: str, reason: str) -> None:
    """End a hold.

    Raises:
        RuleError: no name or reason, or the account is not held.
    """
    reviewer, reason = stated(reviewer, "reviewer"), stated(reason, "reason")
    permit(connection, reviewer, Act.RELEASE)
    if not held(connection, [account]):
        raise RuleError("This account is not held.", mend="List the holds with seawall hold.")
    connection.execute(
        update(holds)
        .where(holds.c.account == account, holds.c.released_at.is_(None))
        .values(released_by=reviewer, released_at=micros(at), release_reason=reason)
    )
    write_entry(connection, at, reviewer, "release", {"account": commit(connection, account)})


def held(connection: Connection, accounts: Iterable[str]) -> set[str]:
    """Those of the accounts whose erasure is suspended."""
    found: set[str] = set()
    for some in chunks(accounts):
        found.update(
            connection.scalars(select(holds.c.account).where(holds.c.account.in_(some), holds.c.released_at.is_(None)))
        )
    return found


def listed(connection: Connection) -> list[Hold]:
    """Every hold, released ones too, the oldest first."""
    return [
        Hold(
            row.account,
            row.reviewer,
            row.reason,
            moment(row.at),
            row.released_by,
            None if row.released_at is None else moment(row.released_at),
            row.release_reason,
        )
        for row in connection.execute(select(holds).order_by(holds.c.number))
    ]
