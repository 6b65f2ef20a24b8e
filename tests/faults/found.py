"""What must hold of a workspace that is found after a power cut or a failing disk."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import seawall
from seawall.detectors import WatchedCoordination
from seawall.engine.live import LiveEngine
from seawall.lake import Lake
from seawall.lake.suppression import Suppression
from seawall.model import Severity
from seawall.workspace import Workspace
from seawall.workspace.receivers import deliver
from tests.killed_ingest import batch
from tests.workspace.test_receivers import Remembering

GONE = "gardener3"
"""Whom the worker erases."""


HARMLESS = ("are no part of", "was never acknowledged; readers pass it over", "spill files are left")


@dataclass
class Acknowledged:
    """What a worker was told to be done, before the cut."""

    created: bool = False
    saved: bool = False
    last_batch: int = -1
    cases: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    erased: list[str] = field(default_factory=list)
    decided: list[str] = field(default_factory=list)
    connected: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, marks: str) -> Acknowledged:
        """From the worker's lines; one that was not finished does not count."""
        found = cls()
        for line in marks.splitlines():
            act, _, detail = line.partition(" ")
            if act == "batch":
                found.last_batch = int(detail)
            elif act in ("created", "saved"):
                setattr(found, act, True)
            else:
                {
                    "case": found.cases,
                    "told": found.told,
                    "erased": found.erased,
                    "decided": found.decided,
                    "connected": found.connected,
                }[act].append(detail)
        return found


def check_found(folder: Path, acknowledged: Acknowledged) -> None:
    """Nothing that was acknowledged is lost, nothing is there twice, and everything goes on."""
    workspace = seawall.open(folder)
    with workspace.ingest() as ingest:
        reached = int(ingest.checkpoint("club") or -1)
        epoch = ingest.epoch
        state = LiveEngine([WatchedCoordination()], keep=None)
        state.restore(folder / "watch", epoch=epoch)
        assert "damaged" not in state.said
    assert reached >= acknowledged.last_batch
    check_records(folder, reached, acknowledged)
    check_casebook(workspace, acknowledged)
    assert {one.name for one in workspace.connections.all()} >= set(acknowledged.connected)
    if Suppression(folder / "index" / "erased.json").pending:
        workspace.erase(workspace.pseudonyms_of(platform="garden", id_=f"id-{GONE}"), "Asked for it.")
    assert severe(workspace) == []


def severe(workspace: Workspace) -> list[str]:
    """What doctor says, but for files that are merely of no use any more."""
    return [said for said in workspace.check() if not any(harmless in said for harmless in HARMLESS)]


def check_records(folder: Path, reached: int, acknowledged: Acknowledged) -> None:
    """Every record up to the checkpoint is there once, but for those of who was erased."""
    batches = [batch(number) for number in range(reached + 1)]
    posts = [row for one in batches for row in one.messages.to_pylist() if row["message_id"]]
    lasting = [row for row in posts if row["account"]["id"] != f"id-{GONE}" and not row["edited_at"]]
    wanted = {f"garden:{row['message_id']}" for row in lasting}
    with Lake.open(folder) as lake:
        found = Counter(lake.reader("messages", ["message_id"]).read_all()["message_id"].to_pylist())
        accounts = set(lake.reader("messages", ["account_id"]).read_all()["account_id"].to_pylist())
        progress = lake.progress("live:garden:club")
    assert [one for one, times in found.items() if times > 1] == []
    assert wanted - set(found) == set()
    assert (progress.records if progress else 0) == sum(one.records for one in batches)
    assert accounts.isdisjoint(acknowledged.erased)


def check_casebook(workspace: Workspace, acknowledged: Acknowledged) -> None:
    """Cases and decisions are there; who was told is not told again."""
    assert workspace.verify_audit()[0] == []
    cases = {row["case_id"]: row["status"] for row in workspace.cases().to_pylist()}
    assert set(acknowledged.cases) - {""} <= set(cases)
    assert all(cases[case] == "decided" for case in acknowledged.decided)
    team = Remembering("team")
    deliver(workspace, [(team, Severity.LOW)])
    assert {case for case, _ in team.taken}.isdisjoint(acknowledged.told)
