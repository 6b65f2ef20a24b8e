"""The operator's own table of hosts: what they are, where the address alone does not tell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from seawall.errors import MeasureError
from seawall.measures.place.kinds import HOST, ROLES, Kind, kind_of
from seawall.measures.tables import as_table, require_columns

_WHERE = "table of places"


def own_kinds(table: Any) -> dict[str, Kind]:
    """The rows of a table with ``host``, ``kind`` and perhaps ``role``, by their hosts in small letters.

    Raises:
        MeasureError: a column is missing, a host or kind is empty, a role is not one of ``ROLES``, or a host has two
            kinds. It names rows by position.

    >>> own_kinds(pa.table({"host": ["Chat.Club.example"], "kind": ["rocketchat"]}))
    {'chat.club.example': Kind(what='host', kind='rocketchat', role='chat')}
    """
    given = as_table(table)
    require_columns(given, ("host", "kind"))
    names = [name for name in ("host", "kind", "role") if name in given.column_names]
    found: dict[str, Kind] = {}
    rows = pa.table({name: pc.cast(given.column(name), pa.string()) for name in names}).to_pylist()
    for number, row in enumerate(rows, start=1):
        host, kind, role = ((row.get(name) or "").strip() for name in ("host", "kind", "role"))
        host, where = host.lower().rstrip("."), f"{_WHERE}, row {number}"
        if not host or not kind:
            raise MeasureError(
                "A host or a kind is missing.", where=where, mend="Give both, as in: chat.example,matrix"
            )
        if role and role not in ROLES:
            raise MeasureError("There is no such role.", where=where, mend=f"Choose from {', '.join(ROLES)}.")
        told = Kind(HOST, kind, role or kind_of(kind).role)
        if found.setdefault(host, told) != told:
            raise MeasureError("A host has two kinds or roles.", where=where, mend="Leave one of them out.")
    return found


def listed_host(host: str | None, own: Mapping[str, Kind]) -> str | None:
    """The host of the table that a host is, or lies below; the nearest one. Ports do not count.

    >>> own = {"club.example": None}
    >>> listed_host("chat.club.example:8443", own), listed_host("notclub.example", own)
    ('club.example', None)
    """
    name = "" if host is None else host.partition(":")[0]
    while name and name not in own:
        name = name.partition(".")[2]
    return name or None
