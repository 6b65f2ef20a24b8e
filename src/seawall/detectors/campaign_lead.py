"""Which channels of a candidate led, and which followed: by how long, with an interval."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from seawall.detectors.campaign_rows import Held
from seawall.measures.bursts.plan import DAY, FIRST_MONDAY, HOUR
from seawall.measures.synchrony import Lag, lags
from seawall.model.instants import microseconds

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

DRAWN = 50.0
"""A channel's course of day and week is drawn towards that of all channels, as if they told so many messages of it."""
MOST_CHANNELS = 200
"""Lags are looked for in so many channels, those that rose most."""
LONGEST = 12
"""So many bins from just before the first rise on are compared."""


@dataclass(frozen=True)
class Lead:
    """The lag of each channel of a candidate behind the others.

    Args:
        lags: by place of the channel in the candidate; None where it cannot be told.
        hours: of one bin of a lag.
    """

    lags: tuple[Lag | None, ...]
    hours: float

    @property
    def first(self) -> list[int]:
        """The channels that led, the earliest first."""
        found = [(lag.bins, place) for place, lag in enumerate(self.lags) if lag is not None and lag.leads]
        return [place for _, place in sorted(found)]

    def rank(self, place: int) -> tuple[bool, int]:
        """Sorts channels by their lag, those without one last."""
        lag = self.lags[place]
        return lag is None, 0 if lag is None else lag.bins

    def told(self, place: int) -> dict[str, float | str | None]:
        """Role and lag in hours of a channel."""
        lag = self.lags[place]
        if lag is None:
            return {"role": None, "lag_hours": None, "lag_low": None, "lag_high": None}
        role = "led" if lag.leads else "followed" if lag.follows else "with the others"
        low, high = lag.low * self.hours, lag.high * self.hours
        return {"role": role, "lag_hours": lag.bins * self.hours, "lag_low": low, "lag_high": high}


def lead(held: Held) -> Lead:
    """Lags from the counts in fine bins; none where too little of the time after the rise is known."""
    most = (held.tolerance + 1) * held.width // held.fine
    per_bin = held.width // held.fine
    begin = (held.start - held.first) // held.fine + (held.tolerance - 1) * per_bin - most
    known = (microseconds(held.candidate.until) - held.first) // held.fine
    end = min(held.counts.shape[1], known, begin + 2 * most + LONGEST * per_bin)
    hours = held.fine / HOUR
    none: tuple[Lag | None, ...] = (None,) * len(held.counts)
    more = np.array([rise.more for rise in held.candidate.rises])
    chosen = np.sort(np.argsort(-more, kind="stable")[:MOST_CHANNELS])
    if end - begin <= 2 * (most + per_bin):
        return Lead(none, hours)
    usual = _usual(held)[chosen, begin:end]
    found = lags(held.counts[chosen, begin:end].astype(np.float64), usual, most=most)
    placed = dict(zip(chosen.tolist(), found, strict=True))
    return Lead(tuple(placed.get(place) for place in range(len(held.counts))), hours)


def _usual(held: Held) -> Floats:
    """What was usual in each fine bin: what was expected of the rise, by hour of the day and by weekday."""
    at = held.first + np.arange(held.counts.shape[1]) * held.fine
    hour, day = (at - FIRST_MONDAY) % DAY // HOUR, (at - FIRST_MONDAY) // DAY % 7
    past = at < held.start
    course = _course(held.counts, past, hour, 24)[:, hour] * _course(held.counts, past, day, 7)[:, day]
    inside = (at >= held.begins[:, None]) & (at < held.ends[:, None])
    expected = np.array([rise.expected for rise in held.candidate.rises])
    usual: Floats = course * (np.maximum(expected, 0.5) / np.maximum((course * inside).sum(axis=1), 1e-9))[:, None]
    return usual


def _course(
    counts: npt.NDArray[np.int64], past: npt.NDArray[np.bool_], phase: npt.NDArray[np.int64], phases: int
) -> Floats:
    """Channels x phases: the factor of each phase; 1 on average."""
    length = np.maximum(np.bincount(phase[past], minlength=phases), 1)
    own = np.array([np.bincount(phase[past], row[past], phases) for row in counts])
    shared = (own.sum(axis=0) + 1.0) / (own.sum() + phases)
    drawn = own + DRAWN * shared
    factor: Floats = drawn / length / (drawn.sum(axis=1) / length.sum())[:, None]
    return factor
