from __future__ import annotations

import math
from itertools import pairwise

from seawall.brief import Edge, Network, Node
from seawall.brief.network_places import MOST_PULLED, placed, ties_of


def garden(groups: list[int]) -> Network:
    """Groups of so many accounts, each a ring; the first accounts of neighbouring groups are tied."""
    names = [[f"g{group}a{number}" for number in range(size)] for group, size in enumerate(groups)]
    rings = [
        Edge(members[place - 1], one, 2.0 + place % 3)
        for members in names
        for place, one in enumerate(members)
        if len(members) > 2 or place
    ]
    between = [Edge(one[0], other[0], 1.0) for one, other in pairwise(names)]
    nodes = [Node(one, 1.0 + place, group) for group, members in enumerate(names) for place, one in enumerate(members)]
    return Network("Gardeners", "", "", tuple(nodes), tuple(rings + between))


def test_every_account_lies_in_its_group_s_disc() -> None:
    """Each account has a place within the disc of its group, and the discs of groups do not cover one another."""
    lying = placed(garden([40, 12, 7, 3, 2]))
    for members, where in zip(lying.groups, lying.discs, strict=True):
        for node in members:
            x, y = lying.places[node.id]
            assert math.hypot(x - where.x, y - where.y) <= where.r + 1e-3
    for place, one in enumerate(lying.discs):
        for other in lying.discs[:place]:
            assert math.hypot(one.x - other.x, one.y - other.y) >= one.r + other.r


def test_the_same_network_lies_the_same() -> None:
    """Places depend on the network alone, not on the order in which it is told."""
    network = garden([20, 9, 4])
    turned = Network("", "", "", network.nodes[::-1], network.edges[::-1])
    assert placed(network).places == placed(turned).places


def test_the_largest_group_comes_first() -> None:
    """Groups are numbered by size, and every line stands once."""
    lying = placed(garden([3, 30, 5]))
    assert [len(members) for members in lying.groups] == [30, 5, 3]
    assert len(lying.lines) == len(garden([3, 30, 5]).edges)


def test_ties_between_groups_are_added_up() -> None:
    """Of two groups the weights and the number of their pairs are told, with the strongest pair."""
    nodes = [[Node("a", 1, 0), Node("b", 1, 0)], [Node("c", 1, 1), Node("d", 1, 1)]]
    edges = [Edge("a", "c", 2.0), Edge("d", "b", 5.0), Edge("a", "b", 9.0)]
    assert ties_of(nodes, edges) == {(0, 1): (7.0, 2, edges[1])}


def test_a_very_large_group_has_places_too() -> None:
    """A group beyond the one that forces are computed for is laid out all the same, nobody upon another."""
    lying = placed(garden([MOST_PULLED + 1]))
    assert len(set(lying.places.values())) == MOST_PULLED + 1


def test_no_account_no_place() -> None:
    """An empty network has no places."""
    assert placed(Network("", "", "", (), ())).places == {}
