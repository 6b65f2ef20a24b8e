"""The watch process's server, spoken to over real sockets: what it answers, and what it does not let happen to it."""

from __future__ import annotations

import asyncio
import gzip
import json
import signal
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from seawall.errors import BacklogError, ConfigurationError, StorageError
from seawall.model import Visibility
from seawall.protocols import Connection, ReadOptions
from seawall.watch import bodies, http_guard
from seawall.watch.health import health
from seawall.watch.metrics import Metrics
from seawall.watch.pushing import submitting
from seawall.watch.server import Server, Wiring
from seawall.watch.standing import ConnectionState, Status

TOKEN = "a" * 40
CLUB = Connection("club", "push", "", ReadOptions(visibility=Visibility.PUBLIC), secrets={"token": TOKEN})
MESSAGE = {"message_id": "7", "author": "rosa", "sent_at": "2026-05-03T14:05:00Z", "text": "Ride at nine?"}
LINE = json.dumps(MESSAGE).encode() + b"\n"
NDJSON = {"content-type": "application/x-ndjson"}
BEARER = {"authorization": f"Bearer {TOKEN}"}


@dataclass
class Process:
    """What stands behind the server: it keeps what is pushed, or refuses as it is told to."""

    states: list[ConnectionState] = field(default_factory=list)
    metrics: Metrics = field(default_factory=Metrics)
    stopping: bool = False
    refuse: Exception | None = None
    hold: asyncio.Event | None = None
    asked: int = 0
    kept: list[Any] = field(default_factory=list)

    async def take(self, connection: Connection, source: Any, batches: Any) -> None:
        self.asked += 1
        if self.refuse is not None:
            raise self.refuse
        if self.hold is not None:
            await self.hold.wait()
        self.kept += batches

    def wiring(self, **other: Any) -> Wiring:
        return Wiring(
            health=lambda: health(
                self.states,
                now=datetime.now(UTC),
                waiting_records=3,
                remarks=["One message waits."],
                stopping=self.stopping,
            ),
            metrics=self.metrics,
            submit=submitting({"club": CLUB}, self.take),
            **{"tokens": {"club": TOKEN}, **other},
        )


@asynccontextmanager
async def serving(process: Process, **other: Any) -> AsyncIterator[tuple[Server, httpx.AsyncClient]]:
    server = Server(process.wiring(**other), port=0)
    await server.start()
    try:
        base = f"http://127.0.0.1:{server.port}"
        async with httpx.AsyncClient(base_url=base, timeout=10, trust_env=False) as client:
            yield server, client
    finally:
        await server.stop()


def run(play: Callable[[], Awaitable[None]]) -> None:
    async def bounded() -> None:
        async with asyncio.timeout(20):
            await play()

    asyncio.run(bounded())


