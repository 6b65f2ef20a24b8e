"""Matrix while it happens, on a real Synapse."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import pytest

import seawall
from seawall.checks.live import check_live_source
from seawall.checks.sources import check_batches
from seawall.errors import AccessError, ConfigurationError, ConnectError
from seawall.protocols import LIVE_RECORDS, Connection, RawBatch, ReadOptions
from seawall.sources.live import matrix_listening
from seawall.sources.live.matrix import MatrixLive
from seawall.sources.matrix import Matrix
from seawall.sources.memory import MemoryInput
from tests.servers.club_day import ClubDay, Truth
from tests.servers.synapse import Member, Synapse, running_synapse
from tests.sources.live.raw_server import answering, serving

SOURCE = MatrixLive(newest=4, wait_ms=400)  # so few that a busy minute leaves gaps
DEADLINE = 45.0
Row = dict[str, Any]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Synapse]:
    with running_synapse(tmp_path_factory.mktemp("synapse")) as running:
        yield running


@pytest.fixture
def running(server: Synapse) -> Synapse:
    """The server, started again if a test left it stopped."""
    server.start()
    return server


def connection(reader: Member, basis: str | None = None, **settings: str) -> Connection:
    return Connection("club", "matrix", reader.url, settings=settings, secrets={"token": reader.token}, basis=basis)


@dataclass
class Heard:
    """What all batches tell together."""

    batches: list[RawBatch] = field(default_factory=list)
    revisions: dict[str, Row] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)
    acts: dict[str, Row] = field(default_factory=dict)
    coverage: list[Row] = field(default_factory=list)
    channels: dict[str, Row] = field(default_factory=dict)
    visibility: dict[str, str] = field(default_factory=dict)

    def take(self, batch: RawBatch) -> None:
        check_batches([batch], "matrix live")
        assert batch.records <= LIVE_RECORDS
        assert batch.rejected.num_rows == 0
        self.batches.append(batch)
        for row in batch.messages.to_pylist():
            known = self.revisions.get(row["message_id"])
            self.visibility.setdefault(row["message_id"], row["visibility"])
            if known is None or (row["edited_at"] is not None and _edited(row) >= _edited(known)):
                self.revisions[row["message_id"]] = row
            if row["deleted_at"] is not None:
                self.deleted.add(row["message_id"])
        self.deleted |= set(batch.deletions["message_id"].to_pylist())
        self.acts |= {row["interaction_id"]: row for row in batch.interactions.to_pylist()}
        self.coverage += batch.coverage.to_pylist()
        self.channels |= {row["channel_id"]: row for row in batch.channels.to_pylist()}

    @property
    def texts(self) -> dict[str, str | None]:
        posts = {name: row["text"] for name, row in self.revisions.items() if row["kind"] != "service"}
        return {name: text for name, text in posts.items() if name not in self.deleted}

    @property
    def checkpoint(self) -> str:
        return str(self.batches[-1].checkpoint)

    def disagreement(self, truth: Truth) -> Any:
        """What of the truth is missing or too much; nothing where they agree."""
        events = (self.revisions.keys() | self.acts.keys()) - self.deleted
        reports = {name for name in events if name.startswith("report:")}
        differing = {name for name in truth.texts.keys() | self.texts.keys() if not self._same(name, truth)}
        wrong = (differing, truth.deleted ^ self.deleted, truth.events ^ (events - reports), truth.reports ^ reports)
        return wrong if any(wrong) else None

    def _same(self, name: str, truth: Truth) -> bool:
        nothing = object()
        return truth.texts.get(name, nothing) == self.texts.get(name, nothing)

    def lost(self, room: str) -> list[Row]:
        return [row for row in self.coverage if row["channel_id"] == room]


def _edited(row: Row) -> float:
    return row["edited_at"].timestamp() if row["edited_at"] is not None else 0.0


@asynccontextmanager
async def following(
    told: Connection, heard: Heard, checkpoint: str | None = None
) -> AsyncGenerator[asyncio.Task[None], None]:
    """Listen meanwhile, again from the latest checkpoint whenever the connection is lost."""

    async def follow() -> None:
        last = checkpoint
        while True:
            try:
                async for batch in SOURCE.listen(told, last):
                    heard.take(batch)
                    last = batch.checkpoint
            except AccessError:
                raise
            except ConnectError:
                await asyncio.sleep(0.05)

    task = asyncio.create_task(follow())
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError, AccessError):
            await task


async def until(condition: Callable[[], Any], task: asyncio.Task[None] | None = None) -> None:
    """Wait for a condition, not for a time."""
    deadline = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        if task is not None and task.done():
            task.result()
        await asyncio.sleep(0.02)


def hear(told: Connection, checkpoint: str | None = None, heard: Heard | None = None) -> Heard:
    """Everything from a checkpoint to the present."""
    heard = heard or Heard()

    async def play() -> None:
        before = len(heard.coverage)
        async with following(told, heard, checkpoint) as task:
            await until(lambda: any(row["complete"] for row in heard.coverage[before:]), task)

    asyncio.run(play())
    return heard


def hear_of_loss(told: Connection, heard: Heard, room: str) -> None:
    """Listen again until a room is told as lost: times are by the server's clock, in whole seconds and cautious."""
    deadline = time.monotonic() + DEADLINE
    while not heard.lost(room):
        assert time.monotonic() < deadline, "nothing was told of it"
        hear(told, heard.checkpoint, heard)
        time.sleep(0.1)


