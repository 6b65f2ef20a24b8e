"""Groups of accounts that chance does not explain, over all layers, with what they did together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.detectors.coordination_chance import PAIRS, Layer, unexplained
from seawall.detectors.coordination_evidence import Evidence
from seawall.detectors.coordination_shares import share_rows
from seawall.measures import CoordinationMeasure
from seawall.measures.graph import grouped
from seawall.measures.layers import Description, LayeredNetwork, network
from seawall.protocols import Window

if TYPE_CHECKING:
    from seawall.detectors.coordination import CoordinationDetector


NAMES = ("source", "target", "layer")
"""What tells one link from another."""


@dataclass(frozen=True)
class Group:
    """Accounts that acted together.

    Args:
        accounts: the first to act at the head.
        core: those that are tied to most of the others, and these to one another.
        links: its pairs, heaviest first, one row a pair and layer; see PAIRS.
        together: see ``LayeredNetwork.among``.
        description: of it.
        wrote: messages of its accounts in this time.
        channels: in how many channels what they shared stands.
    """

    accounts: tuple[str, ...]
    core: tuple[str, ...]
    links: pa.Table
    together: pa.Table
    description: Description
    wrote: int
    channels: int

    @cached_property
    def evidence(self) -> Evidence:
        """What its accounts did together."""
        return Evidence(self.accounts, self.links, self.together)


def groups(detector: CoordinationDetector, window: Window, q: float) -> Iterator[Group]:
    """The groups, in no order of their own."""
    layers = [_layer(detector, window, name) for name in detector.layers]
    links = pa.concat_tables([PAIRS.empty_table(), *(unexplained(layer, q, detector.min_repeats) for layer in layers)])
    if not len(links):
        return
    accounts, community, core = _communities(links, layers, detector.min_accounts)
    if not len(accounts):
        return
    messages = rows_of(window, "messages", detector.needs["messages"], accounts)
    declared = rows_of(window, "accounts", detector.needs["accounts"], accounts)
    seen = network(
        messages, window=detector.window_s, layers=detector.layers, significance=False, min_repeats=1, accounts=declared
    )
    ends = [_numbers(links[end], accounts, community) for end in ("source", "target")]
    for number in range(int(community.max()) + 1):
        inside = pa.array((ends[0] == number) & (ends[1] == number))
        members = accounts.filter(pa.array(community == number))
        yield _group(members, members.filter(pa.array(core[community == number])), links.filter(inside), seen, messages)


def _layer(detector: CoordinationDetector, window: Window, name: str) -> Layer:
    rows, total = share_rows(window, name), window.count("messages")
    measure = CoordinationMeasure(detector.window_s, detector.min_repeats, significance=True, keep=detector.q)
    return Layer(name, window.engine.run(measure, rows, total=total), window.engine.parts(rows, total=total))


def _communities(links: pa.Table, layers: Sequence[Layer], least: int) -> tuple[pa.Array, Any, Any]:
    """Accounts, the number of the community of each, and whether it is at its core."""
    names = pa.concat_arrays([links[end].combine_chunks() for end in ("source", "target")]).unique()
    first = pa.concat_tables([layer.network.nodes.select(["account", "first_at", "first_message"]) for layer in layers])
    order = first.sort_by([("first_at", "ascending"), ("first_message", "ascending")])["account"].unique()
    order = order.filter(pc.is_in(order, names))
    pairs = links.group_by(["source", "target"], use_threads=False).aggregate([("weight", "sum")])
    number, community, core = grouped(
        pc.index_in(pairs["source"], order).to_numpy(),
        pc.index_in(pairs["target"], order).to_numpy(),
        pairs["weight_sum"].to_numpy().astype(np.float64),
        np.arange(len(order)),
        least,
    )
    return order.take(pa.array(number)), community, core


def rows_of(window: Window, table: str, columns: Sequence[str], accounts: pa.Array) -> pa.Table:
    """The rows of these accounts, chosen where they lie."""
    parts = window.engine.parts(window.table(table, columns), total=window.count(table))
    return parts.beside_all(pa.table({"account_id": accounts}), _of_these).all()


def _of_these(rows: pa.Table, accounts: pa.Table) -> pa.Table:
    return rows.filter(pc.is_in(rows["account_id"], accounts["account_id"]))


def _numbers(ends: pa.ChunkedArray, accounts: pa.Array, community: Any) -> Any:
    """The community of each end, -1 for one that is in none."""
    place = pc.index_in(ends, accounts).fill_null(len(accounts)).to_numpy()
    return np.append(community, -1)[place]


def _group(accounts: pa.Array, core: pa.Array, links: pa.Table, seen: LayeredNetwork, messages: pa.Table) -> Group:
    names = accounts.to_pylist()
    description = seen.describe(names)
    together = seen.among(names)
    shared = messages.filter(pc.is_in(messages["message_id"], together["message"].combine_chunks()))
    return Group(
        accounts=description.accounts,
        core=tuple(core.to_pylist()),
        links=links.sort_by([("weight", "descending"), ("q", "ascending"), *((name, "ascending") for name in NAMES)]),
        together=together,
        description=description,
        wrote=int(pc.sum(pc.is_in(messages["account_id"], accounts)).as_py()),
        channels=int(pc.count_distinct(shared["channel_id"]).as_py()),
    )
