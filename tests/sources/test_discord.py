"""Exports of DiscordChatExporter."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from seawall.checks.sources import MemoryInput
from seawall.protocols import ReadOptions
from seawall.sources import raw_rows, recognise
from seawall.sources.discord import Discord
from seawall.sources.discord_message import DELETED_USER, ZONE_ASSUMED
from tests.sources.reading import batches, rows

DISCORD = Discord()
MIRA = {"id": "101", "name": "mira", "discriminator": "0000", "nickname": "Mira", "isBot": False}
FELIX = {"id": "102", "name": "felix_b", "discriminator": "0000", "nickname": "Felix", "isBot": False}
GONE = {"id": DELETED_USER, "name": "Deleted User", "discriminator": "0000", "nickname": "Deleted User"}
AT = "2024-04-13T07:00:00.123+00:00"


def message(content: Any = "nine", **more: Any) -> dict[str, Any]:
    return {"id": "7", "type": "Default", "timestamp": AT, "content": content, "author": MIRA, **more}


def export(*messages: Any, kind: Any = "GuildTextChat", **more: Any) -> dict[str, Any]:
    channel = {"id": "2", "type": kind, "name": "rides", **more}
    return {"guild": {"id": "1", "name": "Club"}, "channel": channel, "messages": list(messages)}


def only(told: dict[str, Any], **more: Any) -> dict[str, Any]:
    (row,) = rows(DISCORD, export(told, **more))
    return row


def rejected(told: Any) -> list[str]:
    return [row["field"] for row in rows(DISCORD, told, "rejected")]


@pytest.fixture(scope="module")
def fixture(shared_data: Path) -> Path:
    return shared_data / "adapters/discord/cycling_club.json"


def plainly(path: Path) -> list[dict[str, Any]]:
    """What the export tells, by the slow and obvious way."""
    told = json.loads(path.read_text())
    found = []
    for position, one in enumerate(told["messages"], 1):
        row = {
            "position": position,
            "message_id": one["id"],
            "channel_id": told["channel"]["id"],
            "sent_at": datetime.fromisoformat(one["timestamp"]).astimezone(UTC),
            "declared_bot": one["author"]["isBot"],
        }
        bot = one["author"]["isBot"]
        name = {"name": one["author"]["name"]}
        row["account"] = {"id": one["author"]["id"]} | (
            name if bot else {"handle": one["author"]["name"], "name": one["author"]["nickname"]}
        )
        if one["type"] == "GuildMemberJoin":
            row |= {"kind": "service", "acts": [{"kind": "join"}]}
        elif one["type"] == "ChannelPinnedMessage":
            row |= {"kind": "service"}
        else:
            row |= {"kind": "post", "text": one["content"], "hashtags": []}
            row["mentions"] = [
                {"id": who["id"], "handle": who["name"], "name": who["nickname"]} for who in one["mentions"]
            ]
            for who in one["mentions"]:
                row["text"] = row["text"].replace("@" + who["nickname"], "@[account]")
        if one["type"] == "Reply":
            row |= {"kind": "reply", "reply_to": one["reference"]["messageId"]}
        if one["timestampEdited"]:
            row["edited_at"] = datetime.fromisoformat(one["timestampEdited"]).astimezone(UTC)
        if one["attachments"]:
            row["media"] = [{"kind": "image", "bytes": file["fileSizeBytes"]} for file in one["attachments"]]
        found.append(row)
    return found


def test_an_export_tells_what_a_plain_reading_finds(fixture: Path) -> None:
    """Twenty messages, field by field: ids, accounts, times, texts, replies, edits, mentions, media, joins."""
    assert rows(DISCORD, fixture) == plainly(fixture)
    (channel,) = rows(DISCORD, fixture, "channels")
    address = "https://discord.com/channels/1100000000000000001/1100000000000000002"
    assert channel == {"channel_id": "1100000000000000002", "kind": "room", "address": address}
    assert not rows(DISCORD, fixture, "rejected")


@pytest.mark.parametrize(
    ("kind", "channel_kind", "visibility", "thread"),
    [
        ("GuildTextChat", "room", None, None),
        ("GuildVoiceChat", "room", None, None),
        ("GuildNews", "broadcast", None, None),
        ("GuildPublicThread", "room", None, "2"),
        ("GuildPrivateThread", "room", "closed", "2"),
        ("DirectTextChat", "direct", "direct", None),
        ("DirectGroupTextChat", "direct", "direct", None),
        ("16", "room", None, None),
        (None, "room", None, None),
    ],
)
def test_the_type_of_a_channel_tells_what_it_can(
    kind: Any, channel_kind: str, visibility: str | None, thread: str | None
) -> None:
    """Who may read a channel of a server is not told; a thread has the id of the message that began it."""
    row = only(message(), kind=kind)
    (channel,) = rows(DISCORD, export(message(), kind=kind), "channels")
    assert (channel["kind"], channel.get("visibility"), row.get("visibility")) == (channel_kind, visibility, visibility)
    assert row.get("thread_of") == thread
    assert ("title" in channel) is (channel_kind == "broadcast")


def test_a_direct_conversation_has_its_participants() -> None:
    """Those who write and those who are brought in, once each."""
    told = (
        message(id="1"),
        message(id="2", author=FELIX),
        message(id="3", type="RecipientAdd", mentions=[MIRA | {"id": "103"}]),
    )
    (channel,) = rows(DISCORD, export(*told, kind="DirectGroupTextChat"), "channels")
    assert [who["id"] for who in channel["participants"]] == ["101", "102", "103"]
    assert "title" not in channel


def test_the_account_of_deleted_users_is_nobody() -> None:
    """All deleted accounts share one id, which never becomes an account: not as author, mention or reaction."""
    assert rejected(export(message(author=GONE))) == ["author"]
    row = only(message(mentions=[GONE, FELIX], reactions=[{"users": [GONE, FELIX]}]))
    assert [who["id"] for who in row["mentions"]] == ["102"]
    assert [act["source"]["id"] for act in row["acts"]] == ["102"]


def test_a_webhook_has_no_handle() -> None:
    """It names itself anew in each message; before 2023 a name was unique with its number only."""
    hook = only(message(author={"id": "9", "name": "Rota", "discriminator": "0000", "isBot": True}))
    assert (hook["account"], hook["declared_bot"]) == ({"id": "9", "name": "Rota"}, True)
    old = only(message(author=MIRA | {"discriminator": "4711"}))
    assert old["account"]["handle"] == "mira#4711"


def test_forwards_and_followed_posts_are_reposts() -> None:
    """A forward carries the words of the original; exports before 2026 tell only its id."""
    forward = only(
        message("", reference={"messageId": "5", "type": "Forward"})
        | {"forwardedMessage": {"content": "Seed swap", "attachments": [{"fileName": "a.mp4", "fileSizeBytes": 9}]}}
    )
    assert (forward["kind"], forward["repost_of"], forward["text"]) == ("repost", "5", "Seed swap")
    assert forward["media"] == [{"kind": "video", "bytes": 9}]
    followed = only(message(reference={"messageId": "5", "channelId": "8", "guildId": "9"}))
    assert (followed["kind"], followed["repost_of"]) == ("repost", "5")
    pinned = only(message(type="ChannelPinnedMessage", reference={"messageId": "5"}))
    assert (pinned["kind"], "repost_of" in pinned, "text" in pinned) == ("service", False, False)


@pytest.mark.parametrize(
    ("kind", "mentions", "acts"),
    [
        ("GuildMemberJoin", [], [("join", None, None)]),
        ("RecipientAdd", [FELIX], [("invite", None, "102")]),
        ("RecipientAdd", [MIRA], [("join", None, None)]),
        ("RecipientRemove", [FELIX], [("leave", "102", "101")]),
        ("RecipientRemove", [MIRA], [("leave", None, None)]),
        ("Call", [FELIX], []),
        ("ThreadCreated", [], []),
        ("25", [], []),
    ],
)
def test_comings_and_goings_become_acts(kind: str, mentions: list[Any], acts: list[Any]) -> None:
    """What the server writes of itself is a service record without words."""
    row = only(message("Somebody did something.", type=kind, mentions=mentions))
    found = [
        (act["kind"], act.get("source", {}).get("id"), act.get("target", {}).get("id")) for act in row.get("acts", [])
    ]
    assert (row["kind"], "text" in row, found) == ("service", False, acts)


def test_names_and_marks_in_text_become_tokens() -> None:
    """The name that is shown, however many words it has, and the marks of exports without formatting."""
    people = [MIRA | {"nickname": "Mira of the Hill"}, FELIX]
    row = only(message("@Mira of the Hill, @Felix: <@101> <@&5> <@!102> in <#2>. @Felixstowe", mentions=people))
    assert row["text"] == "@[account], @[account]: @[account] @[account] @[account] in #[channel]. @Felixstowe"


def test_a_message_that_is_only_an_embed_has_its_words() -> None:
    """Its link stands beside the text unless it is in it."""
    row = only(message("", embeds=[{"title": "Rota", "description": "Week 16", "url": "https://garden.example/rota"}]))
    assert (row["text"], row["links"]) == ("Rota\nWeek 16", ["https://garden.example/rota"])
    linked = only(message("https://garden.example/rota", embeds=[{"url": "https://garden.example/rota"}]))
    assert "links" not in linked


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"id": None}, "id"), ({"type": []}, "type"), ({"timestamp": "soon"}, "timestamp"), ({"author": {}}, "author")],
)
def test_what_must_be_told_is_named_where_it_is_missing(changed: dict[str, Any], field: str) -> None:
    """A rejection names the field; the other messages are read."""
    told = export(message() | changed, message(id="8"))
    assert rejected(told) == [field]
    assert [row["message_id"] for row in rows(DISCORD, told)] == ["8"]


def test_without_a_channel_nothing_is_known() -> None:
    """Messages of no channel are rejected with that reason."""
    told = export(message())
    del told["channel"]
    assert rejected(told) == ["channel"]
    assert rejected(export(message(), id=None)) == ["channel"]


def test_a_time_without_a_zone_is_of_the_stated_one() -> None:
    """Or of UTC, which is said."""
    bare = export(message(timestamp="2024-04-13T09:00:00"))
    (batch,) = batches(DISCORD, bare)
    assert batch.assumptions == (ZONE_ASSUMED,)
    (berlin,) = batches(DISCORD, bare, ReadOptions(timezone="Europe/Berlin"))
    assert berlin.assumptions == ()
    assert berlin.messages["sent_at"][0].as_py() == datetime(2024, 4, 13, 7, tzinfo=UTC)


def test_a_large_export_is_resumed_where_it_was_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches after a checkpoint are those that come without it; each tells the channel."""
    monkeypatch.setattr(raw_rows, "BATCH_RECORDS", 4)
    told = export(*(message(id=str(number)) for number in range(10)), kind="DirectTextChat")
    found = batches(DISCORD, told)
    assert [batch.records for batch in found] == [4, 4, 2]
    assert all(batch.channels.num_rows == 1 for batch in found)
    file = MemoryInput("rides.json", json.dumps(told).encode())
    rest = list(DISCORD.read(file, ReadOptions(), found[0].checkpoint))
    assert [batch.messages for batch in rest] == [batch.messages for batch in found[1:]]
    assert recognise(file).name == "discord"


def test_pictures_of_a_message_that_is_only_an_embed_are_media() -> None:
    """What a bot or webhook shows counts; what the preview of a linked page shows does not."""
    embeds = [{"title": "Ride", "images": [{"url": "https://a.example/1"}, {"url": "https://a.example/2"}]}]
    embeds += [{"image": {"url": "https://a.example/3"}, "video": {"url": "https://a.example/4"}}]
    shown = only(message("", embeds=embeds))
    assert [one["kind"] for one in shown["media"]] == ["image", "image", "image", "video"]
    assert "media" not in only(message("look https://a.example/", embeds=embeds))
