"""How large things of a kind usually get, where a few get very large: their upper tail, and what lies beyond it.

The null model in words: of all things of a kind (the texts that are copied on a platform; the places that are new to a
lake) the size has an upper tail that falls as a power of it. The power is estimated from the upper
tenth of the things themselves; of these the largest tenth count as "at least so large" only, so
that a few campaigns among them do not make themselves usual. What is not known about the power counts: few things to
compare with make a heavy tail. Sources: Clauset, Shalizi and Newman 2009 (power laws of counts, and where they begin);
Corral, Deluca and Ferrer-i-Cancho 2012 (a continuous tail seen as whole numbers).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

UPPER, LEAST = 0.1, 40
"""The tail is the upper tenth, of 40 things at least."""
CENSORED = 0.1
"""Of the tail, the largest tenth count as "at least so large"."""
POWERS: Floats = np.geomspace(0.3, 30.0, 121)
BELIEF: Floats = 2.0 * np.log(POWERS) - POWERS
"""Logarithm of what is believed of each power beforehand: a gamma distribution of shape 2 and mean 2."""
FARTHEST = 1e9
SMALLEST = 1e-300


@dataclass(frozen=True)
class Tail:
    """P(X >= x) of things of one kind.

    Args:
        sizes: of all of them, ascending.
        edge: where the tail begins.
        weight: the part of them that lies in it.
        belief: of each of POWERS how likely it is, given the sizes.
    """

    sizes: Floats
    edge: float
    weight: float
    belief: Floats

    @classmethod
    def of(cls, values: Floats, steps: Floats | None = None) -> Tail:
        """The tail of the sizes of things.

        Args:
            values: at least 1 each, if they are counts.
            steps: how far the next larger value would be; 1 if they are counts.

        >>> tail = Tail.of(np.repeat([1.0, 2.0, 3.0], [70, 20, 10]))
        >>> [round(float(p), 4) for p in tail.p(np.array([1.0, 2.0, 40.0]))]
        [1.0, 0.2707, 0.0012]
        """
        order = np.argsort(values, kind="stable")
        sizes = values[order]
        ends = sizes + (1.0 if steps is None else steps[order])
        wanted = max(LEAST, int(np.ceil(UPPER * len(sizes))))
        edge = float(sizes[-min(wanted, len(sizes))]) if len(sizes) else 1.0
        inside = len(sizes) - int(np.searchsorted(sizes, edge))
        body, limit = _body(sizes[len(sizes) - inside :], ends[len(sizes) - inside :], edge)
        beyond = -POWERS * (inside - len(body[0])) * np.log(limit / edge)
        belief = BELIEF + _seen(body[0] / edge, body[1] / edge) + beyond
        belief = np.exp(belief - belief.max())
        return cls(sizes, edge, inside / len(sizes) if inside else 1.0, belief / belief.sum())

    def p(self, values: Floats) -> Floats:
        """The chance of at least this much for a thing that is as usual."""
        ranks = len(self.sizes) - np.searchsorted(self.sizes, values)
        common = ranks / max(len(self.sizes), 1)
        return np.asarray(np.where(values < self.edge, common, self._beyond(values)), np.float64)

    def fastest(self, part: float) -> float:
        """What the largest of all these things stays below with a probability, if all are as usual."""
        chance = -np.expm1(np.log(part) / max(len(self.sizes), 1))
        if chance >= self.weight:
            return float(np.quantile(self.sizes, 1.0 - chance)) if len(self.sizes) else self.edge
        low, high = np.log(self.edge), np.log(self.edge * FARTHEST)
        for _ in range(60):
            middle = (low + high) / 2
            more = float(self._beyond(np.exp(np.array([middle])))[0]) > chance
            low, high = (middle, high) if more else (low, middle)
        return float(np.exp(low))

    def _beyond(self, values: Floats) -> Floats:
        logs = np.log(np.maximum(values / self.edge, 1.0))
        return np.asarray(self.weight * np.minimum(self.belief @ np.exp(-POWERS[:, None] * logs), 1.0), np.float64)


def _body(sizes: Floats, ends: Floats, edge: float) -> tuple[tuple[Floats, Floats], float]:
    """The tail without its largest tenth, as (from, to), and the limit at and above which that tenth lies.

    Of equal values none or all are left out: a tenth at most is.
    """
    whole = len(sizes) - int(np.ceil(CENSORED * len(sizes)))
    if not whole:
        return (sizes[:0], ends[:0]), edge
    stop = int(np.searchsorted(sizes, sizes[whole - 1], side="right"))
    limit = min([ends[whole - 1], *sizes[stop : stop + 1]])
    return (sizes[:stop], ends[:stop]), float(limit)


def _seen(low: Floats, high: Floats) -> Floats:
    """For each of POWERS the log likelihood of values from ``low`` to ``high``, in parts of the edge."""
    pairs, times = np.unique(low + 1j * high, return_counts=True)
    logs, widths = np.log(pairs.real), np.log(pairs.imag / pairs.real)
    each = -POWERS[:, None] * logs + np.log(-np.expm1(-POWERS[:, None] * widths))
    return np.asarray(each @ times, np.float64)


def combined(chances: Floats) -> Floats:
    """One p of several looks at the same thing (rows), for each thing (columns): their harmonic mean (Wilson 2019).

    Looks that agree cost nothing; one that stands alone is worth as if the others had been in vain.

    >>> combined(np.array([[0.01, 0.01], [0.01, 1.0]])).round(4).tolist()
    [0.01, 0.0198]
    """
    return np.asarray(len(chances) / np.sum(1.0 / np.maximum(chances, SMALLEST), axis=0), np.float64)
