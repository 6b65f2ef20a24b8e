"""A gardening platform with ordinary copying, and texts that spread; for the tests of the spread detector."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa

from seawall.checks import MemoryWindow
from seawall.detectors.examples import messages_table
from seawall.detectors.spread import SpreadDetector
from seawall.model import COVERAGE, Alert

BEGIN = datetime(2026, 4, 6, tzinfo=UTC)
DAYS = 21
CALL = "Planting day on Sunday at nine, bring gloves and a spade, there is cake and tea for everybody who comes"
SIGN = "Please sign for the long bed behind the greenhouse, the council decides on Friday and needs fifty names"
NEWS = "The bridge on the river path opens on Monday, cyclists need not go round by the mill any longer"

Copy = tuple[datetime, str, str, str, int]
"""When, account, channel, text, match key."""


def account(number: int) -> str:
    """A pseudonym."""
    return f"a{number:020x}"


def channel(number: int) -> str:
    """A pseudonym."""
    return f"c{number:020x}"


def ordinary(fate: random.Random, texts: int = 400) -> list[Copy]:
    """Texts that a few accounts copy over hours, a greeting that is always about, and talk that nobody copies."""
    rows = []
    for text in range(texts):
        start = BEGIN + timedelta(days=fate.uniform(1, DAYS - 2))
        for copy in range(min(int(1.5 * fate.paretovariate(2)) + 1, 12)):
            at = start + timedelta(hours=copy * fate.expovariate(1 / 5))
            words = " ".join(f"plot{text}bed{bed}" for bed in range(8))
            rows.append((at, account(fate.randrange(400)), channel(fate.randrange(12)), words, 1000 + text))
    for number in range(DAYS * 12):
        at = BEGIN + timedelta(hours=2 * number + fate.random())
        rows.append((at, account(fate.randrange(400)), channel(fate.randrange(12)), "Good morning, all of you", 7))
    for number in range(DAYS * 60):
        at = BEGIN + timedelta(minutes=24 * number)
        rows.append((at, account(fate.randrange(400)), channel(fate.randrange(12)), f"talk{number}", 10**6 + number))
    return rows


def planted(fate: random.Random, day: float, accounts: range, over: timedelta, text: str, key: int) -> list[Copy]:
    """Each of these accounts posts a text once, within this time."""
    start = BEGIN + timedelta(days=day)
    return [(start + over * fate.random(), account(who), channel(fate.randrange(12)), text, key) for who in accounts]


def tables(copies: list[Copy], *, told: tuple[float, float] | None = (0, DAYS), **columns: Any) -> dict[str, pa.Table]:
    """Lake tables; ``told`` are the days that are stated to be complete."""
    rows = [
        {"sent_at": at, "account_id": who, "channel_id": where, "text": text, "text_key": key, **columns}
        for at, who, where, text, key in copies
    ]
    known = {
        "source": "example",
        "platform": "garden",
        "channel_id": None,
        "how": "stated",
        "complete": True,
        "batch": 1,
    }
    spans = [] if told is None else [{"start": BEGIN + timedelta(days=told[0]), "end": BEGIN + timedelta(days=told[1])}]
    coverage = pa.Table.from_pylist([{**known, **span} for span in spans], schema=COVERAGE)
    return {"messages": messages_table(rows), "coverage": coverage}


def spread_tables(seed: int = 7) -> dict[str, pa.Table]:
    """A call that 45 accounts post within a quarter of an hour, some with a word changed; one that 3 take everywhere;
    a headline of 60 accounts over a day."""
    fate = random.Random(seed)
    rows = ordinary(fate)
    rows += planted(fate, 6.4, range(1000, 1030), timedelta(minutes=15), CALL, 20)
    rows += planted(fate, 6.401, range(1030, 1045), timedelta(minutes=15), CALL.replace("comes", "came"), 21)
    start = BEGIN + timedelta(days=10.5)
    rows += [
        (start + timedelta(minutes=4 * place), account(2000 + place % 3), channel(100 + place), SIGN, 22)
        for place in range(20)
    ]
    rows += planted(fate, 13.3, range(3000, 3060), timedelta(days=1), NEWS, 23)
    fate.shuffle(rows)
    return tables(rows)


def alerts(
    world: Mapping[str, pa.Table],
    detector: SpreadDetector | None = None,
    *,
    start: datetime | None = None,
    end: datetime | None = None,
) -> list[Alert]:
    """What the detector says of these tables."""
    detector = detector or SpreadDetector()
    return list(detector.detect(MemoryWindow(world, detector, start=start, end=end)))


def texts(found: list[Alert]) -> list[int]:
    """The keys of the texts that are told."""
    return [int(alert.subjects[0].id, 16) for alert in found]
