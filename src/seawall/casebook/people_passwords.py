"""Passwords: Argon2id (RFC 9106), at least twelve characters, and none that everybody tries first."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import Connection, delete, insert, select

from seawall.casebook.audit import write_entry
from seawall.casebook.canonical import micros
from seawall.casebook.rules import enrolled_role, person_key
from seawall.casebook.tables_people import passwords
from seawall.errors import RuleError

if TYPE_CHECKING:
    from argon2 import PasswordHasher

LEAST = 12
MOST = 1024
_FEW = 5
"""A password of fewer different characters is a pattern."""
_STEMS = ("password", "passwort", "qwerty", "qwertz", "azerty", "1234567890", "0987654321",
          "letmein", "welcome", "iloveyou", "abcdef",
          "administrator",
          "changeme", "seawall", "correcthorsebatterystaple")  # fmt: skip
_SHARE = 0.6
"""Where a common beginning or a name makes up so much of a password, the rest is guessed quickly."""


def plain(password: str) -> str:
    """The password in one form, however the keyboard composed it (NFKC, as NIST SP 800-63B asks)."""
    return unicodedata.normalize("NFKC", password)


def check_new(name: str, password: str) -> None:
    """Refuse what is guessed quickly.

    Raises:
        RuleError: too short or too long, a common one, or the person's own name.
    """
    told = plain(password)
    if not LEAST <= len(told) <= MOST:
        raise RuleError(
            f"A password has at least {LEAST} characters, and at most {MOST:,}.",
            where="password",
            mend="Several words that do not belong together are easy to remember.",
        )
    folded = "".join(char for char in told.casefold() if char.isalnum())
    own = "".join(char for char in person_key(name) if char.isalnum())
    common = any(folded.startswith(stem) and len(stem) >= _SHARE * len(folded) for stem in _stems(folded))
    if common or len(set(told)) < _FEW or (own in folded and len(own) >= _SHARE * len(folded)):
        raise RuleError(
            "This password is one of those that are tried first.",
            where="password",
            mend="Several words that do not belong together are easy to remember and hard to guess.",
        )


def _stems(folded: str) -> tuple[str, ...]:
    """The common beginnings, and the password's own where it is one piece repeated."""
    doubled = (folded + folded).find(folded, 1)
    return (*_STEMS, *([folded] if doubled < len(folded) else []))


def hashed(password: str) -> str:
    """What is kept of a password. Takes a tenth of a second: call it outside a transaction."""
    return _hasher().hash(plain(password))


def matches(kept: str | None, password: str) -> bool:
    """Whether this is the password; where there is none, the same work is done in vain."""
    from argon2.exceptions import Argon2Error, InvalidHashError

    try:
        right = _hasher().verify(kept or _decoy(), plain(password)[: MOST + 1])
    except (Argon2Error, InvalidHashError):
        return False
    return right and kept is not None


def outdated(kept: str) -> bool:
    """Whether it was hashed with other costs than those of today."""
    return _hasher().check_needs_rehash(kept)


def kept_of(connection: Connection, name: str) -> str | None:
    """The hash that is kept of a person's password."""
    return connection.scalar(select(passwords.c.hash).where(passwords.c.person == person_key(name)))


def put(connection: Connection, at: datetime, name: str, kept: str) -> None:
    """Keep a new password.

    Raises:
        RuleError: the person is not enrolled.
    """
    replace(connection, at, name, kept)
    write_entry(connection, at, name, "password", {})


def replace(connection: Connection, at: datetime, name: str, kept: str) -> None:
    """Keep the hash of the same password under other costs, or of another one.

    Raises:
        RuleError: the person is not enrolled.
    """
    enrolled_role(connection, name)
    connection.execute(delete(passwords).where(passwords.c.person == person_key(name)))
    connection.execute(insert(passwords).values(person=person_key(name), hash=kept, set_at=micros(at)))


@cache
def _hasher() -> PasswordHasher:
    """32 MiB and three passes: above OWASP's least, and 40 people at once need little more than a gigabyte."""
    from argon2 import PasswordHasher  # late: the command line seldom needs it

    return PasswordHasher(time_cost=3, memory_cost=32 * 1024, parallelism=1)


@cache
def _decoy() -> str:
    return _hasher().hash("nobody has this password, so nobody signs in with it")
