"""Cut a coordination network into groups that a person can look at; what the accounts are called plays no part."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.measures import Network

MOST_EDGES = 100_000
"""Grouping looks at so many edges at most: the heaviest; edges as light as the first one left out are left out too."""

LARGE = 30
"""A connected group of more accounts is cut into communities (Louvain, weighted by repeats), if it has any."""

CLEAR = 0.3
"""It has if the modularity of the cut is at least this: less is found in groups that are of a piece."""

REMEMBERED = 16
"""So many large groups are not cut again as long as their edges stay as they are."""


def communities(network: Network, least: int) -> list[pa.Array]:
    """Groups of at least ``least`` accounts, the group and in it the account with the earliest share first.

    Accounts are numbered by when their first share was, so that the result depends neither on the order of rows nor on
    account ids. Source of the method: Blondel et al. 2008, as networkx implements it; of what modularity is clear:
    Newman and Girvan 2004.
    """
    import networkx as nx  # here and below: it takes longer to load than most groups to find

    edges = heaviest(network.edges)
    order = network.nodes.sort_by([("first_at", "ascending"), ("first_message", "ascending")])[
        "account"
    ].combine_chunks()
    graph = nx.Graph()
    graph.add_nodes_from(range(len(order)))
    sources = pc.index_in(edges["source"], order).to_pylist()
    targets = pc.index_in(edges["target"], order).to_pylist()
    ends = sorted(
        (min(a, b), max(a, b), w) for a, b, w in zip(sources, targets, edges["weight"].to_pylist(), strict=True)
    )
    graph.add_weighted_edges_from(ends)
    groups: list[list[int]] = []
    for component in nx.connected_components(graph):
        members = sorted(component)
        if len(members) <= LARGE:
            groups.append(members)
        else:
            inside = np.array([edge for edge in ends if edge[0] in component], np.int64)
            inside[:, :2] = np.searchsorted(members, inside[:, :2])
            groups.extend([members[place] for place in group] for group in _cut(inside.tobytes()))
    return [order.take(pa.array(group)) for group in sorted(groups) if len(group) >= least]


@lru_cache(maxsize=REMEMBERED)
def _cut(edges: bytes) -> tuple[tuple[int, ...], ...]:
    """The communities of a connected graph; of each edge the two nodes, numbered from 0, and the weight (int64)."""
    import networkx as nx

    ends = np.frombuffer(edges, np.int64).reshape(-1, 3)
    graph = nx.Graph()
    graph.add_nodes_from(range(int(ends[:, :2].max()) + 1))
    graph.add_weighted_edges_from(ends.tolist())
    found = nx.community.louvain_communities(graph, seed=0)
    if nx.community.modularity(graph, found) < CLEAR:
        return (tuple(graph),)
    return tuple(tuple(sorted(group)) for group in found)


def heaviest(edges: pa.Table) -> pa.Table:
    """At most MOST_EDGES edges (they come heaviest first); a weight is kept whole or not at all."""
    if len(edges) <= MOST_EDGES:
        return edges
    weights = edges["weight"].to_numpy()
    return edges.slice(0, int(np.searchsorted(-weights, -weights[MOST_EDGES], side="left")))
