"""Small Rocket.Chat exports, about a garden club."""

from __future__ import annotations

import json
from typing import Any

_BEA = {"_id": "beaBEAbeaBEAbea01", "username": "bea", "name": "Bea"}
_TOM = {"_id": "tomTOMtomTOMtom02", "username": "old.tom", "name": "Tom"}
_ROOM = "GENERALgarden0001"
_DIRECT = _BEA["_id"] + _TOM["_id"]


def _message(number: int, user: dict[str, str], msg: str, **more: Any) -> dict[str, Any]:
    return {
        "_id": f"exampleMessage{number:03}",
        "rid": _ROOM,
        "msg": msg,
        "ts": f"2024-04-12T07:{number:02}:00.500Z",
        "u": user,
        "_updatedAt": f"2024-04-12T07:{number:02}:00.540Z",
        "urls": [],
        "mentions": [],
        "channels": [],
        **more,
    }


_HISTORY = {
    "messages": [
        _message(12, _BEA, "See you at plot 9", rid=_DIRECT),
        _message(11, _TOM, "", t="rm", editedAt="2024-04-12T07:11:30.000Z", editedBy=_BEA),
        _message(10, _BEA, "Greenhouse repair", t="discussion-created", drid="DISCgarden0000001"),
        _message(9, _TOM, "c3ludGhldGlj", t="e2e", e2e="pending"),
        _message(
            8,
            _TOM,
            "",
            files=[{"_id": "file1", "name": "beans.jpg", "type": "image/jpeg", "size": 24_310}],
            attachments=[{"type": "file", "title": "beans.jpg", "description": "The bean table"}],
        ),
        _message(
            7,
            _BEA,
            "[ ](https://chat.example/channel/garden?msg=exampleMessage003) On table 2",
            attachments=[
                {
                    "text": "Who brings beans?",
                    "author_name": "bea",
                    "message_link": "https://chat.example/channel/garden?msg=exampleMessage003",
                }
            ],
        ),
        _message(
            6,
            _TOM,
            "@bea the map is https://garden.example/map?plot=9 and #cycling rides on Sunday",
            urls=[{"url": "https://garden.example/map"}],
            mentions=[{**_BEA, "type": "user"}],
            channels=[{"_id": "GENERALcycling002", "name": "cycling"}],
        ),
        _message(5, _TOM, "I do.", tmid="exampleMessage003", editedAt="2024-04-12T07:06:00.000Z", editedBy=_TOM),
        _message(4, _BEA, "old.tom", t="au"),
        _message(3, _BEA, "Who brings beans?", reactions={":seedling:": {"usernames": ["old.tom"]}}),
        _message(2, _BEA, "bea", t="uj"),
        _message(1, _BEA, "Water from seven", bot={"i": "js.SDK"}, alias="Garden bot"),
    ],
    "count": 12,
    "offset": 0,
    "total": 12,
    "success": True,
}
_SYNC = {
    "result": {
        "updated": [_message(3, _BEA, "Who brings runner beans?", editedAt="2024-04-12T08:00:00.000Z")],
        "deleted": [{"_id": "exampleMessage005", "_deletedAt": "2024-04-12T08:30:00.000Z"}],
        "cursor": {"next": None, "previous": None},
    },
    "success": True,
}
_FRAME = {
    "msg": "changed",
    "collection": "stream-room-messages",
    "id": "id",
    "fields": {
        "eventName": _ROOM,
        "args": [_message(20, _TOM, "Frost tonight", ts={"$date": 1712908800000}, _updatedAt={"$date": 1712908800040})],
    },
}
_EXPORT = [
    {"msg": "old.tom", "username": "old.tom", "ts": "2024-04-12T07:02:00.000Z", "type": "uj"},
    {"msg": "Borlotti from last year", "username": "old.tom", "ts": "2024-04-12T07:03:00.000Z"},
    {
        "msg": "",
        "username": "bea",
        "ts": "2024-04-12T07:04:00.000Z",
        "attachments": [{"type": "file", "title": "table.jpg", "image": "/file-upload/1/table.jpg"}],
    },
]

EXAMPLES = (
    ("history.json", json.dumps(_HISTORY, indent=1).encode()),
    ("sync.json", json.dumps(_SYNC).encode()),
    ("ddp.json", json.dumps(_FRAME).encode()),
    ("room.json", b"\n".join(json.dumps(line).encode() for line in _EXPORT)),
)
