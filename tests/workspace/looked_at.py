"""A small workspace of a gardening club for the tests of what pages see: three channels, replies, a gap."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import seawall
from seawall.model import Visibility
from seawall.protocols import ReadOptions
from seawall.workspace import Workspace

BEGIN = datetime(2026, 5, 4, tzinfo=UTC)  # a Monday
ROOMS = ("beds", "tools", "seeds")


def room_messages() -> list[dict[str, object]]:
    """Ten days of messages by seven gardeners; three of them write the same within seconds of each other each day."""
    rows = []
    for hour in range(240):
        at = BEGIN + timedelta(hours=hour, minutes=hour % 50)
        who = hour % 7
        rows.append(_row(len(rows), at, who, ROOMS[hour % 3], f"Bed {hour} is dug.", mention=(who + 1) % 7))
    for day in range(10):
        for who in range(3):
            at = BEGIN + timedelta(days=day, hours=9, seconds=5 * who)
            rows.append(_row(len(rows), at, who, "beds", f"Vote for the long bed on day {day}."))
    return rows


def _row(number: int, at: datetime, who: int, room: str, text: str, mention: int | None = None) -> dict[str, object]:
    named = [] if mention is None else [{"_id": f"id{mention}", "username": f"gardener{mention}", "type": "user"}]
    return {
        "_id": f"m{number:04d}",
        "rid": room,
        "msg": text,
        "ts": at.isoformat().replace("+00:00", "Z"),
        "u": {"_id": f"id{who}", "username": f"gardener{who}"},
        "mentions": named,
        "_updatedAt": at.isoformat().replace("+00:00", "Z"),
    }


def make_club(folder: Path) -> Workspace:
    """The club's workspace."""
    (folder / "rooms.json").write_text(json.dumps({"messages": room_messages(), "success": True}), encoding="utf-8")
    workspace = seawall.create(folder / "club", reviewer="Rosa")
    workspace.add(folder / "rooms.json", options=ReadOptions(visibility=Visibility.PUBLIC))
    return workspace
