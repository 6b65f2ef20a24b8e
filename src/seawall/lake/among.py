"""A condition for the lake: rows of these ids."""

from __future__ import annotations

from collections.abc import Iterable


def among(column: str, values: Iterable[str]) -> str:
    """That a column has one of these values, for the ``where`` of ``Lake.reader``; no row where there are none.

    >>> among("account_id", ["a1", "o'neil", "a1"]), among("message_id", [])
    ("account_id IN ('a1', 'o''neil')", 'message_id IN (NULL)')
    """
    listed = ", ".join("'" + one.replace("'", "''") + "'" for one in dict.fromkeys(values))
    return f"{column} IN ({listed or 'NULL'})"
