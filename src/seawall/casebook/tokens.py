"""Tokens for programs that act for a person over the HTTP interface, within scopes that the person's role allows."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import RowMapping, delete, insert, select

from seawall.casebook import people_acts
from seawall.casebook.audit import Clock, write_entry
from seawall.casebook.canonical import micros, moment
from seawall.casebook.people_secrets import kept_of, new_secret
from seawall.casebook.rules import PERMITTED, Act, Role, person_key
from seawall.casebook.store import Store
from seawall.casebook.tables import reviewers
from seawall.casebook.tables_people import api_tokens
from seawall.errors import RuleError

PREFIX = "seawall_"
"""Begins each token, so that people and programs that look for leaked secrets know one."""
MOST_DAYS = 365
IN_PERSON = frozenset(
    {Act.SECOND, Act.UNMASK, Act.KEEP_PEOPLE, Act.KEEP_SAFEGUARDING, Act.READ_SAFEGUARDING, Act.SAFEGUARD}
)
"""A second person is a person, and so is who lets others in, or protects somebody: no program does it for them."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token as it is listed: not its text, of which only a hash is kept."""

    token_id: str
    name: str
    role: Role
    scopes: frozenset[Act]  # what it may do now: never more than the person's role
    made_at: datetime
    ends_at: datetime


class TokenBook:
    """The tokens of one casebook. Any method may raise StorageError: the disk refuses."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def make(self, scopes: Collection[str], days: int, *, by: str) -> str:
        """A token for oneself; its text is shown once.

        Args:
            scopes: of ``Act.scope``, as "read_cases".

        Raises:
            RuleError: not enrolled, no scope, a scope that the role does not allow or that needs the person, or days
                outside 1 to 365.
        """
        with self._store.write() as connection:
            at, known = self._clock(), people_acts.find(connection, by)
            able = sorted(one.scope for one in PERMITTED[known.role] - IN_PERSON)
            if not scopes or not set(scopes) <= set(able):
                raise RuleError(
                    "A token can do some of what your role allows, but not what needs the person.",
                    where="scopes",
                    mend=f"Choose among {', '.join(able)}." if able else "Ask for another role.",
                )
            if not 1 <= days <= MOST_DAYS:
                raise RuleError(f"A token lasts from 1 to {MOST_DAYS} days.", where="days", mend="Choose fewer days.")
            text = PREFIX + new_secret()
            told = " ".join(sorted(set(scopes)))
            row = {"token_id": kept_of(text)[:12], "hash": kept_of(text), "person": person_key(by), "scopes": told}
            times = {"made_at": micros(at), "ends_at": micros(at + timedelta(days=days))}
            connection.execute(insert(api_tokens).values(row | times))
            write_entry(connection, at, known.name, "token", {"token": row["token_id"], "scopes": told, "days": days})
        return text

    def find(self, text: str) -> Token | None:
        """Whom a token stands for and what it may do; None where it is unknown or over, or the person was removed."""
        with self._store.read() as connection:
            found = connection.execute(_LISTED.where(api_tokens.c.hash == kept_of(text))).one_or_none()
        token = None if found is None else _token(found._mapping)
        return token if token is not None and self._clock() < token.ends_at else None

    def listed(self, name: str) -> list[Token]:
        """A person's tokens, the oldest first, those that are over too."""
        with self._store.read() as connection:
            theirs = _LISTED.where(api_tokens.c.person == person_key(name))
            rows = connection.execute(theirs.order_by(api_tokens.c.made_at, api_tokens.c.token_id))
            return [_token(row._mapping) for row in rows]

    def revoke(self, token_id: str, *, by: str) -> None:
        """Take back one of one's own tokens.

        Raises:
            RuleError: there is none.
        """
        with self._store.write() as connection:
            own = api_tokens.c.token_id == token_id, api_tokens.c.person == person_key(by)
            if connection.execute(delete(api_tokens).where(*own)).rowcount == 0:
                raise RuleError("You have no such token.", mend="List yours.")
            write_entry(connection, self._clock(), by, "revoke token", {"token": token_id})


_LISTED = select(api_tokens, reviewers.c.name, reviewers.c.role).join(reviewers, reviewers.c.key == api_tokens.c.person)
_ACTS = {act.scope: act for act in Act}


def _token(row: RowMapping) -> Token:
    role = Role(row["role"])
    stated = {_ACTS[scope] for scope in row["scopes"].split() if scope in _ACTS}
    able = frozenset(stated & PERMITTED[role])
    return Token(row["token_id"], row["name"], role, able, moment(row["made_at"]), moment(row["ends_at"]))
