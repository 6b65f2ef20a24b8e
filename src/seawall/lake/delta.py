"""One Delta table on the local disk, written so that a power cut loses nothing that was acknowledged.

``deltalake`` creates the table, reads its log and writes its checkpoints. Data files and log entries are
written here, because the library syncs neither: each is complete on the disk before its name appears.
The writer holds the workspace's lock, so a log entry needs no other protection against a second writer.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import time
import uuid
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from deltalake import DeltaTable

from seawall.lake import log_sums
from seawall.lake.disk import disk_errors, make_folder, sync_file, sync_folder, write_durably
from seawall.lake.schemas import STORED, TIME_COLUMN, dictionary_columns, statistics_columns

CHECKPOINT_EVERY = 50
ROW_GROUP = 131_072
EDITS = "edits-"
"""Prefix of data files that hold later revisions only, so that a reader finds them without a scan."""

REMOVED = "seawall-removed"
"""The log's application id under which removed rows are counted."""

_ENTRY = re.compile(r"\d{20}\.json")
_HINT = "_last_checkpoint"
_BESIDE = ".checkpoint"
"""The folder in a table's folder in which a checkpoint is made."""


@dataclass(frozen=True, slots=True)
class DataFile:
    """An active data file, as the log tells it."""

    path: str  # relative to the table's folder
    size: int
    rows: int
    first_batch: int
    last_batch: int
    first_time: datetime | None
    last_time: datetime | None

    @property
    def edits(self) -> bool:
        """Whether it holds later revisions of messages only."""
        return self.path.startswith(EDITS)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A table at one version."""

    folder: Path
    version: int
    files: tuple[DataFile, ...]


class DeltaFolder:
    """A Delta table in a folder: snapshots for readers, durable commits for the one writer."""

    def __init__(self, folder: Path, table: str) -> None:
        self.folder = folder
        self.table = table
        self._log = folder / "_delta_log"
        self._version: int | None = None

    def create(self) -> None:
        """Make the empty table; a table that is there stays as it is."""
        with disk_errors(self.folder):
            make_folder(self.folder)
            DeltaTable.create(
                self.folder,
                schema=STORED[self.table],
                mode="ignore",
                configuration={
                    "delta.dataSkippingStatsColumns": ",".join(statistics_columns(self.table)),
                    "delta.enableExpiredLogCleanup": "false",
                    "delta.deletedFileRetentionDuration": "interval 1 hours",  # else checkpoints name them for a week
                },
            )
            for entry in self._log.iterdir():
                sync_file(entry)
            if not (self.folder / log_sums.SUMS).exists():
                log_sums.keep_sums(self.folder, self._log.glob("*.json"))
            for folder in (self._log, self.folder, self.folder.parent):
                sync_folder(folder)

    def snapshot(self) -> Snapshot:
        """The files of the newest version.

        Raises:
            StorageError: the log is missing or damaged.
        """
        with disk_errors(self.folder):
            table = DeltaTable(self.folder)
            actions = pa.table(table.get_add_actions(flatten=True))
        return Snapshot(self.folder, table.version(), tuple(_data_files(self.table, actions)))

    def removed(self) -> int:
        """How many keyed rows retention and erasure have removed so far; the log keeps it with the removal itself."""
        with disk_errors(self.folder):
            return DeltaTable(self.folder).transaction_version(REMOVED) or 0

    def version(self) -> int:
        """The newest version; the writer need not read the log for it."""
        if self._version is None:
            self._version = self.newest_version()
        return self._version

    def newest_version(self) -> int:
        """The newest version according to the names in the log's folder."""
        with disk_errors(self._log):
            names = (entry.name for entry in self._log.iterdir())
            versions = [int(name[:20]) for name in names if _ENTRY.fullmatch(name) or ".checkpoint" in name]
        return max(versions, default=-1)

    def write_file(self, batches: Iterable[pa.RecordBatch], *, edits: bool = False) -> list[dict[str, Any]]:
        """Write a data file and sync it; it is no part of the table until committed.

        Its name tells the CRC-32 of its bytes, for the self-check.

        Returns:
            The log's *add* action; none where there was no row.
        """
        name = f"{EDITS if edits else 'part-'}{uuid.uuid4().hex}"
        temporary = self.folder / f".{name}.tmp"
        extent = _Extent(statistics_columns(self.table))
        with disk_errors(self.folder):
            try:
                self._write_rows(temporary, batches, extent)
                if extent.rows == 0:
                    temporary.unlink()
                    return []
                sync_file(temporary)
                path = self.folder / f"{name}-{checksum(temporary)}.parquet"
                temporary.rename(path)
                sync_folder(self.folder)
            except BaseException:
                temporary.unlink(missing_ok=True)
                raise
        return [
            {
                "path": path.name,
                "partitionValues": {},
                "size": path.stat().st_size,
                "modificationTime": int(time.time() * 1000),
                "dataChange": True,
                "stats": extent.statistics(),
            }
        ]

    def _write_rows(self, path: Path, batches: Iterable[pa.RecordBatch], extent: _Extent) -> None:
        statistics = statistics_columns(self.table)
        with pq.ParquetWriter(
            path,
            STORED[self.table],
            compression="zstd",
            compression_level=1,
            use_dictionary=dictionary_columns(self.table),
            write_statistics=statistics,
            store_schema=False,
        ) as writer:
            for batch in _gathered(batches):
                extent.extend(batch)
                writer.write_table(batch, row_group_size=ROW_GROUP)

    def commit(
        self,
        adds: Sequence[dict[str, Any]],
        removes: Sequence[DataFile] = (),
        *,
        operation: str = "WRITE",
        transaction: tuple[str, int] | None = None,
        metadata: dict[str, Any] | None = None,
    ) -> int:
        """Write the next log entry durably; from then on readers see it. ``metadata`` tells the table anew.

        Returns:
            The new version.

        Raises:
            StorageError: the disk refused; the table stays at the version before.
        """
        now = int(time.time() * 1000)
        actions: list[dict[str, Any]] = []
        changes = not (adds and removes and operation == "OPTIMIZE")
        actions += [
            {"remove": {"path": file.path, "deletionTimestamp": now, "dataChange": changes}} for file in removes
        ]
        actions += [{"add": {**add, "dataChange": changes}} for add in adds]
        if metadata is not None:
            actions.append({"metaData": metadata})
        if transaction is not None:
            actions.append({"txn": {"appId": transaction[0], "version": transaction[1], "lastUpdated": now}})
        with disk_errors(self._log):
            information = {"timestamp": now, "operation": operation, "engineInfo": "seawall"}
            version = self._write_entry(log_sums.entry(information, actions))
            for file in removes:
                _mark_retired(self.folder / file.path)
        if version % CHECKPOINT_EVERY == 0:
            self.checkpoint()
        return version

    def _write_entry(self, content: bytes) -> int:
        version = self.version() + 1
        path = self._log / f"{version:020d}.json"
        temporary = self._log / f".{version:020d}.tmp"
        if path.exists():
            self._version = None
            raise OSError(f"version {version} exists")
        try:
            with temporary.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            temporary.rename(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        self._version = version
        sync_folder(self._log)
        return version

    def checkpoint(self) -> None:
        """Sum the log up in one file, so that readers need not walk it from the beginning.

        ``deltalake`` syncs nothing: it sums up a copy of the log, and the sum gets its name when it is on the disk.
        """
        version = self.newest_version()
        name = f"{version:020d}.checkpoint.parquet"
        beside = self.folder / _BESIDE / "_delta_log"
        with disk_errors(self._log):
            if self._hinted() == version:
                return
            self._copy_log(beside, version)
            DeltaTable(beside.parent).create_checkpoint()
            log_sums.forget_sums(self.folder, (name, _HINT))
            sync_file(beside / name)
            (beside / name).replace(self._log / name)
            sync_folder(self._log)
            write_durably(self._log / _HINT, (beside / _HINT).read_bytes())
            log_sums.keep_sums(self.folder, (self._log / name, self._log / _HINT))
            shutil.rmtree(beside.parent)
            sync_folder(self.folder)

    def _hinted(self) -> int:
        """The version whose checkpoint readers begin with; -1 where there is none, or its name cannot be read."""
        try:
            return int(json.loads((self._log / _HINT).read_bytes())["version"])
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return -1

    def _copy_log(self, target: Path, version: int) -> None:
        """The end of the log from the last checkpoint before a version on, anew in another folder."""
        shutil.rmtree(target.parent, ignore_errors=True)
        target.mkdir(parents=True)
        names = [entry.name for entry in self._log.iterdir()]
        before = {int(name[:20]) for name in names if ".checkpoint." in name} - {version}
        for name in names:
            again = name.startswith(f"{version:020d}.checkpoint")
            if not again and _needed(Path(name), max(before, default=-1)):
                (target / name).write_bytes((self._log / name).read_bytes())

    def forget_history(self, *, older_than: float = 0.0) -> None:
        """Checkpoint, then remove log entries and checkpoints before it that are at least so many seconds old."""
        self.checkpoint()
        newest = self.newest_version()
        limit = time.time() - older_than
        with disk_errors(self._log):
            for entry in self._log.iterdir():
                if entry.name != _HINT and not _needed(entry, newest) and entry.stat().st_mtime <= limit:
                    entry.unlink()
            sync_folder(self._log)

    def unreferenced(self, *, older_than: float, newest: Snapshot | None = None) -> list[Path]:
        """Files in the folder that the newest version does not need: retired ones and those of a killed try.

        Args:
            older_than: seconds since they were retired or written, at least.
            newest: the newest version, where it is known already.
        """
        active = {log_sums.SUMS, *(file.path for file in (newest or self.snapshot()).files)}
        limit = time.time() - older_than
        with disk_errors(self.folder):
            files = [path for path in self.folder.iterdir() if path.is_file() and path.name not in active]
            return [path for path in files if path.stat().st_mtime <= limit]

    def sweep(self, *, older_than: float) -> None:
        """Remove the files that ``unreferenced`` tells."""
        stale = self.unreferenced(older_than=older_than)
        with disk_errors(self.folder):
            for path in stale:
                path.unlink()
            sync_folder(self.folder)


def checksum(path: Path) -> str:
    """The CRC-32 of a file's bytes, as eight hexadecimal digits."""
    value = 0
    with path.open("rb", buffering=0) as file:
        while part := file.read(1 << 20):
            value = zlib.crc32(part, value)
    return f"{value:08x}"


def _needed(entry: Path, newest: int) -> bool:
    """Whether a file of the log is the newest checkpoint or comes after it."""
    number = entry.name[:20]
    if not number.isdigit() or entry.name.endswith(".tmp"):
        return False
    return int(number) > newest or (int(number) == newest and ".checkpoint" in entry.name)


def _mark_retired(path: Path) -> None:
    """The time of change of a retired file tells a later sweep since when no new reader wants it."""
    if path.exists():
        os.utime(path)


def _gathered(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    """The rows in tables of about a row group each, so that many small pieces do not become many row groups."""
    held: list[pa.RecordBatch] = []
    rows = 0
    for batch in batches:
        held.append(batch)
        rows += batch.num_rows
        if rows >= ROW_GROUP:
            yield pa.Table.from_batches(held)
            held, rows = [], 0
    if rows:
        yield pa.Table.from_batches(held)


class _Extent:
    """Minimum and maximum of the columns that may have them."""

    def __init__(self, columns: Sequence[str]) -> None:
        self.rows = 0
        self._bounds: dict[str, tuple[Any, Any]] = {}
        self._columns = columns

    def extend(self, rows: pa.Table) -> None:
        self.rows += rows.num_rows
        for name in self._columns:
            bounds = pc.min_max(rows.column(name))
            low, high = bounds["min"].as_py(), bounds["max"].as_py()
            if name in self._bounds:
                low, high = min(low, self._bounds[name][0]), max(high, self._bounds[name][1])
            self._bounds[name] = (low, high)

    def statistics(self) -> str:
        """The statistics of the log's *add* action, as its protocol writes them."""
        return json.dumps(
            {
                "numRecords": self.rows,
                "minValues": {name: _plain(low) for name, (low, _) in self._bounds.items()},
                "maxValues": {name: _plain(high) for name, (_, high) in self._bounds.items()},
                "nullCount": dict.fromkeys(self._bounds, 0),
            }
        )


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
    return value


def _data_files(table: str, actions: pa.Table) -> Iterator[DataFile]:
    when = TIME_COLUMN.get(table)
    for row in actions.to_pylist():
        yield DataFile(
            path=row["path"],
            size=row["size_bytes"],
            rows=row["num_records"],
            first_batch=row["min.batch"],
            last_batch=row["max.batch"],
            first_time=row.get(f"min.{when}"),
            last_time=row.get(f"max.{when}"),
        )
