"""Matrix while it happens, on a real Synapse: everything comes, once, and as an export tells it."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest

import seawall
from seawall.checks.live import check_live_source
from seawall.protocols import RawBatch, ReadOptions
from seawall.sources.matrix import Matrix
from seawall.sources.memory import MemoryInput
from tests.servers.club_day import ClubDay
from tests.servers.synapse import Synapse
from tests.sources.live.matrix_listener import DEADLINE, SOURCE, Heard, club, connection, following, hear, until


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
