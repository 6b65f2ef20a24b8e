"""The ``batches`` table in memory: which batches count, and how far each feed is."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.lake.delta import DeltaFolder, Snapshot
from seawall.lake.records import FeedProgress, Receipt
from seawall.lake.schemas import STORED


def batch_id(feed: str, number: int) -> int:
    """The id of a feed's batch: a positive 63-bit hash, so that a retry has the same.

    >>> batch_id("telegram 0011", 1) == batch_id("telegram 0011", 1) != batch_id("telegram 0011", 2)
    True
    """
    digest = hashlib.blake2b(f"{feed}\0{number}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little") >> 1


def read_files(snapshot: Snapshot, columns: list[str], table: str) -> pa.Table:
    """All rows of a small table's files."""
    with snapshot.place.refusals():
        return snapshot.place.dataset([file.path for file in snapshot.files], STORED[table]).to_table(columns=columns)


def committed_batches(table: DeltaFolder) -> npt.NDArray[np.int64]:
    """The ids of the batches that count, ascending: of the table nothing else is read."""
    snapshot = table.snapshot()
    if not snapshot.files:
        return np.empty(0, np.int64)
    return np.sort(read_files(snapshot, ["batch"], "batches")["batch"].to_numpy())


_SUMS = ("records", "kept", "rejected", "duplicate")
_COLUMNS = ["batch", "feed", "number", "last", "checkpoint", "committed_at", *_SUMS]


def _progress(rows: pa.Table) -> Iterator[tuple[str, FeedProgress]]:
    """How far each feed is; a live feed has many thousands of batches, so their rows stay in Arrow."""
    feeds = rows.group_by("feed", use_threads=False)
    sums = feeds.aggregate([("number", "max"), *((name, "sum") for name in _SUMS)])
    newest = rows.select(["feed", "number", "last", "checkpoint"]).join(
        sums, keys=["feed", "number"], right_keys=["feed", "number_max"], join_type="inner", use_threads=False
    )
    for row in newest.to_pylist():
        told = {name: row[f"{name}_sum"] for name in _SUMS}
        yield row["feed"], FeedProgress(row["number"], row["checkpoint"], row["last"], **told)


class Ledger:
    """The committed batches at one moment, of the table ``batches``."""

    def __init__(self, table: DeltaFolder) -> None:
        self._table = table
        snapshot = self._table.snapshot()
        self.version = snapshot.version
        rows = read_files(snapshot, _COLUMNS, "batches") if snapshot.files else STORED["batches"].empty_table()
        batches = rows.column("batch").to_pylist()
        self.kept: dict[int, int] = dict(zip(batches, rows.column("kept").to_pylist(), strict=True))
        self.rejected: dict[int, int] = dict(zip(batches, rows.column("rejected").to_pylist(), strict=True))
        self._feeds = dict(_progress(rows))
        self.newest: datetime | None = pc.max(rows["committed_at"]).as_py()
        """When a batch was committed last, by the clocks of those who did."""

    def enter(self, row: dict[str, Any]) -> None:
        """Take a committed batch's row into account."""
        before = self._feeds.get(row["feed"]) or FeedProgress(0, None, False, 0, 0, 0, 0)
        self.newest = row["committed_at"] if self.newest is None else max(self.newest, row["committed_at"])
        self.kept[row["batch"]] = row["kept"]
        self.rejected[row["batch"]] = row["rejected"]
        self._feeds[row["feed"]] = replace(
            before,
            number=row["number"],
            checkpoint=row["checkpoint"],
            last=row["last"],
            records=before.records + row["records"],
            kept=before.kept + row["kept"],
            rejected=before.rejected + row["rejected"],
            duplicate=before.duplicate + row["duplicate"],
        )

    @property
    def committed(self) -> npt.NDArray[np.int64]:
        """The ids of the batches that count, ascending."""
        return np.sort(np.fromiter(self.kept, np.int64, len(self.kept)))

    def progress(self, feed: str) -> FeedProgress | None:
        """How far a feed is."""
        return self._feeds.get(feed)

    def feeds(self, beginning: str) -> dict[str, FeedProgress]:
        """How far each feed is whose name begins so."""
        return {feed: progress for feed, progress in self._feeds.items() if feed.startswith(beginning)}

    def receipt(self, feed: str, number: int) -> Receipt:
        """The receipt of a batch that was committed before."""
        batch = batch_id(feed, number)
        row = next(
            row
            for row in read_files(self._table.snapshot(), STORED["batches"].names, "batches").to_pylist()
            if row["batch"] == batch
        )
        sums = {name: row[name] for name in ("records", "kept", "rejected", "duplicate")}
        return Receipt(feed=feed, batch=batch, number=number, repeated=True, **sums)
