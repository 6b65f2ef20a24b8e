"""One test of a pair over several tables: where objects are few in each, they may be enough together."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.measures.compiled import compiled
from seawall.measures.cores import cores, slices, together
from seawall.measures.coshare.discovery import false_discovery
from seawall.measures.coshare.network import Network
from seawall.measures.coshare.ordering import Bounds, Indices
from seawall.measures.coshare.sharing import Graph
from seawall.measures.coshare.tails import Floats, upper_tail
from seawall.measures.keys import Times

PAIRS_AT_ONCE = 1 << 17

Numbers = npt.NDArray[np.int64]
Local = tuple[Indices, Indices]
"""The numbers of the accounts of each pair in one network; -1 where it has no such account."""


def pooled(networks: Sequence[Network], *, same_messages: bool) -> pa.Table:
    """The pairs that have an edge in any of several networks, each with one test of its timing.

    Args:
        networks: one or more, made with significance, of accounts of one type.
        same_messages: whether a message may stand in several of the tables, as one with a link and a hashtag does. One
            coincidence is then seen in each of them, so their evidence is not added up: ``p`` is the smallest p of the
            networks times the number of those in which the two share an object (Bonferroni), which holds however the
            tables depend on one another. Otherwise ``p`` is the Poisson-binomial tail over the objects of all.

    Returns:
        ``source``, ``target`` (in the order of their ids), ``weight`` (int64) and ``expected`` (float64), added up over
        the networks, ``p`` and ``q`` (float64; Benjamini-Hochberg over at least all pairs that share an object in any
        of them); the smallest p first, then by name.

    Raises:
        MeasureError: a network was made without significance.
    """
    tested = [network.tested() for network in networks]
    names = pc.unique(pa.chunked_array([accounts for accounts, _, _, _ in tested]))
    names = names.take(pc.sort_indices(names))
    known = [pc.index_in(accounts, names).to_numpy() for accounts, _, _, _ in tested]
    keys = [
        _keys(place[edges.source], place[edges.target]) for place, (_, edges, _, _) in zip(known, tested, strict=True)
    ]
    pairs, which = np.unique(np.concatenate(keys), return_inverse=True)
    ends = pairs >> 32, pairs & 0xFFFFFFFF
    weight = np.zeros(len(pairs), np.int64)
    np.add.at(weight, which, np.concatenate([edges.weight for _, edges, _, _ in tested]))
    local = [_local(place, ends, len(names)) for place in known]
    expected, p, tables = _tested([sharing.graph for _, _, _, sharing in tested], local, weight)
    if same_messages:
        smallest = np.ones(len(pairs))
        np.minimum.at(smallest, which, np.concatenate([ps for _, _, ps, _ in tested]))
        p = np.minimum(1.0, smallest * tables)
    hypotheses = min(sum(sharing.pairs for _, _, _, sharing in tested), len(names) * (len(names) - 1) // 2)
    order = np.lexsort((pairs, p))
    return pa.table(
        {
            "source": names.take(pa.array(ends[0][order])),
            "target": names.take(pa.array(ends[1][order])),
            "weight": weight[order],
            "expected": expected[order],
            "p": p[order],
            "q": false_discovery(p, hypotheses)[order],
        }
    )


def _keys(first: Numbers, second: Numbers) -> Numbers:
    low, high = np.minimum(first, second).astype(np.int64), np.maximum(first, second).astype(np.int64)
    return low << 32 | high


def _local(place: Numbers, ends: tuple[Numbers, Numbers], found: int) -> Local:
    back = np.full(found, -1, np.int32)
    back[place] = np.arange(len(place), dtype=np.int32)
    return back[ends[0]], back[ends[1]]


@compiled
def _gather(graph: Graph, local: Local, start: int, stop: int, cursor: Bounds, out: Floats, write: bool) -> None:
    """The chances of the objects that each pair shares in one network, from the pair's cursor on; moves the cursor."""
    starts, thing, times, chance = graph
    for pair in range(start, stop):
        few, many = local[0][pair], local[1][pair]
        if few < 0 or many < 0:
            continue
        if starts[few + 1] - starts[few] > starts[many + 1] - starts[many]:
            few, many = many, few
        low, end = starts[many], starts[many + 1]
        for k in range(starts[few], starts[few + 1]):
            low += np.searchsorted(thing[low:end], thing[k])
            if low == end:
                break
            if thing[low] == thing[k]:
                if write:
                    out[cursor[pair - start]] = min(1.0, chance[thing[k]] * (times[k] * times[low]))
                cursor[pair - start] += 1


@compiled
def _test(all_chances: Floats, bounds: Bounds, weight: Times, start: int, expected: Floats, p: Floats) -> None:
    """The tail of each pair over all its objects."""
    ones = np.ones(max(1, int(np.diff(bounds).max())), np.int64)
    for pair in range(len(bounds) - 1):
        chances = all_chances[bounds[pair] : bounds[pair + 1]]
        chances.sort()
        expected[start + pair] = chances.sum()
        p[start + pair] = upper_tail(chances, ones[: len(chances)], weight[start + pair], True)


def _tested(graphs: Sequence[Graph], local: Sequence[Local], weight: Times) -> tuple[Floats, Floats, Times]:
    """Of each pair: expected, p, and in how many networks it shares an object."""
    found = len(weight)
    expected, p, tables = np.empty(found), np.empty(found), np.zeros(found, np.int64)

    def work(start: int, stop: int) -> None:
        nothing, bounds = np.empty(0), np.zeros(stop - start + 1, np.int64)
        for graph, ends in zip(graphs, local, strict=True):
            common = np.zeros(stop - start, np.int64)
            _gather(graph, ends, start, stop, common, nothing, False)
            bounds[1:] += common
            tables[start:stop] += common > 0
        np.cumsum(bounds, out=bounds)
        chances, cursor = np.empty(bounds[-1]), bounds[:-1].copy()
        for graph, ends in zip(graphs, local, strict=True):
            _gather(graph, ends, start, stop, cursor, chances, True)
        _test(chances, bounds, weight, start, expected, p)

    parts = slices(found, max(1, -(-found // PAIRS_AT_ONCE)))
    together([partial(work, *part) for part in parts if part[0] < part[1]], cores(found))
    return expected, p, tables
