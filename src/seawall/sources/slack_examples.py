"""A small export of Slack about a garden club, as its files are read together."""

from __future__ import annotations

import json
from typing import Any

from seawall.sources.bundles import SLACK_MARK

_TIME = 1_712_905_000


def _message(number: int, user: str | None, text: str, **more: Any) -> dict[str, Any]:
    told = {"type": "message", "user": user, "text": text, "ts": f"{_TIME + 60 * number}.{number:06}", **more}
    return {key: value for key, value in told.items() if value is not None}


def _ts(number: int) -> str:
    return f"{_TIME + 60 * number}.{number:06}"


_USERS = [
    {"id": f"U0GARDEN0{number}", "name": name, "is_bot": False, "profile": {"display_name": name.title()}}
    for number, name in enumerate(("marta", "jonas", "noor"), 1)
]
_CHANNELS = [{"id": "C0GARDEN01", "name": "general", "created": 1_700_000_000, "members": ["U0GARDEN01"]}]
_DIRECT = [{"id": "D0GARDEN01", "created": 1_700_000_000, "members": ["U0GARDEN01", "U0GARDEN02"]}]
_GENERAL = [
    _message(1, "U0GARDEN01", "<@U0GARDEN01> has joined the channel", subtype="channel_join", inviter="U0GARDEN03"),
    _message(2, "U0GARDEN01", "Seed swap: <https://garden.example/swap|the page> &amp; <#C0GARDEN01|general>"),
    _message(3, "U0GARDEN02", "I bring beans", thread_ts=_ts(2), parent_user_id="U0GARDEN01"),
    _message(
        4,
        "U0GARDEN03",
        "<@U0GARDEN02> is the shed open? <!here>",
        edited={"user": "U0GARDEN03", "ts": _ts(9)},
        reactions=[{"name": "+1", "users": ["U0GARDEN01"], "count": 1}],
    ),
    _message(5, None, "Watering reminder", subtype="bot_message", bot_id="B0GARDEN01", username="gardenbot"),
    _message(6, "U0GARDEN03", "", files=[{"id": "F1", "mimetype": "image/jpeg", "size": 1234}]),
    _message(7, None, "", subtype="message_deleted", deleted_ts=_ts(3)),
    _message(8, "U0GARDEN01", "Frost tonight", subtype="thread_broadcast", thread_ts=_ts(2)),
]
_LINES: list[dict[str, Any]] = [
    {"users": _USERS},
    {"channels": _CHANNELS},
    {"dms": _DIRECT},
    {"folder": "D0GARDEN01", "messages": [_message(20, "U0GARDEN02", "See you at plot 9")]},
    {"folder": "general", "messages": _GENERAL},
]

EXAMPLES = (("slack export", SLACK_MARK + b"".join(json.dumps(line).encode() + b"\n" for line in _LINES)),)
