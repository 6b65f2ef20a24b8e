"""Rocket.Chat live, against a server that keeps to its contract, used by an independent client at the same time."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from rocketchat_API.rocketchat import RocketChat as Independent
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

import seawall
from seawall.checks import check_live_source
from seawall.checks.sources import check_batches
from seawall.errors import AccessError, ConfigurationError, ConnectError
from seawall.protocols import LIVE_RECORDS, Connection, RawBatch
from seawall.sources.live import live_by_name
from seawall.sources.live.rocketchat_marks import Marks
from tests.servers.rocketchat import Club, Record, iso, served
from tests.sources.live import following as shared

DEADLINE = 25.0
SOURCE = live_by_name("rocketchat")
FAST = {
    "interval": "0.03",
    "requests_per_second": "50",
    "sweep": "0.1",
    "sweep_longest": "0.3",
    "reports_interval": "0.1",
    "timeout": "5",
}


def connection(club: Club, url: str, user: Record, **settings: str) -> Connection:
    """A connection of an account, that looks often."""
    return Connection(
        "club",
        "rocketchat",
        url,
        settings={"user_id": user["_id"], **FAST, **settings},
        secrets={"token": user["token"]},
    )


@dataclass
class Heard:
    """What the batches of a connection tell, all together."""

    texts: dict[str, tuple[str | None, Any]] = field(default_factory=dict)  # the latest words and time of edit
    sent: dict[str, Any] = field(default_factory=dict)
    joins: set[str] = field(default_factory=set)
    deleted: set[str] = field(default_factory=set)
    acts: dict[str, Record] = field(default_factory=dict)
    reported: set[str] = field(default_factory=set)
    channels: dict[str, Record] = field(default_factory=dict)
    coverage: list[Record] = field(default_factory=list)
    rejected: int = 0
    batches: int = 0
    checkpoints: list[str] = field(default_factory=list)
    order: list[str] = field(default_factory=list)

    def take(self, batch: RawBatch) -> None:
        check_batches([batch], "rocketchat live")
        self.order += ["gap"] if False in batch.coverage["complete"].to_pylist() else []
        self.order += ["messages"] if batch.messages.num_rows else []
        assert batch.checkpoint is not None
        assert batch.records <= LIVE_RECORDS
        self.batches += 1
        self.checkpoints.append(batch.checkpoint)
        told = {row["channel_id"] for row in batch.channels.to_pylist()}
        for row in batch.messages.to_pylist():
            assert row["channel_id"] in told, "who can read a message is told with it"
            known = self.texts.get(row["message_id"])
            if known is None or known[1] is None or (row["edited_at"] and row["edited_at"] >= known[1]):
                self.texts[row["message_id"]] = (row["text"], row["edited_at"])
            self.sent[row["message_id"]] = row
            self.joins |= {row["message_id"] for act in row["acts"] or () if act["kind"] == "join"}
            self.reported |= {row["message_id"]} if row["reported"] else set()
        self.deleted |= set(batch.deletions["message_id"].to_pylist())
        self.acts |= {row["interaction_id"]: row for row in batch.interactions.to_pylist()}
        self.channels |= {row["channel_id"]: row for row in batch.channels.to_pylist()}
        self.coverage += batch.coverage.to_pylist()
        self.rejected += batch.rejected.num_rows

    def agrees(self, club: Club, seen_by: Record) -> bool:
        """Whether this is all that the server holds for an account to read, and nothing else."""
        with club.lock:
            held = [one for one in club.messages.values() if self._readable(club, one["rid"], seen_by)]
            gone = {one["_id"] for one in club.trash if self._readable(club, one["rid"], seen_by)}
            reactions = {
                (one["_id"], handle)
                for one in held
                for emoji in one.get("reactions", {}).values()
                for handle in emoji["usernames"]
            }
            told = {mid: text for mid, (text, _) in self.texts.items() if mid not in gone}
            acts = list(self.acts.values())
            reacted = {
                (row["message_id"], row["source_account"]["handle"]) for row in acts if row["kind"] == "reaction"
            }
            return (
                {mid: text for mid, text in told.items() if self.sent[mid]["kind"] != "service"}
                == {one["_id"]: one["msg"] or None for one in held if one.get("t") in (None, "rm")}
                and {mid for mid in told if self.sent[mid]["kind"] == "service"}
                == {one["_id"] for one in held if one.get("t") in ("uj", "ul")}
                and self.joins >= {one["_id"] for one in held if one.get("t") == "uj"}
                and gone <= self.deleted
                and reactions <= reacted
                and {one["_id"] for one in club.reports}
                == {key for key, one in self.acts.items() if one["kind"] == "report"}
            )

    @staticmethod
    def _readable(club: Club, rid: str, user: Record) -> bool:
        return club.rooms[rid]["t"] != "d" and club.can_read(rid, user)


following = partial(shared.following, SOURCE)
until = partial(shared.until, seconds=DEADLINE)


def garden(**more: Any) -> tuple[Club, Record, list[Record]]:
    """A club with an account that only reads, and members."""
    club = Club(**more)
    reader = club.add_user("seawall", "reader")
    return club, reader, [club.add_user(name) for name in ("bea", "old.tom", "aisha_k", "jonas")]


WORDS = ("beans", "leeks", "the water is back", "who has the wheelbarrow", "ride on Sunday", "frost tonight", "plot 9")


class Day:
    """A random day at the club, played by an independent client."""

    def __init__(self, club: Club, members: list[Record], rooms: list[str], seed: int) -> None:
        self._club, self._members, self._rooms = club, members, rooms
        self._draw = random.Random(seed)
        self._mine: list[tuple[str, str]] = []

    def act(self, url: str) -> None:
        """Somebody does something, some time after whatever was done before."""
        draw = self._draw
        self._club.offset_ms += draw.choice((0, 0, 1_000, 40_000, 400_000))
        member = draw.choice(self._members)
        client = Independent(server_url=url, user_id=member["_id"], auth_token=member["token"])
        kind = draw.choices(("post", "edit", "delete", "react", "report", "join", "user"), (9, 3, 2, 4, 2, 1, 1))[0]
        room = draw.choice(self._rooms)
        if kind == "join":
            client.channels_join(self._rooms[0], None)
        elif kind == "user":
            client.moderation_report_user(draw.choice(self._members)["_id"], "words that nobody keeps")
        elif kind == "post" or not self._mine:
            told = client.chat_post_message(f"{draw.choice(WORDS)} {draw.random():.6f}", room_id=room)
            self._mine.append((room, told["message"]["_id"]))
        else:
            place = draw.randrange(len(self._mine))
            room, mid = self._mine[place]
            if kind == "edit":
                client.chat_update(room, mid, f"{draw.choice(WORDS)} {draw.random():.6f}")
            elif kind == "delete":
                client.chat_delete(room, mid)
                del self._mine[place]
            elif kind == "react":
                client.chat_react(mid, draw.choice((":seedling:", ":bike:")))
            else:
                client.chat_report_message(mid, "words that nobody keeps")


@pytest.mark.parametrize(("pages", "seed"), [(True, 1), (False, 2)], ids=["version 7", "version 6"])
def test_a_day_at_the_club_is_told_whole(pages: bool, seed: int) -> None:
    """Posts, edits, deletions, reactions, joins and reports all arrive, while the server and the listener restart.

    Server and listener are stopped at random; the listener resumes from a checkpoint that may be an old one. At the
    end what Seawall was told is what the server holds, and what an independent client reads from it.
    """
    club, reader, members = garden(pages=pages, seed=seed)
    rooms = [club.add_room(name, "c", tuple(members)) for name in ("garden", "rides", "seeds")]
    rooms.append(club.add_room("board", "p", (*members, reader, club.add_user("marta"), club.add_user("pieter"))))
    club.add_room("other-board", "p", tuple(members))
    day, heard, draw = Day(club, members, rooms, seed), Heard(), random.Random(seed)

    async def play() -> None:
        server = served(club)
        port = server.port
        server.__enter__()
        checkpoint = None
        try:
            for hour in range(6):
                told = connection(
                    club, server.url, reader, since=iso(club.now() - 60_000) if checkpoint is None else ""
                )
                async with following(told, heard, checkpoint) as task:
                    for _ in range(draw.randrange(8, 15)):
                        await asyncio.to_thread(day.act, server.url)
                        if draw.random() < 0.5:
                            await until(
                                lambda before=heard.batches: heard.batches > before or heard.agrees(club, reader)
                            )
                    if hour % 3:
                        await until(lambda: heard.agrees(club, reader), task)
                if heard.checkpoints:
                    checkpoint = heard.checkpoints[-draw.choice((1, 1, 1, min(5, len(heard.checkpoints))))]
                if hour % 2:
                    club.offset_ms += 5 * 3_600_000
                    await asyncio.to_thread(server.__exit__, None, None, None)
                    server = served(club, port)
                    server.__enter__()
                for _ in range(draw.randrange(6)):
                    await asyncio.to_thread(day.act, server.url)  # while nobody listens
            async with following(connection(club, server.url, reader), heard, heard.checkpoints[-1]) as task:
                await until(lambda: heard.agrees(club, reader), task)
            client = Independent(server_url=server.url, user_id=reader["_id"], auth_token=reader["token"])
            for room in rooms[:3]:
                page = await asyncio.to_thread(lambda room=room: list(client.channels_history(room)))
                assert {one["_id"] for one in page} == {
                    mid for mid, row in heard.sent.items() if row["channel_id"] == room and mid not in heard.deleted
                }
        finally:
            await asyncio.to_thread(server.__exit__, None, None, None)

    asyncio.run(asyncio.wait_for(play(), 90))
    assert not heard.rejected
    assert "words that nobody keeps" not in json.dumps([str(row) for row in heard.acts.values()])
    assert {heard.channels[rid]["visibility"] for rid in rooms[:3]} == {"public"}
    assert heard.channels[rooms[3]]["visibility"] == "closed"


def test_an_answer_that_breaks_off_loses_nothing() -> None:
    """A connection that is cut in the middle of an answer is a ConnectError; listening again fills the gap."""
    club, reader, members = garden()
    room = club.add_room("garden", "c", tuple(members))
    cut = {"left": 3}

    def fault(endpoint: str, request: Request) -> Response | None:
        if endpoint != "chat.syncMessages" or not cut["left"]:
            return None
        cut["left"] -= 1

        async def pieces() -> AsyncGenerator[bytes, None]:
            yield b'{"success": true, "result": {"updated": ['
            raise RuntimeError("the cable")

        return StreamingResponse(pieces(), media_type="application/json")

    async def play(url: str) -> None:
        heard = Heard()
        async with following(connection(club, url, reader, since="2020-01-01"), heard):
            for number in range(5):
                club.say(room, members[0], f"beans {number}")
            club.fault = fault
            await until(lambda: heard.agrees(club, reader))
        assert not cut["left"]

    with served(club) as server:
        asyncio.run(play(server.url))


@pytest.mark.parametrize("way", ["pages", "all at once", "windows"])
def test_many_messages_of_one_millisecond_are_all_told(way: str) -> None:
    """Back-fill is exact at the borders of pages, in batches of bounded size, by each interface that servers have."""
    club, reader, members = garden(pages=way == "pages", upper_count=100)
    room = club.add_room("garden", "c", tuple(members))
    beginning = club.now() - 30 * 24 * 3_600_000
    for number in range(2_600):
        at = iso(beginning + {0: number * 1_000, 1: 700_000, 2: 800_000 + number // 250}[number // 867])
        mid = club.say(room, members[number % 4], f"beans {number}")
        club.messages[mid] |= {"ts": at, "_updatedAt": at}
    for mid in list(club.messages)[::7]:
        club.delete(mid, members[0])
    if way == "windows":
        club.fault = _too_long_at_once

    async def play(url: str) -> Heard:
        heard = Heard()
        since = iso(beginning - 60_000)
        async with following(connection(club, url, reader, since=since), heard):
            await until(lambda: heard.agrees(club, reader))
        resumed = Heard()
        async with following(connection(club, url, reader), resumed, heard.checkpoints[len(heard.checkpoints) // 2]):
            await until(lambda: heard.texts.keys() >= resumed.texts.keys() and resumed.batches > 0)
        return heard

    with served(club) as server:
        heard = asyncio.run(play(server.url))
    assert not heard.rejected
    gaps = [row for row in heard.coverage if not row["complete"]]
    assert bool(gaps) is (way == "windows"), "only windows of time cannot tell edits of older messages"
    if gaps:
        assert heard.order.index("gap") < heard.order.index("messages"), "a gap is told before the mark moves over it"


def _too_long_at_once(endpoint: str, request: Request) -> Response | None:
    asked = request.query_params.get("lastUpdate", "9")
    if endpoint == "chat.syncMessages" and asked < iso(int(time.time() * 1000) - 20 * 24 * 3_600_000):
        return Response(b" " * (17 << 20), media_type="application/json")
    return None


def test_a_clock_that_was_set_back_loses_nothing() -> None:
    """Messages that bear an earlier time than those before them arrive, while listening and after a restart."""
    club, reader, members = garden(offset_ms=7 * 3_600_000)
    room, other = (club.add_room(name, "c", tuple(members)) for name in ("garden", "rides"))

    async def play(url: str) -> None:
        heard = Heard()
        told = connection(club, url, reader)
        async with following(told, heard):
            await until(lambda: bool(heard.coverage))
            club.say(room, members[0], "before")
            await until(lambda: heard.agrees(club, reader))
            club.offset_ms -= 3_600_000
            club.say(room, members[1], "after")
            club.say(other, members[1], "after, elsewhere")
            await until(lambda: heard.agrees(club, reader))
        club.offset_ms -= 3_600_000
        club.say(room, members[2], "after, unheard")
        async with following(told, heard, heard.checkpoints[-1]):
            await until(lambda: heard.agrees(club, reader))
            club.say(room, members[2], "and on")
            await until(lambda: heard.agrees(club, reader))

    with served(club) as server:
        asyncio.run(play(server.url))


def test_quiet_rooms_cost_little() -> None:
    """Of 400 rooms only those with news are asked for; a room that is new is found."""
    club, reader, members = garden(offset_ms=-3_600_000)
    rooms = [club.add_room(f"plot-{number}", "c", tuple(members)) for number in range(400)]
    club.offset_ms = 0

    async def play(url: str) -> None:
        heard = Heard()
        async with following(connection(club, url, reader, sweep="600", sweep_longest="600"), heard):
            await until(lambda: bool(heard.coverage))
            for number in range(0, 400, 100):
                club.say(rooms[number], members[0], f"beans {number}")
            await until(lambda: heard.agrees(club, reader))
            club.say(club.add_room("seeds", "c"), members[0], "a new room")
            await until(lambda: heard.agrees(club, reader))

    with served(club) as server:
        asyncio.run(play(server.url))
    assert club.asked["chat.syncMessages"] <= 12


def test_the_servers_limits_are_kept() -> None:
    """Requests are spread as the headers say, so that hardly one is refused, and everything arrives."""
    club, _, members = garden(limit=6, limit_seconds=1.0)
    reader = club.add_user("plain", "user")
    room = club.add_room("garden", "c", tuple(members))

    async def play(url: str) -> None:
        heard = Heard()
        async with following(connection(club, url, reader, reports_interval="600"), heard):
            for number in range(12):
                club.say(room, members[0], f"beans {number}")
                await asyncio.sleep(0.1)
            await until(lambda: heard.agrees(club, reader))

    with served(club) as server:
        asyncio.run(play(server.url))
    assert club.refused <= 2


def test_one_closed_room_does_not_harm_the_others() -> None:
    """A room that is refused, or whose answers are nonsense, is left aside and told as a gap; the others go on."""
    club, reader, members = garden()
    rooms = [club.add_room(name, "c", tuple(members)) for name in ("garden", "rides", "seeds")]
    club.closed_to.add((rooms[1], reader["_id"]))

    def fault(endpoint: str, request: Request) -> Response | None:
        if endpoint == "chat.syncMessages" and request.query_params["roomId"] == rooms[2]:
            return JSONResponse({"success": True, "result": {"updated": 7, "deleted": "beans"}})
        return None

    club.fault = fault

    async def play(url: str) -> Heard:
        heard = Heard()
        async with following(connection(club, url, reader, since="2020-01-01"), heard) as task:
            for room in rooms:
                club.say(room, members[0], "beans")
            await until(lambda: len(heard.texts) == 1 and len(heard.coverage) > 2, task)
        return heard

    with served(club) as server:
        heard = asyncio.run(play(server.url))
    assert {row["channel_id"] for row in heard.coverage if not row["complete"]} == set(rooms[1:])


def test_records_of_the_wrong_form_are_rejected_one_by_one() -> None:
    """Records that lie about their types are set aside and counted; those beside them are kept."""
    club, reader, members = garden()
    room = club.add_room("garden", "c", tuple(members))
    mid = club.say(room, members[0], "beans")
    lies: list[Any] = [7, None, [], "leeks", {"_id": 5, "ts": {"$date": "x"}}, {"message": {"a": 1}, "messages": [1]}]
    deep: Any = []
    for _ in range(400):
        deep = [deep]

    def fault(endpoint: str, request: Request) -> Response | None:
        if endpoint != "chat.syncMessages":
            return None
        told = [
            *lies,
            {"_id": "x", "deep": deep},
            club.messages[mid] | {"rid": 9, "_updatedAt": "2199-01-01T00:00:00Z"},
        ]
        return JSONResponse({"success": True, "result": {"updated": told, "deleted": [{"_id": "y"}]}})

    club.fault = fault

    async def play(url: str) -> Heard:
        heard = Heard()
        async with following(connection(club, url, reader), heard) as task:
            club.say(room, members[0], "more beans")
            await until(lambda: mid in heard.texts, task)
        return heard

    with served(club) as server:
        heard = asyncio.run(play(server.url))
    assert heard.sent.keys() == {mid}
    assert heard.sent[mid]["channel_id"] == room
    assert heard.rejected >= len(lies) + 2
    assert Marks.read(heard.checkpoints[-1]).least(room) <= club.now() + 1_000


def test_a_token_that_expires_ends_listening() -> None:
    """A wrong token and one that expires meanwhile are AccessErrors, with advice, and without the token."""
    club, reader, members = garden()
    room = club.add_room("garden", "c", tuple(members))

    async def play(url: str) -> str:
        heard = Heard()
        told = connection(club, url, reader)
        async with following(told, heard) as task:
            await until(lambda: bool(heard.coverage), task)
            reader["token"] = "another"  # noqa: S105
            club.say(room, members[0], "beans")
            await until(lambda: task.done())
            with pytest.raises(AccessError) as caught:
                task.result()
        with pytest.raises(AccessError):
            await SOURCE.check(told)
        assert told.secrets["token"] not in str(caught.value) + repr(told)
        return str(caught.value)

    with served(club) as server:
        assert "seawall connect" in asyncio.run(play(server.url))


def test_direct_rooms_are_read_only_where_they_are_named() -> None:
    """A direct room of the token's account is left alone, unless the operator names its id."""
    club, reader, members = garden()
    named, other = (
        club.add_room("", "d", (reader, member), _id=reader["_id"] + member["_id"]) for member in members[:2]
    )
    for room, member in ((named, members[0]), (other, members[1])):
        club.say(room, member, "just between us")

    async def play(url: str) -> tuple[Heard, Heard]:
        first, second = Heard(), Heard()
        async with following(connection(club, url, reader, since="2020-01-01"), first) as task:
            await until(lambda: bool(first.coverage), task)
        told = connection(club, url, reader, since="2020-01-01", rooms=f"{named}, garden")
        async with following(told, second) as task:
            await until(lambda: bool(second.texts), task)
        return first, second

    with served(club) as server:
        first, second = asyncio.run(play(server.url))
    assert not first.texts
    assert {row["channel_id"] for row in second.sent.values()} == {named}
    assert second.channels[named]["kind"] == second.channels[named]["visibility"] == "direct"


