"""Small worlds of acts for tests: a club's everyday traffic, and one funnel in it."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pyarrow as pa

START = datetime(2026, 3, 2, tzinfo=UTC)
COLUMNS = ("at", "kind", "source", "target", "contact_kind", "contact_key", "reply_key")
SCHEMA = pa.schema([("at", pa.timestamp("us", "UTC")), *((name, pa.string()) for name in COLUMNS[1:])])


def row(hours, kind, source, target, contact=None, words=None):
    """One act, so many hours after the start; an address is passed by a dm where one is given."""
    return (START + timedelta(hours=hours), kind, source, target, "handle" if contact else None, contact, words)


def table(rows):
    """Rows as a table."""
    return pa.Table.from_pylist([dict(zip(COLUMNS, values, strict=True)) for values in rows], schema=SCHEMA)


def everyday(seed=1, members=60, days=30, acts=3000):
    """Members who mention, follow and write to those they know, in three circles."""
    rng = random.Random(seed)
    rows = []
    for _ in range(acts):
        circle = rng.randrange(3)
        one, other = rng.sample(range(circle, members, 3), 2)
        kind = rng.choices(("mention", "reply", "follow", "dm", "reaction"), (4, 4, 1, 4, 2))[0]
        words = rng.choice((None, f"w{rng.randrange(400)}"))
        passed = f"own-{one}" if kind == "dm" and rng.random() < 0.01 else None
        rows.append(row(rng.uniform(0, 24 * days), kind, f"member-{one}", f"member-{other}", passed, words))
    return rows


def funnel(seed=2, hub="fern", newcomers=14, begins=100.0, successor="sage"):
    """A hub that goes through the same steps with strangers, most of whom answer."""
    rng = random.Random(seed)
    rows = []
    for number in range(newcomers):
        person, at = f"{hub}-newcomer-{number}", begins + number * 9 + rng.uniform(0, 5)
        rows.append(row(at, "mention", hub, person, words="line-0"))
        if rng.random() < 0.3:
            continue
        rows.append(row(at + rng.uniform(1, 5), "follow", person, hub))
        at += rng.uniform(6, 12)
        rows.append(row(at, "dm", hub, person, words="line-1"))
        rows.append(row(at + rng.uniform(0.1, 2), "dm", person, hub))
        rows.append(row(at + rng.uniform(20, 30), "dm", hub, person, contact="address", words="line-2"))
        for day in range(2, 8):
            rows.append(row(at + 24 * day + 1, "dm", person, hub))
            rows.append(row(at + 24 * day + 1.5, "dm", hub, person, words=f"line-{day + 1}"))
        rows.append(row(at + 24 * 9, "dm", successor, person))
    return rows
