"""Sums over the casebook's rows, so that a flipped bit is found: SQLite keeps no checksums of its own.

The sum of a table is that of the hashes of its rows, modulo 2**128, and how many rows there are. It is kept in the
table ``seals`` within the same transaction as the rows. While a transaction writes, triggers that only its own
connection knows tell which rows come and go, each table's from the first statement on that writes to it: making those
of all tables would take longer than most transactions. Other programs that read or write the file need nothing of
this, but what they change is found.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Connection, Table, event, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.sql.dml import UpdateBase

from seawall.casebook import tables
from seawall.casebook.metadata import metadata
from seawall.errors import StorageError

if TYPE_CHECKING:
    import sqlite3

_MODULUS = 1 << 128
_SCHEMA = "sqlite_master"
_NONE = ("0", 0)
_SEALED = [table for table in metadata.sorted_tables if table is not tables.seals]

Seal = tuple[str, int]
"""The sum of a table's rows in hexadecimal digits, and how many rows there are."""


class Changes:
    """What a transaction does to the sums, as the triggers of its connection tell.

    Args:
        raw: the connection.
    """

    def __init__(self, raw: sqlite3.Connection) -> None:
        self._raw = raw
        self._watched: set[str] = {tables.seals.name}
        self._sums: defaultdict[str, int] = defaultdict(int)
        self._rows: defaultdict[str, int] = defaultdict(int)

    def watch(self, connection: Connection, statement: object, *_: object) -> None:
        """Before a statement runs: follow the table that it writes to."""
        del connection  # the listener is of this one alone
        if isinstance(statement, UpdateBase):
            name = cast("Table", statement.table).name
            if name not in self._watched:
                self._watched.add(name)
                for trigger in _TRIGGERS[name]:
                    self._raw.execute(trigger)

    def count(self, sign: int, table: str, *row: Any) -> None:
        """A row comes (sign 1) or goes (-1)."""
        self._sums[table] += sign * _hash(row)
        self._rows[table] += sign

    def keep(self, connection: Connection) -> None:
        """Bring the sums up to date, at the end of the transaction.

        Raises:
            StorageError: they are damaged.
        """
        held = _held(connection)
        for table, change in self._sums.items():
            total, rows = held.get(table, _NONE)
            try:
                both = (int(total, 16) + change) % _MODULUS, rows + self._rows[table]
            except (ValueError, TypeError):
                raise StorageError(
                    "The casebook is damaged.", where=f"seals, {table}", mend="Restore it from a copy."
                ) from None
            _put(connection, table, _told(*both))


def watched(connection: Connection) -> Changes:
    """Begin to follow what this connection writes; it is to be closed after its transaction."""
    raw = cast("sqlite3.Connection", connection.connection.driver_connection)
    changes = Changes(raw)
    raw.create_function("seawall_count", -1, changes.count)
    event.listen(connection, "before_execute", changes.watch)
    return changes


def _triggers(table: Table) -> Iterator[str]:
    new, old = (", ".join(f'{row}."{column.name}"' for column in table.columns) for row in ("NEW", "OLD"))
    comes = f"SELECT seawall_count(1, '{table.name}', {new});"
    goes = f"SELECT seawall_count(-1, '{table.name}', {old});"
    for act, body in (("INSERT", comes), ("UPDATE", goes + comes), ("DELETE", goes)):
        yield f"CREATE TEMP TRIGGER seawall_{table.name}_{act} AFTER {act} ON main.{table.name} BEGIN {body} END"


_TRIGGERS = {table.name: list(_triggers(table)) for table in _SEALED}


def seal_anew(connection: Connection, before: Seal) -> None:
    """Begin to keep sums of what has none: a new casebook, or one of an older Seawall, or what this one has added.

    Args:
        connection: of a transaction in which tables were created where they were missing.
        before: the sum of the schema before that.
    """
    held = _held(connection)
    now = schema_sum(connection)
    if now != before and held.get(_SCHEMA, before) == before:
        _put(connection, _SCHEMA, now)
    if held.keys() >= {table.name for table in _SEALED}:
        return
    for name, found in _sums(connection):
        if name not in held and name != _SCHEMA:
            _put(connection, name, found)


def schema_sum(connection: Connection) -> Seal:
    """The sum of the tables, indices and triggers, as they were stated."""
    return _sum(connection.exec_driver_sql("SELECT type, name, tbl_name, sql FROM sqlite_master").all())


def broken(connection: Connection) -> Iterator[str]:
    """What is wrong with the bytes of the casebook, a sentence each.

    Raises:
        DBAPIError: the file is too damaged to be read.
    """
    said = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
    if said != ["ok"]:
        yield "The casebook's file is damaged: SQLite's own check fails."
    held = _held(connection)
    found = dict(_sums(connection))
    for name in sorted(found.keys() | held.keys(), key=str):
        if found.get(name) != held.get(name):
            yield f"The casebook's table {name} is not what was written."


def _sums(connection: Connection) -> Iterator[tuple[str, Seal]]:
    yield _SCHEMA, schema_sum(connection)
    for table in _SEALED:
        yield table.name, _sum(_plain_rows(connection, table))


def _plain_rows(connection: Connection, table: Table) -> Iterator[tuple[Any, ...]]:
    """As SQLite gives them to a trigger, and not out of an index that may hold all columns."""
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    statement = f"SELECT {names} FROM {table.name} NOT INDEXED"  # noqa: S608 - names of our own tables
    for row in connection.exec_driver_sql(statement):
        yield tuple(row)


def _sum(rows: Iterable[Sequence[Any]]) -> Seal:
    hashes = [_hash(tuple(row)) for row in rows]
    return _told(sum(hashes) % _MODULUS, len(hashes))


def _told(total: int, rows: int) -> Seal:
    return f"{total:032x}", rows


def _hash(row: tuple[Any, ...]) -> int:
    return int.from_bytes(hashlib.blake2b(repr(row).encode(), digest_size=16).digest())


def _held(connection: Connection) -> dict[str, Seal]:
    rows = connection.execute(select(tables.seals.c.name, tables.seals.c.total, tables.seals.c.rows)).all()
    return {row.name: (row.total, row.rows) for row in rows}


def _put(connection: Connection, name: str, seal: Seal) -> None:
    values = {"total": seal[0], "rows": seal[1]}
    connection.execute(insert(tables.seals).values(name=name, **values).on_conflict_do_update(["name"], set_=values))