def test_reports_name_the_message_but_keep_no_words_of_the_reporter() -> None:
    """A reported message is flagged, also of a direct room; the report is an interaction of its reporter."""
    club, reader, members = garden()
    room = club.add_room("garden", "c", tuple(members))
    private = club.add_room("", "d", (members[0], members[1]), _id=members[0]["_id"] + members[1]["_id"])
    told = [club.say(room, members[0], "beans"), club.say(private, members[0], "just between us")]
    club.say(private, members[0], "not reported")
    for mid in told:
        club.report(members[1], "words that nobody keeps", mid)
    club.report(members[2], "words that nobody keeps", told[0])
    club.report(members[2], "words that nobody keeps", account=members[0])

    async def play(url: str) -> Heard:
        heard = Heard()
        async with following(connection(club, url, reader, since="2020-01-01"), heard) as task:
            await until(lambda: len(heard.acts) == 4 and len(heard.texts) == 2, task)
        return heard

    with served(club) as server:
        heard = asyncio.run(play(server.url))
    assert heard.reported == heard.sent.keys() == set(told)
    assert heard.channels[private]["visibility"] == "direct"
    reports = sorted((row["source_account"]["id"], row["message_id"] or "") for row in heard.acts.values())
    bea, tom, aisha = (member["_id"] for member in members[:3])
    assert reports == sorted([(tom, told[0]), (tom, told[1]), (aisha, told[0]), (aisha, "")])
    assert {row["target_account"]["id"] for row in heard.acts.values()} == {bea}
    assert "nobody keeps" not in str(heard)


