"""A made-up gardening club whose exports the documentation works on."""

from __future__ import annotations

import csv
import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

BEGIN = datetime(2026, 1, 5, tzinfo=UTC)
DAYS = 150
OPENINGS = ("Who needs", "Look at", "I have", "More about")
WORDS = ("tulips", "compost", "beans", "the long bed", "seed potatoes", "a wheelbarrow", "the greenhouse", "mulch")


def write_club(folder: Path) -> None:
    """Write export.csv, club.ndjson and result.json.

    Five months, in them a wave of ten days, and six accounts that act together.
    """
    rows = list(_messages(random.Random(7)))
    with (folder / "export.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, list(rows[0]))
        out.writeheader()
        out.writerows(rows)
    with (folder / "club.ndjson").open("w", encoding="utf-8") as lines:
        lines.writelines(json.dumps(row) + "\n" for row in rows)
    (folder / "result.json").write_text(json.dumps(_telegram(rows[:200])), encoding="utf-8")


def _messages(rng: random.Random) -> list[dict[str, str]]:
    moments: list[tuple[datetime, str, str, str]] = []
    for day in range(DAYS):
        start = BEGIN + timedelta(days=day)
        wave = 3 if 120 <= day < 130 else 1
        for _ in range(rng.randint(15, 25) * wave):
            at = start + timedelta(seconds=rng.randrange(86400))
            text = f"{rng.choice(OPENINGS)} {rng.choice(WORDS)} {rng.randrange(10**6)}?"
            moments.append((at, f"gardener{rng.randrange(80)}", rng.choice(("beds", "tools")), text))
    for number in range(12):
        at = BEGIN + timedelta(days=120 + number * 0.8, hours=9)
        text = f"Vote for bed number {number} now"
        moments += [(at + timedelta(seconds=who * 4), f"planter{who}", "beds", text) for who in range(6)]
    moments.sort()
    return [
        {"id": f"m{i}", "author": author, "created_at": at.isoformat(), "channel": channel, "text": text}
        for i, (at, author, channel, text) in enumerate(moments)
    ]


def _telegram(rows: list[dict[str, str]]) -> dict[str, object]:
    return {
        "name": "Tulip news",
        "type": "public_channel",
        "id": 4711,
        "messages": [
            {
                "id": i,
                "type": "message",
                "date": row["created_at"][:19],
                "date_unixtime": str(int(datetime.fromisoformat(row["created_at"]).timestamp())),
                "from": "Tulip news",
                "from_id": "channel4711",
                "text": row["text"],
                "text_entities": [{"type": "plain", "text": row["text"]}],
            }
            for i, row in enumerate(rows, start=1)
        ],
    }
