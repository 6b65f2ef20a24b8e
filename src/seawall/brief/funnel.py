"""A funnel-like hub as geometry: newcomers along time by how far they were led, and the score's terms as signed bars.

The template draws it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from seawall.brief.axes import time_ticks
from seawall.brief.funnel_content import FunnelShown, Newcomer, Term
from seawall.brief.words import minute

STAGES = {
    "approach": "approached in public",
    "follow_back": "followed back or answered",
    "direct": "came to direct messages",
    "contact": "got an outside address",
    "sustained": "wrote on for days",
    "hand_off": "went on with another account",
}
"""Stage -> how a page calls it, from the first to the furthest."""
MOST_DRAWN = 120
"""So many newcomers are drawn, those who were led furthest; the table has all."""
MINUS = "\u2212"
_LEFT, _RIGHT, _TOP, _BOTTOM, _LABEL = 8, 34, 4, 28, 22
_PITCHES = ((40, 16.0), (60, 9.0), (MOST_DRAWN, 5.0))
_NUMBERED_FROM = 16.0
_TICK_ROOM = 120


@dataclass(frozen=True, slots=True)
class Lane:
    """One newcomer: a line from the approach to the last act, with a ring where it begins and a dot where it ends."""

    y: float
    x: float
    end: float
    r: float
    label: str  # the number; "" where there is no room for it
    title: str


@dataclass(frozen=True, slots=True)
class Band:
    """The newcomers who came as far as one stage and no further."""

    y: float  # of the rule above it
    label_y: float
    label: str
    lanes: tuple[Lane, ...]


@dataclass(frozen=True, slots=True)
class FunnelPicture:
    """Where everything lies, in units of about a pixel."""

    width: int
    height: float
    left: int
    right: int
    bottom: float
    bands: tuple[Band, ...]  # the furthest stage first
    x_ticks: tuple[tuple[float, str, str], ...]  # x, label, anchor
    hidden: int  # newcomers that are not drawn


@dataclass(frozen=True, slots=True)
class TermBar:
    """One term beside its bar: from the middle to the right it speaks for a funnel, to the left against it."""

    says: str
    name: str
    told: str  # the value with its sign
    x: float  # of the bar, -100 to 100
    width: float
    against: bool


def draw_newcomers(shown: FunnelShown, width: int) -> FunnelPicture:
    """The geometry of a hub's newcomers; the same hub always looks the same. There is at least one newcomer."""
    order = sorted(shown.newcomers, key=lambda one: (-_rank(one.stage), one.first_at, one.number))
    drawn = order[:MOST_DRAWN]
    pitch = next(size for most, size in _PITCHES if len(drawn) <= most)
    scale = _Scale(drawn, width)
    bands, y = [], float(_TOP)
    for stage in dict.fromkeys(one.stage for one in drawn):
        some = [one for one in drawn if one.stage == stage]
        total = sum(one.stage == stage for one in order)
        lanes = tuple(_lane(one, y + _LABEL + pitch * (place + 0.5), pitch, scale) for place, one in enumerate(some))
        bands.append(Band(y, y + 15, f"{total:,} {stage_name(stage)}", lanes))
        y = round(y + _LABEL + pitch * len(some) + 4, 1)
    return FunnelPicture(
        width=width,
        height=round(y + _BOTTOM, 1),
        left=_LEFT,
        right=width - _RIGHT,
        bottom=y,
        bands=tuple(bands),
        x_ticks=tuple(scale.ticks()),
        hidden=len(order) - len(drawn),
    )


def term_bars(terms: Sequence[Term]) -> tuple[TermBar, ...]:
    """The terms with their bars, those that speak for it first, the strongest at the head.

    >>> [(one.told, one.x, one.width) for one in term_bars([Term("a", -1.0, "A."), Term("b", 2.0, "B.")])]
    [('+2.00', 0.0, 100.0), ('−1.00', -50.0, 50.0)]
    """
    most = max((abs(one.value) for one in terms), default=0.0) or 1.0
    order = sorted(terms, key=lambda one: (-one.value, one.name))
    return tuple(
        TermBar(
            says=one.says,
            name=one.name,
            told=signed(one.value),
            x=round(min(0.0, 100 * one.value / most), 1),
            width=round(100 * abs(one.value) / most, 1),
            against=one.value < 0,
        )
        for one in order
    )


def signed(value: float) -> str:
    """A number with its sign.

    >>> signed(1.5), signed(-0.25), signed(0.001)
    ('+1.50', '−0.25', '0.00')
    """
    told = f"{abs(value):,.2f}"
    return told if told.strip("0.,") == "" else f"{'+' if value > 0 else MINUS}{told}"


def stage_name(stage: str) -> str:
    """What a page calls a stage.

    >>> stage_name("follow_back"), stage_name("some_other")
    ('followed back or answered', 'some other')
    """
    return STAGES.get(stage, stage.replace("_", " "))


class _Scale:
    """Turns times into places."""

    def __init__(self, drawn: Sequence[Newcomer], width: int) -> None:
        self.left, self.right = _LEFT + 6, width - _RIGHT
        self.start = min(one.first_at for one in drawn)
        self.end = max(max(one.last_at for one in drawn), self.start + timedelta(days=1))

    def x(self, at: datetime) -> float:
        share = (at - self.start) / (self.end - self.start)
        return round(self.left + (self.right - self.left) * share, 1)

    def ticks(self) -> Iterator[tuple[float, str, str]]:
        most = max(2, int(self.right - self.left) // _TICK_ROOM)
        for at, label in time_ticks(self.start, self.end, most):
            x = self.x(at)
            yield x, label, "start" if x - self.left < 30 else "end" if self.right - x < 30 else "middle"


def _lane(one: Newcomer, y: float, pitch: float, scale: _Scale) -> Lane:
    return Lane(
        y=round(y, 1),
        x=scale.x(one.first_at),
        end=scale.x(one.last_at),
        r=round(min(4.0, 0.36 * pitch), 1),
        label=str(one.number) if pitch >= _NUMBERED_FROM else "",
        title=f"Newcomer {one.number}, {stage_name(one.stage)}: {minute(one.first_at)} to {minute(one.last_at)}",
    )


def _rank(stage: str) -> int:
    return list(STAGES).index(stage) if stage in STAGES else -1
