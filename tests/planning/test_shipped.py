"""The figures that Seawall is shipped with."""

from __future__ import annotations

from pathlib import Path

import pytest

from seawall.planning import Measured, measured_words, plan, shipped

ROOT = Path(__file__).resolve().parents[2]
NAMES = {"coordination", "near-duplicates", "surges", "funnels", "emerging", "survival"}


@pytest.mark.parametrize("measured", shipped().measures, ids=lambda measured: measured.name)
def test_each_measure_was_run_on_both_engines(measured: Measured) -> None:
    """Two amounts on this machine's engine, the same on two workers, and the larger one on a single worker."""
    few, lots = (run.messages for run in measured.local)
    assert few < lots
    cluster = [(run.messages, run.workers) for run in measured.cluster]
    assert cluster == [(few, 2), (lots, 1), (lots, 2)]
    for run in (*measured.local, *measured.cluster):
        assert min(run.seconds, run.cpu, run.memory) > 0
    assert all(run.java > 0 and run.driver > 0 for run in measured.cluster)


def test_every_measure_that_reads_the_lake_was_measured() -> None:
    """Each stands in the file once, and the file tells when and with what."""
    assert {one.name for one in shipped().measures} <= NAMES
    assert len(shipped().measures) == len({one.name for one in shipped().measures})
    assert {"Python", "seawall", "pyspark", "numba", "pyarrow"} <= shipped().versions.keys()
    assert shipped().measured_at in measured_words(shipped())


def test_the_results_name_the_same_figures() -> None:
    """RESULTS.md has a line for each figure that a plan rests on, with that figure."""
    from benchmarks.scale_constants import rows_of
    from benchmarks.table import markdown

    results = (ROOT / "benchmarks" / "RESULTS.md").read_text(encoding="utf-8").splitlines()
    missing = [line for line in markdown(rows_of(shipped())).splitlines() if line not in results]
    assert missing == []


def test_a_plan_of_the_shipped_figures() -> None:
    """A small club stays on one machine."""
    assert plan(10_000).advice == "machine"
