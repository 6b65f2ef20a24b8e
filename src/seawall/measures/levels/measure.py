"""Changes of the level or the trend of many series: the call on a table."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.errors import MeasureError
from seawall.measures.bursts.rows import first_row, utc_times
from seawall.measures.levels.points import Pieces, cut, varying
from seawall.measures.tables import as_table, require_columns

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

COLUMNS = ("series", "at", "value")
DAY = 86_400_000_000
NUMBERS = ("level_before", "level_after", "trend_before", "trend_after")


def changes(values: Any) -> pa.Table:
    """When series moved to a new level or a new trend, and when they came back.

    Args:
        values: anything with ``__arrow_c_stream__`` (pyarrow, pandas, polars), columns ``series`` (any type), ``at``
            (timestamp or date; without a zone it is taken as UTC) and ``value`` (numbers of any kind; null and NaN are
            missing). Rows in any order, one a series and time. A period that is not there is missing, not zero, and a
            period that is not over yet does not belong in.

    Returns:
        One row a change, by series and time; a series that did not change has none. ``series``; ``at`` (UTC
        microseconds), the first observation that is different, and ``previous``, the last one that is not;
        ``direction`` "up" or "down", by the mean of the piece after against that of the piece before, which are
        ``level_after`` and ``level_before`` (float64); ``trend_before``, ``trend_after`` (float64, units a day, 0 where
        the piece is level); ``evidence`` (float64, nats): by how much the series is told better with this change than
        without it.

    Method and limits are those of ``change_points``, with the times as they are. Levels and trends are those of
    the values with lone outliers pulled in.

    Raises:
        MeasureError: a column is missing or of the wrong kind, a series or time is missing, a value is infinite, or
            a series has two values at one time. It names rows by position, never by value.

    >>> from datetime import datetime
    >>> months = [datetime(2024 + n // 12, 1 + n % 12, 1) for n in range(24)]
    >>> videos = [88, 92, 90, 85, 95, 91, 89, 93, 90, 87, 6, 5, 7, 6, 8, 5, 86, 92, 90, 88, 91, 94, 90, 89]
    >>> table = pa.table({"series": ["gardening club"] * 24, "at": months, "value": videos})
    >>> for change in changes(table).to_pylist():
    ...     print(f"{change['at']:%B %Y}: {change['direction']} to {change['level_after']:.0f}")
    November 2024: down to 6
    May 2025: up to 90
    """
    table = _checked(values)
    table = table.take(pc.sort_indices(table, [("series", "ascending"), ("at", "ascending")]))
    codes = pc.dictionary_encode(table.column("series")).combine_chunks().indices.to_numpy()
    at = table.column("at").cast(pa.int64()).to_numpy()
    number = table.column("value").to_numpy()
    bounds = [0, *(np.flatnonzero(np.diff(codes)) + 1).tolist(), len(codes)]
    rows = [_one(at[low:high], number[low:high], low) for low, high in pairwise(bounds)]
    found = {name: np.concatenate([row[name] for row in rows]) for name in rows[0]}
    return _result(table, found)


def _checked(values: Any) -> pa.Table:
    """``series``, ``at`` (UTC microseconds) and ``value`` (float64, NaN = missing), row by row as they came."""
    table = as_table(values)
    require_columns(table, COLUMNS)
    series, kind = table.column("series"), table.schema.field("value").type
    if pa.types.is_dictionary(series.type):
        series = series.cast(series.type.value_type)
    if series.null_count:
        row = first_row(pc.is_null(series))
        raise MeasureError("A series has no name.", where=f"values, row {row}", mend="Name it, or leave such rows out.")
    if not (pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)):
        raise MeasureError("These are not numbers.", where="values, column value", mend="Convert the column first.")
    number = table.column("value").cast(pa.float64(), safe=False).fill_null(float("nan"))
    infinite = pc.is_inf(number)
    if pc.any(infinite).as_py():
        row = first_row(infinite)
        raise MeasureError("A value is infinite.", where=f"values, row {row}", mend="Put null for a missing value.")
    at = utc_times(table.column("at"), "values, column at")
    given = pa.table({"series": series, "at": at})
    if len(given.group_by(["series", "at"]).aggregate([])) < len(given):
        raise MeasureError(
            "A series has two values at one time.", where="values", mend="Add them up, or keep one of them."
        )
    return given.append_column("value", number)


def _one(at: Ints, number: Floats, offset: int) -> dict[str, Any]:
    """The changes of one series whose rows of the sorted table begin at ``offset``: rows, and what was either side."""
    known = np.flatnonzero(~np.isnan(number))
    cleared = varying(number[known, np.newaxis])
    times = at[known].astype(np.float64)
    pieces = cut(cleared, times)
    level, trend = _told(cleared[:, 0] if cleared.shape[1] else number[known], times, pieces)
    begins = pieces.begins[1:]
    return {
        "row": offset + known[begins],
        "previous": offset + known[begins - 1],
        "level_before": level[:-1],
        "level_after": level[1:],
        "trend_before": trend[:-1],
        "trend_after": trend[1:],
        "evidence": pieces.evidence,
    }


def _told(number: Floats, times: Floats, pieces: Pieces) -> tuple[Floats, Floats]:
    """The mean of each piece, and its slope a day."""
    bounds = [*pieces.begins.tolist(), len(number)]
    level, trend = np.zeros(len(pieces.forms)), np.zeros(len(pieces.forms))
    for i, form in enumerate(pieces.forms):
        part, when = number[bounds[i] : bounds[i + 1]], times[bounds[i] : bounds[i + 1]] / DAY
        if len(part) > 0:
            level[i] = part.mean()
        if form:
            since = when - when.mean()
            trend[i] = since @ part / (since @ since)
    return level, trend


def _result(table: pa.Table, found: dict[str, Any]) -> pa.Table:
    rows = pa.array(found["row"], pa.int64())
    up = found["level_after"] > found["level_before"]
    return pa.table(
        {
            "series": table.column("series").take(rows),
            "at": table.column("at").take(rows),
            "previous": table.column("at").take(pa.array(found["previous"], pa.int64())),
            "direction": pa.array(np.where(up, "up", "down").tolist(), pa.string()),
            **{name: found[name] for name in NUMBERS},
            "evidence": found["evidence"],
        }
    )
