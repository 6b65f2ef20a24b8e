"""Fewer and larger files for the same rows."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

import pyarrow as pa

from seawall.lake.delta import DataFile, DeltaFolder
from seawall.lake.records import CompactionReceipt
from seawall.lake.rewrite import read_rows
from seawall.lake.writer import Writer
from seawall.protocols import Progress

FILE_ROWS = 1_000_000
"""Rows of a compacted file, at most."""

SMALL = 8
"""So many small files of a table are worth a compaction."""

READERS_MAY_TAKE = 3600.0
"""Seconds that a retired file stays for readers that began before."""


def compact_all(writer: Writer, progress: Progress | None = None) -> CompactionReceipt:
    """See ``Lake.compact``."""
    before = after = 0
    for done, (name, table) in enumerate(writer.tables.items()):
        if progress is not None:
            progress(f"compacting {name}", done, len(writer.tables))
        receipt = compact(table)
        before += receipt.files_before
        after += receipt.files_after
    writer.index.sweep()
    return CompactionReceipt(before, after)


def compact(table: DeltaFolder) -> CompactionReceipt:
    """Join small files; readers that are open keep theirs for an hour."""
    before = table.snapshot().files
    adds: list[dict[str, Any]] = []
    removed: list[DataFile] = []
    for edits in (False, True):
        small = [file for file in before if file.edits == edits and file.rows < FILE_ROWS // 2]
        if len(small) >= SMALL:
            adds += write_files(table, read_rows(table, small), edits=edits)
            removed += small
    if removed:
        table.commit(adds, removed, operation="OPTIMIZE")
    table.sweep(older_than=READERS_MAY_TAKE)
    table.forget_history(older_than=READERS_MAY_TAKE)
    return CompactionReceipt(len(before), len(before) - len(removed) + len(adds))


def write_files(table: DeltaFolder, batches: Iterator[pa.RecordBatch], *, edits: bool) -> list[dict[str, Any]]:
    """Rows as data files of at most about FILE_ROWS rows each."""
    adds: list[dict[str, Any]] = []
    for first in batches:
        adds += table.write_file(_up_to(FILE_ROWS, first, batches), edits=edits)
    return adds


def _up_to(rows: int, first: pa.RecordBatch, rest: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for batch in chain([first], rest):
        yield batch
        rows -= batch.num_rows
        if rows <= 0:
            return
