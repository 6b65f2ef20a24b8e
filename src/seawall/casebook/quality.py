"""How well two people agree who judge the same cases without knowing of one another.

Agreement beyond chance is Cohen's kappa (Cohen 1960, A coefficient of agreement for nominal scales). Its interval holds
the agreement that chance gives fixed, as Cohen's own does, with Wilson's interval (Wilson 1927, Probable inference)
for the observed agreement in place of the normal one, so that a few pairs that all agree do not look certain.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

from seawall.model import Outcome

LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Share:
    """A count out of another with Wilson's 95 % interval of the share; without cases it is unknown."""

    count: int
    of: int
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often two people chose the same, and how far that is above chance."""

    agreed: Share
    expected: float | None  # the share that chance alone would give; None without pairs
    kappa: float | None  # 1 = always, 0 = as chance; None where chance alone gives full agreement
    low: float | None  # 95 % interval
    high: float | None


@dataclass(frozen=True, slots=True)
class BlindPair:
    """A case that a second person judged without knowing the first decision."""

    case_id: str
    first: Outcome
    second: Outcome


@dataclass(frozen=True, slots=True)
class GoldenResult:
    """How often a person judged as was settled beforehand, on cases that they did not know to be golden."""

    reviewer: str
    right: Share


@dataclass(frozen=True, slots=True)
class Quality:
    """What is known of how well people judge."""

    agreement: Agreement
    pairs: tuple[BlindPair, ...]  # the latest first
    golden: tuple[GoldenResult, ...]  # by name
    golden_cases: int


def share(count: int, of: int) -> Share:
    """A share with Wilson's interval.

    >>> share(9, 10).low < 0.9 < share(9, 10).high < 1
    True
    """
    if not of:
        return Share(0, 0, None, None)
    z = NormalDist().inv_cdf((1 + LEVEL) / 2)
    part, scale = count / of, 1 + z * z / of
    middle = (part + z * z / (2 * of)) / scale
    half = z / scale * sqrt(part * (1 - part) / of + z * z / (4 * of * of))
    return Share(count, of, max(middle - half, 0.0), min(middle + half, 1.0))


def agreement(pairs: Sequence[tuple[Hashable, Hashable]]) -> Agreement:
    """Cohen's kappa of pairs (first, second).

    >>> agreement([("watch", "watch"), ("support", "support"), ("watch", "support"), ("watch", "watch")]).kappa
    0.5
    """
    agreed = share(sum(one == other for one, other in pairs), len(pairs))
    if agreed.low is None or agreed.high is None:
        return Agreement(agreed, None, None, None, None)
    firsts, seconds = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    expected = sum(count * seconds[one] for one, count in firsts.items()) / len(pairs) ** 2
    if expected == 1:
        return Agreement(agreed, expected, None, None, None)

    def beyond(part: float) -> float:
        return (part - expected) / (1 - expected)

    return Agreement(agreed, expected, beyond(agreed.count / agreed.of), beyond(agreed.low), beyond(agreed.high))
