"""Copies by channel and time as geometry: a bar for each bin, a dot for each channel. The template draws it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from seawall.brief.axes import count_ticks, time_ticks
from seawall.brief.spread_content import Cascade
from seawall.brief.words import number, short

_LEFT, _RIGHT, _TOP, _BARS, _APART, _ROW, _BOTTOM = 76, 14, 8, 96, 26, 20, 28
_LARGEST, _SMALLEST = 8.0, 1.6
_TICK_ROOM = 120


@dataclass(frozen=True, slots=True)
class Bar:
    """The copies of one bin; the part below is of accounts that had not copied it before."""

    x: float
    width: float
    y: float
    height: float
    new_y: float
    new_height: float
    title: str


@dataclass(frozen=True, slots=True)
class Mark:
    """The copies of one channel in one bin; the area tells how many."""

    x: float
    y: float
    r: float
    title: str


@dataclass(frozen=True, slots=True)
class CascadePicture:
    """Where everything lies, in units of about a pixel."""

    width: int
    height: int
    left: int
    right: int
    top: int
    base: int  # where the bars stand
    bars: tuple[Bar, ...]
    rows: tuple[tuple[float, str, str], ...]  # y, the channel's short name, the whole
    marks: tuple[Mark, ...]
    x_ticks: tuple[tuple[float, str, str], ...]  # x, label, anchor
    y_ticks: tuple[tuple[float, str], ...]
    bottom: float


def draw(cascade: Cascade, width: int) -> CascadePicture:
    """The geometry of a cascade; the same cascade always looks the same."""
    base = _TOP + _BARS
    bottom = base + (_APART + _ROW * len(cascade.rows) if cascade.rows else 0)
    ticks = count_ticks(max(cascade.counts), 3)
    scale = _Scale(cascade, width, ticks[-1])
    rows = tuple(
        (base + _APART + _ROW * (place + 0.5), short(row.name), row.name) for place, row in enumerate(cascade.rows)
    )
    return CascadePicture(
        width=width,
        height=bottom + _BOTTOM,
        left=_LEFT,
        right=width - _RIGHT,
        top=_TOP,
        base=base,
        bars=tuple(_bars(cascade, scale)),
        rows=rows,
        marks=tuple(_marks(cascade, scale, [row[0] for row in rows])),
        x_ticks=tuple(_x_ticks(cascade, scale)),
        y_ticks=tuple((scale.y(value), number(value)) for value in ticks),
        bottom=bottom,
    )


def behind(lag: timedelta) -> str:
    """How much later than the first.

    >>> behind(timedelta(0)), behind(timedelta(seconds=90)), behind(timedelta(hours=30)), behind(timedelta(days=4))
    ('first', '1.5 min', '30 h', '4 d')
    """
    seconds = lag.total_seconds()
    if seconds < 1:
        return "first"
    for unit, size, most in (("s", 1, 60), ("min", 60, 3_600), ("h", 3_600, 172_800)):
        if seconds < most:
            return f"{number(seconds / size)} {unit}"
    return f"{number(seconds / 86_400)} d"


def length(of_bin: timedelta) -> str:
    """The length of a bin.

    >>> length(timedelta(hours=1)), length(timedelta(minutes=10))
    ('hour', '10 minutes')
    """
    seconds = int(of_bin.total_seconds())
    for name, size in (("week", 604_800), ("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds % size == 0:
            return name if seconds == size else f"{seconds // size} {name}s"
    return f"{seconds} seconds"


class _Scale:
    """Turns times and counts into places."""

    def __init__(self, cascade: Cascade, width: int, highest: float) -> None:
        self.left, self.right = _LEFT, width - _RIGHT
        self.start, self.end = cascade.at[0], cascade.at[-1] + cascade.bin
        self.step = (self.right - self.left) / len(cascade.at)
        self._highest = highest

    def x(self, at: datetime) -> float:
        share = (at - self.start) / (self.end - self.start)
        return round(self.left + (self.right - self.left) * share, 1)

    def y(self, count: float) -> float:
        return round(_TOP + _BARS * (1.0 - count / self._highest), 1)


def _bars(cascade: Cascade, scale: _Scale) -> Iterator[Bar]:
    base = float(_TOP + _BARS)
    wide = max(round(scale.step - 1.0, 1), 1.0)
    for at, count, fresh in zip(cascade.at, cascade.counts, cascade.new_accounts, strict=True):
        if count:
            y, new_y = scale.y(count), scale.y(fresh)
            title = f"{at:%Y-%m-%d %H:%M} UTC: {count:,} copies, {fresh:,} of them by accounts that had not copied it"
            yield Bar(scale.x(at), wide, y, round(base - y, 1), new_y, round(base - new_y, 1), title)


def _marks(cascade: Cascade, scale: _Scale, places: list[float]) -> Iterator[Mark]:
    most = max((max(row.counts) for row in cascade.rows), default=1)
    largest = max(min(_LARGEST, 0.6 * scale.step), 2 * _SMALLEST)
    for row, y in zip(cascade.rows, places, strict=True):
        for at, count in zip(cascade.at, row.counts, strict=True):
            if count:
                r = round(max(largest * math.sqrt(count / most), _SMALLEST), 1)
                title = f"{row.name}, {at:%Y-%m-%d %H:%M} UTC: {count:,} copies"
                yield Mark(round(scale.x(at) + scale.step / 2, 1), y, r, title)


def _x_ticks(cascade: Cascade, scale: _Scale) -> Iterator[tuple[float, str, str]]:
    one_day = scale.start.date() == scale.end.date()
    most = max(2, int(scale.right - scale.left) // (_TICK_ROOM // 2 if one_day else _TICK_ROOM))
    for at, dated in time_ticks(scale.start, scale.end, most):
        label = f"{at:%H:%M}" if one_day else dated
        x = scale.x(at)
        anchor = "start" if x - scale.left < 30 else "end" if scale.right - x < 30 else "middle"
        yield x, label, anchor
