"""Exports of 4CAT."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.checks.sources import MemoryInput
from seawall.errors import ConfigurationError
from seawall.sources import recognise
from seawall.sources.fourcat import FourCat
from seawall.sources.times import UTC_ASSUMED
from tests.sources.reading import _told
from tests.sources.tables import batches, rejected, rows

FOURCAT = FourCat()
SECONDS = 1_712_905_200
BASE = {"id": "7", "thread_id": "5", "author": "rosa", "body": "Bring gloves", "unix_timestamp": str(SECONDS)}


def written(*records: dict[str, Any]) -> bytes:
    text = io.StringIO(newline="")
    table = csv.DictWriter(text, list(records[0]), lineterminator="\r\n")
    table.writeheader()
    table.writerows(records)
    return text.getvalue().encode()


def only(told: dict[str, Any], **stated: Any) -> dict[str, Any]:
    (row,) = rows(batches(FOURCAT, written(told), **stated), "messages")
    found: dict[str, Any] = _told(row)
    return found


def test_the_columns_of_every_export_are_read() -> None:
    """The unix time counts; the post's own address is no link in it; who could read it is not told."""
    told = BASE | {"timestamp": "2030-01-01 00:00:00", "link": "https://x.example/7", "subject": "Saturday"}
    assert recognise(MemoryInput("export.csv", written(told))).name == "4cat"
    assert only(told) == {
        "position": 2,
        "message_id": "7",
        "account": {"handle": "rosa"},
        "sent_at": datetime.fromtimestamp(SECONDS, UTC),
        "kind": "post",
        "text": "Saturday\n\nBring gloves",
        "thread_of": "5",
    }
    assert "thread_of" not in only(told | {"thread_id": "7"})


def test_times_without_unix_times_have_no_zone() -> None:
    """Which is said; a stated zone counts."""
    told = {name: value for name, value in BASE.items() if name != "unix_timestamp"} | {
        "timestamp": "2024-04-12 09:00:00"
    }
    (batch,) = batches(FOURCAT, written(told))
    assert UTC_ASSUMED in batch.assumptions
    assert only(told, timezone="Europe/Amsterdam")["sent_at"] == datetime(2024, 4, 12, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("more", "platform"),
    [
        ({"author_forwarded_from_username": ""}, "telegram"),
        ({"tiktok_url": ""}, "tiktok"),
        ({"retweeted_user": ""}, "x"),
        ({"author_type_id": ""}, "4chan"),
        ({}, "4cat"),
    ],
)
def test_the_platform_is_named_by_its_columns(more: dict[str, str], platform: str) -> None:
    """Which is said, unless it is stated."""
    (batch,) = batches(FOURCAT, written(BASE | more))
    assert batch.platform == platform
    assert any("--platform" in sentence for sentence in batch.assumptions)
    (stated,) = batches(FOURCAT, written(BASE | more), platform="gab")
    assert (stated.platform, stated.assumptions) == ("gab", ())


def test_telegram_posts_have_ids_within_their_chat() -> None:
    """There ``author`` is an id; a forward is a repost of whom it names."""
    told = BASE | {
        "chat": "gardens",
        "author": "501",
        "author_username": "rosa",
        "author_name": "Rosa",
        "reply_to": "6",
    }
    told |= {
        "author_is_bot": "yes",
        "author_forwarded_from_username": "seeds",
        "unix_timestamp_edited": str(SECONDS + 5),
    }
    (batch,) = batches(FOURCAT, written(told))
    row = only(told)
    assert (batch.ids_within_channel, row["channel_id"], row["declared_bot"]) == (True, "gardens", True)
    assert row["account"] == {"id": "501", "handle": "rosa", "name": "Rosa"}
    assert (row["kind"], row["repost_of_account"], row["reply_to"]) == ("repost", {"handle": "seeds"}, "6")
    assert row["edited_at"] == datetime.fromtimestamp(SECONDS + 5, UTC)


