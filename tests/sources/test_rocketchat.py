"""Rocket.Chat histories, deletions, frames and room exports."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from seawall.checks.sources import MemoryInput
from seawall.protocols import ReadOptions
from seawall.sources import raw_rows
from seawall.sources.rocketchat import NO_ROOM, RocketChat
from tests.sources.reading import batches, rows

ROCKETCHAT = RocketChat()
BEA = {"_id": "beaBEAbeaBEAbea01", "username": "bea", "name": "Bea"}
TOM = {"_id": "tomTOMtomTOMtom02", "username": "old.tom", "name": "Tom"}
AT = "2024-04-12T07:00:00.500Z"


def message(msg: Any = "beans", **more: Any) -> dict[str, Any]:
    return {"_id": "m1", "rid": "GENERALgarden0001", "msg": msg, "ts": AT, "u": BEA, **more}


def history(*messages: Any) -> dict[str, Any]:
    return {"messages": list(messages), "success": True}


def only(told: dict[str, Any]) -> dict[str, Any]:
    (row,) = rows(ROCKETCHAT, history(told))
    return row


@pytest.fixture(scope="module")
def fixtures(shared_data: Path) -> Path:
    return shared_data / "adapters/rocketchat"


def told_in_history(fixtures: Path) -> dict[str, dict[str, Any]]:
    pages = [rows(ROCKETCHAT, fixtures / f"channels_history_p{page}.json") for page in (1, 2, 3)]
    return {row["message_id"]: row for page in pages for row in page}


def test_the_history_is_read_whole(fixtures: Path) -> None:
    """Sixty messages on three pages: system messages are service records, threads are replies."""
    found = told_in_history(fixtures)
    assert Counter(row["kind"] for row in found.values()) == {"post": 36, "service": 17, "reply": 6, "quote": 1}
    assert {row["channel_id"] for row in found.values()} == {"GENERALgarden01"}
    assert not [row for row in found.values() if "visibility" in row]
    assert all("text" not in row for row in found.values() if row["kind"] == "service")
    assert not rows(ROCKETCHAT, fixtures / "channels_history_p1.json", "channels")


def test_the_history_is_read_field_by_field(fixtures: Path) -> None:
    """One message of each sort, compared with the fixture by eye."""
    found = told_in_history(fixtures)
    tom = {"id": "XKSzSXsPmm7LbTu3r", "handle": "old.tom", "name": "Tom (plot 14)"}
    assert found["LeKuTzA3f6pjRgWq4"] == {
        "position": 5,
        "message_id": "LeKuTzA3f6pjRgWq4",
        "channel_id": "GENERALgarden01",
        "account": tom,
        "sent_at": datetime(2024, 4, 12, 7, 33, 33, 982_000, tzinfo=UTC),
        "kind": "post",
        "text": "Week 16 is Bea and Pieter",
        "mentions": [],
        "edited_at": datetime(2024, 4, 12, 7, 34, 48, 982_000, tzinfo=UTC),
    }
    assert found["d3tMBiRiiD7CDh8M5"]["text"] == "@[account] week 16 is missing"
    assert found["d3tMBiRiiD7CDh8M5"]["mentions"] == [tom]
    assert found["Te82EAky9WaFGndzW"]["text"] == "See also #[channel] for the Sunday ride"
    assert found["bxJQmkY2HNYZ9fTjz"]["mentions"] == []
    assert found["8j7fphkWt39RARszf"]["declared_bot"] is True
    assert found["hxJGob9nwBoufHcYx"]["thread_of"] == found["hxJGob9nwBoufHcYx"]["reply_to"] == "NgaG8rdHwNQxC4Pp5"
    image = found["whvL8wSCAkfKdXg6T"]
    assert (image["text"], image["media"]) == ("Bean table", [{"kind": "image", "bytes": 243_122}])
    quote = found["8Nan4hx49yjWZDynT"]
    assert (quote["text"], quote["repost_of"]) == ("I can, with the cargo bike", "TFopkPiCuKMD4ct83")
    assert quote["repost_of_account"] == {"handle": "bea"}
    assert "links" not in quote


def test_comings_and_goings_become_acts(fixtures: Path) -> None:
    """Joining a thread is no joining of the room."""
    found = told_in_history(fixtures)
    acts = [act for row in found.values() for act in row.get("acts", []) if row["kind"] == "service"]
    marta = {"id": "oArizA5YmtriopJEb", "handle": "marta.l", "name": "Marta L."}
    assert Counter(act["kind"] for act in acts) == {"join": 6, "leave": 2, "invite": 1}
    assert {"kind": "invite", "target": {"handle": "pieter"}} in acts
    assert {"kind": "leave", "source": {"handle": "pieter"}, "target": marta} in acts


def test_ciphertext_is_no_text(fixtures: Path) -> None:
    """That a message was sent is kept."""
    found = told_in_history(fixtures)
    for message_id in ("gtTrruqbGC3aDiong", "eFgKZjPQZNMHWsYha"):
        assert (found[message_id]["kind"], "text" in found[message_id]) == ("post", False)


def test_a_removed_message_leaves_a_stone(fixtures: Path) -> None:
    """It was sent by somebody, then deleted; the deletion counts as its last edit."""
    stone = told_in_history(fixtures)["PhAzQZceekTG5BHrk"]
    assert stone["deleted_at"] == stone["edited_at"] == datetime(2024, 4, 12, 7, 56, 45, 385_000, tzinfo=UTC)
    assert (stone["account"]["handle"], "text" in stone) == ("pieter", False)


def test_synchronised_changes_are_messages_and_deletions(fixtures: Path) -> None:
    """``updated`` holds messages as they are now, ``deleted`` ids and times."""
    assert [row["message_id"] for row in rows(ROCKETCHAT, fixtures / "sync_messages.json")] == [
        "LeKuTzA3f6pjRgWq4",
        "NgaG8rdHwNQxC4Pp5",
    ]
    assert rows(ROCKETCHAT, fixtures / "sync_messages.json", "deletions") == [
        {
            "position": 3,
            "message_id": "6YhT8sX7sGBy2jJTH",
            "deleted_at": datetime(2024, 4, 12, 12, 11, 10, 591_000, tzinfo=UTC),
        },
        {
            "position": 4,
            "message_id": "b4q7eCqzwAt34YS56",
            "deleted_at": datetime(2024, 4, 12, 13, 11, 10, 591_000, tzinfo=UTC),
        },
    ]
    assert [row["message_id"] for row in rows(ROCKETCHAT, fixtures / "get_deleted_messages.json", "deletions")] == [
        "WoPqBu4BciWy8Sf2s"
    ]


def test_a_frame_of_the_live_stream_is_a_message(fixtures: Path) -> None:
    """Its times are EJSON; the reactions tell who reacted to whom."""
    (row,) = rows(ROCKETCHAT, fixtures / "ddp_stream_room_messages.json")
    jonas = {"id": "9RjpfTWZAy9XRAY2s", "handle": "jonas", "name": "Jonas"}
    assert row["sent_at"] == datetime(2024, 4, 12, 7, 0, 0, 431_000, tzinfo=UTC)
    assert row["acts"] == [
        {"kind": "reaction", "source": {"handle": handle}, "target": jonas}
        for handle in ("marta.l", "aisha_k", "old.tom")
    ]


def test_a_room_export_has_neither_ids_nor_a_room(fixtures: Path) -> None:
    """Its sixty lines tell handles only, and it is said that the room is missing."""
    (batch,) = batches(ROCKETCHAT, fixtures / "rooms_export.json")
    assert (batch.records, batch.messages.num_rows, batch.assumptions) == (60, 60, (NO_ROOM,))
    assert batch.messages["message_id"].null_count == batch.messages["channel_id"].null_count == 60
    found = rows(ROCKETCHAT, fixtures / "rooms_export.json")
    assert Counter(row["kind"] for row in found) == {"post": 42, "service": 17, "quote": 1}
    assert found[18]["media"] == [{"kind": "image"}]
    assert "mentions" not in found[14]


def test_the_same_messages_are_told_by_history_and_export(fixtures: Path) -> None:
    """Texts, times and senders agree, but for names that only the history tells."""
    history = {row["sent_at"]: row for row in told_in_history(fixtures).values()}
    for row in rows(ROCKETCHAT, fixtures / "rooms_export.json"):
        twin = history[row["sent_at"]]
        assert row["account"]["handle"] == twin["account"]["handle"]
        if "[" not in twin.get("text", ""):
            assert row.get("text") == twin.get("text")


def test_a_direct_room_is_known_by_its_id() -> None:
    """It is made of the ids of its two members."""
    content = history(message(rid=BEA["_id"] + TOM["_id"]), message(_id="m2", rid="GENERALgarden0001"))
    assert [row.get("visibility") for row in rows(ROCKETCHAT, content)] == ["direct", None]
    assert rows(ROCKETCHAT, content, "channels") == [
        {
            "channel_id": BEA["_id"] + TOM["_id"],
            "kind": "direct",
            "visibility": "direct",
            "participants": [{"id": BEA["_id"]}, {"id": TOM["_id"]}],
        }
    ]


def test_only_links_that_the_text_does_not_show_are_told() -> None:
    """The server lists those of the text again, without their query."""
    text = "https://garden.example/map?plot=9"
    urls = [{"url": "https://garden.example/map"}, {"url": "https://garden.example/other"}, {"url": 7}, "x"]
    attachments = [{"title_link": "https://garden.example/news"}, {"title_link": "/file-upload/x"}]
    assert only(message(text, urls=urls, attachments=attachments))["links"] == [
        "https://garden.example/other",
        "https://garden.example/news",
    ]


def test_longer_names_are_hidden_before_shorter_ones() -> None:
    """A name with a dot is hidden whole, and a name inside a word is none."""
    people = [{"_id": "1", "username": "old"}, {"_id": "2", "username": "old.tom"}, {"_id": "all", "username": "all"}]
    row = only(message("@old.tom and @old, @all: not @older", mentions=people))
    assert row["text"] == "@[account] and @[account], @all: not @older"
    assert [who["handle"] for who in row["mentions"]] == ["old", "old.tom"]


@pytest.mark.parametrize(
    ("told", "media"),
    [
        ({"file": {"_id": "1", "type": "video/mp4", "size": 9}}, [{"kind": "video", "bytes": 9}]),
        (
            {
                "files": [
                    {"_id": "1", "name": "a.png", "type": "image/png"},
                    {"_id": "2", "name": "thumb-a.png", "type": "image/png"},
                ]
            },
            [{"kind": "image"}],
        ),
        ({"attachments": [{"audio_url": "/x", "audio_size": 3}]}, [{"kind": "audio", "bytes": 3}]),
        ({"attachments": [{"type": "file", "title": "a.pdf"}, 7, None]}, [{"kind": "document"}]),
        ({"attachments": [{"text": "only words"}]}, None),
        ({"file": {"_id": "1", "name": "ride.mp4"}}, [{"kind": "video"}]),
    ],
)
def test_media_are_told_by_kind_and_size(told: dict[str, Any], media: Any) -> None:
    """Thumbnails are not counted."""
    assert only(message("", **told)).get("media") == media


@pytest.mark.parametrize(
    ("told", "field"),
    [
        (7, "record"),
        (message(ts=None), "ts"),
        (message(ts={"$date": "x"}), "ts"),
        (message(ts="2024-04-12T07:00:00"), "ts"),
        (message(u=None), "u"),
        (message(u={"_id": [1]}), "u"),
        (message(_id={}), "_id"),
        ({"_id": "m", "_deletedAt": "never"}, "_deletedAt"),
        ({"_deletedAt": AT}, "_id"),
    ],
)
def test_a_record_that_lacks_what_it_must_have_is_rejected(told: Any, field: str) -> None:
    """The reason names the field; the records around it are kept."""
    content = history(message(), told, message(_id="m3"))
    assert [row["field"] for row in rows(ROCKETCHAT, content, "rejected")] == [field]
    assert [row["position"] for row in rows(ROCKETCHAT, content)] == [1, 3]


def test_wrong_types_in_optional_fields_cost_only_the_field() -> None:
    """The message stays."""
    wrong = ("tmid", "editedAt", "urls", "mentions", "channels", "attachments", "files", "file", "reactions", "t")
    for value in (7.5, True, {"a": 1}, {"a": {"usernames": 7}}, [[7]], [None], "", "\ud800", float("nan"), 10**400):
        assert only(message(**dict.fromkeys(wrong, value)))["message_id"] == "m1"


def test_times_may_be_ejson_of_any_age() -> None:
    """Numbers of milliseconds, wrapped or not."""
    moments = [{"$date": 1712905200500}, {"$date": {"$numberLong": "1712905200500"}}, {"$date": AT}, 1712905200500]
    assert {str(only(message(ts=moment))["sent_at"]) for moment in moments} == {"2024-04-12 07:00:00.500000+00:00"}


@pytest.mark.parametrize(
    "content",
    [
        json.dumps([message(), message(_id="m2")]).encode(),
        json.dumps(history(message())).encode() + b"\n" + json.dumps(history(message(_id="m2"))).encode(),
        b"\n".join(json.dumps(told).encode() for told in (message(), message(_id="m2"))),
        json.dumps(message(), indent=1).encode() + b"\n" + json.dumps(message(_id="m2"), indent=1).encode(),
    ],
    ids=["list", "pages", "lines", "documents"],
)
def test_messages_may_be_laid_out_in_several_ways(content: bytes) -> None:
    """A list, pages after one another, lines, or documents spread over lines."""
    assert [row["message_id"] for row in rows(ROCKETCHAT, content)] == ["m1", "m2"]
    assert ROCKETCHAT.recognise(MemoryInput("x.json", content)) > 0.9


def test_a_single_message_is_read() -> None:
    """As chat.getMessage answers."""
    content = {"message": message(), "success": True}
    assert [row["message_id"] for row in rows(ROCKETCHAT, content)] == ["m1"]
    assert ROCKETCHAT.recognise(MemoryInput("x.json", json.dumps(content).encode())) > 0.9


def test_a_bad_line_costs_only_itself() -> None:
    """The position of the next is its own line."""
    lines = [json.dumps(message()).encode(), b'{"_id": "m2", "msg', b"", json.dumps(message(_id="m4")).encode()]
    content = b"\n".join(lines)
    assert [row["position"] for row in rows(ROCKETCHAT, content)] == [1, 4]
    assert rows(ROCKETCHAT, content, "rejected") == [{"position": 2, "field": "record", "reason": "not JSON"}]


def test_batches_resume_where_they_were_cut(monkeypatch: pytest.MonkeyPatch, fixtures: Path) -> None:
    """For lines the checkpoint is the line's number."""
    monkeypatch.setattr(raw_rows, "BATCH_RECORDS", 17)
    file = MemoryInput("rooms_export.json", (fixtures / "rooms_export.json").read_bytes().replace(b"\n", b"\n\n"))
    whole = list(ROCKETCHAT.read(file, ReadOptions()))
    assert [batch.records for batch in whole] == [17, 17, 17, 9]
    assert [batch.checkpoint for batch in whole] == ["33", "67", "101", "119"]
    for number, batch in enumerate(whole, 1):
        assert list(ROCKETCHAT.read(file, ReadOptions(), batch.checkpoint)) == whole[number:]


def test_fixtures_are_recognised_and_others_are_not(shared_data: Path) -> None:
    """Rocket.Chat's own with near certainty."""
    for path in sorted((shared_data / "adapters").rglob("*.json*")):
        sure = ROCKETCHAT.recognise(MemoryInput(path.name, path.read_bytes()))
        assert sure >= 0.9 if path.parent.name == "rocketchat" else sure == 0.0, path.name
