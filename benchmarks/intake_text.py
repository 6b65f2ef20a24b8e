"""Intake of text: match keys, typed tokens, hashtags, mentions, told names and languages on one core."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from benchmarks.table import Row
from seawall.intake.contacts import contacts, length_classes
from seawall.intake.hashtags import hashtags
from seawall.intake.keyed_hash import keyed_hash64
from seawall.intake.language import identify
from seawall.intake.mentions import mention_handles
from seawall.intake.tokens import tokenise
from seawall.intake.told_names import hide_names
from seawall.measures.text.match_key import match_key_text, match_keys

NAME = "Intake of text"
IRA = (
    Path(os.environ.get("SEAWALL_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
    / "ira/ira_dev.parquet"
)
TEXTS = 400_000
PEER_TEXTS = 4_000


def rate(task: Callable[[pa.Array], object], texts: pa.Array) -> float:
    """Texts per CPU-second, the best of three; the first call, which compiles or loads, is not counted."""
    task(texts[:1000])
    seconds = []
    for _ in range(3):
        start = time.process_time()
        task(texts)
        seconds.append(time.process_time() - start)
    return len(texts) / min(seconds)


def run() -> list[Row]:
    """Texts per CPU-second of each step, and of all steps but language together."""
    pa.set_cpu_count(1)
    table = pq.read_table(IRA, columns=["content", "author_id"], use_threads=False)
    chosen = np.sort(np.random.default_rng(0).choice(len(table), TEXTS, replace=False))
    table = table.take(pa.array(chosen)).combine_chunks()
    texts, authors = table["content"].chunk(0), table["author_id"].chunk(0).cast(pa.string())
    few = texts[:PEER_TEXTS]
    note = f"{TEXTS:,} tweets, mean {pc.mean(pc.utf8_length(texts)).as_py():.0f} characters"
    package = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    unit = "texts per CPU-second"
    steps: dict[str, Callable[[pa.Array], object]] = {
        "match keys": match_keys,
        "typed tokens": tokenise,
        "hashtags": hashtags,
        "mentions": mention_handles,
        "names told with the row": lambda part: hide_names(part, _one_each(authors[: len(part)])),
    }
    rates = {claim: rate(task, texts) for claim, task in steps.items()}
    plain = rate(lambda part: [match_key_text(text) for text in part.to_pylist()], few)
    walked = rate(lambda part: [package.classify(text) for text in part.to_pylist()], few)
    rows = [Row("match keys", rates.pop("match keys"), unit, ">= 300000", "the same in plain Python", plain, note)]
    microseconds = 1e6 * sum(1 / each for each in [rows[0].measured, *rates.values()])
    rows += [Row(claim, measured, unit, note=note) for claim, measured in rates.items()]
    return [
        *rows,
        Row("all of these together", microseconds, "µs per text", "<= 6", note=note),
        Row("language identified", rate(identify, texts), unit, ">= 60000", "py3langid 0.4", walked, note),
        Row("outside addresses", rate(contacts, texts), unit, note=f"{note}; few of them hold an address"),
        Row("length classes", rate(length_classes, texts), unit, note=note),
        Row("keyed hashes", rate(lambda part: keyed_hash64(part, bytes(16)), texts), unit, note=note),
    ]


def _one_each(names: pa.Array) -> pa.ListArray:
    return pa.ListArray.from_arrays(pa.array(np.arange(len(names) + 1), pa.int32()), names)
