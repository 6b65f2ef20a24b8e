"""Where members link to, as geometry: a line a place, its height a part of those who wrote. The template draws it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from seawall.brief.axes import count_ticks, time_ticks
from seawall.brief.flow_content import Flow, Stream
from seawall.brief.timeline import NARROW
from seawall.brief.words import NBSP, number, part

_RIGHT, _TOP, _WROTE, _ROW, _APART, _BOTTOM, _NAME = 14, 22, 56, 44, 16, 28, 18
_LABELS, _TICKS = 250, 40
_LETTERS = 30
_SHARES = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0)


@dataclass(frozen=True, slots=True)
class Bar:
    """A place in one period."""

    x: float
    width: float
    y: float
    height: float
    title: str


@dataclass(frozen=True, slots=True)
class Line:
    """A place."""

    base: float
    top: float
    name: str
    whole: str
    name_x: float
    name_y: float
    anchor: str
    moved_to: bool
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class FlowPicture:
    """Where everything lies, in units of about a pixel."""

    width: int
    height: int
    left: float
    right: float
    bottom: float
    wrote_base: float
    wrote_name: tuple[float, float, str]  # x, y, anchor
    wrote: str  # path
    wrote_ticks: tuple[tuple[float, str], ...]
    lines: tuple[Line, ...]
    share: str  # what the height of a line is
    missing: tuple[tuple[float, float], ...]  # x, width
    x_ticks: tuple[tuple[float, str, str], ...]


def draw(flow: Flow, width: int) -> FlowPicture:
    """The geometry of a flow. Time runs left to right; every line begins at zero, and all have one scale.

    Args:
        flow: at least one period.
        width: of the picture, WIDE or NARROW; its text keeps its size.
    """
    frame = _Frame(flow, width)
    row = _ROW + _APART + (0 if frame.wide else _NAME)
    first = _TOP + _WROTE + (0 if frame.wide else _NAME)
    lines = tuple(frame.line(one, first + row * (place + 1)) for place, one in enumerate(flow.streams))
    bottom = first + row * len(flow.streams) + 4
    return FlowPicture(
        width=width,
        height=bottom + _BOTTOM,
        left=frame.left,
        right=frame.right,
        bottom=bottom,
        wrote_base=frame.wrote_base,
        wrote_name=(_LABELS - 12, frame.wrote_base - 20, "end") if frame.wide else (0, 13, "start"),
        wrote="".join(frame.wrote()),
        wrote_ticks=tuple((frame.count_y(value), number(value)) for value in (frame.counts[0], frame.counts[-1])),
        lines=lines,
        share=f"{frame.most:.0%}".replace("%", f"{NBSP}%"),
        missing=tuple(frame.gaps()),
        x_ticks=tuple(frame.ticks()),
    )


class _Frame:
    """Turns times, counts and shares into places."""

    def __init__(self, flow: Flow, width: int) -> None:
        self.flow, self.wide = flow, width > NARROW
        self.left: float = _LABELS + _TICKS if self.wide else _TICKS
        self.right: float = width - _RIGHT
        self.edges = [self.x(at) for at in (*flow.at, flow.end)]
        self.wrote_base = _TOP + _WROTE - (0 if self.wide else -_NAME + 4)
        self.counts = count_ticks(max((one for one in flow.active if one), default=1), 2)
        highest = max((self.share(one, place) for one in flow.streams for place in range(len(flow.at))), default=0.0)
        self.most = next(one for one in _SHARES if one >= min(highest, 1.0))

    def x(self, at: datetime) -> float:
        share = (at - self.flow.at[0]) / (self.flow.end - self.flow.at[0])
        return round(self.left + (self.right - self.left) * share, 1)

    def share(self, one: Stream, place: int) -> float:
        return one.linked[place] / (self.flow.active[place] or 1)

    def count_y(self, count: float) -> float:
        return round(self.wrote_base - (_WROTE - 12) * count / self.counts[-1], 1)

    def wrote(self) -> Iterator[str]:
        for told, run in groupby(range(len(self.flow.at)), key=lambda place: self.flow.active[place] is not None):
            if told:
                steps = [f"{self.edges[p]} {self.count_y(self.flow.active[p] or 0)}H{self.edges[p + 1]}" for p in run]
                yield "M" + "L".join(steps)

    def line(self, one: Stream, base: float) -> Line:
        name_y = base - 16 if self.wide else base - _ROW - 8
        return Line(
            base=base,
            top=base - _ROW,
            name=_cut(one.place),
            whole=f"{one.place}, {one.kind}",
            name_x=_LABELS - 12 if self.wide else 0,
            name_y=name_y,
            anchor="end" if self.wide else "start",
            moved_to=one.moved_to,
            bars=tuple(self.bars(one, base)),
        )

    def bars(self, one: Stream, base: float) -> Iterator[Bar]:
        for place, at in enumerate(self.flow.at):
            if one.linked[place]:
                height = round(max(_ROW * self.share(one, place) / self.most, 1.5), 1)
                width = round(max(self.edges[place + 1] - self.edges[place] - 1.0, 1.0), 1)
                told = part(one.linked[place], self.flow.active[place] or one.linked[place])
                title = f"{one.place}, {self.flow.period} from {at:%Y-%m-%d}: {told} members"
                yield Bar(self.edges[place], width, round(base - height, 1), height, title)

    def gaps(self) -> Iterator[tuple[float, float]]:
        for place, days in enumerate(self.flow.missing):
            whole = (self.flow.at[place + 1] if place + 1 < len(self.flow.at) else self.flow.end) - self.flow.at[place]
            if 2 * days >= whole.days:
                yield self.edges[place], round(self.edges[place + 1] - self.edges[place], 1)

    def ticks(self) -> Iterator[tuple[float, str, str]]:
        for at, label in time_ticks(self.flow.at[0], self.flow.end, max(2, int(self.right - self.left) // 90)):
            x = self.x(at)
            yield x, label, "start" if x - self.left < 30 else "end" if self.right - x < 30 else "middle"


def _cut(place: str) -> str:
    """As much of a place as there is room for: its host, and the end of its name.

    >>> _cut("https://matrix.to/#/%23~5eed5eed5eed5eed:seeds.example")
    'matrix.to/#/%2…:seeds.example'
    """
    plain = place.removeprefix("https://").removeprefix("http://")
    half = _LETTERS // 2 - 1
    return plain if len(plain) <= _LETTERS else f"{plain[:half]}…{plain[-half:]}"


def shares(flow: Flow, place: int) -> Sequence[str]:
    """The cells of a period in the table: members who linked to each place, of those who wrote.

    >>> from datetime import UTC, datetime
    >>> days = datetime(2026, 5, 4, tzinfo=UTC), datetime(2026, 5, 11, tzinfo=UTC)
    >>> one = Stream("club.example", "web", (9,), 9)
    >>> [cell.replace(NBSP, " ") for cell in shares(Flow("club", "week", days[:1], days[1], (12,), (0,), (one,)), 0)]
    ['9 of 12 (75 %)']
    """
    wrote = flow.active[place]
    return ["–" if wrote is None else part(one.linked[place], wrote) for one in flow.streams]
