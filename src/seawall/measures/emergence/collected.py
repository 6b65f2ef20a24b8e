"""What coverage tells: the days that were not collected, and since when each channel was."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.errors import MeasureError
from seawall.measures.emergence.clock import DAY
from seawall.measures.keys import Times, microseconds
from seawall.measures.tables import as_table, require_columns

Mask = npt.NDArray[np.bool_]

COLUMNS = ("start", "end", "complete")


def missing_days(coverage: Any, first: int, last: int) -> Mask:
    """Whether each day from ``first`` to ``last`` (counted from 1970) was not collected for a part of it.

    Where any row without a channel is complete, what lies outside all of these was not collected either.

    Raises:
        MeasureError: a column is missing, or an interval ends before it starts.
    """
    missing = np.zeros(last - first + 1, np.bool_)
    if coverage is None:
        return missing
    start, end, complete, whole = _rows(as_table(coverage))
    held = np.zeros(len(missing), np.bool_)
    for begin, stop, is_complete in zip(start[whole], end[whole], complete[whole], strict=True):
        if is_complete:
            held[max(begin // DAY - first, 0) : max(-(-stop // DAY) - first, 0)] = True
        else:
            missing[max(begin // DAY - first, 0) : max(-(-stop // DAY) - first, 0)] = True
    return missing | ~held if (complete & whole).any() else missing


def begun(channels: pa.Array, first: Times, coverage: Any) -> Times:
    """Since when each channel was collected (UTC microseconds): its ``first`` link, or earlier where coverage tells."""
    since = first.copy()
    if coverage is None or "channel" not in as_table(coverage).column_names:
        return since
    table = as_table(coverage)
    start, _, complete, whole = _rows(table)
    place = pc.index_in(table["channel"].cast(channels.type), value_set=channels)
    told = ~whole & complete & pc.is_valid(place).to_numpy()
    np.minimum.at(since, pc.fill_null(place, 0).to_numpy()[told], start[told])
    return since


def _rows(table: pa.Table) -> tuple[Times, Times, Mask, Mask]:
    """Start, end, whether it is complete, and whether it is about no single channel."""
    require_columns(table, COLUMNS)
    start, end = microseconds(table["start"])[0], microseconds(table["end"])[0]
    wrong = np.flatnonzero(end < start)
    if len(wrong):
        raise MeasureError(
            "An interval of coverage ends before it starts.",
            where=f"parameter coverage, row {int(wrong[0]) + 1}",
            mend="Exchange its start and end.",
        )
    complete = pc.fill_null(table["complete"], True).to_numpy().astype(np.bool_)
    alone = "channel" in table.column_names
    whole = pc.is_null(table["channel"]).to_numpy() if alone else np.ones(len(table), np.bool_)
    return start, end, complete, whole
