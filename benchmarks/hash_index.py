"""Known images: an exact index of a million clustered PDQ hashes that changes in place, beside its peers."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from tests.measures.hashes.clustered import as_column, as_hex, clustered, flipped

from benchmarks.table import Row
from seawall.measures import HashIndex

NAME = "Known images"
HASHES = 1_000_000
QUERIES = 20_000
DISTANCE = 31
SEED = 20
CHECKED = 200
ROUNDS = 100

Words = npt.NDArray[np.uint64]


def timed(task: Callable[[], Any]) -> tuple[Any, float]:
    """The result of a task and the seconds it took."""
    start = time.perf_counter()
    result = task()
    return result, time.perf_counter() - start


def resident() -> float:
    """MB of memory that this process holds now."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096 / 1e6


def asked(bank: Words) -> Words:
    """Queries: every second one a near copy of a held hash (0 to 31 bits away), the others unrelated to any."""
    random = np.random.default_rng(SEED + 1)
    queries = random.integers(0, 2**64, (QUERIES, 4), np.uint64)
    near = flipped(bank[random.integers(0, len(bank), QUERIES // 2)], random.integers(0, 32, QUERIES // 2), random)
    queries[::2] = near
    return queries


def brute(bank: Words, queries: Words) -> set[tuple[int, int, int]]:
    """Query, row and distance of all pairs within the distance, one comparison after the other."""
    pairs = set()
    for number, query in enumerate(queries):
        apart = np.bitwise_count(bank ^ query).sum(axis=1, dtype=np.int64)
        rows = np.flatnonzero(apart <= DISTANCE)
        pairs |= {(number, row, far) for row, far in zip(rows.tolist(), apart[rows].tolist(), strict=True)}
    return pairs


def of_ours(bank: Words, queries: Words) -> tuple[list[Row], float]:
    """Exactness, speed, and how soon an added hash is found."""
    names, column = [str(row) for row in range(len(bank))], as_column(bank)
    index, built = timed(lambda: _filled(names, column))
    hashes = as_column(queries)
    start = time.process_time()
    found, took = min((timed(lambda: index.query(hashes, DISTANCE)) for _ in range(3)), key=lambda pair: pair[1])
    busy = (time.process_time() - start) / 3
    first = index.query(hashes.slice(0, CHECKED), DISTANCE)
    told = {
        (q, int(i), d) for q, i, d in zip(*(first[c].to_pylist() for c in ("query", "id", "distance")), strict=True)
    }
    wanted = brute(bank, queries[:CHECKED])
    slowest = _slowest_addition(index)
    setting = f"{HASHES:,} clustered hashes, distance {DISTANCE}"
    note = f"{setting}; {QUERIES:,} queries, half of them near copies; {found.num_rows:,} pairs with ids; 2 threads"
    saved, saving = timed(index.save)
    restored, opening = timed(lambda: HashIndex(saved))
    rate = QUERIES / took
    return [
        Row(
            f"pairs of {CHECKED} queries as brute force finds them",
            int(told == wanted),
            "(1 = same)",
            ">= 1",
            note=f"{setting}; {len(wanted):,} pairs",
        ),
        Row("queries per second", rate, "/s", ">= 5000", note=note),
        Row(
            "queries per CPU-second",
            QUERIES / busy,
            "/s",
            note=f"{setting}; what other work on the machine leaves alone",
        ),
        Row("from adding a hash to finding it, the slowest of 100", slowest, "s", "<= 1", note=setting),
        Row("build from hexadecimal text", built, "s", note=f"{setting}, ids included"),
        Row("open a saved index", opening, "s", note=f"{len(restored):,} hashes; saving took {saving:.2f} s"),
        Row("memory of hashes and tables", index.nbytes / 1e6, "MB", note=f"{setting}, without the ids"),
    ], rate


def _filled(names: list[str], column: Any) -> HashIndex:
    index = HashIndex()
    index.add(names, column)
    return index


def _slowest_addition(index: HashIndex) -> float:
    """Add one hash and ask for it, a hundred times."""
    slowest = 0.0
    for number, text in enumerate(as_hex(clustered(100, seed=SEED + 2))):
        start = time.perf_counter()
        index.add([f"new {number}"], [text])
        found = index.query([text], 0)["id"].to_pylist()
        slowest = max(slowest, time.perf_counter() - start)
        assert f"new {number}" in found
    return slowest


def memory(bank: Words) -> list[Row]:
    """A hundred updates of a full index, each replacing 5 %, and a hundred rebuilds of a smaller one."""
    size = len(bank) // 20
    index = _filled([f"0 {row}" for row in range(len(bank))], as_column(bank))
    waiting = [[f"0 {row}" for row in range(start, start + size)] for start in range(0, len(bank), size)]
    start = time.perf_counter()
    levels = [_replace(index, waiting, size, number) for number in range(1, ROUNDS + 1)]
    took = (time.perf_counter() - start) / ROUNDS
    rows = [
        Row(
            f"memory after {ROUNDS} updates against that after 20",
            levels[-1] / levels[19],
            "x",
            "<= 1.1",
            note=f"each replaces {size:,} of {len(bank):,} hashes in {took:.2f} s; {levels[19]:,.0f} "
            f"and {levels[-1]:,.0f} MB resident",
        )
    ]
    del index, waiting
    small, names = as_column(bank[: len(bank) // 10]), [str(row) for row in range(len(bank) // 10)]
    levels = []
    for _ in range(ROUNDS):
        rebuilt = _filled(names, small)
        levels.append(resident())
    note = f"{len(rebuilt):,} hashes each; {levels[9]:,.0f} and {levels[-1]:,.0f} MB resident"
    return [
        *rows,
        Row(f"memory after {ROUNDS} rebuilds against that after 10", levels[-1] / levels[9], "x", "<= 1.1", note=note),
    ]


def _replace(index: HashIndex, waiting: list[list[str]], size: int, number: int) -> float:
    """Remove the oldest twentieth and add a new one; the memory then."""
    assert index.remove(waiting.pop(0)) == size
    names = [f"{number} {row}" for row in range(size)]
    index.add(names, as_column(clustered(size, seed=SEED + 10 + number)))
    waiting.append(names)
    return resident()


def of_peers(bank: Words, queries: Words, rate: float) -> list[Row]:
    """The same bank and the same queries (as many of them as the peer manages in a few seconds)."""
    import faiss
    from threatexchange.signal_type.pdq.pdq_index import PDQIndex

    raw, asking = bank.astype(">u8").view(np.uint8), queries.astype(">u8").view(np.uint8)
    flat = faiss.IndexBinaryFlat(256)
    flat.add(raw)
    multi = faiss.IndexBinaryMultiHash(256, 16, 16)
    multi.nflip = 1
    multi.add(raw)
    exchange, building = timed(lambda: PDQIndex(zip(as_hex(bank), range(len(bank)), strict=True)))
    texts = as_hex(queries[:500])
    ours = _filled([str(row) for row in range(len(bank))], as_column(bank)).query(as_column(queries), DISTANCE)
    owners = ours["query"].to_numpy()

    def range_search(index: Any, count: int) -> Callable[[], int]:
        # faiss finds what is nearer than the radius
        return lambda: int(index.range_search(asking[:count], DISTANCE + 1)[0][-1])

    peers = (
        ("faiss IndexBinaryMultiHash, 16 x 16, nflip 1", 2_000, range_search(multi, 2_000), ""),
        ("faiss IndexBinaryFlat", 200, range_search(flat, 200), ""),
        (
            "threatexchange PDQIndex",
            len(texts),
            lambda: sum(len(exchange.query(text)) for text in texts),
            f"its build took {building:.0f} s; ",
        ),
    )
    rows = []
    for name, count, task, note in peers:
        pairs, took = timed(task)
        told = f"{note}the peer found {pairs:,} of {int((owners < count).sum()):,} pairs of {count:,} of the queries"
        rows.append(Row("queries per second beside a peer", rate, "/s", None, name, count / took, told))
    return rows


def run() -> list[Row]:
    """All claims; compilation is done beforehand."""
    small = _filled([str(row) for row in range(70_000)], as_column(clustered(70_000)))
    small.query(as_column(clustered(200)), DISTANCE)
    small.query(as_column(clustered(2)), 200)
    small.remove([str(row) for row in range(40_000)])
    small.add(["one"], as_column(clustered(1)))
    del small
    bank = clustered(HASHES, seed=SEED)
    queries = asked(bank)
    rows, rate = of_ours(bank, queries)
    rows += memory(bank)
    return rows + of_peers(bank, queries, rate)
