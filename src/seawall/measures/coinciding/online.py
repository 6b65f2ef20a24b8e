"""What happened online -> the days of surges, and the days on which a surge could have been seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.errors import MeasureError
from seawall.measures.bursts import expectation, surges
from seawall.measures.bursts.rows import UTC_MICROSECONDS, utc_times
from seawall.measures.tables import as_table, require_columns

Flags = npt.NDArray[np.bool_]
Span = tuple[date, date]
BACKWARDS = "surges that end before they start"
COLLAPSES = "falls, which are no surges"
ELSEWHEN = "surges outside the observed time"


@dataclass(frozen=True, slots=True)
class Online:
    """Surges as spans of whole days (UTC), and when it was looked.

    Attributes:
        spans: first day and the day after the last.
        looked: the spans of days that are known; None: all.
        left_out: how many rows were left out, by reason.
        assumptions: what was assumed.
    """

    spans: list[Span]
    looked: list[Span] | None
    left_out: dict[str, int]
    assumptions: tuple[str, ...] = ()


def read_online(online: Any, coverage: Any) -> Online:
    """Surges of a table of windows (``start, end``), or of counts (``at, count``, optional ``series``).

    Raises:
        MeasureError: it is neither, or a time cannot be used.
    """
    table = as_table(online)
    if {"at", "count"} <= set(table.column_names):
        return _from_counts(table, coverage)
    require_columns(table, ("start", "end"))
    looked = None if coverage is None else _whole_days(as_table(coverage), "coverage")
    left_out: dict[str, int] = {}
    if "direction" in table.column_names:
        kept = pc.fill_null(pc.not_equal(table.column("direction"), "down"), True)
        left_out[COLLAPSES] = table.num_rows - (pc.sum(kept).as_py() or 0)
        table = table.filter(kept)
    spans = []
    starts, ends = utc_times(table.column("start"), "surges, column start").to_pylist(), _ends(table)
    for start, end in zip(starts, ends, strict=True):
        if end is not None and end <= start:
            left_out[BACKWARDS] = left_out.get(BACKWARDS, 0) + 1
        else:
            spans.append((start.date(), date.max if end is None else _up(end)))
    return Online(spans, looked, {reason: count for reason, count in left_out.items() if count})


def _ends(table: pa.Table) -> list[datetime | None]:
    """When surges ended; null while they last."""
    end = table.column("end")
    if end.null_count == len(end):
        return [None] * len(end)
    if not (pa.types.is_timestamp(end.type) or pa.types.is_date(end.type)):
        raise MeasureError("These are not times.", where="surges, column end", mend="Convert the column to timestamps.")
    plain = end.cast(pa.timestamp("us", getattr(end.type, "tz", None)), safe=False)
    found: list[datetime | None] = plain.cast(UTC_MICROSECONDS).to_pylist()
    return found


def _from_counts(table: pa.Table, coverage: Any) -> Online:
    """Surges of daily counts, by ``seawall.measures.surges``; known are days whose past allows an expectation."""
    if "series" not in table.column_names:
        table = table.append_column("series", pa.array(["all"] * table.num_rows, pa.string()))
    counts = table.select(["series", "at", "count"])
    if coverage is not None:
        coverage = as_table(coverage)
        if "series" not in coverage.column_names:
            coverage = coverage.append_column("series", pa.nulls(coverage.num_rows, counts.schema.field("series").type))
    found = surges(counts, bin="1d", coverage=coverage)
    expected = expectation(counts, bin="1d", coverage=coverage)
    judged = expected.filter(pc.and_(expected.column("known"), pc.is_valid(expected.column("expected"))))
    known = sorted({at.date() for at in judged.column("at").to_pylist()})
    online = read_online(found.select(["start", "end", "direction"]), None)
    told = (
        f"Surges were taken from the counts: {len(online.spans):,} windows above what their own past lets expect; "
        "days without such a past count as not looked at."
    )
    return Online(online.spans, [(day, day + timedelta(days=1)) for day in known], online.left_out, (told,))


def _whole_days(table: pa.Table, name: str) -> list[Span]:
    """The days that lie wholly inside intervals ``start, end``."""
    require_columns(table, ("start", "end"))
    starts, ends = (utc_times(table.column(side), f"{name}, column {side}").to_pylist() for side in ("start", "end"))
    joined: list[list[datetime]] = []
    for start, end in sorted(zip(starts, ends, strict=True)):
        if joined and start <= joined[-1][1]:
            joined[-1][1] = max(joined[-1][1], end)
        else:
            joined.append([start, end])
    return [(_up(start), end.date()) for start, end in joined if _up(start) < end.date()]


def _up(moment: datetime) -> date:
    """The day of a moment at midnight, else the day after."""
    day = moment.astimezone(UTC).date()
    midnight = moment == datetime(day.year, day.month, day.day, tzinfo=UTC)
    return day if midnight or day == date.max else day + timedelta(days=1)


def flags(spans: list[Span], since: date, days: int) -> Flags:
    """Which days of the observed time lie in a span."""
    inside = np.zeros(days, bool)
    for first, end in spans:
        begin, stop = (first - since).days, (min(end, since + timedelta(days=days)) - since).days
        inside[max(begin, 0) : max(stop, 0)] = True
    return inside


def runs(inside: Flags) -> list[tuple[int, int]]:
    """The stretches of days that are true: first, and the one after the last.

    >>> runs(np.array([False, True, True, False, True]))
    [(1, 3), (4, 5)]
    """
    edges = np.flatnonzero(np.diff(np.concatenate([[False], inside, [False]])))
    return [(int(begin), int(end)) for begin, end in edges.reshape(-1, 2)]
