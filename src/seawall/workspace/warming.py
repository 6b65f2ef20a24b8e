"""Compile the kernels before the first real run, by running everything once on the plug-ins' own examples."""

from __future__ import annotations

import tempfile
import time
from datetime import timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.brief.forces import disc
from seawall.checks import MemoryWindow, PartedEngine
from seawall.detectors import DETECTORS, WATCHING
from seawall.engine.window import TIME_COLUMNS
from seawall.measures import HashIndex, coordination, survival
from seawall.measures.succession.likeness import alike
from seawall.model import COVERAGE, Visibility
from seawall.protocols import LiveDetector, Progress, ReadOptions, fed_table
from seawall.sources import SOURCES
from seawall.workspace.indicators import Terms
from seawall.workspace.workspace import Workspace

MANY = 70_000
"""From 65,536 shares on, coordination works on several cores, with kernels of their own."""


def warm_kernels(progress: Progress | None = None) -> float:
    """Compile every kernel and keep the result on the disk; the seconds that it took."""
    began = time.perf_counter()
    with (
        tempfile.TemporaryDirectory(prefix="seawall-warm-") as folder,
        Workspace.create(Path(folder) / "warm") as workspace,
    ):
        for done, source in enumerate(SOURCES):
            if progress is not None:
                progress("compiling kernels", done, len(SOURCES) + 1)
            for name, content in source.examples():
                path = Path(folder) / name
                path.write_bytes(content)
                workspace.add(path, source=source.name, options=ReadOptions(visibility=Visibility.PUBLIC))
        workspace.detect()
        workspace.indicators.add("phrase", "the greenhouse door", Terms("warm", "To compile the kernels."))
        workspace.match("Shut the greenhouse door.")
    for compat in (None, "cnt", "coortweet"):
        coordination(_shares(), window=60, compat=compat)
    _ = coordination(_shares(), window=60, significance=True).edges
    alike("garden_club", "garden_club_2")
    disc(3, np.array([(0, 1), (1, 2)], np.int32), np.ones(2))
    _find()
    _know()
    _stand()
    _live()
    return time.perf_counter() - began


def _find() -> None:
    """Let each detector find what it is for, in one pass and over parts, as the workers of a cluster do."""
    for detector in DETECTORS:
        for engine in (None, PartedEngine()):
            list(detector.detect(MemoryWindow(detector.examples()[0], detector, engine)))


def _know() -> None:
    """Fill an index of hashes at once and one by one, and ask it both ways: by its tables and hash by hash."""
    index, random = HashIndex(), np.random.default_rng(1)
    hashes = [random.bytes(32).hex() for _ in range(2_000)]
    index.add(hashes, hashes)
    index.add(["one more"], hashes[:1])
    for distance in (31, 200):
        index.query(hashes[:1], distance)


def _stand() -> None:
    """Feed, save, restore and empty the standing states."""
    for detector in WATCHING:
        if isinstance(detector, LiveDetector):
            table = fed_table(detector)
            rows = detector.examples()[0][table].select(list(detector.needs[table]))
            standing, last = detector.standing(), pc.max(rows[TIME_COLUMNS[table]]).as_py()
            standing.feed(rows.slice(0, 0), rows)
            list(standing.alerts(COVERAGE.empty_table(), last))
            standing = detector.standing(standing.save())
            standing.feed(rows.slice(0, 1), rows.slice(0, 1))
            standing.forget(last + timedelta(days=1))


def _live() -> None:
    """Find the curve of spells whose ends lie between two looks."""
    survival(pa.table({"start": [0.0, 0.0, 0.0], "end": [7.0, 14.0, None], "last_alive": [0.0, 3.0, 10.0]}))


def _shares() -> pa.Table:
    rows = np.arange(MANY)
    return pa.table(
        {
            "object": pa.array(rows // 7).cast(pa.string()),
            "account": pa.array(rows % 1000).cast(pa.string()),
            "message": pa.array(rows).cast(pa.string()),
            "at": rows,
        }
    )
