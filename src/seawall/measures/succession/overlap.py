"""Things that an ended channel had and a candidate has, too, against how much both share with everybody."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import betainc

from seawall.measures.succession.words import DAY, FIRST_DAYS, NEVER, UNKNOWN, Floats, Ints, Mask

MOST_CHANNELS = 300
"""What more channels have than that is everybody's."""

CLUMPED = 0.35
"""Size of the negative binomial law of what unrelated channels share: below 1 it is clumped."""

_SMALL = 0.5


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of an ended channel and a candidate, in the order of (end, candidate)."""

    end: Ints
    old: Ints
    new: Ints
    ended: Ints
    opened: Ints

    def __len__(self) -> int:
        return len(self.end)


@dataclass(frozen=True, slots=True)
class Overlap:
    """One entry a pair: what is shared (a thing of so many channels counts so much less), and by chance; whether both
    were seen to have such things at all, and how many the candidate had."""

    shared: Floats
    expected: Floats
    known: Mask
    had: Ints

    def evidence(self, often: float, share: float) -> Floats:
        """Nats for a successor: what is shared is rare among the unrelated, what is not is rarer among successors.

        Args:
            often: how often a successor shares anything.
            share: which part of what it has, about.
        """
        rate = self.expected / (self.expected + CLUMPED)
        none = np.log1p(-often + often * (1 - share) ** self.had) - CLUMPED * np.log1p(-rate)
        tail = np.where(self.shared > 0, betainc(np.maximum(self.shared, 1e-9), CLUMPED, rate), 1.0)
        some = np.log(often) - np.log(np.maximum(tail, 1e-300))
        told = np.where(self.shared > 0, np.maximum(none, some), none)
        return np.where(self.known, told, np.nan)


def overlap(channel: Ints, thing: Ints, at: Ints, channels: int, pairs: Pairs) -> Overlap:
    """What the channels of each pair share, of rows (channel, thing, at).

    A thing counts where the ended channel had it first, before its end, and the candidate in its first weeks; and so
    much less, the more other channels have it.
    """
    key = channel * (thing.max(initial=0) + 1) + thing
    order = np.lexsort((at, key))
    first = order[np.flatnonzero(np.diff(key[order], prepend=-1))] if len(order) else order
    channel, thing, at = channel[first], thing[first], at[first]
    owners = np.bincount(thing) if len(thing) else np.zeros(1, np.int64)
    has = np.bincount(channel, minlength=channels)
    common = (owners[thing] > 1) & (owners[thing] <= MOST_CHANNELS)
    channel, thing, at = channel[common], thing[common], at[common]
    sharing = np.bincount(channel, minlength=channels).astype(np.float64)
    shared = _shared(channel, thing, at, 1.0 / (owners - 1.0).clip(1), channels, pairs)
    others = [np.maximum(sharing[side] - shared, 0) + _SMALL for side in (pairs.old, pairs.new)]
    expected = others[0] * others[1] / (sharing.sum() + _SMALL * channels + 1.0)
    known = (has[pairs.old] > 0) & (has[pairs.new] > 0)
    return Overlap(shared, expected, known, has[pairs.new])


def _shared(channel: Ints, thing: Ints, at: Ints, worth: Floats, channels: int, pairs: Pairs) -> Floats:
    """The worth of things in common, pair by pair."""
    total = np.zeros(len(pairs))
    if not len(pairs) or not len(thing):
        return total
    wanted = pairs.old * channels + pairs.new
    by_pair = np.argsort(wanted, kind="stable")
    olds, news = np.unique(pairs.old), np.unique(pairs.new)
    left, right = (np.flatnonzero(np.isin(channel, side)) for side in (olds, news))
    right = right[np.argsort(thing[right], kind="stable")]
    low = np.searchsorted(thing[right], thing[left])
    many = np.searchsorted(thing[right], thing[left], "right") - low
    one = np.repeat(left, many)
    offset = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
    other = right[np.repeat(low, many) + offset]
    key = channel[one] * channels + channel[other]
    place = np.searchsorted(wanted[by_pair], key).clip(max=len(wanted) - 1)
    place = by_pair[place]
    soon = np.where(pairs.opened == UNKNOWN, NEVER, pairs.opened + FIRST_DAYS * DAY)[place]
    fits = (wanted[place] == key) & (at[one] <= at[other]) & (at[one] <= pairs.ended[place]) & (at[other] <= soon)
    np.add.at(total, place[fits], worth[thing[one[fits]]])
    return total