def test_coverage_says_how_far_nothing_is_missing() -> None:
    """From the beginning and from a checkpoint on, rows of coverage follow one another without a gap."""
    club, reader, _ = garden()

    async def play(url: str) -> Heard:
        heard = Heard()
        told = connection(club, url, reader, since=iso(club.now() - 5_000))
        for times in (1, 2):
            async with following(told, heard, heard.checkpoints[-1] if heard.checkpoints else None) as task:
                await until(lambda times=times: len(heard.coverage) >= times, task)
        return heard

    with served(club) as server:
        first, second = asyncio.run(play(server.url)).coverage
    assert [first["complete"], second["complete"], first["how"]] == [True, True, "watched"]
    assert first["channel_id"] is None
    assert first["start"] < first["end"] == second["start"] < second["end"]


@pytest.mark.parametrize("pages", [True, False], ids=["version 7", "version 6"])
def test_it_keeps_the_contract_of_live_sources(pages: bool) -> None:
    """The public check of live sources passes on a server that holds something of everything."""
    club, reader, members = garden(pages=pages)
    rooms = [club.add_room(name, "c", tuple(members)) for name in ("garden", "rides")]
    for number in range(150):
        mid = club.say(rooms[number % 2], members[number % 4], f"beans {number}")
        if number % 5 == 0:
            club.react(mid, members[0], ":bike:")
        if number % 7 == 0:
            club.delete(mid, members[1])
        elif number % 29 == 0:
            club.report(members[2], "words", mid)
    with served(club) as server:
        check_live_source(SOURCE, connection(club, server.url, reader, since="2020-01-01"))


