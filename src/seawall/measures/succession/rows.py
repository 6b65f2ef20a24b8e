"""Tables as people have them -> channels and ends as arrays; what cannot be used is left out and counted."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.errors import MeasureError
from seawall.measures.bursts.rows import utc_times
from seawall.measures.succession.words import NEVER, UNKNOWN, Ints
from seawall.measures.tables import as_table, require_columns

PERSONS = ("direct", "person", "user", "account", "bot", "feed", "profile", "private", "dm")
"""Kinds of what is no channel: a successor is looked for to channels, groups and rooms only, never to a person."""

_TIMES = {"created_at": "min", "first_at": "min", "ended_at": "max"}
_WORDS = ("kind", "visibility", "handle", "address")


@dataclass(frozen=True, slots=True)
class Channels:
    """Channels in the order of their ids; times in UTC microseconds."""

    ids: pa.Array
    """As strings; ``kind`` is the type in which they are given back: whole numbers where they were, else strings."""
    kind: pa.DataType
    handle: list[str | None]
    address: list[str | None]
    opened: Ints
    """UNKNOWN where nobody tells."""
    ended: Ints
    """NEVER where it is alive, or nobody tells."""

    def places(self, names: pa.ChunkedArray) -> Ints:
        """Where each name stands among the ids; -1 where it does not."""
        found = pc.index_in(names.cast(pa.string()), value_set=self.ids)
        return np.asarray(pc.fill_null(found, -1).to_numpy(), np.int64)


def channels_of(given: Any, left_out: Counter[str]) -> Channels:
    """The channels of a table, each once.

    Raises:
        MeasureError: there is no column ``channel``, or times cannot be read.
    """
    table = as_table(given)
    require_columns(table, ("channel",))
    table = _without_null(table, "channel", left_out, "channels without an id")
    for name in ("kind", "visibility"):
        if name in table.column_names:
            person = pc.fill_null(pc.is_in(pc.utf8_lower(table[name].cast(pa.string())), pa.array(PERSONS)), False)
            left_out["channels that are persons' or direct"] += _count(person)
            table = table.filter(pc.invert(person))
    columns: dict[str, Any] = {"channel": table["channel"].cast(pa.string())}
    for name in (*_TIMES, *_WORDS[2:]):
        if name in table.column_names:
            columns[name] = moments(table[name], f"channels, {name}") if name in _TIMES else table[name]
    return _once(pa.table(columns), table["channel"].type, left_out)


def _once(table: pa.Table, kind: pa.DataType, left_out: Counter[str]) -> Channels:
    told = [name for name in table.column_names if name != "channel"]
    rows = table.group_by("channel", use_threads=False).aggregate(
        [(name, _TIMES.get(name, "min")) for name in told]
    )  # fmt: skip
    rows = rows.rename_columns(["channel", *told]).sort_by("channel")
    left_out["channels told more than once"] += table.num_rows - rows.num_rows
    opened = _first(rows, "created_at", _first(rows, "first_at", np.full(rows.num_rows, UNKNOWN)))
    ended = _first(rows, "ended_at", np.full(rows.num_rows, NEVER))
    backwards = pa.array((opened != UNKNOWN) & (ended < opened))
    left_out["channels that end before they begin"] += _count(backwards)
    keep = pc.invert(backwards)
    rows, chosen = rows.filter(keep), keep.to_numpy(zero_copy_only=False)
    return Channels(
        ids=rows["channel"].combine_chunks(),
        kind=kind if pa.types.is_integer(kind) else pa.string(),
        handle=_strings(rows, "handle"),
        address=_strings(rows, "address"),
        opened=opened[chosen],
        ended=ended[chosen],
    )


def _first(rows: pa.Table, name: str, otherwise: Ints) -> Ints:
    if name not in rows.column_names:
        return otherwise
    column = rows[name]
    there = pc.is_valid(column).to_numpy()
    return np.where(there, column.cast(pa.int64()).fill_null(0).to_numpy(), otherwise)


def _strings(rows: pa.Table, name: str) -> list[str | None]:
    if name not in rows.column_names:
        return [None] * rows.num_rows
    return [word.strip().lower() or None if word else None for word in rows[name].cast(pa.string()).to_pylist()]


@dataclass(frozen=True, slots=True)
class Ends:
    """Ends in the order of time: the channel's place among the channels, and when."""

    channel: Ints
    at: Ints


