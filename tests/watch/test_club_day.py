"""A day at a club on a real Synapse, watched by the real command, while everything is stopped and restarted."""

from __future__ import annotations

import json
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pytest

import seawall
from seawall.detectors.canary import CANARY_PHRASE
from seawall.intake.pseudonyms import Pseudonyms
from seawall.workspace.settings import pseudonym_key
from tests.cli.running import run
from tests.servers.club_day import ClubDay, Truth
from tests.servers.synapse import Member, Synapse, running_synapse
from tests.watch.process import WatchProcess

RIDERS = 8
"""With so many no room is ever a direct conversation while somebody writes."""

FATES = ("stop the watch", "kill the watch", "kill the watch early", "restart Synapse", "kill Synapse", "kill both")
DEADLINE = 60.0
Row = dict[str, Any]


@pytest.fixture
def server(tmp_path: Path) -> Any:
    with running_synapse(tmp_path / "synapse") as running:
        yield running


@pytest.fixture
def club(tmp_path: Path, server: Synapse, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Member]:
    """A workspace that the command line has made and connected, and the account that it reads with."""
    folder, admin = tmp_path / "club", server.member(admin=True)
    monkeypatch.setenv("SEAWALL_SECRET_TOKEN", admin.token)
    for command in (
        ("init", folder),
        ("connect", folder, "matrix", server.url, "--set", "since=2020-01-01", "--basis", "Rules of the club, 4"),
        ("tell", folder, "log", tmp_path / "cases.jsonl"),
    ):
        said = run(*command)
        assert said.code == 0, said.err
    monkeypatch.delenv("SEAWALL_SECRET_TOKEN")
    return folder, admin


@dataclass
class Kept:
    """What the lake says of a server's events; ids of hidden rooms are there under a keyed hash."""

    folder: Path

    def __post_init__(self) -> None:
        with seawall.open(self.folder) as workspace, workspace.reading() as lake:
            self.rows = lake.reader("messages").read_all().to_pylist()
            self.acts = lake.reader("interactions").read_all().to_pylist()
            self.deletions = set(lake.reader("deletions").read_all()["message_id"].to_pylist())
            self.batches = lake.query("SELECT * FROM batches").to_pylist()
            self.coverage = lake.reader("coverage").read_all().to_pylist()
            self.quarantine = lake.reader("quarantine").read_all().num_rows
        self.messages = {row["message_id"]: row for row in self.rows}
        self._pseudonyms = Pseudonyms(pseudonym_key(self.folder), bytes(32))

    def names(self, event: str) -> tuple[str, str]:
        """How the lake may call an event."""
        hidden = self._pseudonyms.messages("matrix", pa.array([event]))[0].as_py()
        return f"matrix:{event}", f"matrix:{hidden}"

    def message(self, event: str) -> Row | None:
        """The message that an event became."""
        found = [self.messages[name] for name in self.names(event) if name in self.messages]
        assert len(found) < 2, "one event, two messages"
        return found[0] if found else None

    def disagreement(self, truth: Truth) -> dict[str, Any]:
        """What of the truth is missing, wrong or too much; nothing where they agree."""
        acts = Counter(act["interaction_id"] for act in self.acts)
        acted = {act["message_id"] for act in self.acts} | set(acts)
        every = truth.events | truth.deleted
        known = {name for event in every for name in self.names(event)}
        wrong = {
            "missing": {one for one in truth.events if self.message(one) is None and not acted & {*self.names(one)}},
            "invented": set(self.messages) - known,
            "texts": {one for one, text in truth.texts.items() if (self.message(one) or {}).get("text") != text},
            "deleted": {one for one in truth.deleted if not self._is_deleted(one)},
            "alive": {one for one in truth.events if (self.message(one) or {}).get("deleted_at") is not None},
            "reports": {one for one in truth.reports if not acts.keys() & {*self.names(one)}},
            "doubled": [name for name, count in acts.items() if count > 1]
            + [name for name, count in Counter(row["message_id"] for row in self.rows).items() if count > 1],
        }
        reports = sum(act["kind"] == "report" for act in self.acts)
        if reports != len(truth.reports):
            wrong["doubled reports"] = reports
        return {name: what for name, what in wrong.items() if what}

    def _is_deleted(self, event: str) -> bool:
        message = self.message(event)
        if message is not None:
            return message["deleted_at"] is not None
        return bool(self.deletions & {*self.names(event)})

    @property
    def holes(self) -> list[Row]:
        """Time between the first and the last moment of which something is told that is not told as collected."""
        told = sorted(self.coverage, key=lambda row: row["start"])
        lost = [row for row in told if not row["complete"]]
        reached = told[0]["end"]
        for row in told:
            if row["start"] > reached:
                lost.append(row)
            reached = max(reached, row["end"])
        return lost


