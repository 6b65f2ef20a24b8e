"""Dumps of Reddit, plain and packed."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from seawall.protocols import ReadOptions
from seawall.sources import open_inputs, recognise
from seawall.sources.reddit import Reddit
from seawall.sources.reddit_record import REMOVAL_SEEN
from tests.sources.reading import batches, rows

REDDIT = Reddit()
SECONDS = 1_712_900_000
AT = datetime.fromtimestamp(SECONDS, UTC)


def comment(body: Any = "Beer traps", **more: Any) -> dict[str, Any]:
    told = {"id": "kx1", "body": body, "author": "fern", "author_fullname": "t2_1", "created_utc": SECONDS}
    return told | {"subreddit": "Gardens", "link_id": "t3_9", "parent_id": "t1_8", "edited": False} | more


def submission(title: Any = "Seed swap", **more: Any) -> dict[str, Any]:
    told = {"id": "9", "title": title, "selftext": "", "author": "fern", "created_utc": SECONDS, "is_self": True}
    return told | {"subreddit": "Gardens", "num_comments": 0, "edited": False} | more


def only(told: dict[str, Any]) -> dict[str, Any]:
    (row,) = rows(REDDIT, told)
    return row


def rejected(told: Any) -> list[tuple[str, str]]:
    return [(row["field"], row["reason"]) for row in rows(REDDIT, told, "rejected")]


def test_a_comment_is_a_reply_in_its_thread() -> None:
    """Its ids get the prefix that Reddit gives them, the account its stable id, and the subreddit is public."""
    assert only(comment()) == {
        "position": 1,
        "message_id": "t1_kx1",
        "channel_id": "gardens",
        "account": {"id": "t2_1", "handle": "fern"},
        "sent_at": AT,
        "kind": "reply",
        "visibility": "public",
        "text": "Beer traps",
        "reply_to": "t1_8",
        "thread_of": "t3_9",
        "mentions": [],
    }
    (channel,) = rows(REDDIT, comment(), "channels")
    assert channel == {"channel_id": "gardens", "kind": "group", "visibility": "public", "handle": "gardens"}


def test_a_submission_is_its_title_and_its_text() -> None:
    """Its link stands beside them, unless it leads to itself."""
    row = only(submission("Seed &amp; swap", selftext="a &lt; b", url="https://www.reddit.com/r/Gardens/comments/9/x/"))
    assert (row["message_id"], row["kind"], row["text"]) == ("t3_9", "post", "Seed & swap\n\na < b")
    assert "links" not in row
    link = only(submission(is_self=False, url="https://garden.example/a?b=1&amp;c=2"))
    assert link["links"] == ["https://garden.example/a?b=1&c=2"]


def test_a_crosspost_repeats_another_submission() -> None:
    """It names what it repeats, and whose that was."""
    parent = {"id": "7", "author": "moss", "author_fullname": "t2_7"}
    row = only(submission(crosspost_parent="t3_7", crosspost_parent_list=[parent], is_self=False))
    assert (row["kind"], row["repost_of"]) == ("repost", "t3_7")
    assert row["repost_of_account"] == {"id": "t2_7", "handle": "moss"}
    gone = only(submission(crosspost_parent="t3_7", crosspost_parent_list=[{"author": "[deleted]"}]))
    assert "repost_of_account" not in gone


@pytest.mark.parametrize(
    ("text", "kept", "names"),
    [
        ("ask u/moss or /u/ivy-2.", "ask @[account] or @[account].", ["moss", "ivy-2"]),
        ("u/moss and u/moss", "@[account] and @[account]", ["moss"]),
        ("menu/moss www.reddit.com/u/moss r/u/moss u/x u/moss/wiki", None, []),
    ],
)
def test_names_of_accounts_in_text_become_mentions(text: str, kept: str | None, names: list[str]) -> None:
    """``u/name`` does, with a slash before it or without; parts of words and addresses do not."""
    row = only(comment(text))
    assert row["text"] == (kept or text)
    assert row["mentions"] == [{"handle": name} for name in names]


@pytest.mark.parametrize("author", ["[deleted]", "[removed]"])
def test_a_deleted_account_is_nobody(author: str) -> None:
    """The name that all deleted accounts share never becomes an account."""
    assert rejected(comment(author=author, author_fullname=None)) == [
        ("author", "the account was deleted, so that nobody is told")
    ]


def test_a_removed_text_is_no_text() -> None:
    """The removal was seen when the dump was made; a title outlives its text."""
    row = only(comment("[removed]", retrieved_on=SECONDS + 90))
    assert "text" not in row
    assert row["deleted_at"] == row["edited_at"] == datetime.fromtimestamp(SECONDS + 90, UTC)
    (batch,) = batches(REDDIT, comment("[removed]", retrieved_on=SECONDS + 90))
    assert batch.assumptions == (REMOVAL_SEEN,)
    assert "deleted_at" not in only(comment("[removed]"))
    kept = only(submission(selftext="[deleted]", retrieved_utc=str(SECONDS + 9)))
    assert kept["text"] == "Seed swap"
    assert "deleted_at" in kept


@pytest.mark.parametrize(
    ("edited", "told"), [(False, False), (True, False), (SECONDS + 5, True), (SECONDS + 5.0, True)]
)
def test_an_edit_has_a_time_or_is_none(edited: Any, told: bool) -> None:
    """Old dumps say true without a time."""
    assert ("edited_at" in only(comment(edited=edited))) is told


@pytest.mark.parametrize("when", [SECONDS, str(SECONDS), float(SECONDS), f"{SECONDS}.0"])
def test_times_are_numbers_or_texts(when: Any) -> None:
    """Over the years the dumps wrote the same time in four ways."""
    assert only(comment(created_utc=when))["sent_at"] == AT


@pytest.mark.parametrize(
    ("kind", "visibility"),
    [("public", "public"), ("restricted", "public"), ("private", "closed"), (["private"], "public")],
)
def test_a_private_subreddit_is_closed(kind: Any, visibility: str) -> None:
    """All others can be read by everybody."""
    assert only(comment(subreddit_type=kind))["visibility"] == visibility


@pytest.mark.parametrize(
    ("more", "kinds"),
    [
        ({"is_video": True}, ["video"]),
        ({"post_hint": "rich:video"}, ["video"]),
        ({"url": "https://i.redd.it/a.PNG"}, ["image"]),
        ({"is_gallery": True, "media_metadata": {"a": {}, "b": {}}}, ["image", "image"]),
        ({"url": "https://garden.example/a.pngs"}, None),
        ({"url": "https://v.redd.it/abc"}, ["video"]),
        ({"url": "https://i.garden.example/a.gifv"}, ["video"]),
        (
            {"media_metadata": {"a": {"e": "RedditVideo"}, "b": {"e": "AnimatedImage"}, "c": 7}},
            ["video"] * 2 + ["image"],
        ),
    ],
)
def test_media_are_told_by_kind(more: dict[str, Any], kinds: list[str] | None) -> None:
    """Videos, pictures, galleries, and what stands among the words."""
    found = only(submission(is_self=False, **more)).get("media")
    assert (found and [one["kind"] for one in found]) == kinds


def test_pictures_in_comments_are_media() -> None:
    """A comment may show pictures among its words."""
    assert only(comment(media_metadata={"a": {"e": "Image"}}))["media"] == [{"kind": "image"}]


@pytest.mark.parametrize(
    ("missing", "field"), [("id", "id"), ("created_utc", "created_utc"), ("author", "author"), ("body", "body")]
)
def test_what_must_be_told_is_named_where_it_is_missing(missing: str, field: str) -> None:
    """A rejection names the field."""
    told = comment()
    del told[missing]
    told.pop("author_fullname", None) if missing == "author" else None
    assert [found for found, _ in rejected(told)] == [field]


def test_removed_and_kept_lines_are_counted_by_line() -> None:
    """A line that is no JSON is rejected by its number; the others are read."""
    content = b"\n".join((json.dumps(comment()).encode(), b"{", b"", json.dumps(submission()).encode()))
    (batch,) = batches(REDDIT, content)
    assert batch.messages["position"].to_pylist() == [1, 4]
    assert batch.rejected["position"].to_pylist() == [2]


RECORDS = st.lists(
    st.builds(
        lambda record, number, author, seconds, body: (
            record
            | {"id": f"{number:x}", "author": author, "created_utc": seconds, "subreddit": "Gardens"}
            | ({"body": body} if "body" in record else {"title": body})
        ),
        st.sampled_from([comment(), submission()]),
        st.integers(0, 1 << 40),
        st.sampled_from(["fern", "moss", "[deleted]"]),
        st.integers(SECONDS, SECONDS + 10**8) | st.just(0),
        st.text(st.characters(codec="utf-8", exclude_characters="&\0"), max_size=30),
    ),
    min_size=1,
    max_size=12,
)


def plainly(packed: bytes) -> list[tuple[str, str, int, str | None]]:
    """What a dump tells, by the slow and obvious way."""
    told = []
    text = zstandard.ZstdDecompressor(max_window_size=2**31).stream_reader(io.BytesIO(packed)).read().decode()
    for line in text.split("\n"):
        one = json.loads(line)
        if one["author"] != "[deleted]" and one["created_utc"]:
            prefix, words = ("t1_", one["body"]) if "body" in one else ("t3_", one["title"])
            told.append((prefix + one["id"], one["author"], one["created_utc"], words or None))
    return told


@given(RECORDS)
def test_a_packed_dump_tells_what_a_plain_reading_finds(records: list[dict[str, Any]]) -> None:
    """Ids, authors, times and texts of a .zst file are those that json and zstandard find by themselves."""
    packed = zstandard.ZstdCompressor().compress("\n".join(map(json.dumps, records)).encode())
    with TemporaryDirectory() as folder:
        path = Path(folder) / "RC_2024-04.zst"
        path.write_bytes(packed)
        (file,) = open_inputs([path])
        assert recognise(file).name == "reddit"
        found = [row for batch in REDDIT.read(file, ReadOptions()) for row in batch.messages.to_pylist()]
    seen = [
        (row["message_id"], row["account"]["handle"], int(row["sent_at"].timestamp()), row["text"]) for row in found
    ]
    assert seen == plainly(packed)
