"""Ids that people can say to one another: a letter and a few characters."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Connection, select

from seawall.casebook.canonical import speakable


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
