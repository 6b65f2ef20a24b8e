"""Gardening clubs that share links all day, and groups among them that act together: who they are is known."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pyarrow as pa

from seawall.detectors import CoordinationDetector
from seawall.detectors.examples import FIRST, messages_table
from seawall.model import MESSAGES

MEMBERS, PAGES, DAYS = 120, 160, 20
PLANTED = tuple(range(8))
"""These members share twelve of everybody's pages within half a minute of one another."""
ALONE = tuple(range(200, 206))
"""These six post twelve texts within half a minute that nobody else posts."""


def name(member: int) -> str:
    return f"a{member:020x}"


def page(number: int) -> dict[str, Any]:
    links = [{"url": f"https://garden{number % 23}.example/{number}", "domain": f"garden{number % 23}.example"}]
    return {"links": [{**one, "place": "site"} for one in links]}


def with_nulls(columns: Mapping[str, Any]) -> pa.Table:
    """A table of messages of which only some columns are told."""
    count = len(columns["message_id"])
    needed = [MESSAGES.field(column) for column in CoordinationDetector.needs["messages"]]
    return pa.table({one.name: columns.get(one.name, pa.nulls(count, one.type)) for one in needed})


def garden_world(seed: int = 5) -> pa.Table:
    """What everybody shares in the hours after it appears, what the planted ones share at once, and chatter."""
    fate = random.Random(seed)
    rows: list[dict[str, Any]] = []
    for number in range(PAGES):
        born = FIRST + timedelta(seconds=fate.randrange(DAYS * 86_400))
        for member in fate.sample(range(MEMBERS), fate.randrange(4, 24)):
            at = born + timedelta(seconds=fate.expovariate(1 / 9_000))
            rows.append({"account_id": name(member), "sent_at": at, **page(number)})
        if number < 12:
            start = born + timedelta(hours=fate.randrange(1, 6))
            rows += [
                {"account_id": name(member), "sent_at": start + timedelta(seconds=fate.randrange(30)), **page(number)}
                for member in fate.sample(PLANTED, 7)
            ]
    for number in range(12):
        start = FIRST + timedelta(days=number, hours=9)
        for member in ALONE:
            at = start + timedelta(seconds=fate.randrange(30))
            rows.append({"account_id": name(member), "sent_at": at, "text_key": 700 + number})
    for number in range(900):
        at = FIRST + timedelta(seconds=fate.randrange(DAYS * 86_400))
        rows.append({"account_id": name(fate.randrange(MEMBERS)), "sent_at": at, "text_key": 10_000 + number})
    fate.shuffle(rows)
    return messages_table(rows)


def dealt_anew(messages: pa.Table, seed: int) -> pa.Table:
    """The same messages, the times of each shared page dealt anew to those who shared it."""
    fate = random.Random(seed)
    rows = messages.to_pylist()
    places: dict[str, list[int]] = {}
    for place, row in enumerate(rows):
        for link in row["links"] or ():
            places.setdefault(link["url"], []).append(place)
    for shared in places.values():
        times = [rows[place]["sent_at"] for place in shared]
        fate.shuffle(times)
        for place, at in zip(shared, times, strict=True):
            rows[place] |= {"sent_at": at, "collected_at": at}
    return pa.Table.from_pylist(rows, schema=messages.schema)