async def post(client: httpx.AsyncClient, content: Any, **headers: str) -> httpx.Response:
    sent = {**NDJSON, **BEARER, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return await client.post("/v1/events/club", content=content, headers=sent)


def test_an_answer_to_a_push_comes_only_when_the_records_are_durable() -> None:
    """The platform is answered 200 with the counts only after what it sent was kept."""

    async def play() -> None:
        process = Process(hold=asyncio.Event())
        async with serving(process) as (_, client):
            asked = asyncio.create_task(post(client, LINE + b"{}\n"))
            await asyncio.sleep(0.2)
            assert not asked.done()
            process.hold.set()
            answer = await asked
            assert answer.status_code == 200
            assert answer.json() == {
                "accepted": 1,
                "rejected": 1,
                "reasons": [{"line": 2, "field": "text", "reason": "missing"}],
            }
            assert [batch.records for batch in process.kept] == [2]
            packed = await post(client, gzip.compress(LINE * 3), content_encoding="gzip", idempotency_key="k1")
            assert packed.json()["accepted"] == 3

    run(play)


def test_each_refusal_has_its_status_and_says_no_value() -> None:
    """Wrong token, connection, type, encoding, body, and too much waiting: each with its status and a sentence."""
    secret = "tulip-4711"  # noqa: S105

    async def play() -> None:
        process = Process()
        async with serving(process) as (_, client):
            bad = f'{{"text": "{secret}", "time": "{secret}", "author": "{secret}"}}\n'.encode()
            zeros = gzip.compress(b"0" * (bodies.LONGEST_BODY + 1))
            tried = {
                401: [
                    await post(client, LINE, authorization="Bearer wrong"),
                    await post(client, LINE, authorization=f"Basic {TOKEN}"),
                    await client.post("/v1/events/club", content=LINE, headers=NDJSON),
                    await client.post("/v1/events/other", content=LINE, headers={**NDJSON, **BEARER}),
                    await client.post(
                        "/v1/events/other", content=LINE, headers={**NDJSON, "authorization": "Bearer "[:-1]}
                    ),
                ],
                415: [
                    await post(client, LINE, content_type="text/csv"),
                    await post(client, LINE, content_encoding="br"),
                ],
                400: [
                    await post(client, bad),
                    await post(client, LINE, content_encoding="gzip"),
                    await post(client, gzip.compress(LINE)[:-5], content_encoding="gzip"),
                    await post(client, gzip.compress(LINE) + b"x", content_encoding="gzip"),
                    await post(client, LINE, idempotency_key="k" * 300),
                    await post(client, b"{}\n" * 20_001),
                ],
                413: [
                    await post(client, b"0" * (bodies.LONGEST_BODY + 1)),
                    await post(client, zeros, content_encoding="gzip"),
                ],
                404: [await client.get("/"), await client.get("/v1/events")],
                405: [await client.get("/v1/events/club")],
            }
            process.refuse = BacklogError("Too much waits.", retry_after=7.0)
            tried[429] = [await post(client, LINE)]
            assert tried[429][0].headers["retry-after"] == "7"
            process.refuse = StorageError("The disk is full.")
            tried[503] = [await post(client, LINE)]
            process.refuse = RuntimeError(secret)
            tried[500] = [await post(client, LINE)]
        for status, answers in tried.items():
            assert [answer.status_code for answer in answers] == [status] * len(answers)
            assert all(secret not in answer.text for answer in answers)
        assert tried[400][0].json()["reasons"] == [
            {"line": 1, "field": "sent_at", "reason": "not a time in a known form"}
        ]
        assert not any(batch.messages.num_rows for batch in process.kept)

    run(play)


def test_health_says_what_is_wrong() -> None:
    """200 while every connection is read, 503 with the sentence while one is lost or the process stops."""

    async def play() -> None:
        heard = datetime.now(UTC) - timedelta(seconds=30)
        process = Process(states=[ConnectionState("club", "xmpp", Status.WATCHING, last_heard=heard)])
        async with serving(process) as (_, client):
            well = await client.get("/health")
            assert (well.status_code, well.json()["status"]) == (200, "ok")
            assert 29 < well.json()["connections"]["club"]["lag_seconds"] < 60
            assert well.json()["waiting"]["records"] == 3
            assert well.json()["remarks"] == ["One message waits."]
            process.states[0].status, process.states[0].trouble = Status.LOST, "The server does not answer."
            ill = await client.get("/health")
            assert (ill.status_code, ill.json()["status"]) == (503, "degraded")
            assert ill.json()["connections"]["club"]["trouble"] == "The server does not answer."
            process.stopping = True
            assert (await client.get("/health")).json()["status"] == "stopping"

    run(play)


def test_only_the_own_machine_reads_without_a_token() -> None:
    """Another host's name is refused; with a token it must be shown; another address than loopback demands one."""

    async def play() -> None:
        async with serving(Process()) as (_, client):
            for path in ("/health", "/metrics"):
                assert (await client.get(path, headers={"host": "evil.example"})).status_code == 403
        async with serving(Process(), reading_token="r" * 40) as (_, client):
            for path in ("/health", "/metrics"):
                assert (await client.get(path)).status_code == 401
                assert (await client.get(path, headers={"authorization": "Bearer " + "r" * 40})).status_code == 200

    run(play)
    with pytest.raises(ConfigurationError, match="open to the network"):
        Server(Process().wiring(), host="0.0.0.0")  # noqa: S104 - that it is refused is the point


def test_an_address_in_use_is_a_configuration_error() -> None:
    """Two servers on one port: the second says so."""

    async def play() -> None:
        async with serving(Process()) as (first, _):
            with pytest.raises(ConfigurationError, match="cannot be listened on"):
                await Server(Process().wiring(), port=first.port).start()

    run(play)


def test_slow_heads_huge_heads_and_slow_bodies_are_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that drips a head, sends an endless one, or drips a body is cut off; others are served meanwhile."""
    monkeypatch.setattr(http_guard, "HEAD_SECONDS", 0.5)
    head = b"POST /v1/events/club HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/x-ndjson\r\n"
    head += f"authorization: Bearer {TOKEN}\r\n".encode()

    async def dripped(port: int, first: bytes, drip: bytes) -> tuple[bytes, int]:
        """What was answered before the end, and how many drips it took."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(first)
        answer, count = asyncio.create_task(reader.read()), 0
        while not answer.done():
            try:
                writer.write(drip)
                await writer.drain()
            except ConnectionError:
                break
            count += 1
            await asyncio.sleep(0.01)
        writer.close()
        try:
            return await answer, count
        except ConnectionError:
            return b"", count

    async def play() -> None:
        process = Process()
        async with serving(process, body_s=0.5) as (server, client):
            slow_head, silent, huge, slow_body, stalled = await asyncio.gather(
                dripped(server.port, head, b"x-a: b\r\n"),
                dripped(server.port, b"", b""),
                dripped(server.port, head, b"x-a: " + b"b" * 4000 + b"\r\n"),
                dripped(server.port, head + b"transfer-encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
                dripped(server.port, head + b"content-length: 99\r\n\r\n", b""),
            )
            assert slow_head[0] == silent[0] == b""
            assert b" 400 " in huge[0]
            assert b" 200 " not in slow_body[0]
            assert b" 408 " in stalled[0]
            assert (await post(client, LINE)).status_code == 200

    run(play)


def test_an_endless_body_is_refused_and_holds_no_memory() -> None:
    """A body without an end is answered 413 after the limit, and its room is given back."""

    async def play() -> None:
        sent = 0

        async def endless() -> AsyncIterator[bytes]:
            nonlocal sent
            while True:
                sent += 1 << 16
                yield b" " * (1 << 16)

        async with serving(Process()) as (_, client):
            with suppress(httpx.TransportError):  # ended while the client was sending: as good a refusal
                assert (await post(client, endless())).status_code == 413
            assert sent < 8 * bodies.LONGEST_BODY
            assert (await post(client, LINE)).status_code == 200

    run(play)


def test_many_bodies_at_once_find_room_or_are_told_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """More bytes than there is room for: some wait their turn with 429 and Retry-After, and the room is given back."""
    shelf = bodies.Shelf(3 << 20)
    monkeypatch.setattr("seawall.watch.server.Shelf", lambda: shelf)

    async def play() -> None:
        process = Process(hold=asyncio.Event())
        padded = json.dumps({**MESSAGE, "text": "x" * 900_000}).encode()
        async with serving(process) as (_, client):
            asked = [asyncio.create_task(post(client, padded)) for _ in range(8)]
            while sum(task.done() for task in asked) < 5:
                await asyncio.sleep(0.01)
            refused = [task.result() for task in asked if task.done()]
            assert all(one.status_code == 429 and one.headers["retry-after"] == "2" for one in refused)
            process.hold.set()
            answers = [await task for task in asked]
            assert sorted(answer.status_code for answer in answers) == [200] * 3 + [429] * 5
            assert shelf.held == 0
            assert sum(batch.records for batch in process.kept) == 3

    run(play)


def test_two_hundred_connections_at_once_are_served_and_more_are_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """200 idle connections leave room for one that asks; connections beyond the bound are closed at once."""
    monkeypatch.setattr(http_guard, "MOST_CONNECTIONS", 210)

    async def play() -> None:
        async with serving(Process()) as (server, client):
            idle = [await asyncio.open_connection("127.0.0.1", server.port) for _ in range(200)]
            assert (await post(client, LINE)).status_code == 200
            more = [await asyncio.open_connection("127.0.0.1", server.port) for _ in range(20)]

            async def closed(reader: asyncio.StreamReader) -> bool:
                try:
                    return await asyncio.wait_for(reader.read(1), 0.5) == b""
                except TimeoutError:
                    return False
                except ConnectionError:
                    return True

            assert sum(await asyncio.gather(*(closed(reader) for reader, _ in more))) >= 11
            assert (await client.get("/health")).status_code == 200
            for _, writer in idle + more:
                writer.close()

    run(play)


def test_stopping_lets_what_is_under_way_finish() -> None:
    """A push that is being kept is answered before the server ends; afterwards nobody listens there."""

    async def play() -> None:
        process = Process(hold=asyncio.Event())
        async with serving(process) as (server, client):
            asked = asyncio.create_task(post(client, LINE))
            while not process.asked:
                await asyncio.sleep(0.01)
            stopping = asyncio.create_task(server.stop())
            await asyncio.sleep(0.2)
            process.hold.set()
            assert (await asked).status_code == 200
            await stopping
            with pytest.raises(OSError, match="refused"):
                socket.create_connection(("127.0.0.1", server.port), timeout=1)

    run(play)


def test_the_process_keeps_its_signals() -> None:
    """Serving leaves the handlers of SIGTERM and SIGINT as they were."""

    async def play() -> None:
        before = [signal.getsignal(one) for one in (signal.SIGTERM, signal.SIGINT)]
        async with serving(Process()) as (_, client):
            assert (await client.get("/health")).status_code == 200
            assert [signal.getsignal(one) for one in (signal.SIGTERM, signal.SIGINT)] == before

    run(play)


def test_metrics_are_what_prometheus_reads() -> None:
    """The text parses; it holds what was counted, and no label but names of connections, fates and detectors."""
    process = Process()
    state = ConnectionState("club", "xmpp", Status.WATCHING, last_heard=datetime.now(UTC) - timedelta(seconds=9))

    async def play() -> None:
        process.metrics.connection(state)
        process.metrics.acknowledged("club", 5, 0.02)
        process.metrics.looked(0.7)
        process.metrics.cases(2)
        process.metrics.state_rows({"surge": 40})
        state.status = Status.LOST
        process.metrics.connection(state)
        async with serving(process) as (_, client):
            answer = await client.get("/metrics")
        assert answer.headers["content-type"].startswith("text/plain")
        found = {
            (sample.name, *sorted(sample.labels.items())): sample.value
            for family in text_string_to_metric_families(answer.text)
            for sample in family.samples
        }
        club = ("connection", "club")
        assert found[("seawall_records_total", club, ("fate", "acknowledged"))] == 5
        assert 8 < found[("seawall_lag_seconds", club)] < 60
        assert found[("seawall_connected", club)] == 0
        assert found[("seawall_interruptions_total", club)] == 1
        assert found[("seawall_gaps_total", club)] == 0
        assert found[("seawall_ack_seconds_count",)] == found[("seawall_alert_seconds_count",)] == 1
        assert found[("seawall_cases_open",)] == 2
        assert found[("seawall_state_rows", ("detector", "surge"))] == 40
        assert found[("seawall_memory_bytes",)] > 10 << 20
        assert {"seawall_waiting_records", "seawall_waiting_bytes"} <= {name for name, *_ in found}
        assert {label for _, *labels in found for label, _ in labels} <= {"connection", "fate", "detector", "le"}

    run(play)
