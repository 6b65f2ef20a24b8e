"""What a task does on a worker: read pieces of rows, run kernels over whole parts, and cut what they give."""

from __future__ import annotations

import base64
import pickle
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pyarrow as pa

from seawall.engine.cutting import cut
from seawall.engine.spark.blobs import packed, unpacked
from seawall.parts import BothKernel, Kernel, Rows, tables

Batches = Iterator[pa.RecordBatch]
Step = Callable[[Iterator[pa.Table]], Iterator[pa.Table]]

WAITING_BYTES = 64 << 20
"""So many bytes of rows are cut at once: less would make many small blobs."""

FAILED = "seawall-error:"
"""Before an error of a kernel, pickled and in base64, in the words of the exception that Spark carries."""


@dataclass(frozen=True)
class Task:
    """The function that Spark runs over the blobs of one partition.

    Args:
        rows: the partition names pieces of these; None = it holds blobs.
        whole: the blobs of each side are one table.
        both: what is made of the two sides first.
        empties: no rows of each side.
        kernels: what is run one after the other.
        key: what the result is cut by; None = it stays in its part.
        parts: in how many.
        side: which side the result is.
    """

    empties: tuple[pa.Table, ...]
    rows: Rows | None = None
    whole: bool = False
    both: BothKernel | None = None
    kernels: tuple[Kernel, ...] = ()
    key: tuple[str, ...] | None = None
    parts: int = 1
    side: int = 0

    def __call__(self, batches: Batches) -> Batches:
        """Blobs -> blobs."""
        try:
            here = _Here()
            given = self._given(batches, here)
            for kernel in self.kernels:
                given = _after(kernel, given, self.whole)
            yield from self._cut(given) if self.key is not None else self._in_place(given, here)
        except Exception as error:
            raise RuntimeError(FAILED + _as_words(error)) from error

    def _given(self, batches: Batches, here: _Here) -> Iterator[pa.Table]:
        if self.rows is not None:
            return self._read(self.rows, batches)
        if not self.whole:
            return (rows for _, _, rows in unpacked(batches))
        return self._wholes(batches, here)

    @staticmethod
    def _read(rows: Rows, batches: Batches) -> Iterator[pa.Table]:
        for batch in batches:
            for piece in batch["blob"].to_pylist():
                for found in rows.read(pickle.loads(piece)):  # noqa: S301 - what our own driver has written
                    yield pa.Table.from_batches([found])

    def _wholes(self, batches: Batches, here: _Here) -> Iterator[pa.Table]:
        sides: list[list[pa.Table]] = [[empty] for empty in self.empties]
        for here.part, side, rows in unpacked(batches):
            sides[side].append(rows)
        wholes = []
        while sides:
            wholes.append(pa.concat_tables(sides.pop(0)))
        if self.both is None:
            yield wholes.pop()
        elif any(len(whole) for whole in wholes):
            yield from tables(self.both(wholes.pop(0), wholes.pop(0)))

    def _in_place(self, given: Iterator[pa.Table], here: _Here) -> Batches:
        for rows in given:
            yield from packed(here.part, rows, self.side)

    def _cut(self, given: Iterator[pa.Table]) -> Batches:
        for rows in _gathered(given):
            for part, piece in enumerate(cut(rows, self.key or (), self.parts)):
                yield from packed(part, piece, self.side)


@dataclass
class _Here:
    """The part in which a task works, known when its first blob has come."""

    part: int = field(default=0)


def _after(kernel: Kernel, given: Iterator[pa.Table], whole: bool) -> Iterator[pa.Table]:
    """What a kernel gives for each table, or for all of them as one."""
    if whole:
        held = list(given)
        given = iter([pa.concat_tables(held)] if held else [])
        del held
    for rows in given:
        yield from tables(kernel(rows))


def _gathered(given: Iterator[pa.Table]) -> Iterator[pa.Table]:
    held: list[pa.Table] = []
    size = 0
    for rows in given:
        if len(rows):
            held.append(rows)
            size += rows.nbytes
        if size > WAITING_BYTES:
            yield pa.concat_tables(held)
            held, size = [], 0
    if held:
        yield pa.concat_tables(held)


def _as_words(error: Exception) -> str:
    try:
        told = pickle.dumps(error)
        pickle.loads(told)  # noqa: S301 - what was just written
    except Exception:  # noqa: BLE001 - an error that cannot travel is told by its kind
        told = pickle.dumps(RuntimeError(type(error).__name__))
    return base64.b64encode(told).decode() + ";"
