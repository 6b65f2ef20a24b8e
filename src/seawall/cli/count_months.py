"""Calendar months for a measure whose bins are all of one width: each month becomes four weeks, and back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.measures.bursts.plan import FIRST_MONDAY, WEEK
from seawall.model import UTC_MICROSECONDS

MONTH = "1mo"
WIDTH = "4w"
"""What the measure is told: months differ by a tenth in length, which is far less than counts vary."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Micros = npt.NDArray[np.int64]


def to_weeks(table: pa.Table, columns: tuple[str, ...] = ("at",), *, up: tuple[str, ...] = ()) -> pa.Table:
    """The table with each time moved to the four weeks that stand for its month.

    Args:
        table: with UTC microseconds in ``columns``.
        columns: those that are moved.
        up: those of them that go to the next month unless they are a month's first moment: where something begins.
    """
    for name in columns:
        micros = table.column(name).cast(pa.int64()).to_numpy()
        table = table.set_column(table.column_names.index(name), name, _times(_even(micros, up=name in up)))
    return table


def from_weeks(table: pa.Table, columns: tuple[str, ...]) -> pa.Table:
    """The table with the times of four-week bins moved back to the months that they stand for."""
    for name in columns:
        weeks = table.column(name).cast(pa.int64()).to_numpy()
        months = ((weeks - FIRST_MONDAY) // (4 * WEEK)).astype("datetime64[M]")
        table = table.set_column(
            table.column_names.index(name), name, _times(months.astype("datetime64[us]").view(np.int64))
        )
    return table


def moment_to_weeks(moment: datetime) -> datetime:
    """One moment moved as ``to_weeks`` moves times.

    >>> moment_from_weeks(moment_to_weeks(datetime(2026, 5, 17, tzinfo=UTC))).isoformat()
    '2026-05-01T00:00:00+00:00'
    """
    micros = np.array([(moment - _EPOCH) // timedelta(microseconds=1)], np.int64)
    return _EPOCH + timedelta(microseconds=int(_even(micros, up=False)[0]))


def moment_from_weeks(moment: datetime) -> datetime:
    """One moment moved back as ``from_weeks`` moves times."""
    months = ((moment - _EPOCH) // timedelta(microseconds=1) - FIRST_MONDAY) // (4 * WEEK)
    return datetime(1970 + months // 12, months % 12 + 1, 1, tzinfo=UTC)


def _even(micros: Micros, *, up: bool) -> Micros:
    stamps = micros.view("datetime64[us]")
    months = stamps.astype("datetime64[M]")
    later = months.astype("datetime64[us]") < stamps if up else np.zeros(len(micros), dtype=bool)
    return np.asarray((months.astype(np.int64) + later) * 4 * WEEK + FIRST_MONDAY)


def _times(micros: Micros) -> pa.ChunkedArray:
    return pa.chunked_array([pc.cast(pa.array(micros), UTC_MICROSECONDS)])
