"""Events that a platform sends by itself, one JSON object each, in the fields of the ``generic`` source.

Each event is read by itself: what it means never depends on what comes with it, so that the same event sent again
is known again. An event is a message, an interaction or a deletion by the fields that it has.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import repeat
from typing import Any

import numpy as np
import pyarrow as pa

from seawall.model import Visibility
from seawall.protocols import Connection, RawBatch, ReadOptions
from seawall.sources.clock import Clock
from seawall.sources.columns import CONSTANT, FIELDS, Form, Layout, layout_seen, missing_of
from seawall.sources.generic import batch_of
from seawall.sources.live.parsing import joined
from seawall.sources.ndjson import as_string, as_strings, collect_paths, decoded, reach
from seawall.sources.raw_rows import RawRows
from seawall.sources.tabular import Chunk, rejections
from seawall.sources.values import STRINGS, listed

LONGEST_EVENT = 1 << 20
"""Bytes of the longest event that is read."""

MOST_FIELDS = 200
"""The most fields that an event may have."""

_LISTS = ("links", "hashtags", "mentions")
_ACCOUNTS = {"account": ("account_id", "account_handle", "account_name")}
_IDS: Mapping[Form, str] = {"messages": "message_id", "interactions": "interaction_id"}
_NOBODY_TELLS = "nobody tells who could read it: tell it with the event, or with seawall connect --visibility"
_Row = dict[str, Any]


class _RefusedError(Exception):
    """An event that cannot be used: the field, and why."""


@dataclass(slots=True)
class _Gathered:
    """Events of one form, by their positions."""

    positions: list[int] = field(default_factory=list)
    rows: list[_Row] = field(default_factory=list)


def events(
    lines: Sequence[bytes],
    options: ReadOptions,
    checkpoint: str | None = None,
    *,
    positions: Sequence[int] | None = None,
    marks: Sequence[str] | None = None,
) -> RawBatch:
    """One raw batch of events, each a JSON object.

    Args:
        lines: the events.
        options: as stated for the connection. Dates in numbers are read only in the order that is stated.
        checkpoint: where to resume after this batch.
        positions: of the events, rising; None = 1, 2, 3, ...
        marks: for each event what stays the same when it is given again: one without an id gets an id from it, so
            that it is known again.

    >>> told = events([b'{"id": 7, "author": "rosa", "time": 1777817100, "text": "Ride at nine?"}'], ReadOptions(
    ...     visibility=Visibility.PUBLIC))
    >>> told.messages.num_rows, told.rejected.num_rows
    (1, 0)

    Raises:
        ConfigurationError: the stated time zone or order of dates does not exist.
    """
    gathered: dict[Form, _Gathered] = {form: _Gathered() for form in FIELDS}
    refused: list[tuple[int, str, str]] = []
    mapping = tuple(sorted(options.mapping.items()))
    places = positions or range(1, len(lines) + 1)
    for position, line, mark in zip(places, lines, marks or repeat(None, len(lines)), strict=True):
        try:
            form, row = _read(line, mapping, options.visibility)
        except _RefusedError as error:
            name, reason = error.args
            refused.append((position, name, reason))
            continue
        id_field = _IDS.get(form)
        if mark is not None and id_field is not None and row.get(id_field) is None:
            row[id_field] = _made_id(mark)
        gathered[form].positions.append(position)
        gathered[form].rows.append(row)
    clock = Clock.settled(options, None, "events", known_order="ymd")
    platform = options.platform or "generic"
    batches = [_built(form, found, clock, platform) for form, found in gathered.items() if found.rows]
    if refused:
        nothing = RawRows(platform).batch("")
        batches.append(replace(nothing, records=len(refused), rejected=rejections(refused)))
    return replace(joined(batches, platform, ""), checkpoint=checkpoint)


def stated(connection: Connection) -> ReadOptions:
    """The options of a connection that brings events: its name is the platform's, so that ids of two stay apart."""
    return replace(connection.options, platform=connection.options.platform or connection.name)


def _made_id(mark: str) -> str:
    return "k" + hashlib.blake2b(mark.encode(), digest_size=12).hexdigest()


def _read(line: bytes, mapping: tuple[tuple[str, str], ...], visibility: Visibility | None) -> tuple[Form, _Row]:
    """The form of an event, and its fields under Seawall's own names."""
    if len(line) > LONGEST_EVENT:
        raise _RefusedError("record", "longer than 1 MiB")
    record = decoded(line)
    if isinstance(record, str):
        raise _RefusedError("record", record)
    names: dict[str, None] = {}
    collect_paths(record, "", names, 1)
    if len(names) > MOST_FIELDS:
        raise _RefusedError("record", f"more than {MOST_FIELDS} fields")
    layout = _layout(tuple(names), mapping)
    missing = missing_of(layout)
    if missing:
        raise _RefusedError(missing[0], "missing")
    row: _Row = dict(layout.constants)
    for name, column in layout.columns.items():
        value = reach(record, column)
        row[name] = _entries(value) if name in _LISTS else _single(value)
    _check(row, layout.records, visibility)
    return layout.records, row


@lru_cache(maxsize=512)
def _layout(names: tuple[str, ...], mapping: tuple[tuple[str, str], ...]) -> Layout:
    """The layout of events with these fields; what is mapped to fields that they lack counts for other events."""
    here = {name: column for name, column in mapping if column in names or column.startswith(CONSTANT)}
    return layout_seen(names, here)


def _single(value: Any) -> str | None:
    if isinstance(value, list):
        value = next(iter(value), None)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 1 << 63:
        return None
    return as_string(value)


def _entries(value: Any) -> list[str] | None:
    return listed(value) if isinstance(value, str) else as_strings(value)


def _check(row: _Row, form: Form, visibility: Visibility | None) -> None:
    """What the tables' readers leave to the user: an account, and who could read it."""
    if form == "messages" and not any(row.get(name) for name in _ACCOUNTS["account"]):
        raise _RefusedError("account", "missing")
    told = row.get("visibility")
    if told is not None:
        row["visibility"] = told = told.strip().lower()
        if told not in list(Visibility):
            raise _RefusedError("visibility", f"not one of {', '.join(Visibility)}")
    elif visibility is None and form != "interactions":
        raise _RefusedError("visibility", _NOBODY_TELLS)


def _built(form: Form, found: _Gathered, clock: Clock, platform: str) -> RawBatch:
    names = [name for name in FIELDS[form] if any(name in row for row in found.rows)]
    columns = {
        name: pa.array([row.get(name) for row in found.rows], STRINGS if name in _LISTS else pa.string())
        for name in names
    }
    layout = Layout(form, {name: name for name in names}, {})
    return batch_of(Chunk(columns, np.array(found.positions, np.int64)), layout, clock, platform)
