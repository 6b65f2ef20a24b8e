"""A gardening platform on which little is copied, and one call to a planting day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pyarrow as pa

from seawall.detectors.examples import FIRST, messages_table
from seawall.model import COVERAGE

DAYS = 14
TALK = 40
"""Messages a day that nobody copies."""
ORDINARY = 60
"""Texts that two or three accounts post, hours apart."""
MEMBERS = 40
CALL = 4242


def spread_example(apart: timedelta) -> Mapping[str, pa.Table]:
    """Forty accounts post the same call from the third day on, one after the other, so far apart."""
    rows: list[dict[str, Any]] = [
        {
            "account_id": f"a{hour % 29:020x}",
            "channel_id": f"c{hour % 7:020x}",
            "sent_at": FIRST + hour * timedelta(days=1) / TALK,
        }
        for hour in range(DAYS * TALK)
    ]
    for text in range(ORDINARY):
        words = " ".join(f"row{text}bed{bed}" for bed in range(6))
        for copy in range(2 + text % 2):
            at = FIRST + timedelta(days=1, minutes=67 * text, hours=2 * copy)
            rows.append(_copy(100 + 3 * text + copy, text + copy, at, 100 + text, words))
    for member in range(MEMBERS):
        at = FIRST + timedelta(days=2) + member * apart
        words = "Planting day on Sunday at nine, bring gloves and a spade"
        rows.append(_copy(1000 + member, member % 9, at, CALL, words))
    known = {"source": "example", "platform": "garden", "channel_id": None, "how": "stated", "complete": True}
    coverage = [{**known, "start": FIRST, "end": FIRST + timedelta(days=DAYS), "batch": 1}]
    return {"messages": messages_table(rows), "coverage": pa.Table.from_pylist(coverage, schema=COVERAGE)}


def _copy(account: int, channel: int, at: Any, key: int, text: str) -> dict[str, Any]:
    names = {"account_id": f"a{account:020x}", "channel_id": f"c{channel:020x}"}
    return {**names, "sent_at": at, "text_key": key, "text": text}
