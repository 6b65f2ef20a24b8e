"""One Delta table: snapshots for readers, commits for the one writer.

Data files and log entries are written by the lake itself, each so that its name appears when it is whole and safe.
Where they lie, and what that takes, is a ``Place``'s matter. A log entry that somebody else has written meanwhile is
never overwritten, and what was to be written on top of the version before is refused.
"""

from __future__ import annotations

import json
import re
import time
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from seawall.errors import StorageError
from seawall.lake import log_sums
from seawall.lake.folder_place import FolderPlace
from seawall.lake.place import HINT, LOG, Place, TakenError, needed
from seawall.lake.schemas import STORED, TIME_COLUMN, dictionary_columns, statistics_columns

CHECKPOINT_EVERY = 50
ROW_GROUP = 131_072
EDITS = "edits-"
"""Prefix of data files that hold later revisions only, so that a reader finds them without a scan."""

REMOVED = "seawall-removed"
"""The log's application id under which removed rows are counted."""

_ENTRY = re.compile(r"\d{20}\.json")


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

    place: Place
    version: int
    files: tuple[DataFile, ...]


class DeltaFolder:
    """A Delta table in a folder: snapshots for readers, commits for the one writer.

    Args:
        place: of the table; a path is that of a folder on the local disk.
        table: its name in ``seawall.model.TABLES``.
    """

    def __init__(self, place: Place | Path, table: str) -> None:
        self.place: Place = FolderPlace(place) if isinstance(place, Path) else place
        self.table = table
        self._version: int | None = None

    def create(self) -> None:
        """Make the empty table; a table that is there stays as it is."""
        self.place.create(
            STORED[self.table],
            {
                "delta.dataSkippingStatsColumns": ",".join(statistics_columns(self.table)),
                "delta.enableExpiredLogCleanup": "false",
                "delta.deletedFileRetentionDuration": "interval 1 hours",  # else checkpoints name them for a week
            },
        )

    def snapshot(self) -> Snapshot:
        """The files of the newest version. The writer's next commit stands on it.

        Raises:
            StorageError: the log is missing or damaged.
        """
        with self.place.refusals():
            table = self.place.delta()
            actions = pa.table(table.get_add_actions(flatten=True))
        self._version = table.version()
        return Snapshot(self.place, table.version(), tuple(_data_files(self.table, actions)))

    def removed(self) -> int:
        """How many keyed rows retention and erasure have removed so far; the log keeps it with the removal itself."""
        with self.place.refusals():
            return self.place.delta().transaction_version(REMOVED) or 0

    def version(self) -> int:
        """The version on which the next commit stands; the writer need not read the log for it."""
        if self._version is None:
            self._version = self.newest_version()
        return self._version

    def newest_version(self) -> int:
        """The newest version according to the names in the log's folder."""
        names = (entry.name for entry in self.place.files(LOG))
        versions = [int(name[:20]) for name in names if _ENTRY.fullmatch(name) or ".checkpoint" in name]
        return max(versions, default=-1)

    def write_file(self, batches: Iterable[pa.RecordBatch], *, edits: bool = False) -> list[dict[str, Any]]:
        """Write a data file for good; it is no part of the table until committed.

        Its name tells the CRC-32 of its bytes, for the self-check.

        Returns:
            The log's *add* action; none where there was no row.
        """
        extent = _Extent(statistics_columns(self.table))

        def write(sink: Any) -> bool:
            self._write_rows(sink, batches, extent)
            return extent.rows > 0

        written = self.place.write_rows(f"{EDITS if edits else 'part-'}{uuid.uuid4().hex}", write)
        if written is None:
            return []
        return [
            {
                "path": written.name,
                "partitionValues": {},
                "size": written.size,
                "modificationTime": int(time.time() * 1000),
                "dataChange": True,
                "stats": extent.statistics(),
            }
        ]

    def _write_rows(self, sink: Any, batches: Iterable[pa.RecordBatch], extent: _Extent) -> None:
        statistics = statistics_columns(self.table)
        with pq.ParquetWriter(
            sink,
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
        """Write the next log entry for good; from then on readers see it. ``metadata`` tells the table anew.

        Returns:
            The new version.

        Raises:
            StorageError: the place refused, or somebody else has written to the table; it stays as it was before.
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
        information = {"timestamp": now, "operation": operation, "engineInfo": "seawall", "txnId": uuid.uuid4().hex}
        self.place.retire([file.path for file in removes])
        version = self._write_entry(log_sums.entry(information, actions))
        if version % CHECKPOINT_EVERY == 0:
            self.checkpoint()
        return version

    def _write_entry(self, content: bytes) -> int:
        version = self.version() + 1
        try:
            self.place.write_new(f"{LOG}/{version:020d}.json", content)
        except TakenError:
            self._version = None
            raise StorageError(
                "Somebody else has written to this table meanwhile; nothing of this counts.",
                where=f"{self.place.where}, version {version}",
                mend="Run the same command again; let one workspace alone write here.",
            ) from None
        except BaseException:
            self._version = None  # whether it is there is found out before the next one
            raise
        self._version = version
        return version

    def checkpoint(self) -> None:
        """Sum the log up in one file, so that readers need not walk it from the beginning."""
        version = self.newest_version()
        if self._hinted() != version:
            self.place.checkpoint(version)

    def _hinted(self) -> int:
        """The version whose checkpoint readers begin with; -1 where there is none, or its name cannot be read."""
        with self.place.refusals():
            try:
                return int(json.loads(self.place.read(HINT))["version"])
            except (FileNotFoundError, ValueError, KeyError, TypeError):
                return -1

    def forget_history(self, *, older_than: float = 0.0) -> None:
        """Checkpoint, then remove log entries and checkpoints before it that are at least so many seconds old."""
        self.checkpoint()
        newest = self.newest_version()
        limit = _limit(older_than)
        earlier = [
            entry.name
            for entry in self.place.files(LOG)
            if f"{LOG}/{entry.name}" != HINT and not needed(entry.name, newest) and entry.modified <= limit
        ]
        self.place.remove(earlier, LOG)

    def unreferenced(self, *, older_than: float, newest: Snapshot | None = None) -> list[str]:
        """Files in the folder that the newest version does not need: retired ones and those of a killed try.

        Args:
            older_than: seconds since they were retired or written, at least.
            newest: the newest version, where it is known already.
        """
        listed = self.place.files()  # first: what is written meanwhile is not in it
        active = {file.path for file in (newest or self.snapshot()).files}
        limit = _limit(older_than)
        stale = [file.name for file in listed if file.name not in active and file.modified <= limit]
        spared = self.place.retired_since(limit) if stale and older_than > 0 else frozenset[str]()
        return [name for name in stale if name not in spared]

    def sweep(self, *, older_than: float) -> None:
        """Remove the files that ``unreferenced`` tells."""
        self.place.remove(self.unreferenced(older_than=older_than))


def _limit(older_than: float) -> float:
    """The time of change up to which a file is so many seconds old; 0 seconds: any, whatever the place's clock says."""
    return time.time() - older_than if older_than > 0 else float("inf")


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
