"""A lake's records in the order of time, as batches that another workspace can take in: for replaying."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import merge
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.engine import TIME_COLUMNS
from seawall.lake import Lake
from seawall.measures.keys import identity_keys
from seawall.model import TABLES
from seawall.model.instants import EPOCH
from seawall.protocols import NO_EDIT, CleanBatch, RowKeys

DAY = timedelta(days=1)
_AROUND = ("accounts", "aliases", "channels", "coverage")
"""Tables that are played at once, before the first message."""


@dataclass(frozen=True, slots=True)
class Slice:
    """Records of one platform that are played together; ``until`` is the time of the last one, UTC."""

    platform: str
    clean: CleanBatch
    until: datetime


class Day(NamedTuple):
    """A day (UTC) on which a lake has messages or interactions: how many messages, and how many of both."""

    at: datetime
    messages: int
    rows: int


def days_of(lake: Lake) -> list[Day]:
    """The days on which a lake has messages or interactions."""
    found = lake.query(
        "SELECT CAST(floor(epoch_us(told) / 86400000000) AS BIGINT) AS day, sum(messages) AS messages, "
        "count(*) AS rows FROM "
        '(SELECT sent_at AS told, 1 AS messages FROM messages UNION ALL SELECT "at", 0 FROM interactions) '
        "GROUP BY day ORDER BY day",
        {"messages": ["sent_at"], "interactions": ["at"]},
    ).to_pylist()
    return [Day(EPOCH + row["day"] * DAY, int(row["messages"]), int(row["rows"])) for row in found]


def _periods(days: list[Day], most: int) -> Iterator[tuple[datetime, datetime]]:
    """Stretches of whole days with about so many rows, at least a day each."""
    start, held = days[0].at, 0
    for day in days:
        if held and held + day.rows > most:
            yield start, day.at
            start, held = day.at, 0
        held += day.rows
    yield start, days[-1].at + DAY


def played(lake: Lake, most: int, step: timedelta | None = None) -> Iterator[Slice]:
    """Everything in a lake, by its time; a day at a time is held in memory, or quiet days together.

    Args:
        lake: what to play.
        most: messages or interactions in a slice, at most.
        step: the time that a slice spans, at most.
    """
    days = days_of(lake)
    if not days:
        return
    yield from _around(lake, days[0].at)
    for start, end in _periods(days, most if step is None else 0):
        parts = [
            _slices(table, lake.reader(table, start=start, end=end).read_all(), most, step)
            for table in ("messages", "interactions")
        ]
        yield from merge(*parts, key=lambda one: one.until)


def _around(lake: Lake, start: datetime) -> Iterator[Slice]:
    tables = {name: lake.reader(name).read_all() for name in _AROUND}
    for platform in sorted(set().union(*(tables[name]["platform"].to_pylist() for name in _AROUND))):
        own = {name: rows.filter(pc.equal(rows["platform"], platform)) for name, rows in tables.items()}
        yield Slice(platform, _clean(own), start)


def _slices(table: str, rows: pa.Table, most: int, step: timedelta | None) -> Iterator[Slice]:
    """The messages or interactions of a day or some days."""
    time = TIME_COLUMNS[table]
    rows = rows.sort_by([(time, "ascending"), (f"{table[:-1]}_id", "ascending")])
    times = rows[time].cast(pa.int64()).to_numpy()
    width = None if step is None else step // timedelta(microseconds=1)
    start = 0
    while start < len(times):
        end = min(start + most, len(times))
        if width is not None:
            end = min(end, int(np.searchsorted(times, times[start] + width, "right")))
        part = rows.slice(start, end - start)
        until = part[time][-1].as_py()
        for platform in pc.unique(part["platform"]).to_pylist():
            own = part.filter(pc.equal(part["platform"], platform))
            yield Slice(platform, _clean({table: own}), until)
        start = end


def _clean(rows: dict[str, pa.Table]) -> CleanBatch:
    tables = {name: rows.get(name, schema.empty_table()) for name, schema in TABLES.items() if name != "batches"}
    messages, interactions = tables["messages"], tables["interactions"]
    return CleanBatch(
        records=len(messages) + len(interactions),
        tables=tables,
        message_keys=_keys(messages["message_id"]),
        interaction_keys=_keys(interactions["interaction_id"]),
        parents=np.full(len(interactions), -1, np.int64),
    )


def _keys(ids: pa.ChunkedArray) -> RowKeys:
    """A lake holds each record once, so that its id says all that a duplicate would."""
    keys = identity_keys(ids)
    return RowKeys(keys, keys, np.full(len(keys), NO_EDIT, np.int64), np.zeros(len(keys), np.bool_))
