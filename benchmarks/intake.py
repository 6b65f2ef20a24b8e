"""Intake as a whole: raw records to clean ones, single-threaded, and the links in them."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.table import Row
from seawall.intake import Intake, Pseudonyms, new_keys
from seawall.intake.links import canonical, extract_links
from seawall.model import RAW_IDENTITY, RAW_MESSAGES, UTC_MICROSECONDS, Visibility, raw_table
from seawall.protocols import BATCH_RECORDS, RawBatch, ReadOptions

NAME = "Intake"
DATA = Path(os.environ.get("SEAWALL_DATA", Path(__file__).resolve().parents[2] / "shared" / "data")) / "ira"
FIRST, BATCHES = 300_000, 6
OPTIONS = ReadOptions(visibility=Visibility.PUBLIC)


def run() -> list[Row]:
    """Processor time of ``clean`` with and without told languages, and of the links alone."""
    tweets = pq.read_table(DATA / "ira_dev.parquet").slice(FIRST, BATCH_RECORDS * BATCHES)
    batches = [raw_batch(tweets.slice(at, BATCH_RECORDS)) for at in range(0, tweets.num_rows, BATCH_RECORDS)]
    untold = [raw_batch(tweets.slice(0, BATCH_RECORDS).drop_columns(["language"]))]
    hide = Pseudonyms(*new_keys()).hide
    texts = [
        tweets["content"].slice(at, BATCH_RECORDS).combine_chunks() for at in range(0, 2 * BATCH_RECORDS, BATCH_RECORDS)
    ]
    links = [extract_links(column, None, hide) for column in texts]
    found = sum(len(column.flatten()) for column in links)
    one_by_one = [url for column in links for url in column.flatten().field("url").to_pylist()][:20_000]
    about = f"mean length {_mean_length(tweets):.0f} characters, {found / (2 * BATCH_RECORDS):.2f} links a row"
    return [
        Row("clean, language told", _rate(batches), "rows/s and core", ">= 70000", note=about),
        Row("clean, language identified", _rate(untold), "rows/s and core", ">= 25000", note=about),
        Row(
            "links found and made canonical",
            found / _seconds(lambda: [extract_links(column, None, hide) for column in texts]),
            "links/s and core",
            ">= 150000",
            peer="one address at a time, the careful way",
            peer_measured=len(one_by_one) / _seconds(lambda: [canonical(url, hide) for url in one_by_one]),
            note="mostly t.co",
        ),
    ]


def raw_batch(tweets: pa.Table) -> RawBatch:
    """Tweets as their source would hand them over."""
    nothing = pa.nulls(len(tweets), pa.string())
    accounts = pa.StructArray.from_arrays(
        [nothing, tweets["author_id"].combine_chunks(), nothing], fields=list(RAW_IDENTITY)
    )
    columns = {
        "position": pa.array(range(1, len(tweets) + 1)),
        "message_id": tweets["message_id"].cast(pa.string()),
        "account": accounts,
        "sent_at": tweets["publish_date"].cast(UTC_MICROSECONDS),
        "kind": pc.if_else(pc.equal(tweets["retweet"], 1), "repost", "post"),
        "text": tweets["content"],
        "followers": tweets["followers"].cast(pa.int64()),
        "following": tweets["following"].cast(pa.int64()),
    }
    if "language" in tweets.column_names:
        columns["language"] = tweets["language"]
    return RawBatch("x", len(tweets), raw_table(RAW_MESSAGES, columns))


def _rate(batches: list[RawBatch]) -> float:
    intake = Intake(Pseudonyms(*new_keys()), source="bench", basis=None, keep_identities=False)

    def clean_all() -> None:
        for raw in batches:
            intake.clean(raw, file="0" * 16, options=OPTIONS, batch=1, collected_at=datetime.now(UTC))

    clean_all()
    return sum(raw.records for raw in batches) / _seconds(clean_all)


def _seconds(task: Callable[[], object]) -> float:
    """Processor seconds of the fastest of three runs: other processes do not count."""
    taken = []
    for _ in range(3):
        before = time.process_time()
        task()
        taken.append(time.process_time() - before)
    return min(taken)


def _mean_length(tweets: pa.Table) -> float:
    return float(pc.mean(pc.utf8_length(tweets["content"])).as_py())
