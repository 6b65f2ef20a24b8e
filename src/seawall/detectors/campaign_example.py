"""Small worlds for the campaign detector: gardening clubs that rise together, and the same ones one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa

from seawall.detectors.examples import messages_table
from seawall.model import COVERAGE

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
DAYS = 150
LASTING = 8
TOGETHER = (120, 120, 120, 120)
APART = (60, 81, 102, 123)


def world(begins: Sequence[int]) -> Mapping[str, pa.Table]:
    """Channels of a gardening platform; each writes four times as much for eight days from its own day on.

    In these days half of the messages invite to a show: three accounts of a dozen post the same text at the same time.
    """
    rows: list[dict[str, Any]] = []
    for channel, begin in enumerate(begins):
        for day in range(DAYS):
            usual = 8 + (day * 5 + channel * 3) % 6
            raised = begin <= day < begin + LASTING
            count = usual * (4 if raised else 1)
            for number in range(count):
                invited = raised and number % 6 < 3
                slot = number - number % 3 if invited else number
                at = BEGIN + timedelta(days=day, minutes=(1440 * slot // count + 37 * day + 11 * channel) % 1440)
                guest = (slot + 5 * (number % 3)) % 12
                rows.append(
                    {
                        "sent_at": at + timedelta(seconds=number % 3),
                        "channel_id": f"c{channel:020x}",
                        "account_id": f"a{guest if invited else 100 + (number * 7 + day) % 60:020x}",
                        "text_key": 7000 + slot // 6 % 8 if invited else 10_000 + len(rows),
                        "text": f"tulip show opens at gate {slot // 6 % 8}" if invited else f"bed {len(rows)} is dug",
                        "language": "en",
                    }
                )
    known = {"source": "example", "platform": "garden", "channel_id": None, "how": "stated", "complete": True}
    coverage = [{**known, "start": BEGIN, "end": BEGIN + timedelta(days=DAYS), "batch": 1}]
    return {"messages": messages_table(rows), "coverage": pa.Table.from_pylist(coverage, schema=COVERAGE)}
