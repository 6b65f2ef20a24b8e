"""Beyond one machine: what each measure costs on this machine's engine and on a cluster, and whether it tells the same.

The cluster is real: a master and workers of one core each, bound to a core of their own, on this machine. What every
process does once (a session, imports, kernels from their cache, a first look at one day) is told apart. The figures
become the constants of ``seawall plan``.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.scale_cluster import Cluster, cluster
from benchmarks.scale_constants import FILE, ROOT, constants, rows_of, run_of
from benchmarks.scale_inside import MARK, Ran, Task
from benchmarks.scale_kept import kept, measuring
from benchmarks.scale_lake import write
from benchmarks.scale_measures import MEASURES as ALL
from benchmarks.scale_measures import apart
from benchmarks.scale_world import BEGIN, DAY, acts, one_thing
from benchmarks.table import Row
from seawall.lake import Lake
from seawall.model.instants import EPOCH, INSTANT
from seawall.planning import Run
from seawall.planning.words import many, size

NAME = "Scale: one machine and many"
SMALL, LARGE = (int(size) for size in os.environ.get("SEAWALL_SCALE", "5000000,20000000").split(","))
"""Messages; for trying out, less of them, and fewer measures."""
MEASURES = [name for name in ALL if name in os.environ.get("SEAWALL_SCALE_MEASURES", ",".join(ALL)).split(",")]
VIRAL, VIRAL_S = LARGE // 20, 200_000
"""One thing that so many messages share within so many seconds: a million make 300 million pairs within 60 s."""
ADDED = LARGE // 10
EQUAL = 1e-12
KILLED_AT = 0.4
"""When a worker is killed, as a part of the seconds that the run took before."""


@dataclass
class Found:
    """What was run, by measure."""

    folder: Path
    sizes: tuple[int, ...]
    ends: tuple[str | None, ...]
    local: dict[str, list[Ran]] = field(default_factory=dict)
    two: dict[str, list[Ran]] = field(default_factory=dict)
    one: dict[str, Ran] = field(default_factory=dict)
    differ: dict[str, float] = field(default_factory=dict)

    def answers(self, measure: str, where: str) -> tuple[str, ...]:
        """Where the results of each amount are written."""
        return tuple(str(self.folder / f"{measure}-{where}-{size}.json") for size in self.sizes)


def run() -> list[Row]:
    """All of them. Files go to a folder that is removed at the end, or to one that is kept: see ``scale_kept``."""
    with measuring([SMALL, LARGE, MEASURES]) as chosen:
        return list(_rows(chosen))


def _rows(folder: Path) -> Iterator[Row]:
    world = kept(folder / "world.json", lambda: _world(folder))
    found = Found(folder / "answers", tuple(world["sizes"]), (world["end"], None))
    for measure in MEASURES:
        found.local[measure] = _run(Task(str(folder / "lake"), measure, found.ends, found.answers(measure, "local")))
    with _workers(2, folder) as there:
        for measure in MEASURES:
            found.two[measure] = _run(_on(there, found, measure, "two"))
            found.differ[measure] = _difference(found, measure, "two")
    with _workers(1, folder) as there:
        for measure in MEASURES:
            (found.one[measure],) = _run(_on(there, found, measure, "one", slice(1, 2)))
    made = constants(
        {measure: _runs(found, measure) for measure in MEASURES},
        (max(ran[0].start for ran in found.local.values()), max(ran[0].start for ran in found.two.values())),
        world["share"], (world["lake"], world["index"]), kept(folder / "add.json", lambda: _add(folder)),
    )  # fmt: skip
    yield from _same(found)
    yield from _shared(found)
    yield from _bounded(found)
    if "coordination" in MEASURES:
        yield _viral(found, folder)
        yield _killed(found, folder)
    yield _lines()
    FILE.write_text(made.as_json(), encoding="utf-8")
    yield from rows_of(made)


def _tell(words: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {words}", file=sys.stderr, flush=True)


def _world(folder: Path) -> dict[str, Any]:
    """The lake: the two amounts that are looked at, where the smaller one ends, and rows and bytes for each message."""
    for left in ("lake", "answers"):
        shutil.rmtree(folder / left, ignore_errors=True)
    made = acts(LARGE)
    write(folder / "lake", made, told=lambda what, done, total: _tell(f"{what}: {done:,} of {total:,}"))
    whole = int(made.at[SMALL] // DAY * DAY)
    small = int((made.at < whole).sum())
    (folder / "answers").mkdir()
    end = (EPOCH + whole * INSTANT).isoformat()
    with Lake.open(folder / "lake") as lake:
        interactions = lake.count("interactions") / LARGE
        links = sum(int(pc.sum(pc.is_valid(batch["links"])).as_py()) for batch in lake.reader("messages", ["links"]))
    share = {"messages": 1.0, "text": 1.0, "links": round(links / LARGE, 3), "interactions": round(interactions, 3)}
    bytes_ = {name: _bytes(folder / "lake" / name) / LARGE for name in ("lake", "index")}
    return {"sizes": (small, LARGE), "end": end, "share": share, **bytes_}


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _on(there: Cluster, found: Found, measure: str, where: str, amounts: slice = slice(2)) -> Task:
    ends, answers = found.ends[amounts], found.answers(measure, where)[amounts]
    lake = str(found.folder.parent / "lake")
    return Task(lake, measure, ends, answers, there.address, (there.master, *there.workers))


def _workers(count: int, folder: Path) -> AbstractContextManager[Cluster]:
    """A cluster whose files lie in a folder of its own."""
    return cluster(count, Path(tempfile.mkdtemp(dir=folder)))


def _run(task: Task) -> list[Ran]:
    """In a process of its own, so that its memory is its own."""
    told = kept(Path(f"{task.answers[-1]}.ran"), lambda: _ran(task))
    return [Ran(**one) for one in told]


def _ran(task: Task) -> Any:
    where = "this machine" if task.engine is None else f"{len(task.cluster) - 1} workers"
    began = time.perf_counter()
    command = [sys.executable, "-m", "benchmarks.scale_inside", json.dumps(asdict(task))]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    told = json.loads(done.stdout.rpartition(MARK)[2])
    seconds = ", ".join(f"{one['seconds']:.1f} s" for one in told)
    _tell(f"{task.measure} on {where}: {seconds}; whole {time.perf_counter() - began:.0f} s")
    return told


def _difference(found: Found, measure: str, where: str) -> float:
    """The largest difference from this machine's result, of all amounts."""
    pairs = zip(found.answers(measure, "local"), found.answers(measure, where), strict=True)
    return max(apart(*(json.loads(Path(path).read_text(encoding="utf-8")) for path in pair)) for pair in pairs)


