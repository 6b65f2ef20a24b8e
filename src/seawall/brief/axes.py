"""Round numbers and calendar moments for axes."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

_STEPS = (
    timedelta(minutes=1),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=3),
    timedelta(hours=12),
    timedelta(days=1),
    timedelta(days=2),
    timedelta(days=7),
    timedelta(days=14),
)
_MONTHS = (1, 3, 6, 12, 24, 60, 120)


def count_ticks(highest: float, about: int = 5) -> list[float]:
    """Round values from zero to at least ``highest``.

    >>> count_ticks(87), count_ticks(3), count_ticks(0)
    ([0.0, 20.0, 40.0, 60.0, 80.0, 100.0], [0.0, 1.0, 2.0, 3.0], [0.0, 1.0])
    """
    highest = max(highest, 1.0)
    rough = highest / about
    power = 10.0 ** math.floor(math.log10(rough))
    step = max(1.0, next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough * 0.999))
    return [step * place for place in range(math.ceil(highest / step - 1e-9) + 1)]


def time_ticks(start: datetime, end: datetime, most: int) -> list[tuple[datetime, str]]:
    """At most ``most`` calendar moments within the span, with their labels; the year is told when it changes.

    >>> spring = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)
    >>> [label for _, label in time_ticks(*spring, 3)]
    ['Mar 2026', 'Apr', 'May']
    """
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    for step in _STEPS:
        moments = _by_step(start, end, step)
        if len(moments) <= most:
            return _labelled(moments, clock=step < timedelta(days=1), months=False)
    for months in _MONTHS:
        moments = _by_month(start, end, months)
        if len(moments) <= most:
            break
    return _labelled(moments[:: max(1, math.ceil(len(moments) / most))], clock=False, months=True)


def _by_step(start: datetime, end: datetime, step: timedelta) -> list[datetime]:
    if (end - start) / step > 200:
        return [start] * 201
    monday = datetime(1970, 1, 5, tzinfo=UTC)
    first = monday + math.ceil((start - monday) / step) * step
    return [first + place * step for place in range(max(0, math.ceil((end - first) / step)))]


def _by_month(start: datetime, end: datetime, months: int) -> list[datetime]:
    found = []
    place = (start.year * 12 + start.month - 1) // months * months
    while place // 12 <= 9999 and (at := datetime(place // 12, place % 12 + 1, 1, tzinfo=UTC)) < end:
        if at >= start:
            found.append(at)
        place += months
    return found


def _labelled(moments: list[datetime], *, clock: bool, months: bool) -> list[tuple[datetime, str]]:
    labels = []
    before: datetime | None = None
    for at in moments:
        if months:
            label = f"{at.year}" if at.month == 1 else f"{at:%b}" if before else f"{at:%b} {at.year}"
        elif clock and before is not None and before.date() == at.date():
            label = f"{at:%H:%M}"
        else:
            label = f"{at.day} {at:%b}" + (f" {at.year}" if before is None or before.year != at.year else "")
            label += f" {at:%H:%M}" if clock else ""
        labels.append((at, label))
        before = at
    return labels
