from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.checks.engine_parts import check_parts
from seawall.checks.engines import CountByKey, check_one_step
from seawall.engine import LocalEngine
from seawall.errors import ConfigurationError, StorageError


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("memory", [1, 4_000, 1 << 30])
def test_it_keeps_the_contract_of_engines(tmp_path: Path, threads: int, memory: int) -> None:
    """In memory, partly and wholly over disk, on one thread and two, it gives what the measure gives."""
    engine = LocalEngine(threads=threads, memory=memory, spill_dir=tmp_path)
    check_one_step(engine)
    check_parts(engine)
    assert list(tmp_path.iterdir()) == []


@given(
    keys=st.lists(st.integers(0, 9) | st.none(), max_size=60),
    cut=st.integers(1, 20),
    memory=st.sampled_from([1, 100, 1 << 20]),
)
def test_any_batches_and_any_bound_give_the_same_counts(keys: list[int | None], cut: int, memory: int) -> None:
    """However the rows are cut in batches and however little memory there is, the counts are right."""
    rows = pa.table({"key": pa.array(keys, pa.int64())})
    result = LocalEngine(threads=2, memory=memory).run(CountByKey(), rows.to_reader(max_chunksize=cut))
    counted = {row["key"]: row["count_all"] for row in result.to_pylist()}
    assert counted == {key: keys.count(key) for key in set(keys)}


class Watching(CountByKey):
    """Notes what lies on disk while rows are still coming, and how large parts are."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.modes: set[int] = set()
        self.largest = 0

    def prepare(self, rows: pa.Table) -> pa.Table:
        self.modes |= {stat.S_IMODE(path.stat().st_mode) for path in self.folder.rglob("*.arrow")}
        return super().prepare(rows)

    def kernel(self, part: pa.Table) -> pa.Table:
        self.largest = max(self.largest, len(part))
        return super().kernel(part)


def test_spilled_rows_are_private_and_cut_by_key(tmp_path: Path) -> None:
    """Files on disk can be read by their owner alone, parts are small, and nothing is left at the end."""
    rows = pa.table({"key": pa.array(range(20_000))})
    measure = Watching(tmp_path)
    result = LocalEngine(memory=10_000, spill_dir=tmp_path).run(measure, rows.to_reader(max_chunksize=1_000))
    assert len(result) == 20_000
    assert measure.modes == {0o600}
    assert measure.largest < 20_000 / 20
    assert list(tmp_path.iterdir()) == []


class Failing(CountByKey):
    def kernel(self, part: pa.Table) -> pa.Table:
        raise ZeroDivisionError


def test_nothing_is_left_on_disk_after_an_error(tmp_path: Path) -> None:
    """When a kernel fails, its error comes through and the files are gone."""
    rows = pa.table({"key": range(1_000)})
    with pytest.raises(ZeroDivisionError):
        LocalEngine(memory=1, spill_dir=tmp_path).run(Failing(), rows.to_reader(max_chunksize=100))
    assert list(tmp_path.iterdir()) == []


KILLED = """
import os, signal, sys
from pathlib import Path
import pyarrow as pa
from seawall.checks.engines import CountByKey
from seawall.engine import LocalEngine

class Killed(CountByKey):
    def kernel(self, part):
        os.kill(os.getpid(), signal.SIGKILL)

rows = pa.table({"key": range(1000)})
LocalEngine(memory=1, spill_dir=Path(sys.argv[1])).run(Killed(), rows.to_reader(max_chunksize=100))
"""


def test_files_of_a_killed_run_go_when_the_next_engine_starts(tmp_path: Path) -> None:
    """A run killed in its kernel leaves files; the next engine removes them, and leaves those of a living run."""
    subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=False)
    assert len(list(tmp_path.rglob("*.arrow"))) > 0
    living = tmp_path / f"spill-{os.getppid()}-00000000"
    living.mkdir()
    LocalEngine(spill_dir=tmp_path)
    assert list(tmp_path.iterdir()) == [living]


def test_progress_tells_rows_and_parts() -> None:
    """Rows read are told with their total, then the parts that are done."""
    told: list[tuple[str, int, int | None]] = []
    engine = LocalEngine(memory=1, progress=lambda *state: told.append(state))
    engine.run(CountByKey(), pa.table({"key": range(30)}).to_reader(max_chunksize=10), total=30)
    assert [state for state in told if state[0] == "reading rows"] == [("reading rows", n, 30) for n in (10, 20, 30)]
    assert [done for what, done, _ in told if what == "measuring"] == list(range(1, len(told) - 2))


def test_a_disk_that_refuses_is_told() -> None:
    """A spill folder that cannot be made is a StorageError that says what to do."""
    engine = LocalEngine(memory=1)
    engine.spill_dir = Path("/proc/nowhere")
    with pytest.raises(StorageError, match="spill_dir"):
        engine.run(CountByKey(), pa.table({"key": range(30)}).to_reader(max_chunksize=10))


@pytest.mark.parametrize("wrong", [{"threads": 0}, {"memory": 0}])
def test_settings_that_cannot_work_are_refused(wrong: dict[str, Any]) -> None:
    """No threads or no memory is a wrong configuration."""
    with pytest.raises(ConfigurationError):
        LocalEngine(**wrong)


class Joining(CountByKey):
    """Counts how often merge is asked."""

    def merge(self, parts: Sequence[pa.Table]) -> pa.Table:
        assert len(parts) > 0
        return super().merge(parts)


def test_no_rows_at_all_still_reach_finalise(tmp_path: Path) -> None:
    """A reader without batches gives the measure's empty result."""
    schema = pa.schema([("key", pa.int64())])
    empty = pa.RecordBatchReader.from_batches(schema, iter(()))
    assert len(LocalEngine(spill_dir=tmp_path).run(Joining(), empty)) == 0
