"""Mastodon: statuses, frames, notifications, reports and archives."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from seawall.checks.sources import MemoryInput
from seawall.protocols import ReadOptions
from seawall.sources import recognise
from seawall.sources.mastodon import Mastodon
from seawall.sources.mastodon_names import NO_SERVER
from tests.sources.reading import batches, rows

MASTODON = Mastodon()
AT = datetime(2026, 5, 3, 14, 1, tzinfo=UTC)
BEA = {"id": "101", "acct": "bea", "display_name": "Bea", "url": "https://cycling.example/@bea"}
TOM = {"id": "102", "acct": "tom@garden.example", "url": "https://garden.example/@tom"}


def status(content: str = "<p>beans</p>", **more: Any) -> dict[str, Any]:
    base = {"id": "1165", "created_at": "2026-05-03T14:01:00.000Z", "visibility": "public", "account": BEA}
    return {**base, "content": content, "mentions": [], "tags": [], **more}


def only(told: Any, table: str = "messages", **stated: Any) -> dict[str, Any]:
    (row,) = rows(MASTODON, told, table, **stated)
    return row


def who(name: str) -> dict[str, str]:
    return {"id": name, "handle": name}


@pytest.fixture(scope="module")
def fixtures(shared_data: Path) -> Path:
    return shared_data / "adapters/mastodon"


def test_the_timeline_is_read_whole(fixtures: Path) -> None:
    """Eight real statuses, as they stand in the file, with the server that was read in front of each number."""
    found = rows(MASTODON, fixtures / "timeline_public.json")
    told = json.loads((fixtures / "timeline_public.json").read_bytes())
    assert [row["message_id"] for row in found] == [f"social.example.org/{one['id']}" for one in told]
    assert found[0] == {
        "position": 1,
        "message_id": "social.example.org/117020593378945190",
        "account": {"id": "gardener_03@social.example.org", "handle": "gardener_03@social.example.org"},
        "sent_at": datetime(2026, 8, 1, 13, 55, 50, 338_000, tzinfo=UTC),
        "kind": "post",
        "visibility": "public",
        "text": "Lore, mipsumd!",
        "language": "ja",
        "mentions": [],
        "hashtags": [],
        "followers": 0,
        "following": 0,
        "account_created_at": datetime(2026, 8, 1, tzinfo=UTC),
        "declared_bot": False,
    }


def test_each_sort_of_status_is_read(fixtures: Path) -> None:
    """Compared with the fixtures by eye."""

    def told(name: str) -> dict[str, Any]:
        return only(fixtures / f"status_{name}.json")

    server = "social.example.org"
    boost = told("reblog")
    assert (boost["kind"], boost["repost_of"], boost["text"]) == ("repost", f"{server}/117020586019094258", "Lore!")
    assert boost["repost_of_account"]["id"] == f"gardener_01@{server}"
    quote = told("quote")
    assert (quote["kind"], quote["repost_of"], quote["text"]) == ("quote", f"{server}/117020582917124092", "loremipsu")
    revoked = told("quote_revoked")
    assert (revoked["kind"], "repost_of" in revoked) == ("quote", False)
    reply = told("reply")
    assert (reply["kind"], reply["reply_to"]) == ("reply", f"{server}/117020583245459824")
    assert (reply["text"], reply["reply_to_account"]["id"]) == ("@[account] lore!", f"gardener_03@{server}")
    assert told("edited")["edited_at"] == datetime(2026, 8, 1, 13, 54, 0, 695_000, tzinfo=UTC)
    warned = told("cw_private")
    assert (warned["text"], warned["visibility"]) == ("Loremip sumdolo\n\nLore!", "closed")
    assert told("cw_unlisted")["visibility"] == "public"
    assert told("with_poll")["text"] == "lore\n\nlore mipsum\nlorem-ipsu"
    assert told("with_two_media")["media"] == [{"kind": "image"}, {"kind": "image"}]
    assert told("with_card")["text"] == "https://example.org/781bc04e"
    assert only(fixtures / "timeline_tag.json")["hashtags"] == ["hoot"]


def test_direct_statuses_belong_to_the_conversation_of_those_whom_they_mention(fixtures: Path) -> None:
    """So that intake keeps metadata only, and knows whom it was written to."""
    row = rows(MASTODON, fixtures / "conversations.json")[0]
    (channel, _) = rows(MASTODON, fixtures / "conversations.json", "channels")
    assert (row["visibility"], row["channel_id"]) == ("direct", channel["channel_id"])
    names = [f"gardener_0{number}@social.example.org" for number in (2, 3)]
    assert [one["id"] for one in channel["participants"]] == names


def test_reports_become_interactions(fixtures: Path) -> None:
    """Who reported whom, when, and for which status."""
    assert only(fixtures / "admin_reports.json", "interactions") == {
        "position": 1,
        "interaction_id": "social.example.org/report/1",
        "at": datetime(2026, 8, 1, 13, 49, 58, 485_000, tzinfo=UTC),
        "kind": "report",
        "source_account": who("gardener_02@social.example.org"),
        "target_account": who("gardener_03@social.example.org"),
        "message_id": "social.example.org/117020570302719057",
        "visibility": "public",
    }


@pytest.mark.parametrize(
    ("word", "visibility"),
    [("public", "public"), ("unlisted", "public"), ("private", "closed"), ("direct", "direct"), ("limited", "closed")],
)
def test_who_may_read_a_status_is_told(word: str, visibility: str) -> None:
    """By the word that the interface uses; another word is not guessed at."""
    assert only(status(visibility=word))["visibility"] == visibility
    assert only(status(visibility="friends"), "rejected")["field"] == "visibility"


@pytest.mark.parametrize(
    ("told", "server"),
    [
        (status(), "cycling.example"),
        (status(account=TOM, mentions=[BEA]), "cycling.example"),
        (status(account=TOM, tags=[{"name": "ride", "url": "https://cycling.example/tags/ride"}]), "cycling.example"),
        (status(account=TOM, reblog=status()), "cycling.example"),
        (status(account=TOM), "~"),
    ],
    ids=["own account", "own account mentioned", "tag", "boost", "not told"],
)
def test_the_server_that_was_read_is_found_in_the_file(told: Any, server: str) -> None:
    """In whatever it tells first, for all records; where nothing tells it, that is said."""
    (batch,) = batches(MASTODON, [status(account=TOM, id="7"), told])
    assert batch.messages["message_id"].to_pylist() == [f"{server}/7", f"{server}/1165"]
    assert batch.assumptions == ((NO_SERVER,) if server == "~" else ())


def test_the_server_may_be_stated() -> None:
    """With --map instance==HOST, whatever the file tells."""
    row = only(status(account=TOM), mapping={"instance": "=Cycling.example"})
    assert (row["message_id"], row["account"]) == ("cycling.example/1165", who("tom@garden.example"))


def frame(event: str, payload: Any, **more: Any) -> dict[str, Any]:
    text = payload if isinstance(payload, str) else json.dumps(payload)
    return {"stream": ["public"], "event": event, "payload": text, **more}


def test_frames_of_a_stream_are_read() -> None:
    """New and edited statuses; a deletion, which tells a number only, needs the time at which it came."""
    lines = [
        frame("update", status()),
        frame("status.update", status("<p>peas</p>", edited_at="2026-05-03T14:09:00.000Z")),
        frame("delete", "1165", received_at="2026-05-03T14:10:00.000Z"),
        frame("delete", "1166"),
        frame("delete", "1167", received_at="2026-05-03T14:10:00.000Z", visibility="private"),
        frame("filters_changed", "{}"),
    ]
    (batch,) = batches(MASTODON, b"\n".join(json.dumps(line).encode() for line in lines))
    assert batch.messages["text"].to_pylist() == ["beans", "peas"]
    assert batch.deletions["message_id"].to_pylist() == ["cycling.example/1165", "cycling.example/1167"]
    assert batch.deletions["visibility"].to_pylist() == ["public", "closed"]
    assert batch.rejected["field"].to_pylist() == ["received_at", "event"]


def test_notifications_tell_acts() -> None:
    """Who favoured, boosted or followed; a mention is the status itself; other kinds are set aside."""
    base = {"id": "9", "created_at": "2026-05-03T14:20:00Z", "account": TOM}
    told = [
        {**base, "type": kind, "status": status()} for kind in ("favourite", "reblog", "mention", "moderation_warning")
    ]
    (batch,) = batches(MASTODON, [*told, {**base, "type": "follow"}])
    assert batch.interactions["kind"].to_pylist() == ["reaction", "repost", "follow"]
    assert batch.interactions["target_account"].to_pylist()[0]["id"] == "bea@cycling.example"
    assert batch.messages["text"].to_pylist() == ["beans"]
    assert batch.rejected["field"].to_pylist() == ["type"]


def test_a_reported_status_is_marked() -> None:
    """A direct one that a participant reported may be read, and intake must know."""
    row = only(json.dumps(frame("reported", status(visibility="direct"))).encode())
    assert (row["reported"], row["visibility"]) == (True, "direct")


def test_an_archive_and_the_interface_say_the_same() -> None:
    """Of an account's own status: the archive's address ends with the number that the interface tells."""
    note = {
        "id": "https://cycling.example/users/bea/statuses/1165",
        "type": "Note",
        "published": "2026-05-03T14:01:00Z",
        "to": ["https://www.w3.org/ns/activitystreams#Public"],
        "content": "<p>beans</p>",
        "contentMap": {"en": "<p>beans</p>"},
    }
    made = {
        "type": "Create",
        "actor": "https://cycling.example/users/bea",
        "published": note["published"],
        "object": note,
    }
    archived = only({"type": "OrderedCollection", "orderedItems": [made]})
    told = only(status(language="en"))
    told["account"].pop("name")
    assert archived == told


def test_an_archive_of_a_server_without_mime_types_tells_kinds() -> None:
    """Where an attachment has no MIME type, its own type tells what it is."""
    note = {
        "id": "https://cycling.example/users/bea/statuses/1165",
        "type": "Note",
        "published": "2026-05-03T14:01:00Z",
        "to": ["as:Public"],
        "content": "<p>beans</p>",
        "attachment": [{"type": "Video"}, {"type": "Document", "mediaType": "image/png"}, {"type": "Document"}],
    }
    made = {"type": "Create", "actor": "https://cycling.example/users/bea", "published": note["published"]}
    row = only({"type": "OrderedCollection", "orderedItems": [{**made, "object": note}]})
    assert [one["kind"] for one in row["media"]] == ["video", "image", "document"]


@pytest.mark.parametrize(
    ("to", "cc", "visibility"),
    [
        (["as:Public"], [], "public"),
        (["https://cycling.example/users/bea/followers"], ["as:Public"], "public"),
        ("https://cycling.example/users/bea/followers", [], "closed"),
        (["https://garden.example/users/tom"], [], "direct"),
        (None, None, "direct"),
    ],
)
def test_an_archive_tells_who_was_addressed(to: Any, cc: Any, visibility: str) -> None:
    """Everybody, those who follow, or certain people; nobody told is the narrowest."""
    act = {
        "id": "https://cycling.example/users/bea/statuses/3/activity",
        "type": "Announce",
        "actor": "https://cycling.example/users/bea",
        "published": "2026-05-03T14:03:00Z",
        "object": "https://garden.example/users/tom/statuses/9",
        "to": to,
        "cc": cc,
    }
    row = only([act])
    assert (row["visibility"], row["repost_of"], row["message_id"]) == (
        visibility,
        "garden.example/9",
        "cycling.example/3",
    )


@pytest.mark.parametrize(
    "name",
    ["status_get", "timeline_public", "notifications", "admin_reports", "conversations", "account_pinned_statuses"],
)
def test_real_answers_are_recognised(fixtures: Path, name: str) -> None:
    """By their content, whatever their name."""
    assert recognise(MemoryInput("saved.json", (fixtures / f"{name}.json").read_bytes())).name == "mastodon"


@pytest.mark.parametrize("name", ["account", "admin_accounts_v1", "instance_v2", "filter_v2", "relationships", "poll"])
def test_answers_without_a_status_are_not_taken_for_one(fixtures: Path, name: str) -> None:
    """Accounts, settings and the like."""
    assert MASTODON.recognise(MemoryInput("saved.json", (fixtures / f"{name}.json").read_bytes())) == 0.0


@pytest.mark.parametrize(
    ("field", "value"),
    [("id", None), ("id", ["x"]), ("account", None), ("account", {}), ("created_at", "2026-05-03"), ("visibility", 7)],
)
def test_what_a_status_must_have(field: str, value: Any) -> None:
    """Without it the record is set aside, and says why."""
    assert only([status(id="9"), status(**{field: value})], "rejected")["field"] == field


def test_resumes_with_the_server_that_it_knew() -> None:
    """Also where the record that told it lies before the checkpoint."""
    content = json.dumps([status(), status(account=TOM, id="7")]).encode()
    (rest,) = MASTODON.read(MemoryInput("x.json", content), ReadOptions(), "1")
    assert rest.messages["message_id"].to_pylist() == ["cycling.example/7"]
