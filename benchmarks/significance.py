"""Significance of coordination: false discoveries and recall on planted groups, silence on shuffled times, speed."""

from __future__ import annotations

import math
import re
import subprocess
import sys
from collections.abc import Callable, Iterable
from typing import Any

import networkx as nx
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.coordination import DATA, real_shares, timed
from benchmarks.coordination_peers import PEERS, Pairs, ours, timed_configuration
from benchmarks.coordination_world import HABITS, SETTINGS, Setting, world
from benchmarks.table import Row
from seawall.measures import coordination

NAME = "Significance of coordination"
SEEDS = range(9001, 9021)
SHUFFLES = range(1, 26)


def judged(method: Callable[[pa.Table], Pairs], setting: Setting, seeds: Iterable[int]) -> npt.NDArray[np.float64]:
    """A row a seed: the part of the reported pairs that are false (none reported: none false), the part of the planted
    pairs that are reported."""
    results = []
    for seed in seeds:
        made = world(setting, seed)
        planted, reported = made.planted(), method(made.shares)
        right = len(planted & reported)
        results.append((1 - right / len(reported) if reported else 0.0, right / len(planted)))
    return np.array(results)


def _interval(values: npt.NDArray[np.float64]) -> str:
    half = 1.96 * values.std(ddof=1) / math.sqrt(len(values))
    return f"{values.mean():.3f} +- {half:.3f}"


def planted_groups() -> list[Row]:
    """Every setting, against every other method."""
    rows = []
    for name, setting in SETTINGS.items():
        false, found = judged(ours, setting, SEEDS).T
        note = f"{len(SEEDS)} seeds, mean and 95 % interval"
        rows.append(Row(f"false discovery, {name}", false.mean(), "", "<= 0.05", note=f"{_interval(false)}; {note}"))
        rows.append(Row(f"recall, {name}", found.mean(), "", ">= 0.75", note=f"{_interval(found)}; {note}"))
        for peer, method in PEERS.items():
            false, found = judged(method, setting, SEEDS[:5]).T
            note = f"recall {found.mean():.2f}; 5 of the seeds"
            rows.append(Row(f"false discovery of {peer}, {name}", false.mean(), "", note=note))
    false, found = judged(ours, HABITS, SEEDS).T
    note = f"recall {found.mean():.2f}: quick accounts meet quick ones, which is not chance, and nothing planted"
    return [*rows, Row("false discovery where accounts have habits", false.mean(), "", note=note)]


def shuffled(shares: pa.Table, seed: int) -> pa.Table:
    """The same shares, the times of each object dealt anew."""
    at = shares["at"].to_numpy()
    codes = np.unique(shares["object"].to_numpy(), return_inverse=True)[1]
    dealt = at.copy()
    dealt[np.argsort(codes, kind="stable")] = at[np.lexsort((np.random.default_rng(seed).random(len(at)), codes))]
    return shares.set_column(shares.column_names.index("at"), "at", pa.array(dealt))


def communities(edges: Pairs) -> int:
    """How many sets of three or more accounts hang together."""
    return sum(len(members) >= 3 for members in nx.connected_components(nx.Graph(list(edges))))


def troll_shares() -> dict[str, pa.Table]:
    """Reposts (by text), hashtags and links of the operation's messages, times to the minute."""
    columns = ["message_id", "author_id", "content", "publish_date", "retweet"]
    rows = pq.read_table(DATA.parent / "ira" / "ira_dev.parquet", columns=columns)
    rows = rows.append_column("seconds", pc.divide(rows["publish_date"].cast("timestamp[us]").cast("int64"), 1_000_000))
    reposts = rows.filter(pc.equal(rows["retweet"], 1))
    return {
        "reposts of the operation": _table(reposts, reposts["content"]),
        "hashtags of the operation": _parts(rows, r"#(\w+)"),
        "links of the operation": _parts(rows, r"(https?://[^\s]+)"),
    }


def _table(rows: pa.Table, objects: Any) -> pa.Table:
    codes = pc.dictionary_encode(objects).combine_chunks().indices
    accounts = pc.dictionary_encode(rows["author_id"]).combine_chunks().indices
    names = ["object", "account", "message", "at"]
    return pa.table([codes, accounts, rows["message_id"], rows["seconds"]], names)


def _parts(rows: pa.Table, pattern: str) -> pa.Table:
    find = re.compile(pattern).findall
    found = [sorted({part.lower() for part in find(text or "")}) for text in rows["content"].to_pylist()]
    places = pa.array(np.repeat(np.arange(len(found)), [len(parts) for parts in found]))
    return _table(rows.take(places), pa.chunked_array([pa.array([part for parts in found for part in parts])]))


def shuffles() -> list[Row]:
    """Real tables with the times of each object dealt anew: there is nothing to find."""
    rows = []
    for name, shares in {"reposts of CooRTweet": real_shares_by_number(), **troll_shares()}.items():
        found = [ours(shuffled(shares, seed)) for seed in SHUFFLES]
        silent = sum(communities(edges) > 0 for edges in found)
        said = f"{len(shares):,} shares; {sum(map(len, found))} edges in all; unshuffled {len(ours(shares)):,} edges"
        claim = f"shuffles with a community, {name}"
        if "CooRTweet" in name:
            peer = [timed_configuration(shuffled(shares, seed)) for seed in SHUFFLES[:5]]
            said += f"; timed configuration model: {np.mean([len(edges) for edges in peer]):,.0f} edges a shuffle"
        rows.append(Row(claim, silent, f"of {len(SHUFFLES)}", "<= 0", note=said))
    return rows


def real_shares_by_number() -> pa.Table:
    """The share table with numbers for ids."""
    shares = real_shares()
    codes = [pc.dictionary_encode(shares[name]).combine_chunks().indices for name in ("object", "account", "message")]
    return pa.table([*codes, shares["at"]], ["object", "account", "message", "at"])


SPEED = """
import sys, time
from pathlib import Path
from benchmarks.coordination import synthetic
from seawall.measures import coordination
coordination(synthetic(200_000), window=60, significance=True).edges
shares = synthetic(int(sys.argv[1]))
busy, start = time.process_time(), time.perf_counter()
network = coordination(shares, window=60, significance=True)
edges = network.edges
took, busy = time.perf_counter() - start, time.process_time() - busy
peak = Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]
print(len(edges), took, busy, peak)
"""


def speed() -> list[Row]:
    """One and four million shares, each in a process of its own."""
    rows, seconds = [], {}
    for million in (1, 4):
        runs = []
        for _ in range(3 if million == 1 else 1):
            command = [sys.executable, "-c", SPEED, str(million * 1_000_000)]
            done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
            runs.append([float(part) for part in done.stdout.split()])
        edges, took, busy, kibibytes = min(runs, key=lambda run: run[1])
        seconds[million] = took
        note = f"{edges / 1e6:.1f}M edges as a table, {busy:.1f} CPU-seconds; input included in the memory"
        bounds = ("<= 10", "<= 2") if million == 1 else (None, None)
        rows.append(Row(f"{million}M shares with significance", took, "s", bounds[0], note=note))
        rows.append(Row(f"peak memory, {million}M shares with significance", kibibytes / 2**20, "GiB", bounds[1]))
    exponent = math.log(seconds[4] / seconds[1]) / math.log(4)
    return [*rows, Row("growth exponent from 1M to 4M shares with significance", exponent, "", "<= 1.3")]


def run() -> list[Row]:
    """All claims; compilation is done beforehand."""
    timed(lambda: coordination(world(SETTINGS["usual"], 1).shares, window=60, significance=True).edges)
    return [*planted_groups(), *shuffles(), *speed()]
