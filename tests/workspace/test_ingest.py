"""Taking in live batches: durable at once, in the lake once, whatever happens in between."""

from __future__ import annotations

import errno
import os
import random
import stat
import threading
from collections import Counter
from dataclasses import replace
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

import seawall
from seawall.errors import BacklogError, ConfigurationError, StorageError, WorkspaceError
from seawall.journal.segment import segment_paths
from seawall.lake import Receipt, tidying
from seawall.model import RAW_CHANNELS, TABLES, raw_table
from seawall.workspace import Workspace
from tests.workspace.live import CLUB, GARDEN, at, post, told, who


@pytest.fixture
def club(tmp_path: Path) -> Workspace:
    return seawall.create(tmp_path / "club", reviewer="anna")


def texts(workspace: Workspace) -> dict[str, str]:
    rows = workspace.messages(["message_id", "text"]).to_pylist()
    assert len(rows) == len({row["message_id"] for row in rows})
    return {row["message_id"].removeprefix("garden:"): row["text"] for row in rows}


def sums(receipts: list[Receipt]) -> tuple[int, int, int, int]:
    assert all(one.records == one.kept + one.rejected + one.duplicate for one in receipts)
    return tuple(sum(getattr(one, name) for one in receipts) for name in ("records", "kept", "rejected", "duplicate"))


def test_what_is_accepted_is_durable_at_once_and_in_the_lake_after_a_flush(club: Workspace):
    """Accepting tells what waits; a flush makes one batch of it, after which nothing waits and no file is left."""
    with club.ingest() as ingest:
        assert ingest.checkpoint("club") is None
        ingest.accept(CLUB, GARDEN, [told([post("1"), post("2")], checkpoint="a")])
        accepted = ingest.accept(CLUB, GARDEN, [told([post("3")], watched=(0, 1), checkpoint="b")])
        assert (accepted.records, accepted.waiting_records) == (1, 3)
        assert accepted.waiting_bytes == ingest.waiting.bytes > 0
        assert ingest.checkpoint("club") == "b"
        assert texts(club) == {}
        (receipt,) = ingest.flush()
        assert (receipt.number, receipt.records, receipt.kept) == (1, 3, 3)
        assert set(texts(club)) == {"1", "2", "3"}
        assert club.coverage()["how"].to_pylist() == ["watched"]
        assert (ingest.waiting.records, ingest.waiting.age) == (0, 0.0)
        assert segment_paths(club.path / "journal") == []
        assert ingest.flush() == []
    assert club.check() == []


def test_a_receipt_holds_the_rows_that_were_written(club: Workspace):
    """New rows, later revisions and deletions of a flush stand in its receipt as in the lake, and nothing else does."""
    with club.ingest() as ingest:
        for flush in range(3):
            posts = [post(f"{flush}-{place}", mentions=[who("iris")]) for place in range(3)]
            edit = post("0-1", text=f"Sown {flush}.", edited_at=at(10 + flush), mentions=[who("iris")])
            known = post("0-0", mentions=[who("iris")])
            ingest.accept(CLUB, GARDEN, [told([*posts, edit, known], gone=[(f"{flush}-2", 30)], watched=(0, 1))])
            (receipt,) = ingest.flush()
            assert receipt.kept == 5
            with club.reading() as lake:
                stored = lake.added_after({"live:garden:club": flush}, list(receipt.added)).tables
            assert receipt.added["messages"].num_rows == 4
            assert receipt.added["interactions"].num_rows == 4
            for name, rows in receipt.added.items():
                assert rows.schema.equals(TABLES[name])
                assert sorted(map(str, rows.to_pylist())) == sorted(map(str, stored[name].to_pylist()))
                assert set(rows["batch"].to_pylist()) <= {receipt.batch}


