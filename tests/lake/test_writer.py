from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seawall.errors import StorageError, WorkspaceError
from seawall.lake import Lake
from seawall.lake.writer import Writer
from tests.lake.worlds import START, account, clean, commit, ids, reopened


def test_every_record_is_accounted_for(lake: Lake):
    """records == kept + rejected + duplicate, with each kind of fate in one batch."""
    first = clean([{"text": "prune the roses"}, {"text": "ride at nine"}], deletions=[{"message_id": "club:9"}])
    commit(lake, first)
    rows = [
        {"text": "prune the roses"},
        {"text": "ride at ten"},
        {"text": "sow peas"},
        {"message_id": "club:0", "text": "prune the tulips", "edited": 5},
    ]
    second = clean(rows, deletions=[{"message_id": "club:9"}], quarantine=[{"field": "date", "reason": "no such day"}])
    receipt = commit(lake, second, number=2)
    assert (receipt.records, receipt.kept, receipt.rejected, receipt.duplicate) == (6, 2, 2, 2)
    assert receipt.revisions == 1
    assert receipt.quarantine == {"date: no such day": 1, "message_id: same id, other content, same edit time": 1}
    told = lake.reader("quarantine", ["position", "field", "reason"]).read_all().to_pylist()
    assert {"position": 2, "field": "message_id", "reason": "same id, other content, same edit time"} in told


def test_the_same_input_again_adds_nothing(lake: Lake):
    """A second import under another feed is all duplicates and leaves every table but batches as it was."""
    batch = clean(
        [{"text": "prune the roses"}],
        [{"interaction_id": "i0", "parent": 0}, {"interaction_id": "i1"}],
        accounts=[{"account_id": account(1)}],
        deletions=[{"message_id": "club:3"}],
    )
    commit(lake, batch)
    before = {name: lake.reader(name).read_all() for name in ("messages", "interactions", "accounts", "deletions")}
    receipt = commit(lake, batch, feed="generic 01")
    assert (receipt.kept, receipt.duplicate) == (0, 3)
    assert {name: lake.reader(name).read_all() for name in before} == before


def test_a_batch_that_was_committed_is_not_written_again(lake: Lake):
    """The same feed and number again gives the same receipt and no row."""
    batch = clean([{"text": "prune the roses"}])
    first = commit(lake, batch)
    version = lake.version()
    again = commit(lake, batch)
    assert again.repeated
    assert (again.batch, again.kept) == (first.batch, first.kept)
    assert lake.version() == version


def test_batches_of_a_feed_come_in_order(lake: Lake):
    """A gap in the numbers is refused: a batch would be missing."""
    with pytest.raises(StorageError):
        commit(lake, clean([{}]), number=2)
    assert lake.progress("generic 00") is None


def test_a_batch_that_does_not_add_up_is_refused(lake: Lake):
    """A record that was lost before the lake is an error, not a smaller number."""
    batch = clean([{"text": "sow peas"}])
    short = type(batch)(2, batch.tables, batch.message_keys, batch.interaction_keys, batch.parents)
    with pytest.raises(StorageError, match="2 records"):
        commit(lake, short)
    assert ids(lake) == []


def test_interactions_share_the_fate_of_their_message(lake: Lake):
    """What belongs to a duplicate or a refused message is not written; what belongs to a kept one is."""
    commit(lake, clean([{"text": "a"}], [{"interaction_id": "i0", "parent": 0}]))
    rows = [{"text": "a"}, {"text": "b"}]
    acts = [{"interaction_id": "i0", "parent": 0}, {"interaction_id": "i1", "parent": 1}]
    commit(lake, clean(rows, acts), number=2)
    assert sorted(lake.reader("interactions", ["interaction_id"]).read_all()["interaction_id"].to_pylist()) == [
        "i0",
        "i1",
    ]


def test_a_longer_export_without_ids_adds_only_what_is_new(lake: Lake):
    """Repetitions are numbered within a feed, so a longer file with the same beginning adds its end alone."""
    greeting = {"message_id": "club:~0001", "text": "good morning"}
    other = {"message_id": "club:~0002", "text": "ride at nine"}
    commit(lake, clean([greeting, other, greeting], counted=True), last=True)
    assert ids(lake) == ["club:~0001", "club:~0001#2", "club:~0002"]
    first = commit(lake, clean([greeting, other], counted=True), feed="longer", number=1)
    second = commit(lake, clean([greeting, greeting], counted=True), feed="longer", number=2, last=True)
    assert (first.kept, first.duplicate) == (0, 2)
    assert (second.kept, second.duplicate) == (1, 1)
    assert ids(lake) == ["club:~0001", "club:~0001#2", "club:~0001#3", "club:~0002"]
    assert not list((lake.folder / "index" / "counters").glob("*"))


