"""Small Telegram Desktop exports, about a garden club."""

from __future__ import annotations

import json
from typing import Any

_TIME = 1_712_900_000


def _message(number: int, sender: int, text: Any, **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "type": "message",
        "date": "2024-04-12T05:33:20",
        "date_unixtime": str(_TIME + 60 * number),
        "from": f"Gardener {sender}",
        "from_id": f"user{sender}",
        "text": text,
        **more,
    }


def _service(number: int, actor: int, action: str, **more: Any) -> dict[str, Any]:
    told = _message(number, actor, "", action=action, actor=f"Gardener {actor}", actor_id=f"user{actor}", **more)
    return {key: value for key, value in told.items() if not key.startswith("from")} | {"type": "service"}


_GROUP = {
    "name": "Garden club",
    "type": "private_supergroup",
    "id": 1_500_000_001,
    "messages": [
        _service(1, 1, "create_group", title="Garden club", members=["Gardener 2", "Gardener 3"]),
        _service(2, 1, "topic_created", title="Seeds"),
        _message(3, 2, "Who has beans?", reply_to_message_id=2),
        _message(
            4,
            3,
            ["I have! ", {"type": "hashtag", "text": "#beans"}],
            text_entities=[{"type": "plain", "text": "I have! "}, {"type": "hashtag", "text": "#beans"}],
            reply_to_message_id=3,
            reactions=[
                {
                    "type": "emoji",
                    "count": 1,
                    "emoji": "👍",
                    "recent": [{"from": "Gardener 2", "from_id": "user2", "date": "2024-04-12T05:40:00"}],
                }
            ],
        ),
        _message(
            5,
            2,
            "",
            text_entities=[
                {"type": "plain", "text": "The rota is "},
                {"type": "text_link", "text": "here", "href": "https://garden.example/rota"},
                {"type": "plain", "text": ", ask "},
                {"type": "mention_name", "text": "Gardener 1", "user_id": 1},
            ],
            edited="2024-04-12T05:45:00",
            edited_unixtime=str(_TIME + 700),
        ),
        _message(6, 3, "", photo="photos/photo_1.jpg", photo_file_size=24_310, width=640, height=480),
        _message(7, 2, "Plot visit on Saturday", forwarded_from="Cycling club", forwarded_from_id="channel1400000009"),
        _service(8, 4, "join_group_by_link", inviter="Gardener 1"),
        _service(9, 1, "remove_members", members=["Gardener 4"]),
    ],
}
_PERSONAL = {
    "name": "Gardener 5",
    "type": "personal_chat",
    "id": 5,
    "messages": [
        _message(1, 5, "Can you water plot 9?"),
        _message(
            2,
            1,
            "",
            contact_information={"first_name": "Gardener", "last_name": "6", "phone_number": "00 00 00"},
        ),
    ],
}
_CHANNEL = {
    "name": "Cycling club news",
    "type": "public_channel",
    "id": 1_400_000_009,
    "messages": [
        _message(1, 0, "Sunday ride at nine") | {"from": "Cycling club news", "from_id": "channel1400000009"},
    ],
}
_EMPTY: dict[str, Any] = {"name": None, "type": "saved_messages", "id": 1, "messages": []}

EXAMPLES = (
    ("result.json", json.dumps(_GROUP, indent=1, ensure_ascii=False).encode()),
    (
        "result.json",
        json.dumps(
            {
                "about": "Here is the data you requested.",
                "chats": {"about": "This page lists all chats.", "list": [_PERSONAL, _EMPTY, _GROUP]},
                "left_chats": {"about": "This page lists all chats that were left.", "list": [_CHANNEL]},
            },
            indent=1,
            ensure_ascii=False,
        ).encode(),
    ),
)
