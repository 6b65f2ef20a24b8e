"""The lake's self-check: is everything there that was acknowledged, and nothing else?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from seawall.errors import StorageError
from seawall.lake.compaction import READERS_MAY_TAKE
from seawall.lake.delta import DataFile, Snapshot
from seawall.lake.home import Home
from seawall.lake.index import DuplicateIndex
from seawall.lake.ledger import Ledger
from seawall.lake.place import Place, crc
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


def check(home: Home) -> list[Problem]:
    """See ``Lake.check``."""
    try:
        ledger = Ledger(home.table("batches"))
    except StorageError as error:
        return [*_check_logs(home), _problem(error)]
    found = list(_check_tables(home, ledger))
    whole = not any(problem.severe for problem in found)
    return [*found, *_check_index(home, ledger, whole), *_check_counters(home.index), *_check_rest(home)]


def _problem(error: StorageError) -> Problem:
    return Problem(error.what, error.where or "lake", error.mend or _RESTORE)


def _check_tables(home: Home, ledger: Ledger) -> Iterator[Problem]:
    rows: Counter[_Key] = Counter()
    removed = 0
    damaged = False
    for name in TABLES:
        table = home.table(name)
        try:
            yield from _check_log(table.place)
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
                table.place.where,
                "seawall compact removes them.",
                False,
            )
        for file in orphans(snapshot.files, ledger.kept) if name != "batches" else ():
            yield Problem(
                "A data file belongs to a batch that was never acknowledged; readers pass it over.",
                _named(table.place, file),
                "The next command that writes takes it out.",
                severe=False,
            )
        wrong = list(_check_files(snapshot, name, rows))
        damaged = damaged or bool(wrong)
        yield from wrong
    if not damaged:
        yield from _check_sums(home.tables.where, ledger, rows, removed)


def _check_logs(home: Home) -> Iterator[Problem]:
    for name in TABLES:
        try:
            yield from _check_log(home.tables.inside(name))
        except StorageError as error:
            yield _problem(error)


def _check_log(place: Place) -> Iterator[Problem]:
    for path in place.damaged():
        yield Problem("A file of the log is not what was written.", path, _RESTORE)


def _named(place: Place, file: DataFile) -> str:
    return f"{place.where}/{file.path}"


def _check_files(snapshot: Snapshot, table: str, rows: Counter[_Key]) -> Iterator[Problem]:
    sizes = {found.name: found.size for found in snapshot.place.files()}
    for file in snapshot.files:
        fault = _misplaced(file, sizes) or _fault(snapshot.place, file, table, rows)
        if fault:
            yield Problem(fault, _named(snapshot.place, file), _RESTORE)


def _misplaced(file: DataFile, sizes: Mapping[str, int]) -> str | None:
    if file.path not in sizes:
        return "A data file is missing."
    return None if sizes[file.path] == file.size else "A data file has another size than the log tells."


def _fault(place: Place, file: DataFile, table: str, rows: Counter[_Key]) -> str | None:
    """Read a data file whole, compare its checksum, and count its keyed rows by batch."""
    try:
        content = place.whole(file.path)
        if not file.path.removesuffix(".parquet").endswith(crc(content)):
            return "The bytes of a data file are not those that were written."
        content.seek(0)
        read = 0
        parquet = pq.ParquetFile(content)
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


def _check_sums(where: str, ledger: Ledger, rows: Counter[_Key], removed: int) -> Iterator[Problem]:
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


def _check_index(home: Home, ledger: Ledger, whole: bool) -> Iterator[Problem]:
    index = DuplicateIndex(home.index / "runs", ledger.kept)
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
            yield from _check_keys(home, ledger, index)
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


def _check_counters(index: Path) -> Iterator[Problem]:
    """How often a feed told the same message without an id: nothing else in the lake knows it."""
    for path in sorted((index / "counters").glob("*/*.run")):
        try:
            run = Run(path)
            try:
                run.verify()
            finally:
                run.close()
        except StorageError as error:
            yield _problem(error)


def _check_keys(home: Home, ledger: Ledger, index: DuplicateIndex) -> Iterator[Problem]:
    lost = 0
    committed = pa.array(ledger.committed)
    for name in KEYED:
        snapshot = home.table(name).snapshot()
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
    wanted = ds.field("batch").isin(committed) & ds.field("id_key").is_valid()
    with snapshot.place.refusals():
        rows = snapshot.place.dataset([file.path for file in snapshot.files], STORED[table])
        for batch in rows.scanner(columns=["id_key"], filter=wanted).to_batches():
            yield np.unique(batch.column(0).to_numpy().view(np.uint64))


def _check_rest(home: Home) -> Iterator[Problem]:
    try:
        read_salt(home.index / "salt")
        if Suppression(home.index / "erased.json").pending:
            yield Problem("An erasure was interrupted.", str(home.folder), "Run seawall erase again; it completes.")
    except StorageError as error:
        yield _problem(error)
    if home.tables.keeps_removed():
        yield Problem(
            "This bucket keeps earlier versions of objects, so what is erased stays there.",
            home.tables.where,
            "Suspend versioning, remove earlier versions, then run seawall compact.",
        )
    spilled = [path for path in home.tmp.rglob("*") if path.is_file()]
    if spilled:
        yield Problem(f"{len(spilled)} spill files are left.", str(home.tmp), "Delete them.", False)