def club(server: Synapse, size: int = 6, **room: Any) -> tuple[Member, list[Member], str]:
    """Somebody who only reads, riders, and their room: more than a direct conversation."""
    reader = server.member()
    riders = [server.member() for _ in range(size - 1)]
    place = riders[0].create_room(**room)
    for member in [*riders[1:], reader]:
        member.join(place)
    return reader, riders, place


async def play_day(server: Synapse, seed: int, parts: int, acts: int) -> None:
    """Parts of a day, watched or not; the server goes down now and then; listening goes on from a recent checkpoint."""
    random = Random(seed)
    admin = server.member(admin=True)
    told = connection(admin)
    heard = Heard()
    async with following(told, heard) as task:
        await until(lambda: heard.batches, task)
        day = await asyncio.to_thread(ClubDay, server, random, admin, admin)
    fates = [random.choice(["restart", "kill", "upgrade", "none"]) for _ in range(parts)]
    fates[: min(parts, 3)] = random.sample(["restart", "kill", "upgrade"], min(parts, 3))
    for fate in fates:
        checkpoint = str(random.choice(heard.batches[-3:]).checkpoint)
        async with following(told, heard, checkpoint):
            await asyncio.to_thread(day.act, acts)
            if fate in ("restart", "kill"):
                await asyncio.to_thread(lambda: server.restart(by_force=fate == "kill"))  # noqa: B023
            elif fate == "upgrade":
                await asyncio.to_thread(day.upgrade)
            await asyncio.sleep(random.random() / 2)
        day.act(acts)
    truth = day.truth()
    async with following(told, heard, str(random.choice(heard.batches[-3:]).checkpoint)) as task:
        with suppress(AssertionError):
            await until(lambda: heard.disagreement(truth) is None, task)
    assert heard.disagreement(truth) is None
    assert len(truth.texts) > parts
    assert not [row for row in heard.coverage if not row["complete"]]


def test_a_day_at_the_club_is_told_whole(running: Synapse) -> None:
    """Whatever happens while it is watched, not watched, or the server goes down, comes, and reads as on the server."""
    asyncio.run(play_day(running, seed=4, parts=3, acts=10))


@pytest.mark.verify
@pytest.mark.parametrize("seed", range(5))
def test_long_days_at_the_club_are_told_whole(running: Synapse, seed: int) -> None:
    """Whatever happens while it is watched, not watched, or the server goes down, comes, and reads as on the server."""
    asyncio.run(play_day(running, seed, parts=12, acts=40))


