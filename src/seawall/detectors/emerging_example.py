"""Gardening clubs that link to known sites and to new ones, and one place to which they begin to go."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa

from seawall.detectors.examples import FIRST, messages_table

CLUBS = 24
DAYS = 90
NEW_SITES = 60
"""Sites that six clubs mention once, weeks apart."""
MEETING_PLACE = "https://chat.allotment.example"


def emerging_example(*, coming_back: bool) -> Mapping[str, pa.Table]:
    """From the sixtieth day on eleven clubs link to one server, and go on to; or once, all within an hour."""
    fate = random.Random(5)  # noqa: S311 - not a secret
    rows = list(_usual(fate))
    begin = FIRST + timedelta(days=60)
    for club in range(11):
        first = begin + (timedelta(hours=20 * club) if coming_back else timedelta(minutes=5 * club))
        again = range(1, 12, 2) if coming_back else ()
        rows += [_link(club, first + timedelta(days=day), MEETING_PLACE, "rocketchat") for day in (0, *again)]
    return {"messages": messages_table(row for row in rows if row["sent_at"] < FIRST + timedelta(days=DAYS))}


def _usual(fate: random.Random) -> Iterator[dict[str, Any]]:
    for day in range(DAYS):
        for club in range(CLUBS):
            at = FIRST + timedelta(days=day, minutes=fate.randrange(1200))
            yield _link(club, at, f"https://garden{fate.randrange(30)}.example/{day}", "web")
    for site in range(NEW_SITES):
        first = FIRST + timedelta(days=15 + fate.randrange(60), hours=fate.randrange(24))
        for place, club in enumerate(fate.sample(range(CLUBS), 6)):
            yield _link(
                club, first + timedelta(days=place * fate.randrange(1, 5)), f"https://site{site}.example", "web"
            )


def _link(club: int, at: datetime, url: str, place: str) -> dict[str, Any]:
    domain = ".".join(url.split("/")[2].split(".")[-2:])
    names = {"channel_id": f"c{club:020x}", "account_id": f"a{club:020x}"}
    return {**names, "sent_at": at, "links": [{"url": url, "domain": domain, "place": place}]}
