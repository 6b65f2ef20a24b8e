"""A first small job: it tells what each worker has installed, before any work is sent there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from seawall.engine.spark import versions

SECONDS = 0.1
"""A task of the probe takes so long, so that each goes to a place of its own."""

_ASKED_WITHOUT_COUNT = 4096


def probe(session: Any, tasks: int | None) -> list[tuple[str, dict[str, str]]]:
    """Name of the machine and what is installed there, from each task.

    Args:
        session: of Spark.
        tasks: how many; None = as many as the cluster makes by itself, which is as many as it runs at once.
    """
    from pyspark import cloudpickle

    frame = session.range(_ASKED_WITHOUT_COUNT) if tasks is None else session.range(0, tasks, 1, tasks)
    cloudpickle.register_pickle_by_value(versions)
    try:
        told = frame.mapInArrow(_asking(), "worker string, found string").toArrow()
    finally:
        cloudpickle.unregister_pickle_by_value(versions)
    return [(row["worker"], json.loads(row["found"])) for row in told.to_pylist()]


def _asking() -> Any:
    """A function that needs nothing of Seawall where it runs: what it uses goes with it."""
    ask, seconds = versions.versions, SECONDS

    def asked(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import json
        import socket
        import time

        import pyarrow

        for _ in batches:
            pass
        time.sleep(seconds)
        found = {"worker": [socket.gethostname()], "found": [json.dumps(ask())]}
        yield pyarrow.RecordBatch.from_pydict(found)

    asked.__module__ = "__main__"  # what belongs to no module is sent whole
    return asked
