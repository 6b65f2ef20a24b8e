"""Who acted together among the messages of a filter, as a page draws and lists it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.brief import Edge, Network, Node
from seawall.brief.network_places import Placed, placed
from seawall.measures.layers import LayeredNetwork, network
from seawall.protocols import Progress
from seawall.workspace.looking_jobs import Job, NetworkAsked, job_of
from seawall.workspace.looking_messages import MessageSeen, messages_of
from seawall.workspace.looking_shelf import held_lake
from seawall.workspace.networks import COLUMNS, USUAL_LAYERS, messages_behind
from seawall.workspace.opened import OpenedFolder

MOST_NODES = 2_000
"""Of more accounts the communities are drawn, unless the accounts are asked for."""
MOST_BUBBLES = 2_000
LISTED = 200


@dataclass(frozen=True, slots=True)
class PairSeen:
    """Two accounts that acted together."""

    source: str
    target: str
    weight: int  # on so many things
    layers: tuple[str, ...]
    leads: float | None  # the part of them on which source was first
    q: float | None


@dataclass(frozen=True, slots=True)
class GroupSeen:
    """A community."""

    number: int  # from 1, the largest first
    accounts: int
    core: int
    pairs: int
    leaders: tuple[str, ...]  # the most active accounts


@dataclass(frozen=True, slots=True)
class NetworkSeen:
    """A network, or how far its computation is.

    Args:
        state: "ready", "working", "failed".
        doing: what is being done.
        done: of what is being done.
        total: of what is being done; None = not known.
        problem: why it failed, a sentence.
        accounts: how many.
        pairs: how many.
        groups: the largest, LISTED at most.
        groups_total: how many there are.
        listed: the heaviest pairs, LISTED at most.
        as_of: when it was computed (UTC).
    """

    state: str
    doing: str = ""
    done: int = 0
    total: int | None = None
    problem: str = ""
    accounts: int = 0
    pairs: int = 0
    groups: tuple[GroupSeen, ...] = ()
    groups_total: int = 0
    listed: tuple[PairSeen, ...] = ()
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True)
class Meeting:
    """Two messages by which two accounts met on one thing."""

    layer: str
    lag_s: float  # positive where the first account was first
    source: MessageSeen
    target: MessageSeen


@dataclass(frozen=True, slots=True)
class EdgeSeen:
    """The messages behind a pair of accounts."""

    source: str
    target: str
    total: int
    meetings: tuple[Meeting, ...]  # of one page, in the order of time
    median_lag_s: float | None
    leads: float | None  # the part of them in which source was first

    @property
    def firsts(self) -> int:
        """In so many pairs of messages the account was first that was first more often."""
        return 0 if self.leads is None else round(self.total * max(self.leads, 1 - self.leads))


def asked_network(workspace: OpenedFolder, asked: NetworkAsked) -> Job[LayeredNetwork]:
    """The job of a network, begun if need be."""
    held = held_lake(workspace.path)

    def compute(progress: Progress) -> LayeredNetwork:
        chosen = asked.chosen
        with workspace.reading() as lake:
            progress("reading messages", 0, None)
            reader = lake.reader("messages", COLUMNS, start=chosen.start, end=chosen.end, where=chosen.where)
            messages = reader.read_all()
            version = lake.version()
        progress("looking for pairs", 0, None)
        found = network(
            messages,
            window=asked.window,
            layers=USUAL_LAYERS,
            significance=asked.least is None,
            min_repeats=asked.least,
            input_version=version,
        )
        progress("placing accounts", 0, None)
        shown_of(found)
        return found

    return job_of(workspace.path, asked, held.version, held.epoch, compute)


@dataclass(frozen=True, slots=True)
class Shown:
    """A network with the places of its accounts."""

    network: Network
    placed: Placed
    groups: tuple[GroupSeen, ...]


def shown_of(found: LayeredNetwork) -> Shown:
    """The accounts, pairs and places of a network; computed once for each."""
    known: Shown | None = found.__dict__.get("shown")
    if known is None:
        made = _network(found)
        lying = placed(made)
        known = found.__dict__["shown"] = Shown(made, lying, tuple(_groups(lying, made.edges)))
    return known


def network_seen(job: Job[LayeredNetwork]) -> NetworkSeen:
    """What a page says of a network."""
    if not job.ended.is_set():
        return NetworkSeen("working", job.doing, job.done, job.total)
    if job.found is None:
        return NetworkSeen("failed", problem=str(job.error))
    shown = shown_of(job.found)
    return NetworkSeen(
        state="ready",
        accounts=len(shown.network.nodes),
        pairs=len(shown.network.edges),
        groups=shown.groups[:LISTED],
        groups_total=len(shown.groups),
        listed=tuple(_listed(job.found)),
        as_of=job.begun,
    )


def drawn(job: Job[LayeredNetwork], asked: NetworkAsked, *, every_account: bool) -> dict[str, Any]:
    """The network for the script that draws it.

    Args:
        job: that has ended well.
        asked: what it was asked for.
        every_account: draw the accounts even where they are more than ``MOST_NODES``.

    Returns:
        ``nodes``: name, x, y, size, group (from 0), core (0 or 1); ``edges``: two places in ``nodes``, weight, and of
        communities the two accounts whose messages stand for it; ``groups``: x, y, radius, accounts; ``whole_groups``:
        whether nodes are communities.
    """
    assert job.found is not None  # noqa: S101 - callers ask for networks that are there
    shown = shown_of(job.found)
    lying = shown.placed
    whole = len(shown.network.nodes) > MOST_NODES and not every_account
    groups = [[one.x, one.y, one.r, len(members)] for one, members in zip(lying.discs, lying.groups, strict=True)]
    nodes, edges = _bubbles(lying) if whole else _dots(lying)
    return {
        "state": "ready",
        "accounts": len(shown.network.nodes),
        "pairs": len(shown.network.edges),
        "whole_groups": whole,
        "unit": f"things shared within {asked.window:g} seconds of each other",
        "source": "messages in the lake, by time sent, UTC",
        "nodes": nodes,
        "edges": edges,
        "groups": groups[:MOST_BUBBLES],
        "as_of": job.begun.isoformat(),
    }


def edge_seen(workspace: OpenedFolder, asked: NetworkAsked, source: str, target: str, page: int) -> EdgeSeen:
    """The messages behind a pair, a page of them.

    Raises:
        InputError: an account that wrote nothing in this time.
        MeasureError: likewise, of a network that was computed.
    """
    job = asked_network(workspace, asked)
    if job.ended.is_set() and job.found is not None:
        table = job.found.evidence(source, target)
    else:
        chosen = asked.chosen
        table = messages_behind(workspace, source, target, chosen.start, chosen.end, asked.window, USUAL_LAYERS, None)
    rows = table.select(["layer", "source_message", "target_message", "lag_s"])
    some = rows.slice(LISTED * (page - 1), LISTED).to_pylist()
    read = messages_of(workspace, [row[name] for row in some for name in ("source_message", "target_message")])
    lags = np.abs(rows["lag_s"].to_numpy())
    return EdgeSeen(
        source=source,
        target=target,
        total=len(rows),
        meetings=tuple(
            Meeting(row["layer"], row["lag_s"], read[row["source_message"]], read[row["target_message"]])
            for row in some
            if row["source_message"] in read and row["target_message"] in read
        ),
        median_lag_s=float(np.median(lags)) if len(lags) else None,
        leads=float(np.mean(rows["lag_s"].to_numpy() > 0)) if len(lags) else None,
    )


def _network(found: LayeredNetwork) -> Network:
    members = found.communities(least=2)
    strength = found.nodes["strength"].take(pc.index_in(members["account"], found.nodes["account"].combine_chunks()))
    rows = zip(*(members[name].to_pylist() for name in members.column_names), strict=True)
    pairs = zip(*(found.found[name].to_pylist() for name in ("source", "target", "weight")), strict=True)
    return Network(
        title="Accounts that acted together",
        unit="",
        source="",
        nodes=tuple(
            Node(account, float(activity), community, core)
            for (account, community, core), activity in zip(rows, strength.to_pylist(), strict=True)
        ),
        edges=tuple(Edge(source, target, float(weight)) for source, target, weight in pairs),
    )


def _groups(lying: Placed, edges: Iterable[Edge]) -> Iterator[GroupSeen]:
    homes = {node.id: place for place, members in enumerate(lying.groups) for node in members}
    pairs = Counter(homes[edge.source] for edge in edges if homes[edge.source] == homes[edge.target])
    for place, members in enumerate(lying.groups):
        leaders = tuple(node.id for node in members[:3])
        yield GroupSeen(place + 1, len(members), sum(node.core for node in members), pairs[place], leaders)


def _listed(found: LayeredNetwork) -> Iterator[PairSeen]:
    order = pc.sort_indices(found.found, [("weight", "descending"), ("source", "ascending"), ("target", "ascending")])
    table: pa.Table = found.found.take(order[:LISTED])
    for row in table.to_pylist():
        q = row.get("q_sharing" if row.get("reason") == "things" else "q")
        yield PairSeen(row["source"], row["target"], int(row["weight"]), tuple(row["layers"]), row["leads"], q)


def _dots(lying: Placed) -> tuple[list[list[Any]], list[list[Any]]]:
    most = max((node.activity for members in lying.groups for node in members), default=1.0) or 1.0
    nodes: list[list[Any]] = []
    numbers: dict[str, int] = {}
    for group, members in enumerate(lying.groups):
        for node in members:
            numbers[node.id] = len(nodes)
            size = round(2.0 + 8.0 * (node.activity / most) ** 0.5, 2)
            nodes.append([node.id, *lying.places[node.id], size, group, int(node.core)])
    edges = [[numbers[edge.source], numbers[edge.target], edge.weight] for edge in lying.lines]
    return nodes, edges


def _bubbles(lying: Placed) -> tuple[list[list[Any]], list[list[Any]]]:
    shown = list(zip(lying.groups, lying.discs, strict=True))[:MOST_BUBBLES]
    largest = max((len(members) for members, _ in shown), default=1)
    nodes = [
        [
            str(place + 1),
            round(where.x, 3),
            round(where.y, 3),
            round(4 + 26 * (len(members) / largest) ** 0.5, 2),
            place,
            0,
        ]
        for place, (members, where) in enumerate(shown)
    ]
    edges = [
        [one, other, weight, strongest.source, strongest.target]
        for (one, other), (weight, _, strongest) in sorted(lying.ties.items())
        if other < len(shown)
    ]
    return nodes, edges