def test_interactions_of_a_repeated_message_are_its_own(lake: Lake):
    """The second of two equal messages has interactions with ids of their own that lead to it."""
    row = {"message_id": "club:~0001", "text": "good morning"}
    acts = [{"interaction_id": "m", "message_id": "club:~0001", "parent": parent} for parent in (0, 1)]
    commit(lake, clean([row, row], acts, counted=True))
    told = lake.reader("interactions", ["interaction_id", "message_id"]).read_all().to_pylist()
    assert sorted(tuple(row.values()) for row in told) == [("m", "club:~0001"), ("m#2", "club:~0001#2")]


def test_a_failed_try_is_replaced_even_if_another_feed_came_between(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Rows of a try that was never acknowledged do not stand beside the same rows of another feed."""
    batch = clean([{"text": "prune the roses"}, {"text": "ride at nine"}])
    with Lake.create(tmp_path) as lake, monkeypatch.context() as patch:
        patch.setattr(Writer, "_enter", _disk_breaks)
        with pytest.raises(StorageError):
            commit(lake, batch, feed="first")
        assert ids(lake) == []
    with Lake.open(tmp_path, write=True) as lake:
        assert commit(lake, batch, feed="second").kept == 2
        assert commit(lake, batch, feed="first").duplicate == 2
        assert ids(lake) == ["club:0", "club:1"]
        assert lake.check() == []


def test_a_failed_commit_can_be_repeated_in_the_same_process(lake: Lake, monkeypatch: pytest.MonkeyPatch):
    """After the disk refused, the same batch commits as if nothing had been."""
    batch = clean([{"text": "prune the roses"}], [{"interaction_id": "i0", "parent": 0}])
    with monkeypatch.context() as patch:
        patch.setattr(Writer, "_enter", _disk_breaks)
        with pytest.raises(StorageError):
            commit(lake, batch)
    assert commit(lake, batch).kept == 1
    assert ids(lake) == ["club:0"]
    assert lake.count("interactions") == 1


def _disk_breaks(*_: object) -> None:
    raise StorageError("The disk is full.")


@settings(max_examples=20)
@given(st.lists(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 2)), max_size=6), max_size=5), st.booleans())
def test_progress_is_the_sum_of_the_receipts(tmp_path_factory, batches, reopen):
    """Whatever the batches, the feed's progress tells their sums and the lake holds each id once."""
    folder = tmp_path_factory.mktemp("lake")
    totals = [0, 0, 0, 0]
    lake = Lake.create(folder)
    for number, rows in enumerate(batches, 1):
        made = [{"message_id": f"club:{name}", "text": f"bed {content}"} for name, content in rows]
        receipt = commit(lake, clean(made), number=number)
        fates = (receipt.records, receipt.kept, receipt.rejected, receipt.duplicate)
        assert fates[0] == sum(fates[1:])
        totals = [total + fate for total, fate in zip(totals, fates, strict=True)]
        if reopen:
            lake.close()
            lake = Lake.open(folder, write=True)
    progress = lake.progress("generic 00")
    if batches:
        assert progress is not None
        assert [progress.records, progress.kept, progress.rejected, progress.duplicate] == totals
        assert (progress.number, progress.checkpoint) == (len(batches), str(len(batches)))
    assert ids(lake) == sorted({f"club:{name}" for rows in batches for name, _ in rows})
    lake.close()


def test_a_second_writer_is_refused(lake: Lake):
    """Two writers: the second is told that another process writes; reading works meanwhile."""
    with pytest.raises(WorkspaceError, match="Another process"):
        reopened(lake, write=True)
    with reopened(lake) as reading:
        assert reading.count("messages") == 0
        with pytest.raises(WorkspaceError, match="reading only"):
            commit(reading, clean([{}]))


def test_a_folder_without_a_lake_is_told(tmp_path: Path):
    """Opening what is no workspace says so and how to make one."""
    with pytest.raises(WorkspaceError, match="no lake"):
        Lake.open(tmp_path)


def test_a_lost_index_is_read_back_from_the_lake(lake: Lake):
    """Without its index files the lake still knows every row, revisions and interactions included."""
    rows = [{"text": "prune the roses"}, {"text": "ride at nine"}]
    commit(lake, clean(rows, [{"interaction_id": "i1"}], deletions=[{"message_id": "club:1"}]))
    commit(lake, clean([{"text": "prune the tulips", "edited": 7, "edited_at": START}]), number=2)
    lake.close()
    for path in (lake.folder / "index" / "runs").iterdir():
        path.unlink()
    with reopened(lake, write=True) as again:
        batch = clean(
            [{"text": "prune the tulips"}, rows[1]], [{"interaction_id": "i1"}], deletions=[{"message_id": "club:1"}]
        )
        assert commit(again, batch, feed="other").duplicate == 4
        assert again.check() == []
