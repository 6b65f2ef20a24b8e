"""Stand-ins for personal ids in the audit: a salted hash each, with the salt kept beside and erasable.

While the salt is there, "what did we do about this account?" can be answered. When the person is erased the salt
goes, and the commitment is a random number that nobody can connect with anything.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from sqlalchemy import Connection, delete, insert, select

from seawall.casebook.canonical import digest
from seawall.casebook.chunks import chunks
from seawall.casebook.tables import salts


def commit(connection: Connection, value: str) -> str:
    """The commitment of a personal id; the same each time until it is forgotten. 64 hex digits."""
    known = find(connection, value)
    if known is not None:
        return known
    salt = secrets.token_hex(16)
    connection.execute(insert(salts).values(value=value, salt=salt))
    return digest(salt, value)


def find(connection: Connection, value: str) -> str | None:
    """The commitment if the audit has spoken of this id, else None."""
    salt = connection.scalar(select(salts.c.salt).where(salts.c.value == value))
    return None if salt is None else digest(salt, value)


def forget(connection: Connection, values: Iterable[str]) -> None:
    """Delete the salts: from now on nobody can connect these ids with the audit."""
    for some in chunks(values):
        connection.execute(delete(salts).where(salts.c.value.in_(some)))