def test_a_new_process_goes_on_where_the_last_one_ended(club: Workspace):
    """What waited when a process ended is taken up by the next one; its source resumes after what was acknowledged."""
    ingest = club.ingest()
    ingest.accept(CLUB, GARDEN, [told([post("1")], checkpoint="a")])
    ingest.flush()
    ingest.accept(CLUB, GARDEN, [told([post("2")], checkpoint="b")])
    ingest.close()
    with club.ingest() as again:
        assert again.checkpoint("club") == "b"
        again.accept(CLUB, GARDEN, [told([post("3")], checkpoint="c")])
        (receipt,) = again.flush()
        assert (receipt.number, receipt.kept) == (2, 2)
    with club.ingest() as third:
        assert third.checkpoint("club") == "c"
        third.accept(CLUB, GARDEN, [told([post("4")], checkpoint="d")])
    assert set(texts(club)) == {"1", "2", "3", "4"}


def test_frames_that_the_lake_has_are_passed_over(club: Workspace, tmp_path: Path):
    """A journal that comes back as it was before its frames reached the lake adds nothing, however they are grouped."""
    journal = club.path / "journal"
    ingest = club.ingest()
    for number in range(3):
        ingest.accept(CLUB, GARDEN, [told([{**post(""), "message_id": None}], checkpoint=str(number))])
    (path,) = segment_paths(journal)
    before = path.read_bytes()
    ingest.flush()
    ingest.accept(CLUB, GARDEN, [told([{**post(""), "message_id": None}], checkpoint="3")])
    ingest.close()
    path.write_bytes(before)
    with club.ingest() as again:
        assert [receipt.kept for receipt in again.flush()] == [1]
        assert again.checkpoint("club") == "3"
    assert len(texts(club)) == 4


def test_a_lake_that_is_older_than_the_journal_is_not_written_over_a_gap(club: Workspace):
    """Where frames between lake and journal are missing, that is said, and what is there stays."""
    ingest = club.ingest()
    for number in range(2):
        ingest.accept(CLUB, GARDEN, [told([post(str(number))], checkpoint=str(number))])
        ingest._journal.frames()  # a segment each
    ingest.close()
    segment_paths(club.path / "journal")[0].unlink()
    again = club.ingest()
    with pytest.raises(StorageError, match="missing"):
        again.flush()
    again.close()
    assert len(segment_paths(club.path / "journal")) == 1


@pytest.mark.parametrize("doubled", [False, True])
def test_any_order_of_delivery_ends_the_same(club: Workspace, doubled: bool):
    """Post, two edits and a deletion in all 24 orders, batched and flushed anyhow: the same message remains."""
    generator = random.Random(3)
    events = [
        lambda id_: told([post(id_)]),
        lambda id_: told([post(id_, text="Sown.", edited_at=at(5))]),
        lambda id_: told([post(id_, text="Watered.", edited_at=at(9))]),
        lambda id_: told(gone=[(id_, 12)]),
    ]
    receipts: list[Receipt] = []
    records = 0
    with club.ingest() as ingest:
        for number, order in enumerate(permutations(events)):
            batches = [event(str(number)) for event in order for _ in range(1 + doubled)]
            records += len(batches)
            while batches:
                count = generator.randint(1, len(batches))
                ingest.accept(CLUB, GARDEN, batches[:count])
                del batches[:count]
                if generator.random() < 0.2:
                    receipts += ingest.flush()
        receipts += ingest.flush()
    assert set(texts(club).values()) == {"Watered."}
    rows = club.messages(["message_id", "kind", "edited_at", "deleted_at"]).to_pylist()
    assert {(row["kind"], row["edited_at"], row["deleted_at"]) for row in rows} == {("post", at(9), at(12))}
    assert len(rows) == 24
    assert sums(receipts)[0] == records
    assert sums(receipts)[2] == 0, "a version that comes after a later one is a duplicate"


