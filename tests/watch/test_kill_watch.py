"""A watch that is killed at any moment loses nothing that it acknowledged, and ends as if nothing had happened."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest

import seawall
from seawall.detectors import WATCHING
from seawall.engine.live import LiveEngine
from seawall.protocols import Connection, ReadOptions
from seawall.sources.live.push import PushSource
from seawall.workspace import Workspace
from seawall.workspace.desk import WATCH, Desk
from tests.cli.running import run
from tests.conftest import ROOT
from tests.notices.receiving import WebServer, web_server
from tests.servers.synapse import free_port
from tests.watch.process import DEADLINE, WatchProcess
from tests.watch.pushed_world import World, ndjson, world

TOKEN = "roses" * 8
CLIENTS = 3
OPTIONS = ReadOptions(visibility="public")
NOW = datetime(2026, 6, 1, tzinfo=UTC)


@dataclass
class Client:
    """A platform that posts its events in any order, and again what was not answered with 200."""

    port: int
    bodies: list[bytes]
    random: Random
    answered: int = 0  # the first so many bodies were answered with 200
    statuses: Counter[int] = field(default_factory=Counter)
    ending: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        with httpx.Client(base_url=f"http://127.0.0.1:{self.port}", trust_env=False, timeout=10) as http:
            while not self.ending.is_set():
                if self.random.random() < 0.05:
                    self._cut()
                body = self.bodies[min(self.answered, len(self.bodies) - 1)]
                if self.done or self.random.random() < 0.1:
                    body = self.random.choice(self.bodies)  # told again, though it was answered perhaps
                    self._post(http, body)
                elif self._post(http, body):
                    self.answered += 1

    @property
    def done(self) -> bool:
        return self.answered == len(self.bodies)

    def _post(self, http: httpx.Client, body: bytes) -> bool:
        headers = {"authorization": f"Bearer {TOKEN}", "content-type": "application/x-ndjson"}
        try:
            status = http.post("/v1/events/garden", content=body, headers=headers).status_code
        except httpx.HTTPError:
            self.ending.wait(0.05)
            return False
        self.statuses[status] += 1
        if status != 200:
            self.ending.wait(0.05)
        return status == 200

    def _cut(self) -> None:
        """A connection that ends in the middle of a body."""
        body = self.random.choice(self.bodies)
        head = (
            f"POST /v1/events/garden HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer {TOKEN}\r\n"
            f"content-type: application/x-ndjson\r\ncontent-length: {len(body)}\r\n\r\n"
        )
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=5) as cut:
                cut.sendall(head.encode() + body[: self.random.randrange(len(body))])
        except OSError:
            return


class Forks:
    """Watches that start quickly, because they are forked from a process that has everything loaded."""

    def __init__(self, errors: Path) -> None:
        self.errors = errors
        command = [sys.executable, "-m", "tests.watch.forking", str(errors)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)

    def start(self, *arguments: str) -> int:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(arguments) + "\n")
        self.process.stdin.flush()
        return self._said("pid")

    def kill(self, process: int) -> int:
        os.kill(process, signal.SIGKILL)
        return self._said("ended")

    def _said(self, word: str) -> int:
        assert self.process.stdout is not None
        told, number = self.process.stdout.readline().split()
        assert told == word, self.errors.read_text()
        return int(number)


@pytest.fixture
def forks(tmp_path: Path) -> Iterator[Forks]:
    started = Forks(tmp_path / "errors.txt")
    yield started
    started.process.kill()
    started.process.communicate()


@pytest.fixture
def hook() -> Iterator[WebServer]:
    with web_server() as server:
        yield server


def make(folder: Path, hook: WebServer, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace to which a platform pushes, as the command line makes it."""
    monkeypatch.setenv("SEAWALL_SECRET_TOKEN", TOKEN)
    for command in (
        ("init", folder),
        ("connect", folder, "push", "--name", "garden", "--visibility", "public"),
        ("tell", folder, "webhook", hook.url),
    ):
        said = run(*command)
        assert said.code == 0, said.err
    return folder


