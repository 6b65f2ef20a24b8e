from __future__ import annotations

import itertools
import math
import random
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seawall.brief import Edge, Network, Node
from seawall.brief.bubbles import MOST_GROUPS, MOST_GROUPS_NARROW
from seawall.brief.groups import group_rows
from seawall.brief.network import MOST_EDGES, MOST_NODES, MOST_NODES_NARROW, backbone, draw
from seawall.brief.network_picture import NetworkPicture
from seawall.brief.packing import packed
from seawall.brief.timeline import NARROW, WIDE
from tests.brief.sample import network


def club(groups: int, members: int, between: int = 0) -> Network:
    """Groups of which each member is tied to the next, and some ties between neighbouring groups."""
    nodes = [Node(f"a{group}-{n}", n, group) for group in range(groups) for n in range(members)]
    edges = [Edge(f"a{g}-{n}", f"a{g}-{n + 1}", 2) for g in range(groups) for n in range(members - 1)]
    edges += [Edge(f"a{g}-0", f"a{g + 1}-0", 1) for g in range(min(between, groups - 1))]
    return Network("clubs", "texts", "test", tuple(nodes), tuple(edges))


def box(picture: NetworkPicture) -> bool:
    return all(0 <= dot.x <= picture.width and 0 <= dot.y <= picture.height for dot in picture.dots)


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_every_account_is_drawn_and_groups_stand_from_the_largest_on(width: int) -> None:
    """All accounts and pairs lie inside the picture; groups are numbered by size, and the table agrees."""
    net = network()
    picture = draw(net, width)
    assert not picture.aggregated
    assert len(picture.dots) == len(net.nodes)
    assert len(picture.lines) == len(net.edges)
    assert box(picture)
    assert picture.hulls[0].name.split(": ")[-1] in ("14 accounts", "1")
    assert [row.accounts for row in group_rows(net)] == [14, 9, 6, 4, 2]
    assert sum(row.pairs for row in group_rows(net)) == len(net.edges)


@pytest.mark.parametrize(("groups", "members"), [(1, 300), (20, 15), (8, 250)])
def test_no_account_covers_another(groups: int, members: int) -> None:
    """At most a few accounts in a hundred touch another, up to the largest network whose accounts are drawn."""
    net = club(groups, members)
    picture = draw(net, WIDE)
    assert len(picture.dots) == groups * members <= MOST_NODES
    cells: dict[tuple[int, int], list[int]] = {}
    for place, dot in enumerate(picture.dots):
        cells.setdefault((int(dot.x // 25), int(dot.y // 25)), []).append(place)
    covered = set()
    for (x, y), here in cells.items():
        near = [p for dx, dy in itertools.product((-1, 0, 1), repeat=2) for p in cells.get((x + dx, y + dy), [])]
        for one, other in itertools.product(here, near):
            a, b = picture.dots[one], picture.dots[other]
            if one < other and math.hypot(a.x - b.x, a.y - b.y) < 0.8 * (a.r + b.r):
                covered.add(one)
    assert len(covered) <= 0.03 * len(picture.dots)
    assert box(picture)


def test_groups_that_are_tied_lie_side_by_side() -> None:
    """In a chain of clubs among others, the distance of neighbours is far below that of any two."""
    net = club(12, 12, between=4)
    picture = draw(net, WIDE)
    middle = {hull.number: (hull.x, hull.y) for hull in picture.hulls}
    tied = [math.dist(middle[n], middle[n + 1]) for n in range(1, 5)]
    every = [math.dist(a, b) for a, b in itertools.combinations(middle.values(), 2)]
    assert max(tied) < sum(every) / len(every)
    assert sum(line.between for line in picture.lines) == 4


def test_too_many_accounts_are_drawn_as_their_groups() -> None:
    """Above the limit a shape is a group, sized by its accounts, and tied to others as its accounts are."""
    net = club(40, 60, between=10)
    assert len(net.nodes) > MOST_NODES
    picture = draw(net, WIDE)
    assert picture.aggregated
    assert len(picture.dots) == 40
    assert len(picture.lines) == 10
    assert all(dot.pair is not None for dot in picture.dots)
    assert box(picture)
    assert not draw(club(10, 30), NARROW).aggregated
    assert draw(club(10, MOST_NODES_NARROW // 10 + 1), NARROW).aggregated


def test_groups_beyond_what_is_drawn_are_counted() -> None:
    """Of many small groups the largest are drawn; drawn and hidden ones add up, wide and narrow."""
    net = club(MOST_GROUPS * 3, 5)
    for width, most in ((WIDE, MOST_GROUPS), (NARROW, MOST_GROUPS_NARROW)):
        picture = draw(net, width)
        assert len(picture.dots) == most
        assert picture.hidden_groups == MOST_GROUPS * 3 - most
        assert box(picture)


def test_pairs_that_are_left_out_part_no_group() -> None:
    """Where pairs are too many, the ones that hold a group together stay, however weak they are."""
    chance = random.Random(1)
    names = [f"a{n}" for n in range(400)]
    strong = [Edge(*sorted(chance.sample(names[:120], 2)), 50.0) for _ in range(6000)]
    weak = [Edge(names[n], names[n + 1], 1.0) for n in range(399)]
    unique = {(edge.source, edge.target): edge for edge in [*weak, *strong]}
    net = Network("clubs", "texts", "test", tuple(Node(name, 1.0) for name in names), tuple(unique.values()))
    kept = backbone(net, MOST_EDGES)
    assert len(kept) == MOST_EDGES < len(unique)
    seen = Counter(end for edge in kept for end in (edge.source, edge.target))
    assert set(seen) == set(names)
    assert [edge.weight for edge in kept] == sorted((edge.weight for edge in kept), reverse=True)


def test_the_picture_depends_on_no_order() -> None:
    """Accounts and pairs in another order give the same picture."""
    net = club(6, 20, between=3)
    assert draw(net, WIDE) == draw(replace(net, nodes=net.nodes[::-1], edges=net.edges[::-1]), WIDE)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(5, 80), min_size=1, max_size=30), st.data())
def test_discs_never_cover_one_another(radii: list[float], data: st.DataObject) -> None:
    """Whatever their sizes and ties, discs lie apart and below the top of the page."""
    pairs = st.tuples(st.integers(0, len(radii) - 1), st.integers(0, len(radii) - 1)).filter(
        lambda pair: pair[0] < pair[1]
    )
    ties = dict.fromkeys(data.draw(st.lists(pairs, max_size=20) if len(radii) > 1 else st.just([])), 1.0)
    discs, height = packed(radii, ties, 2000.0)
    for one, other in itertools.combinations(discs, 2):
        assert math.dist((one.x, one.y), (other.x, other.y)) >= (one.r + other.r) * (1 - 1e-6)
    assert all(one.y - one.r >= -1e-6 and one.y + one.r <= height + 1e-6 for one in discs)