def _runs(found: Found, measure: str) -> tuple[list[Run], list[Run]]:
    local = [run_of(size, 0, ran) for size, ran in zip(found.sizes, found.local[measure], strict=True)]
    small, large = (run_of(size, 2, ran) for size, ran in zip(found.sizes, found.two[measure], strict=True))
    return local, [small, run_of(LARGE, 1, found.one[measure]), large]


def _same(found: Found) -> Iterator[Row]:
    for measure in MEASURES:
        things = " and ".join(f"{ran.found:,}" for ran in found.local[measure])
        note = f"{things} things with all their numbers; the largest difference is {found.differ[measure]:.0e}"
        yield Row(f"{measure}: same on a cluster", int(found.differ[measure] <= EQUAL), "(1 = same)", ">= 1", note=note)


def _shared(found: Found) -> Iterator[Row]:
    """Two workers against one over all messages, start left out."""
    pairs = {name: (found.one[name].seconds, found.two[name][-1].seconds) for name in MEASURES}
    for name, (one, two) in pairs.items():
        note = f"{many(LARGE)} messages: {one:.0f} s and {two:.0f} s, start left out"
        bound = ">= 1.6" if name == "coordination" else None
        yield Row(f"{name}: two workers against one, same work", one / two, "x", bound, note=note)
    one, two = (sum(seconds) for seconds in zip(*pairs.values(), strict=True))
    note = f"{one:.0f} s and {two:.0f} s"
    yield Row("two workers against one, all measures", one / two, "x", ">= 1.6", note=note)


def _bounded(found: Found) -> Iterator[Row]:
    """Memory of the largest task, by the amount of messages."""
    for measure in MEASURES:
        few, lots = found.two[measure]
        note = f"{size(few.python)} at {many(found.sizes[0])}, {size(lots.python)} at {many(LARGE)} messages"
        yield Row(f"{measure}: memory of the largest task, four times the messages", lots.python / few.python, "x",
                  "<= 1.5", note=note)  # fmt: skip


