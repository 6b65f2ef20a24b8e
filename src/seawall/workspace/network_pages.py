"""A network of all layers as what a page draws: its accounts by community, its pairs with the messages behind them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

import pyarrow as pa

from seawall.brief import Edge, GroupTold, Network, NetworkPage, Node
from seawall.detectors.coordination_behind import with_messages
from seawall.measures.layers import LayeredNetwork
from seawall.workspace.behind import Held, held, together_of, wanted
from seawall.workspace.network_words import GroupFound
from seawall.workspace.opened import OpenedFolder

MOST_LISTED = 20_000
"""Of so many pairs, the heaviest, the messages are looked up."""


def network_page(
    workspace: OpenedFolder, found: LayeredNetwork, sentence: str, groups: Iterable[GroupFound], command: str
) -> NetworkPage:
    """The network with its groups in words, and how it was made."""
    return NetworkPage(
        title=f"Network: {workspace.path.resolve().name}",
        sentence=sentence,
        workspace=workspace.path.resolve().name,
        made_at=datetime.now(UTC),
        lake_version=found.input_version,
        version=version("seawall"),
        network=network_shown(workspace, found),
        groups=tuple(GroupTold(f"Group {one.number}: {one.sentence}", one.doubt) for one in groups),
        parameters=found.parameters,
        command=command,
    )


def network_shown(workspace: OpenedFolder, found: LayeredNetwork) -> Network:
    """The network as a page draws it, with some messages behind each pair."""
    members = found.communities(least=2)
    together = found.among(members["account"].to_pylist()) if len(members) else None
    edges = _edges(found, together)
    with workspace.reading() as lake:
        messages = held(lake, wanted(edges))
    windows = {row["window_s"] for row in found.layers.to_pylist() if row["window_s"] is not None}
    return Network(
        title="Accounts that acted together",
        unit=f"things shared within {' or '.join(f'{one:g}' for one in sorted(windows))} seconds of each other",
        source="messages in the lake, by time sent, UTC",
        nodes=_nodes(members, together),
        edges=tuple(_edge(row, messages) for row in edges),
        folder=workspace.path.resolve().name,
    )


def _nodes(members: pa.Table, together: pa.Table | None) -> tuple[Node, ...]:
    if together is None:
        return ()
    wrote = together.group_by("account").aggregate([("message", "count_distinct")]).to_pylist()
    activity = {row["account"]: float(row["message_count_distinct"]) for row in wrote}
    return tuple(
        Node(row["account"], activity.get(row["account"], 1.0), row["community"], row["core"])
        for row in members.to_pylist()
    )


def _edges(found: LayeredNetwork, together: pa.Table | None) -> list[dict[str, Any]]:
    """The pairs, the heaviest with ``behind``."""
    pairs = found.found.sort_by([("weight", "descending"), ("source", "ascending"), ("target", "ascending")])
    rows: list[dict[str, Any]] = pairs.to_pylist()
    if together is None:
        return rows
    windows = {row["layer"]: row["window_s"] for row in found.layers.to_pylist()}
    detail = _by_pair(found)
    listed = with_messages(
        rows[:MOST_LISTED], together, {name: one for name, one in windows.items() if one is not None}
    )
    return [{**row, **detail.get((row["source"], row["target"]), {})} for row in (*listed, *rows[MOST_LISTED:])]


def _by_pair(found: LayeredNetwork) -> dict[tuple[Any, Any], dict[str, float]]:
    """What chance gives over all layers, and the median gap of the layer in which a pair met most."""
    columns = [name for name in ("expected",) if name in found.edges.column_names]
    grouped = found.edges.group_by(["source", "target"], use_threads=False).aggregate(
        [*((name, "sum") for name in columns), ("median_lag_s", "first")]
    )
    return {
        (row["source"], row["target"]): {"expected": row.get("expected_sum"), "lag_s": row["median_lag_s_first"]}
        for row in grouped.to_pylist()
    }


def _edge(row: dict[str, Any], messages: Held) -> Edge:
    by_things = row.get("reason") == "things"
    return Edge(
        source=row["source"],
        target=row["target"],
        weight=float(row["weight"]),
        expected=None if by_things else row.get("expected"),
        q=row.get("q_sharing" if by_things else "q"),
        leads=row.get("leads"),
        lag_s=row.get("lag_s"),
        behind=together_of(row.get("behind", ()), messages),
        behind_total=int(row["weight"]),
    )
