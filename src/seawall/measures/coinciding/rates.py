"""Event-coincidence rates in both directions at several lags, with what shifts of the calendar give.

Donges, Schleussner, Siegmund and Donner, European Physical Journal Special Topics 225, 2016. The best of many lags is
corrected for by the largest value at each shift (Westfall and Young, Resampling-Based Multiple Testing, 1993).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from seawall.measures.coinciding.circle import Unusual, inside_each, meetings, unusual, with_neighbours

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
PRECURSOR, TRIGGER = "precursor", "trigger"
HALF = 0.5 - 1e-9
"""A surge counts as met from half an incident on, where incidents are spread over days."""


@dataclass(frozen=True, slots=True)
class Rate:
    """One direction at one lag.

    Attributes:
        group: of incidents.
        direction: "precursor": the share of incidents with a surge ``lag`` days before; "trigger": the share of surges
            with an incident ``lag`` days after.
        lag: days; negative: the incident comes first.
        hits, of: the share's two numbers.
        shifted: the share at every shift.
        chance: how unusual it is; None where every shift gives the same.
        best: the same, corrected for everything that was tried.
    """

    group: str
    direction: str
    lag: int
    hits: float
    of: float
    shifted: Floats
    chance: Unusual | None
    best: Unusual | None


@dataclass(frozen=True, slots=True)
class _Curve:
    """A share at all shifts of all days."""

    direction: str
    hits: Floats
    of: Floats

    @property
    def share(self) -> Floats:
        return np.divide(self.hits, self.of, out=np.zeros_like(self.hits), where=self.of > 0)


def curves(on: Floats, windows: list[tuple[int, int]], known: Flags, tolerance: int) -> tuple[_Curve, _Curve]:
    """Both directions at each distance in days between surges and incidents."""
    surging, looked = np.zeros(len(on), bool), known.copy()
    for begin, end in windows:
        surging[np.arange(begin, end + tolerance) % len(on)] = True
    looked |= surging
    met = inside_each(on, windows, tolerance) >= HALF
    return (
        _Curve(PRECURSOR, meetings(on, surging.astype(float)), meetings(on, looked.astype(float))),
        _Curve(TRIGGER, met.sum(0).astype(float), np.full(len(on), float(len(windows)))),
    )


def rates(
    groups: dict[str, tuple[_Curve, _Curve]], lags: Sequence[int], shifts: Ints, random: np.random.Generator
) -> tuple[list[Rate], Unusual | None]:
    """Each group, direction and lag with its chance; and the chance of the best of all of them."""
    told: list[tuple[str, _Curve, int, Floats, Floats]] = []
    for group, both in groups.items():
        for curve in both:
            share = curve.share
            finer = with_neighbours(share)
            spread = float(share.std())
            height = (finer - share.mean()) / spread if spread > 1e-9 else np.full(len(share), np.nan)
            for lag in lags:
                places = (shifts + lag) % len(share)
                told.append((group, curve, lag, share[places], height[places]))
    moving = [height for *_, height in told if not np.isnan(height[0])]
    highest = np.max(moving, axis=0) if moving else np.zeros(len(shifts))
    draws = random.random(len(told) + 1)
    found = [_rate(*one, highest, *draws[[place, -1]]) for place, one in enumerate(told)]
    return found, unusual(highest[0], highest, draws[-1]) if moving else None


def _rate(
    group: str, curve: _Curve, lag: int, share: Floats, height: Floats, highest: Floats, draw: float, common: float
) -> Rate:
    place = lag % len(curve.hits)
    hits, of = float(curve.hits[place]), float(curve.of[place])
    if np.isnan(height[0]):
        return Rate(group, curve.direction, lag, hits, of, share, None, None)
    fine = unusual(height[0], height, draw)
    coarse = unusual(share[0], share, draw)
    chance = Unusual(fine.p, coarse.least, coarse.most)
    return Rate(group, curve.direction, lag, hits, of, share, chance, unusual(height[0], highest, common))
