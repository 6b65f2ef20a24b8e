"""Near-duplicates: speed beside its peers, and what is found of what brute force finds."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq
from datasketch import MinHash, MinHashLSH
from rensa import RMinHash, RMinHashLSH

from benchmarks.table import Row
from seawall.measures import near_duplicates
from seawall.measures.compiled import compiled
from seawall.measures.similarity.batch import BLOCK, hexadecimal, numbered
from seawall.measures.similarity.linking import clustering
from seawall.measures.similarity.shingles import alike
from seawall.measures.similarity.sketches import Collection, sketched
from seawall.measures.similarity.slots import Slots
from seawall.measures.text.match_key import KeyTexts, key_texts

NAME = "Near-duplicates"
IRA = (
    Path(os.environ.get("SEAWALL_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
    / "ira/ira_dev.parquet"
)
THRESHOLD = 0.8
BESIDE_PEERS, FOR_DATASKETCH = 100_000, 10_000
SAMPLE, COPIES = 16_000, 4_000
SEEDS = (1, 2, 3)
VARIANTS = 20_000
TEMPLATE = (
    "everyone who loves the garden come and help us plant tulips by the old mill "
    "this sunday and bring your own spade and friends"
)
Numbers = npt.NDArray[np.int64]
Keys = npt.NDArray[np.uint64]


def cpu(task: Callable[[], Any], times: int = 3) -> float:
    """CPU-seconds of a task, all threads together; the best of a few."""
    seconds = []
    for _ in range(times):
        start = time.process_time()
        task()
        seconds.append(time.process_time() - start)
    return min(seconds)


def blocks(texts: pa.Array) -> list[KeyTexts]:
    """The match keys as text."""
    return [key_texts(texts[start : start + BLOCK]) for start in range(0, len(texts), BLOCK)]


def from_keys(keys: list[KeyTexts]) -> pa.Array:
    """From match keys to the cluster of each row: what ``near_duplicates`` does with them."""
    rows = sum(len(block.hashes) for block in keys)
    slots, collection = Slots(rows), Collection(rows)
    numbers = []
    for block in keys:
        own, new = numbered(block, slots)
        numbers.append(own)
        collection.add(sketched(block, new))
    sketches = collection.sketches()
    found = clustering(sketches, THRESHOLD)
    told = np.concatenate(numbers)
    return hexadecimal(sketches.keys[found.anchors]).take(pa.array(told, mask=told < 0))


def written(keys: list[KeyTexts], most: int) -> list[str]:
    """Match keys as strings, for peers."""
    rows = [
        block.data[block.offsets[row] : block.offsets[row + 1]].tobytes().decode()
        for block in keys
        for row in range(len(block.hashes))
    ]
    return [row for row in rows if row][:most]


def shingled(key: str) -> list[str]:
    """Three words in a row, as a peer's user writes it."""
    words = key.split()
    return [" ".join(words[place : place + 3]) for place in range(len(words) - 2)] or [key]


def with_rensa(keys: list[str]) -> int:
    """Sketches, bands and candidates in rensa's bulk form; it verifies nothing."""
    sketches = RMinHash.digest_matrix_from_token_sets([shingled(key) for key in keys], 64, 42)
    return sum(RMinHashLSH(THRESHOLD, 64, 16).insert_matrix_and_query_duplicate_flags(sketches))


def with_datasketch(keys: list[str]) -> int:
    """The same with datasketch."""
    index = MinHashLSH(num_perm=64, params=(16, 4))
    found = 0
    for number, key in enumerate(keys):
        sketch = MinHash(64)
        sketch.update_batch([shingle.encode() for shingle in shingled(key)])
        found += len(index.query(sketch))
        index.insert(str(number), sketch)
    return found


def speed(texts: pa.Array) -> list[Row]:
    """Texts per CPU-second, on all tweets."""
    whole = partial(near_duplicates, pa.table({"id": np.arange(len(texts)), "text": texts}))
    found = whole()
    start = time.perf_counter()
    whole()
    elapsed = time.perf_counter() - start
    keys = blocks(texts)
    distinct = len(np.unique(np.concatenate([block.hashes for block in keys])))
    note = f"{len(texts):,} tweets, {distinct:,} distinct keys"
    unit = "texts per CPU-second"
    return [
        Row("match keys as text", len(texts) / cpu(partial(blocks, texts)), unit, ">= 300000", note=note),
        Row("from keys to clusters", len(texts) / cpu(partial(from_keys, keys)), unit, ">= 1000000", note=note),
        Row("from texts to clusters", len(texts) / cpu(whole, 1), unit, note=f"{elapsed:.1f} s on the clock; {note}"),
        Row("tweets that are copies or near-copies", _copied(found), "of all", note=note),
    ]


def beside_peers(texts: pa.Array) -> list[Row]:
    """The same match keys through each package, from text to candidates; ours to verified clusters."""
    chosen = np.sort(np.random.default_rng(0).choice(len(texts), BESIDE_PEERS, replace=False))
    keys = blocks(texts.take(pa.array(chosen)))
    from_keys(keys)
    ours = BESIDE_PEERS / cpu(partial(from_keys, keys))
    strings = written(keys, BESIDE_PEERS)
    rates = {
        "rensa": len(strings) / cpu(partial(with_rensa, strings)),
        "datasketch": FOR_DATASKETCH / cpu(partial(with_datasketch, strings[:FOR_DATASKETCH]), 1),
    }
    return [
        Row(
            f"from keys to clusters, as a multiple of {peer}",
            ours / rate,
            "times",
            f">= {least}",
            peer,
            1.0,
            f"texts per CPU-second: {peer} {rate:,.0f}, ours {ours:,.0f}; peers end at candidates",
        )
        for (peer, rate), least in zip(rates.items(), (10, 100), strict=True)
    ]


