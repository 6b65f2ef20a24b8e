from __future__ import annotations

from itertools import pairwise

from seawall.brief import Edge, Network, Node
from seawall.workspace.ego import ego


def network(count: int) -> Network:
    """A hub with so many neighbours, of which each is tied to the next one as well; the later, the stronger."""
    names = [f"a{number:03}" for number in range(count)]
    spokes = [Edge("hub", name, float(place)) for place, name in enumerate(names)]
    rim = [Edge(one, other, 1.0) for one, other in pairwise(names)]
    nodes = (Node("hub", 9.0), *(Node(one, 1.0) for one in names))
    return Network("Shared", "times", "made up", nodes, (*spokes, *rim))


def test_small_ones_stay_whole() -> None:
    """A network that is no larger than what is drawn is drawn whole, whoever is in the middle."""
    whole = network(10)
    assert ego(whole, "a003") is whole


def test_strongest_neighbours() -> None:
    """Of many neighbours those with the strongest ties stay, with the ties among them and the one in the middle."""
    found = ego(network(100), "hub", most=5)
    assert {node.id for node in found.nodes} == {"hub", "a095", "a096", "a097", "a098", "a099"}
    assert len(found.edges) == 5 + 4
    assert "6 of 101" in found.title


def test_around_the_rim() -> None:
    """Around another account its own neighbours are drawn, the hub among them."""
    found = ego(network(100), "a050", most=5)
    assert {node.id for node in found.nodes} == {"hub", "a049", "a050", "a051"}
