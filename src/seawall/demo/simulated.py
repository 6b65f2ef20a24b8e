"""A simulated funnel among the people of a real help channel, so that the demonstration can show one.

Real is who spoke to whom in public, and when. One hub, its newcomers' answers, and two honest accounts are made up; all
of it stands on a platform of its own whose name says so.
"""

from __future__ import annotations

import gzip
import json
import re
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from seawall.model import SIMULATED_PLATFORM, UTC_MICROSECONDS

PLATFORM = f"{SIMULATED_PLATFORM} help channel"
SEED = 11
_ADDRESSED = re.compile(r"(\S{2,30})[:,]\s")
_HABITS = {
    "accounts": 1,
    "newcomers": 24,
    "active_days": 5,
    "chat_days": 6,
    "contact_h": 14,
    "direct_h": 5,
    "follow_back_h": 4,
}
"""Faster than the ranges that the simulator draws from: the real channel was recorded for two weeks."""


def write_simulated(chat: Path, target: Path) -> Path:
    """Write the help channel with a simulated funnel in it, as ``seawall add --source generic`` reads it.

    Args:
        chat: the packaged chat, NDJSON in gzip.
        target: a new folder.

    Returns:
        The table, a CSV file; the truth lies beside it.
    """
    from seawall.simulate import FunnelSettings, Platform, funnel_world
    from seawall.simulate.files import write_world

    settings = FunnelSettings(
        hubs=1,
        decoys=2,
        roles=("welcome_committee", "mentoring"),
        existing=0.0,
        second_generation=0.0,
        pinned=_HABITS,
        platform=Platform(),
    )
    return write_world(funnel_world(SEED, background=addressed(chat), settings=settings), target)[0]


def addressed(chat: Path) -> pa.Table:
    """Who spoke to whom in a chat: a line that begins with somebody's name mentions them, or answers them."""
    seen: set[str] = set()
    spoken: set[tuple[str, str]] = set()
    rows: list[tuple[datetime, str, str, str]] = []
    with gzip.open(chat, "rt", encoding="utf-8") as lines:
        for line in lines:
            told = json.loads(line)
            speaker, named = told["nick"], _ADDRESSED.match(told["text"])
            seen.add(speaker)
            if named is None or named[1] not in seen or named[1] == speaker:
                continue
            kind = "reply" if (named[1], speaker) in spoken else "mention"
            spoken.add((speaker, named[1]))
            rows.append((datetime.fromisoformat(told["time"]), kind, speaker, named[1]))
    columns = dict(zip(("at", "kind", "source", "target"), map(list, zip(*rows, strict=True)), strict=True))
    columns["at"] = pa.array(columns["at"], UTC_MICROSECONDS)
    return pa.table(columns | {"channel": pa.array(["help"] * len(rows))})
