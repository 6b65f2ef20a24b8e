"""Exports of a gardening club in every format, with identifiers planted wherever a platform puts them.

Each identifier holds a mark of its own, ``zq<number>x`` or a telephone number of Berlin that begins with 777, which no
Seawall output may ever contain.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from tests.planted_chats import write_chats

MARK = re.compile(rb"zq\d+x|49[ -]?30[ -]?777[ -]?\d{5}", re.IGNORECASE)


class Marks:
    """Hands out identifiers and remembers how many."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self.planted = 0

    def _next(self) -> str:
        self.planted += 1
        return f"zq{next(self._numbers)}x"

    def handle(self) -> str:
        return f"green_{self._next()}"

    def name(self) -> str:
        return f"Fern {self._next().capitalize()}"

    def email(self) -> str:
        return f"{self._next()}@allotment.example.org"

    def profile(self) -> str:
        mark, sort = self._next(), self.planted % 9
        return (
            f"https://t.me/{mark}",
            f"https://x.com/{mark}/status/12345",
            f"https://mastodon.example/@{mark}",
            f"https://www.facebook.com/{mark}",
            f"https://reddit.example/user/{mark}/posts",
            f"https://garden.example/seeds?email={mark}%40allotment.example.org",
            f"https://{mark}:secret@garden.example/beds",
            f"https://matrix.to/#/@{mark}:garden.example",
            f"https://www.instagram.com/{mark}/",
        )[sort]

    def phone(self) -> str:
        self.planted += 1
        number = f"{next(self._numbers):05d}"
        return (
            f"+4930777{number}",
            f"+49 30 777{number}",
            f"0049 30 777{number}",
            f"+49-30-777-{number}",
            f"https://wa.me/4930777{number}",
            f"tel:+4930777{number}",
        )[self.planted % 6]

    def text(self) -> str:
        """A message about compost with a handle, a mention, an address, a link and a telephone number in it."""
        return (
            f"RT @{self.handle()}: compost for @{self.handle()} and {self.email()}, see {self.profile()} "
            f"or ask @{self._next()}.garden, mailto:{self.email()} thanks @{self._next()}@plants.example "
            f"or call {self.phone()}"
        )


def write_all(folder: Path, marks: Marks, rows: int) -> Iterator[tuple[Path, list[str]]]:
    """The exports, each with the options that ``seawall add`` needs for it."""
    yield _telegram(folder / f"{marks.handle()}_result.json", marks, rows, "public_supergroup"), []
    yield _telegram(folder / "private.json", marks, rows, "private_supergroup"), ["--basis", "members agreed"]
    yield _telegram(folder / "personal.json", marks, rows, "personal_chat"), []
    yield _rocketchat(folder / "history.json", marks, rows), ["--visibility", "public"]
    yield _rooms_export(folder / "rooms.json", marks, rows), ["--visibility", "closed", "--basis", "members agreed"]
    yield _matrix(folder / "matrix.json", marks, rows), ["--visibility", "public"]
    yield _generic(folder / "club.ndjson", marks, rows), ["--visibility", "public"]
    yield _x(folder / "x.csv", marks, rows), []
    yield _mastodon(folder / "timeline.json", marks, rows), ["--basis", "members agreed"]
    yield _bluesky(folder / "events.jsonl", marks, rows), []
    yield _bluesky_feed(folder / "feed.json", marks, rows), []
    yield from write_chats(folder, marks, rows)


def _telegram(path: Path, marks: Marks, rows: int, kind: str) -> Path:
    messages = [
        {
            "id": number,
            "type": "message",
            "date": "2026-05-03T10:00:00",
            "date_unixtime": str(1777800000 + number),
            "from": marks.name(),
            "from_id": f"user{marks._next()}",
            "forwarded_from": marks.name(),
            "file": f"files/{marks.handle()}.pdf",
            "mime_type": "application/pdf",
            "text": [
                marks.text(),
                {"type": "mention", "text": f"@{marks.handle()}"},
                " ",
                {"type": "text_link", "text": "bed", "href": marks.profile()},
                {"type": "email", "text": marks.email()},
            ],
            "text_entities": [
                {"type": "plain", "text": marks.text()},
                {"type": "mention", "text": f"@{marks.handle()}"},
                {"type": "text_link", "text": "bed", "href": marks.profile()},
                {"type": "mention_name", "text": marks.name(), "user_id": number},
            ],
        }
        for number in range(1, rows + 1)
    ]
    messages.append(
        {
            "id": rows + 1,
            "type": "service",
            "date_unixtime": "1777900000",
            "actor": marks.name(),
            "actor_id": f"user{marks._next()}",
            "action": "invite_members",
            "members": [marks.name(), marks.name()],
            "text": "",
            "text_entities": [],
        }
    )
    path.write_text(json.dumps({"name": marks.name(), "type": kind, "id": 77, "messages": messages}), encoding="utf-8")
    return path