def test_it_keeps_the_contract_of_live_sources(running: Synapse) -> None:
    """``seawall.checks.live`` holds on a server that holds gaps, edits and deletions."""
    reader, riders, room = club(running)
    posts = [riders[number % 3].send(room, f"ride {number}") for number in range(12)]
    riders[0].edit(room, posts[0], "ride zero")
    riders[1].redact(room, posts[1])
    check_live_source(SOURCE, connection(reader, since="2020-01-01"), seconds=DEADLINE)


def test_the_same_events_come_to_the_lake_once(running: Synapse, tmp_path: Path) -> None:
    """What is delivered again, from an older checkpoint, by a later hour, or from an export, adds nothing."""
    reader, riders, room = club(running)
    told = connection(reader, since="2020-01-01")
    first = hear(told)
    posts = [riders[number % 3].send(room, f"ride {number}") for number in range(8)]
    riders[0].edit(room, posts[0], "ride zero")
    riders[2].react(room, posts[1])
    riders[1].reply(room, posts[2], "I am in")
    riders[3].leave(room)
    later = hear(told, first.checkpoint)
    again = hear(told)
    with seawall.create(tmp_path / "club") as workspace, workspace.ingest() as ingest:

        def kept(batches: list[RawBatch]) -> tuple[int, int]:
            for batch in batches:
                ingest.accept(told, SOURCE, [batch])
            receipts = ingest.flush()
            return sum(receipt.kept for receipt in receipts), sum(receipt.rejected for receipt in receipts)

        assert kept(first.batches)[0] > 0
        assert kept(later.batches) == (12, 0)
        assert kept(again.batches + later.batches + first.batches) == (0, 0)
        texts = workspace.messages(["text", "edited_at"]).to_pylist()
    assert sum(row["text"] == "ride zero" and row["edited_at"] is not None for row in texts) == 1


def test_an_export_and_the_watch_tell_the_same(running: Synapse) -> None:
    """Each event gives the same row, whether it was exported or watched."""
    reader, riders, room = club(running)
    posts = [riders[number % 3].send(room, f"ride {number} https://club.example/map") for number in range(5)]
    riders[1].reply(room, posts[2], "I am in")
    riders[2].react(room, posts[1])
    riders[1].redact(room, posts[1])
    riders[0].upgrade(room, "11")
    watched = hear(connection(reader, since="2020-01-01"))
    lines = b"\n".join(json.dumps(event).encode() for event in riders[0].history(room))
    exported = Heard()
    for batch in Matrix().read(MemoryInput("export.ndjson", lines), ReadOptions()):
        exported.take(batch)
    for rows in (exported.revisions, watched.revisions, exported.acts, watched.acts):
        for row in rows.values():
            del row["position"], row["visibility"]
    assert exported.revisions == watched.revisions
    assert exported.acts == watched.acts
    assert exported.deleted == watched.deleted


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


@pytest.mark.parametrize("role", ["nobody", "member", "admin"])
def test_rights_are_told_in_sentences(running: Synapse, role: str) -> None:
    """``check`` says whose the token is, what it reads, how to invite it, and what it should not be able to do."""
    reader, riders, room = club(running, name="Sunday rides")
    who = running.member(admin=role == "admin")
    if role != "nobody":
        who.join(room)
    rights = asyncio.run(SOURCE.check(connection(who)))
    assert rights.identity == who.user_id
    can, missing, excess = (" ".join(told) for told in (rights.can, rights.missing, rights.excess))
    assert ("Sunday rides" in can) == (role != "nobody")
    assert (f"/invite {who.user_id}" in missing) == (role == "nobody")
    assert ("what members reported" in can) == (role == "admin") == ("an administrator's" in excess)
    assert ("may write in 1 room" in excess) == (role != "nobody")
    assert ("may moderate" in " ".join(asyncio.run(SOURCE.check(connection(riders[0]))).excess)) is True
    riders[0].set_state(room, "m.room.power_levels", _levels(riders[0], room) | {"events_default": 1})
    assert "may write" not in " ".join(asyncio.run(SOURCE.check(connection(reader))).excess)


