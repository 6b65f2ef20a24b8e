"""What a person has chosen for themself: how pages look, and how much they show at once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from seawall.casebook.canonical import canonical
from seawall.casebook.rules import enrolled_role, person_key
from seawall.casebook.tables_people import preferences
from seawall.errors import ConfigurationError

THEMES = ("system", "light", "dark")
LANGUAGES = ("en", "ar")
LEAST_BREAK, MOST_BREAK = 5, 240
MOST_VIEWS, LONGEST_NAME, LONGEST_QUERY = 30, 80, 2000

USUAL: dict[str, Any] = {
    "theme": "system",
    "language": None,  # that of the console
    "blur": True,
    "grey": True,
    "mute": True,
    "break_after": 45,  # minutes of work
    "views": [],  # kept views of the records: name and query of each
}
"""Distressing material is blurred, grey and mute until a person chooses otherwise."""


def read(connection: Connection, name: str) -> dict[str, Any]:
    """A person's choices, and what is usual where they chose nothing."""
    body = connection.scalar(select(preferences.c.body).where(preferences.c.person == person_key(name)))
    return USUAL | (json.loads(body) if body else {})


def write(connection: Connection, name: str, chosen: Mapping[str, Any]) -> dict[str, Any]:
    """Keep some choices beside those of before; all of them.

    Raises:
        RuleError: the person is not enrolled.
        ConfigurationError: there is no such choice.
    """
    for what, value in chosen.items():
        if not _fits(what, value):
            raise ConfigurationError(
                "There is no such choice.",
                where=what if what in USUAL else "preferences",
                mend=f"There are {', '.join(USUAL)}; minutes until a break are from {LEAST_BREAK} to {MOST_BREAK}, "
                f"and at most {MOST_VIEWS} views are kept.",
            )
    enrolled_role(connection, name)
    kept = read(connection, name) | dict(chosen)
    connection.execute(delete(preferences).where(preferences.c.person == person_key(name)))
    connection.execute(insert(preferences).values(person=person_key(name), body=canonical(kept)))
    return kept


def _fits(what: str, value: Any) -> bool:
    if what in ("blur", "grey", "mute"):
        return isinstance(value, bool)
    if what == "break_after":
        return isinstance(value, int) and not isinstance(value, bool) and LEAST_BREAK <= value <= MOST_BREAK
    if what == "views":
        return isinstance(value, list) and len(value) <= MOST_VIEWS and all(map(_is_view, value))
    return value in {"theme": THEMES, "language": LANGUAGES}.get(what, ())


def _is_view(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and value.keys() == {"name", "query"}
        and isinstance(value["name"], str)
        and isinstance(value["query"], str)
        and 0 < len(value["name"]) <= LONGEST_NAME
        and len(value["query"]) <= LONGEST_QUERY
    )
