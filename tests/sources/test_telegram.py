"""Telegram Desktop exports."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from seawall.checks.sources import MemoryInput
from seawall.errors import ConfigurationError, InputError
from seawall.protocols import ReadOptions
from seawall.sources import raw_rows
from seawall.sources.telegram import Telegram
from seawall.sources.telegram_message import ZONE_ASSUMED
from tests.sources.reading import batches, rows

TELEGRAM = Telegram()
SENT = "1712900000"


def chat(*messages: Any, kind: str = "private_supergroup", **header: Any) -> dict[str, Any]:
    return {"name": "Garden club", "type": kind, "id": 7, **header, "messages": list(messages)}


def message(number: Any = 1, **more: Any) -> dict[str, Any]:
    told = {"id": number, "type": "message", "date": "2024-04-12T05:33:20", "date_unixtime": SENT}
    return {**told, "from": "Bea", "from_id": "user1", "text": "beans", **more}


def service(action: str, **more: Any) -> dict[str, Any]:
    return message(**{"type": "service", "actor": "Bea", "actor_id": "user1", "action": action, "text": "", **more})


def only(told: dict[str, Any], **stated: Any) -> dict[str, Any]:
    (row,) = rows(TELEGRAM, chat(told), **stated)
    return row


def test_a_group_is_read_field_by_field(shared_data: Path) -> None:
    """The fixture of all chats: text out of entities, media, forwards, edits by its own clock, invitations."""
    found = rows(TELEGRAM, shared_data / "adapters/telegram/all_chats_result.json")
    by_position = {row["position"]: row for row in found}
    assert sorted(by_position) == [1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 14]
    assert by_position[1] == {
        "position": 1,
        "message_id": "1",
        "channel_id": "channel42",
        "account": {"id": "user100", "name": "Arian"},
        "sent_at": datetime(2021, 1, 1, 9, tzinfo=UTC),
        "kind": "post",
        "visibility": "closed",
        "text": "hello everyone?",
        "mentions": [],
        "hashtags": [],
    }
    assert by_position[2]["links"] == ["https://example.com"]
    assert (by_position[4]["kind"], by_position[4]["reply_to"]) == ("reply", "3")
    assert (by_position[6]["kind"], by_position[6]["repost_of_account"]) == ("repost", {"name": "Meme Bot"})
    assert by_position[7]["edited_at"] == datetime(2021, 1, 4, 12, 5, tzinfo=UTC)
    assert by_position[10]["acts"] == [{"kind": "invite", "target": {"id": "user400", "name": "Bob"}}]
    assert {place: row["media"][0]["kind"] for place, row in by_position.items() if "media" in row} == {
        3: "image",
        6: "image",
        9: "video",
        12: "audio",
        13: "document",
    }
    assert (by_position[14]["channel_id"], by_position[14]["visibility"]) == ("user7", "direct")


def test_a_message_without_a_sender_is_rejected(shared_data: Path) -> None:
    """The eighth of the fixture tells none; the reason names the field."""
    found = rows(TELEGRAM, shared_data / "adapters/telegram/all_chats_result.json", "rejected")
    assert found == [{"position": 8, "field": "from_id", "reason": "it tells no sender"}]


def test_chats_become_channels(shared_data: Path) -> None:
    """A group keeps its title for whoever asks, a direct chat has none."""
    assert rows(TELEGRAM, shared_data / "adapters/telegram/all_chats_result.json", "channels") == [
        {
            "channel_id": "channel42",
            "kind": "group",
            "visibility": "closed",
            "title": "Gaming Crew",
            "address": "https://t.me/c/42",
        },
        {"channel_id": "user7", "kind": "direct", "visibility": "direct"},
    ]


def test_a_personal_chat_is_direct(shared_data: Path) -> None:
    """Text that is a list is flattened; a call is a service record."""
    found = rows(TELEGRAM, shared_data / "adapters/telegram/personal_chat.json")
    assert [row["kind"] for row in found] == ["post", "post", "post", "reply", "service"]
    assert {row["visibility"] for row in found} == {"direct"}
    assert found[2]["text"] == "Check this important message"


def test_the_two_people_of_a_personal_chat_are_told() -> None:
    """The export names one of them; the other is whoever else writes."""
    told = chat(message(1), message(2, **{"from": "Tom", "from_id": "user7"}), kind="personal_chat", name="Tom")
    (channel,) = rows(TELEGRAM, told, "channels")
    assert channel["participants"] == [{"id": "user7", "name": "Tom"}, {"id": "user1", "name": "Bea"}]
    assert "title" not in channel


def test_a_chat_whose_id_is_no_account_has_its_writers(shared_data: Path) -> None:
    """The fixture counts chats on its own."""
    (channel,) = rows(TELEGRAM, shared_data / "adapters/telegram/personal_chat.json", "channels")
    assert channel["participants"] == [{"id": "user111", "name": "Alice"}, {"id": "user222", "name": "Bob"}]


def test_a_message_in_a_topic_answers_nobody(shared_data: Path) -> None:
    """Telegram writes it as a reply to the beginning of the topic; it is a post of that thread."""
    found = rows(TELEGRAM, shared_data / "adapters/telegram/supergroup_with_topics.json")
    told = [(row["message_id"], row["kind"], row.get("thread_of"), row.get("reply_to")) for row in found]
    assert told == [
        ("1", "service", None, None),
        ("2", "service", None, None),
        ("3", "post", "2", None),
        ("4", "service", None, None),
        ("5", "post", "4", None),
        ("6", "post", "4", None),
        ("7", "post", None, None),
    ]


@pytest.mark.parametrize(
    ("kind", "channel", "visibility", "channel_id"),
    [
        ("saved_messages", "direct", "direct", "user7"),
        ("replies", "direct", "direct", "user7"),
        ("verification_codes", "direct", "direct", "user7"),
        ("personal_chat", "direct", "direct", "user7"),
        ("bot_chat", "direct", "direct", "user7"),
        ("private_group", "group", "closed", "chat7"),
        ("private_supergroup", "group", "closed", "channel7"),
        ("public_supergroup", "group", "public", "channel7"),
        ("private_channel", "broadcast", "closed", "channel7"),
        ("public_channel", "broadcast", "public", "channel7"),
        ("holodeck", "group", None, "peer7"),
    ],
)
def test_every_type_of_chat_tells_its_visibility(
    kind: str, channel: str, visibility: str | None, channel_id: str
) -> None:
    """A type that is not known tells none, so that the user is asked."""
    told = chat(message(), kind=kind)
    (found,) = rows(TELEGRAM, told, "channels")
    assert (found["kind"], found.get("visibility"), found["channel_id"]) == (channel, visibility, channel_id)
    assert rows(TELEGRAM, told)[0].get("visibility") == visibility


def test_names_in_a_text_become_mentions() -> None:
    """A person mentioned by a display name is a mention with an id; no name stays in the text."""
    parts = [
        {"type": "plain", "text": "ask "},
        {"type": "mention_name", "text": "Old Tom", "user_id": 9},
        {"type": "plain", "text": " or "},
        {"type": "mention", "text": "@bea_garden"},
        {"type": "plain", "text": " about "},
        {"type": "hashtag", "text": "#Bohnen"},
        {"type": "custom_emoji", "text": "🌱", "document_id": "x"},
    ]
    row = only(message(text="", text_entities=parts))
    assert row["text"] == "ask @[account] or @bea_garden about #Bohnen🌱"
    assert row["mentions"] == [{"id": "user9", "name": "Old Tom"}, {"handle": "bea_garden"}]
    assert row["hashtags"] == ["Bohnen"]


def test_links_that_the_text_does_not_show_are_told() -> None:
    """Behind words, and behind the buttons of a bot."""
    buttons = [[{"type": "url", "text": "Go", "data": "https://garden.example/go"}, {"type": "callback", "data": "x"}]]
    row = only(
        message(
            text=["see ", {"type": "text_link", "text": "here", "href": "https://garden.example/a"}],
            inline_bot_buttons=buttons,
        )
    )
    assert row["links"] == ["https://garden.example/go", "https://garden.example/a"]


@pytest.mark.parametrize(
    ("told", "acts"),
    [
        (
            service("invite_members", members=["Tom", None, "Ida"]),
            [{"kind": "invite", "target": {"name": "Tom"}}, {"kind": "invite", "target": {"name": "Ida"}}],
        ),
        (service("invite_members", members=["Bea"]), [{"kind": "join"}]),
        (service("create_group", members=["Tom"]), [{"kind": "invite", "target": {"name": "Tom"}}]),
        (
            service("join_group_by_link", inviter="Tom"),
            [
                {"kind": "join"},
                {"kind": "invite", "source": {"name": "Tom"}, "target": {"id": "user1", "name": "Bea"}},
            ],
        ),
        (service("join_group_by_request"), [{"kind": "join"}]),
        (service("remove_members", members=["Bea"]), [{"kind": "leave"}]),
        (
            service("remove_members", members=["Tom"]),
            [{"kind": "leave", "source": {"name": "Tom"}, "target": {"id": "user1", "name": "Bea"}}],
        ),
        (service("pin_message", message_id=3), None),
        (service("migrate_to_supergroup"), None),
        (service("edit_group_title", title="Secret name"), None),
        (service("something_new", members=7), None),
    ],
)
def test_service_records_tell_who_came_and_went(told: dict[str, Any], acts: Any) -> None:
    """They carry no text, and no titles."""
    row = only(told)
    assert (row["kind"], row.get("acts"), row.get("text")) == ("service", acts, None)


def test_reactions_tell_who_reacted() -> None:
    """Where the export names them; a bare count is nobody."""
    recent = [{"from": "Tom", "from_id": "user9", "date": "2024-04-12T05:40:00"}]
    row = only(message(reactions=[{"type": "emoji", "count": 2, "recent": recent}, {"type": "emoji", "count": 9}]))
    assert row["acts"] == [
        {"kind": "reaction", "source": {"id": "user9", "name": "Tom"}, "target": {"id": "user1", "name": "Bea"}}
    ]


def test_a_contact_card_in_a_direct_chat_is_an_address_passed() -> None:
    """The number reaches intake as a contact to be keyed; in a group the card leaves nothing."""
    card = {"first_name": "Ida", "last_name": "", "phone_number": "00 49 1"}
    told = chat(message(text="", contact_information=card), kind="personal_chat", name="Tom")
    (found,) = rows(TELEGRAM, told, "interactions")
    assert found == {
        "position": 1,
        "at": datetime(2024, 4, 12, 5, 33, 20, tzinfo=UTC),
        "kind": "contact_shared",
        "source_account": {"id": "user1", "name": "Bea"},
        "target_account": {"id": "user7", "name": "Tom"},
        "channel_id": "user7",
        "contact_kind": "phone",
        "contact": "00 49 1",
    }
    assert not rows(TELEGRAM, told)
    assert "00 49 1" not in str(only(message(text="", contact_information=card, location_information={"latitude": 1})))


@pytest.mark.parametrize(
    ("told", "media"),
    [
        ({"photo": "(not included)", "photo_file_size": 24_310}, {"kind": "image", "bytes": 24_310}),
        ({"file": "a.mp4", "media_type": "video_file", "mime_type": "video/mp4"}, {"kind": "video"}),
        ({"file": "a.ogg", "media_type": "voice_message"}, {"kind": "audio"}),
        (
            {"file": "a", "mime_type": "image/png", "file_size": 9, "file_name": "ida.png"},
            {"kind": "image", "bytes": 9},
        ),
        ({"file": "a", "mime_type": "application/pdf", "file_size": "9"}, {"kind": "document"}),
        ({"file": 7, "media_type": 7, "mime_type": 7}, {"kind": "document"}),
        ({"file": "files/ride.MP4"}, {"kind": "video"}),
        ({"file": "(not included)", "file_name": "song.mp3"}, {"kind": "audio"}),
    ],
)
def test_media_are_told_by_kind_and_size(told: dict[str, Any], media: dict[str, Any]) -> None:
    """Names of files are not."""
    assert only(message(**told))["media"] == [media]


def test_a_poll_is_told_by_its_question_and_answers() -> None:
    """It has no other text."""
    poll = {"question": "Which beans?", "answers": [{"text": "Runner"}, {"text": "Borlotti", "voters": 2}, 7]}
    assert only(message(text="", poll=poll))["text"] == "Which beans?\nRunner\nBorlotti"


def test_old_exports_tell_bare_numbers_and_1970_for_never_edited() -> None:
    """As Telegram Desktop wrote before 2021."""
    told = message(from_id=12, edited="1970-01-01T01:00:00")
    del told["date_unixtime"]
    (batch,) = batches(TELEGRAM, chat(told), ReadOptions(timezone="Europe/Berlin"))
    (row,) = batch.messages.to_pylist()
    assert (row["account"]["id"], row["edited_at"]) == ("user12", None)
    assert row["sent_at"] == datetime(2024, 4, 12, 3, 33, 20, tzinfo=UTC)
    assert batch.assumptions == ()


def test_times_without_a_zone_are_read_as_utc_and_it_is_said() -> None:
    """Nothing is assumed in silence."""
    told = message()
    del told["date_unixtime"]
    (batch,) = batches(TELEGRAM, chat(told))
    assert batch.messages["sent_at"][0].as_py() == datetime(2024, 4, 12, 5, 33, 20, tzinfo=UTC)
    assert batch.assumptions == (ZONE_ASSUMED,)


def test_a_zone_that_does_not_exist_is_refused() -> None:
    """Before anything is read."""
    with pytest.raises(ConfigurationError, match="no such time zone"):
        batches(TELEGRAM, chat(message()), ReadOptions(timezone="Mars/Olympus"))


@pytest.mark.parametrize(
    ("told", "field"),
    [
        (7, "record"),
        (None, "record"),
        ([], "record"),
        (message(number=None), "id"),
        (message(number=[1]), "id"),
        (message(type=None), "type"),
        (message(date_unixtime="x", date="yesterday"), "date"),
        (message(date_unixtime=None, date="0000-00-00T00:00:00"), "date"),
        (message(date_unixtime="99999999999999999999", date="9999-12-31T23:59:59"), "date"),
        (message(**{"from": None, "from_id": None}), "from_id"),
        (message(**{"from": {"a": 1}, "from_id": ["user1"]}), "from_id"),
    ],
)
def test_a_record_that_lacks_what_it_must_have_is_rejected(told: Any, field: str) -> None:
    """The reason names the field; the records around it are kept."""
    content = chat(message(1), told, message(3))
    assert [row["field"] for row in rows(TELEGRAM, content, "rejected")] == [field]
    assert [row["position"] for row in rows(TELEGRAM, content)] == [1, 3]


def test_wrong_types_in_optional_fields_cost_only_the_field() -> None:
    """The message stays."""
    wrong = ("reply_to_message_id", "edited_unixtime", "edited", "text_entities", "reactions", "media_type", "poll")
    for value in (7.5, True, {"a": []}, [[7]], "", "\ud800", float("nan"), 10**400):
        row = only(message(**dict.fromkeys(wrong, value)))
        assert row["message_id"] == "1"


def test_a_channel_speaks_for_itself() -> None:
    """A post of a broadcast channel without an author is the channel's."""
    told = chat(message(**{"from": None, "from_id": None}), kind="public_channel")
    (row,) = rows(TELEGRAM, told)
    assert row["account"] == {"id": "channel7", "name": "Garden club"}