def test_everything_reaches_the_lake_once(tmp_path: Path) -> None:
    """Late reactions and reports are kept beside their message; what comes twice is known; no name is kept."""
    club, reader, members = garden()
    room = club.add_room("garden", "c", tuple(members))
    batches: list[RawBatch] = []

    class Keeping(Heard):
        def take(self, batch: RawBatch) -> None:
            super().take(batch)
            batches.append(batch)

    async def play(url: str) -> None:
        heard = Keeping()
        told = connection(club, url, reader, since="2020-01-01")
        async with following(told, heard) as task:
            mids = [club.say(room, members[0], f"{words} @old.tom") for words in WORDS]
            await until(lambda: heard.agrees(club, reader), task)
            club.react(mids[0], members[1], ":bike:")
            club.edit(mids[1], members[0], "leeks, edited")
            club.delete(mids[2], members[0])
            club.report(members[2], "words that nobody keeps", mids[3])
            await until(lambda: heard.agrees(club, reader), task)
        async with following(told, heard) as task:
            count = heard.batches
            await until(lambda: heard.batches > count + 1, task)

    with served(club) as server:
        asyncio.run(play(server.url))
        told = connection(club, server.url, reader)
    with seawall.create(tmp_path / "club") as workspace:
        with workspace.ingest() as ingest:
            receipts = []
            for batch in batches:
                ingest.accept(told, SOURCE, [batch])
                receipts += ingest.flush()
        interactions = workspace.interactions(["kind", "message_id", "source_account"]).to_pylist()
        messages = {row["message_id"]: row["text"] for row in workspace.messages(["message_id", "text"]).to_pylist()}
        kept = str([workspace.messages().to_pylist(), workspace.interactions().to_pylist()])
    assert sum(receipt.rejected for receipt in receipts) == 0
    assert sum(receipt.duplicate for receipt in receipts) > 0
    acts = sorted(row["kind"] for row in interactions if row["kind"] in ("reaction", "report"))
    assert acts == ["reaction", "report"]
    assert all(row["message_id"] in messages for row in interactions if row["kind"] in ("reaction", "report"))
    assert len(messages) == len(WORDS)
    assert sum("leeks, edited" in (text or "") for text in messages.values()) == 1
    for private in ("old.tom", "aisha_k", "words that nobody keeps"):
        assert private not in kept


