"""Compile the kernels before the first real run, by running everything once on the plug-ins' own examples."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa

from seawall.measures import coordination
from seawall.model import Visibility
from seawall.protocols import Progress, ReadOptions
from seawall.sources import SOURCES
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
    for compat in (None, "cnt", "coortweet"):
        coordination(_shares(), window=60, compat=compat)
    return time.perf_counter() - began


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
