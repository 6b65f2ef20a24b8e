"""Bluesky live, against a server that keeps to Jetstream's contract, with records that atproto's models accept."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection

from seawall.checks import check_live_source
from seawall.checks.sources import check_batches
from seawall.errors import ConfigurationError, ConnectError
from seawall.protocols import LIVE_RECORDS, Connection, RawBatch
from seawall.sources.live import bluesky_watch, live_by_name
from seawall.sources.live.bluesky_place import Place
from tests.servers.jetstream import Jetstream, Liar, Network, Record

DEADLINE = 25.0
SOURCE = live_by_name("bluesky")
BEA, TOM, FINN = (f"did:plc:{name * 8}" for name in ("bea", "tom", "fin"))
POST = "app.bsky.feed.post"
SINCE = {"since": "2026-01-01"}


def connection(server: Jetstream, **settings: str) -> Connection:
    return Connection("sky", "bluesky", server.url, settings=settings)


@dataclass
class Heard:
    """What the batches of a connection tell, all together."""

    texts: dict[str, tuple[str | None, Any]] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)
    acts: dict[str, str] = field(default_factory=dict)
    coverage: list[Record] = field(default_factory=list)
    checkpoints: list[str] = field(default_factory=list)
    rejected: int = 0

    def take(self, batch: RawBatch) -> None:
        check_batches([batch], "bluesky live")
        assert batch.checkpoint is not None
        assert batch.records <= LIVE_RECORDS
        assert batch.ids_name_accounts or not batch.records
        self.checkpoints.append(batch.checkpoint)
        for row in batch.messages.to_pylist():
            known = self.texts.get(row["message_id"])
            if known is None or known[1] is None or (row["edited_at"] and row["edited_at"] >= known[1]):
                self.texts[row["message_id"]] = (row["text"], row["edited_at"])
        self.deleted |= set(batch.deletions["message_id"].to_pylist())
        self.acts |= {row["interaction_id"]: row["kind"] for row in batch.interactions.to_pylist()}
        self.coverage += batch.coverage.to_pylist()
        self.rejected += batch.rejected.num_rows

    def agrees(self, network: Network) -> bool:
        """Whether this is all that happened, and nothing else."""
        texts: dict[str, str | None] = {}
        deleted, acts = set(), {}
        kinds = {"like": "reaction", "follow": "follow", "block": "block"}
        for event in list(network.events):
            told = event.get("commit")
            if told is None:
                texts[f"{event['did']}/{event['kind']}/{event[event['kind']]['seq']}"] = None
                continue
            named = f"{event['did']}/{told['collection']}/{told['rkey']}"
            last = told["collection"].rpartition(".")[2]
            if told["operation"] == "delete" and last == "follow":
                acts[named + "#deleted"] = "unfollow"
            elif told["operation"] == "delete":
                deleted.add(named)
            elif last in kinds:
                acts[named] = kinds[last]
            else:
                texts[named] = told["record"].get("text")
        found = {named: text for named, (text, _) in self.texts.items()}
        return (found, self.deleted, self.acts) == (texts, deleted, acts)


@asynccontextmanager
async def following(
    told: Callable[[], Connection], heard: Heard, since: str | None = None
) -> AsyncGenerator[None, None]:
    """Listen meanwhile, from the latest checkpoint, again after each lost connection."""

    async def follow() -> None:
        checkpoint = since
        while True:
            try:
                async for batch in SOURCE.listen(told(), checkpoint):
                    heard.take(batch)
                    checkpoint = batch.checkpoint
            except ConnectError:
                await asyncio.sleep(0.02)

    task = asyncio.create_task(follow())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        await asyncio.sleep(0.02)


class Day:
    """What people do on a random day."""

    def __init__(self, network: Network, seed: int) -> None:
        self._network = network
        self._draw = random.Random(seed)
        self._made: list[tuple[str, str, str]] = []
        self._count = 0

    def act(self) -> None:
        draw, network = self._draw, self._network
        who = draw.choice((BEA, TOM, FINN))
        self._count += 1
        key = f"3k{self._count:08}"
        post = {"text": f"beans {draw.random():.6f}", "langs": ["en"]}
        posts = [one for one in self._made if one[1] == POST]
        subject = {"uri": "at://{}/{}/{}".format(*draw.choice(posts)), "cid": CID} if posts else None
        kind = draw.choices(
            ("post", "reply", "edit", "delete", "like", "repost", "follow", "rename"), (8, 3, 2, 3, 4, 3, 2, 1)
        )
        if kind == ["rename"]:
            network.rename(who, "bea.garden.example")
        elif kind == ["follow"]:
            self._put(who, "app.bsky.graph.follow", key, {"subject": TOM})
        elif kind == ["post"] or subject is None:
            self._put(who, POST, key, post)
        elif kind == ["reply"]:
            self._put(who, POST, key, post | {"reply": {"root": subject, "parent": subject}})
        elif kind == ["edit"]:
            author, collection, known = draw.choice(posts)
            network.put(author, collection, known, post, "update")
        elif kind == ["delete"]:
            network.delete(*self._made.pop(draw.randrange(len(self._made))))
        else:
            self._put(who, f"app.bsky.feed.{kind[0]}", key, {"subject": subject})

    def _put(self, who: str, collection: str, key: str, record: Record) -> None:
        self._network.put(who, collection, key, record)
        self._made.append((who, collection, key))


CID = "bafyreidi6vyfdyhtqbuxnng77fhgudpr2znjvxabby5qgzzwms7gwoavka"


def test_it_keeps_to_the_contract() -> None:
    """From the beginning that was stated, and again from each of its checkpoints."""
    network = Network()
    day = Day(network, 3)
    for _ in range(300):
        day.act()
    with Jetstream(network) as server:
        check_live_source(SOURCE, connection(server, **SINCE))


@pytest.mark.parametrize("seed", [1, 2])
def test_a_day_with_cut_connections_and_restarts_is_told_whole(seed: int) -> None:
    """Everything posted, changed, undone and deleted, whether somebody listened or not; nothing else."""
    network, heard, draw = Network(), Heard(), random.Random(seed)
    day = Day(network, seed)

    async def play() -> None:
        port, checkpoint = 0, None
        for _ in range(3):
            with Jetstream(network, port) as server:
                port = server.port
                async with following(lambda: connection(server, **SINCE), heard, checkpoint):
                    for _ in range(60):
                        day.act()
                        if draw.random() < 0.1:
                            server.cut_after = 1
                        await asyncio.sleep(0.002)
                    await until(lambda: heard.agrees(network))
            checkpoint = heard.checkpoints[-1]
            for _ in range(30):
                day.act()
        with Jetstream(network, port) as server:
            async with following(lambda: connection(server), heard, checkpoint):
                await until(lambda: heard.agrees(network) and heard.coverage[-1]["complete"])

    asyncio.run(play())
    gaps = [row for row in heard.coverage if not row["complete"]]
    assert len(gaps) <= 1, "only before the first event, of which nobody knows whether it was the first"
    assert heard.rejected == 0


def heard_until(server: Jetstream, checkpoint: str | None, enough: Callable[[Heard], bool], **settings: str) -> Heard:
    """What is told from a checkpoint until it is enough."""
    heard = Heard()

    async def listen() -> None:
        async with asyncio.timeout(DEADLINE):
            listening = SOURCE.listen(connection(server, **settings), checkpoint)
            async for batch in listening:
                heard.take(batch)
                if enough(heard):
                    break
            await listening.aclose()

    asyncio.run(listen())
    return heard


def test_every_checkpoint_is_a_place_to_go_on_from() -> None:
    """What was given before it and what is given after it are together all."""
    network = Network()
    day = Day(network, 5)
    for _ in range(2_500):
        day.act()
    with Jetstream(network) as server:
        whole = heard_until(server, None, lambda heard: heard.agrees(network), **SINCE)
        assert len(whole.checkpoints) > 1
        for checkpoint in whole.checkpoints[:-1][:: max(1, len(whole.checkpoints) // 3)]:
            rest = heard_until(server, checkpoint, lambda heard: reached(heard, network))
            before = Heard()
            asyncio.run(_take_until(server, before, checkpoint))
            union = Heard({**before.texts, **rest.texts}, before.deleted | rest.deleted, {**before.acts, **rest.acts})
            assert union.agrees(network)


def reached(heard: Heard, network: Network) -> bool:
    """Whether the last event was given."""
    return (Place.read(heard.checkpoints[-1]).last or 0) >= network.events[-1]["time_us"]


async def _take_until(server: Jetstream, heard: Heard, checkpoint: str) -> None:
    """The batches up to the one that reaches a checkpoint's place."""
    reach = Place.read(checkpoint).last or 0
    listening = SOURCE.listen(connection(server, **SINCE), None)
    async for batch in listening:
        heard.take(batch)
        if (Place.read(str(batch.checkpoint)).last or 0) >= reach:
            break
    await listening.aclose()


