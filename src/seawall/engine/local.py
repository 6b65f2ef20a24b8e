"""The engine of one machine: all cores, and a bound on memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pyarrow as pa

from seawall.engine.cutting import cut
from seawall.engine.local_parts import LocalParts
from seawall.engine.spill import Spill, sweep_up
from seawall.errors import ConfigurationError
from seawall.measures.cores import available
from seawall.parts import Rows, as_rows, reader
from seawall.protocols import Measure, PartedMeasure, Progress

GIBIBYTE = 1 << 30
ONE_PART = 32 << 20
"""Prepared rows of up to so many bytes are one part: cutting them would cost more than it gains."""

PARTS_ON_DISK = 64


class LocalEngine:
    """Runs a measure on this machine: prepares batch after batch, cuts the rows by key, and works on parts at once.

    Prepared rows beyond ``memory`` wait on disk, as keys, ids and times; the files are private (0600), and are
    removed at the end, after an error, and after a kill when the next engine starts.

    Args:
        threads: how many parts are worked on at once; None = as many as there are cores.
        memory: bytes of prepared rows that are held before they go to disk. A part on disk is about a 64th of all rows,
            and at least all rows of its most frequent key.
        spill_dir: where files of intermediate results go; None = the system's folder for temporary files.
        progress: called with what is being done, how much is done, and how much there is.

    Raises:
        ConfigurationError: threads or memory below 1.
    """

    name = "local"

    def __init__(
        self,
        *,
        threads: int | None = None,
        memory: int = GIBIBYTE,
        spill_dir: Path | None = None,
        progress: Progress | None = None,
    ) -> None:
        if memory < 1 or (threads is not None and threads < 1):
            raise ConfigurationError("threads and memory must be 1 or more.", where="LocalEngine")
        self.threads = threads or available()
        self.memory = memory
        self.spill_dir = spill_dir
        self.progress = progress
        if spill_dir is not None:
            sweep_up(spill_dir)

    def run(
        self, measure: Measure | PartedMeasure, rows: Rows | pa.RecordBatchReader, *, total: int | None = None
    ) -> Any:
        """The measure's final result over all rows. ``total`` is the number of rows, for the time left.

        A measure of several steps that cannot be cut by one key is given all rows at once.

        Raises:
            StorageError: the disk refuses a file of intermediate results.
            MeasureError: the measure cannot use the rows.
        """
        if isinstance(rows, Rows):
            rows = reader(rows)
        if not isinstance(measure, Measure):
            return measure.at_once(self._told(rows, total))
        prepared = self._prepared(measure, rows, total)
        held: list[pa.Table] = []
        size = 0
        for table in prepared:
            held.append(table)
            size += table.nbytes
            if size > self.memory:
                return self._over_disk(measure, held, prepared)
        return self._in_memory(measure, pa.concat_tables(held), size)

    def _prepared(self, measure: Measure, rows: pa.RecordBatchReader, total: int | None) -> Iterator[pa.Table]:
        done = 0
        yield measure.prepare(rows.schema.empty_table())
        for batch in rows:
            yield measure.prepare(pa.Table.from_batches([batch]))
            done += len(batch)
            self._tell("reading rows", done, total)

    def parts(self, rows: Rows | pa.RecordBatchReader, *, total: int | None = None) -> LocalParts:
        """The rows as parts, in memory; see ``seawall.parts``."""
        return LocalParts.of(as_rows(rows), 2 * self.threads)

    def _told(self, rows: pa.RecordBatchReader, total: int | None) -> pa.RecordBatchReader:
        """The same rows, with progress."""

        def batches() -> Iterator[pa.RecordBatch]:
            done = 0
            for batch in rows:
                yield batch
                done += len(batch)
                self._tell("reading rows", done, total)

        return pa.RecordBatchReader.from_batches(rows.schema, batches())

    def _in_memory(self, measure: Measure, prepared: pa.Table, size: int) -> Any:
        parts = cut(prepared, (measure.key,), 1 if size <= ONE_PART else 2 * self.threads)
        del prepared
        return measure.finalise(measure.merge(self._work(measure, iter(parts), len(parts))))

    def _over_disk(self, measure: Measure, held: list[pa.Table], rest: Iterator[pa.Table]) -> Any:
        with Spill(self.spill_dir, PARTS_ON_DISK) as spill:
            empty = held[0]
            size = 0
            waiting = held.copy()
            held.clear()
            for table in rest:
                waiting.append(table)
                size += table.nbytes
                if size > self.memory // 2:
                    spill.write(cut(pa.concat_tables(waiting), (measure.key,), PARTS_ON_DISK))
                    waiting.clear()
                    size = 0
            spill.write(cut(pa.concat_tables([empty, *waiting]), (measure.key,), PARTS_ON_DISK))
            waiting.clear()
            spill.close_files()
            numbers = range(PARTS_ON_DISK)
            parts = (rows for rows in map(spill.read, numbers) if rows is not None)
            partials = self._work(measure, parts, PARTS_ON_DISK)
            return measure.finalise(measure.merge(partials or [measure.kernel(empty)]))

    def _work(self, measure: Measure, parts: Iterable[pa.Table], count: int) -> list[pa.Table]:
        """The kernel over each part; no more parts are read than there are threads."""
        partials: list[pa.Table] = []
        with ThreadPoolExecutor(self.threads) as pool:
            running = []
            for part in parts:
                running.append(pool.submit(measure.kernel, part))
                if len(running) > self.threads:
                    partials.append(running.pop(0).result())
                    self._tell("measuring", len(partials), count)
            for future in running:
                partials.append(future.result())
                self._tell("measuring", len(partials), count)
        return partials

    def _tell(self, what: str, done: int, total: int | None) -> None:
        if self.progress is not None:
            self.progress(what, done, total)
