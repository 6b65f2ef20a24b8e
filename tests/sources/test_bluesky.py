"""Bluesky: events of Jetstream, and what the application shows."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.checks.sources import MemoryInput
from seawall.protocols import ReadOptions
from seawall.sources import recognise
from seawall.sources.bluesky import Bluesky
from seawall.sources.bluesky_record import CLAIM_CORRECTED
from seawall.sources.bluesky_text import words_of
from tests.sources.reading import batches, rows

BLUESKY = Bluesky()
BEA, TOM = "did:plc:beabeabeabeabeabeabeabea", "did:plc:tomtomtomtomtomtomtomtom"
SEEN = datetime(2026, 5, 3, 14, 5, tzinfo=UTC)
POST = f"at://{BEA}/app.bsky.feed.post/3kbeans"


def event(record: Any = None, collection: str = "app.bsky.feed.post", **more: Any) -> dict[str, Any]:
    commit = {"operation": "create", "collection": collection, "rkey": "3kbeans", "record": record, **more}
    return {"did": BEA, "time_us": int(SEEN.timestamp() * 1_000_000), "kind": "commit", "commit": commit}


def post(text: str = "beans", **more: Any) -> dict[str, Any]:
    return {"text": text, "createdAt": "2026-05-03T14:04:00Z", **more}


def only(told: Any, table: str = "messages") -> dict[str, Any]:
    (row,) = rows(BLUESKY, told, table)
    return row


def test_real_events_are_read_whole(shared_data: Path) -> None:
    """152 events of the live stream: what is no message or act of a kind that is read is set aside, with the reason."""
    (batch,) = batches(BLUESKY, shared_data / "adapters/bluesky_jetstream/events.jsonl")
    assert Counter(batch.messages["kind"].to_pylist()) == {
        "repost": 15,
        "reply": 8,
        "post": 9,
        "service": 2,
    }
    assert Counter(batch.interactions["kind"].to_pylist()) == {"reaction": 105, "follow": 6, "unfollow": 3, "block": 1}
    assert (batch.deletions.num_rows, batch.records) == (1, 152)
    assert batch.rejected["field"].to_pylist() == ["collection", "collection"]
    assert batch.assumptions == ()
    assert batch.ids_name_accounts


def test_a_real_post_is_read_field_by_field(shared_data: Path) -> None:
    """Compared with the fixture by eye: facets count bytes, and the digits of a link that is shortened are whole."""
    found = {row["position"]: row for row in rows(BLUESKY, shared_data / "adapters/bluesky_jetstream/events.jsonl")}
    linked = found[2]
    assert linked == {
        "position": 2,
        "message_id": "did:plc:hutwsec6rt5wfchhnhfnn4l2/app.bsky.feed.post/3mptbyoeyc22k",
        "account": {"id": "did:plc:hutwsec6rt5wfchhnhfnn4l2"},
        "sent_at": datetime(2026, 7, 4, 14, 38, 6, 240_000, tzinfo=UTC),
        "kind": "post",
        "visibility": "public",
        "text": "https://example.org/item/000",
        "language": "en",
        "mentions": [],
    }
    tagged = next(row for row in found.values() if len(row.get("hashtags", [])) == 2)
    assert tagged["hashtags"] == ["LorEmIpsuMdOlOrsiTa", "PsumdOlorsitam"]
    reply = found[26]
    assert (reply["kind"], reply["reply_to"], reply["thread_of"]) == (
        "reply",
        "did:plc:n7yhsk3bozlbxxxyrtdmnfiw/app.bsky.feed.post/3mpt7u2vlgs2c",
        "did:plc:n7yhsk3bozlbxxxyrtdmnfiw/app.bsky.feed.post/3mpt7u2vlgs2c",
    )
    assert reply["reply_to_account"] == {"id": "did:plc:n7yhsk3bozlbxxxyrtdmnfiw"}


@pytest.mark.parametrize(
    ("claimed", "believed"),
    [
        (timedelta(0), True),
        (timedelta(seconds=59), True),
        (timedelta(seconds=61), False),
        (timedelta(hours=-23), True),
        (timedelta(hours=-25), False),
        (timedelta(days=-4_000), False),
        (timedelta(days=4_000), False),
    ],
)
def test_a_claimed_time_counts_within_bounds(claimed: timedelta, believed: bool) -> None:
    """A minute later than the event was seen, for clocks differ, and up to a day before; else the event's own time."""
    (batch,) = batches(BLUESKY, event(post(createdAt=(SEEN + claimed).isoformat())))
    assert batch.messages["sent_at"].to_pylist() == [SEEN + claimed if believed else SEEN]
    assert batch.assumptions == (() if believed else (CLAIM_CORRECTED,))


