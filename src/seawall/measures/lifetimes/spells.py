"""Spells as they are handed in -> ages, with what cannot be used left out and counted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.errors import MeasureError
from seawall.measures.lifetimes.ends import Ends, ends
from seawall.measures.lifetimes.gaps import Gaps
from seawall.measures.lifetimes.overlaps import THINGS, overlapping
from seawall.measures.lifetimes.times import instants, is_days
from seawall.measures.tables import as_table, require_columns

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

REASONS = {
    "no_start": "no start is told",
    "end_before_start": "the end is before the start",
    "begins_after_until": "they begin after the end of observation",
    "end_without_time": "an end is told, but not when",
    "alive_after_end": "they were seen alive after their end",
    "never_observed": "observation began when they had ended, or never",
    "overlapping": "they overlap another spell of the same thing, or repeat it",
}
"""Why spells are left out, in words."""


@dataclass(frozen=True)
class Spells:
    """Spells that can be used, one an element, in microseconds of age (0 = the start of the spell).

    ``begin``: when observation began (0 = from the start). ``age``: when it ended, or was last seen. ``since``: the
    last age at which it was surely alive (for an end that is known exactly, one microsecond before it). ``delayed``:
    whether any observation began late.
    """

    begin: Ints
    age: Ints
    since: Ints
    ended: Bools
    kind: Ints
    kinds: tuple[str, ...]
    group: Ints
    groups: pa.Array | None
    until: int | None  # microseconds; None where times are counts of days without a date
    left_out: dict[str, int]
    delayed: bool

    @cached_property
    def interval(self) -> bool:
        """Whether any end is only known to lie between two ages."""
        return bool((self.since[self.ended] < self.age[self.ended] - 1).any())

    def of(self, chosen: npt.NDArray[Any]) -> Spells:
        """Some of them."""
        parts = {name: getattr(self, name)[chosen] for name in ("begin", "age", "since", "ended", "kind", "group")}
        return replace(self, **parts)

    def by_group(self) -> list[tuple[Any, Spells]]:
        """Each group's value and its spells, by value; one nameless group where none are told."""
        if self.groups is None:
            return [(None, self)]
        order = np.argsort(self.group, kind="stable")
        cuts = np.searchsorted(self.group[order], np.arange(len(self.groups) + 1))
        values = self.groups.to_pylist()
        return [(value, self.of(order[cuts[place] : cuts[place + 1]])) for place, value in enumerate(values)]


@dataclass(slots=True)
class _Read:
    """The columns row by row, and which rows are still kept."""

    start: Ints
    end: Ints
    entry: Ints
    since: Ints
    ended: Bools
    kept: Bools
    left_out: dict[str, int]

    def leave_out(self, reason: str, wrong: Bools) -> None:
        wrong = wrong & self.kept
        if wrong.any():
            self.left_out[reason] = int(np.count_nonzero(wrong))
            self.kept &= ~wrong


def read_spells(spells: Any, until: datetime | float | None = None, gaps: Any = None) -> Spells:
    """The spells of a table; see ``survival`` for its columns.

    Raises:
        MeasureError: it is no such table, or no spell is left.
    """
    table = _table(spells)
    require_columns(table, ("start", "end"))
    told = ends(table)
    dated = not is_days(table.schema.field("start").type)
    (start, has_start), (end, has_end) = (_times(table, name, dated) for name in ("start", "end"))
    last, has_last = _optional(table, "last_alive", dated)
    entry, has_entry = _entry(table, start, dated)
    stop = _until(until, dated, [(start, has_start), (end, has_end), (entry, has_entry), (last, has_last)])
    seen_to = np.where(has_last, np.minimum(last, stop), stop)
    ended = told.ended & has_end & (end <= stop)
    rows = _Read(
        start=start,
        end=np.where(has_end, np.minimum(end, stop), seen_to),
        entry=np.where(has_entry, np.maximum(entry, start), start),
        since=np.where(has_last & ended, np.maximum(last, start), end - 1),
        ended=ended,
        kept=np.ones(len(table), np.bool_),
        left_out={},
    )
    rows.leave_out("no_start", ~has_start)
    rows.leave_out("end_before_start", has_end & (end < start))
    rows.leave_out("begins_after_until", start > stop)
    rows.leave_out("end_without_time", ~has_end & told.named)
    rows.leave_out("alive_after_end", has_end & has_last & (last > end))
    if gaps is not None:
        _within_gaps(rows, Gaps.of(gaps, dated))
    rows.leave_out("never_observed", (rows.end < start) | ((rows.entry >= rows.end) & (rows.entry > start)))
    thing = next((table.column(name) for name in THINGS if name in table.column_names), None)
    if thing is not None:
        rows.leave_out("overlapping", overlapping(thing, start, rows.end, rows.kept))
    return _spells(table, rows, told, stop if dated else None)


