"""A small world of clubs' channels for the example that the detector of successors carries."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pyarrow as pa

from seawall.detectors.examples import FIRST, messages_table
from seawall.model import CHANNELS, COVERAGE, INTERACTIONS

_CLUBS = (
    "tulip_news", "river_rides", "saddle_notes", "compost_daily", "bulb_swap", "beehive_post", "orchard_diary",
    "mulch_tips", "towpath_talk", "sprocket_corner", "lantern_walks", "hedge_friends",
)  # fmt: skip
_END = FIRST + timedelta(days=40)


def successor_example(*, back: bool) -> Mapping[str, pa.Table]:
    """Twelve clubs, and an allotment club whose channel ends; a channel opens the day after.

    Args:
        back: it is announced and takes up the old media and texts; else it belongs to another club.
    """
    rows: list[dict[str, Any]] = []
    for number, club in enumerate(_CLUBS):
        rows += [
            _post(club, day * 4.0 + number / 24, key=1000 * number + day, media=number * 100 + day) for day in range(20)
        ]
        rows.append(_post(club, 3.0 + number, key=9000 + number, link=_address(_CLUBS[(number + 1) % len(_CLUBS)])))
    rows += [_post("allotment_club", day * 2.0, key=20_000 + day, media=5000 + day) for day in range(20)]
    new = "allotment_club_2" if back else "wheel_trueing"
    if back:
        rows += [_post("allotment_club", 39.0 + hour / 10, key=21_000 + hour, link=_address(new)) for hour in range(3)]
        rows += [_post(new, 42.0 + day, key=20_000 + day, media=5000 + day) for day in range(8)]
        rows += [_post("tulip_news", 43.0, key=22_000, link=_address(new))]
    rows += [_post(new, 41.0 + day, key=30_000 + day) for day in range(12)]
    told = [_channel(club, -200.0 - 9 * number) for number, club in enumerate(_CLUBS)]
    told += [_channel("allotment_club", -300.0, ended=True), _channel(new, 40.8)]
    return {
        "messages": messages_table(rows),
        "channels": pa.Table.from_pylist(told, schema=CHANNELS),
        "interactions": INTERACTIONS.empty_table(),
        "coverage": COVERAGE.empty_table(),
    }


def _address(club: str) -> str:
    return f"https://t.me/{club}"


def _post(club: str, day: float, *, key: int, media: int | None = None, link: str | None = None) -> dict[str, Any]:
    pictures = None if media is None else [{"kind": "image", "sha256": f"{media:064x}"}]
    links = None if link is None else [{"url": link, "domain": "t.me", "place": "telegram_handle"}]
    return {
        "channel_id": club,
        "account_id": f"a{sum(club.encode()):020x}",
        "sent_at": FIRST + timedelta(days=day),
        "text_key": key,
        "media": pictures,
        "links": links,
    }


def _channel(club: str, day: float, *, ended: bool = False) -> dict[str, Any]:
    return dict.fromkeys(CHANNELS.names) | {
        "channel_id": club,
        "platform": "garden",
        "kind": "broadcast",
        "visibility": "public",
        "handle": club,
        "address": _address(club),
        "created_at": FIRST + timedelta(days=day),
        "ended_at": _END if ended else None,
        "end_reason": "taken_down" if ended else None,
        "batch": 1,
    }
