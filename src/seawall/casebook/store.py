"""Where a casebook lives: transactions, the same promises whichever database keeps them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager

from sqlalchemy import Connection, insert, select, update

from seawall.casebook import tables
from seawall.errors import StorageError, WorkspaceError

BUSY_SECONDS = 30
"""How long an act waits for another one that writes."""


class Store(ABC):
    """One casebook, which threads and processes may share.

    Every method may raise StorageError: the disk, or the server, refuses.
    """

    where: str
    """What messages call it: never with a password."""

    @abstractmethod
    def create(self) -> None:
        """Create the tables on first use.

        Raises:
            WorkspaceError: a newer Seawall wrote this casebook.
            StorageError: it cannot be created, read or written.
        """

    @abstractmethod
    def read(self) -> AbstractContextManager[Connection]:
        """One consistent view of the casebook."""

    @abstractmethod
    def write(self) -> AbstractContextManager[Connection]:
        """One transaction, alone among writers from its first statement; everything in it happens or nothing."""

    @abstractmethod
    def problems(self) -> Iterator[str]:
        """What is wrong with the bytes of the casebook, a sentence each."""

    @abstractmethod
    def scrub(self) -> None:
        """Rewrite what is kept without the bytes of deleted rows.

        Raises:
            StorageError: another process is reading, so that old bytes stay until it has finished.
        """

    @abstractmethod
    def unreadable(self, error: Exception) -> str:
        """What to say of an audit that could not be read to its end."""


def read_version(connection: Connection, where: str) -> int | None:
    """The schema's version as the casebook tells it; None in a new one.

    Raises:
        WorkspaceError: a newer Seawall wrote it.
        StorageError: it is damaged.
    """
    told = connection.scalar(select(tables.meta.c.value).where(tables.meta.c.key == "schema"))
    if told is None:
        return None
    if not str(told).isdecimal():
        raise StorageError(
            "The casebook is damaged.",
            where=where,
            mend="Restore it from a copy; seawall audit verify tells what is missing.",
        )
    if int(told) > tables.SCHEMA_VERSION:
        raise WorkspaceError(
            f"This casebook was written by a newer Seawall (schema {int(told)}).",
            where=where,
            mend="Use that version, or a newer one.",
        )
    return int(told)


def keep_version(connection: Connection, before: int | None) -> None:
    """Say that the tables are those of this Seawall."""
    value = str(tables.SCHEMA_VERSION)
    if before is None:
        connection.execute(insert(tables.meta).values(key="schema", value=value))
    elif before < tables.SCHEMA_VERSION:
        connection.execute(update(tables.meta).where(tables.meta.c.key == "schema").values(value=value))
