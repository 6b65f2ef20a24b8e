from __future__ import annotations

import json
import os
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from deltalake import DeltaTable

from seawall.lake import Lake
from seawall.lake import delta as delta_module
from seawall.model import TABLES
from tests.lake.worlds import account, clean, commit, ids

FULL = clean(
    [{"text": "prune the roses", "mentions": [account(2)], "channel_id": "c1"}],
    [{"interaction_id": "i1", "target_account": account(2)}],
    accounts=[{"account_id": account(1)}],
    aliases=[{"handle_key": "h1", "account_id": account(1)}],
    channels=[{"channel_id": "c1", "kind": "broadcast", "title": "Bees"}],
    deletions=[{"message_id": "club:9"}],
    quarantine=[{"field": "date", "reason": "no such day"}],
)


def test_delta_readers_understand_every_table(lake: Lake):
    """The library itself reads what was written here: rows, versions and the feed's transaction."""
    commit(lake, FULL)
    for name in TABLES:
        table = DeltaTable(lake.folder / "lake" / name)
        assert table.to_pyarrow_table().num_rows == (0 if name == "coverage" else 1)
        if name != "coverage":
            assert table.transaction_version("generic 00") == 1


def test_no_statistics_are_kept_of_what_tells_of_a_person(lake: Lake):
    """Neither log, checkpoint nor parquet footer holds a minimum or maximum of anything but times and batches."""
    commit(lake, FULL)
    lake.compact()
    allowed = {"sent_at", "at", "deleted_at", "start", "committed_at", "batch"}
    for path in (lake.folder / "lake").rglob("*.parquet"):
        if "_delta_log" not in path.parts:
            group = pq.ParquetFile(path).metadata.row_group(0)
            columns = [group.column(place) for place in range(group.num_columns)]
            assert {column.path_in_schema for column in columns if column.is_stats_set} <= allowed
    for path in (lake.folder / "lake").rglob("_delta_log/*"):
        content = path.read_bytes()
        for secret in (account(1), account(2), "club:0", "roses", "Bees"):
            assert secret.encode() not in content
        if path.suffix == ".json":
            adds = [json.loads(line)["add"] for line in content.splitlines() if b'"add"' in line]
            assert all(set(json.loads(add["stats"])["minValues"]) <= allowed for add in adds)


def test_everything_is_on_the_disk_before_the_batch_counts(lake: Lake, monkeypatch: pytest.MonkeyPatch):
    """Each file of a commit is synced under its content, its folder after it, and the batch's own entry last."""
    synced: list[str] = []
    real_sync, real_rename = os.fsync, Path.rename

    def sync(descriptor: int) -> None:
        real_sync(descriptor)
        synced.append(str(Path(f"/proc/self/fd/{descriptor}").readlink()))

    def rename(path: Path, target: Path) -> Path:
        assert str(path) in synced, "a name appeared before its content was on the disk"
        synced[synced.index(str(path))] = str(target)
        return real_rename(path, target)

    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(Path, "rename", rename)
    before = {path for path in lake.folder.rglob("*") if path.is_file()}
    commit(lake, FULL)
    new = {str(path) for path in lake.folder.rglob("*") if path.is_file() and path not in before}
    entry = str(lake.folder / "lake" / "batches" / "_delta_log" / f"{1:020d}.json")
    assert {path for path in new if not path.endswith(".tmp")} <= set(synced)
    for path in new:
        assert str(Path(path).parent) in synced[synced.index(path) :]
    before_entry = synced[: synced.index(entry)]
    assert all(path in before_entry for path in new if "/batches/" not in path)
    assert synced[-1] == str(Path(entry).parent)


def test_a_long_history_is_summed_up(lake: Lake, monkeypatch: pytest.MonkeyPatch):
    """Checkpoints come by themselves, and readers find the same rows through them."""
    monkeypatch.setattr(delta_module, "CHECKPOINT_EVERY", 5)
    for number in range(1, 13):
        commit(lake, clean([{"message_id": f"club:{number}"}]), number=number)
    log = lake.folder / "lake" / "messages" / "_delta_log"
    assert [path.name[:20] for path in sorted(log.glob("*.checkpoint.parquet"))] == [f"{5:020d}", f"{10:020d}"]
    assert len(ids(lake)) == 12
    lake.close()
    with Lake.open(lake.folder, write=True) as again:
        assert commit(again, clean([{"message_id": "club:13"}]), number=13).kept == 1
        assert again.check() == []