def _levels(member: Member, room: str) -> Row:
    return dict(member.client("GET", f"/rooms/{room}/state/m.room.power_levels"))


def test_a_token_that_is_revoked_ends_listening(running: Synapse) -> None:
    """The refusal comes as an AccessError, in the middle as at the beginning, and names no token."""
    reader, _, _ = club(running)
    told = connection(reader)

    async def play() -> None:
        heard = Heard()
        async with following(told, heard) as task:
            await until(lambda: heard.batches, task)
            await asyncio.to_thread(reader.log_out)
            await until(task.done)
            assert reader.token not in str(task.exception())
            raise task.exception() or AssertionError

    with pytest.raises(AccessError):
        asyncio.run(play())
    with pytest.raises(AccessError):
        asyncio.run(SOURCE.check(told))


def test_a_room_that_is_closed_to_the_account_does_not_harm_the_others(running: Synapse) -> None:
    """It is named as missing, nothing of it comes, and no room's id stands in a checkpoint."""
    reader, riders, room = club(running)
    forbidden = riders[0].create_room(public=False)
    riders[0].send(forbidden, "for the committee")
    told = connection(reader, rooms=f"{forbidden}, {room}, #nowhere:club.example", since="2020-01-01")
    rights = asyncio.run(SOURCE.check(told))
    assert any("not in 1 room to watch" in sentence for sentence in rights.missing)
    assert any("1 address" in sentence for sentence in rights.missing)
    post = riders[0].send(room, "Sunday at nine")
    heard = hear(told)
    assert post in heard.revisions
    assert set(heard.channels) == {room}
    checkpoints = " ".join(str(batch.checkpoint) for batch in heard.batches)
    assert not [name for name in (room, post, riders[0].user_id, reader.token) if name in checkpoints]


@pytest.mark.parametrize("settings", [{"since": "soon"}, {"since": "2999-01-01"}, {"rooms": "rides"}])
def test_settings_that_cannot_work_are_named(settings: dict[str, str]) -> None:
    """Before anything is asked of a server."""
    told = Connection("club", "matrix", "http://127.0.0.1:1", settings=settings, secrets={"token": "beans"})
    with pytest.raises(ConfigurationError, match=next(iter(settings))):
        asyncio.run(SOURCE.check(told))


def test_what_is_no_homeserver_is_named() -> None:
    """A web page, another service, and a closed port, each with what to do."""

    async def check(body: bytes) -> None:
        async with serving(answering(body)) as url:
            await SOURCE.check(Connection("club", "matrix", url, secrets={"token": "beans"}))

    for body in (b"<html>", b"[]", b'{"versions": 7}'):
        with pytest.raises(ConnectError, match="does not look like a Matrix"):
            asyncio.run(check(body))
    with pytest.raises(ConnectError, match="Nothing listens"):
        asyncio.run(SOURCE.check(Connection("club", "matrix", "http://127.0.0.1:1", secrets={"token": "beans"})))


Answers = dict[str, Any]
_START: Answers = {
    "whoami": {"user_id": "@reader:club.example"},
    "event_reports": {"errcode": "M_FORBIDDEN"},
    "state": [{"type": "m.room.create", "state_key": "", "sender": "@bea:club.example", "content": []}, 7],
    "timestamp_to_event": {"event_id": "$first"},
    "context": {"start": "t0", "state": "none"},
    "messages": {"chunk": [], "end": None},
}