def befall(fate: str, server: Synapse, watch: WatchProcess) -> None:
    """Something is stopped or killed; a server comes back at once."""
    if fate == "stop the watch":
        watch.stop()
    elif fate != "restart Synapse" and fate != "kill Synapse":
        watch.kill()
    if "Synapse" in fate or fate == "kill both":
        server.restart(by_force=fate != "restart Synapse")


def play(server: Synapse, folder: Path, admin: Member, seed: int, fates: list[str], acts: int) -> tuple[Truth, str]:
    """Parts of a day, each with another fate; the canary's phrase is said once. What the server holds in the end."""
    random = Random(seed)
    day = ClubDay(server, random, admin, admin, RIDERS)
    spoken = random.randrange(len(fates))
    watch = WatchProcess(folder)
    try:
        for part, fate in enumerate(fates):
            if watch.process.poll() is not None:
                watch = WatchProcess(folder)
            if "early" in fate:
                day.act(random.randrange(acts))
                time.sleep(random.random() * 3)
            else:
                watch.wait_for(lambda: watch.watching)  # noqa: B023
                day.act(acts)
            if part == spoken:
                said = admin.send(day.rooms[0], CANARY_PHRASE)
            befall(fate, server, watch)
            day.act(acts // 2)
    finally:
        if watch.process.poll() is None:
            watch.kill()
    return day.truth(), said


def check(server: Synapse, folder: Path, admin: Member, seed: int, fates: list[str], acts: int) -> None:
    """Play a day, watch until the end of it has come, stop, and compare."""
    truth, said = play(server, folder, admin, seed, fates, acts)
    with WatchProcess(folder, "--for", str(DEADLINE)) as last:
        with suppress(AssertionError):
            last.wait_for(lambda: not Kept(folder).disagreement(truth), DEADLINE - 10)
        last.stop()
    kept = Kept(folder)
    assert kept.disagreement(truth) == {}
    assert len(truth.texts) > len(fates)
    assert len(truth.reports) > 0
    assert kept.quarantine == 0
    for batch in kept.batches:
        assert batch["records"] == batch["kept"] + batch["rejected"] + batch["duplicate"]
    assert kept.holes == []
    notices = [json.loads(line) for line in (folder.parent / "cases.jsonl").read_text().splitlines()]
    assert len(notices) == 1, "the canary's case, told once"
    with seawall.open(folder) as workspace:
        assert workspace.check() == []
        (alert,) = workspace.alerts().to_pylist()
    assert alert["detector"] == "canary"
    assert alert["anchor"] in kept.names(said)


def test_a_day_at_the_club_is_in_the_lake_whole_and_once(server: Synapse, club: tuple[Path, Member]) -> None:
    """Stopped, killed and started again at random, together with its server, the command misses nothing, doubles
    nothing, and tells of the canary once."""
    random = Random(3)
    check(server, *club, seed=3, fates=random.sample(FATES, 5), acts=16)


@pytest.mark.verify
@pytest.mark.parametrize("seed", range(3))
def test_a_long_day_at_the_club_is_in_the_lake_whole_and_once(
    server: Synapse, club: tuple[Path, Member], seed: int
) -> None:
    """The same with five times as many disasters."""
    random = Random(seed)
    check(server, *club, seed=seed, fates=random.choices(FATES, k=25), acts=60)
