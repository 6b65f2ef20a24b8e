"""Golden worlds of coordination, by thresholds and by chance, and of the canary, and what must be said of them.

``python -m tests.detectors.golden`` writes the folders again; look at the change before committing it.
"""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from seawall.checks import MemoryWindow
from seawall.detectors import CanaryDetector, CoordinationDetector, WatchedCoordination
from seawall.detectors.canary import CANARY_KEY
from seawall.detectors.examples import FIRST, messages_table
from seawall.protocols import Detector
from tests.detectors import golden_files
from tests.detectors.coordination_world import garden_world

FOLDER = Path(__file__).resolve().parent.parent / "golden"
DETECTORS: Mapping[str, Detector] = {
    "coordination": WatchedCoordination(),
    "coordination_chance": CoordinationDetector(),
    "canary": CanaryDetector(),
}


def coordination_world(seed: int = 7) -> pa.Table:
    """Eight accounts of a garden show post the same 9 texts within 40 s; four share links; sixty just chat."""
    fate = random.Random(seed)
    rows: list[dict[str, Any]] = []
    for show in range(9):
        start = FIRST + timedelta(days=show, seconds=fate.randrange(3600))
        for member in fate.sample(range(8), 7):
            at = start + timedelta(seconds=fate.randrange(40))
            rows.append({"account_id": f"a{member:020x}", "sent_at": at, "text_key": 100 + show})
    for ride in range(6):
        start = FIRST + timedelta(days=ride, hours=5)
        for member in range(20, 24):
            link = {"url": f"https://cycling.example/{ride}", "domain": "cycling.example", "place": "site"}
            at = start + timedelta(seconds=fate.randrange(25))
            rows.append({"account_id": f"a{member:020x}", "sent_at": at, "text_key": 5000 + len(rows), "links": [link]})
    for _ in range(900):
        at = FIRST + timedelta(seconds=fate.randrange(9 * 86_400))
        rows.append({"account_id": f"a{fate.randrange(60):020x}", "sent_at": at, "text_key": fate.randrange(100, 400)})
    fate.shuffle(rows)
    return messages_table(rows)


def canary_world(seed: int = 7) -> pa.Table:
    """Three copies of the phrase among fifty messages, some of them without text."""
    fate = random.Random(seed)
    keys = [CANARY_KEY] * 3 + [None] * 10 + [fate.randrange(2**63) for _ in range(37)]
    fate.shuffle(keys)
    return messages_table([{"account_id": f"a{fate.randrange(9):020x}", "text_key": key} for key in keys])


WORLDS = {"coordination": coordination_world, "coordination_chance": garden_world, "canary": canary_world}


def alerts_of(name: str, messages: pa.Table) -> list[dict[str, Any]]:
    """The detector's alerts as JSON would hold them."""
    detector = DETECTORS[name]
    found = list(detector.detect(MemoryWindow({"messages": messages}, detector)))
    plain: list[dict[str, Any]] = golden_files.as_json(found)
    return plain


def write() -> None:
    """Write inputs and expectations."""
    for name, world in WORLDS.items():
        folder = FOLDER / name
        folder.mkdir(parents=True, exist_ok=True)
        messages = world().select(list(DETECTORS[name].needs["messages"]))
        pq.write_table(messages, folder / "messages.parquet", compression="zstd")
        text = json.dumps(alerts_of(name, messages), indent=1, sort_keys=True)
        (folder / "expected.json").write_text(text + "\n")


if __name__ == "__main__":
    write()
