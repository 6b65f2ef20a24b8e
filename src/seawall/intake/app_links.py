"""Addresses of apps (``tg://``, ``matrix:``) as the web address of the same place."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, quote

_TELEGRAM = re.compile(r"tg://(?P<what>resolve|join)/?\?(?P<query>.*)", re.IGNORECASE | re.DOTALL)
_MATRIX = re.compile(r"matrix:(?P<what>u|r|roomid)/(?P<id>[^?/#]+)", re.IGNORECASE)
_SIGIL = {"u": "@", "r": "#", "roomid": "!"}


def to_web(url: str) -> str | None:
    """The same place on the web; null for app addresses that name no place.

    >>> to_web("tg://resolve?domain=garden_club&post=7"), to_web("matrix:r/garden:club.example")
    ('https://t.me/garden_club/7', 'https://matrix.to/#/%23garden:club.example')
    """
    telegram = _TELEGRAM.match(url)
    if telegram is not None:
        told = {key.lower(): quote(values[0], safe="") for key, values in parse_qs(telegram["query"]).items()}
        if telegram["what"].lower() == "join":
            return f"https://t.me/+{told['invite']}" if "invite" in told else None
        return f"https://t.me/{told['domain']}/{told.get('post', '')}".rstrip("/") if "domain" in told else None
    matrix = _MATRIX.match(url)
    if matrix is not None:
        return f"https://matrix.to/#/{quote(_SIGIL[matrix['what'].lower()] + matrix['id'], safe=':@!%')}"
    return None
