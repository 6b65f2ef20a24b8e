"""Each kind of evidence as nats, one column a term; NaN where it cannot be known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from seawall.measures.succession.candidates import opening
from seawall.measures.succession.likeness import background, likenesses
from seawall.measures.succession.overlap import Pairs, overlap
from seawall.measures.succession.pointing import Pointers
from seawall.measures.succession.rows import Channels, Seen
from seawall.measures.succession.words import (
    ANNOUNCED,
    AUDIENCE,
    DAY,
    FIRST_DAYS,
    FORWARDS,
    HANDLE,
    LINKS,
    MEDIA,
    NEVER,
    OPENED,
    POINTS_BACK,
    SOURCES,
    TAIL_DAYS,
    TERMS,
    TEXTS,
    UNKNOWN,
    Floats,
    Ints,
    Mask,
)  # fmt: skip

HITS = {"announced": 0.4, "points_back": 0.25, "forwards": 0.3}
"""How often a successor's address is given by the old channel, it gives the old one's, one forwards the other."""

SHARES = {
    "audience": (0.6, 0.1),
    "links": (0.6, 0.1),
    "sources": (0.6, 0.15),
    "media": (0.65, 0.1),
    "texts": (0.6, 0.1),
}
"""How often a successor has anything in common, and about which part of what it has."""

KEPT_NAME, _ALIKE, _STEEP = 0.55, 0.62, 0.04
_POOLED = 30.0
_APART = 3.0
"""Rows of likenesses are put one after the other at this distance, so that one search serves all."""


Rows = tuple[Ints, Ints, Ints]
"""Channels, things and times, side by side."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """``nats``, ``observed`` and ``expected``: one row a pair, one column a term (``TERMS``).

    ``strangers`` and ``friends``: the nats of the opening for one who imitates the old channel, and for one who likes
    it and opened at that time by chance.
    """

    strangers: Floats
    friends: Floats
    nats: Floats
    observed: Floats
    expected: Floats


@dataclass(frozen=True, slots=True)
class Traces:
    """What channels left: pairs that give addresses and that forward, and things that they had; None: not given."""

    given: Pointers
    forwarded: Pointers
    sites: Rows
    linked: Seen | None
    forwards: Seen | None
    media: Seen | None
    texts: Seen | None


def evidence(pairs: Pairs, channels: Channels, opened: Ints, traces: Traces) -> Evidence:
    """All terms of all pairs."""
    shape = (len(pairs), len(TERMS))
    near, strangers, friends = opening(pairs, opened)
    found = Evidence(strangers, friends, *(np.full(shape, np.nan) for _ in range(3)))
    found.nats[:, OPENED] = near
    found.observed[:, OPENED] = np.where(pairs.opened == UNKNOWN, np.nan, (pairs.opened - pairs.ended) / DAY)
    if traces.linked is not None:
        _give(found, pairs, channels, traces.given)
    if traces.forwards is not None:
        _forward(found, pairs, traces.forwarded)
    _share(found, pairs, traces, len(channels.ids))
    _handles(found, pairs, channels)
    return found


def _give(found: Evidence, pairs: Pairs, channels: Channels, given: Pointers) -> None:
    """Addresses: the old channel gave the new one's in its last days, the new one gives the old one's at first."""
    place = given.among(pairs.old, pairs.new)
    last = np.append(given.last, UNKNOWN)[place]
    tied = _tied_pointers(given, pairs)
    hit = (place >= 0) & (last >= pairs.ended - TAIL_DAYS * DAY)
    chance = given.chance(pairs.old, pairs.new, place >= 0, without=tied)
    _hits(found, ANNOUNCED, hit, np.append(given.times, 0)[place], chance)
    place = given.among(pairs.new, pairs.old)
    hit = (place >= 0) & (np.append(given.first, NEVER)[place] <= _soon(pairs))
    chance = given.chance(pairs.new, pairs.old, place >= 0)
    _hits(found, POINTS_BACK, hit, np.append(given.times, 0)[place], chance)
    unaddressed = np.array([address is None and handle is None for address, handle in
                            zip(channels.address, channels.handle, strict=True)])  # fmt: skip
    for term, side in ((ANNOUNCED, pairs.new), (POINTS_BACK, pairs.old)):
        for table in (found.nats, found.observed, found.expected):
            table[unaddressed[side], term] = np.nan


def _tied_pointers(given: Pointers, pairs: Pairs) -> Ints:
    """Of those that give the new channel's address, how many gave the old one's before: friends, who announce it."""
    by_target: dict[int, list[int]] = {}
    for place, target in enumerate(given.target.tolist()):
        by_target.setdefault(target, []).append(place)
    pointed = np.flatnonzero(np.isin(pairs.new, given.target) & np.isin(pairs.old, given.target))
    counts = np.zeros(len(pairs), np.int64)
    for pair in pointed.tolist():
        end = pairs.ended[pair]
        friends = {int(given.source[one]) for one in by_target[int(pairs.old[pair])] if given.first[one] < end}
        counts[pair] = sum(int(given.source[one]) in friends for one in by_target[int(pairs.new[pair])])
    return counts


def _forward(found: Evidence, pairs: Pairs, forwarded: Pointers) -> None:
    """One forwards the other, in either direction."""
    back, on = forwarded.among(pairs.new, pairs.old), forwarded.among(pairs.old, pairs.new)
    hit = (back >= 0) & (np.append(forwarded.first, NEVER)[back] <= _soon(pairs)) | (on >= 0)
    chance = forwarded.chance(pairs.new, pairs.old, back >= 0) + forwarded.chance(pairs.old, pairs.new, on >= 0)
    times = np.append(forwarded.times, 0)
    _hits(found, FORWARDS, hit, times[back] + times[on], np.minimum(chance, 0.9))


def _hits(found: Evidence, term: int, hit: Mask, times: Ints, chance: Floats) -> None:
    often = HITS[TERMS[term]]
    found.nats[:, term] = np.where(hit, np.log(often / chance), np.log((1 - often) / (1 - np.minimum(chance, often))))
    found.observed[:, term] = np.where(hit, times, 0)
    found.expected[:, term] = chance


def _soon(pairs: Pairs) -> Ints:
    return np.where(pairs.opened == UNKNOWN, NEVER, np.maximum(pairs.opened, pairs.ended) + FIRST_DAYS * DAY)


def _share(found: Evidence, pairs: Pairs, traces: Traces, channels: int) -> None:
    """Things in common: who forwards and names them, whom they forward, sites, media, texts."""
    given, forwarded = traces.given, traces.forwarded
    target = np.concatenate([given.target, forwarded.target])
    source, first = np.concatenate([given.source, forwarded.source]), np.concatenate([given.first, forwarded.first])
    layers: list[tuple[int, Rows | None]] = [
        (AUDIENCE, (target, source, first) if len(target) else None),
        (SOURCES, (forwarded.source, forwarded.target, forwarded.first) if traces.forwards is not None else None),
        (LINKS, traces.sites if traces.linked is not None else None),
        (MEDIA, None if traces.media is None else (traces.media.channel, traces.media.thing, traces.media.at)),
        (TEXTS, None if traces.texts is None else (traces.texts.channel, traces.texts.thing, traces.texts.at)),
    ]
    for term, rows in layers:
        if rows is not None:
            told = overlap(*rows, channels, pairs)
            found.nats[:, term] = told.evidence(*SHARES[TERMS[term]])
            found.observed[:, term], found.expected[:, term] = told.shared, told.expected


def _handles(found: Evidence, pairs: Pairs, channels: Channels) -> None:
    """How alike the handles are, against how alike the old one's is to any other, and handles are at all."""
    if not len(pairs):
        return
    like = likenesses(channels.handle, pairs.old, pairs.new)
    ends, row = np.unique(pairs.old, return_inverse=True)
    others, whom = background(channels.handle, ends)
    pooled = np.sort(others[np.isfinite(others)])
    anywhere = 1 - np.searchsorted(pooled, like - 1e-9) / max(len(pooled), 1) + 1 / (len(pooled) + 1)
    own = np.sort(np.where(np.isfinite(others), others, -1.0), axis=1)
    told, width = np.isfinite(others).sum(axis=1)[row], own.shape[1]
    rising = (own + _APART * np.arange(len(own))[:, None]).ravel()
    at_least = (row + 1) * width - np.searchsorted(rising, np.nan_to_num(like) + _APART * row - 1e-9)
    itself = np.isin(pairs.new, whom)
    chance = (np.maximum(at_least - itself, 0) + _POOLED * anywhere) / (np.maximum(told - itself, 0) + _POOLED)
    kept = KEPT_NAME / (1 + np.exp(-(like - _ALIKE) / _STEEP))
    found.nats[:, HANDLE] = np.log(1 - KEPT_NAME + kept / np.clip(chance, 1e-6, 1))
    found.observed[:, HANDLE], found.expected[:, HANDLE] = like, chance