def deliveries(told: World, random: Random) -> list[list[bytes]]:
    """For each client its bodies: all events in any order, each by one client or by several."""
    events = told.events + random.sample(told.events, len(told.events) // 5)
    random.shuffle(events)
    shares = [events[place::CLIENTS] for place in range(CLIENTS)]
    bodies: list[list[bytes]] = []
    for share in shares:
        bodies.append([])
        while share:
            size = random.randint(1, 40)
            bodies[-1].append(ndjson(share[:size]))
            share = share[size:]
    return bodies


def clean_run(told: World, folder: Path, like: Path) -> tuple[str, list[dict[str, Any]]]:
    """The events once, in the order of time, without any disturbance: the states' digest and the alerts."""
    connection = Connection("garden", "push", "", OPTIONS, {}, {"token": TOKEN})
    source = PushSource()
    with Workspace.create(folder, like=like) as workspace, workspace.ingest() as ingest:
        desk = Desk(workspace, ingest, LiveEngine(WATCHING), [])
        desk.open()
        for start in range(0, len(told.events), 300):
            ingest.accept(connection, source, source.raw(connection, ndjson(told.events[start : start + 300])))
            desk.step()
        desk.close()
        return desk.engine.digest(), final(desk.engine)


def final(engine: LiveEngine) -> list[dict[str, Any]]:
    return sorted(
        map(asdict, engine.alerts(NOW, finalise=True)), key=lambda alert: (alert["detector"], alert["anchor"])
    )


def states(folder: Path) -> list[LiveEngine]:
    """The engine as it was saved, and one that is built anew from the lake."""
    saved, built = LiveEngine(WATCHING), LiveEngine(WATCHING)
    with seawall.open(folder) as workspace:
        with workspace.ingest() as ingest:
            mark = saved.restore(folder / WATCH, epoch=ingest.epoch)
        assert mark is not None
        with workspace.reading() as lake:
            assert lake.added_after(mark, ("messages",)).tables["messages"].num_rows == 0
            built.rebuild(lake.reader)
    return [saved, built]


def check_lake(folder: Path, told: World) -> None:
    """Every event is there exactly once, folded."""
    with seawall.open(folder) as workspace, workspace.reading() as lake:
        rows = lake.reader("messages", ["message_id", "text", "deleted_at"]).read_all().to_pylist()
        batches = lake.query("SELECT records, kept, rejected, duplicate FROM batches").to_pylist()
        reasons = lake.reader("quarantine", ["reason"]).read_all()["reason"].to_pylist()
        assert workspace.check() == []
    assert Counter(row["message_id"] for row in rows) == Counter(f"garden:{name}" for name in told.texts)
    assert {row["message_id"]: row["text"] for row in rows} == {
        f"garden:{name}": text for name, text in told.texts.items()
    }
    assert {row["message_id"] for row in rows if row["deleted_at"]} == {f"garden:{name}" for name in told.deleted}
    for batch in batches:
        assert batch["records"] == batch["kept"] + batch["rejected"] + batch["duplicate"]
    assert reasons == []


def check_told(folder: Path, hook: WebServer) -> None:
    """Each case is told, under one id; a repetition has the same."""
    posted = [(headers["webhook-id"], json.loads(body)) for headers, body in hook.posted]
    by_id = {name: json.dumps(body, sort_keys=True) for name, body in posted}
    assert all(by_id[name] == json.dumps(body, sort_keys=True) for name, body in posted)
    with seawall.open(folder) as workspace:
        cases = set(workspace.cases()["case_id"].to_pylist())
    told = [body.get("case_id") or body["data"]["case_id"] for body in map(json.loads, by_id.values())]
    assert sorted(told) == sorted(cases)


def disturb(folder: Path, forks: Forks, port: int, clients: list[Client], random: Random, kills: int) -> None:
    """Start the watch and kill it at random, in its start too."""
    for _ in range(kills):
        before = sum(client.statuses[200] for client in clients)
        watch = forks.start("watch", str(folder), "--json", "--listen", f"127.0.0.1:{port}")
        if random.random() < 0.8:
            deadline = time.monotonic() + DEADLINE
            while sum(client.statuses[200] for client in clients) == before:
                assert time.monotonic() < deadline, forks.errors.read_text()[-2000:]
                time.sleep(0.01)
        time.sleep(random.uniform(0, 1.5))
        assert forks.kill(watch) == -signal.SIGKILL, "it ended by itself"


def play(tmp_path: Path, hook: WebServer, forks: Forks, patch: pytest.MonkeyPatch, kills: int, seed: int) -> None:
    random, told, port = Random(seed), world(seed), free_port()
    folder = make(tmp_path / "club", hook, patch)
    clients = [Client(port, bodies, Random(seed + n)) for n, bodies in enumerate(deliveries(told, random))]
    threads = [threading.Thread(target=client.run) for client in clients]
    for thread in threads:
        thread.start()
    try:
        disturb(folder, forks, port, clients, random, kills)
        with WatchProcess(folder, "--listen", f"127.0.0.1:{port}") as last:
            last.wait_for(lambda: last.watching)  # before that a signal ends it as any program that begins
            last.wait_for(lambda: all(client.done for client in clients))
            for client in clients:
                client.ending.set()
            for thread in threads:
                thread.join()
            last.stop()
    finally:
        for client in clients:
            client.ending.set()
    check_lake(folder, told)
    digest, alerts = clean_run(told, tmp_path / "clean", folder)
    assert {alert["detector"] for alert in alerts} == {"canary", "coordination", "surge"}
    for engine in states(folder):
        assert engine.digest() == digest
        assert final(engine) == alerts
    check_told(folder, hook)
    assert {400, 401, 500} & set(sum((client.statuses for client in clients), Counter())) == set()


def test_kills_lose_double_and_change_nothing(
    tmp_path: Path, hook: WebServer, forks: Forks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed at random while a platform pushes in disorder, twice, a day late and over cut connections, the watch ends
    with the lake, the states and the alerts of a clean run, and has told of each case once."""
    play(tmp_path, hook, forks, monkeypatch, kills=8, seed=5)


@pytest.mark.verify
def test_five_hundred_kills_lose_double_and_change_nothing(
    tmp_path: Path, hook: WebServer, forks: Forks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same, killed five hundred times."""
    play(tmp_path, hook, forks, monkeypatch, kills=500, seed=6)
