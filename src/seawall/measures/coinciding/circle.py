"""Shifts of a calendar that is closed to a circle: values at every shift, and how unusual the true place is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
NEAR = 14
"""Days to either side that decide between equal values."""
_TINY = 1e-6


@dataclass(frozen=True, slots=True)
class Unusual:
    """How often a shift gives as much as the true place.

    Attributes:
        p: ties are divided by a draw, so that under no link each p is as likely as any other.
        least: were all ties against chance.
        most: were all ties for chance: the usual, careful p.
    """

    p: float
    least: float
    most: float


def meetings(on: Floats, at: Floats) -> Floats:
    """At each shift, the sum over days of ``on`` times ``at`` where ``at`` is moved later by the shift.

    >>> meetings(np.array([0.0, 0, 1]), np.array([1.0, 0, 0])).tolist()
    [0.0, 0.0, 1.0]
    """
    product = np.fft.irfft(np.fft.rfft(on) * np.conj(np.fft.rfft(at)), len(on))
    return np.round(product, 9) + 0.0


def inside_each(on: Floats, windows: list[tuple[int, int]], longer: int = 0) -> Floats:
    """The sum inside each window (rows) at each shift (columns).

    >>> inside_each(np.array([0.0, 2, 1]), [(0, 2)]).tolist()
    [[2.0, 3.0, 1.0]]
    """
    days = len(on)
    total = np.concatenate([[0.0], np.cumsum(np.concatenate([on, on, on]))])
    shifts = np.arange(days)
    sums = np.empty((len(windows), days))
    for row, (begin, end) in enumerate(windows):
        length = min(end - begin + longer, days)
        places = (begin + shifts) % days
        sums[row] = total[places + length] - total[places]
    return np.round(sums, 9)


def with_neighbours(values: Floats) -> Floats:
    """The values, and far below their smallest difference the values at shifts nearby, which divide most ties.

    What nearly coincided thereby comes before what did not. It treats every shift alike, so that no p is favoured.
    """
    near = np.exp(-np.abs(np.arange(-NEAR, NEAR + 1)) / 3.0)
    kernel = np.zeros(len(values))
    np.add.at(kernel, np.arange(-NEAR, NEAR + 1) % len(values), near / near.sum())
    return values + _TINY * np.round(meetings(values, kernel), 6)


def unusual(true: float, shifted: Floats, draw: float) -> Unusual:
    """Where the true value stands among those of all shifts (the true place is one of them), high values first.

    Args:
        true: the value at the true place.
        shifted: values at all shifts, one of which is no shift.
        draw: between 0 and 1; divides ties. With it p is uniform whenever all places are alike: the randomised test
            of Lehmann and Romano, Testing Statistical Hypotheses, 15.2.

    >>> unusual(3.0, np.array([3.0, 1, 3, 2]), 0.5)
    Unusual(p=0.25, least=0.25, most=0.5)
    """
    rounded, value = np.round(shifted, 12), round(true, 12)
    above, ties, size = int((rounded > value).sum()), int((rounded == value).sum()), len(shifted)
    return Unusual((above + draw * ties) / size, (above + min(ties, 1)) / size, (above + ties) / size)
