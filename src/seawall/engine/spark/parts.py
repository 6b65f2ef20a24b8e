"""Parts on a Spark cluster: see ``seawall.parts.Parts``."""

from __future__ import annotations

import pickle
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self

import pyarrow as pa

from seawall.engine.local_parts import WithTable, emptied, emptied_both
from seawall.engine.spark.blobs import unpacked
from seawall.engine.spark.worker import Task
from seawall.errors import MeasureError
from seawall.parts import BothKernel, Kernel, Rows

if TYPE_CHECKING:
    from seawall.engine.spark.session import Cluster


@dataclass(frozen=True)
class SparkParts:
    """Blobs on the cluster and the task that is still to be run over them.

    A cut is two halves: the task that says where each row goes, which runs before the shuffle, and the next task, which
    finds whole parts. The first half waits in ``cut`` until it is known what comes after it, because two tables that
    are needed beside one another take the shuffle together.

    Args:
        cluster: where.
        frame: Spark's frame of blobs.
        task: what is to be run over its partitions.
        empty: see ``Parts.empty``.
        count: in how many parts ``by`` cuts.
        cut: blobs with the numbers of their parts, not shuffled yet; ``task`` runs over the parts.
        finer: in how many times as many parts they are cut now.
    """

    cluster: Cluster
    frame: Any
    task: Task
    empty: pa.Table
    count: int
    cut: bool = False
    finer: int = 1

    @classmethod
    def of(cls, cluster: Cluster, rows: Rows, count: int) -> Self:
        """Rows that tasks read themselves, each a few pieces."""
        pieces = rows.pieces(count)
        told = [(number, 0, pickle.dumps(piece)) for number, piece in enumerate(pieces)]
        frame = cluster.frame(told)
        empty = rows.schema.empty_table()
        return cls(cluster, frame, Task((empty,), rows=rows), empty, count)

    def each(self, kernel: Kernel) -> Self:
        """See ``Parts.each``."""
        task = replace(self.task, kernels=(*self.task.kernels, kernel))
        return replace(self, task=task, empty=emptied(kernel, self.empty))

    def by(self, *key: str, finer: int = 1) -> Self:
        """See ``Parts.by``."""
        self.empty.select(list(key))
        frame = self._run(replace(self.task, key=key, parts=self.count * finer))
        return replace(self, frame=frame, task=Task((self.empty,), whole=True), cut=True, finer=finer)

    def beside(self, other: Self, kernel: BothKernel) -> Self:
        """See ``Parts.beside``."""
        if not (self.task.whole and other.task.whole and self._parts == other._parts):
            raise MeasureError("Both must be cut by a key, in equally many parts.", where="beside")
        frame = self._side(0).unionAll(other._side(1))
        task = Task((self.empty, other.empty), whole=True, both=kernel)
        return replace(self, frame=frame, task=task, empty=emptied_both(kernel, self.empty, other.empty), cut=True)

    def beside_all(self, few: pa.Table, kernel: BothKernel) -> Self:
        """See ``Parts.beside_all``."""
        return self.each(WithTable(kernel, few))

    def joined(self, other: Self) -> Self:
        """See ``Parts.joined``."""
        frame = self._run(self.task).unionAll(other._run(other.task))
        return replace(self, frame=frame, task=Task((self.empty,)), cut=False)

    def kept(self) -> Self:
        """See ``Parts.kept``."""
        frame = self.cluster.keep(self._run(self.task))
        return replace(self, frame=frame, task=Task((self.empty,), whole=self.task.whole), cut=False)

    def all(self) -> pa.Table:
        """See ``Parts.all``."""
        batches = self.cluster.collected(self._run(self.task))
        return pa.concat_tables([self.empty, *(rows for _, _, rows in unpacked(batches))])

    @property
    def _parts(self) -> int:
        """In how many parts these rows are cut now."""
        return self.count * self.finer

    def _side(self, side: int) -> Any:
        """Blobs of the parts, not shuffled, as one side of two."""
        if not self.task.kernels and self.task.both is None:
            return self.frame.selectExpr("part", f"{side} AS side", "blob")
        return self._run(replace(self.task, side=side))

    def _run(self, task: Task) -> Any:
        nothing_to_do = not (task.kernels or task.both or task.rows or task.key is not None)
        if nothing_to_do and not self.cut:
            return self.frame
        shuffled = self.frame.repartitionById(self._parts, "part") if self.cut else self.frame
        return shuffled if nothing_to_do else self.cluster.mapped(shuffled, task)
