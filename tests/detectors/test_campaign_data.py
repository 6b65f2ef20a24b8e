"""Real messages: crises that the public talked about come out as news, an organised operation does not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from seawall.intake.match_key import match_keys
from seawall.model import COVERAGE, MESSAGES, UTC_MICROSECONDS, Severity
from tests.detectors.campaign_world import alerts

SOURCES = ("Media", "Outsiders", "Eyewitness", "Government", "NGOs")
FIRST, DAYS = datetime(2012, 2, 1, tzinfo=UTC), 700


def messages(ids: pa.Array, channels: pa.Array, accounts: pa.Array, at: pa.Array, texts: pa.Array) -> pa.Table:
    """Public posts of one platform, as the lake holds them; links and hashtags stay in the text."""
    told = {"message_id": ids, "channel_id": channels, "account_id": accounts, "sent_at": at, "text": texts}
    told |= {"text_key": match_keys(texts)}
    told |= {
        name: pa.repeat(value, len(ids))
        for name, value in (("platform", "x"), ("source", "x"), ("kind", "post"), ("visibility", "public"))
    }
    for name in ("repost_of", "links", "hashtags"):
        told[name] = pa.nulls(len(ids), MESSAGES.field(name).type)
    return pa.table(told)


def collected(*spans: tuple[datetime, datetime]) -> pa.Table:
    """That everything was collected in these times."""
    row = {"source": "x", "platform": "x", "channel_id": None, "complete": True, "how": "stated", "batch": 1}
    return pa.Table.from_pylist([{**row, "start": start, "end": end} for start, end in spans], schema=COVERAGE)


def gardens(level: int, seed: int) -> pa.Table:
    """What the channels would otherwise say: the set has no baseline of its own."""
    rng = np.random.default_rng(seed)
    counts = rng.poisson(level, (DAYS, len(SOURCES)))
    size = int(counts.sum())
    day = np.repeat(np.repeat(np.arange(DAYS), len(SOURCES)), counts.ravel())
    seconds = int(FIRST.timestamp()) + day * 86_400 + rng.integers(0, 86_400, size)
    return messages(
        pa.array([f"garden:{number}" for number in range(size)]),
        pa.array(np.repeat(np.tile(np.array(SOURCES, object), DAYS), counts.ravel())),
        pa.array([f"p{number}" for number in rng.integers(0, 800, size)]),
        pa.array(seconds * 1_000_000).cast(UTC_MICROSECONDS),
        pa.array([f"bed number {number} is dug" for number in range(size)]),
    )


@pytest.mark.data
def test_crises_come_out_as_news_and_of_low_severity(shared_data: Path) -> None:
    """CrisisLex: who speaks (media, eyewitnesses ...) is the channel, gardening talk the baseline that the set lacks.

    The set names no authors; each message counts as an account of its own, as nearly all are in a sample of 1 %.
    """
    table = pq.read_table(shared_data / "surges" / "crisislex" / "t26_dev.parquet")
    table = table.filter(pc.and_(pc.is_valid(table["text"]), pc.is_in(table["information_source"], pa.array(SOURCES))))
    ids = pc.binary_join_element_wise("t", table["tweet_id"].cast(pa.string()), ":")
    at = table["timestamp"].cast(UTC_MICROSECONDS)
    crises = messages(ids, table["information_source"], ids, at, table["text"])
    world = pa.concat_tables([gardens(4, 7), crises])
    found = alerts({"messages": world, "coverage": collected((FIRST, FIRST + timedelta(days=DAYS)))})
    begins = table.group_by("event").aggregate([("timestamp", "min"), ("timestamp", "max")]).to_pylist()
    hit = {
        row["event"]
        for row in begins
        for alert in found
        if row["timestamp_min"] <= alert.end and alert.start <= row["timestamp_max"]
    }
    assert len(hit) >= 3
    for alert in found:
        assert "news" in alert.details["counter_evidence"]
        assert alert.severity is Severity.LOW
        assert alert.details["people"]["together"] < 0.02


@pytest.mark.data
def test_an_organised_operation_does_not_come_out_as_news(shared_data: Path) -> None:
    """Internet Research Agency: no candidate is told as news, and in the largest most accounts acted together.

    Languages are the channels. (Its published categories never rise three at a time.)
    """
    names = ["message_id", "author_id", "content", "publish_date", "language"]
    table = pq.read_table(shared_data / "ira" / "ira_dev.parquet", columns=names)
    edges = ["2012-02-03", "2016-09-15", "2016-11-16", "2017-07-15", "2017-09-16", "2018-05-30"]
    days = [datetime.fromisoformat(f"{day}T00:00:00Z") for day in edges]
    ids = table["message_id"].cast(pa.string())
    at = table["publish_date"].cast(UTC_MICROSECONDS)
    world = messages(ids, table["language"], table["author_id"], at, table["content"])
    found = alerts({"messages": world, "coverage": collected(*zip(days[::2], days[1::2], strict=True))})
    assert found
    for alert in found:
        assert "news" not in alert.details["counter_evidence"]
        assert "one thing" not in alert.details["counter_evidence"]
        assert alert.severity is not Severity.LOW
    assert max(found, key=lambda alert: alert.observed or 0).details["people"]["together"] >= 0.5
