"""A cycling club that announces its rides: the small world in which coordination must be seen, or must not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pyarrow as pa

from seawall.detectors.examples import FIRST, messages_table

OTHERS = 12
LATER, BETWEEN = 1000, 10
"""The other members pass a ride on one by one: the first after so many windows, each so many after the one before."""


def club(layers: tuple[str, ...], rides: int, leaders: int, window_s: float, apart_s: float) -> pa.Table:
    """Each ride is shared by the leaders, each ``apart_s`` after the one before, and later by the other members."""
    delays = [leader * apart_s for leader in range(leaders)]
    delays += [(LATER + BETWEEN * other) * window_s for other in range(OTHERS)]
    rows: list[dict[str, Any]] = []
    for ride in range(rides):
        shared = _ride(ride, layers)
        for member, delay in enumerate(delays):
            at = FIRST + timedelta(days=ride, seconds=delay)
            rows.append({"account_id": f"a{member:020x}", "sent_at": at, **shared})
    return messages_table(rows)


def _ride(number: int, layers: tuple[str, ...]) -> dict[str, Any]:
    """What a message about a ride shares: a repost where that alone is looked at, else everything that is looked at."""
    if layers == ("repost",):
        return {"repost_of": f"garden:ride{number}"}
    every: dict[str, dict[str, Any]] = {
        "text": {"text_key": 1000 + number},
        "link": {"links": [{"url": f"https://cycling.example/{number}", "domain": "cycling.example", "place": "site"}]},
        "hashtag": {"hashtags": [f"ride{number}", f"spring{number}"]},
        "hashtag_sequence": {"hashtags": [f"ride{number}", f"spring{number}"]},
        "reply": {"reply_to": f"garden:plan{number}"},
        "mention": {"mentions": [f"a{1000 + number:020x}"]},
        "media": {"media": [{"kind": "image", "sha256": f"{number:064x}"}]},
    }
    return {name: value for layer in layers for name, value in every.get(layer, {}).items()}
