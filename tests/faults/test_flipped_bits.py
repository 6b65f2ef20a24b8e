"""A flipped bit in any file of a workspace is found by ``seawall doctor``, or changes nothing that can be read."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import seawall
from seawall.detectors import WatchedCoordination
from seawall.engine.live import LiveEngine, generations
from seawall.errors import SeawallError
from seawall.journal import Journal
from seawall.lake import Lake
from seawall.lake.suppression import Suppression
from seawall.model import TABLES
from seawall.vault import sealed_file
from seawall.workspace import Workspace, make_reviewer_key
from seawall.workspace.desk import Desk
from seawall.workspace.settings import load_settings, pseudonym_key
from tests.casebook.builders import accounts, alert
from tests.faults import worker
from tests.killed_ingest import batch
from tests.workspace.live import CLUB, GARDEN

KINDS = {
    "casebook": "casebook.sqlite",
    "settings": "seawall.json",
    "connections": "keys/connections.json",
    "receivers": "keys/receivers.json",
    "pseudonym key": "keys/pseudonym.key",
    "reply key": "keys/reply.key",
    "erased": "index/erased.json",
    "salt": "index/salt",
    "runs": "index/runs/*.run",
    "counters": "index/counters/*/*.run",
    "journal": "journal/*.journal",
    "lake data": "lake/*/*.parquet",
    "lake log": "lake/*/_delta_log/*",
    "lake log sums": "lake/*/seawall-log-sums.json",
    "vault settings": "vault/vault.json",
    "vault": "vault/*.sealed",
    "saved state": "watch/*/*",
    "briefs": "briefs/*",
}


@pytest.fixture(scope="module")
def club(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A workspace that holds a file of each kind, with frames that wait in the journal."""
    folder = tmp_path_factory.mktemp("flipped")
    with pytest.MonkeyPatch.context() as patch:
        for module, name, value in worker.THRESHOLDS:
            patch.setattr(module, name, value)
        publics = [make_reviewer_key(folder / name, f"long passphrase of {name}")[0] for name in ("anna", "ben")]
        club = folder / "club"
        _fill(seawall.create(club, identities="vault", reviewer_keys=[path.read_text() for path in publics]), folder)
        assert {kind for kind, pattern in KINDS.items() if not any(club.glob(pattern))} == set()
        yield club


def _fill(workspace: Workspace, folder: Path) -> None:
    workspace.connect(replace(CLUB, secrets={"token": "very secret"}))
    workspace.receivers.add("log", str(folder / "notices"))
    with workspace.ingest() as ingest:
        for number in range(9):
            ingest.accept(CLUB, GARDEN, [batch(number)])
            ingest.flush()
    crowds = [alert(accounts(range(8 * number, 8 * number + 8)), day=9 * number) for number in range(40)]
    workspace.casebook.propose(crowds, lake_version="v1")  # so that little of the file is empty
    workspace.decide(workspace.cases()["case_id"][0].as_py(), "no_action", "A garden club's news.")
    workspace.erase(workspace.pseudonyms_of(platform="garden", id_="id-gardener3"), "Asked for it.")
    workspace.hold(workspace.pseudonyms_of(platform="garden", id_="id-gardener1"), "Order 12/26")
    workspace.brief()
    with closing(workspace.ingest()) as ingest:
        desk = Desk(workspace, ingest, LiveEngine([WatchedCoordination()], keep=None), [])
        desk.open()
        ingest.accept(CLUB, GARDEN, [batch(9)])
        desk.step()
        desk.save()
        ingest.accept(CLUB, GARDEN, [batch(10), batch(11)])


def content(folder: Path) -> dict[str, Any]:
    """Everything that can be read of a workspace."""
    held: dict[str, Any] = {"settings": load_settings(folder), "key": pseudonym_key(folder)}
    workspace = seawall.open(folder)
    held["connections"], held["receivers"] = workspace.connections.all(), workspace.receivers.all()
    erased = Suppression(folder / "index" / "erased.json")
    held["erased"] = erased.epoch, erased.pending, erased._salt, erased._hashes
    with Lake.open(folder) as lake:
        for table in TABLES:
            held[table] = Counter(str(row) for row in lake.query(f"SELECT * FROM {table}").to_pylist())  # noqa: S608
    with Journal(folder / "journal") as journal:
        held["journal"] = [(frame.header, str(journal.read(frame))) for frame in journal.frames()]
    with closing(sqlite3.connect(folder / "casebook.sqlite")) as book:
        held["casebook"] = list(book.iterdump())
    state = generations.read(folder / "watch")
    assert state is not None
    held["state"] = [str(rows.to_pylist()) for tables in state.tables.values() for rows in tables.values()]
    held["vault"] = [sealed_file.read(path) for path in sorted((folder / "vault").glob("*.sealed"))]
    held["briefs"] = [path.read_bytes() for path in sorted((folder / "briefs").glob("*.html"))]
    return held


def doctor(folder: Path) -> list[str]:
    """What ``seawall doctor`` says, whether it comes to its end or not."""
    try:
        return seawall.open(folder).check()
    except SeawallError as error:
        return [str(error)]


def flip(path: Path, chance: random.Random) -> bytes:
    """Flip a bit; what was there before."""
    before = path.read_bytes()
    place = chance.randrange(len(before))
    after = bytearray(before)
    after[place] ^= 1 << chance.randrange(8)
    path.write_bytes(after)
    return before


def _tries(club: Path, tmp_path: Path, tries: int, seed: int) -> Counter[tuple[str, str]]:
    whole, said_of_whole = content(club), doctor(club)
    assert [said for said in said_of_whole if "no part of" not in said] == []
    chance, told = random.Random(seed), Counter[tuple[str, str]]()
    copy = tmp_path / "copy"
    for number in range(tries):
        kind = list(KINDS)[number % len(KINDS)]
        path = chance.choice([path for path in sorted(club.glob(KINDS[kind])) if path.stat().st_size])
        shutil.copytree(club, copy)
        flip(copy / path.relative_to(club), chance)
        found = set(doctor(copy)) - {said.replace(str(club), str(copy)) for said in said_of_whole}
        if not found:
            assert content(copy) == whole, (kind, path)
        told[kind, "found" if found else "harmless"] += 1
        shutil.rmtree(copy)
    return told


def test_sixty_flipped_bits_are_found(club: Path, tmp_path: Path) -> None:
    """Of sixty flipped bits each is found, or everything that can be read is as it was."""
    told = _tries(club, tmp_path, 60, seed=1)
    assert sum(count for (_, what), count in told.items() if what == "found") > 40


@pytest.mark.verify
def test_a_thousand_flipped_bits_are_found(club: Path, tmp_path: Path) -> None:
    """Of a thousand flipped bits each is found, or everything that can be read is as it was."""
    told = _tries(club, tmp_path, 1000, seed=2)
    for (kind, what), count in sorted(told.items()):
        print(f"{kind:16} {what:9} {count:5}")
    assert sum(count for (_, what), count in told.items() if what == "found") > 700
