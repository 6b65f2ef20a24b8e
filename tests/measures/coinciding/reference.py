"""Coincidence, slowly: one shift after another, one day after another."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

Windows = Sequence[tuple[int, int]]


def moved(windows: Windows, shift: int, days: int) -> list[list[int]]:
    """The days of each surge after a shift on the circle."""
    return [[(day + shift) % days for day in range(begin, end)] for begin, end in windows]


def precursor(on: Sequence[int], windows: Windows, shift: int) -> Fraction:
    """The share of incidents on days of surges."""
    inside = {day for surge in moved(windows, shift, len(on)) for day in surge}
    return Fraction(sum(on[day] for day in inside), sum(on))


def trigger(on: Sequence[int], windows: Windows, shift: int) -> Fraction:
    """The share of surges with an incident."""
    return Fraction(sum(any(on[day] for day in surge) for surge in moved(windows, shift, len(on))), len(windows))


def height(on: Sequence[int], windows: Windows, shift: int, ratio: float, least: float) -> float:
    """Inside less outside, over how much it varies from surge to surge, where the true surges weigh 1 / ratio."""
    true = {day for surge in moved(windows, 0, len(on)) for day in surge}
    weighed = [count / ratio if day in true else float(count) for day, count in enumerate(on)]
    surges = moved(windows, shift, len(on))
    lengths, sums = [len(surge) for surge in surges], [sum(weighed[day] for day in surge) for surge in surges]
    days, total, count = sum(lengths), sum(weighed), len(surges)
    inside, outside = sum(sums) / days, (total - sum(sums)) / (len(on) - days)
    squares = sum((one - inside * length) ** 2 for one, length in zip(sums, lengths, strict=True))
    between = squares * count / (count - 1) / days**2
    return float((inside - outside) / max(between, least * total / len(on) / days) ** 0.5)
