"""A lake of gardening clubs for the tests of the emerging detector: links, and what was collected."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import pyarrow as pa

from seawall.checks import MemoryWindow
from seawall.detectors.emerging import EmergingDetector
from seawall.detectors.examples import messages_table
from seawall.model import COVERAGE, Alert
from tests.measures.emergence.lake import BEGIN, DAYS, Row, taken_up, usual

PLACE, GROUP, PETITION = "chat.allotment.example", "https://t.me/~0a1b2c3d4e5f6071", "petition.example"


def lake_tables(rows: Iterable[Row], platform: str = "garden") -> dict[str, pa.Table]:
    """Messages with a link each, and coverage that tells that all was collected."""
    messages = messages_table(
        {
            "message_id": f"{platform}:{number}",
            "platform": platform,
            "sent_at": at,
            "channel_id": f"{channel}",
            "account_id": account or f"a{channel}",
            "links": [{"url": url, "domain": ".".join(url.split("/")[2].split(".")[-2:]), "place": kind}],
        }
        for number, (at, channel, account, url, kind) in enumerate(rows)
    )
    known = {"source": "example", "platform": platform, "channel_id": None, "how": "stated", "complete": True}
    row = {**known, "start": BEGIN, "end": BEGIN + timedelta(days=DAYS), "batch": 1}
    return {"messages": messages, "coverage": pa.Table.from_pylist([row], schema=COVERAGE)}


def emerging_tables() -> dict[str, pa.Table]:
    """A server that twelve clubs take to, a group that ten do weeks later, and a petition of one day."""
    rows = usual() + taken_up(PLACE, 60, kind="rocketchat")
    rows += taken_up("t.me/~0a1b2c3d4e5f6071", 80, clubs=range(10, 20), gap=0.5, kind="telegram_handle")
    rows = [(*row[:3], row[3].rstrip("/") if "t.me" in row[3] else row[3], row[4]) for row in rows]
    rows += taken_up(PETITION, 70, clubs=range(20), gap=0.02, again=())
    random.Random(1).shuffle(rows)
    return lake_tables(rows)


def alerts(
    world: Mapping[str, pa.Table], detector: EmergingDetector | None = None, *, end: datetime | None = None
) -> list[Alert]:
    """What the detector says of these tables."""
    detector = detector or EmergingDetector()
    return list(detector.detect(MemoryWindow(world, detector, end=end)))


def told(found: list[Alert]) -> list[str]:
    """The places that are told."""
    return [alert.subjects[0].id for alert in found]
