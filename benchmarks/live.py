"""Watching 2,000 messages a second for half an hour, pushed over HTTP, all detectors on; and a tenfold burst.

The figures are the client's: a post is acknowledged when its answer is there, so when the disk has synced it. What the
disk alone takes is measured beside it. SEAWALL_LIVE_SECONDS shortens the run.
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx
import numpy as np

import seawall
from benchmarks.live_world import Planted, World
from benchmarks.table import Row
from seawall.model import Visibility
from seawall.protocols import Connection, ReadOptions

NAME = "live"
SECONDS = float(os.environ.get("SEAWALL_LIVE_SECONDS", "1800"))
RATE, POST = 2_000, 100
BURST_RATE, BURST_SECONDS = 20_000, 10.0
GROUP_EVERY = 20.0
PROBE_EVERY, PROBE_BYTES, PROMPT_DISK = 0.25, 20_000, 0.05
PEER = "Osprey (its own published run, PR 367)"
PEER_NOTE = "the only published figure of a peer: 10,000 events offered at 1,000/s, p95 103 s, 83-92 events/s"


@dataclass
class Run:
    """What the client saw."""

    acks: list[float] = field(default_factory=list)
    busy: int = 0  # answers 429 and 503
    broken: int = 0  # connections; what was on them is sent again
    planted: list[Planted] = field(default_factory=list)
    memory: list[tuple[float, int]] = field(default_factory=list)
    answered: list[float] = field(default_factory=list)  # when each of the acks came
    disk: list[tuple[float, float]] = field(default_factory=list)  # when the disk alone was asked, and what it took
    sent: int = 0


def run() -> list[Row]:
    """Half an hour of talk, then a burst, then account for every event."""
    with tempfile.TemporaryDirectory(dir=Path(__file__).resolve().parent.parent) as folder:
        return asyncio.run(_measure(Path(folder) / "club"))


async def _measure(folder: Path) -> list[Row]:
    token = secrets.token_hex(32)
    subprocess.run([sys.executable, "-m", "seawall", "warm"], check=True, stdout=subprocess.DEVNULL)
    workspace = seawall.create(folder)
    options = ReadOptions(visibility=Visibility.PUBLIC, platform="garden")
    workspace.connect(Connection("club", "push", "", options, secrets={"token": token}))
    workspace.receivers.add("log", str(folder.parent / "told.jsonl"))
    world, told = World(), Run()
    async with _watch(folder) as (process, port), _client(port, token) as client:
        probing = asyncio.create_task(_probe_disk(folder.parent / "probe", told))
        steady = await _steady(client, world, told, process.pid)
        probing.cancel()
        acks = np.array(told.acks)
        burst = Run()
        await _burst(client, world, burst)
        await _drained(client)
        process.terminate()
        await asyncio.to_thread(process.wait, 120)
    kept = seawall.open(folder).messages(["message_id"])["message_id"]
    latencies = _alert_latencies(folder, told.planted)
    return _rows(world, told, burst, steady, acks, len(kept), len(set(kept.to_pylist())), latencies)


@asynccontextmanager
async def _watch(folder: Path) -> AsyncIterator[tuple[subprocess.Popen[bytes], int]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "seawall", "watch", str(folder), "--listen", f"127.0.0.1:{port}", "--json"]
    with (folder.parent / "watch.out").open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out)
    try:
        async with httpx.AsyncClient() as client:
            for _ in range(600):
                try:
                    await client.get(f"http://127.0.0.1:{port}/health")
                    break
                except httpx.TransportError:
                    await asyncio.sleep(0.1)
        yield process, port
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


@asynccontextmanager
async def _client(port: int, token: str) -> AsyncIterator[httpx.AsyncClient]:
    headers = {"authorization": f"Bearer {token}", "content-type": "application/x-ndjson"}
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=60.0) as client:
        yield client


async def _post(client: httpx.AsyncClient, lines: list[bytes], told: Run) -> None:
    """Post until it is accepted; the time counts from the first try."""
    began = time.perf_counter()
    body = b"\n".join(lines)
    while True:
        try:
            answer = await client.post("/v1/events/club", content=body)
        except httpx.TransportError:  # the server closed an idle connection at the moment of its use
            told.broken += 1
            assert told.broken < 100
            continue
        if answer.status_code == 200:
            assert answer.json()["accepted"] == len(lines), answer.text
            told.answered.append(time.perf_counter())
            told.acks.append(told.answered[-1] - began)
            told.sent += len(lines)
            return
        assert answer.status_code in (429, 503), answer.text
        told.busy += 1
        await asyncio.sleep(float(answer.headers.get("retry-after", "1")))


async def _steady(client: httpx.AsyncClient, world: World, told: Run, pid: int) -> float:
    """RATE events a second for SECONDS, with a group now and then; the seconds that it took."""
    began = time.perf_counter()
    posts: set[asyncio.Task[None]] = set()
    groups: set[asyncio.Task[None]] = set()
    next_group = GROUP_EVERY / 2
    number = 0
    while (elapsed := time.perf_counter() - began) < SECONDS:
        due = number * POST / RATE
        if due > elapsed:
            await asyncio.sleep(due - elapsed)
        number += 1
        task = asyncio.create_task(_post(client, world.talk(POST), told))
        posts.add(task)
        task.add_done_callback(posts.discard)
        if elapsed >= next_group:
            next_group += GROUP_EVERY
            group = asyncio.create_task(_plant(client, world, told))
            groups.add(group)
            group.add_done_callback(groups.discard)
        if number % (5 * RATE // POST) == 0:
            told.memory.append((elapsed, _resident(pid)))
    await asyncio.gather(*posts, *groups)
    return time.perf_counter() - began


async def _probe_disk(path: Path, told: Run) -> None:
    """Append as much as a group commit and sync it, now and then, as a program would that does nothing else."""
    with path.open("wb", buffering=0) as file:
        while True:
            began = time.perf_counter()
            file.write(secrets.token_bytes(PROBE_BYTES))
            await asyncio.to_thread(os.fsync, file.fileno())
            told.disk.append((began, time.perf_counter() - began))
            await asyncio.sleep(PROBE_EVERY)


def _while_prompt(told: Run, acks: np.ndarray) -> np.ndarray:
    """The acks of the seconds in which the disk alone was prompt: in them and around them."""
    slow = np.array([at for at, took in told.disk if took > PROMPT_DISK])
    answered = np.array(told.answered)[: len(acks)]
    if not len(slow):
        return acks
    apart: np.ndarray = np.abs(answered[:, None] - slow[None, :]).min(axis=1) > 1.0
    return acks.compress(apart)


async def _plant(client: httpx.AsyncClient, world: World, told: Run) -> None:
    for lines, complete in world.group():
        if complete is not None:
            told.planted.append(Planted(complete, time.time()))
        await _post(client, lines, Run())
        await asyncio.sleep(0.5)


async def _burst(client: httpx.AsyncClient, world: World, told: Run) -> None:
    """Ten times as much for BURST_SECONDS, from 20 connections, and again what was refused."""
    batches = [world.talk(POST) for _ in range(int(BURST_RATE * BURST_SECONDS / POST))]
    waiting: asyncio.Queue[list[bytes]] = asyncio.Queue()
    for batch in batches:
        waiting.put_nowait(batch)

    async def send() -> None:
        while not waiting.empty():
            await _post(client, waiting.get_nowait(), told)

    await asyncio.gather(*(send() for _ in range(20)))


async def _drained(client: httpx.AsyncClient) -> None:
    for _ in range(600):
        told = (await client.get("/health")).json()
        if told["waiting"]["records"] == 0:
            return
        await asyncio.sleep(0.5)


def _resident(pid: int) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _alert_latencies(folder: Path, planted: list[Planted]) -> list[float]:
    """Seconds from the event that completes a group until the log tells of its case; infinite if it never does."""
    workspace = seawall.open(folder)
    told_at = {}
    for line in (folder.parent / "watch.out").read_text(encoding="utf-8").splitlines():
        if line.startswith("{") and (row := json.loads(line))["event"] == "case":
            told_at[row["case_id"]] = datetime.fromisoformat(row["at"]).astimezone(UTC).timestamp()
    case_of = {}
    for case_id in told_at:
        for alert in workspace.case(case_id).alerts:
            for subject in alert.alert.subjects:
                case_of[subject.id] = case_id
    latencies = []
    for group in planted:
        (name, *_) = workspace.pseudonyms_of(platform="garden", handle=group.accounts[0])
        case_id = case_of.get(name)
        latencies.append(told_at[case_id] - group.complete_at if case_id else float("inf"))
    return latencies


def _rows(
    world: World,
    told: Run,
    burst: Run,
    seconds: float,
    acks: np.ndarray,
    kept: int,
    distinct: int,
    latencies: list[float],
) -> list[Row]:
    half = [size for at, size in told.memory if at > seconds / 3]
    early, late = np.mean(half[: len(half) // 3]), np.mean(half[-(len(half) // 3) :])
    groups = f"{len(latencies)} groups of 4 accounts planted among the talk, one every {GROUP_EVERY:.0f} s"
    offered = f"{RATE:,} messages/s offered in posts of {POST} for {seconds:,.0f} s, all detectors on"
    return [
        Row("live: acknowledged, p99", 1000 * float(np.percentile(acks, 99)), "ms", "<= 250", note=offered),
        Row("live: acknowledged, median", 1000 * float(np.median(acks)), "ms"),
        *_disk_rows(told, acks),
        Row("live: messages acknowledged a second", told.sent / seconds, "messages/s", ">= 1980", PEER, 92, PEER_NOTE),
        Row("live: from event to alert, p99", float(np.percentile(latencies, 99)), "s", "<= 5", PEER, 103, groups),
        Row("live: from event to alert, median", float(np.median(latencies)), "s"),
        Row("live: memory, most", max(size for _, size in told.memory) / 2**30, "GiB", "<= 2", note="resident"),
        Row(
            "live: memory, last part against the first",
            float(late / early),
            "",
            "<= 1.1",
            note="after a third of the run",
        ),
        Row(
            "live: events lost or doubled",
            abs(world.events - kept) + kept - distinct,
            "",
            "<= 0",
            note="burst included",
        ),
        Row(
            "live: a tenfold burst, refusals with 429",
            burst.busy,
            "answers",
            note=f"{burst.sent:,} events from 20 connections; slowest post {max(burst.acks):.1f} s, refusals included",
        ),
    ]


def _disk_rows(told: Run, acks: np.ndarray) -> list[Row]:
    """How much of it is the disk's."""
    alone = np.array([took for _, took in told.disk])
    prompt = _while_prompt(told, acks)
    note = (
        f"{PROBE_BYTES:,} bytes appended and synced every {PROBE_EVERY} s in the same run; slowest {alone.max():.2f} s"
    )
    which = f"{len(prompt):,} of {len(acks):,} posts: none within 1 s of a sync above {1000 * PROMPT_DISK:.0f} ms"
    return [
        Row("live: the disk alone, p99", 1000 * float(np.percentile(alone, 99)), "ms", note=note),
        Row(
            "live: acknowledged while the disk was prompt, p99",
            1000 * float(np.percentile(prompt, 99)),
            "ms",
            note=which,
        ),
    ]
