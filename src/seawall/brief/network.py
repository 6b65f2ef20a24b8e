"""The coordination network as geometry: each group in a place of its own, deterministic. The template draws it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import networkx as nx

from seawall.brief.content import Edge, Network, Node
from seawall.brief.words import short

MOST_NODES = 300
MOST_EDGES = 1500
HUES = 7
SHAPES = ("circle", "square", "triangle", "diamond")
_SEED = 7
_LABELS_A_GROUP = 2
_CAPTION = 22
_CAPTION_WIDTH = 150
_LABEL_WIDTH, _LABEL_HEIGHT = 64, 15
Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Dot:
    """An account in the picture."""

    id: str
    activity: float
    x: float
    y: float
    r: float
    hue: str  # a token: "group-1"
    shape: str
    path: str  # for every shape but the circle
    label: str  # empty = none
    label_x: float


@dataclass(frozen=True, slots=True)
class Line:
    """A pair of accounts in the picture."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float
    title: str


@dataclass(frozen=True, slots=True)
class Hull:
    """A group in the picture."""

    number: int
    accounts: int
    points: str
    hue: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group in the table."""

    number: int
    hue: str
    shape: str
    accounts: int
    pairs: int
    strongest: float
    leaders: tuple[str, ...]  # the most active accounts


@dataclass(frozen=True, slots=True)
class NetworkPicture:
    """Where everything lies, in units of about a pixel."""

    width: int
    height: int
    dots: tuple[Dot, ...]
    lines: tuple[Line, ...]
    hulls: tuple[Hull, ...]
    hidden_accounts: int
    hidden_pairs: int


def group_rows(network: Network) -> list[GroupRow]:
    """The table twin: groups from the largest, numbered from 1 as in the picture."""
    rows = []
    homes = {node.id: node.group for node in network.nodes}
    weights: dict[int, list[float]] = {}
    for edge in network.edges:
        home = homes.get(edge.source)
        if home is not None and home == homes.get(edge.target):
            weights.setdefault(home, []).append(edge.weight)
    for index, members in enumerate(_groups(network.nodes)):
        inside = weights.get(members[0].group, [])
        rows.append(
            GroupRow(
                number=index + 1,
                hue=_hue(index),
                shape=SHAPES[index % len(SHAPES)],
                accounts=len(members),
                pairs=len(inside),
                strongest=max(inside, default=0.0),
                leaders=tuple(node.id for node in members[:3]),
            )
        )
    return rows


def strongest_edges(network: Network) -> list[Edge]:
    """All edges, the heaviest first."""
    return sorted(network.edges, key=lambda edge: (-edge.weight, edge.source, edge.target))


def draw(network: Network, width: int) -> NetworkPicture:
    """The geometry of a network; the same network always looks the same."""
    groups = list(_shown(_groups(network.nodes)))
    shown = {node.id: index for index, members in enumerate(groups) for node in members}
    between = [edge for edge in strongest_edges(network) if edge.source in shown and edge.target in shown]
    edges = between[:MOST_EDGES]
    places, discs, height = _arranged(groups, edges, width)
    most = max((node.activity for members in groups for node in members), default=1.0) or 1.0
    return NetworkPicture(
        width=width,
        height=height,
        dots=tuple(_dots(groups, places, discs, most, width)),
        lines=tuple(_lines(edges, places, network.unit)),
        hulls=tuple(_hulls(groups, places, discs)),
        hidden_accounts=len(network.nodes) - len(shown),
        hidden_pairs=len(network.edges) - len(edges),
    )


def _groups(nodes: Sequence[Node]) -> list[list[Node]]:
    sizes = Counter(node.group for node in nodes)
    members: dict[int, list[Node]] = {}
    for node in sorted(nodes, key=lambda node: (-node.activity, node.id)):
        members.setdefault(node.group, []).append(node)
    return [members[group] for group in sorted(members, key=lambda group: (-sizes[group], group))]


def _shown(groups: list[list[Node]]) -> Iterator[list[Node]]:
    room = MOST_NODES
    for place, members in enumerate(groups):
        if len(members) > room and place:
            return
        yield members[:room]
        room -= len(members)


def _hue(index: int) -> str:
    return f"group-{index + 1}" if index < HUES else "group-other"


@dataclass(frozen=True, slots=True)
class _Disc:
    x: float
    y: float
    r: float


def _arranged(groups: list[list[Node]], edges: Sequence[Edge], width: int) -> tuple[dict[str, Place], list[_Disc], int]:
    """Discs in rows from the largest group on, and each account's place in its disc."""
    discs: list[_Disc] = []
    x = y = row_height = 0.0
    for members in groups:
        r = min(20 + 30 * math.sqrt(len(members)), width / 2 - 6, 320.0)
        room = max(2 * r, _CAPTION_WIDTH)
        if x and x + room > width:
            x, y, row_height = 0.0, y + row_height, 0.0
        discs.append(_Disc(x + room / 2, y + r + _CAPTION, r))
        x += room + 12
        row_height = max(row_height, 2 * r + _CAPTION + 12)
    places: dict[str, Place] = {}
    for members, disc in zip(groups, discs, strict=True):
        for one, (px, py) in _within(members, edges).items():
            reach = disc.r - 16
            places[one] = (round(disc.x + px * reach, 1), round(disc.y + py * reach, 1))
    return places, discs, math.ceil(y + row_height)


