"""Counts as they are handed in -> checked Arrow columns: series, bin number, count."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.errors import MeasureError
from seawall.measures.bursts.plan import FIRST_MONDAY
from seawall.measures.compiled import compiled

Ints = npt.NDArray[np.int64]

UTC_MICROSECONDS = pa.timestamp("us", tz="UTC")
MOST = 2**53
"""Counts beyond this cannot be told apart in floating point."""


def read_table(data: Any, columns: Sequence[str], name: str) -> pa.Table:
    """The named columns of anything that speaks Arrow (pyarrow, pandas, polars, DuckDB).

    Raises:
        MeasureError: no table, or a column is missing.
    """
    if isinstance(data, pa.RecordBatchReader):
        table = data.read_all()
    elif isinstance(data, pa.Table):
        table = data
    elif hasattr(data, "__arrow_c_stream__"):
        table = pa.table(data)
    else:
        raise MeasureError(
            "This is not a table.", where=name, mend="Pass a pyarrow Table or a DataFrame of pandas or polars."
        )
    for column in columns:
        if column not in table.column_names:
            raise MeasureError(
                f"The column {column} is missing.",
                where=name,
                mend=f"The table needs the columns {', '.join(columns)}: rename or add them.",
            )
    return _plain_strings(table.select(list(columns))).combine_chunks()


def _plain_strings(table: pa.Table) -> pa.Table:
    """String views (as polars hands them out) as strings: Arrow cannot yet take rows of views."""
    for position, column in enumerate(table.schema):
        if pa.types.is_string_view(column.type):
            table = table.set_column(position, column.name, table.column(position).cast(pa.large_string()))
    return table


def utc_times(values: pa.ChunkedArray, where: str) -> pa.ChunkedArray:
    """Times as UTC microseconds; a time without a zone is taken as UTC, a date as its midnight.

    Raises:
        MeasureError: not times, or a time is null or does not fit.
    """
    if not (pa.types.is_timestamp(values.type) or pa.types.is_date(values.type)):
        raise MeasureError("These are not times.", where=where, mend="Convert the column to timestamps first.")
    if values.null_count:
        raise MeasureError(
            "A time is missing.", where=f"{where}, row {first_row(pc.is_null(values))}", mend="Leave out such rows."
        )
    try:
        return values.cast(pa.timestamp("us", tz=getattr(values.type, "tz", None)), safe=False).cast(UTC_MICROSECONDS)
    except pa.ArrowInvalid as error:
        raise MeasureError("A time is outside what can be held.", where=where, mend="Leave out such rows.") from error


def first_row(faulty: pa.ChunkedArray) -> int:
    """The number of the first row that is true, counted from 1."""
    return int(pc.index(faulty, True).as_py()) + 1


def binned(counts: pa.Table, width: int) -> pa.Table:
    """``series, bin, count`` row by row: ``bin`` (int64) counts from Monday 5 January 1970, ``count`` is int64.

    Raises:
        MeasureError: naming row and series by position, never by value.
    """
    series = counts.column("series")
    if series.null_count:
        raise MeasureError(
            "A series has no name.",
            where=f"counts, row {first_row(pc.is_null(series))}",
            mend="Give each row a series, or leave such rows out.",
        )
    at = utc_times(counts.column("at"), "counts, column at").cast(pa.int64()).combine_chunks()
    floor = bin_numbers(at.to_numpy(), width)
    return pa.table({"series": series, "bin": floor, "count": _whole(counts.column("count"), series)})


@compiled
def bin_numbers(at: Ints, width: int) -> Ints:
    """The number of the bin of each time (UTC microseconds), rounded down; bins are counted from FIRST_MONDAY."""
    numbers = np.empty(at.shape[0], np.int64)
    number, begin = 0, FIRST_MONDAY
    for i in range(at.shape[0]):
        ahead = at[i] - begin
        if ahead < 0 or ahead >= width:
            # rows mostly stand in order: the next bin is found without a division
            steps = 1 if width <= ahead < 2 * width else ahead // width
            number += steps
            begin += steps * width
        numbers[i] = number
    return numbers


def _whole(values: pa.ChunkedArray, series: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = values.type
    if not (pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)):
        raise MeasureError(
            "These are not counts.", where="counts, column count", mend="Convert the column to whole numbers first."
        )
    if values.null_count:
        _refuse("A count is missing", pc.is_null(values), series, "Leave such rows out and state the gap in coverage.")
    if pa.types.is_integer(kind):
        extremes = pc.min_max(values).as_py()
        if extremes["min"] is None or (extremes["min"] >= 0 and extremes["max"] <= MOST):
            return values.cast(pa.int64())
    number = values if pa.types.is_integer(kind) else values.cast(pa.float64(), safe=False)
    _refuse_if("A count is negative", pc.less(number, 0), series, "Pass counts of things, not differences.")
    _refuse_if(
        "A count is too large", pc.invert(pc.less_equal(number, MOST)), series, "Pass finite counts below 2**53."
    )
    if not pa.types.is_integer(kind):
        fraction = pc.not_equal(pc.floor(number), number)
        _refuse_if("A count is not a whole number", fraction, series, "Pass counts, not rates or means.")
    return number.cast(pa.int64(), safe=False)


def _refuse_if(what: str, faulty: pa.ChunkedArray, series: pa.ChunkedArray, mend: str) -> None:
    if pc.any(faulty).as_py():
        _refuse(what, faulty, series, mend)


def _refuse(what: str, faulty: pa.ChunkedArray, series: pa.ChunkedArray, mend: str) -> None:
    row = first_row(faulty)
    names = series.slice(0, row).combine_chunks()
    number = names.dictionary_encode().indices[row - 1].as_py() + 1
    raise MeasureError(f"{what}.", where=f"counts, row {row}, series number {number} in order of appearance", mend=mend)
