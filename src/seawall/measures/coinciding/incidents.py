"""Incidents with the precision of their dates -> how many fell on each day; what cannot be used is counted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from seawall.errors import MeasureError
from seawall.measures.coinciding.parts import Spread
from seawall.measures.tables import as_table, require_columns

Floats = npt.NDArray[np.float64]
PRECISIONS = ("day", "week", "month", "year")
"""From the finest; tables that number them (1 = day) are read, too."""
_NUMBERED = {str(place): name for place, name in enumerate(PRECISIONS, 1)}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_WEEK = re.compile(r"(\d{4})-?W(\d{2})")
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_YEAR = re.compile(r"\d{4}")
NO_DATE = "no date"
COARSE = "known to the {} only"
OUTSIDE = "outside the observed time"
CUT = "a {} that the observed time holds only a part of"


@dataclass(frozen=True, slots=True)
class Incident:
    """When one or more incidents were: some day from ``first`` to before ``end``."""

    first: date
    end: date
    precision: str
    count: int
    group: str


def read_incidents(incidents: Any, by: str | None) -> tuple[list[Incident], int]:
    """The incidents of a table, and how many have no date.

    Raises:
        MeasureError: no table, a column is missing, or a date, a precision or a count cannot be read.
    """
    table = as_table(incidents)
    column = next((name for name in ("date", "at") if name in table.column_names), "date")
    require_columns(table, [column] if by is None else [column, by])
    rows = table.num_rows
    dates = table.column(column).to_pylist()
    told = table.column("precision").to_pylist() if "precision" in table.column_names else [None] * rows
    counts = table.column("count").to_pylist() if "count" in table.column_names else [1] * rows
    groups = [""] * rows if by is None else ["" if one is None else str(one) for one in table.column(by).to_pylist()]
    found, missing = [], 0
    for row, (when, precision, count, group) in enumerate(zip(dates, told, counts, groups, strict=True), 1):
        if when is None or (isinstance(when, str) and not when.strip()):
            missing += 1
            continue
        first, end, name = _span(when, _precision(precision, row), f"incidents, row {row}, column {column}")
        found.append(Incident(first, end, name, _count(count, row), group))
    return found, missing


def _count(count: Any, row: int) -> int:
    if isinstance(count, int | float) and not isinstance(count, bool) and count >= 0 and count == int(count):
        return int(count)
    raise MeasureError(
        "This is no number of incidents.", where=f"incidents, row {row}, column count", mend="Give whole numbers."
    )


def _precision(told: Any, row: int) -> str | None:
    if told is None or not str(told).strip():
        return None
    words = str(told).strip().lower().removesuffix(".0")
    name = _NUMBERED.get(words, words)
    if name not in PRECISIONS:
        raise MeasureError(
            "A precision is not known.",
            where=f"incidents, row {row}, column precision",
            mend=f"Write {', '.join(PRECISIONS)}, or 1 to 4.",
        )
    return name


def _span(when: Any, precision: str | None, where: str) -> tuple[date, date, str]:
    """The first day, the day after the last, and the coarser one of what the date shows and what is told."""
    day, shown = _day(when, where)
    name = max(shown, precision or "day", key=PRECISIONS.index)
    if name == "day":
        return day, _later(day, 1), name
    if name == "week":
        monday = _later(day, -day.weekday())
        return monday, _later(monday, 7), name
    if name == "month":
        first = day.replace(day=1)
        return first, _later(first, 32).replace(day=1), name
    first = date(day.year, 1, 1)
    return first, _later(first, 366).replace(month=1, day=1), name


def _later(day: date, days: int) -> date:
    """So many days later, or the last day of the calendar."""
    return date.fromordinal(min(day.toordinal() + days, date.max.toordinal()))


def _day(when: Any, where: str) -> tuple[date, str]:
    """A day of it, and the precision that its form shows."""
    if isinstance(when, datetime):
        return (when.astimezone(UTC) if when.tzinfo else when).date(), "day"
    if isinstance(when, date):
        return when, "day"
    text = str(when).strip()
    try:
        if _DAY.match(text):
            return _day(datetime.fromisoformat(text), where)
        if week := _WEEK.fullmatch(text):
            return date.fromisocalendar(int(week[1]), int(week[2]), 1), "week"
        if month := _MONTH.fullmatch(text):
            return date(int(month[1]), int(month[2]), 1), "month"
        if _YEAR.fullmatch(text):
            return date(int(text), 1, 1), "year"
    except ValueError:
        pass
    raise MeasureError(
        "A date cannot be read.", where=where, mend="Write 2026-05-03, 2026-W18 (a week), 2026-05 (a month)."
    )


def on_days(
    incidents: list[Incident], since: date, days: int, coarsest: str
) -> tuple[Mapping[str, Floats], Mapping[str, list[Spread]], Mapping[str, int]]:
    """Incidents on each day, by group; which of them are known to several days; how many were left out, by reason.

    One that is known to a week or a month lies evenly on its days, a seventh on each day of a week.

    Args:
        incidents: as read.
        since: the first day of the observed time.
        days: of the observed time.
        coarsest: what is known less precisely is left out.
    """
    until = since + timedelta(days=days)
    on = {group: np.zeros(days) for group in sorted({one.group for one in incidents})}
    spread: dict[str, list[Spread]] = {group: [] for group in on}
    left_out: dict[str, int] = {}
    for one in sorted(incidents, key=lambda one: (one.first, one.end, one.count)):  # sums depend on their order
        reason = None
        if PRECISIONS.index(one.precision) > PRECISIONS.index(coarsest):
            reason = COARSE.format(one.precision)
        elif one.end <= since or one.first >= until:
            reason = OUTSIDE
        elif one.first < since or one.end > until:
            reason = CUT.format(one.precision)
        if reason is not None:
            left_out[reason] = left_out.get(reason, 0) + one.count
            continue
        begin, length = (one.first - since).days, (one.end - one.first).days
        on[one.group][begin : begin + length] += one.count / length
        if length > 1:
            spread[one.group].append((begin, length, one.count))
    return on, spread, left_out


def extent(incidents: list[Incident]) -> tuple[date, date] | None:
    """The first day, and the day after the last, of those that are known to the day."""
    exact = [one for one in incidents if one.precision == "day"]
    return (min(one.first for one in exact), max(one.end for one in exact)) if exact else None