def _within(members: Sequence[Node], edges: Sequence[Edge]) -> Mapping[str, Place]:
    """Places in the unit disc: accounts with strong ties lie close together."""
    graph = nx.Graph()
    graph.add_nodes_from(sorted(node.id for node in members))
    graph.add_weighted_edges_from(
        (edge.source, edge.target, math.sqrt(edge.weight))
        for edge in edges
        if edge.source in graph and edge.target in graph
    )
    if len(members) == 1:
        return {members[0].id: (0.0, 0.0)}
    spread = nx.spring_layout(graph, seed=_SEED, iterations=100, k=2.2 / math.sqrt(len(members)), method="force")
    far = max(math.hypot(*place) for place in spread.values()) or 1.0
    return {one: (float(place[0]) / far, float(place[1]) / far) for one, place in spread.items()}


def _dots(
    groups: list[list[Node]], places: Mapping[str, Place], discs: list[_Disc], most: float, width: int
) -> Iterator[Dot]:
    for index, (members, disc) in enumerate(zip(groups, discs, strict=True)):
        largest = max(3.5, min(11.0, 0.5 * disc.r / math.sqrt(len(members))))
        shape = SHAPES[index % len(SHAPES)]
        sizes = {
            node.id: round(2.5 + (largest - 2.5) * math.sqrt(max(node.activity, 0.0) / most), 1) for node in members
        }
        named = _named(members, places, sizes)
        for node in members:
            (x, y), r = places[node.id], sizes[node.id]
            label = short(node.id) if node.id in named else ""
            label_x = min(max(x, _LABEL_WIDTH / 2), width - _LABEL_WIDTH / 2)
            yield Dot(node.id, node.activity, x, y, r, _hue(index), shape, _outline(shape, x, y, r), label, label_x)


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


def _outline(shape: str, x: float, y: float, r: float) -> str:
    if shape == "square":
        side = r * 0.9
        return f"M{x - side:.1f} {y - side:.1f}h{2 * side:.1f}v{2 * side:.1f}h{-2 * side:.1f}Z"
    if shape == "triangle":
        return f"M{x:.1f} {y - 1.2 * r:.1f}L{x + 1.1 * r:.1f} {y + 0.8 * r:.1f}H{x - 1.1 * r:.1f}Z"
    if shape == "diamond":
        reach = 1.25 * r
        return f"M{x:.1f} {y - reach:.1f}L{x + reach:.1f} {y:.1f}L{x:.1f} {y + reach:.1f}L{x - reach:.1f} {y:.1f}Z"
    return ""


def _lines(edges: Sequence[Edge], places: Mapping[str, Place], unit: str) -> Iterator[Line]:
    most = max((edge.weight for edge in edges), default=1.0) or 1.0
    for edge in reversed(edges):
        (x1, y1), (x2, y2) = places[edge.source], places[edge.target]
        title = f"{edge.source} and {edge.target}: {edge.weight:g} {unit}"
        yield Line(x1, y1, x2, y2, round(0.6 + 3.4 * edge.weight / most, 2), title)


def _hulls(groups: list[list[Node]], places: Mapping[str, Place], discs: list[_Disc]) -> Iterator[Hull]:
    for index, (members, disc) in enumerate(zip(groups, discs, strict=True)):
        corners = _convex([places[node.id] for node in members])
        points = " ".join(f"{x},{y}" for x, y in corners)
        yield Hull(index + 1, len(members), points, _hue(index), round(disc.x, 1), round(disc.y - disc.r - 4, 1))


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