def test_joined_batches_say_what_single_ones_say(tmp_path: Path):
    """Many batches in one call leave the same rows as each in a call of its own."""
    batches = [
        told(
            [post(f"{number}-{place}", minute=number, mentions=[who("iris")]) for place in range(3)],
            gone=[(f"{number - 1}-0", number)],
            watched=(number, number + 1),
            checkpoint=str(number),
            channels=raw_table(RAW_CHANNELS, {"channel_id": ["beds"], "kind": ["room"], "visibility": ["public"]}),
        )
        for number in range(5)
    ]
    shown = []
    for name, calls in (("joined", [batches]), ("single", [[batch] for batch in batches])):
        workspace = seawall.create(tmp_path / name)
        (workspace.path / "keys" / "pseudonym.key").write_text("ab" * 32)
        with workspace.ingest() as ingest:
            for call in calls:
                ingest.accept(CLUB, GARDEN, call)
        with workspace.reading() as lake:
            shown.append(
                {
                    table: sorted(str(row) for row in lake.reader(table, columns).read_all().to_pylist())
                    for table, columns in SHOWN.items()
                }
            )
    assert shown[0] == shown[1]


SHOWN = {
    "messages": ("message_id", "account_id", "text", "deleted_at"),
    "interactions": ("interaction_id", "source_account", "target_account"),
    "accounts": ("account_id", "first_seen", "last_seen"),
    "channels": ("channel_id", "kind"),
    "coverage": ("start", "end", "complete", "how"),
    "deletions": ("message_id", "deleted_at"),
}


def test_being_watched_is_kept_where_every_record_is_known(club: Workspace):
    """After a reconnection that brings nothing new, the lake still learns that the time was watched."""
    with club.ingest() as ingest:
        for minute in (0, 1):
            ingest.accept(CLUB, GARDEN, [told([post("1")], watched=(minute, minute + 1))])
            ingest.flush()
        ingest.accept(CLUB, GARDEN, [told(watched=(2, 3))])
    assert sorted(club.coverage()["end"].to_pylist()) == [at(1), at(2), at(3)]


def test_a_reply_is_recognised_tomorrow(club: Workspace):
    """The key of replies outlives the process, in a file for its owner only; another workspace has another."""

    def reply(workspace: Workspace, id_: str) -> None:
        direct = raw_table(RAW_CHANNELS, {"channel_id": ["d"], "kind": ["direct"], "visibility": ["direct"]})
        with workspace.ingest() as ingest:
            ingest.accept(CLUB, GARDEN, [told([post(id_, channel_id="d", text="Come along!")], channels=direct)])

    reply(club, "1")
    reply(club, "2")
    other = seawall.create(club.path.parent / "other")
    reply(other, "1")
    keys = club.interactions(["reply_key"])["reply_key"].to_pylist()
    assert len(keys) == 2
    assert len(set(keys)) == 1
    assert other.interactions(["reply_key"])["reply_key"].to_pylist()[0] != keys[0]
    key = club.path / "keys" / "reply.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    content = key.read_text()
    digit = next(place for place in range(len(content) - 1, 0, -1) if content[place] in "0123456789abcdef")
    key.write_text(content[:digit] + ("0" if content[digit] != "0" else "1") + content[digit + 1 :])
    with pytest.raises(StorageError, match="damaged"):
        club.ingest()


def test_nothing_of_a_refused_call_is_acknowledged(club: Workspace, monkeypatch: pytest.MonkeyPatch):
    """After a missing statement, a full journal or a refusing disk the same call can be made again."""
    batches = [told([post("1")], checkpoint="a"), replace(told([post("2")], checkpoint="b"), platform="bikes")]
    with club.ingest() as ingest:
        with pytest.raises(ConfigurationError, match="visibility"):
            ingest.accept(replace(CLUB, options=replace(CLUB.options, visibility=None)), GARDEN, batches)
        with monkeypatch.context() as patch:
            patch.setattr(ingest._journal, "_limit", 10)
            with pytest.raises(BacklogError) as refused:
                ingest.accept(CLUB, GARDEN, batches)
            assert refused.value.retry_after
        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", refusing(0))
            with pytest.raises(StorageError, match="full"):
                ingest.accept(CLUB, GARDEN, batches)
        assert ingest.checkpoint("club") is None
        assert ingest.waiting.records == 0
        assert ingest.accept(CLUB, GARDEN, batches).records == 2
        assert ingest.checkpoint("club") == "b"
        assert [receipt.kept for receipt in ingest.flush()] == [1, 1]


