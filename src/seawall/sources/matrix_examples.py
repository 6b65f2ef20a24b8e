"""Small Matrix exports, about a cycling club."""

from __future__ import annotations

import json
from typing import Any

_ROOM = "!cyclingclub:club.example"
_TIME = 1_712_900_000_000


def _event(number: int, kind: str, content: dict[str, Any], who: str = "bea", **more: Any) -> dict[str, Any]:
    return {
        "type": kind,
        "event_id": f"$example{number:03}",
        "room_id": _ROOM,
        "sender": f"@{who}:club.example",
        "origin_server_ts": _TIME + 60_000 * number,
        "content": content,
        **more,
    }


def _text(number: int, body: str, who: str = "bea", more: dict[str, Any] | None = None) -> dict[str, Any]:
    return _event(number, "m.room.message", {"msgtype": "m.text", "body": body} | (more or {}), who)


_BOB = "@bob:club.example"
_EVENTS = [
    _event(1, "m.room.create", {"room_version": "11"}, state_key=""),
    _event(2, "m.room.member", {"membership": "join"}, state_key="@bea:club.example"),
    _event(3, "m.room.member", {"membership": "invite", "displayname": "Bob"}, state_key=_BOB),
    _event(4, "m.room.member", {"membership": "join", "displayname": "Bob"}, "bob", state_key=_BOB),
    *(
        _event(5 + number, "m.room.member", {"membership": "join"}, who, state_key=f"@{who}:club.example")
        for number, who in enumerate(("carla", "dario", "emma", "finn"))
    ),
    _text(10, "Sunday ride at nine"),
    _text(
        11,
        "> <@bea:club.example> Sunday ride at nine\n\nI am in",
        "bob",
        {"m.relates_to": {"m.in_reply_to": {"event_id": "$example010"}}},
    ),
    _text(
        12,
        "* Sunday ride at ten",
        more={
            "m.new_content": {"msgtype": "m.text", "body": "Sunday ride at ten"},
            "m.relates_to": {"rel_type": "m.replace", "event_id": "$example010"},
        },
    ),
    _event(
        13,
        "m.reaction",
        {"m.relates_to": {"rel_type": "m.annotation", "event_id": "$example011", "key": "👍"}},
        "carla",
    ),
    _text(
        14,
        "Carla: the map is here",
        more={
            "format": "org.matrix.custom.html",
            "formatted_body": '<a href="https://matrix.to/#/@carla:club.example">Carla</a>: '
            'the map is <a href="https://club.example/map">here</a>',
            "m.mentions": {"user_ids": ["@carla:club.example"]},
        },
    ),
    _event(
        15,
        "m.room.message",
        {"msgtype": "m.image", "body": "bridge.jpg", "info": {"mimetype": "image/jpeg", "size": 31_037}},
        "dario",
    ),
    _event(16, "m.room.encrypted", {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "AwgAEn"}, "emma"),
    _event(17, "m.room.redaction", {"reason": "twice"}, redacts="$example015"),
    _event(
        15,
        "m.room.message",
        {},
        "dario",
        unsigned={"redacted_because": _event(17, "m.room.redaction", {}, redacts="$example015")},
    ),
    _event(18, "m.room.member", {"membership": "leave"}, state_key="@finn:club.example"),
    _event(19, "m.room.join_rules", {"join_rule": "public"}, state_key=""),
    _event(20, "org.example.weather", {"wind": "west"}),
    _event(21, "m.room.tombstone", {"replacement_room": "!newroom"}, state_key=""),
]
_SYNC = {
    "next_batch": "s2",
    "rooms": {
        "join": {
            _ROOM: {
                "summary": {"m.joined_member_count": 7, "m.invited_member_count": 0},
                "state": {"events": [_EVENTS[-3]]},
                "timeline": {
                    "events": [{key: told for key, told in _text(30, "Home again").items() if key != "room_id"}],
                    "limited": False,
                    "prev_batch": "s1",
                },
            }
        }
    },
}
_REPORTS = {
    "event_reports": [
        {
            "id": 7,
            "received_ts": _TIME + 3_000_000,
            "room_id": _ROOM,
            "name": "Cycling club",
            "event_id": "$example014",
            "user_id": "@emma:club.example",
            "reason": "advertises a shop",
            "score": None,
            "sender": "@bea:club.example",
            "canonical_alias": None,
        }
    ],
    "total": 1,
}

EXAMPLES = (
    (
        "matrix - Cycling club - Chat Export.json",
        json.dumps(
            {
                "room_name": "Cycling club",
                "room_creator": "@bea:club.example",
                "topic": "Rides",
                "export_date": "12/04/2024",
                "exported_by": "@bea:club.example",
                "messages": _EVENTS,
            },
            indent=4,
            ensure_ascii=False,
        ).encode(),
    ),
    ("event_reports.json", json.dumps(_REPORTS).encode()),
    ("sync.json", json.dumps(_SYNC).encode()),
    ("events.ndjson", b"".join(json.dumps(event, ensure_ascii=False).encode() + b"\n" for event in _EVENTS[-10:])),
)
