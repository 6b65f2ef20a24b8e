"""A cycling club's channels and their videos, day by day, for the tests of the output detector."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from seawall.checks import MemoryWindow
from seawall.detectors.examples import messages_table
from seawall.detectors.output import OutputDetector
from seawall.model import COVERAGE, Alert

BEGIN = datetime(2025, 1, 6, tzinfo=UTC)
"""A Monday."""
DAYS = 420
FALL, BACK = 250, 340
VIDEOS, OTHERS = "c" + "0" * 20, "c" + "1" * 20


def media(*kinds: str) -> list[dict[str, Any]]:
    """Media of these kinds."""
    return [{"kind": kind, "bytes": None, "sha256": None, "pdq": None, "quality": None} for kind in kinds]


def output_tables(
    seed: int = 7, *, low: float = 0.2, broken: range = range(0), told: tuple[tuple[int, int], ...] = ((0, DAYS),)
) -> dict[str, pa.Table]:
    """Two channels that talk, one of them with three videos a day, ``low`` of them from FALL to BACK.

    Nothing at all came on the days of ``broken``; ``told`` is what was collected.
    """
    rng = np.random.default_rng(seed)
    rows: list[dict[str, Any]] = []
    for day in sorted(set(range(DAYS)) - set(broken)):
        videos = rng.poisson(low if FALL <= day < BACK else 3.0)
        wanted = [(VIDEOS, media("video"))] * videos + [(OTHERS, media("image", "image"))] * rng.poisson(1.0)
        wanted += [(channel, None) for channel in (VIDEOS, OTHERS) for _ in range(rng.poisson(5.0))]
        for second, (channel, carried) in zip(rng.integers(0, 86_400, len(wanted)).tolist(), wanted, strict=True):
            at = BEGIN + timedelta(days=day, seconds=second)
            rows.append({"sent_at": at, "channel_id": channel, "media": carried, "platform": "pedal"})
    return {"messages": messages_table(rows), "coverage": coverage(*told)}


def coverage(*spans: tuple[int, int], source: str = "example", complete: bool = True) -> pa.Table:
    """What was collected of the platform, in days since the beginning."""
    row = {"source": source, "platform": "pedal", "channel_id": None, "complete": complete, "how": "stated", "batch": 1}
    times = [{"start": BEGIN + timedelta(days=start), "end": BEGIN + timedelta(days=end)} for start, end in spans]
    return pa.Table.from_pylist([{**row, **time} for time in times], schema=COVERAGE)


def alerts(tables: Mapping[str, pa.Table], detector: OutputDetector | None = None, **window: datetime) -> list[Alert]:
    """What the detector says of these tables."""
    detector = detector or OutputDetector()
    return list(detector.detect(MemoryWindow(tables, detector, **window)))


def day_of(at: datetime) -> int:
    """The day since the beginning."""
    return (at - BEGIN).days