@asynccontextmanager
async def lying(answers: Answers, syncs: list[Any]) -> AsyncGenerator[Connection, None]:
    """A server that answers /sync with one thing after the other, and everything else as it is told."""
    left = iter(syncs)

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        names = head.split(" ")[1].partition("?")[0].split("/")
        key = next((name for name in reversed(names) if name in answers), "sync")
        told = next(left, syncs[-1]) if key == "sync" else answers[key]
        told = told() if callable(told) else told
        body = json.dumps(told).encode()
        status = "403 Forbidden" if isinstance(told, dict) and "errcode" in told else "200 OK"
        writer.write(f"HTTP/1.1 {status}\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n".encode() + body)
        with suppress(ConnectionError):
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    try:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield Connection("club", "matrix", url, secrets={"token": "beans"})
    finally:
        server.close()


def heard_of(answers: Answers, *syncs: Any) -> list[RawBatch]:
    """The batches up to the first word of coverage."""

    async def play() -> list[RawBatch]:
        batches: list[RawBatch] = []
        async with asyncio.timeout(DEADLINE), lying(_START | answers, list(syncs)) as told:
            async for batch in SOURCE.listen(told, None):
                batches.append(batch)
                if batch.coverage.num_rows:
                    break
        return batches

    return asyncio.run(play())


def sync_of(number: int, events: Any, **told: Any) -> Row:
    timeline = {"events": events, "limited": False, "prev_batch": "p"}
    room = {"timeline": timeline, "state": {"events": _START["state"]}, **told}
    return {"next_batch": f"s{number}", "rooms": {"join": {"!rides:club.example": room}}}


STRANGE = (
    *(7, None, [], {}, "ride", {"type": 7}, {"type": "m.room.message"}, {"type": [], "sender": {}, "state_key": "x"}),
    {"type": "m.room.member", "sender": "@a:b", "origin_server_ts": "soon", "state_key": "@a:b", "content": 7},
    {"type": "m.room.redaction", "sender": "@a:b", "origin_server_ts": 1_712_900_000_000, "redacts": []},
    {
        "type": "m.room.message",
        "sender": "@a:b",
        "content": {"m.relates_to": {"rel_type": "m.replace", "event_id": []}},
    },
)


def test_events_of_the_wrong_form_are_rejected_one_by_one() -> None:
    """A server that lies about types costs its lies, and not the events between them."""
    good = {"type": "m.room.message", "event_id": "$good", "sender": "@bea:club.example", "content": {"body": "rides"}}
    events = [one for strange in STRANGE for one in (strange, good | {"origin_server_ts": 1_712_900_000_000})]
    batches = heard_of({}, sync_of(1, []), sync_of(2, events))
    assert sum(batch.records for batch in batches) == len(events)
    assert sum(batch.rejected.num_rows for batch in batches) == len(STRANGE)
    texts = [row["text"] for batch in batches for row in batch.messages.to_pylist()]
    assert texts == ["rides"] * len(STRANGE)


@pytest.mark.parametrize("token", [None, 7, "", "s" * 100_000, ["s"]])
def test_an_answer_without_a_place_to_go_on_is_refused(token: Any) -> None:
    """It is named, and nothing is taken from it."""
    with pytest.raises(ConnectError, match="next_batch"):
        heard_of({}, sync_of(1, []) | {"next_batch": token})


def test_pages_that_never_end_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A history of empty pages ends in an error that is worth another try."""
    monkeypatch.setattr(matrix_listening, "_EMPTY_PAGES", 30)
    ends = iter(range(10**9))
    limited = sync_of(2, [])
    limited["rooms"]["join"]["!rides:club.example"]["timeline"]["limited"] = True
    with pytest.raises(ConnectError, match="page after page"):
        heard_of({"messages": lambda: {"chunk": [], "end": f"t{next(ends)}"}}, sync_of(1, []), limited)


def test_a_server_that_does_not_wait_is_not_asked_all_the_time() -> None:
    """Answers without events that come at once are followed by a pause."""
    asked = iter(range(10**9))

    async def play() -> int:
        async with lying(_START, [lambda: {"next_batch": f"s{next(asked)}"}]) as told:
            with suppress(TimeoutError):
                async with asyncio.timeout(2.5):
                    async for _ in SOURCE.listen(told, None):
                        pass
        return next(asked)

    assert asyncio.run(play()) < 10