def test_a_bot_on_the_other_side_is_declared() -> None:
    """A chat with a bot has one."""
    told = chat(message(1), message(2, from_id="user7"), kind="bot_chat")
    assert [row.get("declared_bot") for row in rows(TELEGRAM, told)] == [None, True]


def test_a_chat_may_tell_its_type_after_its_messages() -> None:
    """Then its headers are read beforehand."""
    late = {"messages": [message()], "id": 7, "type": "public_channel", "name": "Cycling club"}
    assert rows(TELEGRAM, late)[0]["visibility"] == "public"
    assert [row["visibility"] for row in rows(TELEGRAM, {"chats": {"list": [chat(message()), late]}})] == [
        "closed",
        "public",
    ]


def test_a_chat_without_an_id_cannot_be_told_apart() -> None:
    """Its messages are rejected: their ids count per chat."""
    told = chat(message(), id=None)
    assert [row["field"] for row in rows(TELEGRAM, told, "rejected")] == ["chat id"]


def test_bare_control_characters_are_read() -> None:
    """Telegram Desktop writes U+001F as it is, which is no JSON."""
    content = json.dumps(chat(message(text="beans|peas"))).encode().replace(b"|", b"\x1f")
    assert rows(TELEGRAM, content)[0]["text"] == "beans\x1fpeas"


