"""What a task does on a worker: read pieces of rows, run kernels over whole parts, and cut what they give."""

from __future__ import annotations

import gc
import pickle
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pyarrow as pa

from seawall.engine.cutting import cut
from seawall.engine.spark.blobs import packed, unpacked
from seawall.engine.spark.failures import as_words
from seawall.engine.spark.versions import versions
from seawall.errors import ConfigurationError
from seawall.measures.cores import at_most
from seawall.parts import BothKernel, Kernel, Rows, tables

Batches = Iterator[pa.RecordBatch]

OLDEST = 2
"""The generation of a collection that looks at all objects."""

WAITING_BYTES = 64 << 20
"""So many bytes of rows are cut at once: less would make many small blobs."""


@dataclass(frozen=True)
class Sent:
    """A task on its way to a worker: it is opened only where the same versions are installed.

    Args:
        task: pickled, with what has no module of its own.
        made_by: the versions where it was made.
        name: of the file among those of the session that holds the task; None = it is here.
    """

    task: bytes = field(repr=False)
    made_by: tuple[tuple[str, str], ...]
    name: str | None = None

    def __call__(self, batches: Batches) -> Batches:
        """Blobs -> blobs. An error leaves as words without what caused it, which could quote a message in a log."""
        try:
            _prepare()
            check_versions(dict(self.made_by), here())
            with settled():
                yield from pickle.loads(self._found())(batches)  # noqa: S301 - what our own driver has written
        except Exception as error:  # noqa: BLE001 - whatever a kernel raises is told
            words = as_words(error)
        else:
            return
        raise RuntimeError(words)

    def _found(self) -> bytes:
        if self.name is None:
            return self.task
        from pyspark import SparkFiles

        return Path(SparkFiles.get(self.name)).read_bytes()


@cache
def here() -> dict[str, str]:
    """What is installed where this runs."""
    return versions()


def check_versions(wanted: dict[str, str], found: dict[str, str], where: str | None = None) -> None:
    """Is the same installed here and there?

    Raises:
        ConfigurationError: it is not; the message names each difference.
    """
    differing = [name for name in wanted if found.get(name) != wanted[name]]
    if not differing:
        return
    if found.get("Seawall") == "missing":
        what = "A worker lacks the package seawall."
    else:
        told = (f"{name} {found.get(name, 'missing')} there, {wanted[name]} here" for name in differing)
        what = f"A worker has other versions: {'; '.join(told)}."
    raise ConfigurationError(
        what,
        where=where,
        mend="Install the same seawall[spark] on every worker, for the Python that Spark starts there; restart it.",
    )


@cache
def _prepare() -> None:
    """A worker has a process for each task that it runs at once: each of them keeps to one core."""
    at_most(1)
    pa.set_cpu_count(1)


@contextmanager
def settled() -> Iterator[None]:
    """Until the next task begins, what survives a collection of garbage is exempt from later ones.

    Spark collects after each task, for which it went through all modules and kernels: longer than a small task takes.
    """
    if _exempt in gc.callbacks:
        gc.callbacks.remove(_exempt)
    try:
        yield
    finally:
        gc.callbacks.append(_exempt)


def _exempt(phase: str, found: Mapping[str, int]) -> None:
    if phase == "stop" and found["generation"] == OLDEST:
        gc.freeze()


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
        place = _Place()
        given = self._given(batches, place)
        for kernel in self.kernels:
            given = _after(kernel, given, self.whole)
        yield from self._cut(given) if self.key is not None else self._in_place(given, place)

    def _given(self, batches: Batches, place: _Place) -> Iterator[pa.Table]:
        if self.rows is not None:
            return self._read(self.rows, batches)
        if not self.whole:
            return (rows for _, _, rows in unpacked(batches))
        return self._wholes(batches, place)

    @staticmethod
    def _read(rows: Rows, batches: Batches) -> Iterator[pa.Table]:
        for batch in batches:
            for piece in batch["blob"].to_pylist():
                for found in rows.read(pickle.loads(piece)):  # noqa: S301 - what our own driver has written
                    yield pa.Table.from_batches([found])

    def _wholes(self, batches: Batches, place: _Place) -> Iterator[pa.Table]:
        sides: list[list[pa.Table]] = [[empty] for empty in self.empties]
        for place.part, side, rows in unpacked(batches):
            sides[side].append(rows)
        wholes = []
        while sides:
            wholes.append(pa.concat_tables(sides.pop(0)))
        if self.both is None:
            yield wholes.pop()
        elif any(len(whole) for whole in wholes):
            yield from tables(self.both(wholes.pop(0), wholes.pop(0)))

    def _in_place(self, given: Iterator[pa.Table], place: _Place) -> Batches:
        for rows in given:
            yield from packed(place.part, rows, self.side)

    def _cut(self, given: Iterator[pa.Table]) -> Batches:
        for rows in _gathered(given):
            for part, piece in enumerate(cut(rows, self.key or (), self.parts)):
                yield from packed(part, piece, self.side)


@dataclass
class _Place:
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
