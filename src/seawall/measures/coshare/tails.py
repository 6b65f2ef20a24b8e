"""How probable it is that at least so many of several independent events happen: upper tails of the Poisson-binomial.

Nothing is subtracted from one, so that the smallest tails keep all their digits; below about 1e-300 they are 0.
"""

from __future__ import annotations

from math import erfc, exp, expm1, log1p, pi, sinh, sqrt

import numpy as np
import numpy.typing as npt

from seawall.measures.compiled import compiled
from seawall.measures.keys import Times

Floats = npt.NDArray[np.float64]

MOST_WORK = 1 << 17
"""Up to so many steps a tail is counted out; beyond, where there are hundreds of events, a saddlepoint does."""

MOST_EXPECTED = 300.0
"""With more events expected than this, the chance of none of them in a class may be too small for a number."""


@compiled
def _exact(chances: Floats, least: int) -> float:
    """By adding one event after the other; the last entry holds what has reached ``least`` already."""
    ways = np.zeros(least + 1)
    ways[0] = 1.0
    for k in range(len(chances)):
        chance = chances[k]
        ways[least] += ways[least - 1] * chance
        for reached in range(min(least - 1, k + 1), 0, -1):
            ways[reached] = ways[reached] * (1.0 - chance) + ways[reached - 1] * chance
        ways[0] *= 1.0 - chance
    return float(ways[least])


@compiled
def _class(chance: float, times: int, least: int, just: Floats, beyond: Floats) -> None:
    """Of ``times`` events of one chance: the probability of just j of them, and of j or more."""
    odds = chance / (1.0 - chance)
    term = exp(times * log1p(-chance))
    for j in range(least):
        just[j] = term
        term *= (times - j) / (j + 1) * odds
    far, j = 0.0, least
    while term > far * 1e-17:
        far += term
        term *= (times - j) / (j + 1) * odds
        j += 1
    beyond[least] = far
    for j in range(least - 1, 0, -1):
        beyond[j] = beyond[j + 1] + just[j]


@compiled
def _exact_of_classes(chances: Floats, times: Times, least: int) -> float:
    """By adding one class of equal events after the other."""
    ways, just, beyond = np.zeros(least + 1), np.empty(least + 1), np.empty(least + 1)
    ways[0] = 1.0
    for k in range(len(chances)):
        _class(chances[k], times[k], least, just, beyond)
        for reached in range(least):
            ways[least] += ways[reached] * beyond[least - reached]
        for reached in range(least - 1, -1, -1):
            total = 0.0
            for j in range(reached + 1):
                total += ways[reached - j] * just[j]
            ways[reached] = total
    return float(ways[least])


@compiled
def _tilt(chances: Floats, times: Times, target: float) -> float:
    """By how much to tilt the odds of all events so that ``target`` of them are expected."""
    lowest, highest, tilt = -700.0, 700.0, 0.0
    for _ in range(200):
        mean = variance = 0.0
        for k in range(len(chances)):
            tilted = 1.0 / (1.0 + (1.0 / chances[k] - 1.0) * exp(-tilt))
            mean += times[k] * tilted
            variance += times[k] * tilted * (1.0 - tilted)
        if abs(mean - target) <= 1e-11 * target:
            break
        if mean > target:
            highest = tilt
        else:
            lowest = tilt
        tilt -= (mean - target) / variance if variance > 0.0 else 0.0
        if not lowest < tilt < highest:
            tilt = (lowest + highest) / 2
    return tilt


@compiled
def saddlepoint(chances: Floats, times: Times, least: int) -> float:
    """Lugannani and Rice (1980) with Daniels' (1987) second correction for whole numbers.

    Chances lie between 0 and 1, exclusive, and 0 < least <= the number of events.
    """
    target = least - 0.5
    tilt = _tilt(chances, times, target)
    log_moment = variance = skew = 0.0
    for k in range(len(chances)):
        tilted = 1.0 / (1.0 + (1.0 / chances[k] - 1.0) * exp(-tilt))
        log_moment += times[k] * log1p(chances[k] * expm1(tilt))
        variance += times[k] * tilted * (1.0 - tilted)
        skew += times[k] * tilted * (1.0 - tilted) * (1.0 - 2.0 * tilted)
    root = sqrt(max(0.0, 2.0 * (tilt * target - log_moment)))
    if root < 1e-3:
        return float(0.5 - skew / (6.0 * sqrt(2.0 * pi) * variance**1.5) - root * np.sign(tilt) / sqrt(2.0 * pi))
    root *= np.sign(tilt)
    slope = 2.0 * sinh(tilt / 2.0) * sqrt(variance)
    density = exp(-root * root / 2.0) / sqrt(2.0 * pi)
    return float(min(1.0, max(0.0, 0.5 * erfc(root / sqrt(2.0)) + density * (1.0 / slope - 1.0 / root))))


@compiled
def upper_tail(chances: Floats, times: Times, least: int, single: bool) -> float:
    """The probability of at least ``least`` events.

    Args:
        chances: rising; one a class of events.
        times: how many events the class has.
        least: 0 or more.
        single: every class has one event.
    """
    first, last = 0, len(chances)
    while first < last and chances[first] <= 0.0:
        first += 1
    while first < last and chances[last - 1] >= 1.0:
        last -= 1
        least -= times[last]
    if least <= 0:
        return 1.0
    chances, times = chances[first:last], times[first:last]
    events, none = 0, 0.0
    expected = 0.0
    for k in range(len(chances)):
        events += times[k]
        expected += times[k] * chances[k]
        none += times[k] * log1p(-chances[k])
    if least > events:
        return 0.0
    if least == 1:
        return -expm1(none)
    if single and len(chances) * least <= MOST_WORK:
        return _exact(chances, least)
    if not single and len(chances) * least * least <= MOST_WORK and expected <= MOST_EXPECTED:
        return _exact_of_classes(chances, times, least)
    return saddlepoint(chances, times, least)
