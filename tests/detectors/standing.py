"""What tests of detectors' standing states have in common."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from seawall.model import UTC_MICROSECONDS


def before(rows: pa.Table, at: datetime) -> pa.Table:
    """The messages that were sent before a moment."""
    return rows.filter(pc.less(rows["sent_at"], pa.scalar(at, UTC_MICROSECONDS)))


def fed(rows: pa.Table, detector: Any) -> Any:
    """The state of a detector to which these messages have come."""
    needs = list(detector.needs["messages"])
    state = detector.standing()
    state.feed(rows.select(needs).slice(0, 0), rows.select(needs))
    return state
