"""The slow references: plain recursion, plain sets, all matchings."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import combinations
from typing import Any

import numpy as np

from seawall.measures.succession.likeness import skeleton


def edit(one: str, other: str) -> int:
    """Levenshtein's distance."""

    @cache
    def distance(left: int, right: int) -> int:
        if not left or not right:
            return left + right
        same = one[left - 1] == other[right - 1]
        return min(
            distance(left - 1, right) + 1, distance(left, right - 1) + 1, distance(left - 1, right - 1) + (not same)
        )

    return distance(len(one), len(other))


def alike(one: str, other: str) -> float:
    """The best of three likenesses."""
    best = 1 - edit(one, other) / max(len(one), len(other))
    left, right = sorted((skeleton(one), skeleton(other)), key=len)
    if left and right:
        best = max(best, 0.97 * (1 - edit(left, right) / max(len(left), len(right))))
        if len(left) >= 6 and 2 * len(left) >= len(right) and left in right:
            best = max(best, 0.9)
    return best


def overlap(
    rows: list[tuple[int, int, int]], channels: int, old: int, new: int, ended: int, until: int
) -> tuple[float, float]:
    """What two channels share, and what they would by chance."""
    first: dict[tuple[int, int], int] = {}
    for channel, thing, at in rows:
        first[channel, thing] = min(at, first.get((channel, thing), at))
    owners = {thing: sum((channel, thing) in first for channel in range(channels)) for _, thing in first}
    sharing = [sum(owners[thing] > 1 for one, thing in first if one == channel) for channel in range(channels)]
    shared = sum(
        1 / (owners[thing] - 1)
        for one, thing in first
        if one == old
        and (new, thing) in first
        and first[old, thing] <= first[new, thing] <= until
        and first[old, thing] <= ended
    )
    left, right = (max(sharing[side] - shared, 0) + 0.5 for side in (old, new))
    return shared, left * right / (sum(sharing) + 0.5 * channels + 1)


def matchings(end: Any, new: Any) -> Iterator[tuple[int, ...]]:
    """Every set of pairs in which no end and no candidate stands twice."""
    for size in range(len(end) + 1):
        for chosen in combinations(range(len(end)), size):
            if len({int(end[one]) for one in chosen}) == size == len({int(new[one]) for one in chosen}):
                yield chosen


def best_sum(end: Any, new: Any, nats: Any) -> float:
    """The highest sum of a matching."""
    return max(sum(float(nats[one]) for one in chosen) for chosen in matchings(end, new))


def marginals(end: Any, new: Any, nats: Any) -> Any:
    """How likely each pair is, where a matching is as likely as the product of its odds."""
    total, each = 0.0, np.zeros(len(end))
    for chosen in matchings(end, new):
        weight = float(np.exp(sum(float(nats[one]) for one in chosen)))
        total += weight
        each[list(chosen)] += weight
    return each / total