def ends_of(given: Any, channels: Channels, left_out: Counter[str]) -> Ends:
    """The ends of a table (``channel``, ``at``), or those that the channels tell where it is None; one a channel.

    Raises:
        MeasureError: a column is missing.
    """
    if given is None:
        place = np.flatnonzero(channels.ended != NEVER)
        return _in_time(place, channels.ended[place])
    table = as_table(given)
    when = "at" if "at" in table.column_names else "ended_at"
    require_columns(table, ("channel", when) if when in table.column_names else ("channel", "at"))
    table = _without_null(table.select(["channel", when]), "channel", left_out, "ends without a channel")
    table = _without_null(table, when, left_out, "ends without a time")
    at = moments(table[when], f"ends, {when}").cast(pa.int64()).to_numpy()
    place = channels.places(table["channel"])
    left_out["ends of what is not among the channels"] += int((place < 0).sum())
    place, at = place[place >= 0], at[place >= 0]
    opened = channels.opened[place]
    backwards = (opened != UNKNOWN) & (at < opened)
    left_out["ends before the channel begins"] += int(backwards.sum())
    place, at = place[~backwards], at[~backwards]
    last = np.lexsort((at, place))
    keep = np.append(np.diff(place[last]) != 0, True)[: len(last)]
    left_out["earlier ends of a channel that ended again"] += int(len(last) - keep.sum())
    return _in_time(place[last][keep], at[last][keep])


def _in_time(place: Ints, at: Ints) -> Ends:
    order = np.lexsort((place, at))
    return Ends(place[order], at[order])


@dataclass(frozen=True, slots=True)
class Seen:
    """That a channel had something, with the time; ``thing`` counts distinct values."""

    channel: Ints
    thing: Ints
    at: Ints
    values: pa.Array


def seen_of(given: Any, name: str, column: str, channels: Channels, left_out: Counter[str]) -> Seen:
    """Rows ``at, channel`` and a thing.

    Raises:
        MeasureError: a column is missing or cannot be read.
    """
    table = as_table(given)
    require_columns(table, ("at", "channel", column))
    kept = table.select(["at", "channel", column])
    for needed in ("at", "channel", column):
        kept = _without_null(kept, needed, left_out, f"{name} without a {needed}")
    place = channels.places(kept["channel"])
    known = place >= 0
    left_out[f"{name} of what is not among the channels"] += int((~known).sum())
    kept = kept.filter(pa.array(known))
    plain = one_chunk(kept[column])
    things = (plain.cast(plain.type.value_type) if pa.types.is_dictionary(plain.type) else plain).dictionary_encode()
    return Seen(
        place[known],
        things.indices.to_numpy(zero_copy_only=False).astype(np.int64),
        moments(kept["at"], f"{name}, at").cast(pa.int64()).to_numpy(),
        things.dictionary,
    )


def one_chunk(column: Any) -> pa.Array:
    """A column as one array."""
    return pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)


def moments(column: pa.ChunkedArray, where: str) -> pa.ChunkedArray:
    """UTC microseconds; nulls stay null.

    Raises:
        MeasureError: these are not times.
    """
    if pa.types.is_null(column.type):
        return column.cast(pa.timestamp("us", "UTC"))
    there = pc.is_valid(column)
    if pc.all(there, min_count=0).as_py():
        return utc_times(column, where)
    told = utc_times(column.filter(there), where)
    at = np.cumsum(there.to_numpy()) - 1
    return told.take(pa.array(at, mask=~there.to_numpy()))


def _without_null(table: pa.Table, name: str, left_out: Counter[str], reason: str) -> pa.Table:
    there = pc.is_valid(table[name])
    left_out[reason] += table.num_rows - _count(there)
    return table.filter(there)


def _count(mask: Any) -> int:
    return int(pc.sum(mask, min_count=0).as_py() or 0)


def require_something(channels: Channels) -> None:
    """Raise a MeasureError where there is no channel to look at."""
    if not len(channels.ids):
        raise MeasureError(
            "There is no channel among these.", where="parameter channels",
            mend="Give channels and groups; persons and direct conversations are left out.",
        )  # fmt: skip
