"""Other commands write while live batches come in: the entrance gives way, and nothing is lost or left behind."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import seawall
from seawall.errors import WorkspaceError
from seawall.journal.segment import segment_paths
from seawall.lake import Receipt, lock
from seawall.model import RAW_INTERACTIONS, raw_table
from seawall.vault import Vault
from seawall.workspace import Workspace, make_reviewer_key
from seawall.workspace.ingest import Ingest
from tests.workspace.live import CLUB, GARDEN, at, post, told, who
from tests.workspace.test_care import held_bytes


@pytest.fixture
def club(tmp_path: Path) -> Workspace:
    return seawall.create(tmp_path / "club", reviewer="anna")


ANOTHER = """
import sys
import seawall
folder, export, account = sys.argv[1:]
with seawall.open(folder) as club:
    print(club.add(export, options=seawall.ReadOptions(visibility="public")).kept)
    club.erase(account, "Asked for it.")
"""


@contextmanager
def flushing(ingest: Ingest, receipts: list[Receipt]) -> Iterator[None]:
    """A thread that flushes all the time, as a watch does."""
    stop = threading.Event()
    failures: list[BaseException] = []

    def flush() -> None:
        while not stop.is_set():
            try:
                receipts.extend(ingest.flush())
            except BaseException as error:  # noqa: BLE001 - raised below
                failures.append(error)
                return
            stop.wait(0.02)

    thread = threading.Thread(target=flush)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
        if failures:
            raise failures[0]


def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def of_rosa(number: int) -> dict[str, object]:
    return post(f"rosa{number}", "rosa", text=f"quincespruce {number}", mentions=[who("iris")])


def test_another_process_adds_and_erases_while_messages_come_in(club: Workspace, tmp_path: Path):
    """Beside a running ingest another process adds a file and erases an account; afterwards no byte of it is left.

    Its messages keep coming during and after the erasure; all others are in the lake once, and sums add up.
    """
    export = tmp_path / "export.ndjson"
    export.write_text(json.dumps({"id": "old", "author": "ben", "created_at": 1_777_800_000, "text": "An old bed."}))
    (rosa,) = club.pseudonyms_of(platform="garden", id_="id-rosa")
    receipts: list[Receipt] = []
    stop = threading.Event()
    count = 0

    def accept() -> None:
        nonlocal count
        while not stop.is_set():
            mention = post(f"iris{count}", "iris", text="Thanks!", mentions=[who("rosa")])
            ingest.accept(CLUB, GARDEN, [told([of_rosa(count), mention], checkpoint=str(count))])
            count += 1
            time.sleep(0.02)

    with club.ingest() as ingest, flushing(ingest, receipts):
        accepting = threading.Thread(target=accept)
        accepting.start()
        until(lambda: bool(receipts))
        assert rosa.encode() in held_bytes(club.path / "lake")
        another = [sys.executable, "-c", ANOTHER, str(club.path), str(export), rosa]
        done = subprocess.run(another, capture_output=True, text=True, check=False, timeout=240)
        assert (done.stdout.strip(), done.returncode) == ("1", 0), done.stderr
        before = count
        until(lambda: count > before + 5)
        until(lambda: ingest.epoch == 1)
        assert ingest.breaks >= 1
        stop.set()
        accepting.join()
        until(lambda: ingest.waiting.records == 0)
        until(lambda: not segment_paths(club.path / "journal"))
    traces = [rosa.encode(), b"quincespruce", b"garden:rosa0", f"garden:rosa{count - 1}".encode()]
    held = held_bytes(club.path)
    assert [trace for trace in traces if trace in held] == []
    shown = {row["message_id"] for row in club.messages(["message_id"]).to_pylist()}
    assert shown == {"generic:old", *(f"garden:iris{number}" for number in range(count))}
    assert sum(receipt.records for receipt in receipts) == 2 * count
    assert all(receipt.records == receipt.kept + receipt.rejected + receipt.duplicate for receipt in receipts)
    assert any("erased" in reason for receipt in receipts for reason in receipt.quarantine)
    assert club.check() == []


def test_what_came_in_while_an_account_was_erased_leaves_nothing_in_the_vault(tmp_path: Path):
    """Identities that were sealed beside a running erasure are removed with it, and none of the account come later."""
    public = [make_reviewer_key(tmp_path / name, "a long pass phrase 1")[0].read_text() for name in ("anna", "ben")]
    club = seawall.create(tmp_path / "club", identities="vault", reviewer_keys=public, reviewer="anna")
    (rosa,) = club.pseudonyms_of(platform="garden", id_="id-rosa")

    def sealed() -> int:
        """How many identities of rosa the vault holds: what erasing them from a copy removes."""
        copy = tmp_path / "copy"
        copy.mkdir(exist_ok=True)
        for path in (club.path / "vault").iterdir():
            (copy / path.name).write_bytes(path.read_bytes())
        removed = Vault.open(copy).erase([rosa])
        for path in copy.iterdir():
            path.unlink()
        return removed

    with club.ingest() as ingest:
        ingest.accept(CLUB, GARDEN, [told([of_rosa(0), post("0", "ben")])])
        ingest.flush()
        assert sealed() == 1
        with lent(ingest, club) as other:
            ingest.accept(CLUB, GARDEN, [told([of_rosa(1), post("1", "carla")])])
            other()
            ingest.accept(CLUB, GARDEN, [told([renamed(2), post("2", "carla")])])
            assert sealed() == 1
        until(lambda: bool(ingest.flush()))
        assert sealed() == 0
        ingest.accept(CLUB, GARDEN, [told([renamed(3), post("3", "dora")])])
        assert sealed() == 0
    assert {row["message_id"] for row in club.messages(["message_id"]).to_pylist()} == {
        f"garden:{number}" for number in range(4)
    }


def renamed(number: int) -> dict[str, object]:
    return of_rosa(number) | {"account": {"id": "id-rosa", "handle": f"new-name{number}", "name": None}}


@contextmanager
def lent(ingest: Ingest, workspace: Workspace) -> Iterator[Callable[[], None]]:
    """While another one has the lock; calling what is given lets it erase rosa, which ends before this does."""
    (rosa,) = workspace.pseudonyms_of(platform="garden", id_="id-rosa")
    may, has = threading.Event(), threading.Event()

    def erase() -> None:
        other = seawall.open(workspace.path, reviewer="anna")
        genuine = other.casebook.held

        def held(accounts: list[str]) -> bool:
            has.set()
            may.wait(60)
            return genuine(accounts)

        other.casebook.held = held  # type: ignore[method-assign]
        other.erase(rosa, "Asked for it.")

    thread = threading.Thread(target=erase)
    thread.start()
    while not has.is_set():
        ingest.flush()
        time.sleep(0.01)
    assert ingest.flush() == []

    def let() -> None:
        may.set()
        thread.join()

    yield let
    thread.join()


def test_accepting_goes_on_while_another_writes(club: Workspace):
    """While the lake is lent, what is accepted waits in the journal; when it is back, it is flushed."""
    with club.ingest() as ingest:
        ingest.accept(CLUB, GARDEN, [told([post("1")], checkpoint="a")])
        writing = threading.Event()
        done = threading.Event()

        def write() -> None:
            with seawall.open(club.path).writing() as lake:
                assert lake.count("messages") == 1  # everything that was acknowledged before
                writing.set()
                done.wait(60)

        thread = threading.Thread(target=write)
        thread.start()
        while not writing.is_set():
            ingest.flush()
        ingest.accept(CLUB, GARDEN, [told([post("2")], checkpoint="b")])
        assert ingest.flush() == []
        assert ingest.compact_if_needed() is False
        assert (ingest.waiting.records, ingest.checkpoint("club"), ingest.breaks) == (1, "b", 0)
        done.set()
        thread.join()
        assert [receipt.kept for receipt in ingest.flush()] == [1]
        assert ingest.breaks == 1


def test_a_writer_that_does_not_give_way_is_told_of_in_the_end(club: Workspace, monkeypatch: pytest.MonkeyPatch):
    """Where nobody lets go, who waits is told after a while; as soon as it is free, it goes on."""
    monkeypatch.setattr(lock, "PATIENCE_SECONDS", 0.2)
    with club.ingest(), pytest.raises(WorkspaceError, match="Another process writes"), club.writing():
        pytest.fail("The ingest has not given way.")
    monkeypatch.setattr(lock, "PATIENCE_SECONDS", 30.0)
    first = club.writing()
    first.__enter__()
    waited = threading.Thread(target=lambda: club.writing().__enter__())
    waited.start()
    time.sleep(0.1)
    assert waited.is_alive()
    first.__exit__(None, None, None)
    waited.join(20)
    assert not waited.is_alive()


def test_interactions_that_name_an_erased_account_come_without_it(club: Workspace):
    """Live interactions towards an erased account are kept for who acts, and do not name the account."""
    (rosa,) = club.pseudonyms_of(platform="garden", id_="id-rosa")
    club.erase(rosa, "Asked for it.")
    acts = raw_table(
        RAW_INTERACTIONS,
        {
            "position": [1],
            "interaction_id": ["f1"],
            "at": [at(0)],
            "kind": ["follow"],
            "source_account": [who("iris")],
            "target_account": [who("rosa")],
        },
    )
    with club.ingest() as ingest:
        assert ingest.epoch == 1
        batch = told()
        ingest.accept(CLUB, GARDEN, [type(batch)("garden", 1, batch.messages, interactions=acts)])
        (receipt,) = ingest.flush()
    assert receipt.kept == 1
    assert receipt.added["interactions"]["target_account"].to_pylist() == [None]
    assert rosa.encode() not in held_bytes(club.path)