@pytest.mark.parametrize("claimed", [None, 7, "", "yesterday", "2026-05-03T14:05:00", "9999-12-31T23:59:59Z"])
def test_without_a_usable_claim_the_time_of_the_event_counts(claimed: Any) -> None:
    """Whatever stands in createdAt."""
    assert only(event(post(createdAt=claimed)))["sent_at"] == SEEN


SEGMENTS = st.lists(
    st.one_of(
        st.tuples(st.just("plain"), st.text(st.sampled_from("ab 🌱é\n"), min_size=1, max_size=6)),
        st.tuples(st.just("mention"), st.sampled_from(["@tom", "@bea.garden.example", "🌱"])),
        st.tuples(st.just("tag"), st.sampled_from(["#beans", "#Böhnchen"])),
        st.tuples(st.just("link"), st.sampled_from(["garden.example/b…", "https://garden.example", "the table 🌱"])),
    ),
    max_size=8,
)


@given(SEGMENTS, st.randoms())
def test_facets_are_those_of_the_pieces_that_made_the_text(segments: list[tuple[str, str]], random: Any) -> None:
    """Whatever characters stand before them and in whatever order they are listed."""
    address = "https://garden.example/borlotti"
    features = {
        "mention": {"$type": "app.bsky.richtext.facet#mention", "did": TOM},
        "tag": {"$type": "app.bsky.richtext.facet#tag", "tag": "beans"},
        "link": {"$type": "app.bsky.richtext.facet#link", "uri": address},
    }
    content, expected, facets = b"", "", []
    for kind, words in segments:
        end = len(content) + len(words.encode())
        if kind != "plain":
            facets.append({"index": {"byteStart": len(content), "byteEnd": end}, "features": [features[kind]]})
        content += words.encode()
        shows = kind == "link" and " " not in words
        expected += {"mention": "@[account]", "link": address if shows else words}.get(kind, words)
    random.shuffle(facets)
    words = words_of({"text": content.decode(), "facets": facets})
    kinds = [kind for kind, _ in segments]
    assert words.text == (expected or None)
    assert words.mentions == ((TOM,) if "mention" in kinds else ())
    assert words.tags == (("beans",) if "tag" in kinds else ())
    assert words.links == ((address,) if ("link", "the table 🌱") in segments else ())


@pytest.mark.parametrize(
    "index",
    [(1, 3), (0, 99), (3, 3), (4, 2), (-1, 2), (None, 2), ("0", 2)],
    ids=["inside a character", "beyond", "empty", "backwards", "negative", "missing", "text"],
)
def test_a_facet_that_points_nowhere_is_passed_over(index: tuple[Any, Any]) -> None:
    """The text stays as it is."""
    feature = {"$type": "app.bsky.richtext.facet#mention", "did": TOM}
    facet = {"index": {"byteStart": index[0], "byteEnd": index[1]}, "features": [feature]}
    assert words_of({"text": "🌱 beans", "facets": [facet]}) == ("🌱 beans", (), (), ())


def test_a_text_names_no_account_by_its_identifier() -> None:
    """Neither bare nor in an at-uri."""
    assert only(event(post(f"see {POST} or {TOM}")))["text"] == (
        "see at://[account]/app.bsky.feed.post/3kbeans or [account]"
    )


def test_what_a_post_carries_is_kept() -> None:
    """A quotation with pictures: the message that is quoted, kinds, sizes and the digest that a content id holds."""
    picture = {"ref": {"$link": "bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e"}, "size": 11}
    images = {"images": [{"alt": "x", "image": picture}, {"alt": "y", "image": {"ref": {"$link": "bafyreiz"}}}]}
    quote = {"$type": "app.bsky.embed.recordWithMedia", "record": {"record": {"uri": POST}}, "media": images}
    row = only(event(post(embed=quote)))
    assert (row["kind"], row["repost_of"], row["repost_of_account"]) == ("quote", POST[5:], {"id": BEA})
    digest = "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9"
    assert row["media"] == [{"kind": "image", "bytes": 11, "sha256": digest}, {"kind": "image"}]
    video = only(event(post(embed={"video": {"size": 12}})))
    assert video["media"] == [{"kind": "video", "bytes": 12}]
    card = only(event(post(embed={"external": {"uri": "https://garden.example/"}})))
    assert card["links"] == ["https://garden.example/"]
    feed = only(event(post(embed={"record": {"uri": f"at://{BEA}/app.bsky.feed.generator/garden"}})))
    assert feed["kind"] == "post"


def test_a_changed_record_is_an_edit() -> None:
    """It has the id of the record that it replaces, and the time of the event."""
    row = only(event(post("runner beans"), operation="update"))
    assert (row["message_id"], row["edited_at"]) == (POST[5:], SEEN)


