"""Rewriting data files with fewer rows or other values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pyarrow as pa

from seawall.lake.delta import REMOVED, DataFile, DeltaFolder
from seawall.lake.schemas import SCAN, STORED
from seawall.protocols import Progress

Change = Callable[[pa.RecordBatch], pa.RecordBatch]
"""Stored rows -> the rows that take their place; the very same object where nothing changes."""


def read_rows(
    table: DeltaFolder, files: Sequence[DataFile], columns: Sequence[str] | None = None
) -> Iterator[pa.RecordBatch]:
    """Stored rows of these files, whole or some columns."""
    if not files:
        return
    with table.place.refusals():
        rows = table.place.dataset([file.path for file in files], STORED[table.table])
        names = STORED[table.table].names if columns is None else list(columns)
        yield from rows.scanner(columns=names, **SCAN).to_batches()


def rewrite(table: DeltaFolder, change: Change, columns: Sequence[str], progress: Progress | None = None) -> int:
    """Apply a change to a table, in one commit; files that it does not touch stay as they are.

    Args:
        change: from stored rows to those that take their place; also called with ``columns`` alone, to see whether
            it touches a file.
        columns: what the change reads.

    Returns:
        How many rows it removed.
    """
    files = table.snapshot().files
    adds: list[dict[str, Any]] = []
    removed: list[DataFile] = []
    counting = _Counting(change)
    for done, file in enumerate(files):
        if progress is not None:
            progress(f"rewriting {table.table}", done, len(files))
        if all(change(batch) is batch for batch in read_rows(table, [file], columns)):
            continue
        adds += table.write_file(map(counting, read_rows(table, [file])), edits=file.edits)
        removed.append(file)
    if removed:
        transaction = (REMOVED, table.removed() + counting.keyed) if counting.keyed else None
        table.commit(adds, removed, operation="DELETE", transaction=transaction)
    return counting.rows


class _Counting:
    """A change that counts the rows it removes, and those of them that stand in the duplicate index."""

    def __init__(self, change: Change) -> None:
        self._change = change
        self.rows = 0
        self.keyed = 0

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        left = self._change(batch)
        self.rows += batch.num_rows - left.num_rows
        self.keyed += _keyed(batch) - _keyed(left)
        return left


def _keyed(batch: pa.RecordBatch) -> int:
    if "id_key" not in batch.schema.names:
        return 0
    return int(batch.num_rows - batch.column("id_key").null_count)


def forget(table: DeltaFolder) -> None:
    """Remove every file and log entry that only earlier versions need: nothing that was rewritten can be read again."""
    table.sweep(older_than=0)
    table.forget_history()