def _rocketchat(path: Path, marks: Marks, rows: int) -> Path:
    messages = [
        {
            "_id": f"rcmessage{number}",
            "rid": "GENERAL",
            "msg": marks.text(),
            "ts": f"2026-05-03T10:{number // 60 % 60:02d}:{number % 60:02d}.000Z",
            "u": {"_id": marks._next(), "username": marks.handle(), "name": marks.name()},
            "_updatedAt": "2026-05-03T12:00:00.000Z",
            "alias": marks.name(),
            "mentions": [{"_id": marks._next(), "username": marks.handle(), "name": marks.name(), "type": "user"}],
            "urls": [{"url": marks.profile()}],
            "file": {"_id": "f1", "name": f"{marks.handle()}.png", "type": "image/png"},
            "attachments": [{"title": f"{marks.handle()}.png", "author_name": marks.handle(), "text": marks.text()}],
            "reactions": {":tulip:": {"usernames": [marks.handle()]}},
        }
        for number in range(rows)
    ]
    path.write_text(json.dumps({"messages": messages, "count": rows, "success": True}), encoding="utf-8")
    return path


def _rooms_export(path: Path, marks: Marks, rows: int) -> Path:
    lines = [
        json.dumps(
            {
                "msg": marks.text(),
                "username": marks.handle(),
                "ts": f"2026-05-03T11:{i // 60 % 60:02d}:{i % 60:02d}.000Z",
                "attachments": [{"title": f"{marks.handle()}.jpg"}],
            }
        )
        for i in range(rows)
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def _matrix(path: Path, marks: Marks, rows: int) -> Path:
    events = [
        {
            "type": "m.room.message",
            "event_id": f"$event{number}",
            "room_id": "!roses:garden.example",
            "sender": f"@{marks._next()}:garden.example",
            "origin_server_ts": 1777800000000 + number * 1000,
            "content": {
                "msgtype": "m.image" if number % 5 == 0 else "m.text",
                "body": f"{marks.handle()}.jpg" if number % 5 == 0 else marks.text(),
                "filename": f"{marks.handle()}.jpg",
                "format": "org.matrix.custom.html",
                "formatted_body": f"<a href='https://matrix.to/#/@{marks._next()}:garden.example'>{marks.name()}</a>",
                "m.mentions": {"user_ids": [f"@{marks._next()}:garden.example"]},
            },
        }
        for number in range(rows)
    ]
    events.append(
        {
            "type": "m.room.name",
            "event_id": "$name",
            "room_id": "!roses:garden.example",
            "state_key": "",
            "sender": f"@{marks._next()}:garden.example",
            "origin_server_ts": 1777800000000,
            "content": {"name": marks.name()},
        }
    )
    events.append(
        {
            "type": "m.room.member",
            "event_id": "$member",
            "room_id": "!roses:garden.example",
            "state_key": f"@{marks._next()}:garden.example",
            "sender": f"@{marks._next()}:garden.example",
            "origin_server_ts": 1777800000000,
            "content": {"membership": "join", "displayname": marks.name()},
        }
    )
    path.write_text(json.dumps({"messages": events, "room_name": marks.name()}), encoding="utf-8")
    return path


def _mastodon_account(marks: Marks, number: int) -> dict[str, object]:
    user = marks.handle()
    home = "garden.example" if number % 2 else "plants.example"
    return {
        "id": str(number),
        "acct": user if number % 2 else f"{user}@{home}",
        "display_name": marks.name(),
        "url": f"https://{home}/@{user}",
        "uri": f"https://{home}/users/{user}",
    }


def _mastodon(path: Path, marks: Marks, rows: int) -> Path:
    statuses = []
    for number in range(rows):
        account, mentioned = _mastodon_account(marks, number), _mastodon_account(marks, number + 1)
        content = (
            f'<p>{marks.text()} <a href="{mentioned["url"]}" class="u-url mention">@<span>{marks.handle()}</span></a> '
            f'<a href="{marks.profile()}">bed</a> <a href="{marks.profile()}">{marks.profile()}</a></p>'
        )
        status = {
            "id": str(116_510_000_000_000_000 + number),
            "created_at": f"2026-05-03T14:{number // 60 % 60:02d}:{number % 60:02d}.000Z",
            "visibility": ("public", "private", "direct", "unlisted")[number % 4],
            "uri": f"{account['uri']}/statuses/{number}",
            "spoiler_text": f"For @{marks.handle()}",
            "content": content,
            "account": account,
            "mentions": [mentioned],
            "tags": [],
            "media_attachments": [{"type": "image", "url": f"https://garden.example/{marks.handle()}.png"}],
        }
        if number % 5 == 4:
            status |= {"reblog": statuses[-1], "content": ""}
        statuses.append(status)
    path.write_text(json.dumps(statuses), encoding="utf-8")
    return path


def _did(marks: Marks) -> str:
    return f"did:plc:{marks._next()}"


def _bluesky_post(marks: Marks, number: int) -> dict[str, object]:
    shown, parent = f"@{marks._next()}.bsky.social", f"at://{_did(marks)}/app.bsky.feed.post/3k{number}"
    return {
        "text": f"{shown} {marks.text()} see at://{_did(marks)}/app.bsky.feed.post/3kx",
        "facets": [
            {
                "index": {"byteStart": 0, "byteEnd": len(shown)},
                "features": [{"$type": "app.bsky.richtext.facet#mention", "did": _did(marks)}],
            }
        ],
        "createdAt": "2026-05-03T14:05:00Z",
        "reply": {"parent": {"uri": parent}, "root": {"uri": parent}},
        "embed": {"external": {"uri": f"https://bsky.app/profile/{_did(marks)}", "title": marks.name()}},
    }


def _bluesky(path: Path, marks: Marks, rows: int) -> Path:
    lines = []
    for number in range(rows):
        did, key, subject = _did(marks), f"3k{number}", {"uri": f"at://{_did(marks)}/app.bsky.feed.post/3ky"}
        made = {"createdAt": "2026-05-03T14:05:00Z"}
        record, collection = (
            (_bluesky_post(marks, number), "feed.post"),
            (made | {"subject": subject}, "feed.repost"),
            (made | {"subject": subject}, "feed.like"),
            (made | {"subject": _did(marks)}, "graph.follow"),
            (made | {"displayName": marks.name()}, "actor.profile"),
        )[number % 5]
        commit = {"operation": "create", "collection": f"app.bsky.{collection}", "rkey": key, "record": record}
        events = [
            {"did": did, "kind": "commit", "commit": commit},
            {"did": did, "kind": "commit", "commit": {**commit, "operation": "delete"}},
            {"did": did, "kind": "identity", "identity": {"handle": f"{marks._next()}.bsky.social", "seq": number}},
            {"did": did, "kind": "account", "account": {"active": False, "status": "deleted", "seq": number}},
        ]
        lines += [json.dumps({"time_us": 1_777_817_100_000_000 + len(lines)} | event) for event in events]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def _bluesky_feed(path: Path, marks: Marks, rows: int) -> Path:
    feed = []
    for number in range(rows):
        did = _did(marks)
        author = {"did": did, "handle": f"{marks._next()}.bsky.social", "displayName": marks.name()}
        post = {"uri": f"at://{did}/app.bsky.feed.post/3kf{number}", "cid": "x", "author": author}
        by = {"did": _did(marks), "handle": f"{marks._next()}.example", "displayName": marks.name()}
        feed.append(
            {
                "post": post | {"record": _bluesky_post(marks, number), "indexedAt": "2026-05-03T14:05:01Z"},
                "reason": {"by": by, "indexedAt": "2026-05-03T14:06:00Z"},
            }
        )
    path.write_text(json.dumps({"feed": feed}), encoding="utf-8")
    return path


def _generic(path: Path, marks: Marks, rows: int) -> Path:
    lines = [
        json.dumps(
            {
                "id": f"g{i}",
                "author": marks.handle(),
                "created_at": f"2026-05-03T12:{i // 60 % 60:02d}:{i % 60:02d}Z",
                "text": marks.text(),
                "channel": marks.name(),
                "note": marks.email(),
            }
        )
        for i in range(rows)
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def _x(path: Path, marks: Marks, rows: int) -> Path:
    header = [
        "tweetid",
        "userid",
        "user_display_name",
        "user_screen_name",
        "user_reported_location",
        "user_profile_description",
        "user_profile_url",
        "follower_count",
        "following_count",
        "account_creation_date",
        "account_language",
        "tweet_language",
        "tweet_text",
        "tweet_time",
        "tweet_client_name",
        "in_reply_to_userid",
        "in_reply_to_tweetid",
        "quoted_tweet_tweetid",
        "is_retweet",
        "retweet_userid",
        "retweet_tweetid",
        "latitude",
        "longitude",
        "quote_count",
        "reply_count",
        "like_count",
        "retweet_count",
        "hashtags",
        "urls",
        "user_mentions",
        "poll_choices",
    ]
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(header)
        for number in range(rows):
            told = dict.fromkeys(header, "")
            told |= {
                "tweetid": str(9000 + number),
                "userid": marks._next(),
                "user_display_name": marks.name(),
                "user_screen_name": marks.handle(),
                "user_reported_location": marks.name(),
                "user_profile_description": marks.text(),
                "user_profile_url": marks.profile(),
                "tweet_language": "en",
                "account_creation_date": "2020-01-01",
                "tweet_text": marks.text(),
                "tweet_time": "2026-05-03 10:00",
                "in_reply_to_userid": marks._next(),
                "is_retweet": "False",
                "urls": f"['{marks.profile()}']",
                "user_mentions": f"['{marks._next()}']",
                "follower_count": "3.0",
                "following_count": "4.0",
            }
            out.writerow([told[name] for name in header])
    return path
