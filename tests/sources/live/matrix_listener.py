"""What the tests of live Matrix share: somebody who listens, and a club to listen to."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from seawall.checks.sources import check_batches
from seawall.protocols import LIVE_RECORDS, Connection, RawBatch
from seawall.sources.live.matrix import MatrixLive
from tests.servers.club_day import Truth
from tests.servers.synapse import Member, Synapse
from tests.sources.live import following as shared

SOURCE = MatrixLive(newest=4, wait_ms=400)  # so few that a busy minute leaves gaps
DEADLINE = 45.0
Row = dict[str, Any]


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
            told = self.visibility.setdefault(row["message_id"], row["visibility"])
            assert told == row["visibility"] or row["edited_at"] is not None, "the same whenever it is delivered"
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


following = partial(shared.following, SOURCE)
until = partial(shared.until, seconds=DEADLINE)


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
