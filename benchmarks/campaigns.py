"""Campaign candidates in real messages: what counter-evidence says of crises in the news, and of an operation."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.table import Row
from seawall.checks import MemoryWindow
from seawall.detectors.campaign import CampaignDetector
from seawall.measures.text.match_key import match_keys
from seawall.model import COVERAGE, MESSAGES, UTC_MICROSECONDS, Alert

NAME = "Campaigns in real messages"
DATA = Path(os.environ.get("SEAWALL_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
SPEAKERS = ("Media", "Outsiders", "Eyewitness", "Government", "NGOs")
FIRST, DAYS = datetime(2012, 2, 1, tzinfo=UTC), 700
IRA_DAYS = ("2012-02-03", "2016-09-15", "2016-11-16", "2017-07-15", "2017-09-16", "2018-05-30")
"""What the set covers: from, until, from, until ..."""
SEED = 9001


def messages(ids: pa.Array, channels: pa.Array, accounts: pa.Array, at: pa.Array, texts: pa.Array) -> pa.Table:
    """Public posts of one platform, as the lake holds them."""
    told = {"message_id": ids, "channel_id": channels, "account_id": accounts, "sent_at": at, "text": texts}
    told |= {"text_key": match_keys(texts)}
    for name, value in (("platform", "x"), ("source", "x"), ("kind", "post"), ("visibility", "public")):
        told[name] = pa.repeat(value, len(ids))
    for name in ("repost_of", "links", "hashtags"):
        told[name] = pa.nulls(len(ids), MESSAGES.field(name).type)
    return pa.table(told)


def candidates(told: pa.Table, *spans: tuple[datetime, datetime]) -> list[Alert]:
    """The campaign candidates of messages that were collected in these spans."""
    row = {"source": "x", "platform": "x", "channel_id": None, "complete": True, "how": "stated", "batch": 1}
    coverage = pa.Table.from_pylist([{**row, "start": start, "end": end} for start, end in spans], schema=COVERAGE)
    detector = CampaignDetector()
    return list(detector.detect(MemoryWindow({"messages": told, "coverage": coverage}, detector)))


def ordinary_talk(seed: int, level: float = 4.0) -> pa.Table:
    """What the channels of the crises would otherwise say, because the set begins with each event: 800 accounts."""
    rng = np.random.default_rng(seed)
    counts = rng.poisson(level, (DAYS, len(SPEAKERS)))
    size, day = int(counts.sum()), np.repeat(np.repeat(np.arange(DAYS), len(SPEAKERS)), counts.ravel())
    seconds = int(FIRST.timestamp()) + day * 86_400 + rng.integers(0, 86_400, size)
    return messages(
        pa.array([f"garden:{number}" for number in range(size)]),
        pa.array(np.repeat(np.tile(np.array(SPEAKERS, object), DAYS), counts.ravel())),
        pa.array([f"p{number}" for number in rng.integers(0, 800, size)]),
        pa.array(seconds * 1_000_000).cast(UTC_MICROSECONDS),
        pa.array([f"bed number {number} is dug" for number in range(size)]),
    )


def crises(data: Path, seed: int) -> tuple[list[Alert], list[bool]]:
    """The candidates among the messages of CrisisLex, and of each crisis whether it is in one.

    Who speaks is the channel; the set names no authors, so that each message has its own.
    """
    table = pq.read_table(data / "surges" / "crisislex" / "t26_dev.parquet")
    table = table.filter(pc.and_(pc.is_valid(table["text"]), pc.is_in(table["information_source"], pa.array(SPEAKERS))))
    ids = pc.binary_join_element_wise("t", table["tweet_id"].cast(pa.string()), ":")
    at = table["timestamp"].cast(UTC_MICROSECONDS)
    world = pa.concat_tables([ordinary_talk(seed), messages(ids, table["information_source"], ids, at, table["text"])])
    found = candidates(world, (FIRST, FIRST + timedelta(days=DAYS)))
    spans = table.group_by("event").aggregate([("timestamp", "min"), ("timestamp", "max")]).to_pylist()
    hit = [any(r["timestamp_min"] <= one.end and one.start <= r["timestamp_max"] for one in found) for r in spans]
    return found, hit


def crisis_rows() -> Iterator[Row]:
    """What is told of crises that the public talked about."""
    found, hit = crises(DATA, SEED)
    news = [one for one in found if "news" in one.details["counter_evidence"]]
    note = f"{len(found)} candidates touch {sum(hit)} of {len(hit)} crises; ordinary talk before them is simulated"
    yield Row("CrisisLex: candidates told as news", len(news) / max(len(found), 1), "", ">= 1", note=note)
    yield Row(
        "CrisisLex: crises joined into a candidate", sum(hit) / len(hit), "", note="at least three channels must rise"
    )


def operation(data: Path, by: str) -> list[Alert]:
    """The candidates among the messages of the Internet Research Agency, by its categories or languages as channels."""
    columns = ["message_id", "author_id", "content", "publish_date", by]
    table = pq.read_table(data / "ira" / "ira_dev.parquet", columns=columns)
    edges = [datetime.fromisoformat(f"{day}T00:00:00Z") for day in IRA_DAYS]
    spans = list(zip(edges[::2], edges[1::2], strict=True))
    ids, at = table["message_id"].cast(pa.string()), table["publish_date"].cast(UTC_MICROSECONDS)
    return candidates(messages(ids, table[by], table["author_id"], at, table["content"]), *spans)


def ira_rows() -> Iterator[Row]:
    """What is told of an operation whose accounts all belong together."""
    for by in ("category", "language"):
        found = operation(DATA, by)
        ordinary = [one for one in found if {"news", "one thing"} & set(one.details["counter_evidence"])]
        largest = max(found, key=lambda one: one.observed or 0.0, default=None)
        together = largest.details["people"]["together"] if largest else 0.0
        note = ", ".join(f"{one.start:%Y-%m-%d}" for one in found)
        yield Row(f"IRA by {by}: candidates told as news", len(ordinary), f"of {len(found)}", "<= 0", note=note)
        claim = f"IRA by {by}: messages by accounts that acted together, largest candidate"
        yield Row(claim, together, "of its messages", ">= 0.5")


def run() -> list[Row]:
    """The figures, in about a minute; nothing where the shared data are absent."""
    return [*crisis_rows(), *ira_rows()] if (DATA / "surges").exists() else []