@pytest.mark.parametrize("role", ["reader", "user", "admin"])
def test_rights_are_told_in_sentences(role: str) -> None:
    """``check`` says who it is, what it may read, what is missing, and what it should not be able to do."""
    club, _, members = garden(limit=10)
    account = club.add_user("seawall2", role)
    club.add_room("garden", "c", tuple(members))
    club.add_room("board", "p", (account,))
    with served(club) as server:
        rights = asyncio.run(SOURCE.check(connection(club, server.url, account)))
    assert rights.identity == f"seawall2 ({role})"
    assert "Read all 1 public channels." in rights.can
    assert "Read the 1 closed groups that it is a member of." in rights.can
    assert ("Read what members report to the moderators." in rights.can) is (role != "user")
    assert any("10 a minute" in sentence for sentence in rights.missing) is (role == "user")
    assert bool(rights.excess) is (role != "reader")


def test_rooms_that_are_not_there_are_told() -> None:
    """A misspelt room is told by ``check``; if none of those that were named can be read, there is nothing to watch."""
    club, reader, members = garden()
    club.add_room("garden", "c", tuple(members))

    async def first(told: Connection) -> None:
        async for _ in SOURCE.listen(told, None):
            pass

    with served(club) as server:
        rights = asyncio.run(SOURCE.check(connection(club, server.url, reader, rooms="garden, gardne")))
        with pytest.raises(ConfigurationError, match="rooms"):
            asyncio.run(first(connection(club, server.url, reader, rooms="gardne")))
    assert any("1 of the rooms that were named" in sentence for sentence in rights.missing)


