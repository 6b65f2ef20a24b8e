"""Text inside XML: what XML cannot hold is written out, so that no id breaks a file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pyarrow as pa

ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
TO_ESCAPE = re.compile('[&<>"\t\n\r]')


def xml(value: Any) -> str:
    r"""A value as it may stand in an attribute or an element; control characters as \u0001.

    >>> xml("beds & <borders>\x01")
    'beds &amp; &lt;borders&gt;\\u0001'
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, list):
        return xml("|".join(str(entry) for entry in value))
    text = ILLEGAL.sub(lambda found: f"\\u{ord(found[0]):04x}", str(value))
    return TO_ESCAPE.sub(lambda found: ESCAPES[found[0]], text)


def plain_kind(kind: pa.DataType) -> str:
    """The type of a column as GraphML and GEXF name it."""
    if pa.types.is_boolean(kind):
        return "boolean"
    if pa.types.is_integer(kind):
        return "long"
    return "double" if pa.types.is_floating(kind) else "string"


def rows_of(table: pa.Table) -> Iterator[dict[str, Any]]:
    """The rows of a table, some at a time."""
    for batch in table.to_batches(max_chunksize=10_000):
        yield from batch.to_pylist()
