"""Small exports of DiscordChatExporter, about a garden and a cycling club."""

from __future__ import annotations

import json
from typing import Any


def _user(number: int, name: str, **more: Any) -> dict[str, Any]:
    return {
        "id": f"11000000000000001{number:02}",
        "name": name,
        "discriminator": "0000",
        "nickname": name.title(),
        "isBot": False,
        "roles": [],
        **more,
    }


_MIRA, _FELIX, _YARA = _user(1, "mira"), _user(2, "felix"), _user(3, "yara", discriminator="4711")
_HOOK = _user(9, "Rota", isBot=True)


def _message(number: int, author: dict[str, Any], content: str, **more: Any) -> dict[str, Any]:
    return {
        "id": f"12280000000000000{number:02}",
        "type": "Default",
        "timestamp": f"2024-04-13T09:{number:02}:00.123+02:00",
        "timestampEdited": None,
        "callEndedTimestamp": None,
        "isPinned": False,
        "content": content,
        "author": author,
        "attachments": [],
        "embeds": [],
        "stickers": [],
        "reactions": [],
        "mentions": [],
        **more,
    }


def _reference(message: str | None, channel: str = "1100000000000000002", **more: Any) -> dict[str, Any]:
    return {"messageId": message, "channelId": channel, "guildId": "1100000000000000001", **more}


def _export(channel: dict[str, Any], *messages: dict[str, Any]) -> bytes:
    told = {
        "guild": {"id": "1100000000000000001", "name": "Cycling Club"},
        "channel": {"id": "1100000000000000002", "categoryId": None, "category": None, "topic": None, **channel},
        "dateRange": {"after": None, "before": None},
        "exportedAt": "2024-04-14T08:00:00+00:00",
        "messages": messages,
        "messageCount": len(messages),
    }
    return json.dumps(told, indent=1, ensure_ascii=False).encode()


_ROOM = _export(
    {"type": "GuildTextChat", "name": "rides"},
    _message(1, _MIRA, "Joined the server.", type="GuildMemberJoin"),
    _message(2, _MIRA, "@Felix the route is https://garden.example/45", mentions=[_FELIX]),
    _message(
        3,
        _FELIX,
        "Gravel?",
        type="Reply",
        reference=_reference("1228000000000000002"),
        timestampEdited="2024-04-13T10:00Z",
    ),
    _message(
        4,
        _YARA,
        "Photo of last week",
        attachments=[{"id": "1", "url": "https://cdn.example/ride.jpg", "fileName": "ride.jpg", "fileSizeBytes": 1842}],
        reactions=[{"emoji": {"name": "🚲"}, "count": 1, "users": [_MIRA]}],
    ),
    _message(5, _HOOK, "", embeds=[{"title": "Rota", "url": "https://garden.example/rota", "description": "Week 16"}]),
    _message(6, _YARA, "", reference=_reference("1227000000000000001", type="Forward"))
    | {"forwardedMessage": {"content": "Seed swap on Saturday", "attachments": [], "embeds": []}},
    _message(7, _MIRA, "Pinned a message.", type="ChannelPinnedMessage", reference=_reference("1228000000000000002")),
)
_THREAD = _export(
    {"type": "GuildPrivateThread", "name": "Surprise cake", "categoryId": "1100000000000000002"},
    _message(1, _MIRA, "Who bakes?"),
)
_DIRECT = _export(
    {"type": "DirectGroupTextChat", "name": "Mira, Felix"},
    _message(1, _MIRA, "Added Yara to the group.", type="RecipientAdd", mentions=[_YARA]),
    _message(2, _FELIX, "Nine at the fountain"),
    _message(3, _YARA, "Left the group.", type="RecipientRemove", mentions=[_YARA]),
)

EXAMPLES = (("rides.json", _ROOM), ("cake.json", _THREAD), ("direct.json", _DIRECT))
