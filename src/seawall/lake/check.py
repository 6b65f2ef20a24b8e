"""The lake's self-check: is everything there that was acknowledged, and nothing else?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from seawall.errors import StorageError
from seawall.lake import log_sums
from seawall.lake.compaction import READERS_MAY_TAKE
from seawall.lake.delta import DataFile, DeltaFolder, Snapshot, checksum
from seawall.lake.index import DuplicateIndex
from seawall.lake.ledger import Ledger
from seawall.lake.records import Problem
from seawall.lake.recovery import orphans
from seawall.lake.runs import Run
from seawall.lake.salt import read_salt
from seawall.lake.schemas import KEYED, STORED, fits
from seawall.lake.suppression import Suppression
from seawall.model import TABLES

_Key = tuple[bool, int]
"""Whether rows are of the quarantine, and their batch."""

_RESTORE = "Restore this file from a backup, or add the inputs again to a new workspace."


def check(folder: Path) -> list[Problem]:
    """See ``Lake.check``."""
    try:
        ledger = Ledger(folder / "lake" / "batches")
    except StorageError as error:
        return [*_check_logs(folder), _problem(error)]
    found = list(_check_tables(folder, ledger))
    whole = not any(problem.severe for problem in found)
    return [*found, *_check_index(folder, ledger, whole), *_check_counters(folder), *_check_rest(folder)]


def _problem(error: StorageError) -> Problem:
    return Problem(error.what, error.where or "lake", error.mend or _RESTORE)


def _check_tables(folder: Path, ledger: Ledger) -> Iterator[Problem]:
    rows: Counter[_Key] = Counter()
    removed = 0
    damaged = False
    for name in TABLES:
        table = DeltaFolder(folder / "lake" / name, name)
        try:
            yield from _check_log(table.folder)
            snapshot = table.snapshot()
            removed += table.removed()
            stale = table.unreferenced(older_than=READERS_MAY_TAKE, newest=snapshot)
        except StorageError as error:
            damaged = True
            yield _problem(error)
            continue
        if stale:
            yield Problem(
                f"{len(stale)} files are no part of the table.",
                str(table.folder),
                "seawall compact removes them.",
                False,
            )
        for file in orphans(snapshot.files, ledger.kept) if name != "batches" else ():
            yield Problem(
                "A data file belongs to a batch that was never acknowledged; readers pass it over.",
                str(table.folder / file.path),
                "The next command that writes takes it out.",
                severe=False,
            )
        wrong = list(_check_files(snapshot, name, rows))
        damaged = damaged or bool(wrong)
        yield from wrong
    if not damaged:
        yield from _check_sums(folder, ledger, rows, removed)


def _check_logs(folder: Path) -> Iterator[Problem]:
    for name in TABLES:
        try:
            yield from _check_log(folder / "lake" / name)
        except StorageError as error:
            yield _problem(error)


def _check_log(folder: Path) -> Iterator[Problem]:
    for path in log_sums.damaged(folder):
        yield Problem("A file of the log is not what was written.", str(path), _RESTORE)


def _check_files(snapshot: Snapshot, table: str, rows: Counter[_Key]) -> Iterator[Problem]:
    for file in snapshot.files:
        path = snapshot.folder / file.path
        fault = _fault(path, file, table, rows)
        if fault:
            yield Problem(fault, str(path), _RESTORE)


def _fault(path: Path, file: DataFile, table: str, rows: Counter[_Key]) -> str | None:
    """Read a data file whole, compare its checksum, and count its keyed rows by batch."""
    try:
        if not path.exists():
            return "A data file is missing."
        if path.stat().st_size != file.size:
            return "A data file has another size than the log tells."
        if not path.stem.endswith(checksum(path)):
            return "The bytes of a data file are not those that were written."
        read = 0
        parquet = pq.ParquetFile(path)
        if not fits(table, parquet.schema_arrow.names):
            return "A data file has other columns than its table."
        for batch in parquet.iter_batches(65_536):
            read += batch.num_rows
            if table in (*KEYED, "quarantine"):
                _count(batch, table, rows)
        return None if read == file.rows else "A data file has another number of rows than the log tells."
    except (OSError, pa.ArrowException):
        return "A data file is damaged."


def _count(batch: pa.RecordBatch, table: str, rows: Counter[_Key]) -> None:
    batches = batch.column("batch")
    if table in KEYED:
        batches = batches.filter(batch.column("id_key").is_valid())
    for entry in pc.value_counts(batches).to_pylist():
        rows[(table == "quarantine", entry["values"])] += entry["counts"]


def _check_sums(folder: Path, ledger: Ledger, rows: Counter[_Key], removed: int) -> Iterator[Problem]:
    where = str(folder / "lake")
    kept = {batch: rows[(False, batch)] for batch in ledger.kept}
    more = sum(found > ledger.kept[batch] for batch, found in kept.items())
    if more:
        yield Problem(f"{more} batches have more rows than were acknowledged.", where, _RESTORE)
    missing = sum(ledger.kept.values()) - removed - sum(kept.values())
    if missing > 0:
        yield Problem(f"{missing} acknowledged rows are not there.", where, _RESTORE)
    refused = sum(rows[(True, batch)] != rejected for batch, rejected in ledger.rejected.items())
    if refused:
        yield Problem(f"The quarantine of {refused} batches is not what was acknowledged.", where, _RESTORE)


def _check_index(folder: Path, ledger: Ledger, whole: bool) -> Iterator[Problem]:
    index = DuplicateIndex(folder / "index" / "runs", ledger.kept)
    try:
        wrong = [_problem(error) for error in index.verify()]
        yield from wrong
        missing = {batch for batch, kept in ledger.kept.items() if kept} - index.batches
        if missing:
            yield Problem(
                f"The duplicate index lacks {len(missing)} batches.",
                str(index.folder),
                "The next command that writes builds them anew from the lake.",
            )
        elif whole and not wrong:
            yield from _check_keys(folder, ledger, index)
        stale = index.leftovers()
        if stale:
            yield Problem(
                f"{len(stale)} files are no part of the index.",
                str(index.folder),
                "seawall compact removes them.",
                False,
            )
    except StorageError as error:
        yield _problem(error)
    finally:
        index.close()


def _check_counters(folder: Path) -> Iterator[Problem]:
    """How often a feed told the same message without an id: nothing else in the lake knows it."""
    for path in sorted((folder / "index" / "counters").glob("*/*.run")):
        try:
            run = Run(path)
            try:
                run.verify()
            finally:
                run.close()
        except StorageError as error:
            yield _problem(error)


def _check_keys(folder: Path, ledger: Ledger, index: DuplicateIndex) -> Iterator[Problem]:
    lost = 0
    committed = pa.array(ledger.committed)
    for name in KEYED:
        snapshot = DeltaFolder(folder / "lake" / name, name).snapshot()
        for ids in _stored_ids(snapshot, name, committed):
            lost += len(ids) - len(np.unique(index.find(ids)[0]))
    if lost:
        yield Problem(
            f"The duplicate index lacks {lost} rows of the lake.",
            str(index.folder),
            "Delete the files of this folder; the next command that writes builds them anew from the lake.",
        )


def _stored_ids(
    snapshot: Snapshot, table: str, committed: pa.Array
) -> Iterator[np.ndarray[tuple[int], np.dtype[np.uint64]]]:
    if not snapshot.files:
        return
    paths = [str(snapshot.folder / file.path) for file in snapshot.files]
    rows = ds.dataset(paths, schema=STORED[table], format="parquet")
    wanted = ds.field("batch").isin(committed) & ds.field("id_key").is_valid()
    for batch in rows.scanner(columns=["id_key"], filter=wanted).to_batches():
        yield np.unique(batch.column(0).to_numpy().view(np.uint64))


def _check_rest(folder: Path) -> Iterator[Problem]:
    try:
        read_salt(folder / "index" / "salt")
        if Suppression(folder / "index" / "erased.json").pending:
            yield Problem("An erasure was interrupted.", str(folder), "Run seawall erase again; it completes.")
    except StorageError as error:
        yield _problem(error)
    spilled = [path for path in (folder / "tmp").rglob("*") if path.is_file()]
    if spilled:
        yield Problem(f"{len(spilled)} spill files are left.", str(folder / "tmp"), "Delete them.", False)
