"""A simulated funnel among the people of a real help channel, so that the demonstration can show one.

Real is who spoke to whom in public, and when. One hub, its newcomers' answers, and two honest accounts are made up; all
of it stands on a platform of its own whose name says so.
"""

from __future__ import annotations

import gzip
import json
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from seawall.demo.addressed import Addressed, Row, interactions
from seawall.model import SIMULATED_PLATFORM

PLATFORM = f"{SIMULATED_PLATFORM} help channel"
SEED = 11
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
    """Who spoke to whom in a chat."""
    lines, rows = Addressed(), list[Row]()
    with gzip.open(chat, "rt", encoding="utf-8") as file:
        for told in map(json.loads, file):
            found = lines.line(told["nick"], told["text"])
            if found is not None:
                rows.append((datetime.fromisoformat(told["time"]), found[0], told["nick"], found[1]))
    return interactions(rows, "help")
