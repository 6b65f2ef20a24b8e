"""What chance gives, slow and obviously correct: every deal, every outcome, every pair is looked at."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from itertools import combinations, permutations, product
from math import comb, prod

import numpy as np
import numpy.typing as npt

from tests.measures.coshare.reference import Share, usable


def once(shares: list[Share]) -> list[Share]:
    """Each message of an account once an object: its earliest share."""
    first: dict[tuple[object, ...], Share] = {}
    for share in usable(shares):
        if share[:3] not in first or share[3] < first[share[:3]][3]:
            first[share[:3]] = share
    return list(first.values())


def dealt(times: list[int], ours: int, theirs: int, window: int) -> Fraction:
    """The times of an object dealt to its shares in every way: how often one of the first ``ours`` shares is within
    the window of one of the next ``theirs``."""
    deals = list(permutations(times))
    together = sum(
        any(abs(a - b) <= window for a, b in product(deal[:ours], deal[ours : ours + theirs])) for deal in deals
    )
    return Fraction(together, len(deals))


def chance(times: list[float], window: float) -> Fraction:
    """Of the pairs of shares of an object, the part within the window."""
    pairs = list(combinations(times, 2))
    return Fraction(sum(abs(a - b) <= window for a, b in pairs), len(pairs)) if pairs else Fraction(0)


def upper_tail(chances: list[Fraction], least: int) -> Fraction:
    """The probability that at least so many events happen, by looking at every outcome."""
    return sum(
        (
            prod((c if happens else 1 - c for c, happens in zip(chances, outcome, strict=True)), start=Fraction(1))
            for outcome in product((False, True), repeat=len(chances))
            if sum(outcome) >= least
        ),
        start=Fraction(0),
    )


def false_discovery(p: list[float], hypotheses: int) -> list[float]:
    """Benjamini and Hochberg's adjusted p-values of a list that is filled up with ones."""
    everything = sorted([*p, *[1.0] * (hypotheses - len(p))])
    adjusted = [value * len(everything) / rank for rank, value in enumerate(everything, start=1)]
    return [min(1.0, *(adjusted[place] for place in range(len(p)) if everything[place] >= value)) for value in p]


def configuration(graph: npt.NDArray[np.bool_], steps: int = 2_000) -> npt.NDArray[np.float64]:
    """The chance of each link of a bipartite graph under the configuration model, link by link, by ascent of the
    likelihood: no classes, no Newton. Where a link is sure it gets near to that, slowly, and never there."""
    ours, theirs = np.zeros(graph.shape[0]), np.zeros(graph.shape[1])
    for _ in range(steps):
        chances = 1 / (1 + np.exp(-(ours[:, None] + theirs)))
        ours += 3 * (graph.sum(1) - chances.sum(1)) / graph.shape[1]
        theirs += 3 * (graph.sum(0) - chances.sum(0)) / graph.shape[0]
    return 1 / (1 + np.exp(-(ours[:, None] + theirs)))


def timing(shares: list[Share], window: float) -> dict[tuple[object, object], tuple[float, float]]:
    """Every pair that was in time on an object -> expected number of such objects, p."""
    by_object: dict[object, dict[object, list[float]]] = defaultdict(lambda: defaultdict(list))
    for thing, account, _, at in once(shares):
        by_object[thing][account].append(at)
    accounts = sorted({account for sharers in by_object.values() for account in sharers})
    found = {}
    for first, second in combinations(accounts, 2):
        chances, seen = [], 0
        for sharers in by_object.values():
            if first in sharers and second in sharers:
                one = chance([at for times in sharers.values() for at in times], window)
                chances.append(min(Fraction(1), one * len(sharers[first]) * len(sharers[second])))
                seen += any(abs(a - b) <= window for a, b in product(sharers[first], sharers[second]))
        if seen:
            found[first, second] = (float(sum(chances)), float(upper_tail(chances, seen)))
    return found


def pairs(shares: list[Share]) -> int:
    """The bound on the pairs of accounts that share an object: the pairs of each object, all pairs at most."""
    sharers = defaultdict(set)
    for thing, account, _, _ in once(shares):
        sharers[thing].add(account)
    accounts = len(set().union(*sharers.values())) if sharers else 0
    return min(sum(comb(len(found), 2) for found in sharers.values()), comb(accounts, 2))
