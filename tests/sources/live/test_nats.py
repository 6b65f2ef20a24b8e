"""NATS JetStream on a real server: every event once, over restarts, kills and cuts; what is lost is told."""

from __future__ import annotations

import asyncio
import json
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import nats
import pytest
from nats.js import JetStreamContext
from nats.js.api import StreamConfig

from seawall.errors import AccessError, ConfigurationError, ConnectError
from seawall.model import Visibility
from seawall.protocols import LIVE_RECORDS, Connection, ReadOptions
from seawall.sources.live import live_by_name, nats_link
from seawall.sources.live.nats import NatsLive
from tests.servers.nats import NatsServer, running_nats
from tests.sources.live.listening import Listener

PUBLIC = ReadOptions(visibility=Visibility.PUBLIC)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NatsServer]:
    with running_nats(tmp_path_factory.mktemp("nats")) as running:
        yield running


def connection(server: NatsServer, stream: str, **settings: str) -> Connection:
    return Connection("club", "nats", server.url, PUBLIC, settings={"stream": stream, **settings})


def run(play: Callable[[], Awaitable[None]], seconds: float = 30.0) -> None:
    async def bounded() -> None:
        async with asyncio.timeout(seconds):
            await play()

    asyncio.run(bounded())


class Platform:
    """A platform that publishes events, by its own client."""

    def __init__(self, server: NatsServer, stream: str) -> None:
        self.server, self.stream = server, stream
        self.sent: list[str] = []

    async def __aenter__(self) -> Platform:
        self.client = await nats.connect(self.server.url, reconnect_time_wait=0.05, max_reconnect_attempts=-1)
        self.js: JetStreamContext = self.client.jetstream(timeout=2)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.client.close()

    async def make(self, **config: Any) -> None:
        await self.js.add_stream(StreamConfig(name=self.stream, subjects=[f"{self.stream}.>"], **config))

    async def say(self, *texts: str, subject: str = "talk") -> None:
        """Publish one message; the server knows it again if it has to be sent again."""
        lines = [
            json.dumps({"author": "rosa", "channel": "rides", "time": "2026-05-03T14:05:00Z", "text": text})
            for text in texts
        ]
        for _ in range(100):
            try:
                await self.js.publish(
                    f"{self.stream}.{subject}", "\n".join(lines).encode(), headers={"Nats-Msg-Id": "/".join(texts)}
                )
                break
            except (nats.errors.Error, OSError, TimeoutError):
                await asyncio.sleep(0.05)
        else:
            pytest.fail("the server took nothing any more")
        self.sent += texts


def test_every_event_comes_once_over_restarts_kills_and_cuts(server: NatsServer) -> None:
    """While the server is stopped, killed and started and the reader cut off and resumed, each event comes once."""

    async def play() -> None:
        draw = random.Random(7)
        async with Platform(server, "TALK") as club:
            await club.make()
            listener = Listener(NatsLive(), connection(server, "TALK"))
            await listener.until(lambda: listener.covered)
            for number in range(60):
                await club.say(f"ride {number}", *(f"ride {number}, part {part}" for part in range(number % 3)))
                if number % 20 == 10:
                    await asyncio.to_thread(draw.choice((server.stop, server.kill)))
                    await asyncio.to_thread(server.start)
                if number % 7 == 3:
                    enough = len(listener.texts()) + draw.randrange(1, 4)
                    await listener.until(lambda: len(listener.texts()) >= min(enough, len(club.sent)))  # noqa: B023
            await listener.until(lambda: len(listener.texts()) >= len(club.sent))
            again = Listener(NatsLive(), listener.connection, listener.checkpoint)
            await again.until(lambda: again.covered)
        assert Counter(listener.texts()) == Counter(club.sent)
        assert listener.texts() == club.sent
        ids = [row["message_id"] for row in listener.rows("messages")]
        assert len({*ids}) == len(ids)
        assert again.texts() == []
        assert all(row["complete"] for row in listener.rows("coverage"))

    run(play, 60)


def test_a_server_that_restarts_while_it_is_read_is_read_on(server: NatsServer) -> None:
    """The reader notices the end, comes back, and goes on after what it had."""

    async def play() -> None:
        async with Platform(server, "ONGOING") as club:
            await club.make()
            listener = Listener(NatsLive(), connection(server, "ONGOING"))
            listening = asyncio.create_task(listener.forever())
            await listener.when(lambda: listener.covered, listening)
            await club.say("before")
            await listener.when(lambda: listener.texts() == ["before"], listening)
            await asyncio.to_thread(server.kill)
            await asyncio.to_thread(server.start)
            await club.say("after")
            await listener.when(lambda: listener.texts() == ["before", "after"], listening)
            assert listener.interruptions >= 1
            listening.cancel()

    run(play)


