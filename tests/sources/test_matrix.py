"""Matrix events, however they were saved."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from seawall.checks.sources import MemoryInput
from seawall.protocols import ReadOptions
from seawall.sources import raw_rows
from seawall.sources.matrix import Matrix
from tests.sources.reading import batches, rows

MATRIX = Matrix()
ROOM = "!club:club.example"
BEA, TOM = "@bea:club.example", "@tom:club.example"
AT = 1_712_900_000_000
SPEC_TIME = datetime(2015, 5, 27, 14, 10, 24, 653_000, tzinfo=UTC)


def event(number: int, kind: str, content: Any, **more: Any) -> dict[str, Any]:
    told = {"type": kind, "event_id": f"$e{number}", "room_id": ROOM, "sender": BEA, "content": content}
    return {**told, "origin_server_ts": AT + number, **more}


def text(number: int = 1, body: Any = "beans", **more: Any) -> dict[str, Any]:
    return event(number, "m.room.message", {"msgtype": "m.text", "body": body, **more})


def member(number: int, who: str, membership: str, **more: Any) -> dict[str, Any]:
    return event(number, "m.room.member", {"membership": membership}, state_key=who, **more)


def state(number: int, kind: str, content: Any) -> dict[str, Any]:
    return event(number, kind, content, state_key="")


def export(*events: Any) -> dict[str, Any]:
    return {"room_name": "Club", "exported_by": BEA, "messages": list(events)}


def only(told: dict[str, Any], table: str = "messages") -> dict[str, Any]:
    (row,) = rows(MATRIX, export(told), table)
    return row


def identity(user: str, **more: Any) -> dict[str, str]:
    return {"id": user, "handle": user[1:], **more}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("m.room.message__m.text", {"kind": "post", "text": "This is an example text message", "mentions": []}),
        ("m.room.message__m.emote", {"kind": "post", "text": "thinks this is an example emote", "mentions": []}),
        ("m.room.message__m.notice", {"kind": "post", "text": "This is an example notice", "mentions": []}),
        (
            "m.room.message__m.server_notice",
            {"kind": "post", "text": "Human-readable message to explain the notice", "mentions": []},
        ),
        (
            "m.room.message__m.audio",
            {"kind": "post", "mentions": [], "media": [{"kind": "audio", "bytes": 1_563_685}]},
        ),
        (
            "m.room.message__m.video",
            {"kind": "post", "mentions": [], "media": [{"kind": "video", "bytes": 1_563_685}]},
        ),
        ("m.room.message__m.image", {"kind": "post", "mentions": [], "media": [{"kind": "image", "bytes": 31_037}]}),
        ("m.room.message__m.file", {"kind": "post", "mentions": [], "media": [{"kind": "document", "bytes": 46_144}]}),
        ("m.sticker", {"kind": "post", "mentions": [], "media": [{"kind": "image", "bytes": 73_602}]}),
        ("m.room.message__m.location", {"kind": "post", "mentions": []}),
        ("m.room.encrypted__megolm", {"kind": "post", "mentions": []}),
        ("m.room.tombstone", {"kind": "service", "links": ["https://matrix.to/#/!newroom:example.org"]}),
        ("m.room.join_rules", {"kind": "service", "visibility": "public"}),
        ("m.room.join_rules__restricted", {"kind": "service", "visibility": "closed"}),
        *(
            (name, {"kind": "service"})
            for name in (
                "m.policy.rule.room",
                "m.policy.rule.server",
                "m.policy.rule.user",
                "m.room.canonical_alias",
                "m.room.create",
                "m.room.encryption",
                "m.room.name",
                "m.room.pinned_events",
                "m.room.power_levels",
                "m.room.server_acl",
                "m.room.third_party_invite",
                "m.room.topic",
                "m.space.child",
                "m.room.member__knock_room_state",
            )
        ),
    ],
)
def test_messages_of_the_specification(shared_data: Path, name: str, expected: dict[str, Any]) -> None:
    """Each example event of the specification that is a message, whole. Names of files are not text."""
    fixture = shared_data / "adapters/matrix" / f"{name}.json"
    sender = json.loads(fixture.read_text())["sender"]
    assert rows(MATRIX, fixture) == [
        {
            "position": 1,
            "message_id": "$143273582443PhrSn:example.org",
            "channel_id": "!jEsUZKDJdhlrceRyVU:example.org",
            "account": identity(sender),
            "sent_at": SPEC_TIME,
            **expected,
        }
    ]


ALICE = identity("@alice:example.org")
NAMED = {**ALICE, "name": "Alice Margatroid"}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "m.reaction",
            {"kind": "reaction", "source_account": identity("@example:example.org"), "message_id": "$some_event_id"},
        ),
        ("m.room.member", {"kind": "join", "source_account": NAMED}),
        ("m.room.member__join_authorised_via_users_server", {"kind": "join", "source_account": NAMED}),
        ("m.room.member__invite_room_state", {"kind": "invite", "source_account": ALICE, "target_account": NAMED}),
        ("m.room.member__third_party_invite", {"kind": "invite", "source_account": ALICE, "target_account": NAMED}),
    ],
)
def test_interactions_of_the_specification(shared_data: Path, name: str, expected: dict[str, Any]) -> None:
    """Reactions, joins and invitations are interactions of their own."""
    assert rows(MATRIX, shared_data / "adapters/matrix" / f"{name}.json", "interactions") == [
        {
            "position": 1,
            "interaction_id": "$143273582443PhrSn:example.org",
            "at": SPEC_TIME,
            "channel_id": "!jEsUZKDJdhlrceRyVU:example.org",
            **expected,
        }
    ]


def test_a_redaction_is_a_deletion(shared_data: Path) -> None:
    """Of the event that it names."""
    assert rows(MATRIX, shared_data / "adapters/matrix/m.room.redaction.json", "deletions") == [
        {
            "position": 1,
            "message_id": "$fukweghifu23:localhost",
            "channel_id": "!jEsUZKDJdhlrceRyVU:example.org",
            "deleted_at": SPEC_TIME,
        }
    ]
    newer = event(2, "m.room.redaction", {"redacts": "$e1"})
    assert only(newer, "deletions")["message_id"] == "$e1"


def test_every_example_of_the_specification_is_read(shared_data: Path) -> None:
    """None is rejected, and all are recognised."""
    for path in sorted((shared_data / "adapters/matrix").glob("*.json")):
        (batch,) = batches(MATRIX, path)
        assert (batch.records, batch.rejected.num_rows) == (1, 0), path.name
        assert MATRIX.recognise(MemoryInput(path.name, path.read_bytes())) > 0.9, path.name


def test_an_edit_is_the_message_that_it_replaces() -> None:
    """With the new words, and the time of the edit."""
    edit = text(
        2, "* peas", **{"m.new_content": {"body": "peas"}, "m.relates_to": {"rel_type": "m.replace", "event_id": "$e1"}}
    )
    row = only(edit)
    assert (row["message_id"], row["text"], row["kind"]) == ("$e1", "peas", "post")
    assert row["edited_at"] == row["sent_at"]


def test_an_edit_that_a_server_bundles_counts() -> None:
    """The message then has its latest words, and its own time."""
    bundled = text(2, "* peas", **{"m.new_content": {"msgtype": "m.text", "body": "peas"}})
    row = only({**text(), "unsigned": {"m.relations": {"m.replace": bundled}}})
    assert (row["text"], row["message_id"]) == ("peas", "$e1")
    assert row["edited_at"] > row["sent_at"]


def test_a_redacted_message_is_known_to_be_deleted() -> None:
    """Its content is gone; when it was deleted is told beside it."""
    redacted = {**text(), "content": {}, "unsigned": {"redacted_because": event(9, "m.room.redaction", {})}}
    row = only(redacted)
    assert row["deleted_at"] == row["edited_at"] == datetime(2024, 4, 12, 5, 33, 20, 9_000, tzinfo=UTC)
    assert "text" not in row


def test_a_reply_loses_the_quotation_at_its_head() -> None:
    """The quotation names whom it answers."""
    body = f"> <{TOM}> Who has beans?\n> Or peas?\n\nI have\n\nand more"
    row = only(text(2, body, **{"m.relates_to": {"m.in_reply_to": {"event_id": "$e1"}}}))
    assert (row["kind"], row["reply_to"], row["text"]) == ("reply", "$e1", "I have\n\nand more")
    assert row["reply_to_account"] == identity(TOM)
    assert only(text(2, "> wise words"))["text"] == "> wise words"


@pytest.mark.parametrize(
    ("relation", "reply_to"),
    [
        ({"m.in_reply_to": {"event_id": "$e3"}, "is_falling_back": True}, "$e1"),
        ({"m.in_reply_to": {"event_id": "$e3"}, "is_falling_back": False}, "$e3"),
        ({"m.in_reply_to": {"event_id": "$e3"}}, "$e3"),
        ({}, "$e1"),
    ],
)
def test_a_message_in_a_thread_answers_its_root_or_what_it_says(relation: dict[str, Any], reply_to: str) -> None:
    """A reply that is only there for clients without threads is none."""
    row = only(text(4, **{"m.relates_to": {"rel_type": "m.thread", "event_id": "$e1", **relation}}))
    assert (row["kind"], row["thread_of"], row["reply_to"]) == ("reply", "$e1", reply_to)


def test_people_in_a_text_become_mentions() -> None:
    """By their ids, by links to them, or as the event says; no name of those stays in the text."""
    html = (
        '<mx-reply><a href="https://matrix.to/#/@quoted:club.example">x</a></mx-reply>'
        '<a href="https://matrix.to/#/%40tom%3Aclub.example">Old Tom</a> and '
        '<a class="pill" href=\'matrix:u/ida:club.example\'>Ida</a>: <a href="https://club.example/a?b=1&amp;c=2">map</a>'
    )
    told = {"format": "org.matrix.custom.html", "formatted_body": html, "m.mentions": {"user_ids": [BEA, 7]}}
    row = only(text(1, "Old Tom and Ida: map, says @finn:club.example.", **told))
    assert row["text"] == "@[account] and @[account]: map, says @[account]."
    assert [who["id"] for who in row["mentions"]] == [BEA, TOM, "@ida:club.example", "@finn:club.example"]
    assert row["links"] == ["https://club.example/a?b=1&c=2"]


def test_a_caption_is_text_and_a_file_name_is_not() -> None:
    """A file name beside the body tells them apart."""
    told = {"msgtype": "m.image", "body": "Our beans", "filename": "ida.jpg", "info": {"mimetype": "image/jpeg"}}
    assert only(event(1, "m.room.message", told))["text"] == "Our beans"
    assert "text" not in only(event(1, "m.room.message", {**told, "filename": "Our beans"}))


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (member(1, TOM, "leave", sender=TOM), {"kind": "leave", "source_account": identity(TOM)}),
        (member(1, TOM, "leave"), {"kind": "leave", "source_account": identity(TOM), "target_account": identity(BEA)}),
        (member(1, TOM, "ban"), {"kind": "block", "source_account": identity(BEA), "target_account": identity(TOM)}),
        (
            member(1, TOM, "invite"),
            {"kind": "invite", "source_account": identity(BEA), "target_account": identity(TOM)},
        ),
        (member(1, TOM, "knock", sender=TOM), None),
        (member(1, TOM, "leave", unsigned={"prev_content": {"membership": "ban"}}), None),
        (member(1, TOM, "join", sender=TOM, unsigned={"prev_content": {"membership": "join"}}), None),
    ],
)
def test_memberships_become_interactions(told: dict[str, Any], expected: dict[str, Any] | None) -> None:
    """Who goes is the source, who sends away the target; a new display name is no joining."""
    found = rows(MATRIX, export(told), "interactions")
    common = {"position", "interaction_id", "at", "channel_id"}
    assert [{key: value for key, value in row.items() if key not in common} for row in found] == (
        [] if expected is None else [expected]
    )


def members(*who: str) -> list[dict[str, Any]]:
    return [member(10 + number, f"@{name}:club.example", "join") for number, name in enumerate(who)]


@pytest.mark.parametrize(
    ("events", "kind", "visibility"),
    [
        ([], "room", None),
        ([state(9, "m.room.join_rules", {"join_rule": "public"})], "room", "public"),
        ([state(9, "m.room.join_rules", {"join_rule": "invite"})], "room", "closed"),
        ([state(9, "m.room.join_rules", {"join_rule": "knock_restricted"})], "room", "closed"),
        (
            [
                state(9, "m.room.join_rules", {"join_rule": "invite"}),
                state(8, "m.room.join_rules", {"join_rule": "public"}),
            ],
            "room",
            "closed",
        ),
        ([event(9, "m.room.member", {"membership": "invite", "is_direct": True}, state_key=TOM)], "direct", "direct"),
        (
            [
                state(0, "m.room.create", {}),
                state(9, "m.room.join_rules", {"join_rule": "public"}),
                *members("bea", "tom", "ida", "finn", "emma"),
            ],
            "direct",
            "direct",
        ),
        (
            [
                state(0, "m.room.create", {}),
                state(9, "m.room.join_rules", {"join_rule": "public"}),
                *members("bea", "tom", "ida", "finn", "emma", "carla"),
            ],
            "room",
            "public",
        ),
        (
            [
                state(0, "m.room.create", {}),
                state(8, "m.room.history_visibility", {"history_visibility": "world_readable"}),
                state(9, "m.room.join_rules", {"join_rule": "public"}),
                *members("bea", "tom"),
            ],
            "room",
            "public",
        ),
    ],
)
def test_state_told_after_the_messages_counts(events: list[Any], kind: str, visibility: str | None) -> None:
    """The latest rule of joining decides, unless the room is direct or its whole history shows five people or fewer."""
    told = export(text(1), *events)
    (channel,) = rows(MATRIX, told, "channels")
    assert (channel["kind"], channel.get("visibility")) == (kind, visibility)
    assert rows(MATRIX, told)[0].get("visibility") == visibility


def test_what_states_tell_of_a_room_is_kept() -> None:
    """Its beginning and its end; a room of version 12 has an id without a server."""
    told = [
        {**one, "room_id": "!v12hash"}
        for one in (
            state(0, "m.room.create", {"room_version": "12"}),
            state(1, "m.room.name", {"name": "Club"}),
            state(2, "m.room.canonical_alias", {"alias": "#club:club.example"}),
            state(3, "m.room.tombstone", {"replacement_room": "!next"}),
        )
    ]
    assert rows(MATRIX, told, "channels") == [
        {
            "channel_id": "!v12hash",
            "kind": "room",
            "handle": "#club:club.example",
            "address": "matrix:r/club:club.example",
            "title": "Club",
            "created_at": datetime(2024, 4, 12, 5, 33, 20, tzinfo=UTC),
            "ended_at": datetime(2024, 4, 12, 5, 33, 20, 3_000, tzinfo=UTC),
            "end_reason": "replaced",
        }
    ]


def test_a_sync_lists_events_under_their_rooms() -> None:
    """Its events do not name the room; invitations show state without times, which is rejected with a reason."""
    bare = {key: value for key, value in text(5).items() if key != "room_id"}
    joined = {
        "summary": {"m.joined_member_count": 3, "m.invited_member_count": 1},
        "state": {"events": [state(1, "m.room.join_rules", {"join_rule": "invite"})]},
        "timeline": {"events": [bare], "limited": True, "prev_batch": "p"},
        "ephemeral": {"events": [{"type": "m.typing", "content": {}}]},
        "account_data": {"events": [{"type": "m.fully_read", "content": {}}]},
    }
    preview = {"invite_state": {"events": [{"type": "m.room.name", "sender": BEA, "state_key": "", "content": {}}]}}
    content = {"next_batch": "n", "rooms": {"join": {ROOM: joined}, "invite": {"!other": preview}}}
    assert [row["channel_id"] for row in rows(MATRIX, content)] == [ROOM, ROOM]
    assert rows(MATRIX, content, "channels") == [
        {
            "channel_id": ROOM,
            "kind": "room",
            "visibility": "closed",
            "members": 4,
            "address": "matrix:roomid/club:club.example",
        }
    ]
    assert [row["field"] for row in rows(MATRIX, content, "rejected")] == ["origin_server_ts"]


@pytest.mark.parametrize(
    "content",
    [
        {"chunk": [text(1), text(2)], "start": "a", "end": "b"},
        {"events": [text(1), text(2)]},
        [text(1), text(2)],
        {"event": text(1), "events_after": [text(2)], "events_before": [], "state": []},
        b"\n".join(json.dumps(told).encode() for told in (text(1), text(2))),
        json.dumps(text(1), indent=2).encode() + json.dumps(text(2), indent=2).encode(),
    ],
    ids=["messages", "events", "list", "context", "lines", "documents"],
)
def test_events_may_be_laid_out_in_several_ways(content: Any) -> None:
    """The answers of a server, lists, lines, or documents after one another."""
    assert [row["message_id"] for row in rows(MATRIX, content)] == ["$e1", "$e2"]
    content = content if isinstance(content, bytes) else json.dumps(content).encode()
    assert MATRIX.recognise(MemoryInput("x.json", content)) > 0.9


@pytest.mark.parametrize(
    ("told", "field"),
    [
        (7, "record"),
        ({**text(), "type": None}, "type"),
        ({**text(), "sender": 7}, "sender"),
        ({**text(), "origin_server_ts": "soon"}, "origin_server_ts"),
        ({**text(), "origin_server_ts": 10**30}, "origin_server_ts"),
        ({**text(), "event_id": []}, "event_id"),
        ({**text(), "room_id": None}, "room_id"),
        (event(1, "m.room.redaction", {}), "redacts"),
        (event(1, "m.room.member", {"membership": "join"}), "state_key"),
    ],
)
def test_a_record_that_lacks_what_it_must_have_is_rejected(told: Any, field: str) -> None:
    """The reason names the field; the records around it are kept."""
    content = export(text(1), told, text(3))
    assert [row["field"] for row in rows(MATRIX, content, "rejected")] == [field]
    assert [row["position"] for row in rows(MATRIX, content)] == [1, 3]


def test_wrong_types_in_optional_fields_cost_only_the_field() -> None:
    """The message stays."""
    wrong = ("body", "msgtype", "formatted_body", "m.mentions", "m.relates_to", "m.new_content", "info", "filename")
    for value in (7.5, True, {"a": 1}, {"user_ids": 7}, [[7]], [None], "", "\ud800", float("nan"), 10**400):
        content = dict.fromkeys(wrong, value)
        assert only(event(1, "m.room.message", content))["message_id"] == "$e1"
        assert only(event(1, "m.poll.start", {"m.poll": value}))["message_id"] == "$e1"
        assert only({**text(), "unsigned": value, "prev_content": value})["text"] == "beans"
        assert only({**text(), "content": value})["message_id"] == "$e1"


REPORT = {
    "id": 7,
    "received_ts": AT,
    "room_id": ROOM,
    "event_id": "$e1",
    "user_id": TOM,
    "sender": BEA,
    "reason": "rude",
}


def test_reports_become_interactions_without_their_words() -> None:
    """Who reported which message of whom, and when; the room's visibility is told only where it is known."""
    told = {"event_reports": [REPORT], "total": 1, "next_token": 1}
    assert rows(MATRIX, told, "interactions") == [
        {
            "position": 1,
            "interaction_id": "report:7",
            "at": datetime(2024, 4, 12, 5, 33, 20, tzinfo=UTC),
            "kind": "report",
            "source_account": identity(TOM),
            "target_account": identity(BEA),
            "channel_id": ROOM,
            "message_id": "$e1",
        }
    ]
    assert rows(MATRIX, told, "channels") == []
    assert MATRIX.recognise(MemoryInput("reports.json", json.dumps(told).encode())) == 0.9


