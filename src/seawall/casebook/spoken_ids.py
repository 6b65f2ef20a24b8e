"""Ids that people can say to one another: a letter and a few characters."""

from __future__ import annotations

import secrets
from typing import Any

from sqlalchemy import Column, Connection, select

from seawall.casebook.canonical import speakable, storable
from seawall.casebook.chunks import chunks

_MISREAD = str.maketrans("ILO", "110")


def spoken_id(connection: Connection, column: Column[Any], letter: str, key: str) -> str:
    """A letter and four speakable characters of a key; more where another thing has these.

    Args:
        connection: of the casebook.
        column: where ids of this kind stand.
        letter: what it is: C a case, K a campaign, A an appeal.
        key: makes the id; the same key, the same characters.
    """
    length = 4
    while True:
        found = f"{letter}-{speakable(key, length)}"
        if connection.scalar(select(column).where(column == found)) is None:
            return found
        length += 1


def chance_ids(connection: Connection, column: Column[Any], letter: str, length: int, count: int) -> list[str]:
    """Ids by chance: they tell nothing of what they stand for, and no two workspaces give the same.

    Args:
        connection: of the casebook.
        column: where ids of this kind stand.
        letter: what it is: P a person to protect, R a request.
        length: how many speakable characters.
        count: how many ids.
    """
    made: set[str] = set()
    while len(made) < count:
        made |= {f"{letter}-{speakable(secrets.token_hex(16), length)}" for _ in range(count - len(made))}
        for some in chunks(made):
            made -= set(connection.scalars(select(column).where(column.in_(some))))
    return list(made)


def as_spoken(told: str, letter: str) -> str:
    """The id that somebody says: letters may be small, or I, L and O for digits, and the first may be left out.

    >>> as_spoken(" c-4o2i ", "C"), as_spoken("4021", "C")
    ('C-4021', 'C-4021')
    """
    spoken = storable(told).strip().upper().translate(_MISREAD)
    return spoken if spoken.startswith(f"{letter}-") else f"{letter}-{spoken}"
