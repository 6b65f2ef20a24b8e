"""Of a network only what lies around one account: whom it is tied to, and the ties among these."""

from __future__ import annotations

from dataclasses import replace

from seawall.brief import Network

MOST_NEIGHBOURS = 40
"""So many accounts are drawn around the one in the middle, those with the strongest ties to it."""


def ego(network: Network, account: str, *, most: int = MOST_NEIGHBOURS) -> Network:
    """The network around an account; the whole one where it is no larger than that.

    Args:
        network: pairs of accounts.
        account: the one in the middle.
        most: of its neighbours those with the heaviest pairs, so many.
    """
    if len(network.nodes) <= most + 1:
        return network
    weights: dict[str, float] = {}
    for edge in network.edges:
        if account in (edge.source, edge.target):
            other = edge.target if edge.source == account else edge.source
            weights[other] = weights.get(other, 0.0) + edge.weight
    near = {account, *sorted(weights, key=lambda one: (-weights[one], one))[:most]}
    return replace(
        network,
        title=f"{network.title}: {len(near):,} of {len(network.nodes):,}, around the one in the middle",
        nodes=tuple(node for node in network.nodes if node.id in near),
        edges=tuple(edge for edge in network.edges if edge.source in near and edge.target in near),
    )