def test_what_is_undone_is_told_under_the_id_of_what_was_done() -> None:
    """A follow that is deleted is an unfollow; a like, a repost and a post are deletions."""
    undone = event(collection="app.bsky.graph.follow", operation="delete")
    row = only(undone, "interactions")
    assert (row["kind"], row["interaction_id"]) == ("unfollow", f"{BEA}/app.bsky.graph.follow/3kbeans#deleted")
    for collection in ("app.bsky.feed.like", "app.bsky.feed.repost", "app.bsky.feed.post"):
        assert only(event(collection=collection, operation="delete"), "deletions") == {
            "position": 1,
            "message_id": f"{BEA}/{collection}/3kbeans",
            "visibility": "public",
            "deleted_at": SEEN,
        }


@pytest.mark.parametrize(("status", "ends"), [("takendown", True), ("deactivated", False), (["x"], False)])
def test_a_feed_ends_with_its_account(status: Any, ends: bool) -> None:
    """When it is taken down, not when it pauses."""
    told = {"did": BEA, "time_us": int(SEEN.timestamp() * 1e6), "kind": "account"}
    told["account"] = {"active": False, "did": BEA, "seq": 7, "status": status}
    row = only(told, "channels")
    assert (row["kind"], row.get("ended_at"), row.get("end_reason")) == (
        ("feed", SEEN, status) if ends else ("feed", None, None)
    )
    assert only(told)["message_id"] == f"{BEA}/account/7"


def test_a_stream_and_a_feed_say_the_same_of_a_post() -> None:
    """So that the second to be read is a duplicate, not a contradiction."""
    record = post("🌱 beans", langs=["en"], reply={"parent": {"uri": POST}, "root": {"uri": POST}})
    shown = {"uri": POST, "cid": "x", "author": {"did": BEA, "handle": "bea.example"}, "record": record}
    shown["indexedAt"] = "2026-05-03T14:04:02Z"
    streamed = only(event(record))
    viewed = only({"feed": [{"post": shown}]})
    assert viewed.pop("account") == {"id": BEA, "handle": "bea.example"}
    assert streamed.pop("account") == {"id": BEA}
    assert viewed == streamed


def test_a_feed_tells_who_reposted() -> None:
    """After the post itself, and also where a batch begins between the two."""
    (_, content) = BLUESKY.examples()[1]
    file = MemoryInput("feed.json", content)
    (batch,) = BLUESKY.read(file, ReadOptions())
    assert batch.messages["kind"].to_pylist()[:2] == ["post", "repost"]
    (rest,) = BLUESKY.read(file, ReadOptions(), "1")
    assert rest.messages["repost_of"].to_pylist()[0] == batch.messages["message_id"].to_pylist()[0]
    assert rest.messages["position"].to_pylist()[0] == 2


def test_hidden_posts_and_other_reasons_are_set_aside() -> None:
    """A thread with a post that nobody may see, and a feed with a pinned post."""
    shown = {"uri": POST, "cid": "x", "author": {"did": BEA}, "record": post()}
    blocked = {"$type": "app.bsky.feed.defs#blockedPost", "uri": POST, "blocked": True, "author": {"did": BEA}}
    feed = {"feed": [{"post": shown, "reason": {"$type": "#reasonPin"}, "reply": {"root": blocked, "parent": shown}}]}
    (batch,) = batches(BLUESKY, feed)
    assert batch.messages["kind"].to_pylist() == ["post", "post"]
    assert batch.rejected["field"].to_pylist() == ["reason", "record"]


def test_threads_are_followed_in_both_directions() -> None:
    """Parents and replies, as trees and as the newer flat list."""
    shown = {"uri": POST, "cid": "x", "author": {"did": BEA}, "record": post()}
    tree = {
        "thread": {"post": shown, "parent": {"post": shown, "parent": {"post": shown}}, "replies": [{"post": shown}]}
    }
    assert len(rows(BLUESKY, tree)) == 4
    assert len(rows(BLUESKY, {"thread": [{"uri": POST, "depth": 0, "value": {"post": shown}}]})) == 1


@pytest.mark.parametrize("shape", ["lines", "list", "posts", "feed list"])
def test_however_posts_were_saved_they_are_recognised(shape: str) -> None:
    """One a line, as a list, as a search, as a bare list of a feed."""
    shown = {"uri": POST, "cid": "x", "author": {"did": BEA}, "record": post()}
    saved = {"list": [shown], "posts": {"posts": [shown]}, "feed list": [{"post": shown}], "lines": shown}[shape]
    content = json.dumps(saved).encode()
    assert recognise(MemoryInput("saved.json", content)).name == "bluesky"
    assert only(content)["text"] == "beans"
