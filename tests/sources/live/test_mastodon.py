"""Mastodon live, against a server that keeps to its contract, used by an independent client at the same time."""

from __future__ import annotations

import asyncio
import json
import random
import threading
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest
from mastodon import Mastodon as Independent
from mastodon import MastodonNetworkError, StreamListener
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response, StreamingResponse

from seawall.checks import check_live_source
from seawall.checks.sources import check_batches
from seawall.errors import AccessError, ConfigurationError, ConnectError
from seawall.protocols import LIVE_RECORDS, Connection, RawBatch
from seawall.sources.live import live_by_name, mastodon_watch
from seawall.sources.live.mastodon_place import Place
from tests.servers.mastodon import Club, Record, served
from tests.sources.live import following as shared

DEADLINE = 25.0
SOURCE = live_by_name("mastodon")
SINCE = {"since": "2026-01-01"}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server of these tests has begun to stream after a moment."""
    monkeypatch.setattr(mastodon_watch, "_SUBSCRIBED_SECONDS", 0.1)
    monkeypatch.setattr(mastodon_watch, "_REPORT_SECONDS", 0.1)
    monkeypatch.setattr(mastodon_watch, "_WAIT_SECONDS", 0.1)


def connection(url: str, token: str, **settings: str) -> Connection:
    return Connection("club", "mastodon", url, settings=settings, secrets={"token": token})


def club(scopes: str = "read:statuses read:accounts", **more: Any) -> tuple[Club, str, list[str]]:
    """A server with an account that only reads, members, and somebody from another server."""
    made = Club(**more)
    reader = made.add_account("seawall", scopes)
    return made, reader, [made.add_account(name) for name in ("bea", "finn", "tom@garden.example")]


@dataclass
class Heard:
    """What the batches of a connection tell, all together."""

    texts: dict[str, tuple[str | None, Any]] = field(default_factory=dict)  # the latest words and time of edit
    rows: dict[str, Record] = field(default_factory=dict)
    deleted: dict[str, str] = field(default_factory=dict)  # id -> who could read it
    acts: list[Record] = field(default_factory=list)
    coverage: list[Record] = field(default_factory=list)
    checkpoints: list[str] = field(default_factory=list)
    rejected: int = 0

    def take(self, batch: RawBatch) -> None:
        check_batches([batch], "mastodon live")
        assert batch.checkpoint is not None
        assert batch.records <= LIVE_RECORDS
        self.checkpoints.append(batch.checkpoint)
        for row in batch.messages.to_pylist():
            number = row["message_id"].removeprefix("127.0.0.1/")
            known = self.texts.get(number)
            if known is None or known[1] is None or (row["edited_at"] and row["edited_at"] >= known[1]):
                self.texts[number] = (row["text"], row["edited_at"])
            self.rows[number] = row
        for row in batch.deletions.to_pylist():
            self.deleted[row["message_id"].removeprefix("127.0.0.1/")] = row["visibility"]
        self.acts += batch.interactions.to_pylist()
        self.coverage += batch.coverage.to_pylist()
        self.rejected += batch.rejected.num_rows

    def agrees(self, server: Club) -> bool:
        """Whether this is what the server holds in its public timeline now: what is gone was told to be gone."""
        with server.lock:
            held = {one["id"]: one["content"][3:-4] for one in server.statuses.values() if server.streams_of(one)}
        return {number: text for number, (text, _) in self.texts.items() if number not in self.deleted} == held


following = partial(shared.following, SOURCE)
until = partial(shared.until, seconds=DEADLINE)


def heard_until(told: Connection, checkpoint: str | None, enough: Callable[[Heard], bool]) -> Heard:
    """What is told from a checkpoint until it is enough."""
    heard = Heard()

    async def listen() -> None:
        async with asyncio.timeout(DEADLINE):
            listening = SOURCE.listen(told, checkpoint)
            async for batch in listening:
                heard.take(batch)
                if enough(heard):
                    break
            await listening.aclose()

    asyncio.run(listen())
    return heard


def covered(heard: Heard) -> bool:
    return bool(heard.coverage)


class Day:
    """A random day, played by Mastodon.py, and by people of other servers, who need no client here."""

    def __init__(self, server: Club, members: list[str], seed: int) -> None:
        self._server, self._members = server, members
        self._draw = random.Random(seed)
        self._clients: dict[tuple[str, str], Independent] = {}
        self._mine: list[tuple[str, str]] = []

    def _client(self, url: str, token: str) -> Independent:
        key = (url, token)
        if key not in self._clients:
            self._clients[key] = Independent(access_token=token, api_base_url=url, version_check_mode="none")
        return self._clients[key]

    def act(self, url: str | None) -> None:
        """Without a url the server answers nobody: what happens then happens on other servers."""
        draw = self._draw
        kind = draw.choices(("post", "reply", "edit", "delete", "remote", "boost"), (6, 3, 3, 3, 4, 1))[0]
        text = f"beans {draw.random():.6f}"
        token = draw.choice(self._members[:2])
        if kind == "remote" or (url is None and kind in ("post", "reply", "boost")):
            self._mine.append((self._members[2], self._server.post(self._members[2], text)["id"]))
        elif kind == "post" or not self._mine:
            assert url is not None
            self._mine.append((token, str(self._client(url, token).status_post(text).id)))
        elif kind == "reply" and url is not None:
            to = draw.choice(self._mine)[1]
            self._mine.append((token, str(self._client(url, token).status_post(text, in_reply_to_id=to).id)))
        elif kind == "boost" and url is not None:
            self._client(url, token).status_reblog(draw.choice(self._mine)[1])
        else:
            token, number = draw.choice(self._mine)
            if kind == "delete":
                self._mine.remove((token, number))
            if url is None:
                _ = self._server.delete(number) if kind == "delete" else self._server.edit(number, text)
            elif kind == "delete":
                self._client(url, token).status_delete(number)
            else:
                self._client(url, token).status_update(number, text)


def test_it_keeps_to_the_contract() -> None:
    """From the beginning that was stated, and again from its checkpoints."""
    server, reader, members = club()
    for number in range(130):
        server.post(members[number % 3], f"beans {number}")
    with served(server) as here:
        check_live_source(SOURCE, connection(here.url, reader, **SINCE))


@pytest.mark.parametrize(("version", "many", "seed"), [("4.4.0", True, 1), ("3.5.0", False, 2)], ids=["4.4", "3.5"])
def test_a_day_with_restarts_is_told_whole(version: str, many: bool, seed: int) -> None:
    """Everything posted, edited and deleted, whether somebody listened, was away, or the server was down."""
    server, reader, members = club(version=version, many=many)
    day, heard = Day(server, members, seed), Heard()

    async def play() -> None:
        port, checkpoint = 0, None
        for _ in range(3):
            with served(server, port) as here:
                port = here.port
                for _ in range(10):
                    await asyncio.to_thread(day.act, here.url)
                told = connection(here.url, reader, **SINCE)
                async with following(told, heard, checkpoint) as task:
                    for _ in range(20):
                        await asyncio.to_thread(day.act, here.url)
                    await until(lambda: heard.agrees(server) and covered(heard), task)
            checkpoint = heard.checkpoints[-1]
            for _ in range(15):
                day.act(None)
        with served(server, port) as here:
            async with following(connection(here.url, reader), heard, checkpoint) as task:
                await until(lambda: heard.agrees(server), task)

    asyncio.run(play())
    assert all(row["complete"] for row in heard.coverage)
    assert heard.rejected == 0


def test_every_checkpoint_is_a_place_to_go_on_from() -> None:
    """What was given before it, and what is given after it, are together all that the server holds."""
    server, reader, members = club()
    for number in range(150):
        server.post(members[number % 3], f"beans {number}")
    with served(server) as here:
        told = connection(here.url, reader, **SINCE)
        whole = heard_until(told, None, covered)
        for place, checkpoint in list(enumerate(whole.checkpoints))[::5]:
            before = heard_until(told, None, lambda heard, n=place: len(heard.checkpoints) > n)  # type: ignore[misc]
            after = heard_until(told, checkpoint, covered)
            assert Heard({**before.texts, **after.texts}, {}, before.deleted | after.deleted).agrees(server)


def listened(client: Independent, listener: StreamListener) -> None:
    """Until the server ends the stream."""
    with suppress(MastodonNetworkError):
        client.stream_public(listener)


def test_an_independent_client_sees_the_same() -> None:
    """Mastodon.py pages the timeline with min_id and listens to the stream of the same server."""
    server, reader, members = club()
    streamed: list[str] = []

    class Listener(StreamListener):  # type: ignore[misc]
        def on_update(self, status: Any) -> None:
            streamed.append(str(status.id))

        def on_delete(self, status_id: Any) -> None:
            streamed.append(f"-{status_id}")

        def on_status_update(self, status: Any) -> None:
            streamed.append(f"+{status.id}")

    with served(server) as here:
        client = Independent(access_token=members[0], api_base_url=here.url, version_check_mode="none")
        listening = threading.Thread(target=listened, args=(client, Listener()), daemon=True)
        listening.start()
        heard = Heard()

        async def play() -> None:
            async with following(connection(here.url, reader, **SINCE), heard) as task:
                await until(lambda: covered(heard) and len(server.listeners) > 1, task)
                numbers = [str((await asyncio.to_thread(client.status_post, f"beans {n}")).id) for n in range(50)]
                await asyncio.to_thread(client.status_update, numbers[3], "peas")
                await asyncio.to_thread(client.status_delete, numbers[4])
                await until(lambda: heard.agrees(server) and len(streamed) == 52, task)

        asyncio.run(play())
        page = client.timeline_public(min_id=0, limit=40)
        pages = []
        while page:
            pages += [str(status.id) for status in page]
            page = client.timeline_public(min_id=max(pages, key=int), limit=40)
    listening.join(DEADLINE)
    assert set(pages) == {number for number in heard.texts if number not in heard.deleted}
    assert {one for one in streamed if one.isdigit()} == set(heard.texts)
    assert f"-{next(iter(heard.deleted))}" in streamed


def test_what_arrives_late_from_another_server_is_found() -> None:
    """Its id is older than those that were given; two minutes are read again."""
    server, reader, members = club()
    now = time.time_ns() // 1_000_000
    server.post(members[0], "beans", made_ms=now - 60_000)
    with served(server) as here:
        told = connection(here.url, reader, **SINCE)
        checkpoint = heard_until(told, None, covered).checkpoints[-1]
        server.post(members[2], "late peas", made_ms=now - 100_000)
        heard = heard_until(told, checkpoint, covered)
    assert "late peas" in [text for text, _ in heard.texts.values()]


def test_a_home_timeline_keeps_only_its_newest() -> None:
    """So a long absence from it is told as a gap; what it holds is given."""
    server, reader, members = club("read")
    server.follows.add((server.tokens[reader]["account"]["id"], server.tokens[members[0]]["account"]["id"]))
    with served(server) as here:
        told = connection(here.url, reader, timelines="user")
        checkpoint = heard_until(told, None, covered).checkpoints[-1]
        for number in range(410):
            server.post(members[0], f"beans {number}", visibility="private")
        heard = heard_until(told, checkpoint, covered)
        assert (len(heard.texts), heard.coverage[0]["complete"]) == (410, False)
        assert {row["visibility"] for row in heard.rows.values()} == {"closed"}
        for place in heard.checkpoints[: len(heard.texts) // 40]:
            rest = heard_until(told, place, covered)
            assert not rest.coverage[0]["complete"], "an interruption does not make the gap forgotten"


def test_what_not_everybody_could_read_is_deleted_under_its_own_id() -> None:
    """The deletion tells who could read it, as long as that is known; else it is told twice."""
    server, reader, members = club("read")
    server.follows.add((server.tokens[reader]["account"]["id"], server.tokens[members[0]]["account"]["id"]))
    heard = Heard()
    with served(server) as here:

        async def play() -> None:
            async with following(connection(here.url, reader, timelines="user"), heard) as task:
                await until(lambda: covered(heard) and bool(server.listeners), task)
                kinds = ("public", "private", "direct")
                made = [server.post(members[0], "beans", visibility=kind)["id"] for kind in kinds[:2]]
                await until(lambda: len(heard.texts) == 2, task)
                for number in made:
                    server.delete(number)
                await until(lambda: len(heard.deleted) == 2, task)

        asyncio.run(play())
    assert sorted(heard.deleted.values()) == ["closed", "public"]


def test_boosts_bring_what_they_repeat() -> None:
    """Two messages: the words of the author, and who repeated them."""
    server, reader, members = club("read")
    server.follows.add((server.tokens[reader]["account"]["id"], server.tokens[members[1]]["account"]["id"]))
    original = server.post(members[0], "beans")
    server.post(members[1], "", reblog=original, content="")
    with served(server) as here:
        heard = heard_until(connection(here.url, reader, timelines="user", **SINCE), None, covered)
    kinds = {row["kind"]: row for row in heard.rows.values()}
    assert kinds["repost"]["repost_of"] == kinds["post"]["message_id"]
    assert kinds["post"]["account"]["id"] == "bea@127.0.0.1"


def test_reports_to_moderators_are_read_where_the_token_may() -> None:
    """Open and resolved ones, each once; a direct status that somebody reported may be read."""
    server, reader, members = club("read:statuses admin:read:reports")
    server.tokens[reader]["admin"] = True
    direct = server.post(members[1], "come to plot 9", visibility="direct")
    target = server.tokens[members[1]]["account"]["id"]
    heard = Heard()
    with served(server) as here:
        client = Independent(access_token=members[0], api_base_url=here.url, version_check_mode="none")

        async def play() -> None:
            async with following(connection(here.url, reader), heard) as task:
                await until(lambda: covered(heard), task)
                await asyncio.to_thread(client.report, target, [direct["id"]])
                await until(lambda: len(heard.acts) == 1, task)
                server.report(members[0], target, [])["action_taken"] = True
                await until(lambda: len(heard.acts) == 2, task)

        asyncio.run(play())
    assert [act["kind"] for act in heard.acts] == ["report", "report"]
    assert heard.acts[0]["source_account"]["id"] == "bea@127.0.0.1"
    assert (heard.rows[direct["id"]]["reported"], heard.rows[direct["id"]]["visibility"]) == (True, "direct")


def test_the_check_says_what_a_token_may_and_should_not() -> None:
    """Whose it is, what it reads, what is missing, and what is more than is needed."""
    server, reader, members = club()
    with served(server) as here:
        few = asyncio.run(SOURCE.check(connection(here.url, reader, timelines="public:local, hashtag:ride")))
        many = asyncio.run(SOURCE.check(connection(here.url, members[0], timelines="public,user")))
        narrow = server.add_account("narrow", "write:statuses")
        none = asyncio.run(SOURCE.check(connection(here.url, narrow, timelines="public,user")))
        with pytest.raises(AccessError) as refused:
            asyncio.run(SOURCE.check(connection(here.url, "token-nobody-has")))
    assert few.identity == "seawall on 127.0.0.1 (no role)"
    assert few.can == ("Read the timeline public:local.", "Read the timeline hashtag:ride.")
    assert ["admin:read:reports" in one for one in few.missing] == [True]
    assert few.excess == ()
    assert "write" in many.excess[0]
    assert ("Read the timeline user: give the token the right read:statuses.") in none.missing
    assert "may not name" in none.identity
    assert "token-nobody-has" not in str(refused.value)


def test_the_limits_of_the_server_are_kept() -> None:
    """Before they are reached it waits; where it is refused all the same, it waits as long as it is told."""
    server, reader, members = club(limit=12, limit_seconds=1.0)
    for number in range(200):
        server.post(members[0], f"beans {number}")
    with served(server) as here:
        heard = heard_until(connection(here.url, reader, **SINCE), None, lambda heard: heard.agrees(server))
    assert len(heard.texts) == 200


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"timelines": "everything"}, "timelines"),
        ({"timelines": "hashtag:a b"}, "timelines"),
        ({"since": "May"}, "since"),
    ],
)
def test_settings_that_cannot_work_are_refused(settings: dict[str, str], named: str) -> None:
    """Before anything is asked, and the message names the setting."""
    with pytest.raises(ConfigurationError, match=named):
        asyncio.run(SOURCE.check(connection("https://nowhere.example", "t", **settings)))


@pytest.mark.parametrize(
    "address", ["ws://10.1.2.3/", "wss://streaming.elsewhere.example", "ftp://127.0.0.1", "beans", "ws://[::1]:99999/"]
)
def test_a_stream_elsewhere_is_not_followed(address: str) -> None:
    """The token would go there; whoever knows the address to be right can state it."""
    server, reader, _ = club(streaming=address)
    with served(server) as here, pytest.raises((ConfigurationError, ConnectError)) as told:
        heard_until(connection(here.url, reader), None, covered)
    assert reader not in str(told.value)
    server.streaming = "wss://streaming.elsewhere.example"
    with served(server) as here:
        stated = connection(here.url, reader, streaming=here.url.replace("http", "ws"))
        assert heard_until(stated, None, covered).coverage


def _pages(value: Any) -> Callable[[Request], Response | None]:
    return lambda request: JSONResponse(value) if "timelines" in request.url.path else None


async def _without_end() -> AsyncGenerator[bytes, None]:
    while True:
        yield b'[{"id": "1"}, ' * 1_000
        await asyncio.sleep(0)


LIES: dict[str, Callable[[Request], Response | None]] = {
    "no list": _pages({"error": "x"}),
    "HTML": lambda request: PlainTextResponse("<html>secret</html>"),
    "instance is a list": lambda request: JSONResponse([1]) if "instance" in request.url.path else None,
    "domain is none": lambda request: (
        JSONResponse({"domain": "bea\n/../secret"}) if "instance" in request.url.path else None
    ),
    "never ends": lambda request: StreamingResponse(_without_end()) if "timelines" in request.url.path else None,
    "100 MB": lambda request: PlainTextResponse("[" + "1," * 50_000_000) if "timelines" in request.url.path else None,
    "leads elsewhere": lambda request: RedirectResponse("http://10.9.8.7/secret"),
    "fault": lambda request: JSONResponse({"error": "secret"}, 500),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_server_that_lies_is_found_out(lie: str) -> None:
    """With a message that quotes nothing, and within bounds."""
    server, reader, _ = club(fault=LIES[lie])
    with served(server) as here, pytest.raises(ConnectError) as told:
        heard_until(connection(here.url, reader, **SINCE), None, covered)
    assert "secret" not in str(told.value)
    assert reader not in str(told.value)


def test_strange_statuses_are_set_aside() -> None:
    """Among good ones: each is rejected for itself, and reading goes on."""
    server, reader, members = club()
    good = [server.post(members[0], f"beans {number}") for number in range(3)]
    for number, (key, value) in enumerate(
        [("account", None), ("created_at", 7), ("content", ["x"]), ("visibility", {})]
    ):
        strange = server.post(members[0], f"strange {number}")
        strange[key] = value
    server.streams_of = lambda status: [("public",)]  # type: ignore[method-assign]
    with served(server) as here:
        heard = heard_until(connection(here.url, reader, **SINCE), None, covered)
    assert {one["id"] for one in good} <= set(heard.texts)
    assert heard.rejected >= 3


def test_a_server_that_ignores_min_id_ends_and_says_that_it_is_not_whole() -> None:
    """It gives its newest page whatever is asked."""
    server, reader, members = club()
    for number in range(100):
        server.post(members[0], f"beans {number}")
    newest = server.timeline(reader, ("public",))[:40]
    server.fault = _pages(newest)
    with served(server) as here:
        heard = heard_until(connection(here.url, reader, **SINCE), None, covered)
    assert (len(heard.texts), heard.coverage[0]["complete"]) == (40, False)


def test_frames_that_are_none_are_found_out() -> None:
    """A few cost only themselves; a hundred in a row end the connection."""
    server, reader, _ = club()
    with served(server) as here:

        async def play(frames: list[str]) -> Heard:
            heard = Heard()
            async with asyncio.timeout(DEADLINE):
                async for batch in SOURCE.listen(connection(here.url, reader), None):
                    heard.take(batch)
                    if covered(heard) and len(heard.checkpoints) == 1:
                        loop, queue, *_ = server.listeners[-1]
                        for frame in frames:
                            loop.call_soon_threadsafe(queue.put_nowait, frame)
                    if heard.rejected >= len(frames):
                        break
            return heard

        strange = ["beans", "[1]", '{"a": 1}', json.dumps({"event": "update", "payload": "{"})]
        assert asyncio.run(play(strange)).rejected == len(strange)
        with pytest.raises(ConnectError, match="nothing that Mastodon"):
            asyncio.run(play([f"beans {number}" for number in range(10_000)]))


def test_a_stream_that_is_refused_is_an_access_error() -> None:
    """The token may read the public timeline over REST but no home timeline."""
    server, reader, _ = club("write:statuses")
    with served(server) as here, pytest.raises(AccessError):
        heard_until(connection(here.url, reader, timelines="user"), None, covered)


def test_a_checkpoint_holds_no_more_than_it_needs() -> None:
    """The newest two hundred statuses, and neither token nor names."""
    server, reader, members = club()
    for number in range(500):
        server.post(members[0], f"beans {number}")
    with served(server) as here:
        heard = heard_until(connection(here.url, reader, **SINCE), None, covered)
    checkpoint = heard.checkpoints[-1]
    assert len(Place.read(checkpoint).recent) == 200
    assert len(checkpoint) < 5_000
    assert "bea" not in checkpoint
