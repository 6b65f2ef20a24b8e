"""From files to cases: how fast ``seawall add`` and ``seawall detect`` are, and how much memory they take."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.table import Row

NAME = "From files to cases"
ROOT = Path(__file__).resolve().parent.parent
IRA = Path(os.environ.get("SEAWALL_DATA", ROOT.parent / "shared" / "data")) / "ira" / "ira_dev.parquet"
GIGABYTE = 1e9


class Done(NamedTuple):
    """One command that ran: what it printed, how long it took, how much memory it held at its peak (bytes)."""

    told: dict[str, Any]
    seconds: float
    peak: float


def seawall(*words: str | Path) -> Done:
    """Run a command in a process of its own."""
    began = time.perf_counter()
    with tempfile.TemporaryFile() as out:
        child = subprocess.Popen([sys.executable, "-m", "seawall", *map(str, words), "--json"], stdout=out)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - began
        assert child.returncode == 0, f"seawall {words[0]} ended with {child.returncode}"
        out.seek(0)
        return Done(json.loads(out.read()), seconds, usage.ru_maxrss * 1024)


def shape_of(texts: pa.ChunkedArray) -> str:
    """The mean length and number of links, which the speed depends on."""
    length = pc.mean(pc.utf8_length(texts)).as_py()
    links = pc.mean(pc.count_substring(texts, "://")).as_py()
    return f"mean length {length:.0f} characters, {links:.2f} links a row"


def without_language(rows: int, folder: Path) -> Path:
    """The same texts without telling their languages, with an id of their own."""
    table = pq.read_table(IRA, columns=["message_id", "author_id", "content", "publish_date"])
    table = table.take(pa.array(range(0, table.num_rows, max(1, table.num_rows // rows)))).slice(0, rows)
    path = folder / "untold.parquet"
    pq.write_table(table.rename_columns(["id", "author", "text", "created_at"]), path)
    return path


def repeated(rows: int, folder: Path) -> Path:
    """As many rows as wanted, each with another id, from the same texts."""
    path = folder / f"rows{rows}.parquet"
    names = ["id", "author", "text", "language", "created_at"]
    with pq.ParquetFile(IRA) as source:
        first = source.read_row_group(0, columns=["message_id", "author_id", "content", "language", "publish_date"])
        schema = first.rename_columns(names).schema.set(0, pa.field("id", pa.int64()))
        with pq.ParquetWriter(path, schema) as out:
            for written, part in enumerate(_parts(source, rows)):
                numbers = pa.array(range(written * len(first), written * len(first) + len(part)))
                out.write_table(pa.table([numbers, *part.columns[1:]], schema=schema), row_group_size=len(part))
    return path


def _parts(source: pq.ParquetFile, rows: int) -> Iterator[pa.Table]:
    left = rows
    group = 0
    while left > 0:
        columns = ["message_id", "author_id", "content", "language", "publish_date"]
        part = source.read_row_group(group % (source.num_row_groups - 1), columns=columns)
        yield part.slice(0, left)
        left -= len(part)
        group += 1


def run() -> list[Row]:
    """The claims of the first issue about ``add`` and ``detect``."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        return [*_ira(folder), *_untold(folder), *_memory(folder)]


def _ira(folder: Path) -> Iterator[Row]:
    seawall("init", folder / "ira")
    added = seawall("add", folder / "ira", IRA)
    detected = seawall("detect", folder / "ira")
    rows = added.told["in"]
    size = f"{rows:,} rows, {shape_of(pq.read_table(IRA, columns=['content'])['content'])}"
    together = added.seconds + detected.seconds
    found = ", ".join(f"{count} {name}" for name, count in detected.told["alerts"].items())
    yield Row("add and detect, ira_dev, both commands whole", together, "s", "<= 60", note=f"{size}; alerts: {found}")
    yield Row("peak memory of add", added.peak / GIGABYTE, "GB", "<= 3")
    yield Row("peak memory of detect", detected.peak / GIGABYTE, "GB", "<= 3")
    speed = rows / added.told["seconds"]
    yield Row("add end to end, languages told", speed, "rows/s", ">= 50000", note="parse to durable commit")
    yield Row("detect", detected.seconds, "s", note="coordination at 60 s, surges, canary; with start-up")


def _untold(folder: Path) -> Iterator[Row]:
    seawall("init", folder / "untold")
    added = seawall("add", folder / "untold", without_language(400_000, folder), "--visibility", "public")
    speed = added.told["in"] / added.told["seconds"]
    yield Row("add end to end, languages identified", speed, "rows/s", ">= 25000", note="400,000 rows of ira_dev")


def _memory(folder: Path) -> Iterator[Row]:
    peaks = {}
    for millions in (1, 5):
        path = repeated(millions * 1_000_000, folder)
        seawall("init", folder / f"m{millions}")
        peaks[millions] = seawall("add", folder / f"m{millions}", path, "--visibility", "public").peak
        path.unlink()
    yield Row(
        "peak memory of add, 5M rows against 1M",
        peaks[5] / peaks[1],
        "times",
        "<= 1.2",
        note=f"{peaks[1] / GIGABYTE:.2f} GB and {peaks[5] / GIGABYTE:.2f} GB",
    )
