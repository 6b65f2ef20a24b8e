"""A plan as geometry: seconds of a run over messages, both in powers of ten, on one machine and on a cluster."""

from __future__ import annotations

import math
from dataclasses import dataclass

from seawall.brief.network_picture import NARROW
from seawall.planning import Amount, Plan
from seawall.planning.plan import machine_holds
from seawall.planning.words import duration, many

_LEFT, _RIGHT, _TOP, _AXIS, _ROW = 86, 18, 34, 46, 22
_RISE, _LOW_RISE = 280, 220
_TICK_WIDE, _TICK_NARROW = 80, 74
POINTS = 61
MOMENTS = (
    (1.0, "1 s"), (10.0, "10 s"), (60.0, "1 min"), (600.0, "10 min"), (3_600.0, "1 h"), (36_000.0, "10 h"),
    (172_800.0, "2 days"), (864_000.0, "10 days"), (8_640_000.0, "100 days"), (86_400_000.0, "1,000 days"),
)  # fmt: skip
DASH = "7 3"
"""Of the cluster's curve, so that hue is not all that tells them apart."""


@dataclass(frozen=True, slots=True)
class PlanPicture:
    """Where everything lies, in units of about a pixel."""

    width: int
    height: int
    left: float
    right: float
    top: float
    bottom: float
    machine: str  # path; as far as one machine has room
    beyond: str  # path; where it has none
    cluster: str
    window: float  # x of the messages that are kept
    window_label: str
    window_anchor: str
    even: tuple[float, float] | None  # where both are as quick
    full: tuple[float, float] | None  # where one machine has no room left
    within: float | None  # y of the time that is allowed
    x_ticks: tuple[tuple[float, str, str], ...]  # x, label, anchor
    y_ticks: tuple[tuple[float, str], ...]
    key: tuple[tuple[float, str, str], ...]  # y, what it stands for, words


def draw(plan: Plan, width: int) -> PlanPicture:
    """The geometry of a plan; messages run from left to right, time upwards.

    Args:
        plan: what was planned.
        width: of the picture; its text keeps its size.
    """
    narrow = width <= NARROW
    low, high = amounts(plan)
    points = [plan.amount(10 ** (low + (high - low) * place / (POINTS - 1))) for place in range(POINTS)]
    bottom = _TOP + (_LOW_RISE if narrow else _RISE)
    moments = _moments(points, plan)
    frame = _Frame(_LEFT, width - _LEFT - _RIGHT, bottom, bottom - _TOP, (low, high), (moments[0][0], moments[-1][0]))
    holds = [machine_holds(one, plan.hardware) for one in points]
    room = sum(holds)
    key = _key(plan, room)
    window = frame.x(plan.window.messages)
    return PlanPicture(
        width=width,
        height=bottom + _AXIS + _ROW * len(key) + 8,
        left=_LEFT,
        right=width - _RIGHT,
        top=_TOP,
        bottom=bottom,
        machine=_path([(frame.x(one.messages), frame.y(one.local_s)) for one in points[:room]]),
        beyond=_path([(frame.x(one.messages), frame.y(one.local_s)) for one in points[max(0, room - 1) :]]),
        cluster=_path([(frame.x(one.messages), frame.y(one.cluster_s)) for one in points]),
        window=window,
        window_label=f"your window: {many(plan.window.messages)}",
        window_anchor="end" if window > _LEFT + (width - _LEFT) / 2 else "start",
        even=_point(plan.break_even, plan, frame),
        full=_point(plan.machine_full, plan, frame),
        within=_inside(frame, plan.load.within_h * 3600),
        x_ticks=_decades(frame, (width - _LEFT) // (_TICK_NARROW if narrow else _TICK_WIDE)),
        y_ticks=tuple((frame.y(seconds), label) for seconds, label in moments),
        key=tuple((bottom + _AXIS + _ROW * place + 6, what, words) for place, (what, words) in enumerate(key)),
    )


def amounts(plan: Plan) -> tuple[float, float]:
    """The powers of ten between which the picture lies: the window, a day and, where near, the turning points."""
    shown = [plan.window.messages, plan.day.messages]
    near = [one for one in (plan.break_even, plan.machine_full) if one is not None]
    shown += [one for one in near if plan.window.messages / 1e4 <= one <= plan.window.messages * 1e4]
    low, high = math.floor(math.log10(min(shown)) - 0.3), math.ceil(math.log10(max(shown)) + 0.3)
    return float(low), float(max(high, low + 3))


def at_round_amounts(plan: Plan) -> list[Amount]:
    """The curves at powers of ten, for a table."""
    low, high = amounts(plan)
    return [plan.amount(10.0**power) for power in range(int(low), int(high) + 1)]


@dataclass(frozen=True, slots=True)
class _Frame:
    """Turns messages and seconds into places."""

    left: float
    span: float
    bottom: float
    rise: float
    powers: tuple[float, float]
    seconds: tuple[float, float]

    def x(self, messages: float) -> float:
        low, high = self.powers
        return round(self.left + self.span * (math.log10(messages) - low) / (high - low), 1)

    def y(self, seconds: float) -> float:
        low, high = (math.log10(one) for one in self.seconds)
        part = (math.log10(max(seconds, self.seconds[0])) - low) / (high - low)
        return round(self.bottom - self.rise * min(max(part, 0.0), 1.0), 1)


def _moments(points: list[Amount], plan: Plan) -> list[tuple[float, str]]:
    """The round times that lie about the curves; beyond the last one the picture ends."""
    shown = [one for point in points for one in (point.local_s, point.cluster_s)]
    least, most = min(shown), max(*shown, plan.load.within_h * 3600)
    first = max((place for place, (seconds, _) in enumerate(MOMENTS) if seconds <= least), default=0)
    last = min((place for place, (seconds, _) in enumerate(MOMENTS) if seconds >= most), default=len(MOMENTS) - 1)
    return list(MOMENTS[min(first, len(MOMENTS) - 2) : max(last, first + 1) + 1])


def _point(messages: float | None, plan: Plan, frame: _Frame) -> tuple[float, float] | None:
    if messages is None or not frame.powers[0] <= math.log10(messages) <= frame.powers[1]:
        return None
    return frame.x(messages), frame.y(plan.amount(messages).local_s)


def _inside(frame: _Frame, seconds: float) -> float | None:
    return frame.y(seconds) if frame.seconds[0] <= seconds <= frame.seconds[1] else None


def _decades(frame: _Frame, most: int) -> tuple[tuple[float, str, str], ...]:
    powers = range(int(frame.powers[0]), int(frame.powers[1]) + 1)
    step = max(1, math.ceil(len(powers) / most))
    last = powers[-1]
    return tuple(
        (frame.x(10.0**power), _amount(power), "end" if power == last else "middle") for power in powers[::step]
    )


def _amount(power: int) -> str:
    """As people write it, as long as it is short.

    >>> _amount(4), _amount(8), _amount(9)
    ('10,000', '100 million', '1e9')
    """
    return many(10.0**power) if power < 9 else f"1e{power}"


def _path(places: list[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in places) if len(places) > 1 else ""


def _key(plan: Plan, room: int) -> list[tuple[str, str]]:
    workers = plan.hardware.workers
    rows = [("machine", "one machine")] if room > 1 else []
    if room < POINTS:
        rows.append(("beyond", "one machine, if it had the room"))
    rows.append(("cluster", f"a cluster of {workers:,} such machines"))
    rows.append(("within", f"the time that is allowed: {duration(plan.load.within_h * 3600)}"))
    return rows
