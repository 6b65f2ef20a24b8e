"""A simulated takedown as tables of the lake, and what the detector of successors says of it.

``python -m tests.detectors.successor_world`` writes the golden folder again; look at the change before committing it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from seawall.checks import MemoryWindow
from seawall.detectors.examples import messages_table
from seawall.detectors.successor import SuccessorDetector
from seawall.model import CHANNELS, COVERAGE, INTERACTIONS, Alert
from seawall.simulate import Action, TakedownSettings, TakedownWorld, takedown_world

FOLDER = Path(__file__).resolve().parent.parent / "golden" / "successor"
TABLES = ("messages", "channels", "interactions", "coverage")
SMALL = TakedownSettings(channels=26, days=45, communities=3, messages_a_day=1.2, actions=(Action(20, 0.9),))


def small_world() -> TakedownWorld:
    return takedown_world(11, settings=SMALL)


def lake_tables(world: TakedownWorld, platform: str = "simulated club") -> dict[str, pa.Table]:
    """The world as an import would leave it, with its own names."""
    links = {
        message: {"url": url, "domain": domain, "place": place}
        for message, url, domain, place in zip(
            *(world.links[name].to_pylist() for name in ("message", "url", "domain", "place")), strict=True
        )
    }
    rows = [
        {
            "message_id": row["message"],
            "platform": platform,
            "channel_id": row["channel"],
            "account_id": row["account"],
            "sent_at": row["at"],
            "kind": "post" if row["repost_of"] is None else "repost",
            "text_key": row["cluster"],
            "repost_of": row["repost_of"],
            "links": [links[row["message"]]] if row["message"] in links else None,
            "media": [{"kind": "image", "sha256": one} for one in row["media"]] or None,
        }
        for row in world.messages.to_pylist()
    ]
    channels = [
        dict.fromkeys(CHANNELS.names)
        | {name: row[name] for name in ("kind", "handle", "address", "created_at", "ended_at", "end_reason")}
        | {"channel_id": row["channel"], "platform": platform, "visibility": "public", "batch": 1}
        for row in world.channels.to_pylist()
    ]
    return {
        "messages": messages_table(rows),
        "channels": pa.Table.from_pylist(channels, schema=CHANNELS),
        "interactions": INTERACTIONS.empty_table(),
        "coverage": COVERAGE.empty_table(),
    }


def alerts(tables: Mapping[str, pa.Table], detector: SuccessorDetector | None = None) -> list[Alert]:
    """What is said."""
    asked = SuccessorDetector() if detector is None else detector
    return list(asked.detect(MemoryWindow(tables, asked)))


def golden_input() -> dict[str, pa.Table]:
    """The columns that the detector may see."""
    needs = SuccessorDetector.needs
    return {name: table.select(list(needs[name])) for name, table in lake_tables(small_world()).items()}


def committed() -> dict[str, pa.Table]:
    """The committed input."""
    return {name: pq.read_table(FOLDER / f"{name}.parquet") for name in TABLES}


if __name__ == "__main__":
    from tests.detectors import golden_files

    golden_files.write_input(FOLDER, golden_input(), SuccessorDetector.needs)
    golden_files.write_expected(FOLDER, alerts(golden_input()))