def _copied(found: pa.Table) -> float:
    """The part of the rows that are in a cluster with another row."""
    counts = found["cluster"].drop_null().value_counts().field("counts").to_numpy()
    return float(counts[counts > 1].sum() / len(found))


def edited(texts: list[str], random: np.random.Generator, copies: int) -> list[str]:
    """The texts, and copies of long ones with one to three words dropped, changed or added, mostly at an end."""
    long = [text for text in texts if len(text.split()) >= 10]
    made = []
    for source in random.integers(0, len(long), copies):
        words = long[source].split()
        for _ in range(int(random.integers(1, 4))):
            place = (0, len(words), int(random.integers(0, len(words) + 1)))[int(random.choice(3, p=[0.3, 0.5, 0.2]))]
            stranger = str(random.choice(long[int(random.integers(0, len(long)))].split()))
            match random.integers(0, 3):
                case 0:
                    words.insert(place, stranger)
                case 1:
                    words[min(place, len(words) - 1)] = stranger
                case _ if len(words) > 4:
                    del words[min(place, len(words) - 1)]
        made.append(" ".join(words))
    return [*texts, *made]


def template(random: np.random.Generator, variants: int) -> list[str]:
    """A viral template: 14 to 23 fixed words behind one of two greetings, and two of 300 names at the end."""
    names, words = [f"name{number}" for number in range(300)], TEMPLATE.split()
    made = []
    for _ in range(variants):
        greeting = "hello" if random.random() < 0.5 else "dear"
        first, second = random.integers(0, len(names), 2)
        fixed = words[: int(random.integers(14, len(words) + 1))]
        made.append(" ".join([greeting, *fixed, names[first], names[second]]))
    return made


@compiled
def all_pairs(starts: Numbers, sizes: Numbers, pool: Keys, threshold: float, anchors: Numbers) -> tuple[int, int]:
    """Brute force: how many pairs are alike, and how many of these are in one cluster."""
    pairs = together = 0
    for row in range(len(starts)):
        for other in range(row):
            if alike(pool, starts[row], sizes[row], starts[other], sizes[other], threshold):
                pairs += 1
                together += anchors[row] == anchors[other]
    return pairs, together


@compiled
def supported(starts: Numbers, sizes: Numbers, pool: Keys, threshold: float, anchors: Numbers) -> tuple[int, int]:
    """Of texts that share a cluster with others: how many there are, and how many of them are alike one of these."""
    members = near = 0
    for row in range(len(starts)):
        company = alone = True
        for other in range(len(starts)):
            if other != row and anchors[other] == anchors[row]:
                company = False
                alone = alone and not alike(pool, starts[row], sizes[row], starts[other], sizes[other], threshold)
        members += not company
        near += not company and not alone
    return members, near


def judged(texts: list[str]) -> tuple[int, int, int, int]:
    """(pairs alike, found; members of clusters, supported) of texts, by distinct match key."""
    keys = key_texts(pa.array(texts))
    _, new = numbered(keys, Slots())
    sketches = sketched(keys, new)
    found = clustering(sketches, THRESHOLD)
    columns = (sketches.starts, sketches.sizes, sketches.pool, THRESHOLD, found.anchors)
    return (*all_pairs(*columns), *supported(*columns))


def quality(texts: pa.Array) -> list[Row]:
    """Recall and precision against brute force."""
    rows = []
    for name, world in (("real tweets and edited copies", real_world), ("one viral template", viral_world)):
        counts = np.array([judged(world(texts, np.random.default_rng(seed))) for seed in SEEDS])
        pairs, found, members, near = counts.sum(axis=0).tolist()
        worst = (counts[:, 1] / counts[:, 0]).min()
        note = f"{found:,} of {pairs:,} pairs of brute force in one cluster; seeds {SEEDS}, the worst {worst:.5f}"
        rows.append(Row(f"recall at Jaccard >= .8, {name}", found / pairs, "of pairs", ">= 0.99", note=note))
        note = f"{near:,} of {members:,} members of clusters have another one at Jaccard >= .8"
        rows.append(Row(f"precision, {name}", near / members, "of members", ">= 1", note=note))
    return rows


def real_world(texts: pa.Array, random: np.random.Generator) -> list[str]:
    """Real tweets and seeded edits of them."""
    chosen = texts.take(pa.array(random.choice(len(texts), SAMPLE, replace=False))).to_pylist()
    return edited([text for text in chosen if text], random, COPIES)


def viral_world(_: pa.Array, random: np.random.Generator) -> list[str]:
    """Variants of one template, of which many more share a band than are compared."""
    return template(random, VARIANTS)


def run() -> list[Row]:
    """Speed, then quality."""
    texts = pq.read_table(IRA, columns=["content"])["content"].combine_chunks()
    texts = texts.chunk(0) if isinstance(texts, pa.ChunkedArray) else texts
    return [*speed(texts), *beside_peers(texts), *quality(texts)]
