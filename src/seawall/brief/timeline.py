"""A timeline as geometry: observed counts over the expected band, with its windows. The template draws it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from seawall.brief.axes import count_ticks, time_ticks
from seawall.brief.content import SurgeWindow, Timeline
from seawall.brief.words import number

WIDE, NARROW, PANEL = 960, 330, 290
_BOTTOM, _LEFT, _RIGHT = 26, 48, 12
_LABEL_ROOM = 18


class _Size(NamedTuple):
    """Of a picture: all of it, the room above the counts, and how many round counts stand at its side."""

    width: int
    height: int
    top: int
    counts: int
    apart: int  # from one moment that is named to the next

    @classmethod
    def of(cls, width: int) -> _Size:
        if width <= PANEL:
            return cls(width, 118, 8, 2, 75)
        return cls(width, 200, 30, 5, 80) if width <= NARROW else cls(width, 240, 30, 5, 100)


@dataclass(frozen=True, slots=True)
class Mark:
    """A window in the picture."""

    x: float
    width: float
    label: str
    label_x: float
    label_y: float
    direction: str


@dataclass(frozen=True, slots=True)
class TimelinePicture:
    """Where everything lies, in units of about a pixel."""

    width: int
    height: int
    left: float
    right: float
    top: float
    bottom: float
    observed: str  # path
    expected: str
    band: str
    missing: tuple[tuple[float, float], ...]  # x, width
    marks: tuple[Mark, ...]
    x_ticks: tuple[tuple[float, str, str], ...]  # x, label, anchor
    y_ticks: tuple[tuple[float, str], ...]


def draw(timeline: Timeline, width: int, numbers: Sequence[int] | None = None) -> TimelinePicture:
    """The geometry of a timeline. Counts start at zero; time runs left to right.

    Args:
        timeline: at least one bin.
        width: of the picture, WIDE, NARROW or PANEL; its text keeps its size.
        numbers: what the windows are called; from 1 if not given.
    """
    size = _Size.of(width)
    frame = _Frame(timeline, size)
    return TimelinePicture(
        width=width,
        height=size.height,
        left=_LEFT,
        right=width - _RIGHT,
        top=size.top,
        bottom=size.height - _BOTTOM,
        observed=frame.line(timeline.observed),
        expected=frame.line(timeline.expected),
        band=frame.area(timeline.low, timeline.high),
        missing=tuple(frame.gaps(timeline.observed)),
        marks=tuple(_marks(frame, timeline.windows, numbers or range(1, len(timeline.windows) + 1))),
        x_ticks=tuple(_x_ticks(frame, size)),
        y_ticks=tuple((frame.y(value), number(value)) for value in frame.counts),
    )


class _Frame:
    """Turns times and counts into places."""

    def __init__(self, timeline: Timeline, size: _Size) -> None:
        self.start, self.end = timeline.at[0], timeline.at[-1] + timeline.bin
        self._left, self._span = _LEFT, size.width - _LEFT - _RIGHT
        self._bottom, self._rise = size.height - _BOTTOM, size.height - size.top - _BOTTOM
        self.edges = [self.x(at) for at in (*timeline.at, self.end)]
        highest = max((value for value in timeline.observed if value is not None), default=1.0)
        usual = max((value for value in timeline.high if value is not None), default=0.0)
        self.counts = count_ticks(max(highest, min(usual, 1.1 * highest)), size.counts)

    def x(self, at: datetime) -> float:
        share = (at - self.start) / (self.end - self.start)
        return round(self._left + self._span * min(max(share, 0.0), 1.0), 1)

    def y(self, count: float) -> float:
        return round(self._bottom - self._rise * min(max(count / self.counts[-1], 0.0), 1.0), 1)

    def runs(self, values: Sequence[float | None]) -> Iterator[list[int]]:
        """Bins that follow each other and have a value."""
        for present, run in groupby(range(len(values)), key=lambda place: values[place] is not None):
            if present:
                yield list(run)

    def steps(self, values: Sequence[float | None], run: list[int]) -> list[str]:
        return [f"{self.edges[place]} {self.y(values[place] or 0.0)}H{self.edges[place + 1]}" for place in run]

    def line(self, values: Sequence[float | None]) -> str:
        return "".join("M" + "L".join(self.steps(values, run)) for run in self.runs(values))

    def area(self, low: Sequence[float | None], high: Sequence[float | None]) -> str:
        drawn = []
        for run in self.runs(high):
            back = [
                f"{self.edges[place + 1]} {self.y(low[place] or 0.0)}H{self.edges[place]}" for place in reversed(run)
            ]
            drawn.append("M" + "L".join(self.steps(high, run)) + "L" + "L".join(back) + "Z")
        return "".join(drawn)

    def gaps(self, values: Sequence[float | None]) -> Iterator[tuple[float, float]]:
        for missing, run in groupby(range(len(values)), key=lambda place: values[place] is None):
            if missing:
                places = list(run)
                first, last = self.edges[places[0]], self.edges[places[-1] + 1]
                yield first, round(max(last - first, 1.0), 1)


def _marks(frame: _Frame, windows: Sequence[SurgeWindow], numbers: Sequence[int]) -> Iterator[Mark]:
    last_x = [-_LABEL_ROOM, -_LABEL_ROOM]
    for name, window in sorted(zip(numbers, windows, strict=True), key=lambda pair: pair[1].start):
        first, last = frame.x(window.start), frame.x(window.end)
        middle = (first + last) / 2
        row = 0 if middle - last_x[0] >= _LABEL_ROOM or middle - last_x[1] < _LABEL_ROOM else 1
        last_x[row] = int(middle)
        yield Mark(first, max(round(last - first, 1), 3.0), str(name), middle, 12.0 + 13 * row, window.direction)


def _x_ticks(frame: _Frame, size: _Size) -> Iterator[tuple[float, str, str]]:
    for at, label in time_ticks(frame.start, frame.end, max(2, (size.width - _LEFT) // size.apart)):
        x = frame.x(at)
        anchor = "start" if x - _LEFT < 30 else "end" if size.width - _RIGHT - x < 30 else "middle"
        yield x, label, anchor


def factor_marks(windows: Sequence[SurgeWindow], width: float = 120) -> list[tuple[float, float, float, float] | None]:
    """For each window (low, factor, high, one) as places on one logarithmic axis; None without an interval."""
    whole = [one for one in windows if one.factor_low and one.factor_high and one.factor > 0]
    lowest = math.log(min([one.factor_low or 1.0 for one in whole] + [0.5]))
    highest = math.log(max([one.factor_high or 1.0 for one in whole] + [2.0]))

    def place(factor: float) -> float:
        return round(width * (math.log(factor) - lowest) / (highest - lowest), 1)

    return [
        (place(one.factor_low or 1.0), place(one.factor), place(one.factor_high or 1.0), place(1.0))
        if one in whole
        else None
        for one in windows
    ]