def test_what_the_server_no_longer_holds_is_told_as_a_gap() -> None:
    """From where it is known that nothing is missing to the first event that is still there."""
    network = Network()
    network.put(BEA, POST, "3k1", {"text": "beans"})
    with Jetstream(network) as server:
        checkpoint = heard_until(server, None, lambda heard: bool(heard.coverage), **SINCE).checkpoints[-1]
        network.put(BEA, POST, "3k2", {"text": "peas"})
        network.forget()
        network.put(BEA, POST, "3k3", {"text": "leeks"})
        heard = heard_until(server, checkpoint, lambda heard: len(heard.coverage) > 1)
    gap, rest = heard.coverage[:2]
    assert [text for text, _ in heard.texts.values()] == ["leeks"]
    assert (gap["complete"], rest["complete"]) == (False, True)
    seen = datetime.fromtimestamp(Place.read(checkpoint).seen / 1e6, UTC)
    assert gap["start"] == seen
    assert gap["end"] <= rest["start"]
    assert (rest["start"] - gap["end"]).total_seconds() == 0


def test_silence_after_a_lost_history_is_a_gap_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """If the last event does not come again, nobody knows what else is gone."""
    monkeypatch.setattr(bluesky_watch, "_SILENCE_US", 1_000_000)
    network = Network()
    network.put(BEA, POST, "3k1", {"text": "beans"})
    with Jetstream(network) as server:
        checkpoint = heard_until(server, None, lambda heard: bool(heard.coverage), **SINCE).checkpoints[-1]
        network.forget()
        heard = heard_until(server, checkpoint, lambda heard: bool(heard.coverage))
    assert heard.coverage[0]["complete"] is False


