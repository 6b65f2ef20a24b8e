"""The golden world of the surge detector: a forum of a cycling club in two languages, and what must be said of it.

``python -m tests.detectors.surge_world`` writes the folder again; look at the change before committing it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa

from seawall.checks import MemoryWindow
from seawall.detectors.examples import messages_table
from seawall.detectors.surge import SurgeDetector
from seawall.model import COVERAGE, Alert
from tests.detectors import golden_files

FOLDER = Path(__file__).resolve().parent.parent / "golden" / "surge"
BEGIN = datetime(2025, 9, 1, tzinfo=UTC)
DAYS = 270
TOUR = range(200, 209)
"""The German channel writes four times as much."""
BREAK = range(120, 130)
"""Nothing was collected."""


def surge_tables(seed: int = 7) -> dict[str, pa.Table]:
    """Two channels, one German and one English; a surge of one, a gap in both, coverage that tells of it."""
    rng = np.random.default_rng(seed)
    rows = []
    for day in sorted(set(range(DAYS)) - set(BREAK)):
        for channel, language, level in (("c" + "0" * 20, "de", 25), ("c" + "1" * 20, "en", 15)):
            mean = level * (0.6 if day % 7 >= 5 else 1.0) * (4 if day in TOUR and language == "de" else 1)
            for second in sorted(rng.integers(0, 86_400, rng.poisson(mean)).tolist()):
                at = BEGIN + timedelta(days=day, seconds=second)
                rows.append({"sent_at": at, "channel_id": channel, "language": language, "platform": "pedal"})
    return {"messages": messages_table(rows), "coverage": coverage((0, BREAK.start), (BREAK.stop, DAYS))}


def coverage(*spans: tuple[int, int], source: str = "example", complete: bool = True) -> pa.Table:
    """What was collected of the platform, in days since the beginning."""
    row = {"source": source, "platform": "pedal", "channel_id": None, "complete": complete, "how": "stated", "batch": 1}
    times = [{"start": BEGIN + timedelta(days=start), "end": BEGIN + timedelta(days=end)} for start, end in spans]
    return pa.Table.from_pylist([{**row, **time} for time in times], schema=COVERAGE)


def alerts(tables: Mapping[str, pa.Table], detector: SurgeDetector | None = None, **window: datetime) -> list[Alert]:
    """What the detector says of these tables."""
    detector = detector or SurgeDetector()
    return list(detector.detect(MemoryWindow(tables, detector, **window)))


def write() -> None:
    """Write input and expectation."""
    golden_files.write_input(FOLDER, surge_tables(), SurgeDetector.needs)
    golden_files.write_expected(FOLDER, alerts(golden_files.read(FOLDER)))


if __name__ == "__main__":
    write()
