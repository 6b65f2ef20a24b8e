"""Were two accounts in time more often than their objects' own times explain, given who shared what?

Under the null the times of an object are dealt anew to its shares. Then two shares are within the window with the
object's own chance, the part of its pairs of shares that are, and objects are independent of one another. An account
with several shares has several tries: at most their number times the chance.
"""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import numpy as np

from seawall.measures.compiled import compiled
from seawall.measures.cores import cores, slices, together
from seawall.measures.coshare.ordering import Indices
from seawall.measures.coshare.sharing import Graph, Sharing
from seawall.measures.coshare.sweep import Edges
from seawall.measures.coshare.tails import Floats, upper_tail
from seawall.measures.keys import Mask, Times
from seawall.measures.prefetch import prefetch

AHEAD = 8
"""How many edges ahead the memory is asked for."""


class Timing(NamedTuple):
    """One entry an edge."""

    common: Indices  # objects that both shared
    expected: Floats  # of them, on how many the two are in time by chance
    p: Floats


@compiled
def _chances(sharing: Graph, shared: Mask, own_times: Indices, other: int, out: Floats) -> int:
    """The chances of the objects that both shared, rising; ``shared`` are those of the one account, ``own_times`` how
    often it shared each of them."""
    starts, thing, times, chance = sharing
    found = 0
    for k in range(starts[other], starts[other + 1]):
        if shared[thing[k]]:
            out[found] = min(1.0, chance[thing[k]] * (own_times[thing[k]] * times[k]))
            found += 1
    if found > 1:
        out[:found].sort()
    return found


@compiled
def _mark(sharing: Graph, account: int, shared: Mask, own_times: Indices, present: bool) -> None:
    starts, thing, times, _ = sharing
    for k in range(starts[account], starts[account + 1]):
        shared[thing[k]] = present
        own_times[thing[k]] = times[k]


@compiled
def _test(
    sharing: Graph,
    source: Indices,
    target: Indices,
    weight: Times,
    longest: int,
    timing: Timing,
    first: int,
    last: int,
) -> None:
    shared, own_times = np.zeros(len(sharing[3]), np.bool_), np.zeros(len(sharing[3]), np.int32)
    out, ones = np.empty(longest), np.ones(longest, np.int64)
    for edge in range(first, last):
        prefetch(sharing[1], sharing[0][target[min(edge + AHEAD, last - 1)]])
        if edge == first or source[edge] != source[edge - 1]:
            if edge > first:
                _mark(sharing, source[edge - 1], shared, own_times, False)
            _mark(sharing, source[edge], shared, own_times, True)
        found = _chances(sharing, shared, own_times, target[edge], out)
        timing.common[edge] = found
        timing.expected[edge] = timing.p[edge] = out[0]
        if found > 1:
            timing.expected[edge] = out[:found].sum()
            timing.p[edge] = upper_tail(out[:found], ones[:found], weight[edge], True)


def timing(sharing: Sharing, edges: Edges) -> Timing:
    """The test of every edge; edges of one source stand together."""
    found = len(edges.weight)
    result = Timing(np.empty(found, np.int32), np.empty(found), np.empty(found))
    longest = int(np.diff(sharing.starts).max(initial=0))
    threads = cores(found)
    together(
        [
            partial(_test, sharing.graph, edges.source, edges.target, edges.weight, longest, result, *part)
            for part in slices(found, 1 if threads == 1 else 16 * threads)
        ],
        threads,
    )
    return result
