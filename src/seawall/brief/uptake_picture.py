"""How channel after channel takes to a place, as geometry: a bar a day, a line of all so far. The template draws it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate

from seawall.brief.axes import count_ticks, time_ticks
from seawall.brief.move_content import Uptake
from seawall.brief.timeline import NARROW
from seawall.brief.words import counted, number

_LEFT, _RIGHT, _TOP, _BOTTOM = 48, 14, 40, 28
_WIDE_HEIGHT, _NARROW_HEIGHT = 220, 200
_TICK_ROOM, _LABEL_ROOM, _LABEL_LINE = 100, 90, 15
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DayBar:
    """The channels that linked on one day; the part below did so for the first time."""

    x: float
    width: float
    y: float
    height: float
    new_y: float
    new_height: float
    title: str


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment that is named above the picture."""

    x: float
    label: str
    label_x: float
    label_y: float
    anchor: str


@dataclass(frozen=True, slots=True)
class UptakePicture:
    """Where everything lies, in units of about a pixel."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    bars: tuple[DayBar, ...]
    taken: str  # path of all channels so far
    moments: tuple[Moment, ...]
    x_ticks: tuple[tuple[float, str, str], ...]  # x, label, anchor
    y_ticks: tuple[tuple[float, str], ...]


def draw(uptake: Uptake, width: int) -> UptakePicture:
    """The geometry of a place that is taken up. Counts start at zero; time runs left to right.

    Args:
        uptake: at least one day.
        width: of the picture, WIDE or NARROW of ``seawall.brief.timeline``; its text keeps its size.
    """
    frame = _Frame(uptake, width)
    return UptakePicture(
        width=width,
        height=frame.bottom + _BOTTOM,
        left=_LEFT,
        right=width - _RIGHT,
        top=_TOP,
        bottom=frame.bottom,
        bars=tuple(frame.bars()),
        taken=frame.taken(),
        moments=tuple(frame.moments()),
        x_ticks=tuple(frame.ticks()),
        y_ticks=tuple((frame.y(value), number(value)) for value in frame.counts),
    )


def taken_so_far(uptake: Uptake) -> Sequence[int]:
    """How many channels have linked by the end of each day.

    >>> from datetime import UTC, datetime
    >>> at = datetime(2026, 5, 3, tzinfo=UTC)
    >>> list(taken_so_far(Uptake("beds.example", "web", (at, at + _DAY), (3, 4), (3, 2), at, at)))
    [3, 5]
    """
    return list(accumulate(uptake.new))


class _Frame:
    """Turns days and counts into places."""

    def __init__(self, uptake: Uptake, width: int) -> None:
        self.uptake = uptake
        self.bottom = (_NARROW_HEIGHT if width <= NARROW else _WIDE_HEIGHT) - _BOTTOM
        self.right = width - _RIGHT
        self.start = uptake.days[0]
        self.end = max(uptake.days[-1], _midnight(uptake.found_at), _midnight(uptake.fifth_at)) + _DAY
        self.so_far = taken_so_far(uptake)
        self.counts = count_ticks(max(*uptake.channels, self.so_far[-1]), 4)

    def x(self, at: datetime) -> float:
        share = min(max((at - self.start) / (self.end - self.start), 0.0), 1.0)
        return round(_LEFT + (self.right - _LEFT) * share, 1)

    def y(self, count: float) -> float:
        return round(self.bottom - (self.bottom - _TOP) * count / self.counts[-1], 1)

    def bars(self) -> Iterator[DayBar]:
        for at, channels, new in zip(self.uptake.days, self.uptake.channels, self.uptake.new, strict=True):
            x, y, new_y = self.x(at), self.y(channels), self.y(new)
            wide = max(round(self.x(at + _DAY) - x - 1.0, 1), 1.0)
            title = f"{at:%Y-%m-%d}: {counted(channels, 'channel')}, {new:,} for the first time"
            yield DayBar(x, wide, y, round(self.bottom - y, 1), new_y, round(self.bottom - new_y, 1), title)

    def taken(self) -> str:
        steps = [f"{self.x(at)} {self.y(count)}" for at, count in zip(self.uptake.days, self.so_far, strict=True)]
        level = [f"H{self.x(at)}L" for at in self.uptake.days[1:]]
        path = "".join(step + line for step, line in zip(steps, [*level, f"H{self.x(self.end)}"], strict=True))
        return f"M{_LEFT} {self.bottom}L{path}"

    def moments(self) -> Iterator[Moment]:
        before = -_LABEL_ROOM
        named = ((self.uptake.fifth_at, "fifth channel"), (self.uptake.found_at, "found"))
        for at, label in sorted(named):
            x = self.x(at)
            line = 1 if x - before >= _LABEL_ROOM else 2
            before = int(x)
            last = self.right - x < _LABEL_ROOM
            label_x, anchor = (x - 4, "end") if last else (x + 4, "start")
            yield Moment(x, label, label_x, float(_LABEL_LINE * line - 2), anchor)

    def ticks(self) -> Iterator[tuple[float, str, str]]:
        for at, label in time_ticks(self.start, self.end, max(2, (self.right - _LEFT) // _TICK_ROOM)):
            x = self.x(at)
            yield x, label, "start" if x - _LEFT < 30 else "end" if self.right - x < 30 else "middle"


def _midnight(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
