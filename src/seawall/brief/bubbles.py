"""A network of too many accounts, with its groups in their place: a bubble a group, a line where groups are tied."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from seawall.brief.content import Edge, Network, Node
from seawall.brief.groups import groups_of, hue, outline, strongest_edges, strongest_within
from seawall.brief.network_picture import NARROW, SHAPES, Dot, Line, NetworkPicture
from seawall.brief.packing import Disc, packed, widest
from seawall.brief.words import counted, number

MOST_GROUPS, MOST_GROUPS_NARROW = 150, 60
MOST_TIES = 600
REACH = 1.25
"""How far the corner of a shape may be from its middle, in its size."""
ROOMY = 24.0
"""From this size on a bubble has room for its number and how many accounts it holds."""
_GAP, _GAP_NARROW = 14.0, 11.0

Tie = tuple[float, int, Edge]
"""Weight of all pairs of two groups, how many pairs, and the strongest of them."""


def bubbles(network: Network, width: int) -> NetworkPicture:
    """The geometry of the groups of a network, the largest ones; area = accounts, width of a line = weight."""
    groups = groups_of(network.nodes)
    shown = groups[: MOST_GROUPS_NARROW if width <= NARROW else MOST_GROUPS]
    homes = {node.id: index for index, members in enumerate(groups) for node in members}
    edges = [edge for edge in strongest_edges(network) if edge.source in homes and edge.target in homes]
    ties = _ties(edges, homes, len(shown))
    discs, sizes, height = _placed(shown, ties, width)
    strongest = strongest_within(homes, edges)
    return NetworkPicture(
        width=width,
        height=height,
        aggregated=True,
        dots=tuple(_dots(shown, discs, sizes, strongest)),
        lines=tuple(_lines(ties, discs)),
        hulls=(),
        pad=0.0,
        hidden_groups=len(groups) - len(shown),
        hidden_pairs=0,
        thin=False,
    )


def _ties(edges: Sequence[Edge], homes: Mapping[str, int], shown: int) -> dict[tuple[int, int], Tie]:
    """The strongest ties of the groups that are shown."""
    found: dict[tuple[int, int], Tie] = {}
    for edge in edges:
        one, other = sorted((homes[edge.source], homes[edge.target]))
        if one != other and other < shown:
            weight, pairs, strongest = found.get((one, other), (0.0, 0, edge))
            found[one, other] = (weight + edge.weight, pairs + 1, strongest)
    kept = sorted(found.items(), key=lambda tie: (-tie[1][0], tie[0]))[:MOST_TIES]
    return dict(kept)


def _placed(
    groups: list[list[Node]], ties: Mapping[tuple[int, int], Tie], width: int
) -> tuple[list[Disc], list[float], int]:
    gap = _GAP_NARROW if width <= NARROW else _GAP
    weights = {pair: tie[0] for pair, tie in ties.items()}
    whole = sum(map(len, groups))
    unit = math.sqrt(0.42 * width * min(width, 640) / max(whole, 1) / math.pi)
    for _ in range(3):
        sizes = [max(5.0, unit * math.sqrt(len(members))) for members in groups]
        radii = [REACH * size + gap for size in sizes]
        wide = widest(radii, weights)
        if wide <= width:
            break
        unit *= 0.95 * width / wide
        gap *= 0.95 * width / wide
    discs, height = packed(radii, weights, width)
    return discs, sizes, math.ceil(height)


def _dots(
    groups: list[list[Node]], discs: Sequence[Disc], sizes: Sequence[float], strongest: Mapping[int, Edge]
) -> Iterator[Dot]:
    for index, (members, where, size) in enumerate(zip(groups, discs, sizes, strict=True)):
        shape = SHAPES[index % len(SHAPES)]
        x, y = round(where.x, 1), round(where.y, 1)
        yield Dot(
            x=x,
            y=y,
            r=round(size, 1),
            hue=hue(index),
            path=outline(shape, x, y, size),
            core=False,
            title=f"Group {index + 1}: {counted(len(members), 'account')}; opens its strongest pair",
            label=f"{index + 1}" if size < ROOMY else f"{index + 1}: {number(len(members))}",
            label_x=x,
            label_y=_label_y(y, size, shape),
            named=True,
            pair=strongest.get(index),
        )


def _label_y(y: float, size: float, shape: str) -> float:
    """In the shape where there is room, else above it."""
    if size < ROOMY:
        return round(y - REACH * size - 3, 1)
    return round(y + 4 + (0.3 * size if shape == "triangle" else 0.0), 1)


def _lines(ties: Mapping[tuple[int, int], Tie], discs: Sequence[Disc]) -> Iterator[Line]:
    most = max((weight for weight, _, _ in ties.values()), default=1.0)
    for (one, other), (weight, pairs, strongest) in reversed(list(ties.items())):
        yield Line(
            x1=round(discs[one].x, 1), y1=round(discs[one].y, 1),
            x2=round(discs[other].x, 1), y2=round(discs[other].y, 1),
            width=round(0.6 + 6.4 * math.sqrt(weight / most), 2),
            between=True,
            title=f"Groups {one + 1} and {other + 1}: {counted(pairs, 'pair')}, {number(weight)} in all; "
            "opens the strongest",
            pair=strongest,
        )  # fmt: skip