def test_the_same_messages_tell_the_same_ids(server: NatsServer) -> None:
    """Read twice from the beginning, events without ids get the same ids, so that repeats are known."""

    async def play() -> None:
        async with Platform(server, "TWICE") as club:
            await club.make()
            await club.say("one", "one", "two")
            told = []
            for _ in range(2):
                listener = Listener(NatsLive(), connection(server, "TWICE", since="2026-01-01"))
                await listener.until(lambda: len(listener.texts()) >= 3)  # noqa: B023
                told.append([row["message_id"] for row in listener.rows("messages")])
            assert told[0] == told[1]
            assert len({*told[0]}) == 3

    run(play)


def test_only_the_subject_is_read_and_long_messages_are_cut_into_batches(server: NatsServer) -> None:
    """Other subjects stay unread; a message of more than LIVE_RECORDS events comes as several batches."""

    async def play() -> None:
        async with Platform(server, "MANY") as club:
            await club.make()
            await club.say("not this", subject="other")
            await club.say(*(f"ride {number}" for number in range(LIVE_RECORDS + 5)))
            await club.say("not this either", subject="other")
            listener = Listener(NatsLive(), connection(server, "MANY", subject="MANY.talk", since="2026-01-01"))
            await listener.until(lambda: listener.covered)
            assert listener.texts() == [f"ride {number}" for number in range(LIVE_RECORDS + 5)]
            assert all(row["complete"] for row in listener.rows("coverage"))

    run(play)


def test_what_the_stream_dropped_is_a_gap(server: NatsServer) -> None:
    """Messages that retention removed before they were read: the time between is told as incomplete."""

    async def play() -> None:
        async with Platform(server, "SHORT") as club:
            await club.make(max_msgs=3)
            listener = Listener(NatsLive(), connection(server, "SHORT"))
            await listener.until(lambda: listener.covered)
            await club.say("zero")
            await listener.until(lambda: listener.texts() == ["zero"])
            for number in range(8):
                await club.say(f"ride {number}")
            await listener.until(lambda: len(listener.texts()) >= 4)
            assert listener.texts() == ["zero", "ride 5", "ride 6", "ride 7"]
            gaps = [row for row in listener.rows("coverage") if not row["complete"]]
            assert len(gaps) == 1
            assert gaps[0]["start"] < gaps[0]["end"]
            await club.js.delete_stream("SHORT")
            await club.make()
            await club.say("anew")
            await listener.until(lambda: "anew" in listener.texts())
            assert len([row for row in listener.rows("coverage") if not row["complete"]]) == 2

    run(play)


def test_bad_events_are_rejected_one_by_one(server: NatsServer) -> None:
    """What is no event is rejected, and the others of the same message are kept."""

    async def play() -> None:
        async with Platform(server, "BAD") as club:
            await club.make()
            await club.js.publish("BAD.a", b"\xff\n{}\n")
            await club.js.publish("BAD.a", b"")
            await club.say("good")
            listener = Listener(NatsLive(), connection(server, "BAD", since="2026-01-01"))
            await listener.until(lambda: listener.texts() == ["good"])
            assert [row["field"] for row in listener.rows("rejected")] == ["record", "text"]

    run(play)


