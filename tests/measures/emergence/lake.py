"""Links of a few gardening clubs, with one place that emerges and what looks like it; for the tests of the measure."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa

BEGIN = datetime(2026, 1, 5, tzinfo=UTC)
CLUBS, DAYS = 24, 110
Row = tuple[datetime, str | int, str | None, str, str]
"""When, channel, account, address, kind of link."""


def usual(seed: int = 3, clubs: Iterable[int] = range(CLUBS), days: range = range(DAYS), sites: int = 60) -> list[Row]:
    """Links to sites that everybody knows, and to new ones that six clubs mention weeks apart."""
    fate = random.Random(seed)
    rows = []
    for day in days:
        for club in clubs:
            at = BEGIN + timedelta(days=day, minutes=fate.randrange(1400))
            rows.append(link(at, club, f"https://garden{fate.randrange(30)}.example/{day}"))
    for site in range(sites):
        first = fate.uniform(16, 90)
        for step, club in enumerate(fate.sample(range(CLUBS), 6)):
            at = BEGIN + timedelta(days=first + step * fate.uniform(1, 6))
            rows.append(link(at, club, f"https://site{site}.example/"))
    return [row for row in rows if BEGIN <= row[0] < BEGIN + timedelta(days=DAYS)]


def link(at: datetime, club: int, url: str, kind: str = "web", account: str | None = "") -> Row:
    """One link; by an account of the club's own unless one is named."""
    return at, f"c{club}", f"a{club}" if account == "" else account, url, kind


def taken_up(
    name: str,
    first: float,
    *,
    clubs: Iterable[int] = range(12),
    gap: float = 0.9,
    again: Iterable[int] = range(1, 14, 2),
    kind: str = "web",
    account: str | None = "",
) -> list[Row]:
    """A place that club after club links to, and again some days after."""
    rows = []
    for step, club in enumerate(clubs):
        at = BEGIN + timedelta(days=first + gap * step)
        rows += [link(at + timedelta(days=later), club, f"https://{name}/", kind, account) for later in (0, *again)]
    return [row for row in rows if row[0] < BEGIN + timedelta(days=DAYS)]


def table(rows: Iterable[Row]) -> pa.Table:
    """As the lake would hold them."""
    at, channel, account, url, kind = (list(column) for column in zip(*rows, strict=True))
    domain = [".".join(one.split("/")[2].split(".")[-2:]) for one in url]
    columns: dict[str, Any] = {"channel": channel, "account": account, "url": url, "domain": domain, "place": kind}
    return pa.table({"at": pa.array(at, pa.timestamp("us", "UTC")), **columns})
