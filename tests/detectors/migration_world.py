"""A platform of three clubs: one moves to a room, one links to a fair and goes home, one takes up nothing."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa

from seawall.checks import MemoryWindow
from seawall.detectors.examples import messages_table
from seawall.detectors.migration import MigrationDetector
from seawall.model import CHANNELS, COVERAGE, Alert

BEGIN = datetime(2026, 1, 5, tzinfo=UTC)
DAYS = 170
MOVE, FAIR = 98, 84
ADDRESS = "https://t.me/~5eed5eed5eed5eed"
ROOM = {"url": ADDRESS, "domain": "t.me", "place": "telegram_handle"}
PAGE = {"url": "https://fair.example/day", "domain": "fair.example", "place": "web"}

Row = dict[str, Any]


def channel(number: int) -> str:
    """A pseudonym."""
    return f"c{number:020x}"


def message(club: int, member: int, day: float, *links: Mapping[str, str], **more: Any) -> Row:
    """A message of a member of a club."""
    return {
        "account_id": f"a{100 * club + member:020x}", "channel_id": channel(club),
        "sent_at": BEGIN + timedelta(days=day), "links": list(links), **more,
    }  # fmt: skip


def talk(fate: random.Random, club: int, members: int, gone: Mapping[int, float]) -> list[Row]:
    """Members write every third day or so, and now and then link to a new room."""
    rows = [
        message(club, member, day + fate.random())
        for day in range(DAYS)
        for member in range(members)
        if fate.random() < 0.35 and day < gone.get(member, DAYS)
    ]
    for number in range(30):
        link = {"url": f"https://discord.gg/c{club}r{number}", "domain": "discord.gg", "place": "discord_invite"}
        rows.append(message(club, fate.randrange(members), 30 + fate.random() * (DAYS - 31), link))
    return rows


def migration_rows(seed: int = 7) -> list[Row]:
    """Fourteen of thirty in club 1 link to a room, ten of them in their last message; most of club 2 link to a fair."""
    fate = random.Random(seed)
    gone = {member: MOVE + 9 + member for member in range(10)}
    rows = [row for club in (1, 2, 3) for row in talk(fate, club, 30, gone if club == 1 else {})]
    for member in range(14):
        rows.append(message(1, member, MOVE + fate.random() * 8, ROOM))
        if member in gone:
            rows.append(message(1, member, gone[member] + 0.9, ROOM))
    rows += [message(2, member, FAIR + fate.random() * 9, PAGE) for member in range(28)]
    return [{"message_id": f"garden:{number}", **row} for number, row in enumerate(rows, 1)]


def tables(rows: list[Row], *gaps: tuple[int, float, float]) -> dict[str, pa.Table]:
    """Lake tables; ``gaps`` are a club, and the days from and to which it was not collected."""
    known = {"source": "example", "platform": "garden", "how": "stated", "batch": 1}
    spans = [(None, True, 0.0, float(DAYS)), *((channel(club), False, low, high) for club, low, high in gaps)]
    coverage = [
        {**known, "channel_id": where, "complete": complete,
         "start": BEGIN + timedelta(days=low), "end": BEGIN + timedelta(days=high)}
        for where, complete, low, high in spans
    ]  # fmt: skip
    return {"messages": messages_table(rows), "coverage": pa.Table.from_pylist(coverage, schema=COVERAGE)}


def channels() -> pa.Table:
    """Club 9 is the channel to which links of the room lead."""
    known = {
        **dict.fromkeys(CHANNELS.names),
        "platform": "garden",
        "kind": "broadcast",
        "visibility": "public",
        "batch": 1,
    }
    return pa.Table.from_pylist([{**known, "channel_id": channel(9), "address": ADDRESS}], schema=CHANNELS)


def migration_tables(seed: int = 7) -> dict[str, pa.Table]:
    """The whole world, in which the room is a channel that nothing was written in."""
    return {**tables(migration_rows(seed)), "channels": channels()}


def alerts(found: Mapping[str, pa.Table], detector: Any = None, **window: Any) -> list[Alert]:
    """What the detector says."""
    chosen = detector or MigrationDetector()
    return list(chosen.detect(MemoryWindow(found, chosen, **window)))