def refusing(after: int) -> Any:
    """``os.fsync`` that says once that the disk is full, after so many calls."""
    genuine, calls, lock = os.fsync, [0], threading.Lock()

    def fsync(descriptor: int) -> None:
        with lock:
            calls[0] += 1
            refuse = calls[0] == after + 1
        if refuse:
            raise OSError(errno.ENOSPC, "No space left on device")
        genuine(descriptor)

    return fsync


def test_a_refusal_of_the_disk_at_any_moment_of_a_flush_loses_and_doubles_nothing(
    club: Workspace, monkeypatch: pytest.MonkeyPatch
):
    """Whichever sync of a flush fails, accepting goes on and a later flush brings each record into the lake once."""
    receipts: list[Receipt] = []
    refusals = 0
    with club.ingest() as ingest:
        for after in range(32):
            ingest.accept(CLUB, GARDEN, [told([{**post(f"{after}", text=f"Bed {after}."), "message_id": None}])])
            with monkeypatch.context() as patch:
                patch.setattr(os, "fsync", refusing(after))
                breaks = ingest.breaks
                try:
                    receipts += ingest.flush()
                except StorageError:
                    assert ingest.breaks == breaks + 1
                    refusals += 1
            ingest.accept(CLUB, GARDEN, [told([{**post(f"{after}", text=f"Row {after}."), "message_id": None}])])
        receipts += ingest.flush()
        assert ingest.waiting.records == 0
    assert refusals > 15
    assert sorted(texts(club).values()) == sorted(
        [f"{word} {number}." for word in ("Bed", "Row") for number in range(32)]
    )
    with club.reading() as lake:
        total = lake.query("SELECT sum(records), sum(kept) FROM batches").to_pylist()[0].values()
    assert list(total) == [64, 64]
    assert [problem for problem in club.check() if "no part of" not in problem] == []


def test_accepting_and_flushing_beside_one_another(club: Workspace):
    """Two threads accept for two connections while a third flushes: each record is in the lake once, sums add up."""
    receipts: list[Receipt] = []
    bikes = replace(CLUB, name="bikes")
    with club.ingest() as ingest:

        def accept(connection: Any) -> None:
            for number in range(25):
                batch = told([post(f"{connection.name}{number}"), post("both")], checkpoint=str(number))
                ingest.accept(connection, GARDEN, [batch])

        threads = [threading.Thread(target=accept, args=(one,)) for one in (CLUB, bikes)]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            receipts += ingest.flush()
        receipts += ingest.flush()
        assert [ingest.checkpoint(name) for name in ("club", "bikes")] == ["24", "24"]
    assert sums(receipts) == (100, 51, 0, 49)
    assert len(texts(club)) == 51
    assert len(receipts) > 2


def test_one_entrance_a_workspace(club: Workspace):
    """A second process that wants to watch is refused at once, and a name may not be used for two sources."""
    with club.ingest() as ingest:
        with pytest.raises(WorkspaceError, match="watches"):
            club.ingest()
        ingest.accept(CLUB, GARDEN, [told([post("1")], checkpoint="a")])

        class Shed(type(GARDEN)):
            name = "shed"

        ingest.accept(CLUB, Shed(), [told([post("1")], checkpoint="b")])
        with pytest.raises(ConfigurationError, match="Two live sources"):
            ingest.checkpoint("club")


