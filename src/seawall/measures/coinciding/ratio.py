"""How many times as many incidents a day in surges as outside, with an interval from shifts of the calendar.

The interval holds each ratio that shifts do not speak against. For a supposed ratio r the incidents inside the true
surges weigh 1/r: if r is true, the surges then stand nowhere special, and the difference between inside and outside,
divided by how much it varies from surge to surge, is compared with the same at every shift of the surges (a
studentised randomisation test, inverted: Janssen, Statistics & Probability Letters 36, 1997; Chung and Romano, Annals
of Statistics 41, 2013). Dividing by the variation between surges makes each surge one observation: few surges give a
wide interval, however many incidents they hold.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, inf, log

import numpy as np
import numpy.typing as npt

from seawall.measures.coinciding.circle import inside_each, meetings, unusual
from seawall.measures.coinciding.parts import Spread, parts_of
from seawall.measures.coinciding.textbook import poisson_exact

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
WIDEST = 64.0
"""An interval that reaches beyond 64-fold, or below a 64th, has no end on that side."""
GRID = np.exp(np.linspace(-log(WIDEST), log(WIDEST), 49))
SPARSE = 3.0
"""Incidents a surge. With fewer, shifts are too coarse, and the interval is no narrower than pure chance lets it be."""
STEPS = 14
"""Halvings between two points of the grid."""
LEAST_VARIATION = 0.1
"""Of what counts by pure chance vary: surges that happen to hold equal numbers do not give an interval of no width."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """Incidents a day in surges, as a multiple of those outside.

    Attributes:
        inside, outside: incidents.
        inside_days, outside_days: days.
        ratio: infinite where there is no incident outside.
        low, high: of the interval; None where fewer than two surges were.
        p: of a ratio of 1, both sides, ties divided by a draw.
    """

    inside: float
    inside_days: int
    outside: float
    outside_days: int
    ratio: float
    low: float | None
    high: float | None
    p: float


def rate_ratio(
    on: Floats,
    windows: list[tuple[int, int]],
    known: Flags,
    shifts: Ints,
    draw: float,
    confidence: float,
    spread: Sequence[Spread] = (),
) -> Ratio:
    """The ratio with its interval.

    Args:
        on: incidents on each day.
        windows: surges, as first day and the day after the last.
        known: days on which a surge could have been seen; all days of surges are.
        shifts: days by which the surges are moved, 0 among them.
        draw: between 0 and 1, divides ties for p.
        confidence: of the interval.
        spread: which incidents are known to several days only; ``on`` has them evenly.
    """
    tails = Tails(on, windows, known, shifts, spread)
    inside_days, outside_days = int(tails.lengths.sum()), int(known.sum() - tails.lengths.sum())
    ratio = tails.parts.ratio(tails.inside, known)
    counted = tails.parts.counts(min(max(ratio, 1e-9), 1e9), tails.inside, known)
    inside, outside = (round(one, 6) for one in counted)
    low, high = None, None
    if len(windows) > 1:
        beyond = (1 - confidence) / 2
        low, high = _interval(tails, ratio, beyond)
        if inside < SPARSE * len(windows) or not outside:
            least, most = poisson_exact((inside, outside), (inside_days, outside_days), beyond)
            low, high = min(low, least), max(high, most)
    up, down = tails(1.0, draw)
    return Ratio(inside, inside_days, outside, outside_days, ratio, low, high, min(1.0, 2 * min(up, down)))


class Tails:
    """How often shifts give at least as much, and at most as much, as the true place, if a ratio is supposed."""

    def __init__(
        self,
        on: Floats,
        windows: list[tuple[int, int]],
        known: Flags,
        shifts: Ints,
        spread: Sequence[Spread] = (),
    ) -> None:
        self.inside = np.zeros(len(on), bool)
        for begin, end in windows:
            self.inside[begin:end] = True
        self.lengths = np.array([[end - begin] for begin, end in windows], float)
        self.outside_days = max(float(known.sum() - self.lengths.sum()), 1.0)
        self.parts = parts_of(on, spread, self.inside)
        self.sums = np.array([inside_each(part, windows)[:, shifts] for part in self.parts.arrays])
        self.known = np.array([meetings(part, known.astype(float))[shifts] for part in self.parts.arrays])

    def __call__(self, ratio: float, draw: float = 0.5) -> tuple[float, float]:
        """The two shares, ties divided by ``draw``."""
        weights = self.parts.weights(ratio)
        sums, known = (np.tensordot(weights, part, 1) for part in (self.sums, self.known))
        days, surges = self.lengths.sum(), len(self.lengths)
        rate = sums.sum(0) / days
        apart = (known - sums.sum(0)) / self.outside_days
        pooled = known / (days + self.outside_days)
        variance = LEAST_VARIATION * pooled / days
        if surges > 1:
            squares = ((sums - rate * self.lengths) ** 2).sum(0)
            variance = np.maximum(variance, squares * surges / (surges - 1) / days**2)
        height = (rate - apart) / np.sqrt(variance + 1e-30)
        return unusual(height[0], height, draw).p, unusual(-height[0], -height, 1 - draw).p

    def none_inside(self) -> float:
        """The share of shifts at which surges hold no incident."""
        return float((self.sums.sum((0, 1)) < 1e-9).mean())


def _interval(tails: Tails, ratio: float, beyond: float) -> tuple[float, float]:
    """The hull of the ratios that are kept; where surges hold no incident, those under which that is not unusual."""
    if ratio == 0:
        share = tails.none_inside()
        return 0.0, log(beyond) / log(share) if share < 1 else inf

    def kept(supposed: float) -> bool:
        return min(tails(supposed)) > beyond

    tried = GRID if not 1 / WIDEST < ratio < WIDEST else np.sort(np.append(GRID, ratio))
    among = np.array([kept(one) for one in tried]) | (tried == ratio)
    if not among.any():
        return (WIDEST, inf) if ratio > 1 else (0.0, 1 / WIDEST)
    first, last = int(np.argmax(among)), len(tried) - 1 - int(np.argmax(among[::-1]))
    low = 0.0 if first == 0 else _edge(kept, tried[first], tried[first - 1])
    high = inf if last == len(tried) - 1 else _edge(kept, tried[last], tried[last + 1])
    return low, high


def _edge(kept: Callable[[float], bool], inner: float, outer: float) -> float:
    """Where keeping ends between a ratio that is kept and one that is not."""
    near, far = log(inner), log(outer)
    for _ in range(STEPS):
        middle = (near + far) / 2
        near, far = (middle, far) if kept(exp(middle)) else (near, middle)
    return exp(near)
