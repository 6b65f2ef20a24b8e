"""Who is signed in: half an hour without a sign of life, or twelve hours, and a session is over.

The casebook keeps a hash of a session's token. When it was seen is written once a minute at most.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Row, delete, insert, select, update

from seawall.casebook import people_acts
from seawall.casebook.audit import Clock, write_entry
from seawall.casebook.canonical import micros, moment
from seawall.casebook.people_secrets import kept_of, new_secret
from seawall.casebook.rules import Act, Role, is_alone, may, person_key
from seawall.casebook.store import Store
from seawall.casebook.tables import reviewers
from seawall.casebook.tables_people import sessions
from seawall.errors import ConfigurationError

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)
WAYS = ("link", "passkey", "password", "oidc")
"""How somebody signed in: "password" is one with an authenticator's code."""


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who is signed in. ``csrf`` comes with each form that they send."""

    name: str
    role: Role
    how: str
    opened_at: datetime
    seen_at: datetime
    csrf: str
    alone: bool = False  # the only person who was ever enrolled

    def may(self, act: Act) -> bool:
        """Whether they may do this."""
        return may(self.role, act, alone=self.alone)


class SessionBook:
    """The sessions of one casebook. Any method may raise StorageError: the disk refuses."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def open(self, name: str, how: str) -> str:
        """Sign a person in; the token, which is shown once.

        Args:
            name: an enrolled person who has shown who they are.
            how: one of ``WAYS``.

        Raises:
            RuleError: not enrolled.
            ConfigurationError: an unknown way.
        """
        if how not in WAYS:
            raise ConfigurationError("There is no such way to sign in.", mend=f"It is one of {', '.join(WAYS)}.")
        token = new_secret()
        with self._store.write() as connection:
            at = self._clock()
            known = people_acts.find(connection, name)
            _sweep(connection, at)
            row = {"hash": kept_of(token), "person": person_key(name), "how": how}
            connection.execute(insert(sessions).values(row | {"opened_at": micros(at), "seen_at": micros(at)}))
            write_entry(connection, at, known.name, "sign in", {"how": how})
        return token

    def find(self, token: str) -> Session | None:
        """Who a token signs in; None where it is unknown or over, or the person was removed."""
        kept, at = kept_of(token), self._clock()
        with self._store.read() as connection:
            row = connection.execute(_BY_HASH.where(sessions.c.hash == kept)).one_or_none()
            alone = is_alone(connection)
        if row is None or _is_over(row, at):
            return None
        if at - moment(row.seen_at) >= SEEN_EVERY:
            with self._store.write() as connection:
                connection.execute(update(sessions).where(sessions.c.hash == kept).values(seen_at=micros(at)))
        opened_at, seen_at = moment(row.opened_at), moment(row.seen_at)
        return Session(row.name, Role(row.role), row.how, opened_at, seen_at, csrf_of(token), alone)

    def close(self, token: str) -> None:
        """Sign out; a token that is over already is none the worse."""
        kept = kept_of(token)
        with self._store.write() as connection:
            row = connection.execute(_BY_HASH.where(sessions.c.hash == kept)).one_or_none()
            if row is not None:
                connection.execute(delete(sessions).where(sessions.c.hash == kept))
                write_entry(connection, self._clock(), row.name, "sign out", {})

    def close_all(self, name: str, *, by: str, but: str | None = None) -> int:
        """Sign a person out everywhere, but for the session of one token; how many sessions that were.

        Raises:
            RuleError: not enrolled, or ``by`` is another person who may not.
        """
        with self._store.write() as connection:
            at, known = self._clock(), people_acts.find(connection, name)
            if person_key(name) != person_key(by):
                people_acts.permit_keeping(connection, at, by, name, known.role)
            theirs = sessions.c.person == person_key(name)
            spared = sessions.c.hash != kept_of(but or "")
            closed = connection.execute(delete(sessions).where(theirs, spared)).rowcount
            write_entry(connection, at, by, "sign out everywhere", {"name": known.name, "sessions": closed})
        return closed


_BY_HASH = select(sessions, reviewers.c.name, reviewers.c.role).join(reviewers, reviewers.c.key == sessions.c.person)


def csrf_of(token: str) -> str:
    """What forms of a session carry: it follows from the token and leads nowhere back to it."""
    return hmac.new(token.encode("utf-8", "replace"), b"seawall csrf 1", hashlib.sha256).hexdigest()


def _is_over(row: Row[str], at: datetime) -> bool:
    return at - moment(row.seen_at) >= IDLE or at - moment(row.opened_at) >= LONGEST


def _sweep(connection: Connection, at: datetime) -> None:
    idle, old = sessions.c.seen_at <= micros(at - IDLE), sessions.c.opened_at <= micros(at - LONGEST)
    connection.execute(delete(sessions).where(idle | old))
