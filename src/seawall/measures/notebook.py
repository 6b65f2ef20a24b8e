"""How a table shows itself in a notebook."""

from __future__ import annotations

from html import escape

import pyarrow as pa

ROWS = 10
"""So many rows are shown."""


def first_rows(caption: str, table: pa.Table) -> str:
    """The first rows of a table as HTML; each cell finds its own direction.

    >>> first_rows("1 bed", pa.table({"bed": ["roses & ferns"]})).removeprefix("<p>1 bed</p>")
    '<table><thead><tr><th>bed</th></tr></thead><tbody><tr><td dir="auto">roses &amp; ferns</td></tr></tbody></table>'
    """
    head = "".join(f"<th>{escape(name)}</th>" for name in table.column_names)
    body = "".join(
        "<tr>" + "".join(f'<td dir="auto">{escape(str(value))}</td>' for value in row.values()) + "</tr>"
        for row in table.slice(0, ROWS).to_pylist()
    )
    return f"<p>{escape(caption)}</p><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
