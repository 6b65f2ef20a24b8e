"""The pairs that a page's pictures and tables lead to, each in a place of its own with the messages behind it."""

from __future__ import annotations

import shlex
from dataclasses import dataclass

from seawall.brief.content import Edge, Network, Together


@dataclass(frozen=True, slots=True)
class PairShown:
    """A pair in its place."""

    anchor: str
    edge: Edge
    unit: str  # what its weight counts
    command: str | None  # what lists all messages behind it


class Pairs:
    """Gives each pair its place as pictures and tables ask for it; the same pair has the same place in all of them."""

    def __init__(self) -> None:
        self._shown: dict[tuple[str, str], PairShown] = {}

    def anchor(self, edge: Edge, network: Network) -> str:
        """The id of the place where the messages behind a pair of a network are listed."""
        pair = (edge.source, edge.target)
        known = self._shown.get(pair)
        if known is None or len(edge.behind) > len(known.edge.behind):
            anchor = known.anchor if known else f"pair-{len(self._shown) + 1}"
            known = self._shown[pair] = PairShown(anchor, edge, network.unit, _command(edge, network))
        return known.anchor

    def listed(self) -> list[PairShown]:
        """All pairs that were asked for so far."""
        return list(self._shown.values())


def after(piece: Together) -> str:
    """How long after the first message the second one came.

    >>> from datetime import UTC, datetime
    >>> at = datetime(2026, 5, 3, tzinfo=UTC)
    >>> after(Together("text", "garden:1", "garden:2", at, at.replace(second=4)))
    '4 s after'
    """
    lag = (piece.target_at - piece.source_at).total_seconds()
    return "at the same moment" if lag == 0 else f"{abs(lag):g} s {'after' if lag > 0 else 'before'}"


def _command(edge: Edge, network: Network) -> str | None:
    if network.folder is None:
        return None
    return shlex.join(["seawall", "network", network.folder, "--edge", edge.source, edge.target])
