"""A standalone cluster of real processes, and a Spark Connect server."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from seawall.checks import check_engine
from seawall.checks.engine_parts import check_parts
from seawall.checks.engines import CountByKey, check_one_step
from seawall.engine.spark import SparkEngine
from seawall.errors import ConfigurationError, ConnectError
from seawall.parts import TableRows
from tests.conftest import ROOT
from tests.engine.spark.kernels import FailsFirst, SlowCount, counted, those_of, unlucky
from tests.servers.spark import SparkCluster, running_cluster, running_connect

PATIENCE = 300.0
"""A busy machine starts Java slowly."""

ROWS = pa.table({"key": [number * number % 23 for number in range(400)]})
COUNTS = CountByKey().finalise(CountByKey().kernel(ROWS))
Opened = Callable[..., SparkEngine]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkCluster]:
    """Two workers of one core each."""
    with running_cluster(tmp_path_factory.mktemp("cluster")) as running:
        yield running


@pytest.fixture
def engine(cluster: SparkCluster, spark_engine_at: Opened) -> SparkEngine:
    """Both workers, with tasks that are started twice where they are slow."""
    options = {"spark.speculation": "true", "spark.speculation.interval": "50ms", "spark.executor.memory": "512m"}
    return spark_engine_at(cluster.address, parts=6, within=PATIENCE, options=options)


def test_a_cluster_keeps_the_contract_of_engines(engine: SparkEngine) -> None:
    """Every step on two workers is what it is here; both were found, and their disks hold nothing in clear."""
    assert engine.cluster.parallelism == 2
    assert engine.cluster.session.sparkContext.getConf().get("spark.io.encryption.enabled") == "true"
    check_one_step(engine)
    check_parts(engine)


@pytest.mark.verify
def test_a_cluster_measures_as_one_machine_does(engine: SparkEngine) -> None:
    """Every measure and every detector gives on two workers what it gives here."""
    check_engine(engine)


@pytest.mark.verify
def test_spark_connect_measures_as_one_machine_does(tmp_path: Path) -> None:
    """Every measure and every detector gives over Spark Connect what it gives here."""
    with running_connect(tmp_path) as address, SparkEngine(address, parts=3, within=PATIENCE) as engine:
        check_engine(engine)


def test_tasks_that_fail_or_run_twice_leave_no_trace(engine: SparkEngine, tmp_path: Path) -> None:
    """Each part fails once, and slow tasks are started a second time elsewhere: every row is counted once."""
    assert engine.run(SlowCount(tmp_path, 1.0), ROWS.to_reader()).equals(COUNTS)
    marks = tmp_path / "marks"
    marks.mkdir()
    found = engine.parts(TableRows(ROWS)).by("key").each(FailsFirst(marks)).each(counted).all()
    assert found.sort_by("key").equals(COUNTS)


def test_a_worker_that_is_killed_changes_nothing(
    cluster: SparkCluster, spark_engine_at: Opened, tmp_path: Path
) -> None:
    """One of three workers is killed with all its processes while it works: the result is the same."""
    cluster.add_worker({})
    cluster.wait_for(3)
    doomed = cluster.workers.pop()
    engine = spark_engine_at(cluster.address, parts=16, within=PATIENCE)
    found: list[pa.Table] = []
    work = threading.Thread(target=lambda: found.append(engine.run(SlowCount(tmp_path, 1.5), ROWS.to_reader())))
    work.start()
    try:
        deadline = time.monotonic() + PATIENCE
        while not any(doomed.folder.name in path.name for path in tmp_path.iterdir()):
            assert time.monotonic() < deadline
            time.sleep(0.05)
    finally:
        doomed.kill()
        work.join()
    assert found[0].equals(COUNTS)


def test_a_master_without_workers_is_told_within_the_time(tmp_path: Path, spark_engine_at: Opened) -> None:
    """Somebody lets us in, but nobody works: an error after the time that was given."""
    with running_cluster(tmp_path, workers=()) as cluster, pytest.raises(ConnectError, match="waited for 3 seconds"):
        spark_engine_at(cluster.address, within=3)


def test_workers_that_have_too_little_memory_are_told_within_the_time(
    cluster: SparkCluster, spark_engine_at: Opened
) -> None:
    """More is asked for than any worker has."""
    with pytest.raises(ConnectError, match="waited for 20 seconds"):
        spark_engine_at(cluster.address, within=20, options={"spark.executor.memory": "900g"})


def test_a_python_without_seawall_is_told_before_any_work(
    cluster: SparkCluster, spark_engine_at: Opened, tmp_path: Path
) -> None:
    """Workers whose Python has what Spark needs, but not Seawall; and workers that have no such Python at all."""
    python = _bare_python(tmp_path / "bare")
    options = {"spark.pyspark.python": str(python), "spark.executorEnv.PYTHONPATH": ""}
    with pytest.raises(ConfigurationError, match="lacks the package seawall"):
        spark_engine_at(cluster.address, within=PATIENCE, options=options)
    with pytest.raises(ConfigurationError, match="no Python where Spark looks"):
        spark_engine_at(cluster.address, within=PATIENCE, options={"spark.pyspark.python": "/no/such/python"})


def test_a_worker_with_other_sources_is_told_before_any_work(tmp_path: Path, spark_engine_at: Opened) -> None:
    """One of two workers has a changed copy of Seawall: the error names what differs, and nothing was computed."""
    changed = tmp_path / "changed"
    shutil.copytree(ROOT / "src" / "seawall", changed / "seawall", ignore=shutil.ignore_patterns("__pycache__"))
    path = changed / "seawall" / "measures" / "cores.py"
    path.write_text(path.read_text().replace("1 << 16", "1 << 15"))
    with (
        running_cluster(tmp_path, workers=({}, {"PYTHONPATH": str(changed)})) as cluster,
        pytest.raises(ConfigurationError, match=r"sources \w+ there, \w+ here"),
    ):
        spark_engine_at(cluster.address, within=PATIENCE)


def _bare_python(folder: Path) -> Path:
    """A virtual environment with what Spark's own workers need, and no more."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    home = next((folder / "lib").glob("python*/site-packages"))
    packages = Path(pa.__file__).parent.parent
    for name in ("pyarrow", "numpy", "numpy.libs", "pandas", "pandas.libs", "dateutil", "six.py", "tzdata"):
        if (packages / name).exists():
            (home / name).symlink_to(packages / name)
    return folder / "bin" / "python"


def test_spark_connect_keeps_the_contract_of_engines(tmp_path: Path) -> None:
    """A server gives what this machine gives, beside another session; it says how many tasks it runs at once; big
    tables go there; errors come through; what a session may not set is told."""
    few = pa.table({"key": range(20), "weight": [bytes(2_000_000)] * 20})
    with running_connect(tmp_path) as address:
        with SparkEngine(address, parts=3, within=PATIENCE) as engine:
            assert engine.cluster.parallelism == 2
            check_one_step(engine)
            check_parts(engine)
            parts = engine.parts(TableRows(ROWS)).by("key")
            with engine.cluster.keeping():
                kept = parts.each(counted).kept()
                found = kept.beside_all(few, those_of).all()
                assert len(found) == len(COUNTS.filter(pa.compute.less(COUNTS["key"], 20)))
            with pytest.raises(ValueError, match="On a worker"):
                parts.each(unlucky).all()
        with pytest.raises(ConfigurationError, match=r"spark\.executor\.memory"):
            SparkEngine(address, within=PATIENCE, options={"spark.executor.memory": "2g"})