def test_rights_are_told_and_the_least_that_is_needed_is_enough(tmp_path: Path) -> None:
    """A user who may only ask JetStream reads all; one who may publish is told so; wrong ones are refused."""
    settings = """
    authorization { users = [
      { user: "club", password: "all" }
      { user: "seawall", password: "reads", permissions {
          publish { allow: ["$JS.API.STREAM.INFO.TALK", "$JS.API.CONSUMER.CREATE.TALK.>",
                            "$JS.API.CONSUMER.MSG.NEXT.TALK.>", "$SYS.REQ.USER.INFO"] }
          subscribe { allow: ["_INBOX.>"] } } }
    ] }
    """

    def as_user(user: str, secret: str, stream: str = "TALK") -> Connection:
        given = {"stream": stream, "user": user, "subject": "TALK.>"}
        return Connection("club", "nats", server.url, PUBLIC, given, {"secret": secret})

    async def play() -> None:
        client = await nats.connect(server.url, user="club", password="all")  # noqa: S106
        await client.jetstream().add_stream(StreamConfig(name="TALK", subjects=["TALK.>"]))
        source = live_by_name("nats")
        rights = await source.check(as_user("seawall", "reads"))
        assert (rights.missing, rights.excess) == ((), ())
        assert "user seawall" in rights.identity
        assert "Send messages" in (await source.check(as_user("club", "all"))).excess[0]
        listener = Listener(source, as_user("seawall", "reads"))
        await listener.until(lambda: listener.covered)
        await client.jetstream().publish("TALK.a", b'{"author": "rosa", "time": 1777817100, "text": "Ride at nine?"}')
        await listener.until(lambda: listener.texts() == ["Ride at nine?"])
        with pytest.raises(AccessError, match="refuses this user") as caught:
            await source.check(as_user("seawall", "tulip-4711"))
        assert "tulip" not in str(caught.value)
        with pytest.raises(ConnectError, match="no such stream"):
            await source.check(as_user("club", "all", "NONE"))
        await client.close()

    with running_nats(tmp_path / "nats", settings) as server:
        run(play)


def test_a_peer_that_lies_is_a_connection_error_and_holds_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Silence, nonsense, an endless line and a huge message: each ends with a ConnectError, soon and small."""
    monkeypatch.setattr(nats_link, "_ANSWER_SECONDS", 1.0)
    info = b'INFO {"server_id":"x","version":"2.10.0","max_payload":1048576,"headers":true}\r\n'

    async def lying(answer: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]) -> str:
        async def answered(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                await answer(reader, writer)
            except (ConnectionError, TimeoutError):
                pass
            finally:
                writer.close()

        peer = await asyncio.start_server(answered, "127.0.0.1", 0)
        port = peer.sockets[0].getsockname()[1]
        told = Connection("club", "nats", f"nats://127.0.0.1:{port}", PUBLIC, {"stream": "TALK"})
        try:
            with pytest.raises(ConnectError) as caught:
                await NatsLive().check(told)
        finally:
            peer.close()
        return str(caught.value)

    async def nonsense(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"SSH-2.0-OpenSSH\r\n" * 3)
        await writer.drain()

    async def strange_types(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b'INFO {"server_id":[],"version":{},"max_payload":"much","connect_urls":7}\r\nPONG\r\n')
        await writer.drain()
        await reader.read(100)

    async def endless_line(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            writer.write(b"x" * 65536)
            await writer.drain()

    sent = 0

    async def huge_message(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(info)
        await reader.readuntil(b"PING\r\n")
        writer.write(b"PONG\r\nMSG _INBOX.a 1 999999999999\r\n")
        while sent < 1 << 30:
            writer.write(b"x" * (1 << 20))
            await writer.drain()
            sent += 1 << 20

    async def play() -> None:
        for answer in (nonsense, strange_types, endless_line, huge_message):
            assert "connection club" in await lying(answer)
        assert sent < 32 << 20

    run(play)


def test_addresses_that_cannot_work_are_refused() -> None:
    """A token in the address, another scheme, an open network without TLS, a stream without a name."""

    async def refused(url: str, **settings: str) -> str:
        with pytest.raises(ConfigurationError) as caught:
            await NatsLive().check(Connection("club", "nats", url, PUBLIC, {"stream": "TALK", **settings}))
        return str(caught.value)

    async def play() -> None:
        assert "user or a token" in await refused("nats://tulip@127.0.0.1:4222")
        assert "tls://" in await refused("https://127.0.0.1:4222")
        assert "not encrypted" in await refused("nats://1.1.1.1:4222")
        assert "stream" in await refused("nats://127.0.0.1:4222", stream="a.b")
        assert "since" in await refused("nats://127.0.0.1:4222", since="tulips")

    run(play)


def test_no_token_is_told_to_a_server_that_offers_no_encryption(server: NatsServer) -> None:
    """With tls:// in the address a server without TLS is told nothing."""

    async def play() -> None:
        url = server.url.replace("nats://", "tls://")
        told = Connection("club", "nats", url, PUBLIC, {"stream": "TALK"}, {"secret": "tulip-4711"})
        with pytest.raises(ConnectError, match="no encryption"):
            await NatsLive().check(told)

    run(play)
