"""A garden club whose members chat, for the funnel detector's examples; an account may lead strangers away from it."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa

from seawall.model import INTERACTIONS

BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
DAYS = 60
MEMBERS = 80
PLOTS = 10
"""Members of neighbouring plots know one another: each has so many neighbours."""
LED = 12
"""So many strangers are led away."""

Row = dict[str, Any]


def interactions_table(rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """A table of interactions from what matters in each row.

    >>> interactions_table([{"at": BEGIN, "kind": "follow", "source_account": "a1"}])["platform"].to_pylist()
    ['garden']
    """
    usual = {"platform": "garden", "source": "example", "reported": False, "batch": 1}
    filled = [
        {**dict.fromkeys(INTERACTIONS.names), "interaction_id": f"garden:{number}", **usual, **row}
        for number, row in enumerate(rows, start=1)
    ]
    return pa.Table.from_pylist(filled, INTERACTIONS)


def garden(*, funnel: bool, seed: int = 11) -> pa.Table:
    """Two months of the club; with ``funnel`` one account leads ``LED`` of its members to an address outside."""
    fate = random.Random(seed)  # noqa: S311 - not a secret
    rows = list(_club(fate))
    if funnel:
        rows += [row for newcomer in range(LED) for row in _led(fate, newcomer)]
    return interactions_table(rows)


def _member(number: int) -> str:
    return f"a{number % MEMBERS:020x}"


def _act(at: datetime, kind: str, source: str, target: str, **more: Any) -> Row:
    return {"at": at, "kind": kind, "source_account": source, "target_account": target, **more}


def _club(fate: random.Random) -> Iterator[Row]:
    """Neighbours answer and mention one another, follow each other, and write now and then."""
    for one in range(MEMBERS):
        for step in range(1, PLOTS // 2 + 1):
            at = BEGIN + timedelta(minutes=fate.randrange(2 * 1440))
            yield _act(at, "follow", _member(one), _member(one + step))
            yield _act(at + timedelta(minutes=fate.randrange(1, 3000)), "follow", _member(one + step), _member(one))
    for _ in range(MEMBERS * DAYS // 2):
        one = fate.randrange(MEMBERS)
        other = one + fate.choice([-1, 1]) * fate.randrange(1, PLOTS // 2 + 1)
        at = BEGIN + timedelta(minutes=fate.randrange(2 * 1440, DAYS * 1440))
        kind = fate.choices(["reply", "mention", "reaction", "dm"], [5, 2, 4, 3])[0]
        yield _act(at, kind, _member(one), _member(other), **_words(fate, kind))


def _words(fate: random.Random, kind: str) -> Row:
    return {"reply_key": f"{fate.getrandbits(64):016x}"} if kind == "dm" else {}


def _led(fate: random.Random, number: int) -> Iterator[Row]:
    """A mention, a follow-back, the same messages in the same order, an address, days of chat, and another account."""
    hub, another = f"a{MEMBERS:020x}", f"a{MEMBERS + 1:020x}"
    newcomer = _member(number * MEMBERS // LED)
    at = BEGIN + timedelta(days=12 + 2 * number, minutes=fate.randrange(600))
    yield _act(at, "mention", hub, newcomer)
    at += timedelta(hours=fate.uniform(3, 6))
    yield _act(at, "follow", newcomer, hub)
    at += timedelta(hours=fate.uniform(6, 10))
    for step in range(8):
        passed = {"contact_kind": "email", "contact_key": "fern"} if step == 3 else {}
        yield _act(at, "dm", hub, newcomer, reply_key=f"script {step}", **passed)
        yield _act(at + timedelta(minutes=fate.uniform(5, 60)), "dm", newcomer, hub, **_words(fate, "dm"))
        at += timedelta(hours=fate.uniform(14, 18))
    for _ in range(3):
        at += timedelta(hours=fate.uniform(5, 20))
        yield _act(at, "dm", another, newcomer, **_words(fate, "dm"))
        yield _act(at + timedelta(minutes=30), "dm", newcomer, another, **_words(fate, "dm"))