def test_only_what_is_wanted_is_asked_for() -> None:
    """Kinds of records and accounts; many accounts in a first frame; from where, with an overlap."""
    network = Network()
    for number, who in enumerate((BEA, TOM)):
        network.put(who, POST, f"3k{number}", {"text": f"beans {number}"})
        network.put(
            who, "app.bsky.feed.like", f"3l{number}", {"subject": {"uri": f"at://{BEA}/{POST}/3k0", "cid": CID}}
        )
    many = ",".join(f"did:plc:club{number:020}" for number in range(300))
    with Jetstream(network) as server:
        one = heard_until(server, None, lambda heard: len(heard.coverage) > 1, dids=TOM, collections=POST, **SINCE)
        also = heard_until(server, None, lambda heard: len(heard.coverage) > 1, dids=f"{TOM},{many}", **SINCE)
        heard_until(server, one.checkpoints[-1], lambda heard: bool(heard.coverage))
    assert [text for text, _ in one.texts.values()] == ["beans 1"]
    assert (set(one.acts), set(also.acts.values())) == (set(), {"reaction"})
    assert (server.asked[0]["wantedDids"], "wantedDids" in server.asked[1]) == ([TOM], False)
    last = Place.read(one.checkpoints[-1]).last or 0
    assert int(server.asked[2]["cursor"][0]) == last - 5_000_000


def test_the_check_says_that_no_token_is_needed() -> None:
    """And nothing of rights."""
    with Jetstream(Network()) as server:
        rights = asyncio.run(SOURCE.check(connection(server, dids=TOM)))
    assert "no token" in rights.identity
    assert rights.can == ("Read posts, reposts, likes, follows, blocks of 1 accounts.",)
    assert (rights.missing, rights.excess) == ((), ())


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"dids": "bea.garden.example"}, "dids"),
        ({"collections": "fm.teal"}, "collections"),
        ({"since": "May"}, "since"),
    ],
)
def test_settings_that_cannot_work_are_refused(settings: dict[str, str], named: str) -> None:
    """Before anything is opened, and the message names the setting."""
    told = Connection("sky", "bluesky", "wss://nowhere.example", settings=settings)
    with pytest.raises(ConfigurationError, match=named):
        asyncio.run(SOURCE.check(told))


