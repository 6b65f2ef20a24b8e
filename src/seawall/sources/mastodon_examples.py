"""Small exports of a Mastodon server, about a cycling club."""

from __future__ import annotations

import json
from typing import Any

_HOST = "https://cycling.example"


def _account(number: int, acct: str, name: str) -> dict[str, Any]:
    user, _, host = acct.partition("@")
    home = f"https://{host}" if host else _HOST
    return {
        "id": str(number),
        "username": user,
        "acct": acct,
        "display_name": name,
        "bot": False,
        "created_at": "2024-11-20T00:00:00.000Z",
        "url": f"{home}/@{user}",
        "uri": f"{home}/users/{user}",
        "followers_count": 12,
        "following_count": 9,
    }


_BEA, _TOM, _FINN = (
    _account(101, "bea", "Bea"),
    _account(102, "tom@garden.example", "Tom"),
    _account(103, "finn", "Finn"),
)
_TOM_MENTIONED = {key: _TOM[key] for key in ("id", "username", "acct", "url")}
_RIDE, _ANSWER, _BOOST, _QUOTE, _DIRECT, _CLOSED = (str(116_510_000_000_000_000 + number) for number in range(6))


def _status(number: str, account: dict[str, Any], content: str, minute: int, **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "created_at": f"2026-05-03T14:{minute:02}:00.000Z",
        "in_reply_to_id": None,
        "in_reply_to_account_id": None,
        "spoiler_text": "",
        "visibility": "public",
        "language": "en",
        "uri": f"{account['uri']}/statuses/{number}",
        "url": f"{account['url']}/{number}",
        "edited_at": None,
        "content": content,
        "reblog": None,
        "account": account,
        "media_attachments": [],
        "mentions": [],
        "tags": [],
        "card": None,
        "poll": None,
        "quote": None,
        **more,
    }


_LINK = (
    '<a href="https://club.example/routes/river" rel="nofollow noopener"><span class="invisible">https://</span>'
    '<span class="ellipsis">club.example/routes/ri</span><span class="invisible">ver</span></a>'
)
_RIDES = _status(
    _RIDE,
    _BEA,
    f'<p>Sunday ride at nine: {_LINK}<br>Bring a lamp <a href="{_HOST}/tags/ride" class="mention hashtag">'
    '#<span>ride</span></a></p><p><span class="h-card"><a href="https://garden.example/@tom" class="u-url mention">'
    "@<span>tom</span></a></span></p>",
    1,
    mentions=[_TOM_MENTIONED],
    tags=[{"name": "ride", "url": f"{_HOST}/tags/ride"}],
    edited_at="2026-05-03T14:30:00.000Z",
    media_attachments=[{"id": "1", "type": "image", "url": f"{_HOST}/system/river.jpg", "description": "The river"}],
    poll={"options": [{"title": "At nine", "votes_count": 2}, {"title": "At ten", "votes_count": 1}]},
)
_STATUSES = [
    _status(
        _QUOTE,
        _FINN,
        f'<p class="quote-inline">RE: <a href="{_HOST}/@bea/{_RIDE}">{_HOST}/@bea/{_RIDE}</a></p><p>Who joins?</p>',
        4,
        quote={"state": "accepted", "quoted_status": _RIDES},
        spoiler_text="Hills",
    ),
    _status(_BOOST, _FINN, "", 3, reblog=_RIDES, language=None),
    _status(_ANSWER, _TOM, "<p>I do!</p>", 2, in_reply_to_id=_RIDE, in_reply_to_account_id="101"),
    _RIDES,
    _status(_DIRECT, _BEA, "<p>@tom bring the pump</p>", 5, visibility="direct", mentions=[_TOM_MENTIONED]),
    _status(_CLOSED, _BEA, "<p>For those who follow</p>", 6, visibility="private"),
]


def _frame(event: str, payload: Any, second: int) -> dict[str, Any]:
    told = payload if isinstance(payload, str) else json.dumps(payload)
    when = f"2026-05-03T15:00:{second:02}.000Z"
    return {"stream": ["public"], "event": event, "payload": told, "received_at": when, "instance": "cycling.example"}


_FRAMES = [_frame("update", _STATUSES[2], 1), _frame("status.update", _RIDES, 2), _frame("delete", _ANSWER, 3)]


def _notification(number: int, kind: str, **more: Any) -> dict[str, Any]:
    return {"id": str(number), "type": kind, "created_at": "2026-05-03T14:40:00.000Z", "account": _FINN, **more}


_NOTIFICATIONS = [
    _notification(3, "follow"),
    _notification(2, "favourite", status=_RIDES),
    _notification(1, "mention", status=_STATUSES[0]),
]
_REPORTS = [
    {
        "id": "7",
        "action_taken": False,
        "category": "spam",
        "comment": "The same text in every thread",
        "created_at": "2026-05-03T14:50:00.000Z",
        "account": {"id": "101", "username": "bea", "domain": None, "account": _BEA},
        "target_account": {"id": "103", "username": "finn", "domain": None, "account": _FINN},
        "statuses": [_STATUSES[0]],
    }
]
_OUTBOX = {
    "@context": "https://www.w3.org/ns/activitystreams",
    "id": "outbox.json",
    "type": "OrderedCollection",
    "totalItems": 2,
    "orderedItems": [
        {
            "id": f"{_HOST}/users/bea/statuses/{_RIDE}/activity",
            "type": "Create",
            "actor": f"{_HOST}/users/bea",
            "published": "2026-05-03T14:01:00Z",
            "object": {
                "id": f"{_HOST}/users/bea/statuses/{_RIDE}",
                "type": "Note",
                "summary": None,
                "inReplyTo": None,
                "published": "2026-05-03T14:01:00Z",
                "to": ["https://www.w3.org/ns/activitystreams#Public"],
                "cc": [f"{_HOST}/users/bea/followers"],
                "content": "<p>Sunday ride at nine</p>",
                "contentMap": {"en": "<p>Sunday ride at nine</p>"},
                "attachment": [{"type": "Document", "mediaType": "image/jpeg", "url": "/media/river.jpg"}],
                "tag": [{"type": "Hashtag", "href": f"{_HOST}/tags/ride", "name": "#ride"}],
            },
        },
        {
            "id": f"{_HOST}/users/bea/statuses/{_BOOST}/activity",
            "type": "Announce",
            "actor": f"{_HOST}/users/bea",
            "published": "2026-05-03T14:03:00Z",
            "to": ["https://www.w3.org/ns/activitystreams#Public"],
            "object": f"https://garden.example/users/tom/statuses/{_ANSWER}",
        },
    ],
}

EXAMPLES = (
    ("timeline.json", json.dumps(_STATUSES).encode()),
    ("context.json", json.dumps({"ancestors": [_RIDES], "descendants": [_STATUSES[2]]}, indent=1).encode()),
    ("stream.ndjson", b"".join(json.dumps(frame).encode() + b"\n" for frame in _FRAMES)),
    ("notifications.json", json.dumps(_NOTIFICATIONS).encode()),
    ("reports.json", json.dumps(_REPORTS).encode()),
    ("outbox.json", json.dumps(_OUTBOX).encode()),
)
