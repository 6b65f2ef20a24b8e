"""All layers of coordination in one call: time and memory for a million messages, and the cut of a large network."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from resource import RUSAGE_SELF, getrusage
from typing import Any

import networkx as nx
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.layers_world import added_up
from benchmarks.layers_world import planted as planted_world
from benchmarks.table import Row
from seawall.measures import network
from seawall.measures.graph import grouped, leiden, modularity
from seawall.measures.graph.adjacency import graph_of

NAME = "Layered networks"
MESSAGES = 1_000_000
Q = 0.05
MONTH = 30 * 86_400


def timed(task: Callable[[], Any]) -> tuple[Any, float]:
    """The result of a task and the seconds it took."""
    start = time.perf_counter()
    result = task()
    return result, time.perf_counter() - start


def world(rows: int, seed: int = 1) -> pa.Table:
    """A month of a platform in all layers: popularity after Zipf, 30 % reposts, one to four hashtags in 40 %."""
    chance = np.random.default_rng(seed)
    accounts = _popular(chance, rows, rows // 12, 0.6)
    reposts = chance.random(rows) < 0.3
    return pa.table(
        {
            "message_id": _named("m", np.arange(rows)),
            "account_id": _named("a", accounts),
            "sent_at": _times(chance, rows),
            "platform": _named("platform", accounts % 3),
            "repost_of": pc.if_else(pa.array(reposts), _named("m", _popular(chance, rows, rows // 20, 0.8)), None),
            "text_key": pa.array(
                np.where(chance.random(rows) < 0.8, np.arange(rows) + rows, _popular(chance, rows, rows // 20, 0.8)),
                pa.uint64(),
            ),
            "reply_to": pc.if_else(
                pa.array(chance.random(rows) < 0.2), _named("m", _popular(chance, rows, rows // 10, 0.8)), None
            ),
            "links": _links(chance, rows),
            "hashtags": _lists(chance, rows, "tag", rows // 50, 0.4),
            "mentions": _lists(chance, rows, "a", rows // 12, 0.3),
            "media": _media(chance, rows),
        }
    )


def _times(chance: np.random.Generator, rows: int) -> pa.Array:
    """Two fifths of the messages come in the half-hours after one of three hundred events, the others at any time."""
    events = chance.random(300)[chance.integers(0, 300, rows)] * MONTH + chance.exponential(1_800, rows)
    seconds = np.where(chance.random(rows) < 0.4, events, chance.random(rows) * MONTH)
    return pa.array((seconds * 1e6).astype(np.int64)).cast(pa.timestamp("us", "UTC"))


def _popular(chance: np.random.Generator, rows: int, things: int, power: float) -> Any:
    weight = 1.0 / np.arange(1, things + 1) ** power
    return np.searchsorted(np.cumsum(weight) / weight.sum(), chance.random(rows)).astype(np.int64)


def _named(letter: str, numbers: Any) -> pa.Array:
    return pc.binary_join_element_wise(letter, pa.array(numbers).cast(pa.string()), "")


def _counts(chance: np.random.Generator, rows: int, part: float, most: int) -> Any:
    counts = np.where(chance.random(rows) < part, chance.integers(1, most + 1, rows), 0)
    return counts, pa.array(np.concatenate([[0], np.cumsum(counts)]).astype(np.int32))


def _lists(chance: np.random.Generator, rows: int, letter: str, things: int, part: float) -> pa.Array:
    counts, starts = _counts(chance, rows, part, 4)
    return pa.ListArray.from_arrays(starts, _named(letter, _popular(chance, int(counts.sum()), things, 0.9)))


def _links(chance: np.random.Generator, rows: int) -> pa.Array:
    counts, starts = _counts(chance, rows, 0.35, 2)
    pages = _popular(chance, int(counts.sum()), rows // 10, 0.8)
    url, domain = _named("https://garden.example/beds/", pages), _named("garden", pages % 5_000)
    return pa.ListArray.from_arrays(starts, pa.StructArray.from_arrays([url, domain], ["url", "domain"]))


def _media(chance: np.random.Generator, rows: int) -> pa.Array:
    counts, starts = _counts(chance, rows, 0.15, 2)
    files = _popular(chance, int(counts.sum()), rows // 10, 0.7)
    sha = pc.binary_join_element_wise(_named("", files), "0" * 58, "")
    nothing = pa.nulls(len(files), pa.string())
    fields = [sha, nothing, pa.nulls(len(files), pa.int16())]
    return pa.ListArray.from_arrays(starts, pa.StructArray.from_arrays(fields, ["sha256", "pdq", "quality"]))


def all_layers(significance: bool) -> list[Row]:
    """Time of one call, to the table of communities; the peak of memory includes the messages themselves."""
    messages = world(MESSAGES)
    clusters = pa.table({"text_key": pc.unique(messages["text_key"]), "cluster": pc.unique(messages["text_key"])})

    def work() -> Any:
        found = network(messages, clusters=clusters, significance=significance)
        found.communities()
        return found

    network(messages.slice(0, 70_000), clusters=clusters, significance=significance).communities()
    found, seconds = timed(work)
    told = found.layers
    what = "with significance" if significance else "without significance"
    acts, in_time = sum(told["rows"].to_pylist()), sum(told["in_time"].to_pylist())
    note = f"{acts:,} acts in nine layers, {in_time:,} edges in time, {len(found):,} pairs found"
    return [
        Row(f"seconds for {MESSAGES:,} messages in all layers, {what}", seconds, "s", "<= 60", note=note),
        Row(f"peak of memory, {what}", _peak(), "GB", "<= 2", note="of the whole process, messages included"),
    ]


def _peak() -> float:
    return getrusage(RUSAGE_SELF).ru_maxrss / 1e6


def discoveries() -> list[Row]:
    """Pairs found in ten worlds with planted groups and in ten without, beside Fisher's pooling of the same layers."""
    ours: list[tuple[float, float]] = []
    theirs: list[tuple[float, float]] = []
    alone = 0
    for seed in range(10):
        for found, judge in ((ours, _pairs_found), (theirs, partial(added_up, q=Q))):
            messages, true = planted_world(seed, occasions=6)
            pairs = judge(messages)
            found.append((len(pairs - true) / max(1, len(pairs)), len(pairs & true) / len(true)))
        alone += len(network(planted_world(seed + 100, occasions=0)[0], q=Q).communities(least=2))
    note = "seeds 0-9: 60 accounts of 1,200 in ten groups, six occasions in two months, links, hashtags, copied texts"
    return [
        Row(
            "false discoveries among pairs, mean",
            _mean(ours, 0), "", "<= 0.05", "Fisher over layers", _mean(theirs, 0),
            f"{note}; ours {_interval(ours, 0)}, Fisher {_interval(theirs, 0)} (95 %)",
        ),
        Row(
            "planted pairs found, mean", _mean(ours, 1), "", ">= 0.75", "Fisher over layers", _mean(theirs, 1),
            f"ours {_interval(ours, 1)} (95 %)",
        ),
        Row("accounts in communities where nobody is planted", alone, "", "<= 0", note="seeds 100-109, in all"),
    ]  # fmt: skip


