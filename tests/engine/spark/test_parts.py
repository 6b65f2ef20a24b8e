from __future__ import annotations

from functools import partial
from pathlib import Path

import pyarrow as pa
import pytest

from seawall.checks import check_engine
from seawall.engine.local_parts import LocalParts
from seawall.engine.spark import SparkEngine
from seawall.errors import MeasureError, StorageError
from seawall.parts import Parts, TableRows
from tests.engine.spark.kernels import (
    FailsFirst,
    UntilSeen,
    counted,
    ended,
    matched,
    out_of_memory,
    same,
    those_of,
    unlucky,
)

ROWS = TableRows(pa.table({"key": [number * number % 23 for number in range(400)]}))


def test_it_keeps_the_contract_of_engines(spark_engine: SparkEngine) -> None:
    """On Spark every measure gives what it gives here."""
    check_engine(spark_engine)


def _steps(parts: Parts, more: Parts) -> pa.Table:
    kept = parts.by("key").each(counted).kept()
    wider = more.by("key").kept().each(counted).each(lambda rows: rows.rename_columns(["key", "more"]))
    both = kept.beside(wider, matched)
    few = kept.all().slice(0, 5)
    found = both.beside_all(few, those_of).each(lambda rows: rows.select(["key", "count_all"]))
    return found.joined(kept).by("key").each(same).all().sort_by([("key", "ascending"), ("count_all", "ascending")])


def test_steps_give_what_they_give_here(spark_engine: SparkEngine) -> None:
    """Kept, beside, beside a small table, joined and cut anew: Spark's rows are those of parts in memory."""
    few = TableRows(ROWS.table.slice(0, 7))
    here = _steps(LocalParts.of(ROWS, 3), LocalParts.of(few, 3))
    with spark_engine.cluster.keeping():
        there = _steps(spark_engine.parts(ROWS), spark_engine.parts(few))
    assert there.equals(here)
    assert len(here)


def test_kept_parts_stand_beside_kept_parts(spark_engine: SparkEngine) -> None:
    """Each kept table keeps its side, whether a kernel ran since or not."""
    ours = spark_engine.parts(ROWS).by("key").kept()
    counts = spark_engine.parts(ROWS).by("key").each(counted).kept()
    with spark_engine.cluster.keeping():
        found = ours.beside(counts, matched).all()
    assert found.group_by("key").aggregate([([], "count_all")]).num_rows == len(set(ROWS.table["key"].to_pylist()))


def test_a_task_that_fails_once_is_tried_again_without_a_trace(spark_engine: SparkEngine, tmp_path: Path) -> None:
    """Every part fails at its first try; the counts are those of no failure, and no row comes twice."""
    found = spark_engine.parts(ROWS).by("key").each(FailsFirst(tmp_path)).each(counted).all()
    assert dict(zip(found["key"].to_pylist(), found["count_all"].to_pylist(), strict=True)) == {
        key: ROWS.table["key"].to_pylist().count(key) for key in set(ROWS.table["key"].to_pylist())
    }
    assert any(tmp_path.iterdir())


def test_an_error_tells_its_kind_and_its_line_and_quotes_nothing(spark_engine: SparkEngine) -> None:
    """What a kernel raises comes through as that; its words stay on the worker, as they could quote a message."""
    rows = TableRows(pa.table({"key": ["meet me at the compost"]}))
    with pytest.raises(ValueError, match=r"On a worker, in kernels.py, line \d+\.") as told:
        spark_engine.parts(rows).by("key").each(unlucky).all()
    assert "compost" not in str(told.value)
    assert told.value.__cause__ is None


@pytest.mark.parametrize("kernel", [out_of_memory, ended])
def test_a_worker_without_memory_is_a_clear_error(spark_engine: SparkEngine, kernel: object) -> None:
    """Memory that runs out, or a Python process that the system ends again and again, is told as that."""
    with pytest.raises(StorageError, match="more parts"):
        spark_engine.parts(ROWS).by("key").each(kernel).all()  # type: ignore[arg-type]


def test_what_cannot_be_pickled_is_told_before_it_is_sent(spark_engine: SparkEngine, tmp_path: Path) -> None:
    """A kernel that holds an open file cannot travel; the error says what can."""
    with (tmp_path / "notes").open("w") as held, pytest.raises(MeasureError, match="cannot be sent"):
        spark_engine.parts(ROWS).each(partial(_with, held)).all()


def _with(_held: object, rows: pa.Table) -> pa.Table:
    return rows


def test_progress_counts_tasks_to_the_last(spark_engine: SparkEngine, tmp_path: Path) -> None:
    """It tells while work goes on, never goes back within a step, and ends at all."""
    told: list[tuple[int, int | None]] = []
    mark = tmp_path / "told"

    def progress(_what: str, done: int, total: int | None) -> None:
        told.append((done, total))
        mark.touch()

    spark_engine.cluster.watch.progress = progress
    try:
        spark_engine.parts(ROWS).by("key").each(UntilSeen(mark)).each(counted).all()
    finally:
        spark_engine.cluster.watch.progress = None
    assert told == sorted(told)
    assert told[0][0] < told[-1][0]
    assert told[-1][0] == told[-1][1]
