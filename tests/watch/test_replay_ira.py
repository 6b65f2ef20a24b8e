"""Real posts played as if they happened now lead to what a look at them all together finds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

import seawall
from seawall.detectors import WATCHING
from seawall.workspace import Workspace
from tests.cli.running import run

OF_THE_RECORDING = {"case_id", "lake_version", "opened_at", "recorded_at", "reviewer", "revision"}
Row = dict[str, Any]


def told(rows: list[Row]) -> list[Row]:
    """Everything but what tells when and in which order it was recorded."""
    kept = [{name: value for name, value in row.items() if name not in OF_THE_RECORDING} for row in rows]
    return sorted(kept, key=repr)


def replayed_and_read(shared_data: Path, folder: Path, before: int) -> tuple[Path, Path]:
    """The first rows of the sample, played by the command line into one workspace, and added to another."""
    rows = pq.read_table(shared_data / "ira" / "ira_dev.parquet", filters=pc.field("message_id") < before)
    sample = folder / "sample.parquet"
    pq.write_table(rows, sample)
    assert run("init", folder / "club").code == 0
    done = run("watch", folder / "club", "--replay", sample, "--speed", 0, "--keep", folder / "played", "--json")
    assert done.code == 0, done.err
    summary = json.loads(done.out.splitlines()[-1])
    assert summary["messages"] == rows.num_rows
    Workspace.create(folder / "read", like=folder / "club").close()
    assert run("add", folder / "read", sample).code == 0
    with seawall.open(folder / "read") as batch:
        batch.detect(WATCHING)
    return folder / "played", folder / "read"


def test_a_replay_ends_with_the_alerts_and_cases_of_a_batch(shared_data: Path, tmp_path: Path) -> None:
    """Sixty thousand posts: each alert and each case of the replay is that of a look at all of them by the detectors
    that watch, field by field, and a further look at the replayed workspace has nothing to add."""
    played, read = replayed_and_read(shared_data, tmp_path, 60_000)
    with seawall.open(played) as live, seawall.open(read) as batch:
        assert batch.alerts().num_rows > 10
        assert told(live.alerts().to_pylist()) == told(batch.alerts().to_pylist())
        assert told(live.cases().to_pylist()) == told(batch.cases().to_pylist())
        again = live.detect(WATCHING)
        assert (again.new, again.revised) == (0, 0)


@pytest.mark.verify
def test_the_whole_sample_replayed_ends_with_the_alerts_of_a_batch(shared_data: Path, tmp_path: Path) -> None:
    """All posts: each alert of a look at all of them is that of the replay, field by field; what else the replay
    has told was said at its time, and is not said of the whole."""
    played, read = replayed_and_read(shared_data, tmp_path, 10**9)
    with seawall.open(played) as live, seawall.open(read) as batch:
        found = told(live.alerts().to_pylist())
        assert [alert for alert in told(batch.alerts().to_pylist()) if alert not in found] == []
        again = live.detect(WATCHING)
        assert (again.new, again.revised) == (0, 0)
