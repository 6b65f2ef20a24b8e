"""Survival as geometry: steps over their bands, and the numbers under observation below the axis."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

from seawall.brief.axes import count_ticks
from seawall.brief.network_picture import NARROW
from seawall.brief.survival_content import SurvivalCurve, SurvivalShown
from seawall.brief.words import number, short

_LEFT, _RIGHT, _TOP, _AXIS, _ROW = 48, 16, 12, 40, 20
_RISE, _LOW_RISE = 260, 190
_SPELL_WIDE, _SPELL_NARROW = 92, 74
DASHES = ("", "7 3", "2 3", "9 3 2 3", "4 2", "12 4", "1 2")
"""Beside its hue each group has a dash of its own."""
MOST_MARKS = 150


@dataclass(frozen=True, slots=True)
class Drawn:
    """The curve of one group."""

    name: str
    hue: str  # a token: "group-1"; empty where there is one curve
    dash: str
    line: str  # path
    band: str
    marks: str  # where spells were last seen alive; empty where they are too many
    title: str
    y: float  # of its row below the axis
    label: str
    counts: tuple[tuple[float, str, str], ...]  # x, how many are under observation, anchor


@dataclass(frozen=True, slots=True)
class SurvivalPicture:
    """Where everything lies, in units of about a pixel."""

    width: int
    height: int
    left: float
    right: float
    top: float
    bottom: float
    half: float
    risk_title: float
    curves: tuple[Drawn, ...]
    x_ticks: tuple[tuple[float, str, str], ...]  # x, label, anchor
    y_ticks: tuple[tuple[float, str], ...]


def draw(shown: SurvivalShown, width: int) -> SurvivalPicture:
    """The geometry of curves; the part that lives starts at zero, age runs from left to right.

    Args:
        shown: at least one curve.
        width: of the picture; its text keeps its size.
    """
    narrow = width <= NARROW
    left = _LEFT
    bottom = _TOP + (_LOW_RISE if narrow else _RISE)
    span = width - left - _RIGHT
    ticks = count_ticks(
        max(curve.days[-1] for curve in shown.curves), span // (_SPELL_NARROW if narrow else _SPELL_WIDE)
    )
    frame = _Frame(left, span, bottom, bottom - _TOP, ticks[-1])
    risk_title = bottom + _AXIS + _ROW
    rows = [
        _drawn(curve, frame, ticks, f"group-{place + 1}" if shown.grouped else "", DASHES[place], risk_title, place)
        for place, curve in enumerate(shown.curves)
    ]
    lines = len(rows) * (2 if shown.grouped else 1)
    return SurvivalPicture(
        width=width,
        height=risk_title + _ROW * lines + 12,
        left=left,
        right=width - _RIGHT,
        top=_TOP,
        bottom=bottom,
        half=frame.y(0.5),
        risk_title=risk_title,
        curves=tuple(rows),
        x_ticks=tuple((frame.x(day), number(day), _anchor(place, len(ticks))) for place, day in enumerate(ticks)),
        y_ticks=tuple((frame.y(share), f"{100 * share:.0f} %") for share in (0.0, 0.25, 0.5, 0.75, 1.0)),
    )


def present(curve: SurvivalCurve, day: float) -> int:
    """How many spells were under observation at an age."""
    place = bisect_left(curve.days, day)
    if place < len(curve.days) and curve.days[place] == day:
        return curve.at_risk[place]
    return curve.at_risk[place - 1] - curve.gone[place - 1] if place else 0


def at(curve: SurvivalCurve, day: float) -> tuple[float, float, float] | None:
    """The part that outlives an age with its limits; None where nobody was observed for so long."""
    place = bisect_left(curve.days, day)
    if place == len(curve.days) and curve.survival[-1] > 0.0:
        return None
    place -= place == len(curve.days) or curve.days[place] > day
    return (curve.survival[place], curve.low[place], curve.high[place]) if place >= 0 else (1.0, 1.0, 1.0)


def ages(shown: SurvivalShown) -> list[float]:
    """Round ages for a table of the curves."""
    return count_ticks(max(curve.days[-1] for curve in shown.curves), 12)


@dataclass(frozen=True, slots=True)
class _Frame:
    """Turns ages and parts into places."""

    left: float
    span: float
    bottom: float
    rise: float
    last: float

    def x(self, day: float) -> float:
        return round(self.left + self.span * min(day / self.last, 1.0), 1)

    def y(self, share: float) -> float:
        return round(self.bottom - self.rise * share, 1)


def _drawn(
    curve: SurvivalCurve, frame: _Frame, ticks: list[float], hue: str, dash: str, risk_title: float, place: int
) -> Drawn:
    seen = _by_pixel(curve, frame)
    steps = [(frame.x(curve.days[one]), one) for one in seen]
    line = f"M{frame.left} {frame.y(1.0)}" + "".join(f"H{x}V{frame.y(curve.survival[one])}" for x, one in steps)
    censored = [one for one in range(len(curve.days)) if curve.censored[one]]
    marks = "".join(f"M{frame.x(curve.days[one])} {frame.y(curve.survival[one]) - 4}v8" for one in censored)
    many = 2 if hue else 1
    first = _ROW * (place * many)
    return Drawn(
        name=curve.name,
        hue=hue,
        dash=dash,
        line=line,
        band=_band(curve, frame, steps),
        marks=marks if len(censored) <= MOST_MARKS else "",
        title=f"{curve.name}: {curve.spells:,} spells, {curve.ended:,} ended; half by {curve.usual.words}",
        y=risk_title + first + _ROW,
        label=short(curve.name) if len(curve.name) > 40 else curve.name,
        counts=tuple(
            (frame.x(day), number(present(curve, day)), _anchor(tick, len(ticks))) for tick, day in enumerate(ticks)
        ),
    )


def _by_pixel(curve: SurvivalCurve, frame: _Frame) -> list[int]:
    """The last age of each place that can be told apart in the picture, where survival has changed by then."""
    last: dict[float, int] = {}
    for place, day in enumerate(curve.days):
        last[round(frame.x(day))] = place
    kept: list[int] = []
    for place in last.values():
        if not kept or curve.survival[place] != curve.survival[kept[-1]] or place == len(curve.days) - 1:
            kept.append(place)
    return kept


def _band(curve: SurvivalCurve, frame: _Frame, steps: list[tuple[float, int]]) -> str:
    """The area between the limits, up to where something is left to tell them from."""
    inner = [(x, place) for x, place in steps if curve.survival[place] > 0.0]
    end = next((x for x, place in steps if curve.survival[place] == 0.0), inner[-1][0] if inner else frame.left)
    upper = "".join(f"H{x}V{frame.y(curve.high[place])}" for x, place in inner)
    lower, right = "", end
    for x, place in reversed(inner):
        lower += f"V{frame.y(curve.low[place])}H{x}"
        right = x
    return f"M{frame.left} {frame.y(1.0)}{upper}H{end}{lower}V{frame.y(1.0)}H{min(right, frame.left)}Z" if inner else ""


def _anchor(place: int, count: int) -> str:
    return "end" if place == count - 1 else "middle"