def test_what_is_no_rocketchat_server_is_named() -> None:
    """A page in HTML where the interface should be leads to a message that says what to check."""
    club, reader, _ = garden()
    club.fault = lambda endpoint, request: Response("<!doctype html><title>Garden</title>", media_type="text/html")
    with served(club) as server, pytest.raises(ConnectError, match=r"does not look like a Rocket\.Chat server"):
        asyncio.run(SOURCE.check(connection(club, server.url, reader)))


@pytest.mark.parametrize("checkpoint", ["", "{}", "[]", '{"v":2}', '{"v":1,"low":"x"}', "7"])
def test_a_checkpoint_of_something_else_is_refused(checkpoint: str) -> None:
    """What is no checkpoint of this source is a ConfigurationError before anything is sent."""
    told = Connection("club", "rocketchat", "https://chat.example", settings={"user_id": "x"}, secrets={"token": "y"})

    async def first() -> None:
        async for _ in SOURCE.listen(told, checkpoint):
            pass

    with pytest.raises(ConfigurationError, match="no checkpoint"):
        asyncio.run(first())
    with pytest.raises(ConfigurationError, match="since"):
        asyncio.run(SOURCE.check(replace(told, settings={"user_id": "x", "since": "soon"})))
    with pytest.raises(ConfigurationError, match="missing"):
        asyncio.run(SOURCE.check(replace(told, secrets={})))


