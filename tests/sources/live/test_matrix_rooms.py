"""Matrix while it happens, on a real Synapse: who could read a room, what was hidden, and what edits and reports do."""

from __future__ import annotations

import time
from pathlib import Path

import seawall
from tests.servers.synapse import Synapse
from tests.sources.live.matrix_listener import SOURCE, club, connection, hear, hear_of_loss


def test_who_could_read_a_message_is_told_by_the_room_at_that_time(running: Synapse, tmp_path: Path) -> None:
    """Up to five people are a direct conversation, later words in the same room are not; hidden rooms are closed."""
    reader, riders, room = club(running, size=5, public=True)
    few = riders[0].send(room, "nobody else reads this")
    hidden = riders[0].create_room(public=False)
    for member in [*riders[1:], reader, running.member(), running.member()]:
        riders[0].invite(hidden, member.user_id)
    reader.join(hidden)
    closed = riders[0].send(hidden, "for the committee")
    begun = hear(connection(reader, since="2020-01-01"))
    running.member().join(room)
    many = riders[0].send(room, "everybody reads this")
    heard = hear(connection(reader), begun.batches[0].checkpoint, begun)
    assert (heard.visibility[few], heard.visibility[many], heard.visibility[closed]) == ("direct", "public", "closed")
    whole = hear(connection(reader, since="2020-01-01"))
    assert whole.visibility == heard.visibility
    with seawall.create(tmp_path / "club") as workspace:
        with workspace.ingest() as ingest:
            for batch in whole.batches:
                ingest.accept(connection(reader), SOURCE, [batch])
            ingest.flush()
        texts = [row["text"] for row in workspace.messages(["text"]).to_pylist()]
    assert [text for text in texts if text is not None] == ["everybody reads this"]


def test_words_of_a_direct_message_are_kept_once_it_is_reported(running: Synapse, tmp_path: Path) -> None:
    """A report names who reported which message of whom; the words of a direct one come with it, the report's never."""
    admin = running.member(admin=True)
    rude, hurt = running.member(), running.member()
    room = rude.create_room(public=True)
    for member in (hurt, admin):
        member.join(room)
    told = connection(admin)
    begun = hear(told)
    rude.send(room, "a private word")
    reported = rude.send(room, "your tomatoes are ugly")
    hurt.report(room, reported)
    heard = hear(told, begun.checkpoint, begun)
    (report,) = [row for row in heard.acts.values() if row["kind"] == "report"]
    assert report["source_account"]["id"] == hurt.user_id
    assert report["target_account"]["id"] == rude.user_id
    assert report["message_id"] == reported
    assert hear(told, heard.checkpoint).acts == {}
    with seawall.create(tmp_path / "club") as workspace:
        with workspace.ingest() as ingest:
            for batch in heard.batches:
                ingest.accept(told, SOURCE, [batch])
            ingest.flush()
        texts = [row["text"] for row in workspace.messages(["text"]).to_pylist()]
    assert [text for text in texts if text is not None] == ["your tomatoes are ugly"]


def test_deleting_an_edit_brings_back_what_stood_there_before(running: Synapse) -> None:
    """Also where the edit was heard of before a restart, and only the checkpoint knows what it replaced."""
    reader, riders, room = club(running)
    post = riders[0].send(room, "we ride at nine")
    first = riders[0].edit(room, post, "we ride at ten")
    second = riders[0].edit(room, post, "we ride at eleven")
    heard = hear(connection(reader, since="2020-01-01"))
    assert heard.texts[post] == "we ride at eleven"
    for edit, shown in ((second, "we ride at ten"), (first, "we ride at nine")):
        riders[0].redact(room, edit)
        hear(connection(reader), heard.checkpoint, heard)
        assert heard.texts[post] == shown
        assert edit in heard.deleted


def test_nobody_edits_what_somebody_else_wrote(running: Synapse) -> None:
    """An edit by another account is a message of its own, as it is for every client."""
    reader, riders, room = club(running)
    post = riders[0].send(room, "we ride at nine")
    begun = hear(connection(reader))
    forged = riders[1].edit(room, post, "we ride at midnight")
    heard = hear(connection(reader), begun.checkpoint, begun)
    assert post not in heard.revisions
    assert heard.texts[forged] == "* we ride at midnight"


def test_what_the_account_could_not_read_is_a_gap(running: Synapse) -> None:
    """Out of the room, and where newcomers read nothing older, the time is told as not covered, until it is back."""
    reader, riders, room = club(running)
    riders[0].set_state(room, "m.room.history_visibility", {"history_visibility": "joined"})
    told = connection(reader)
    heard = hear(told)
    left = time.time()
    reader.leave(room)
    missed = riders[0].send(room, "while nobody looks")
    hear_of_loss(told, heard, room)
    away = heard.lost(room)[0]
    assert not away["complete"]
    assert away["end"].timestamp() > left
    riders[0].invite(room, reader.user_id)
    reader.join(room)
    seen = riders[0].send(room, "look who is back")
    hear(told, heard.checkpoint, heard)
    back = heard.lost(room)[-1]
    assert abs(back["start"].timestamp() - left) < 2.0
    assert not back["complete"]
    assert seen in heard.revisions
    assert missed not in heard.revisions


def test_a_room_that_is_joined_later_is_read_from_the_beginning_of_the_watch(running: Synapse) -> None:
    """Its history, where newcomers may read it, leaves no gap."""
    reader, riders, _ = club(running)
    told = connection(reader)
    heard = hear(told)
    room = riders[0].create_room()
    early = [riders[0].send(room, f"ride {number}") for number in range(6)]
    reader.join(room)
    hear(told, heard.checkpoint, heard)
    assert set(early) <= heard.revisions.keys()
    assert heard.lost(room) == []


def test_history_that_newcomers_may_not_read_is_told_as_a_gap(running: Synapse) -> None:
    """What was written before the account came is not covered; what was written since has come."""
    reader, riders, _ = club(running)
    told = connection(reader, since="2020-01-01")
    heard = hear(told)
    hidden = [{"type": "m.room.history_visibility", "state_key": "", "content": {"history_visibility": "joined"}}]
    room = riders[0].create_room(initial_state=hidden)
    early = riders[0].send(room, "before anybody came")
    reader.join(room)
    late = [riders[0].send(room, f"ride {number}") for number in range(6)]
    hear(told, heard.checkpoint, heard)
    assert early not in heard.revisions
    assert set(late) <= heard.revisions.keys()
    (before,) = heard.lost(room)
    assert not before["complete"]


def test_a_watched_room_goes_on_in_its_successor(running: Synapse) -> None:
    """Only the named rooms are read, and those that replaced them; not being in one of these is told as a gap."""
    reader, riders, room = club(running, version="10")
    _, others, other = club(running)
    others[0].invite(other, reader.user_id)
    reader.join(other)
    told = connection(reader, rooms=room)
    heard = hear(told)
    successor = riders[0].upgrade(room, "12")
    assert ":" not in successor
    others[0].send(other, "elsewhere")
    hear_of_loss(told, heard, room)
    assert not heard.lost(room)[-1]["complete"]
    reader.join(successor)
    here = riders[0].send(successor, "the club goes on here")
    hear(told, heard.checkpoint, heard)
    assert here in heard.revisions
    assert other not in heard.channels
    assert heard.channels[room]["end_reason"] == "replaced"
