"""Communities by the Leiden algorithm, and k-cores."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.measures.graph import leiden, modularity
from seawall.measures.graph.adjacency import Graph, graph_of
from seawall.measures.graph.cores import core_numbers

EDGES = st.lists(st.tuples(st.integers(0, 14), st.integers(0, 14), st.sampled_from([1.0, 2.0, 5.5])), max_size=40)


def simple(edges: list[tuple[int, int, float]]) -> dict[tuple[int, int], float]:
    return {(min(a, b), max(a, b)): weight for a, b, weight in edges if a != b}


def graph(edges: dict[tuple[int, int], float], nodes: int) -> Graph:
    ends = np.array(list(edges), np.int64).reshape(-1, 2)
    return graph_of(ends[:, 0], ends[:, 1], np.array(list(edges.values()), np.float64), nodes)


def in_networkx(edges: dict[tuple[int, int], float], nodes: int) -> nx.Graph:
    out = nx.Graph()
    out.add_nodes_from(range(nodes))
    out.add_weighted_edges_from((a, b, weight) for (a, b), weight in edges.items())
    return out


def sets(community: np.ndarray) -> list[set[int]]:  # type: ignore[type-arg]
    return [set(np.flatnonzero(community == number).tolist()) for number in range(int(community.max()) + 1)]


@given(EDGES)
def test_communities_are_connected_and_modularity_is_that_of_networkx(edges: list[tuple[int, int, float]]) -> None:
    """Each community hangs together, each node is in one, and the modularity is counted as networkx counts it."""
    links = simple(edges)
    found = leiden(graph(links, 15))
    peer = in_networkx(links, 15)
    assert sorted(node for group in sets(found) for node in group) == list(range(15))
    assert all(nx.is_connected(peer.subgraph(group)) for group in sets(found))
    if links:
        assert modularity(graph(links, 15), found) == pytest.approx(nx.community.modularity(peer, sets(found)))
        assert modularity(graph(links, 15), found) >= 0 or len(links) < 2


@given(EDGES)
def test_no_single_move_gains(edges: list[tuple[int, int, float]]) -> None:
    """Moving one node to a community beside it never raises the modularity."""
    links = simple(edges)
    if not links:
        return
    own = graph(links, 15)
    found = leiden(own)
    best = modularity(own, found)
    for a, b in [*links, *((b, a) for a, b in links)]:
        moved = found.copy()
        moved[a] = found[b]
        assert modularity(own, moved) <= best + 1e-9


@pytest.mark.parametrize("name", ["karate", "les_miserables", "florentine"])
def test_it_cuts_as_well_as_louvain(name: str) -> None:
    """On well-known networks the modularity is at least the median of networkx' Louvain over twenty seeds."""
    peer = {
        "karate": nx.karate_club_graph,
        "les_miserables": nx.les_miserables_graph,
        "florentine": nx.florentine_families_graph,
    }[name]()
    peer = nx.convert_node_labels_to_integers(peer)
    links = {(min(a, b), max(a, b)): float(data.get("weight", 1)) for a, b, data in peer.edges(data=True)}
    own = graph(links, len(peer))
    louvain = [nx.community.modularity(peer, nx.community.louvain_communities(peer, seed=seed)) for seed in range(20)]
    assert modularity(own, leiden(own)) >= np.median(louvain) - 1e-9


@pytest.mark.parametrize("seed", range(4))
def test_planted_groups_are_found(seed: int) -> None:
    """Eight groups of 40, ten times as dense inside as between, come out exactly."""
    chance = np.random.default_rng(seed)
    group = np.repeat(np.arange(8), 40)
    chance.shuffle(group)
    first, second = np.triu_indices(320, 1)
    density = np.where(group[first] == group[second], 0.3, 0.01)
    kept = chance.random(len(first)) < density
    own = graph_of(first[kept], second[kept], np.ones(int(kept.sum())), 320)
    found = leiden(own)
    assert {frozenset(some) for some in sets(found)} == {
        frozenset(np.flatnonzero(group == k).tolist()) for k in range(8)
    }


@given(EDGES)
def test_cores_are_those_of_networkx(edges: list[tuple[int, int, float]]) -> None:
    """The k-core of every node is the one that networkx finds."""
    links = simple(edges)
    own = graph(links, 15)
    expected = nx.core_number(in_networkx(links, 15))
    assert core_numbers(own.starts, own.neighbour).tolist() == [expected[node] for node in range(15)]


def test_a_graph_without_nodes_has_no_communities() -> None:
    """Nothing is cut into nothing."""
    assert len(leiden(graph({}, 0))) == 0
    assert modularity(graph({}, 3), np.arange(3, dtype=np.int32)) == 0.0
