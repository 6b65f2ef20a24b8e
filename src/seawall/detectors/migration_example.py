"""A gardening club whose members chat; many of them begin to link to a new room. And one that all link to a show."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pyarrow as pa

from seawall.detectors.examples import FIRST, messages_table
from seawall.model import COVERAGE

DAYS = 120
MEMBERS = 30
MOVE_DAY = 84
ROOM = {"url": "https://matrix.to/#/%23~5eed5eed5eed5eed:seeds.example", "domain": "matrix.to", "place": "matrix_alias"}
SHOW = {"url": "https://show.example/tickets", "domain": "show.example", "place": "web"}


def migration_example(*, moves: bool) -> Mapping[str, pa.Table]:
    """Thirty members; from the twelfth week on a third of them link to a room, or all to a show, within ten days."""
    rows = [
        _message(member, day, hours=member / 2)
        for day in range(DAYS)
        for member in range(MEMBERS)
        if (day * 7 + member * 11) % 5 < 2 and not (moves and member < 6 and day > MOVE_DAY + 12)
    ]
    for number in range(40):
        link = {"url": f"https://discord.gg/plot{number}", "domain": "discord.gg", "place": "discord_invite"}
        rows.append(_message(number % MEMBERS, 30 + 2 * number, hours=16, links=[link]))
    links = [ROOM if moves else SHOW]
    who = range(12 if moves else MEMBERS)
    rows += [_message(member, MOVE_DAY + member % 10, hours=17 + member / 10, links=links) for member in who]
    known = {"source": "example", "platform": "garden", "channel_id": None, "how": "stated", "complete": True}
    coverage = [{**known, "start": FIRST, "end": FIRST + timedelta(days=DAYS), "batch": 1}]
    return {"messages": messages_table(rows), "coverage": pa.Table.from_pylist(coverage, schema=COVERAGE)}


def _message(member: int, day: int, *, hours: float, **more: object) -> dict[str, Any]:
    at = FIRST + timedelta(days=day, hours=hours)
    return {"account_id": f"a{member:020x}", "channel_id": f"c{1:020x}", "sent_at": at, **more}
