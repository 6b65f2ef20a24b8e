"""How many members follow when one links to a new place: an exact tail, learnt from earlier places."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy.special import betaln, gammaln, logsumexp

from seawall.measures.flow.acts import Ints

Floats = npt.NDArray[np.float64]

BEFORE: Sequence[tuple[int, int, float]] = ((0, 50, 16.0), (1, 50, 3.0), (2, 50, 1.0))
"""What is taken as seen before anything was: of 20 new places that a member linked to, 16 were linked to by no other of
50 members, three by one and one by two. (followers, others, times)"""
AS_GOOD_AS = 200.0
"""Earlier places of other communities count together as so many places of one's own, at most."""
_MOST_HELD = 4096
_SHARES = np.geomspace(1e-4, 0.5, 22)
_LIKENESS = np.geomspace(2e-3, 0.7, 16)


class Uptake:
    """Followers of new places: beta-binomial counts, whose mean and over-dispersion are not known but learnt.

    The tail is summed over a grid of means and over-dispersions, each weighted by how likely it makes the earlier
    places: so that little history gives a wide tail. Sums do not depend on the order of what was learnt.
    """

    def __init__(self) -> None:
        self._weights = _likelihood(np.array([row[0] for row in BEFORE]), np.array([row[1] for row in BEFORE])).T @ (
            np.array([row[2] for row in BEFORE])
        )

    @staticmethod
    def likelihood(followers: Ints, others: Ints) -> tuple[Floats, int]:
        """What earlier places say of each point of the grid, all together, and how many they are."""
        if not len(followers):
            return np.zeros(len(_grid()[0])), 0
        pairs, times = np.unique(np.stack([followers, others]), axis=1, return_counts=True)
        total = np.zeros(len(_grid()[0]))
        for begin in range(0, pairs.shape[1], 512):
            part = slice(begin, begin + 512)
            total += _likelihood(pairs[0, part], pairs[1, part]).T @ times[part].astype(np.float64)
        return total, len(followers)

    def tail(self, followers: int, others: int, own: Floats, elsewhere: Floats, number: int) -> tuple[float, float]:
        """The chance of at least so many followers among so many others, and how many are expected.

        Args:
            followers: at least 0, at most ``others``.
            others: members besides the first who linked to it.
            own: what the community's own earlier places say (``likelihood``).
            elsewhere: what those of other communities say.
            number: how many these are.
        """
        weight = self._weights + own + elsewhere * min(1.0, AS_GOOD_AS / max(number, 1))
        weight = weight - logsumexp(weight)
        share, _ = _grid()
        expected = float(np.exp(weight) @ share) * others
        if followers <= 0:
            return 1.0, expected
        reach = np.arange(followers, others + 1)
        total = 0.0
        for begin in range(0, len(reach), 1024):
            part = reach[begin : begin + 1024]
            chances = _likelihood(part, np.full(len(part), others)) + _ways(part, others)[:, None]
            total += float(np.exp(chances + weight[None, :]).sum())
        return min(total, 1.0), expected


def _ways(followers: Ints, others: int) -> Floats:
    return np.asarray(gammaln(others + 1.0) - gammaln(followers + 1.0) - gammaln(others - followers + 1.0), np.float64)


@lru_cache(maxsize=1)
def _grid() -> tuple[Floats, Floats]:
    share, likeness = (one.ravel() for one in np.meshgrid(_SHARES, _LIKENESS, indexing="ij"))
    return share, likeness


def _likelihood(followers: npt.ArrayLike, others: npt.ArrayLike) -> Floats:
    """Places x points of the grid, without the binomial coefficient."""
    hits, n = np.asarray(followers, np.int64), np.asarray(others, np.int64)
    largest = int(n.max(initial=0))
    if largest > _MOST_HELD:
        a, b = _shapes()
        many, few = n[:, None].astype(np.float64), hits[:, None].astype(np.float64)
        return np.asarray(betaln(few + a, many - few + b) - betaln(a, b), np.float64)
    rising = _rising(1 << largest.bit_length())
    return np.asarray(rising[0][hits] + rising[1][n - hits] - rising[2][n], np.float64)


def _shapes() -> tuple[Floats, Floats]:
    """The two parameters of the beta distribution at each point of the grid."""
    share, likeness = _grid()
    scale = (1.0 - likeness) / likeness
    return share * scale, (1.0 - share) * scale


@lru_cache(maxsize=_MOST_HELD.bit_length() + 1)
def _rising(size: int) -> tuple[Floats, Floats, Floats]:
    """Logarithms of the rising factorials of a, b and a + b up to ``size``: log B(a + k, b + n - k) is made of them."""
    a, b = _shapes()
    steps = np.arange(size)[:, None]
    zero = np.zeros((1, len(a)))
    found = [np.concatenate([zero, np.cumsum(np.log(start + steps), axis=0)]) for start in (a, b, a + b)]
    return found[0], found[1], found[2]