def test_what_an_ended_watch_left_is_there_for_every_command(club: Workspace, tmp_path: Path):
    """Frames of a process that ended are in the lake before another command writes, or exports what is held."""
    ingest = club.ingest()
    ingest.accept(CLUB, GARDEN, [told([post("1")])])
    ingest.close()
    club.export_subject(club.pseudonyms_of(platform="garden", id_="id-rosa"), tmp_path / "held.json")
    assert "The bed is dug." in (tmp_path / "held.json").read_text()
    ingest = club.ingest()
    ingest.accept(CLUB, GARDEN, [told([post("2")])])
    ingest.close()
    gone = club.erase(club.pseudonyms_of(platform="garden", id_="id-rosa"), "Asked for it.")
    assert gone["messages"] == 2
    assert segment_paths(club.path / "journal") == []


def test_a_damaged_journal_is_told_by_the_self_check(club: Workspace):
    """One changed byte is named by doctor with segment and offset, and no command writes over it."""
    ingest = club.ingest()
    ingest.accept(CLUB, GARDEN, [told([post("1")])])
    ingest.close()
    (path,) = segment_paths(club.path / "journal")
    assert club.check() == []
    changed = bytearray(path.read_bytes())
    changed[len(changed) // 2] ^= 4
    path.write_bytes(changed)
    (problem,) = club.check()
    assert path.name in problem
    assert "byte 0" in problem
    with pytest.raises(StorageError, match="damaged"):
        club.compact()


def test_many_commits_leave_few_files(club: Workspace, monkeypatch: pytest.MonkeyPatch):
    """Joining small files step by step beside flushes changes no row, and ends when there are few."""
    monkeypatch.setattr(tidying, "MANY_FILES", 6)
    with club.ingest() as ingest:
        for number in range(30):
            edit = [post(str(number - 1), text="Sown.", edited_at=at(number))] if number else []
            ingest.accept(CLUB, GARDEN, [told([post(str(number)), *edit], gone=[(str(number), 60)])])
            ingest.flush()
            for _ in range(30):
                if not ingest.compact_if_needed():
                    break
        assert not ingest.compact_if_needed()
    rows = club.messages(["message_id", "text", "deleted_at"]).to_pylist()
    assert Counter(row["text"] for row in rows) == {"Sown.": 29, "The bed is dug.": 1}
    assert {row["deleted_at"] for row in rows} == {at(60)}
    with club.reading() as lake:
        files = {name: len(lake_files(club, name)) for name in ("messages", "deletions", "batches")}
        assert lake.count("messages") == 30
    assert all(count < 14 for count in files.values()), files
    assert club.check() == []


def lake_files(workspace: Workspace, table: str) -> tuple[Any, ...]:
    from seawall.lake.delta import DeltaFolder

    return DeltaFolder(workspace.path / "lake" / table, table).snapshot().files


def test_closing_after_an_error_keeps_what_waits(club: Workspace):
    """Leaving with an error does not flush, and nothing that was acknowledged is lost."""

    def interrupted() -> None:
        with club.ingest() as ingest:
            ingest.accept(CLUB, GARDEN, [told([post("1")])])
            raise RuntimeError("rain")

    with pytest.raises(RuntimeError, match="rain"):
        interrupted()
    assert texts(club) == {}
    club.settle()
    assert set(texts(club)) == {"1"}


def test_a_batch_without_anything_leaves_nothing(club: Workspace):
    """Neither a frame nor a batch of the lake is made where there is nothing to keep."""
    with club.ingest() as ingest:
        ingest.accept(CLUB, GARDEN, [told(checkpoint="a"), told(checkpoint="b")])
        assert ingest.waiting.frames == 0
        assert ingest.flush() == []


def test_an_entrance_that_was_closed_commits_nothing_more(club: Workspace):
    """Closed within its own block, it leaves what waits to the next owner of the journal."""
    with club.ingest() as ingest:
        ingest.accept(CLUB, GARDEN, [told([post("1")])])
        ingest.close()
    with club.ingest() as again:
        assert again.waiting.frames == 1
