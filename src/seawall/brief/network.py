"""A coordination network as geometry: each group in a place of its own, deterministic. The template draws it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from seawall.brief.bubbles import bubbles
from seawall.brief.content import Edge, Network, Node
from seawall.brief.forces import disc
from seawall.brief.groups import groups_of, hue, outline, strongest_edges
from seawall.brief.network_picture import NARROW, SHAPES, Dot, Hull, Line, NetworkPicture, Place
from seawall.brief.packing import Disc, packed, widest
from seawall.brief.words import number, short

MOST_NODES, MOST_NODES_NARROW = 2000, 300
"""Above so many accounts the groups are drawn, not the accounts."""
MOST_EDGES = 2500
FEW_NODES = 150
"""Up to so many accounts the most active ones of each group are named in the picture."""
FEW_LINES = 400
"""Up to so many lines each is easier to hit than it is wide."""

_LABELS_A_GROUP = 2
_LABEL_WIDTH, _LABEL_HEIGHT = 64, 15
_CAPTION = 22
_NAME_WIDTH = 132
_ROOM = (0.5, 13.0, 56.0)  # the part of the room that accounts are spread over, and the least and most spacing


def draw(network: Network, width: int) -> NetworkPicture:
    """The geometry of a network; the same network always looks the same.

    Args:
        network: of at most MOST_NODES accounts each is drawn (MOST_NODES_NARROW in a narrow picture), in a place of its
            group's own; of more, the groups are drawn instead.
        width: of the picture, in units of about a pixel.
    """
    if len(network.nodes) > (MOST_NODES_NARROW if width <= NARROW else MOST_NODES):
        return bubbles(network, width)
    return _accounts(network, width)


def _accounts(network: Network, width: int) -> NetworkPicture:
    groups = groups_of(network.nodes)
    edges = backbone(network, MOST_EDGES)
    discs, height, spacing = _arranged(groups, edges, width)
    places = {
        one: place
        for members, where in zip(groups, discs, strict=True)
        for one, place in _within(members, edges, where, spacing).items()
    }
    return NetworkPicture(
        width=width,
        height=height,
        aggregated=False,
        dots=tuple(_dots(network, groups, places, spacing, width)),
        lines=tuple(_lines(edges, places, network, spacing)),
        hulls=tuple(_hulls(groups, places, discs, spacing, width)),
        pad=round(spacing * 0.9, 1),
        hidden_groups=0,
        hidden_pairs=len(network.edges) - len(edges),
        thin=len(edges) > FEW_LINES,
    )


def backbone(network: Network, most: int) -> list[Edge]:
    """At most so many pairs, the strongest first, so chosen that no account loses its last line unless it must.

    First those of a spanning forest of strongest pairs (Kruskal 1956), then the strongest of the rest.
    """
    edges = strongest_edges(network)
    if len(edges) <= most:
        return edges
    from networkx.utils import UnionFind

    joined = UnionFind(node.id for node in network.nodes)
    forest: list[Edge] = []
    rest: list[Edge] = []
    for edge in edges:
        apart = joined[edge.source] != joined[edge.target]
        (forest if apart else rest).append(edge)
        joined.union(edge.source, edge.target)
    chosen = (forest + rest)[:most]
    return sorted(chosen, key=lambda edge: (-edge.weight, edge.source, edge.target))


def _arranged(groups: list[list[Node]], edges: Sequence[Edge], width: int) -> tuple[list[Disc], int, float]:
    """Discs for the groups, the height of the page, and how far apart accounts are."""
    homes = {node.id: index for index, members in enumerate(groups) for node in members}
    ties: dict[tuple[int, int], float] = {}
    for edge in edges:
        one, other = sorted((homes[edge.source], homes[edge.target]))
        if one != other:
            ties[one, other] = ties.get((one, other), 0.0) + edge.weight
    share, least, most = _ROOM
    count = sum(map(len, groups))
    spacing = min(most, max(least, math.sqrt(share * width * min(width, 640) / max(count, 1))))
    for _ in range(3):
        radii = [_radius(len(members), spacing) + 0.9 * spacing + _CAPTION / 2 for members in groups]
        wide = widest(radii, ties)
        if wide <= width:
            break
        spacing *= 0.97 * width / wide
    placed, height = packed(radii, ties, width)
    discs = [
        Disc(one.x, one.y + _CAPTION / 2, _radius(len(members), spacing))
        for one, members in zip(placed, groups, strict=True)
    ]
    return discs, math.ceil(height + _CAPTION / 2), spacing


def _radius(accounts: int, spacing: float) -> float:
    return 0.62 * spacing * math.sqrt(accounts) if accounts > 1 else 0.0


def _within(members: Sequence[Node], edges: Sequence[Edge], where: Disc, spacing: float) -> dict[str, Place]:
    """Where the accounts of a group lie: those with strong ties close together."""
    numbers = {node.id: place for place, node in enumerate(members)}
    inside = [edge for edge in edges if edge.source in numbers and edge.target in numbers]
    ends = np.array([(numbers[edge.source], numbers[edge.target]) for edge in inside], np.int32).reshape(-1, 2)
    x, y = disc(len(members), ends, np.array([edge.weight for edge in inside], np.float64))
    reach = max(where.r, 0.35 * spacing)
    return {
        node.id: (round(where.x + float(x[place]) * reach, 1), round(where.y + float(y[place]) * reach, 1))
        for node, place in zip(members, range(len(members)), strict=True)
    }


def _dots(
    network: Network, groups: list[list[Node]], places: Mapping[str, Place], spacing: float, width: int
) -> Iterator[Dot]:
    most = max((node.activity for node in network.nodes), default=1.0) or 1.0
    largest = max(3.2, min(12.0, 0.36 * spacing))
    strongest = _strongest_of_each(network)
    few = len(network.nodes) <= FEW_NODES
    for index, members in enumerate(groups):
        shape = SHAPES[index % len(SHAPES)]
        sizes = {node.id: round(2.2 + (largest - 2.2) * math.sqrt(max(node.activity, 0) / most), 1) for node in members}
        named = _named(members, places, sizes) if few else set()
        for node in members:
            (x, y), r = places[node.id], sizes[node.id]
            yield Dot(
                x=x,
                y=y,
                r=r,
                hue=hue(index),
                path=outline(shape, x, y, r),
                core=node.core,
                title=f"{short(node.id)}: {number(node.activity)} shares, group {index + 1}",
                label=short(node.id) if few else "",
                label_x=min(max(x, _LABEL_WIDTH / 2), width - _LABEL_WIDTH / 2),
                label_y=round(y - r - 4, 1),
                named=node.id in named,
                pair=strongest.get(node.id),
            )


def _strongest_of_each(network: Network) -> dict[str, Edge]:
    strongest: dict[str, Edge] = {}
    for edge in strongest_edges(network):
        strongest.setdefault(edge.source, edge)
        strongest.setdefault(edge.target, edge)
    return strongest


def _named(members: Sequence[Node], places: Mapping[str, Place], sizes: Mapping[str, float]) -> set[str]:
    """The most active accounts whose labels do not cover one another."""
    taken: list[Place] = []
    named: set[str] = set()
    for node in members[: 3 * _LABELS_A_GROUP]:
        x, y = places[node.id][0], places[node.id][1] - sizes[node.id]
        free = all(abs(x - tx) > _LABEL_WIDTH or abs(y - ty) > _LABEL_HEIGHT for tx, ty in taken)
        if free and len(named) < _LABELS_A_GROUP:
            taken.append((x, y))
            named.add(node.id)
    return named


def _lines(edges: Sequence[Edge], places: Mapping[str, Place], network: Network, spacing: float) -> Iterator[Line]:
    """The strongest pair last, so that it lies on top."""
    homes = {node.id: node.group for node in network.nodes}
    most = max((edge.weight for edge in edges), default=1.0) or 1.0
    broadest = max(1.2, min(4.5, 0.16 * spacing))
    for edge in reversed(edges):
        (x1, y1), (x2, y2) = places[edge.source], places[edge.target]
        yield Line(
            x1=x1, y1=y1, x2=x2, y2=y2,
            width=round(0.4 + (broadest - 0.4) * math.sqrt(edge.weight / most), 2),
            between=homes[edge.source] != homes[edge.target],
            title=f"{short(edge.source)} and {short(edge.target)}: {number(edge.weight)}",
            pair=edge,
        )  # fmt: skip


def _hulls(
    groups: list[list[Node]], places: Mapping[str, Place], discs: Sequence[Disc], spacing: float, width: int
) -> Iterator[Hull]:
    for index, (members, where) in enumerate(zip(groups, discs, strict=True)):
        corners = _convex([places[node.id] for node in members])
        high = min(y for _, y in corners)
        roomy = 2 * (where.r + spacing) > _NAME_WIDTH or len(groups) == 1
        half = _NAME_WIDTH / 2 if roomy else 12
        yield Hull(
            number=index + 1,
            points=" ".join(f"{x},{y}" for x, y in corners),
            hue=hue(index),
            x=round(min(max(where.x, half), width - half), 1),
            y=round(high - 0.55 * spacing - 4, 1),
            name=f"Group {index + 1}: {number(len(members))} accounts" if roomy else f"{index + 1}",
        )


def _convex(points: Sequence[Place]) -> list[Place]:
    """Corners of the convex hull (Andrew's monotone chain)."""
    ordered = sorted(set(points))
    if len(ordered) < 3:
        return ordered

    def half(chain: Sequence[Place]) -> list[Place]:
        kept: list[Place] = []
        for point in chain:
            while len(kept) > 1 and _turn(kept[-2], kept[-1], point) <= 0:
                kept.pop()
            kept.append(point)
        return kept[:-1]

    return half(ordered) + half(ordered[::-1])


def _turn(a: Place, b: Place, c: Place) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
