"""When each case of a campaign was: a bar a case over one time axis, as geometry for the template."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from seawall.brief.axes import time_ticks
from seawall.casebook import QueueRow

LEFT, WIDTH, ROW, TOP, FOOT = 90, 960, 20, 6, 26
MOST_BARS = 60


@dataclass(frozen=True, slots=True)
class Bar:
    """One case; units of about a pixel."""

    case_id: str
    severity: str
    x: float
    y: float
    width: float


@dataclass(frozen=True, slots=True)
class Strip:
    """The whole picture."""

    width: int
    height: int
    left: int
    base: float
    row: int
    bars: tuple[Bar, ...]
    ticks: tuple[tuple[float, str], ...]
    hidden: int


def strip(rows: Sequence[QueueRow]) -> Strip | None:
    """The picture of some cases, the earliest first; None where there are none."""
    if not rows:
        return None
    shown = sorted(rows, key=lambda row: (row.start, row.end, row.case_id))[:MOST_BARS]
    start, end = min(row.start for row in shown), max(row.end for row in shown)
    seconds = max((end - start).total_seconds(), 1.0)
    room = WIDTH - LEFT - 10

    def x(share: float) -> float:
        return round(LEFT + room * share, 1)

    bars = tuple(
        Bar(
            row.case_id,
            row.severity.value,
            x((row.start - start).total_seconds() / seconds),
            float(TOP + ROW * place),
            max(round(room * (row.end - row.start).total_seconds() / seconds, 1), 3.0),
        )
        for place, row in enumerate(shown)
    )
    base = float(TOP + ROW * len(shown))
    ticks = tuple((x((at - start).total_seconds() / seconds), label) for at, label in time_ticks(start, end, 7))
    return Strip(WIDTH, int(base) + FOOT, LEFT, base, ROW, bars, ticks, len(rows) - len(shown))