def _table(spells: Any) -> pa.Table:
    try:
        return as_table(spells)
    except pa.ArrowException as error:
        raise MeasureError(
            "A column holds values of several kinds.", where="spells", mend="Give each column one type."
        ) from error


def _times(table: pa.Table, name: str, dated: bool) -> tuple[Ints, Bools]:
    column = table.column(name)
    if is_days(column.type) == dated and column.null_count < len(column):
        raise MeasureError(
            "Some times are dates and others are numbers of days.", where=f"spells, column {name}",
            mend="Give start, end, entry and last_alive in one way.",
        )  # fmt: skip
    return instants(column, name)


def _optional(table: pa.Table, name: str, dated: bool) -> tuple[Ints, Bools]:
    if name in table.column_names:
        return _times(table, name, dated)
    return np.zeros(len(table), np.int64), np.zeros(len(table), np.bool_)


def _entry(table: pa.Table, start: Ints, dated: bool) -> tuple[Ints, Bools]:
    """When observation began; a number of days beside dates, or a duration, counts from the start of the spell."""
    if "entry" not in table.column_names:
        return _optional(table, "entry", dated)
    column = table.column("entry")
    if (dated and is_days(column.type)) or pa.types.is_duration(column.type):
        age, told = instants(column, "entry")
        return start + age, told
    return _times(table, "entry", dated)


def _until(until: datetime | float | None, dated: bool, told: list[tuple[Ints, Bools]]) -> int:
    if until is not None:
        kind = pa.timestamp("us", "UTC") if isinstance(until, datetime) and until.tzinfo else None
        if isinstance(until, bool) or isinstance(until, int | float) == dated:
            raise MeasureError(
                "The end of observation is not told as the times are.", where="parameter until",
                mend="A time where start is one, a number of days where start is.",
            )  # fmt: skip
        return int(instants(pa.chunked_array([pa.array([until], kind)]), "until")[0][0])
    latest = [int(times[known].max()) for times, known in told if known.any()]
    return max(latest, default=0)


def _within_gaps(rows: _Read, gaps: Gaps) -> None:
    """An end that fell where nobody looked lies anywhere in there; who was alive then was last seen before."""
    inside, opened = gaps.around(rows.end)
    hidden = inside & rows.ended
    rows.since = np.where(hidden, np.minimum(rows.since, np.maximum(opened, rows.start)), rows.since)
    rows.end = np.where(inside & ~rows.ended, opened, rows.end)


def _spells(table: pa.Table, rows: _Read, told: Ends, until: int | None) -> Spells:
    kept = rows.kept
    if not kept.any():
        why = "; ".join(f"{count:,}: {REASONS[reason]}" for reason, count in rows.left_out.items())
        raise MeasureError(
            "No spell is left to look at." if why else "The table holds no spell.",
            where=f"spells: {why}" if why else "spells", mend="See the columns that survival takes.",
        )  # fmt: skip
    group, groups = _groups(table, kept)
    return Spells(
        begin=(rows.entry - rows.start)[kept],
        age=(rows.end - rows.start)[kept],
        since=np.where(rows.since < rows.end - 1, np.maximum(rows.since, rows.entry), rows.since)[kept]
        - rows.start[kept],
        ended=rows.ended[kept],
        kind=told.kind[kept],
        kinds=told.kinds,
        group=group,
        groups=groups,
        until=until,
        left_out=rows.left_out,
        delayed="entry" in table.column_names,
    )


def _groups(table: pa.Table, kept: Bools) -> tuple[Ints, pa.Array | None]:
    """The place of each kept row's group among the groups, by value and null last, and the groups."""
    if "group" not in table.column_names:
        return np.zeros(int(kept.sum()), np.int64), None
    column = table.column("group").filter(pa.array(kept))
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    told = column.combine_chunks().dictionary_encode(null_encoding="encode")
    order = pc.array_sort_indices(told.dictionary)
    rank = np.empty(len(order), np.int64)
    rank[order.to_numpy()] = np.arange(len(order))
    return rank[told.indices.to_numpy()], told.dictionary.take(order)
