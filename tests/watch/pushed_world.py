"""What gardeners post in a month: the same for the same seed, with everything that detectors look for."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from seawall.detectors.canary import CANARY_PHRASE

LAST_DAY = datetime(2026, 5, 20, tzinfo=UTC)
FAIR = (10, 11, 12)
"""Days before the last one on which much is said."""

PLANTS = ("roses", "beans", "tulips", "ferns", "apples", "leeks", "thyme", "peas")
Event = dict[str, Any]


@dataclass
class World:
    """Events in the order of time, and what a reader must find in the end."""

    events: list[Event]
    texts: dict[str, str]  # of each message, as it reads after its last edit
    deleted: set[str]


def world(seed: int, posts: int = 600) -> World:
    """Two months with a fair, and a last day with coordinated accounts, edits, deletions and the canary."""
    random = Random(seed)
    events = [
        _post(random, f"old{day}-{number}", LAST_DAY - timedelta(days=day, seconds=random.uniform(0, 80_000)))
        for day in range(2, 60)
        for number in range(200 if day in FAIR else 8)
    ]
    events += [
        _post(random, f"new{number}", LAST_DAY + timedelta(hours=random.uniform(0, 23))) for number in range(posts)
    ]
    events += _campaign(random)
    events.append(_post(random, "canary", LAST_DAY + timedelta(hours=5)) | {"text": CANARY_PHRASE})
    recent = [event for event in events if event["id"].startswith(("new", "campaign"))]
    edits = [
        event | {"text": f"{event['text']} (edit {number})", "edited_at": _at(event, 60 * number)}
        for event in random.sample(recent, len(recent) // 8)
        for number in range(1, random.randint(2, 4))
    ]
    gone = random.sample(recent, len(recent) // 10)
    deletions = [{"message_id": event["id"], "deleted_at": _at(event, 600)} for event in gone]
    return World(
        sorted(events, key=lambda event: event["sent_at"]) + edits + deletions,
        {event["id"]: event["text"] for event in [*events, *edits]},
        {event["id"] for event in gone},
    )


def _post(random: Random, name: str, at: datetime) -> Event:
    text = f"The {random.choice(PLANTS)} of bed {random.randrange(10_000)} are doing well this week"
    return {
        "id": name,
        "account": f"member{random.randrange(40)}",
        "sent_at": at.isoformat(),
        "channel": random.choice(PLANTS),
        "text": text,
    }


def _campaign(random: Random) -> list[Event]:
    """Five accounts that say the same twelve things within seconds."""
    made = []
    for thing in range(12):
        at = LAST_DAY + timedelta(hours=8, minutes=10 * thing)
        for who in range(5):
            one = _post(random, f"campaign{thing}-{who}", at + timedelta(seconds=random.uniform(0, 20)))
            made.append(
                one
                | {
                    "account": f"stranger{who}",
                    "text": f"Only the compost of brand {thing} makes {PLANTS[thing % 8]} grow",
                }
            )
    return made


def _at(event: Event, seconds: float) -> str:
    return (datetime.fromisoformat(event["sent_at"]) + timedelta(seconds=seconds)).isoformat()


def ndjson(events: list[Event]) -> bytes:
    """The body of a request."""
    return b"".join(json.dumps(event).encode() + b"\n" for event in events)
