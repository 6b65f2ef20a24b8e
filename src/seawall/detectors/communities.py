"""Cut a coordination network into groups that a person can look at; what the accounts are called plays no part."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.measures import Network

MOST_EDGES = 100_000
"""Grouping looks at so many edges at most: the heaviest; edges as light as the first one left out are left out too."""

LARGE = 30
"""A connected group of more accounts is cut into communities (Louvain, weighted by repeats)."""


def communities(network: Network, least: int) -> list[pa.Array]:
    """Groups of at least ``least`` accounts, the group and in it the account with the earliest share first.

    Accounts are numbered by when their first share was, so that the result depends neither on the order of rows nor on
    account ids. Source of the method: Blondel et al. 2008, as networkx implements it.
    """
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
        if len(component) <= LARGE:
            groups.append(sorted(component))
        else:
            part = nx.Graph()
            part.add_nodes_from(sorted(component))
            part.add_weighted_edges_from(edge for edge in ends if edge[0] in component)
            groups.extend(sorted(group) for group in nx.community.louvain_communities(part, seed=0))
    return [order.take(pa.array(group)) for group in sorted(groups) if len(group) >= least]


def heaviest(edges: pa.Table) -> pa.Table:
    """At most MOST_EDGES edges (they come heaviest first); a weight is kept whole or not at all."""
    if len(edges) <= MOST_EDGES:
        return edges
    weights = edges["weight"].to_numpy()
    return edges.slice(0, int(np.searchsorted(-weights, -weights[MOST_EDGES], side="left")))
