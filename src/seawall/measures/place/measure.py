"""The places that links lead to, and how many lead there: the call on a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from seawall.errors import MeasureError
from seawall.measures.place.keys import COLUMNS, place_keys
from seawall.measures.tables import as_table, require_columns

UTC_MICROSECONDS = pa.timestamp("us", tz="UTC")

PLACES = pa.schema(
    [
        ("place", pa.string()),
        ("kind", pa.string()),
        ("role", pa.string()),
        ("domain", pa.string()),
        ("first_at", UTC_MICROSECONDS),
        ("last_at", UTC_MICROSECONDS),
        ("messages", pa.int64()),
        ("channels", pa.int64()),
        ("accounts", pa.int64()),
    ]
)
"""The columns of ``Places.table``."""

_COUNTED = ("message", "channel", "account")


@dataclass(frozen=True, slots=True)
class Places:
    """Places, most channels first. Any Arrow reader can take it.

    Attributes:
        table: one row a place, of ``PLACES``.
        left_out: how many links were left out, by reason.
    """

    table: pa.Table
    left_out: Mapping[str, int]

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self.table.__arrow_c_stream__(requested_schema)


def places(links: Any, *, table: Any = None) -> Places:
    """The places that links lead to, with the first and last time and the numbers of those who linked.

    Args:
        links: anything that speaks Arrow, one row a link: ``at`` (timestamp or date; without a zone it is taken as
            UTC), ``channel`` and ``account`` (nullable; null counts as nobody), ``url``, ``domain`` and ``place`` as
            ``place_keys`` takes them, and perhaps ``message``, the id of the message that each stands in.
        table: your own small table of hosts, see ``place_keys``.

    Returns:
        ``Places``: ``place``, ``kind``, ``role``, ``domain``; ``first_at``, ``last_at`` (UTC microseconds);
        ``messages`` (distinct ones; links, where none are told), ``channels``, ``accounts`` (int64, distinct). Sorted
        by channels, then messages, the most first, then by place. Where links of several kinds lead to one place, its
        kind is the one that says more than "web", then the one of most links, then the first by its name. Links without
        a time, or with neither address nor domain, are left out and counted in ``.left_out``.

    Raises:
        MeasureError: not a table, a column is missing or of the wrong kind, or your own table cannot be used.

    >>> from datetime import datetime
    >>> found = places(pa.table({
    ...     "at": [datetime(2026, 5, day) for day in (1, 2, 3)],
    ...     "channel": ["beds", "beds", "rides"], "account": ["ada", "ben", "ada"],
    ...     "url": ["https://t.me/~0a/7", "https://t.me/~0a", "https://t.me/~0a"],
    ...     "domain": ["t.me"] * 3, "place": ["telegram_message", "telegram_handle", "telegram_handle"],
    ... }))
    >>> found.table.select(["place", "messages", "channels", "accounts"]).to_pylist()
    [{'place': 'https://t.me/~0a', 'messages': 3, 'channels': 2, 'accounts': 2}]
    """
    given = as_table(links)
    require_columns(given, ("at", "channel", "account", *COLUMNS))
    keyed = place_keys(given, table=table)
    rows = keyed.append_column("at", _times(given.column("at")))
    for name in _COUNTED:
        rows = rows.append_column(name, given.column(name)) if name in given.column_names else rows
    timed, placed = pc.is_valid(rows["at"]), pc.is_valid(rows["place"])
    left_out = {
        "no time": _count(pc.invert(timed)),
        "no address": _count(pc.and_(timed, pc.invert(placed))),
    }
    kept = rows.filter(pc.and_(timed, placed))
    return Places(_counted(kept), {reason: count for reason, count in left_out.items() if count})


def _times(values: pa.ChunkedArray) -> pa.ChunkedArray:
    if not (pa.types.is_timestamp(values.type) or pa.types.is_date(values.type)):
        raise MeasureError("These are not times.", where="links, column at", mend="Convert them to timestamps first.")
    try:
        return values.cast(pa.timestamp("us", tz=getattr(values.type, "tz", None)), safe=False).cast(UTC_MICROSECONDS)
    except pa.ArrowInvalid as error:
        raise MeasureError(
            "A time is outside what can be held.", where="links, column at", mend="Leave out such rows."
        ) from error


def _count(which: pa.ChunkedArray) -> int:
    return int(pc.sum(which).as_py() or 0)


def _counted(rows: pa.Table) -> pa.Table:
    counts: list[tuple[str, str]] = [(name, "count_distinct") for name in _COUNTED if name in rows.column_names]
    told = rows.group_by("place", use_threads=False).aggregate(
        [("at", "min"), ("at", "max"), ([], "count_all"), *counts]
    )
    kinds = _main_kinds(rows)
    told = told.take(pc.index_in(kinds["place"], told["place"].combine_chunks()))
    messages = told["message_count_distinct" if "message" in rows.column_names else "count_all"]
    columns = {name: kinds[name] for name in ("place", "kind", "role", "domain")} | {
        "first_at": told["at_min"],
        "last_at": told["at_max"],
        "messages": messages,
        "channels": told["channel_count_distinct"],
        "accounts": told["account_count_distinct"],
    }
    found = pa.table([columns[name].cast(kind) for name, kind in zip(PLACES.names, PLACES.types, strict=True)], PLACES)
    order = [("channels", "descending"), ("messages", "descending"), ("place", "ascending")]
    return found.sort_by(order)


def _main_kinds(rows: pa.Table) -> pa.Table:
    """Each place once, with the kind, role and domain that stand for it."""
    names = ["place", "kind", "role", "domain"]
    told = rows.group_by(names, use_threads=False).aggregate([([], "count_all")])
    told = told.append_column("plain", pc.equal(told["kind"], "web").cast(pa.int8()))
    told = told.sort_by(
        [
            ("place", "ascending"),
            ("plain", "ascending"),
            ("count_all", "descending"),
            *((name, "ascending") for name in names[1:]),
        ]
    )
    first = told.append_column("row", pa.array(range(told.num_rows), pa.int64()))
    first = first.group_by("place", use_threads=False).aggregate([("row", "min")])
    return told.take(first["row_min"]).select(names)