def _viral(found: Found, folder: Path) -> Row:
    """One thing that everybody shares."""
    made = one_thing(VIRAL, VIRAL_S)
    shutil.rmtree(folder / "viral", ignore_errors=True)
    write(folder / "viral", made)
    pairs = _pairs(made.at)
    answers = [str(folder / f"viral-{where}.json") for where in ("local", "two")]
    task = Task(str(folder / "viral"), "coordination", (None,), (answers[0],))
    (local,) = _run(task)
    with _workers(2, folder) as there:
        (two,) = _run(
            Task(task.folder, task.measure, (None,), (answers[1],), there.address, (there.master, *there.workers))
        )
    same = apart(*(json.loads(Path(path).read_text(encoding="utf-8")) for path in answers)) <= EQUAL
    usual = found.two["coordination"][-1].python
    note = (
        f"{pairs / 1e6:,.0f}M pairs; {size(two.python)} beside {size(usual)} at {many(LARGE)} messages; "
        f"{two.seconds:.0f} s, this machine's engine {local.seconds:.0f} s and {size(local.python)}; same: {same}"
    )
    return Row("memory of the largest task with one thing that everybody shares", two.python / usual, "x", "<= 1.5",
              note=note)  # fmt: skip


def _pairs(times: npt.NDArray[np.int64]) -> int:
    """Pairs within a minute of each other."""
    return int((np.searchsorted(times, times + 60_000_000, side="right") - np.arange(len(times)) - 1).sum())


def _killed(found: Found, folder: Path) -> Row:
    """A worker that loses its power in mid-run."""
    usual = found.two["coordination"][0].seconds
    with _workers(2, folder) as there:
        task = _on(there, found, "coordination", "killed", slice(1))
        (ran,) = _run(Task(**asdict(task) | {"kill": KILLED_AT * usual}))
    paths = [found.answers("coordination", where)[0] for where in ("local", "killed")]
    differ = apart(*(json.loads(Path(path).read_text(encoding="utf-8")) for path in paths))
    note = (
        f"coordination, {many(found.sizes[0])} messages: one of two workers killed after {KILLED_AT * usual:.0f} s; "
        f"{ran.seconds:.0f} s instead of {usual:.0f} s"
    )
    return Row("a killed worker changes nothing but time", int(differ <= EQUAL), "(1 = same)", ">= 1", note=note)


def _lines() -> Row:
    """How much of measures and detectors knows that Spark exists."""
    folders = [ROOT / "src" / "seawall" / name for name in ("measures", "detectors")]
    lines = [line for one in folders for path in one.rglob("*.py") for line in path.read_text("utf-8").splitlines()]
    knowing = sum(bool(re.search(r"\b(py)?spark\b", line, re.IGNORECASE)) for line in lines)
    note = f"{knowing:,} of {len(lines):,} lines of measures and detectors name it"
    return Row("code of measures and detectors that knows Spark", 100 * knowing / len(lines), "%", "<= 10", note=note)


def _add(folder: Path) -> float:
    """CPU-seconds of ``seawall add`` for a million messages."""
    with Lake.open(folder / "lake") as lake:
        names = ["message_id", "account_id", "channel_id", "sent_at", "text", "language", "links"]
        first = EPOCH + BEGIN * INSTANT
        rows = lake.reader("messages", names, end=first + timedelta(days=25)).read_all().slice(0, ADDED)
    link = pc.list_element(rows["links"].combine_chunks().fill_null([{"url": ""}]), 0)
    text = pc.binary_join_element_wise(rows["text"].combine_chunks(), pc.struct_field(link, "url"), " ")
    table = pa.table([rows["message_id"], rows["account_id"], rows["channel_id"], rows["sent_at"], text,
                      rows["language"]], ["id", "author", "channel", "created_at", "text", "language"])  # fmt: skip
    pq.write_table(table, folder / "added.parquet")
    shutil.rmtree(folder / "added", ignore_errors=True)
    subprocess.run([sys.executable, "-m", "seawall", "init", str(folder / "added")], check=True, stdout=sys.stderr)
    words = ["add", str(folder / "added"), str(folder / "added.parquet"), "--visibility", "public", "--json"]
    child = subprocess.Popen([sys.executable, "-m", "seawall", *words], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0, "seawall add failed"
    return (usage.ru_utime + usage.ru_stime) / len(table) * 1_000_000


if __name__ == "__main__":
    for row in run():
        print(row)
