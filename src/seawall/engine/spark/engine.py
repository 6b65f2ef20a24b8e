"""The engine of many machines: measures run on a Spark cluster, and only what they conclude comes back."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

import pyarrow as pa

from seawall.engine.spark.parts import SparkParts
from seawall.engine.spark.session import Cluster
from seawall.errors import ConfigurationError
from seawall.parts import Rows, as_rows, weight
from seawall.protocols import Measure, PartedMeasure, Progress

PART_ROWS = 500_000
"""So many rows make a part, about: what a task holds in memory."""

PART_BYTES = 32 << 20
"""Where the number of rows is not known, so many bytes of files make one."""


class SparkEngine:
    """Runs measures on a cluster. Use it with ``with``, or ``close`` it.

    Args:
        address: ``local[*]``, ``spark://HOST:PORT`` or ``sc://HOST:PORT`` (Spark Connect).
        parts: in how many parts rows are cut; None = by how many there are, and by how many tasks run at once.
        options: settings of Spark's own, as ``spark.executor.memory``.
        within: seconds to wait for the cluster, and again for its workers to begin.
        progress: called with what is being done, how much is done, and how much there is.

    Raises:
        ConfigurationError: PySpark or Java is missing, the address is none, or a worker has not what is installed here.
        ConnectError: nobody answers there, or no worker takes the work.
    """

    name = "spark"

    def __init__(
        self,
        address: str,
        *,
        parts: int | None = None,
        options: Mapping[str, str] | None = None,
        within: float = 60.0,
        progress: Progress | None = None,
    ) -> None:
        if (parts is not None and parts < 1) or not within > 0:
            raise ConfigurationError("parts must be 1 or more, and within above 0.", where="SparkEngine")
        self.count = parts
        self.cluster = Cluster(address, options or {}, within, progress)

    def run(
        self, measure: Measure | PartedMeasure, rows: Rows | pa.RecordBatchReader, *, total: int | None = None
    ) -> Any:
        """The measure's final result over all rows. ``total`` is the number of rows.

        Raises:
            MeasureError: the measure cannot use the rows.
            ConnectError: the cluster could not do the work.
        """
        parts = self.parts(rows, total=total)
        with self.cluster.keeping():
            return measure.over(parts) if isinstance(measure, PartedMeasure) else _merged(measure, parts)

    def parts(self, rows: Rows | pa.RecordBatchReader, *, total: int | None = None) -> SparkParts:
        """The rows as parts, for a measure of several steps."""
        given = as_rows(rows)
        needed = -(-total // PART_ROWS) if total is not None else -(-weight(given) // PART_BYTES)
        return SparkParts.of(self.cluster, given, self.count or max(2 * self.cluster.parallelism, needed))

    def close(self) -> None:
        """End the session on the cluster."""
        self.cluster.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _merged(measure: Measure, parts: SparkParts) -> Any:
    """A measure of one step: its partial results are few enough to come back."""
    partials = parts.each(measure.prepare).by(measure.key).each(measure.kernel).all()
    return measure.finalise(measure.merge([partials]))
