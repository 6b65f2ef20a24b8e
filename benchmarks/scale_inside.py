"""One run of one measure on one engine, in a process of its own: ``python -m benchmarks.scale_inside TASK``."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.scale_cluster import EXECUTOR_MEMORY, kill
from benchmarks.scale_measures import MEASURES
from benchmarks.scale_processes import cpu_seconds, watched
from benchmarks.scale_world import BEGIN
from seawall.engine import LocalEngine
from seawall.lake import Lake
from seawall.model.instants import EPOCH

MARK = "::run::"
FIRST = timedelta(days=1)
"""The measure is run over one day first, so that everything that a process does once is done."""
PATIENCE_S = 300.0
OPTIONS = {
    "spark.ui.enabled": "true",
    "spark.ui.port": "0",
    "spark.executor.memory": EXECUTOR_MEMORY,
    "spark.driver.memory": "2g",
    "spark.ui.retainedStages": "10000",
}


@dataclass(frozen=True)
class Task:
    """What is run.

    Args:
        folder: of the lake.
        measure: a name of MEASURES.
        ends: up to when the lake is looked at, as ISO tells it, run after run; None = all of it.
        answers: where the result of each is written, as JSON.
        engine: the address of a cluster; None = this machine's own engine.
        cluster: pids of its master and workers.
        kill: after so many seconds of the last run the last worker is killed; None = it is not.
    """

    folder: str
    measure: str
    ends: tuple[str | None, ...]
    answers: tuple[str, ...]
    engine: str | None = None
    cluster: tuple[int, ...] = ()
    kill: float | None = None


@dataclass(frozen=True)
class Ran:
    """What a run took, what is done once left out.

    Args:
        start: seconds to open the engine and to look at one day.
        seconds: of the run itself.
        cpu: CPU-seconds of it, of all processes.
        shuffled: bytes that were written for other tasks.
        collected: bytes of results that came back to the driver.
        python: bytes of the largest process of Python beside the driver; of the driver itself on one machine.
        java: bytes of the largest one of Java on a worker.
        driver: bytes of the driver's process of Python.
        found: how many things were found.
    """

    start: float
    seconds: float
    cpu: float
    shuffled: int
    collected: int
    python: int
    java: int
    driver: int
    found: int


def run(task: Task) -> list[Ran]:
    """Run it here."""
    measure, began = MEASURES[task.measure], time.perf_counter()
    with Lake.open(Path(task.folder)) as lake, _engine(task) as engine:
        measure(lake, engine, EPOCH + timedelta(microseconds=BEGIN) + FIRST)
        start = time.perf_counter() - began
        told = []
        for number, end in enumerate(task.ends):
            if task.kill is not None and number == len(task.ends) - 1:
                threading.Timer(task.kill, kill, [task.cluster[-1]]).start()
            until = None if end is None else datetime.fromisoformat(end)
            told.append(_one(partial(measure, lake, engine, until), engine, task, start, task.answers[number]))
    return told


def _one(ask: Callable[[], Any], engine: Any, task: Task, start: float, answer: str) -> Ran:
    roots, before = [os.getpid(), *task.cluster], _stages(engine)
    with watched(task.cluster) as peaks:
        cpu, began = cpu_seconds(roots), time.perf_counter()
        found = ask()
        seconds, used = time.perf_counter() - began, cpu_seconds(roots) - cpu
    after, driver = _stages(engine), _peak()
    Path(answer).write_text(json.dumps(found, default=str), encoding="utf-8")
    return Ran(
        start, seconds, used, after[0] - before[0], after[1] - before[1], peaks.of_one.get("python", driver),
        peaks.of_one.get("java", 0), driver, len(found),
    )  # fmt: skip


@contextmanager
def _engine(task: Task) -> Iterator[Any]:
    if task.engine is None:
        yield LocalEngine(spill_dir=Path(task.folder) / "tmp")
        return
    from seawall.engine.spark import SparkEngine

    with SparkEngine(task.engine, options=OPTIONS, within=PATIENCE_S) as engine:
        yield engine


def _stages(engine: Any) -> tuple[int, int]:
    """Bytes that stages have written for others, and that tasks have sent back, as Spark's own status tells."""
    if not hasattr(engine, "cluster"):
        return 0, 0
    context = engine.cluster.session.sparkContext
    address = f"{context.uiWebUrl}/api/v1/applications/{context.applicationId}/stages"
    with urllib.request.urlopen(address, timeout=60) as answer:  # noqa: S310 - Spark's own, on this machine
        stages = json.load(answer)
    return sum(one["shuffleWriteBytes"] for one in stages), sum(one.get("resultSize", 0) for one in stages)


def _peak() -> int:
    told = Path("/proc/self/status").read_text(encoding="utf-8").partition("VmHWM:")[2].split()[0]
    return int(told) * 1024


def main() -> None:
    """The task stands in the first argument, as JSON; what its runs took on the last line."""
    told = json.loads(sys.argv[1])
    print(MARK + json.dumps([asdict(one) for one in run(Task(**told))]))


if __name__ == "__main__":
    main()
