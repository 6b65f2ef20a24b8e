"""A garden club with a funnel, two hubs of one script, and others who approach strangers for good reasons.

``python -m tests.detectors.funnel_world`` writes the golden folder again; look at the change before committing it.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from seawall.checks import MemoryWindow
from seawall.detectors.funnel import FunnelDetector
from seawall.detectors.funnel_example import BEGIN, MEMBERS, _club, _led, _member, interactions_table
from seawall.model import COVERAGE, Alert
from tests.detectors import golden_files

FOLDER = Path(__file__).resolve().parent.parent / "golden" / "funnel"
HUB = f"a{MEMBERS:020x}"
SECOND = f"a{MEMBERS + 2:020x}"
DESK = f"a{MEMBERS + 3:020x}"


def led_by(hub: str, row: dict[str, Any]) -> dict[str, Any]:
    """The same act, by another hub than that of the example, or towards it."""
    return row | {name: hub for name in ("source_account", "target_account") if row[name] == HUB}


def shifted(row: dict[str, Any], **step: float) -> dict[str, Any]:
    return row | {"at": row["at"] + timedelta(**step)}


def rows(seed: int = 5, *, second: bool = True, platform: str = "garden") -> list[dict[str, Any]]:
    """The club, the hub of the example, another one with its script, and a help desk that members turn to."""
    fate = random.Random(seed)
    told = list(_club(fate))
    told += [row for newcomer in range(12) for row in _led(fate, newcomer)]
    if second:
        again = (row for newcomer in range(12) for row in _led(fate, newcomer))
        told += [_another(shifted(led_by(SECOND, row), days=1)) for row in again]
    told += list(_desk(fate))
    fate.shuffle(told)
    return [{**row, "platform": platform} for row in told]


def _another(row: dict[str, Any]) -> dict[str, Any]:
    """The same act with the members three plots on."""
    members = {_member(number): _member(number + 3) for number in range(MEMBERS)}
    return row | {name: members.get(row[name], row[name]) for name in ("source_account", "target_account")}


def _desk(fate: random.Random) -> Iterator[dict[str, Any]]:
    """Members ask the help desk, which answers with the same sentences, and gives the address of a form."""
    for number in range(30):
        at = BEGIN + timedelta(days=5 + number, minutes=fate.randrange(900))
        member = _member(fate.randrange(MEMBERS))
        for step in range(3):
            turn = at + timedelta(minutes=20 * step)
            passed = {"contact_kind": "email", "contact_key": "desk"} if step == 2 else {}
            asked = {"at": turn, "kind": "dm", "source_account": member, "target_account": DESK}
            yield asked | {"reply_key": f"{fate.getrandbits(64):016x}"}
            yield {**asked, "at": turn + timedelta(minutes=3), "source_account": DESK, "target_account": member,
                   "reply_key": f"form {step}", **passed}  # fmt: skip


def world(**more: Any) -> dict[str, pa.Table]:
    """The lake's tables."""
    gap = {"source": "example", "platform": "garden", "channel_id": None, "how": "watched", "complete": False}
    span = {"start": BEGIN + timedelta(days=20), "end": BEGIN + timedelta(days=21), "batch": 1}
    return {"interactions": interactions_table(rows(**more)), "coverage": pa.Table.from_pylist([gap | span], COVERAGE)}


def alerts(tables: Mapping[str, pa.Table], detector: FunnelDetector | None = None) -> list[Alert]:
    """What the detector says of these tables."""
    detector = detector or FunnelDetector()
    return list(detector.detect(MemoryWindow(tables, detector)))


def golden() -> dict[str, pa.Table]:
    """The committed input."""
    return {name: pq.read_table(FOLDER / f"{name}.parquet") for name in FunnelDetector.needs}


def write() -> None:
    """Write input and expectation."""
    golden_files.write_input(FOLDER, world(), FunnelDetector.needs)
    text = json.dumps(golden_files.as_json(alerts(golden())), indent=1, sort_keys=True)
    (FOLDER / "expected.json").write_text(text + "\n")


if __name__ == "__main__":
    write()