def test_lone_surrogates_and_nul_do_not_stop_the_import() -> None:
    """The half becomes U+FFFD."""
    assert rows(TELEGRAM, chat(message(text="a\ud800b\x00c")))[0]["text"] == "a\ufffdb\x00c"


def test_a_file_that_was_cut_off_keeps_what_stands_before() -> None:
    """And says that it was cut off."""
    content = json.dumps(chat(message(1), message(2))).encode()
    found = batches(TELEGRAM, content[:-30])
    assert found[0].messages["message_id"].to_pylist() == ["1"]
    assert found[0].rejected["reason"].to_pylist() == ["the file ends inside this record"]


def test_a_damaged_stream_gives_its_records_before_the_error() -> None:
    """What a damaged archive still holds is kept, and the damage is told."""

    class Damaged(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            found = super().read(size)
            if not found:
                raise InputError("The archive is damaged.")
            return found

    class DamagedInput(MemoryInput):
        def open(self) -> Damaged:
            return Damaged(self.content)

    content = json.dumps(chat(message(1), message(2))).encode()[:-30]
    reading = TELEGRAM.read(DamagedInput("result.json", content), ReadOptions())
    assert next(reading).messages["message_id"].to_pylist() == ["1"]
    with pytest.raises(InputError, match="damaged"):
        next(reading)


def test_a_file_without_messages_is_an_error() -> None:
    """Never silence."""
    with pytest.raises(InputError, match="no records"):
        batches(TELEGRAM, b"")


def test_an_empty_chat_is_still_a_channel() -> None:
    """It has no records, and it is there."""
    (batch,) = batches(TELEGRAM, chat())
    assert (batch.records, batch.channels.num_rows) == (0, 1)


def test_batches_resume_where_they_were_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also inside a chat with topics, and behind empty chats."""
    monkeypatch.setattr(raw_rows, "BATCH_RECORDS", 2)
    topic = service("topic_created", id=1, title="Seeds")
    group = chat(topic, *(message(number, reply_to_message_id=1) for number in range(2, 8)))
    empty = chat(id=8)
    content = json.dumps({"chats": {"list": [group, empty, chat(message(1), message(2), id=9), empty]}}).encode()
    file = MemoryInput("result.json", content)
    whole = list(TELEGRAM.read(file, ReadOptions()))
    assert [batch.records for batch in whole] == [2, 2, 2, 2, 1]
    assert all(row["thread_of"] == "1" for batch in whole[1:3] for row in batch.messages.to_pylist())
    for number, batch in enumerate(whole, 1):
        assert list(TELEGRAM.read(file, ReadOptions(), batch.checkpoint)) == whole[number:]


def test_a_foreign_checkpoint_is_refused() -> None:
    """It is never guessed what it may mean."""
    with pytest.raises(ConfigurationError, match="checkpoint"):
        list(TELEGRAM.read(MemoryInput("result.json", b"{}"), ReadOptions(), "page 3"))


@pytest.mark.parametrize("name", ["all_chats_result.json", "personal_chat.json", "supergroup_with_topics.json"])
def test_fixtures_are_recognised(shared_data: Path, name: str) -> None:
    """With near certainty."""
    content = (shared_data / "adapters/telegram" / name).read_bytes()
    assert TELEGRAM.recognise(MemoryInput(name, content)) > 0.9


def test_other_peoples_json_is_not_recognised(shared_data: Path) -> None:
    """No fixture of another platform is taken for Telegram's."""
    for path in sorted((shared_data / "adapters").rglob("*.json")):
        if path.parent.name != "telegram":
            assert TELEGRAM.recognise(MemoryInput(path.name, path.read_bytes())) == 0.0, path.name
