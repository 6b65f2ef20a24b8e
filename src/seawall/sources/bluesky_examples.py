"""Small Bluesky exports, about a garden club."""

from __future__ import annotations

import json
from typing import Any

_BEA, _TOM = "did:plc:beabeabeabeabeabeabeabea", "did:plc:tomtomtomtomtomtomtomtom"
_CID = "bafyreiexampleexampleexampleexampleexampleexampleexampleexa"
_PICTURE = "bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e"
_AT = 1_777_817_100_000_000


def _uri(who: str, collection: str, key: str) -> str:
    return f"at://{who}/app.bsky.{collection}/{key}"


def _subject(uri: str) -> dict[str, str]:
    return {"uri": uri, "cid": _CID}


_BEANS, _ANSWER = _uri(_BEA, "feed.post", "3kbeans"), _uri(_TOM, "feed.post", "3kanswer")
_REPOST = _uri(_TOM, "feed.repost", "3krepost")
_TEXT = "🌱 Borlotti beans: garden.example/bor… @tom.garden.example #beans"


def _facet(shown: str, kind: str, **told: str) -> dict[str, Any]:
    start = len(_TEXT.partition(shown)[0].encode())
    return {
        "index": {"byteStart": start, "byteEnd": start + len(shown.encode())},
        "features": [{"$type": f"app.bsky.richtext.facet#{kind}", **told}],
    }


_LINKED = {
    "$type": "app.bsky.feed.post",
    "text": _TEXT,
    "facets": [
        _facet("garden.example/bor…", "link", uri="https://garden.example/borlotti"),
        _facet("@tom.garden.example", "mention", did=_TOM),
        _facet("#beans", "tag", tag="beans"),
    ],
    "langs": ["en"],
    "createdAt": "2026-05-03T14:04:58.000Z",
    "embed": {
        "$type": "app.bsky.embed.images",
        "images": [
            {
                "alt": "A bowl of beans",
                "image": {"$type": "blob", "ref": {"$link": _PICTURE}, "mimeType": "image/jpeg", "size": 24_310},
            }
        ],
    },
}
_REPLY = {
    "$type": "app.bsky.feed.post",
    "text": "I bring twelve.",
    "reply": {"root": _subject(_BEANS), "parent": _subject(_BEANS)},
    "createdAt": "2026-05-03T14:06:00.000Z",
}
_QUOTE = {
    "$type": "app.bsky.feed.post",
    "text": "Swap on Sunday",
    "embed": {"$type": "app.bsky.embed.record", "record": _subject(_BEANS)},
    "createdAt": "2026-05-03T14:07:00.000Z",
}


def _event(second: int, who: str, kind: str, told: dict[str, Any]) -> dict[str, Any]:
    return {"did": who, "time_us": _AT + 1_000_000 * second, "kind": kind, kind: told}


def _commit(
    second: int,
    who: str,
    collection: str,
    key: str,
    record: dict[str, Any] | None = None,
    operation: str = "create",
) -> dict[str, Any]:
    told = {"rev": "3krev", "operation": operation, "collection": f"app.bsky.{collection}", "rkey": key}
    return _event(second, who, "commit", told if record is None else told | {"record": record, "cid": _CID})


_MADE = {"createdAt": "2026-05-03T14:08:00.000Z"}
_EVENTS = [
    _commit(0, _BEA, "feed.post", "3kbeans", _LINKED),
    _commit(60, _TOM, "feed.post", "3kanswer", _REPLY),
    _commit(120, _TOM, "feed.post", "3kquote", _QUOTE),
    _commit(180, _TOM, "feed.repost", "3krepost", _MADE | {"subject": _subject(_BEANS)}),
    _commit(181, _TOM, "feed.like", "3klike", _MADE | {"subject": _subject(_BEANS)}),
    _commit(182, _TOM, "graph.follow", "3kfollow", _MADE | {"subject": _BEA}),
    _commit(183, _BEA, "graph.block", "3kblock", _MADE | {"subject": _TOM}),
    _commit(184, _BEA, "feed.post", "3kbeans", _LINKED | {"text": "Runner beans", "facets": []}, "update"),
    _commit(185, _TOM, "actor.profile", "self", {"displayName": "Tom", "createdAt": "2025-01-01T00:00:00.000Z"}),
    _commit(186, _TOM, "graph.follow", "3kfollow", operation="delete"),
    _commit(187, _TOM, "feed.like", "3klike", operation="delete"),
    _commit(188, _TOM, "feed.post", "3kquote", operation="delete"),
    _event(189, _TOM, "identity", {"did": _TOM, "handle": "tom.garden.example", "seq": 71}),
    _event(190, _TOM, "account", {"did": _TOM, "active": False, "status": "takendown", "seq": 72}),
]


def _author(who: str, handle: str, name: str) -> dict[str, Any]:
    return {"did": who, "handle": handle, "displayName": name, "createdAt": "2024-11-20T08:00:00.000Z"}


_BEA_SEEN, _TOM_SEEN = _author(_BEA, "bea.garden.example", "Bea"), _author(_TOM, "tom.garden.example", "Tom")


def _view(uri: str, author: dict[str, Any], record: dict[str, Any]) -> dict[str, Any]:
    return {
        "uri": uri,
        "cid": _CID,
        "author": author,
        "record": record,
        "likeCount": 1,
        "indexedAt": "2026-05-03T14:07:30.000Z",
    }


_BEANS_SEEN, _ANSWER_SEEN = _view(_BEANS, _BEA_SEEN, _LINKED), _view(_ANSWER, _TOM_SEEN, _REPLY)
_FEED = {
    "feed": [
        {
            "post": _BEANS_SEEN,
            "reason": {
                "$type": "app.bsky.feed.defs#reasonRepost",
                "by": _TOM_SEEN,
                "uri": _REPOST,
                "indexedAt": "2026-05-03T14:08:01.000Z",
            },
        },
        {"post": _ANSWER_SEEN, "reply": {"root": _BEANS_SEEN, "parent": _BEANS_SEEN}},
    ],
    "cursor": "2026-05-03T14:06:00Z",
}
_THREAD = {
    "thread": {
        "$type": "app.bsky.feed.defs#threadViewPost",
        "post": _BEANS_SEEN,
        "replies": [{"$type": "app.bsky.feed.defs#threadViewPost", "post": _ANSWER_SEEN, "replies": []}],
    }
}
_LIKES = {
    "uri": _BEANS,
    "cid": _CID,
    "likes": [{"actor": _TOM_SEEN, "createdAt": "2026-05-03T14:08:01.000Z", "indexedAt": "2026-05-03T14:08:01.100Z"}],
}
_RECORDS = {"records": [{"uri": _ANSWER, "cid": _CID, "value": _REPLY}], "cursor": "3kanswer"}

EXAMPLES = (
    ("events.jsonl", b"".join(json.dumps(event, ensure_ascii=False).encode() + b"\n" for event in _EVENTS)),
    ("author_feed.json", json.dumps(_FEED).encode()),
    ("thread.json", json.dumps(_THREAD, indent=1).encode()),
    ("likes.json", json.dumps(_LIKES).encode()),
    ("records.json", json.dumps(_RECORDS).encode()),
    ("posts.ndjson", b"\n".join(json.dumps(view).encode() for view in (_BEANS_SEEN, _ANSWER_SEEN))),
)
