"""What was collected, told in thousands of small steps, as few long stretches."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pyarrow as pa

from seawall.model import COVERAGE

Interval = tuple[datetime, datetime]


class CoverageHeld:
    """Rows of the lake's coverage; those that touch, and do not differ in any column that is seen, are one.

    Args:
        columns: the columns that are seen, in the order of the model.
    """

    def __init__(self, columns: Sequence[str]) -> None:
        self.schema = pa.schema([field for field in COVERAGE if field.name in {*columns, "start", "end"}])
        self._place = [name for name in self.schema.names if name not in ("start", "end")]
        self._held: dict[tuple[Any, ...], list[Interval]] = {}

    def __len__(self) -> int:
        return sum(map(len, self._held.values()))

    def add(self, rows: pa.Table) -> bool:
        """Rows of the model; whether they tell anything new."""
        before = self._held.copy()
        for row in rows.select(self.schema.names).to_pylist():
            if row["start"] < row["end"]:
                place = tuple(row[name] for name in self._place)
                self._held[place] = _with(self._held.get(place, []), (row["start"], row["end"]))
        return before != self._held

    def take_up(self, rows: pa.Table) -> None:
        """From what ``table`` gave."""
        self._held = {}
        self.add(rows)

    def forget(self, before: datetime) -> None:
        """Let go of what ended before a time."""
        for place, stretches in list(self._held.items()):
            kept = [one for one in stretches if one[1] >= before]
            if kept:
                self._held[place] = kept
            else:
                del self._held[place]

    def table(self) -> pa.Table:
        """One row a stretch, sorted."""
        rows = [
            {**dict(zip(self._place, place, strict=True)), "start": start, "end": end}
            for place in sorted(self._held, key=repr)
            for start, end in self._held[place]
        ]
        return pa.Table.from_pylist(rows, self.schema)


def _with(stretches: list[Interval], new: Interval) -> list[Interval]:
    """The stretches (sorted, apart) and another one, joined with those that it touches."""
    start, end = new
    low = bisect_left(stretches, start, key=lambda one: one[1])
    high = low
    while high < len(stretches) and stretches[high][0] <= end:
        start, end = min(start, stretches[high][0]), max(end, stretches[high][1])
        high += 1
    return [*stretches[:low], (start, end), *stretches[high:]]
