"""What a reviewer checks of a surge: the counts around it with what was expected, and what that rests on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from seawall.detectors.surge_collected import Interval
from seawall.measures.bursts.plan import parse_bin, plan_for

CONTEXT_BINS = 60
MOST_POINTS = 200
WEEK = timedelta(weeks=1)


class Pictures:
    """Cuts what a picture shows out of the expectations of all series.

    Args:
        expected: what ``seawall.measures.bursts.expectation`` gave.
        width: of a bin, in microseconds.
        unit: what is counted.
    """

    def __init__(self, expected: pa.Table, width: int, unit: str) -> None:
        self._width, self._unit = timedelta(microseconds=width), unit
        self._of: dict[str, pa.Table] = {
            name: expected.filter(pc.equal(expected["series"], name))
            for name in pc.unique(expected["series"]).to_pylist()
        }

    def first(self, series: str) -> datetime:
        """The start of the first bin of a series."""
        at: datetime = self._of[series]["at"][0].as_py()
        return at

    def around(self, row: dict[str, Any]) -> dict[str, Any]:
        """The window with some bins before and after it; the end of a very long one is left out."""
        rows = self._of[row["series"]]
        first = rows["at"][0].as_py()
        begin = max((row["start"] - first) // self._width - CONTEXT_BINS, 0)
        length = min((row["end"] - row["start"]) // self._width + 2 * CONTEXT_BINS, MOST_POINTS)
        rows = rows.slice(begin, length)
        return {
            "unit": f"{self._unit} per day" if self._width == timedelta(days=1) else f"{self._unit} per bin",
            "source": "messages in the lake, by time sent, UTC",
            "bin_seconds": self._width.total_seconds(),
            **drawn(rows),
        }


def drawn(rows: pa.Table) -> dict[str, list[Any]]:
    """The columns of ``expectation`` that a picture shows, as JSON can hold them."""
    return {
        "at": [at.isoformat() for at in rows["at"].to_pylist()],
        **{name: rows[name].to_pylist() for name in ("observed", "expected", "low", "high")},
    }


def basis(row: dict[str, Any], collected: Sequence[Interval], first: datetime, width: str) -> dict[str, Any]:
    """From when to when the weeks lie with which a window is compared, how many were there, and what was left out.

    ``masked`` are the stretches of bins that were not wholly collected, up to the end of collection.

    Args:
        row: the window.
        collected: what was collected of the series.
        first: the start of its first bin.
        width: of a bin.
    """
    plan, step = plan_for(parse_bin(width)), timedelta(microseconds=parse_bin(width))
    to = row["start"] - plan.gap * step
    since = max(to - plan.window * step, first)
    known = sum(max((min(end, to) - max(begin, since)) // step, 0) for begin, end in collected)
    until = min(row["end"], collected[-1][1])
    return {
        "baseline_from": since.isoformat(),
        "baseline_to": max(to, since).isoformat(),
        "baseline_weeks": round(known * step / WEEK, 1),
        "masked": [
            [at.isoformat() for at in (begin - (begin - first) % step, end + (first - end) % step)]
            for begin, end in _between(collected, since, until)
            if begin < end
        ],
    }


def _between(collected: Sequence[Interval], start: datetime, end: datetime) -> list[Interval]:
    """The gaps between the intervals, within [start, end)."""
    edges = [start, *(min(max(at, start), end) for span in collected for at in span), end]
    return list(zip(edges[::2], edges[1::2], strict=True))
