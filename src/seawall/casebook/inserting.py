"""Inserts that change the row where one is there already, in SQLite and in PostgreSQL alike."""

from __future__ import annotations

from typing import cast

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_into(connection: Connection, table: Table) -> sqlite.Insert:
    """An insert with ``excluded`` and ``on_conflict_do_update``, in the words of the connection's database.

    Name the columns of the conflict as ``index_elements=[...]``: by position the two databases understand them
    differently.
    """
    if connection.dialect.name == "postgresql":
        return cast("sqlite.Insert", postgresql.insert(table))
    return sqlite.insert(table)
