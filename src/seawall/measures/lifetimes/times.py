"""A column of times as people have them -> microseconds, and which of them are told."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.errors import MeasureError

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

DAY = 86_400_000_000
MOST_DAYS = 50_000_000
"""More days do not fit."""
_WHOLE = r"^\d{4}-\d{2}-\d{2}$"
_ZONED = r"([Zz]|[+-]\d{2}:?\d{2})$"
_ISO = r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?([Zz]|[+-]\d{2}:?\d{2})$"


def instants(column: pa.ChunkedArray, name: str) -> tuple[Ints, Bools]:
    """Microseconds, and whether each is told.

    Args:
        column: timestamps, dates, ISO 8601 strings (a time without a zone is taken as UTC; empty = null), or numbers,
            which are days of any count that all columns share (NaN = null).
        name: of the column, for errors.

    Raises:
        MeasureError: none of these, or a time that cannot be held.
    """
    kind = column.type
    if pa.types.is_dictionary(kind):
        column, kind = column.cast(kind.value_type), kind.value_type
    if pa.types.is_null(kind):
        return np.zeros(len(column), np.int64), np.zeros(len(column), np.bool_)
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        column = _written(column, name)
    elif is_days(kind):
        return _days(column, name)
    elif pa.types.is_duration(kind):
        return _filled(column.cast(pa.duration("us"), safe=False))
    elif not (pa.types.is_timestamp(kind) or pa.types.is_date(kind)):
        raise MeasureError("These are not times.", where=f"spells, column {name}", mend="Convert the column first.")
    try:
        return _filled(column.cast(pa.timestamp("us", tz=getattr(column.type, "tz", None)), safe=False))
    except pa.ArrowInvalid as error:
        raise _beyond(name) from error


def is_days(kind: pa.DataType) -> bool:
    """Whether a column of this type holds numbers of days."""
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind))


def _beyond(name: str) -> MeasureError:
    where = f"spells, column {name}"
    return MeasureError("A time is outside what can be held.", where=where, mend="Leave out such rows.")


def _filled(column: pa.ChunkedArray) -> tuple[Ints, Bools]:
    told = pc.is_valid(column).to_numpy()
    return column.cast(pa.int64()).fill_null(0).to_numpy(), told


def _days(column: pa.ChunkedArray, name: str) -> tuple[Ints, Bools]:
    days = column.cast(pa.float64(), safe=False).fill_null(float("nan")).to_numpy()
    told = ~np.isnan(days)
    if (np.abs(days[told]) > MOST_DAYS).any():
        raise _beyond(name)
    return np.rint(np.where(told, days, 0.0) * DAY).astype(np.int64), told


def _written(column: pa.ChunkedArray, name: str) -> pa.ChunkedArray:
    text = pc.utf8_trim_whitespace(column.cast(pa.string()))
    text = pc.if_else(pc.equal(text, ""), pa.scalar(None, text.type), text)
    text = pc.if_else(pc.match_substring_regex(text, _WHOLE), pc.binary_join_element_wise(text, "T00:00Z", ""), text)
    zoned = pc.match_substring_regex(text, _ZONED)
    text = pc.if_else(zoned, text, pc.binary_join_element_wise(text, "Z", ""))
    wrong = pc.invert(pc.fill_null(pc.match_substring_regex(text, _ISO), True))
    row = pc.index(wrong, True).as_py() + 1
    where = f"spells, column {name}" + (f", row {row}" if row else "")
    mend = "Write times as 2026-05-03 or 2026-05-03T14:05:00Z."
    if row:
        raise MeasureError("A time cannot be read.", where=where, mend=mend)
    try:
        return text.cast(pa.timestamp("us", tz="UTC"))
    except pa.ArrowInvalid as error:
        raise MeasureError("A time cannot be read.", where=where, mend=mend) from error