def test_marks_survive_their_text_and_stay_small() -> None:
    """A checkpoint gives the same marks, and of very many rooms the ones behind are never forgotten."""
    marks = Marks(1_000_000)
    for number in range(5_000):
        marks.advance(f"room{number:04}", "updated", 1_000_001 + number)
        marks.advance(f"room{number:04}", "deleted", 1_000_001 + number)
    readable = [f"room{number:04}" for number in range(1, 5_000)]
    marks.settle(readable, ["room0000", "closed"], 1_000_500)
    again = Marks.read(marks.text())
    assert again.text() == marks.text()
    assert len(marks.text()) < 60_000
    assert again.low == 1_000_002
    assert again.least("closed") == 1_000_000
    for number in range(5_000):
        assert again.least(f"room{number:04}") <= marks.least(f"room{number:04}")
    assert again.heard(2_000_000, 50.0) is None
    assert again.heard(1_990_000, 51.0) == 11_000
    assert again.least("room4999") <= 1_989_000


@pytest.mark.data
def test_the_model_server_speaks_as_real_exports_do(shared_data: Path) -> None:
    """Messages, deletions and answers of the server of these tests have the fields and types of the shared examples."""
    club, _, members = garden()
    room = club.add_room("garden", "c", tuple(members))
    mid = club.say(room, members[0], "Who brings beans?")
    club.edit(mid, members[0], "Who brings runner beans?")
    gone = club.say(room, members[1], "never mind")
    club.delete(gone, members[1])
    folder = shared_data / "adapters" / "rocketchat"
    example = json.loads((folder / "sync_messages.json").read_text())["result"]
    message, edited = club.messages[mid], example["updated"][0]
    assert {name: type(value) for name, value in message.items()} == {
        name: type(value) for name, value in edited.items()
    }
    assert message["u"].keys() == edited["u"].keys()
    assert {"_id", "_deletedAt"} == set(example["deleted"][0]) == {"_id", "_deletedAt"}
    for name in ("ts", "_updatedAt", "editedAt"):
        assert len(message[name]) == len(edited[name])
    history = json.loads((folder / "channels_history_p1.json").read_text())
    assert "messages" in history
