"""The groups of a network: in which order they stand, how they are told apart, and what ties them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from seawall.brief.content import Edge, Network, Node
from seawall.brief.network_picture import SHAPES

HUES = 7


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group in the table."""

    number: int
    hue: str
    shape: str
    accounts: int
    core: int
    pairs: int
    strongest: Edge | None
    leaders: tuple[str, ...]  # the most active accounts


def groups_of(nodes: Sequence[Node]) -> list[list[Node]]:
    """The accounts by group, the largest group first, in it the most active account."""
    sizes = Counter(node.group for node in nodes)
    members: dict[int, list[Node]] = {}
    for node in sorted(nodes, key=lambda node: (-node.activity, node.id)):
        members.setdefault(node.group, []).append(node)
    return [members[group] for group in sorted(members, key=lambda group: (-sizes[group], group))]


def strongest_edges(network: Network) -> list[Edge]:
    """All edges, the heaviest first."""
    return sorted(network.edges, key=lambda edge: (-edge.weight, edge.source, edge.target))


def strongest_within(homes: Mapping[str, int], edges: Iterable[Edge]) -> dict[int, Edge]:
    """The heaviest edge inside each group; the edges come heaviest first."""
    found: dict[int, Edge] = {}
    for edge in edges:
        if homes[edge.source] == homes[edge.target]:
            found.setdefault(homes[edge.source], edge)
    return found


def group_rows(network: Network) -> list[GroupRow]:
    """The table twin: groups from the largest, numbered from 1 as in the picture."""
    homes = {node.id: node.group for node in network.nodes}
    edges = [edge for edge in strongest_edges(network) if edge.source in homes and edge.target in homes]
    inside = Counter(homes[edge.source] for edge in edges if homes[edge.source] == homes[edge.target])
    strongest = strongest_within(homes, edges)
    return [
        GroupRow(
            number=index + 1,
            hue=hue(index),
            shape=SHAPES[index % len(SHAPES)],
            accounts=len(members),
            core=sum(node.core for node in members),
            pairs=inside[members[0].group],
            strongest=strongest.get(members[0].group),
            leaders=tuple(node.id for node in members[:3]),
        )
        for index, members in enumerate(groups_of(network.nodes))
    ]


def hue(index: int) -> str:
    """The colour of the group at a place, a token."""
    return f"group-{index + 1}" if index < HUES else "group-other"


def outline(shape: str, x: float, y: float, r: float) -> str:
    """The path of a shape; empty for a circle."""
    if shape == "square":
        side = r * 0.9
        return f"M{x - side:.1f} {y - side:.1f}h{2 * side:.1f}v{2 * side:.1f}h{-2 * side:.1f}Z"
    if shape == "triangle":
        return f"M{x:.1f} {y - 1.2 * r:.1f}L{x + 1.1 * r:.1f} {y + 0.8 * r:.1f}H{x - 1.1 * r:.1f}Z"
    if shape == "diamond":
        reach = 1.25 * r
        return f"M{x:.1f} {y - reach:.1f}L{x + reach:.1f} {y:.1f}L{x:.1f} {y + reach:.1f}L{x - reach:.1f} {y:.1f}Z"
    return ""
