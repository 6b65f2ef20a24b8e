"""Which channels may have come after which: those that opened near the end, and those whose address was given."""

from __future__ import annotations

import numpy as np

from seawall.measures.succession.overlap import Pairs
from seawall.measures.succession.pointing import Pointers
from seawall.measures.succession.rows import Channels, Ends
from seawall.measures.succession.words import AFTER_DAYS, BEFORE_DAYS, DAY, TAIL_DAYS, UNKNOWN, Floats, Ints

_BEFORE, _AFTER, _OLDER = 0.22, 0.73, 0.05
"""How often a successor opened before the end, after it, or long before."""
_PREPARED, _RETURN = (12.0, 1.5), (4.0, 1.2)
"""Days and tail of the Lomax laws of the time between."""
_IMITATED, _EARLY_IMITATOR = (15.0, 1.2), 0.3
_NEAR_DAYS = 10.0


def candidate_pairs(ends: Ends, channels: Channels, opened: Ints, given: Pointers) -> Pairs:
    """The pairs that are looked at.

    Args:
        ends: whose successors are looked for.
        channels: all that there are.
        opened: when each was there first; UNKNOWN where nobody tells.
        given: who gives whose address.
    """
    order = np.argsort(opened, kind="stable")
    at = opened[order]
    low = np.searchsorted(at, ends.at - BEFORE_DAYS * DAY)
    high = np.searchsorted(at, ends.at + AFTER_DAYS * DAY, "right")
    low = np.maximum(low, np.searchsorted(at, UNKNOWN, "right"))
    many = np.maximum(high - low, 0)
    end = np.repeat(np.arange(len(ends.at)), many)
    offset = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
    new = order[np.repeat(low, many) + offset]
    told_end, told_new = _given(ends, given)
    key = np.unique(np.concatenate([end, told_end]) * len(opened) + np.concatenate([new, told_new]))
    end, new = key // len(opened), key % len(opened)
    fits = (ends.channel[end] != new) & (channels.ended[new] > ends.at[end])
    end, new = end[fits], new[fits]
    return Pairs(end, ends.channel[end], new, ends.at[end], opened[new])


def _given(ends: Ends, given: Pointers) -> tuple[Ints, Ints]:
    """Addresses of channels of any age that an ended channel gave in its last days."""
    which = np.full(given.channels, -1, np.int64)
    which[ends.channel] = np.arange(len(ends.channel))
    end = which[given.source]
    target, last = given.target[end >= 0], given.last[end >= 0]
    end = end[end >= 0]
    there = last >= ends.at[end] - TAIL_DAYS * DAY
    return end[there], target[there]


def opening(pairs: Pairs, opened: Ints) -> tuple[Floats, Floats, Floats]:
    """Nats of when the candidate opened: how often successors do then, against how many channels open then at all.

    Returns:
        For successors; for strangers who imitate a channel that ended, who are in less of a hurry; and for friends, who
        open at any time.
    """
    known = np.sort(opened[opened != UNKNOWN])
    near = int(_NEAR_DAYS * DAY)
    around = np.searchsorted(known, pairs.opened + near, "right") - np.searchsorted(known, pairs.opened - near)
    rate = np.maximum(around - 0.5, 0.5) / (2 * _NEAR_DAYS)
    days = (pairs.opened - pairs.ended) / DAY
    law = np.where(days < 0, _BEFORE * _lomax(-days, *_PREPARED), _AFTER * _lomax(days, *_RETURN))
    strangers = np.where(days < 0, _EARLY_IMITATOR * _lomax(-days, *_IMITATED), _lomax(days, *_IMITATED))
    outside = (pairs.opened == UNKNOWN) | (np.abs(days) > max(BEFORE_DAYS, AFTER_DAYS))
    older = np.log(_OLDER / max(len(opened), 1))
    friends = np.full(len(pairs), 1 / (BEFORE_DAYS + AFTER_DAYS))
    laws = [np.where(outside, older, np.log(one / rate)) for one in (law, strangers)]
    return laws[0], laws[1], np.where(outside, older - np.log(_OLDER), np.log(friends / rate))


def _lomax(days: Floats, scale: float, tail: float) -> Floats:
    return np.asarray(tail / scale * (1 + np.maximum(days, 0) / scale) ** -(tail + 1), np.float64)