@pytest.mark.parametrize("field", ["user_id", "event_id", "received_ts", "room_id"])
def test_a_report_that_lacks_what_it_must_have_is_rejected(field: str) -> None:
    """The reason names the field."""
    assert [row["field"] for row in rows(MATRIX, [REPORT | {field: None}], "rejected")] == [field]


def test_events_that_are_not_known_are_service_records() -> None:
    """Nothing is dropped."""
    assert only(event(1, "org.example.weather", {"body": "rain"})) == {
        "position": 1,
        "message_id": "$e1",
        "channel_id": ROOM,
        "account": identity(BEA),
        "sent_at": datetime(2024, 4, 12, 5, 33, 20, 1_000, tzinfo=UTC),
        "kind": "service",
    }


def test_batches_resume_where_they_were_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where state after the cut decides about the room."""
    monkeypatch.setattr(raw_rows, "BATCH_RECORDS", 3)
    told = export(*map(text, range(1, 8)), state(9, "m.room.join_rules", {"join_rule": "public"}))
    file = MemoryInput("export.json", json.dumps(told).encode())
    whole = list(MATRIX.read(file, ReadOptions()))
    assert [batch.records for batch in whole] == [3, 3, 2]
    assert all(batch.channels["visibility"].to_pylist() == ["public"] for batch in whole)
    for number, batch in enumerate(whole, 1):
        assert list(MATRIX.read(file, ReadOptions(), batch.checkpoint)) == whole[number:]


def test_other_peoples_json_is_not_recognised(shared_data: Path) -> None:
    """No fixture of another platform is taken for Matrix."""
    for path in sorted((shared_data / "adapters").rglob("*.json*")):
        if path.parent.name != "matrix":
            assert MATRIX.recognise(MemoryInput(path.name, path.read_bytes())) == 0.0, path.name


def test_a_file_in_a_gallery_has_the_kind_of_its_mime_type() -> None:
    """What a gallery calls a file is told by its MIME type."""
    items = [{"itemtype": "m.file", "info": {"mimetype": "audio/ogg", "size": 9}}, {"itemtype": "m.image"}]
    row = only(event(1, "m.room.message", {"msgtype": "m.gallery", "body": "beans", "itemtypes": items}))
    assert row["media"] == [{"kind": "audio", "bytes": 9}, {"kind": "image"}]
