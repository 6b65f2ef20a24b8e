"""How often somebody may try to sign in: a few times at once, then with pauses that grow.

A try is counted before it is made, so that many at the same moment are no way around it; and in the casebook, so that
a restart forgets nothing. Names that nobody has are counted alike, and only hashes of what was typed are kept.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update

from seawall.casebook.audit import write_entry
from seawall.casebook.canonical import micros, moment
from seawall.casebook.rules import person_key, role_of
from seawall.casebook.tables_people import sign_in_tries
from seawall.errors import RuleError

FREE = 5
"""So many tries in a row are free."""
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(days=1)


def begin(connection: Connection, at: datetime, kind: str, name: str) -> None:
    """Count a try, before it is made.

    Raises:
        RuleError: there were too many; it says until when to wait.
    """
    subject, now = _subject(kind, name), micros(at)
    row = connection.execute(select(sign_in_tries).where(sign_in_tries.c.subject == subject)).one_or_none()
    if row is not None and now < row.paused_until:
        raise RuleError(
            "There were too many tries to sign in with this name.",
            mend=f"Try again after {moment(row.paused_until):%H:%M:%S} UTC, or sign in with a passkey.",
        )
    tries = 1 if row is None or now - row.last_at > FORGOTTEN_AFTER // timedelta(microseconds=1) else row.tries + 1
    pause = _pause(tries)
    values = {"tries": tries, "last_at": now, "paused_until": micros(at + pause)}
    if row is None:
        connection.execute(delete(sign_in_tries).where(sign_in_tries.c.last_at < micros(at - FORGOTTEN_AFTER)))
        connection.execute(insert(sign_in_tries).values(subject=subject, **values))
    else:
        connection.execute(update(sign_in_tries).where(sign_in_tries.c.subject == subject).values(values))
    if pause:
        _tell(connection, at, kind, name, tries)


def succeeded(connection: Connection, kind: str, name: str) -> None:
    """The try was right: those before it no longer count."""
    connection.execute(delete(sign_in_tries).where(sign_in_tries.c.subject == _subject(kind, name)))


def _pause(tries: int) -> timedelta:
    if tries < FREE:
        return timedelta(0)
    return min(FIRST_PAUSE * (1 << min(tries - FREE, 10)), LONGEST_PAUSE)


def _subject(kind: str, name: str) -> str:
    return hashlib.sha256(f"{kind}\0{person_key(name)}".encode("utf-8", "replace")).hexdigest()


def _tell(connection: Connection, at: datetime, kind: str, name: str, tries: int) -> None:
    """A name that nobody has is not written down: people type passwords into the wrong field."""
    known = role_of(connection, name) is not None
    write_entry(connection, at, name if known else "(unknown)", "sign-in paused", {"with": kind, "tries": tries})
