"""Discs on a page: none covers another, tied ones lie side by side, and the page is filled from the top."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ties = Mapping[tuple[int, int], float]
"""Two discs, the lower number first -> how strongly they are tied."""

CELL = 4.0
"""The page is filled in columns of this width."""
ANGLES = 24


@dataclass(frozen=True, slots=True)
class Disc:
    """Where a disc lies."""

    x: float
    y: float
    r: float


@dataclass(frozen=True, slots=True)
class _Block:
    """Discs that are tied, around a point."""

    members: tuple[int, ...]
    centres: npt.NDArray[np.float64]
    low: npt.NDArray[np.float64]
    size: npt.NDArray[np.float64]


def widest(radii: Sequence[float], ties: Ties) -> float:
    """The width of the widest of the blocks that tied discs make."""
    return max((float(block.size[0]) for block in _blocks(radii, ties)), default=0.0)


def packed(radii: Sequence[float], ties: Ties, width: float) -> tuple[list[Disc], float]:
    """The place of each disc, and the height of the page.

    Args:
        radii: each disc's radius with the room that it wants around it; the first discs come first.
        ties: which discs belong near one another.
        width: of the page; a block that is wider begins at the left edge and reaches beyond the right one.
    """
    discs = [Disc(0.0, 0.0, radius) for radius in radii]
    columns = max(1, int(width / CELL))
    filled = np.zeros(columns)
    for block in _blocks(radii, ties):
        wide = min(columns, max(1, math.ceil(block.size[0] / CELL)))
        levels = np.lib.stride_tricks.sliding_window_view(filled, wide).max(axis=1)
        place = int(np.argmin(levels))
        top = float(levels[place])
        filled[place : place + wide] = top + block.size[1]
        for member, (x, y) in zip(block.members, block.centres - block.low, strict=True):
            discs[member] = Disc(float(place * CELL + x), float(top + y), radii[member])
    used = np.flatnonzero(filled)
    spare = max(0.0, width - (int(used[-1]) + 1) * CELL) / 2 if len(used) else 0.0
    return [Disc(one.x + spare, one.y, one.r) for one in discs], float(filled.max())


def _blocks(radii: Sequence[float], ties: Ties) -> list[_Block]:
    import networkx as nx  # late: a brief without a network does not wait for it

    graph = nx.Graph()
    graph.add_nodes_from(range(len(radii)))
    graph.add_edges_from(ties)
    groups = sorted((sorted(group) for group in nx.connected_components(graph)), key=lambda group: group[0])
    near: dict[int, list[tuple[int, float]]] = {}
    for (one, other), weight in ties.items():
        near.setdefault(one, []).append((other, weight))
        near.setdefault(other, []).append((one, weight))
    return [_block(group, radii, near) for group in groups]


def _block(group: list[int], radii: Sequence[float], near: Mapping[int, list[tuple[int, float]]]) -> _Block:
    """Disc after disc beside those that it is tied to most, as near to the middle as there is room."""
    members = [group[0]]
    centres, sizes = np.zeros((1, 2)), np.array([radii[group[0]]])
    waiting = set(group[1:])
    pull = dict.fromkeys(waiting, 0.0) | {other: weight for other, weight in near.get(group[0], ()) if other in waiting}
    angles = np.linspace(0.0, 2 * np.pi, ANGLES if len(group) < 100 else ANGLES // 2, endpoint=False)
    around = np.column_stack([np.cos(angles), np.sin(angles)])
    while waiting:
        chosen = min(waiting, key=lambda one: (-pull[one], one))
        waiting.discard(chosen)
        radius = radii[chosen]
        tied = [(members.index(other), weight) for other, weight in near[chosen] if other in set(members)]
        spots = (centres[:, None, :] + around[None] * (sizes + radius)[:, None, None]).reshape(-1, 2)
        gaps = np.hypot(*(spots[:, None, :] - centres[None]).transpose(2, 0, 1))
        free = (gaps > (sizes + radius)[None] - 1e-6).all(axis=1)
        strength = np.zeros(len(members))
        for place, weight in tied:
            strength[place] = weight
        strength = strength / (strength.sum() or 1.0) + 0.5 * sizes**2 / (sizes**2).sum()
        cost = np.where(free, gaps @ strength, np.inf)
        beyond = np.array([(centres[:, 0] + sizes).max() + radius, 0.0])
        best = spots[int(np.argmin(np.round(cost, 6)))] if free.any() else beyond
        members.append(chosen)
        centres, sizes = np.vstack([centres, best]), np.append(sizes, radius)
        for other, weight in near[chosen]:
            if other in waiting:
                pull[other] += weight
    low = (centres - sizes[:, None]).min(axis=0)
    return _Block(tuple(members), centres, low, (centres + sizes[:, None]).max(axis=0) - low)