def _pairs_found(messages: pa.Table) -> set[tuple[int, int]]:
    found = network(messages, q=Q).found
    return set(zip(found["source"].to_pylist(), found["target"].to_pylist(), strict=True))


def _mean(figures: list[tuple[float, float]], which: int) -> float:
    return float(np.mean([figure[which] for figure in figures]))


def _interval(figures: list[tuple[float, float]], which: int) -> str:
    values = np.array([figure[which] for figure in figures])
    means = np.random.default_rng(0).choice(values, (2_000, len(values))).mean(axis=1)
    return "{:.3f}-{:.3f}".format(*np.quantile(means, [0.025, 0.975]))


def communities() -> list[Row]:
    """Planted groups of 50 in graphs, beside networkx' Louvain."""
    ends, weight, group = planted(40_000, 50, 20, 4, seed=3)
    graph = graph_of(*ends, weight, len(group))
    few, light, _ = planted(1_000, 50, 20, 4, seed=4)
    leiden(graph_of(*few, light, 1_000))
    found, ours = timed(lambda: leiden(graph))
    peer = nx.Graph()
    peer.add_weighted_edges_from(zip(ends[0].tolist(), ends[1].tolist(), weight.tolist(), strict=True))
    louvain, theirs = timed(lambda: nx.community.louvain_communities(peer, seed=0))
    number = np.empty(len(group), np.int32)
    for k, members in enumerate(louvain):
        number[list(members)] = k
    _, cut = timed(lambda: grouped(*ends, weight, np.arange(len(group))))
    note = f"{len(group):,} accounts, {len(weight):,} edges, planted groups of 50"
    return [
        Row(
            "modularity of communities",
            modularity(graph, found),
            "",
            None,
            "networkx Louvain",
            modularity(graph, number),
            note,
        ),
        Row("seconds to cut a network", ours, "s", None, "networkx Louvain", theirs, note),
        Row("seconds to communities and cores", cut, "s", note=note),
    ]


def planted(nodes: int, size: int, inside: int, outside: int, seed: int) -> tuple[tuple[Any, Any], Any, Any]:
    """Edges, weights and groups: each node has about so many edges inside its group and outside it."""
    chance = np.random.default_rng(seed)
    group = np.arange(nodes) // size
    first = np.repeat(np.arange(nodes), (inside + outside) // 2)
    near = chance.random(len(first)) < inside / (inside + outside)
    second = np.where(
        near, group[first] * size + chance.integers(0, size, len(first)), chance.integers(0, nodes, len(first))
    )
    keep = first != second
    low, high = np.minimum(first, second)[keep], np.maximum(first, second)[keep]
    keys, count = np.unique(low * nodes + high, return_counts=True)
    return (keys // nodes, keys % nodes), count.astype(np.float64), group


def run() -> list[Row]:
    """All rows; the peak of memory without significance comes first, as a peak never falls."""
    return [*all_layers(significance=False), *all_layers(significance=True), *discoveries(), *communities()]