@pytest.mark.parametrize(
    ("more", "kind", "repeated"),
    [
        ({"is_retweet": "yes", "retweeted_user": "plots"}, "repost", "plots"),
        ({"is_retweet": "no", "retweeted_user": "", "is_quote_tweet": "yes", "quoted_user": "plots"}, "quote", "plots"),
        ({"is_reply": "yes", "replied_user": "plots", "retweeted_user": ""}, "reply", None),
    ],
)
def test_posts_of_x_tell_whom_they_repeat_or_answer(more: dict[str, str], kind: str, repeated: str | None) -> None:
    """By handle; lists are parted by commas."""
    row = only(BASE | more | {"author_id": "501", "hashtags": "a,b", "urls": "https://a.example", "mentions": "plots"})
    assert (row["kind"], row.get("repost_of_account", {}).get("handle")) == (kind, repeated)
    assert row.get("reply_to_account", {}).get("handle") == ("plots" if kind == "reply" else None)
    assert (row["hashtags"], row["links"], row["mentions"]) == (
        ["a", "b"],
        ["https://a.example"],
        [{"handle": "plots"}],
    )


def test_anonymous_is_nobody() -> None:
    """The name that all share becomes no account; where posters are numbered each is one within the thread."""
    table = written(
        BASE | {"author": "Anonymous", "author_type_id": "k2"}, BASE | {"author": "Anonymous", "author_type_id": ""}
    )
    assert [row["account"]["id"] for row in rows(batches(FOURCAT, table), "messages")] == ["5:k2"]
    assert [found[1:] for found in rejected(FOURCAT, table)] == [
        ("author", "it tells no account, or one that many share")
    ]


def test_what_is_no_export_is_refused_by_its_columns() -> None:
    """With the names of those that are missing."""
    with pytest.raises(ConfigurationError, match="thread_id, author"):
        batches(FOURCAT, b"id,body,unix_timestamp\n1,roses,1712905200\n")


POSTS = st.lists(
    st.fixed_dictionaries(
        {
            "id": st.integers(1, 10**12).map(str),
            "thread_id": st.just("5"),
            "author": st.sampled_from(["rosa", "linden"]),
            "body": st.text(st.sampled_from('ab,"\n;'), min_size=1, max_size=12),
            "unix_timestamp": st.integers(10**9, 2 * 10**9).map(str),
            "hashtags": st.lists(st.sampled_from(["beans", "peas"]), max_size=2).map(",".join),
        }
    ),
    min_size=1,
    max_size=8,
)


@given(POSTS, st.booleans())
def test_an_export_tells_what_a_plain_reading_finds(posts: list[dict[str, str]], lines: bool) -> None:
    """As CSV and as NDJSON, whatever the texts hold."""
    content = "".join(json.dumps(post) + "\n" for post in posts).encode() if lines else written(*posts)
    found = rows(batches(FOURCAT, content), "messages")
    assert [(row["message_id"], row["account"]["handle"], row["text"], row["hashtags"] or []) for row in found] == [
        (post["id"], post["author"], post["body"], [tag for tag in post["hashtags"].split(",") if tag])
        for post in posts
    ]
    assert [int(row["sent_at"].timestamp()) for row in found] == [int(post["unix_timestamp"]) for post in posts]


@pytest.mark.parametrize(
    ("more", "kinds"),
    [
        ({"attachment_type": "photo", "attachment_filename": "gardens-7.jpeg"}, ["image"]),
        ({"attachment_type": "document", "attachment_filename": "ride.mp4"}, ["video"]),
        ({"attachment_type": "document", "attachment_filename": "rota.pdf"}, ["document"]),
        ({"attachment_type": "url", "attachment_filename": ""}, None),
        ({"images": "https://a.example/1.jpg,https://a.example/2.jpg", "videos": ""}, ["image", "image"]),
        ({"images": "", "videos": "https://a.example/1"}, ["video"]),
        ({"image_file": "1712905200.webm"}, ["video"]),
        ({"image_file": "bean rows.jpg"}, ["image"]),
        ({"tiktok_url": "https://tiktok.example/1"}, ["video"]),
        ({"media_type": "picture"}, ["image"]),
    ],
)
def test_media_are_told_by_the_columns_of_each_platform(more: dict[str, str], kinds: list[str] | None) -> None:
    """Telegram tells a word and a name, X lists images and videos, boards a file; a post of TikTok is a video."""
    found = only(BASE | more).get("media")
    assert (found and [one["kind"] for one in found]) == kinds
