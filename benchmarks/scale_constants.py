"""What was run -> the constants that Seawall ships, and the lines of RESULTS.md that name the same figures."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks.scale_inside import Ran
from benchmarks.table import Row
from seawall.planning import Constants, Measured, Run, plan
from seawall.planning.words import many, size

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "src" / "seawall" / "planning" / "constants.json"
PACKAGES = ("seawall", "numpy", "numba", "pyarrow", "duckdb", "pyspark")
LOOKS_AT = {
    "coordination": {"text": 0.86, "links": 1.0, "messages": 0.2},
    "near-duplicates": {"text": 1.0},
    "surges": {"messages": 1.0},
    "funnels": {"interactions": 1.0},
    "emerging": {"messages": 0.1, "links": 1.0},
    "survival": {"messages": 1.0},
}
"""Rows that a measure looks at for each message, by what they are; coordination: texts and links of what is no repost,
and reposts and hashtags."""


def run_of(messages: int, workers: int, ran: Ran) -> Run:
    """A run as the constants keep it."""
    return Run(
        messages=messages,
        seconds=round(ran.seconds, 2),
        cpu=round(ran.cpu, 2),
        memory=ran.python,
        workers=workers,
        shuffled=ran.shuffled,
        java=ran.java,
        driver=ran.driver if workers else 0,
    )


def constants(
    measures: Mapping[str, tuple[list[Run], list[Run]]],
    starts: tuple[float, float],
    share: Mapping[str, float],
    stored: tuple[float, float],
    add: float,
) -> Constants:
    """All figures, with when and on what they were measured; no name of the machine."""
    return Constants(
        measured_at=f"{datetime.now(UTC):%Y-%m-%d}",
        cores=len(os.sched_getaffinity(0)),
        memory=os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        versions={"Python": platform.python_version(), **{name: version(name) for name in PACKAGES}},
        share=dict(share),
        start_local=round(starts[0], 2),
        start_cluster=round(starts[1], 2),
        lake=round(stored[0], 2),
        index=round(stored[1], 2),
        add=round(add, 2),
        measures=tuple(
            Measured(name, LOOKS_AT[name], tuple(local), tuple(cluster)) for name, (local, cluster) in measures.items()
        ),
    )


def rows_of(of: Constants) -> Iterator[Row]:
    """The lines that tell the constants: what a plan rests on can be read there."""
    for one in of.measures:
        for run in (*one.local, *one.cluster):
            yield Row(f"{one.name}: {many(run.messages)} messages, {_where(run)}", run.seconds, "s", note=_note(run))
    for one in of.measures:
        yield _overhead(one)
    largest = of.measures[0].local[-1].messages
    told = plan(largest, retention_days=1, cores=1, workers=2, constants=of)
    where = "never" if told.break_even is None else f"from {many(told.break_even)} messages on"
    claim = "break-even of two workers with one core against one machine with one core, of all measures"
    yield Row(claim, told.break_even or 0, "messages", note=f"as seawall plan tells it: {where}")
    yield Row("start of this machine's engine", of.start_local, "s", note="with a first look at one day")
    yield Row("start of a cluster's session", of.start_cluster, "s", note="with a first look at one day; told apart")
    yield Row("bytes of the lake for each message", of.lake, "bytes", note="a quarter as many interactions included")
    yield Row("bytes of the index of duplicates for each message", of.index, "bytes")
    yield Row("seawall add, for a million messages", of.add, "CPU-s", note="texts, links and languages told")


def _where(run: Run) -> str:
    if not run.workers:
        return "this machine's engine"
    return "a cluster of one worker" if run.workers == 1 else f"a cluster of {run.workers} workers"


def _note(run: Run) -> str:
    if not run.workers:
        return f"{run.cpu:,.1f} CPU-seconds, peak {size(run.memory)}"
    return (
        f"{run.cpu:,.1f} CPU-seconds, {size(run.shuffled)} shuffled; largest process of Python {size(run.memory)}, "
        f"of Java {size(run.java)}, driver {size(run.driver)}"
    )


def _overhead(one: Measured) -> Row:
    cluster, local = one.cluster[-1], one.local[-1]
    note = f"{many(cluster.messages)} messages, start left out; {cluster.seconds / local.seconds:.1f} times the seconds"
    return Row(f"{one.name}: CPU of two workers beside this machine's engine", cluster.cpu / local.cpu, "x", note=note)
