"""Indicators of a feud between two gardening clubs, for the tests of the casebook."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa

from seawall.casebook import Listing
from seawall.model import HITS, IndicatorKind

TODAY = date(2026, 5, 20)
"""By the clock of ``conftest.ticking_clock``."""


def listing(value: str = "tulips-only.example", kind: str = "domain", **fields: Any) -> Listing:
    given: dict[str, Any] = {
        "bank": "feud",
        "source": "by hand",
        "owner": "Rosa",
        "reason": "It calls for the bed of the other club to be dug up.",
        "confidence": 80,
        "expires_on": TODAY + timedelta(days=90),
        "live": True,
    }
    return Listing(kind=IndicatorKind(kind), value=value, **(given | fields))


def phrase(value: str = "dig up their tulips", **fields: Any) -> Listing:
    return listing(value, "phrase", **fields)


def hits(indicator: str, messages: Sequence[str], at: datetime | None = None, context: str = "plain") -> pa.Table:
    first = at or datetime(2026, 5, 19, 12, tzinfo=UTC)
    rows = [
        {
            "indicator": indicator,
            "message_id": message,
            "sent_at": first + timedelta(seconds=place),
            "context": context,
            "disguised": False,
        }
        for place, message in enumerate(messages)
    ]
    return pa.Table.from_pylist(rows, HITS)