@pytest.mark.parametrize(
    "url", ["", "jetstream", "ftp://x.example", "wss://user:pw@x.example", "ws://192.0.2.1/", "x://"]
)
def test_addresses_that_cannot_work_are_refused(url: str) -> None:
    """With a message, before a connection."""
    with pytest.raises((ConfigurationError, ConnectError)):
        asyncio.run(SOURCE.check(Connection("sky", "bluesky", url)))


async def _garbage(socket: ServerConnection) -> None:
    for _ in range(5_000):
        await socket.send("beans")


async def _lists(socket: ServerConnection) -> None:
    for _ in range(5_000):
        await socket.send(b"[" * 1_000)


async def _types(socket: ServerConnection) -> None:
    for _ in range(5_000):
        await socket.send(json.dumps({"did": 7, "time_us": "now", "kind": []}))


async def _hundred_megabytes(socket: ServerConnection) -> None:
    await socket.send("x" * 100_000_000)


async def _never_ending(socket: ServerConnection) -> None:
    async def pieces() -> AsyncGenerator[str, None]:
        while True:
            yield "x" * 65_536

    await socket.send(pieces())


async def _hangs_up(socket: ServerConnection) -> None:
    await socket.close(1013, "secret words")


@pytest.mark.parametrize(
    ("behave", "said"),
    [
        (_garbage, "no events of Jetstream"),
        (_lists, "no events of Jetstream"),
        (_types, "no events of Jetstream"),
        (_hundred_megabytes, "longer than 4 MB"),
        (_never_ending, "longer than 4 MB"),
        (_hangs_up, r"closed the connection \(1013\)"),
    ],
    ids=["garbage", "lists", "types", "100 MB", "never ends", "hangs up"],
)
def test_a_server_that_lies_is_found_out(behave: Any, said: str) -> None:
    """With a message that quotes nothing, and within bounds."""

    async def listen(server: Jetstream) -> int:
        records = 0
        async with asyncio.timeout(DEADLINE):
            async for batch in SOURCE.listen(connection(server), None):
                check_batches([batch], "lies")
                records += batch.records
        return records

    with Liar(behave) as server, pytest.raises(ConnectError, match=said) as told:
        asyncio.run(listen(server))
    assert "secret words" not in str(told.value)


def test_single_bad_frames_cost_only_themselves() -> None:
    """Between good ones they are set aside; a time far ahead is not taken as the place to go on from."""

    async def behave(socket: ServerConnection) -> None:
        now = time.time_ns() // 1_000
        for number in range(50):
            record = {"text": str(number), "createdAt": "2026-05-03T14:05:00Z"}
            commit = {"operation": "create", "collection": POST, "rkey": f"3k{number}", "record": record}
            await socket.send(json.dumps({"did": BEA, "time_us": now + number, "kind": "commit", "commit": commit}))
            await socket.send('{"did": ')
        await socket.send(json.dumps({"did": BEA, "time_us": 10**17, "kind": "identity", "identity": {"seq": 1}}))
        await socket.wait_closed()

    with Liar(behave) as server:
        heard = heard_until(server, None, lambda heard: heard.rejected >= 51)
    assert len(heard.texts) == 50
    assert (Place.read(heard.checkpoints[-1]).last or 0) < time.time_ns() // 1_000 + 1_000_000


def test_closing_ends_it_at_once() -> None:
    """Also while the server sends without end."""
    network = Network()
    day = Day(network, 8)

    async def listen(server: Jetstream) -> None:
        listening = SOURCE.listen(connection(server, **SINCE), None)
        assert (await anext(listening)).records < 5_000, "there is more to come"
        async with asyncio.timeout(5):
            await listening.aclose()
        with pytest.raises(StopAsyncIteration):
            await anext(listening)

    for _ in range(5_000):
        day.act()
    with Jetstream(network) as server:
        asyncio.run(listen(server))
