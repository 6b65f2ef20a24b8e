"""Places for a network of any size, for a program that draws it: each group in a disc of its own."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from seawall.brief.content import Edge, Network, Node
from seawall.brief.forces import disc
from seawall.brief.groups import groups_of
from seawall.brief.network import backbone
from seawall.brief.packing import Disc, packed

MOST_LINES = 20_000
"""So many pairs are drawn, the strongest, so chosen that no account loses its last line unless it must."""
MOST_PULLED = 3_000
"""Accounts of a larger group lie in the order of their activity, not near those that they are tied to."""
MOST_TIED = 150
"""The ties of so many groups, the largest, decide which lie side by side."""
_APART, _ROOM, _SHAPE = 1.0, 0.9, 1.5


@dataclass(frozen=True, slots=True)
class Placed:
    """Where everything lies; y grows downwards."""

    groups: tuple[tuple[Node, ...], ...]  # the largest first
    discs: tuple[Disc, ...]  # of each group
    places: dict[str, tuple[float, float]]  # of each account
    lines: tuple[Edge, ...]
    ties: dict[tuple[int, int], tuple[float, int, Edge]]  # two groups -> weight, pairs and strongest pair between them


def placed(network: Network) -> Placed:
    """Places of all accounts; the same network always has the same ones."""
    groups = groups_of(network.nodes)
    ties = ties_of(groups, network.edges)
    weights = {pair: weight for pair, (weight, _, _) in ties.items() if pair[1] < MOST_TIED}
    radii = [_radius(len(members)) + _ROOM for members in groups]
    width = math.sqrt(_SHAPE * sum(4 * radius**2 for radius in radii)) + 2 * max(radii, default=0.0)
    around = packed([8 * radius for radius in radii], weights, 8 * width)[0]
    discs = [Disc(one.x / 8, one.y / 8, _radius(len(members))) for one, members in zip(around, groups, strict=True)]
    lines = backbone(network, MOST_LINES)
    homes = {node.id: index for index, members in enumerate(groups) for node in members}
    inside: list[list[Edge]] = [[] for _ in groups]
    for edge in lines:
        if homes[edge.source] == homes[edge.target]:
            inside[homes[edge.source]].append(edge)
    places = {
        name: place
        for members, edges, where in zip(groups, inside, discs, strict=True)
        for name, place in _within(members, edges, where)
    }
    return Placed(tuple(map(tuple, groups)), tuple(discs), places, tuple(lines), ties)


def ties_of(groups: Sequence[Sequence[Node]], edges: Sequence[Edge]) -> dict[tuple[int, int], tuple[float, int, Edge]]:
    """Pairs of groups, the lower place first -> weight and number of the pairs between them, and the strongest."""
    homes = {node.id: index for index, members in enumerate(groups) for node in members}
    ties: dict[tuple[int, int], tuple[float, int, Edge]] = {}
    for edge in edges:
        one, other = sorted((homes[edge.source], homes[edge.target]))
        if one != other:
            weight, pairs, strongest = ties.get((one, other), (0.0, 0, edge))
            heavier = max(strongest, edge, key=lambda tie: tie.weight)
            ties[one, other] = weight + edge.weight, pairs + 1, heavier
    return ties


def _radius(accounts: int) -> float:
    return 0.62 * _APART * math.sqrt(accounts) if accounts > 1 else 0.35 * _APART


def _within(members: Sequence[Node], edges: Sequence[Edge], where: Disc) -> Sequence[tuple[str, tuple[float, float]]]:
    numbers = {node.id: place for place, node in enumerate(members)}
    pulling = edges if len(members) <= MOST_PULLED else ()
    ends = np.array([(numbers[edge.source], numbers[edge.target]) for edge in pulling], np.int32).reshape(-1, 2)
    x, y = disc(len(members), ends, np.array([edge.weight for edge in pulling], np.float64))
    return [
        (node.id, (round(where.x + across * where.r, 3), round(where.y + along * where.r, 3)))
        for node, across, along in zip(members, x.tolist(), y.tolist(), strict=True)
    ]
