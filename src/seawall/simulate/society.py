"""Who there is on a synthetic platform, and who comes to know whom: communities, few active and many quiet accounts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from seawall.simulate.rows import Codes, Longs, Mask, Reals

PER_COMMUNITY = 120
JOIN_LATER = 0.35
"""Share of the accounts that join while the simulation runs."""
ACTIVITY_TAIL, POPULARITY_TAIL = 1.25, 1.5
"""Exponents of Pareto's law; the counts that come of them are cut at a few thousand times the mean."""
WITHIN, CLOSED = 0.66, 0.22
"""Share of ties within a community, and of those with a friend's friend; the others go anywhere."""
TIE_DAYS = 20.0


@dataclass(frozen=True, slots=True)
class Society:
    """The accounts of a platform, by their places in the list of names."""

    community: Codes
    activity: Reals
    popularity: Reals
    joined: Reals  # days since the beginning; negative: before it
    offset: Reals  # hours of the clock, of each community
    order: Codes  # accounts by community
    starts: Longs  # where a community begins in ``order``


@dataclass(frozen=True, slots=True)
class Ties:
    """Pairs of accounts that have to do with each other, from a day on and for some days."""

    source: Codes
    target: Codes
    start: Reals  # days
    days: Reals
    offset: Reals
    channel: Codes
    close: Mask  # of one community

    def __len__(self) -> int:
        return len(self.source)


def society(rng: np.random.Generator, accounts: int, days: float) -> Society:
    """Accounts with their communities and habits."""
    count = max(2, accounts // PER_COMMUNITY)
    weight = 1 / np.arange(1, count + 1) ** 0.7
    community = rng.choice(count, accounts, p=weight / weight.sum()).astype(np.int32)
    order = np.argsort(community, kind="stable").astype(np.int32)
    return Society(
        community=community,
        activity=np.minimum(1 + rng.pareto(ACTIVITY_TAIL, accounts), 2000),
        popularity=np.minimum(1 + rng.pareto(POPULARITY_TAIL, accounts), 4000),
        joined=np.where(rng.random(accounts) < JOIN_LATER, rng.random(accounts) * days * 0.95, -1.0),
        offset=rng.integers(-8, 11, count).astype(np.float64),
        order=order,
        starts=np.searchsorted(community[order], np.arange(count + 1)),
    )


def ties(rng: np.random.Generator, people: Society, count: int, days: float) -> Ties:
    """About so many ties: most within a community, some with friends of friends, some with anybody."""
    source = drawn(rng, people.activity, count)
    target = np.empty(count, np.int32)
    which = rng.random(count)
    near, far = which < WITHIN, which >= WITHIN + CLOSED
    target[near] = _neighbour(rng, people, source[near])
    target[far] = drawn(rng, people.popularity, int(far.sum()))
    closed = np.flatnonzero(~near & ~far)
    first = near | far
    target[closed] = _friend_of_friend(rng, source[first], target[first], source[closed], len(people.community))
    kept = _once(source, target, len(people.community))
    return between(rng, people, source[kept], target[kept], days)


def between(rng: np.random.Generator, people: Society, source: Codes, target: Codes, days: float) -> Ties:
    """Ties between these accounts, at times at which both are there."""
    lowest = np.maximum(np.maximum(people.joined[source], people.joined[target]), 0.0)
    start = lowest + rng.random(len(source)) * (days - lowest)
    return Ties(
        source=source,
        target=target,
        start=start,
        days=np.minimum(rng.exponential(TIE_DAYS, len(source)), days - start),
        offset=people.offset[people.community[source]],
        channel=people.community[target],
        close=people.community[source] == people.community[target],
    )


def drawn(rng: np.random.Generator, weight: Reals, count: int) -> Codes:
    """Places drawn in proportion to their weights."""
    edges = np.cumsum(weight)
    places = np.searchsorted(edges, rng.random(count) * edges[-1], "right")
    found: Codes = np.minimum(places, len(weight) - 1).astype(np.int32)
    return found


def _neighbour(rng: np.random.Generator, people: Society, source: Codes) -> Codes:
    """For each account one of its community, the popular ones more often."""
    edges = np.concatenate([[0.0], np.cumsum(people.popularity[people.order])])
    low, high = (edges[people.starts[people.community[source] + step]] for step in (0, 1))
    places = np.searchsorted(edges, low + rng.random(len(source)) * (high - low), "right") - 1
    found: Codes = people.order[np.clip(places, 0, len(people.order) - 1)]
    return found


def _friend_of_friend(rng: np.random.Generator, source: Codes, target: Codes, asked: Codes, accounts: int) -> Codes:
    """Two steps along ties that there are already; an account without any meets itself, and is left out later."""
    start = np.concatenate([source, target])
    order = np.argsort(start, kind="stable")
    other = np.concatenate([target, source])[order]
    begins = np.searchsorted(start[order], np.arange(accounts + 1))
    here = asked
    for _ in range(2):
        low, high = begins[here], begins[here + 1]
        step = low + (rng.random(len(here)) * (high - low)).astype(np.int64)
        here = np.where(high > low, other[np.minimum(step, len(other) - 1)], here).astype(np.int32)
    return here


def _once(source: Codes, target: Codes, accounts: int) -> Longs:
    """The first of each pair, and none with itself, in their order."""
    pair = np.minimum(source, target).astype(np.int64) * accounts + np.maximum(source, target)
    first: Longs = np.sort(np.unique(pair, return_index=True)[1])
    kept: Longs = first[source[first] != target[first]]
    return kept
