"""Committing batches: judge, write, sync, and only then enter the batch, so that it counts wholly or not at all."""

from __future__ import annotations

import shutil
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa

from seawall.errors import StorageError
from seawall.lake.disk import disk_errors
from seawall.lake.home import Home
from seawall.lake.index import DuplicateIndex
from seawall.lake.ledger import Ledger, batch_id
from seawall.lake.records import Receipt
from seawall.lake.recovery import drop_orphans, restore_index
from seawall.lake.runs import UnsignedArray
from seawall.lake.salt import made_salt
from seawall.lake.schemas import STORED, to_stored
from seawall.lake.selection import Selection, select
from seawall.lake.suppression import Suppression
from seawall.lake.widening import widen
from seawall.model import TABLES
from seawall.protocols import CleanBatch


class Writer:
    """What the one process that writes holds: the tables, the index, the ledger."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self.tables = {name: home.table(name) for name in TABLES}
        self.suppression = Suppression(home.index / "erased.json")
        self._salt = made_salt(home.index / "salt")
        self._counters: dict[str, DuplicateIndex] = {}
        self._whole = False
        self._open()

    def settle(self) -> None:
        """See ``Lake.settle``."""
        if not self._whole:
            self.recover()

    def recover(self) -> None:
        """Leave out what a killed or failed try has left, and make the index agree with the lake."""
        self.close()
        self._open()

    def _open(self) -> None:
        self.ledger = Ledger(self.tables["batches"])
        for table in self.tables.values():
            widen(table)
            if table.table != "batches":
                drop_orphans(table, self.ledger)
        self.index = DuplicateIndex(self._home.index / "runs", self.ledger.kept)
        restore_index(self.index, self.ledger, self.tables)
        self._whole = True

    def forget_keys(self, ids: UnsignedArray) -> None:
        """Remove these ids from the duplicate index and from every feed's counters."""
        self.index.forget(ids)
        for counters in self._counters.values():
            counters.close()
        self._counters = {}
        for folder in (self._home.index / "counters").glob("*"):
            counters = DuplicateIndex(folder, self.ledger.kept, rebuilt=False)
            counters.forget(ids)
            counters.close()

    def clear_spill(self) -> None:
        """Remove what a killed statement has left under DIR/tmp: ids."""
        with disk_errors(self._home.tmp):
            for path in self._home.tmp.iterdir():
                shutil.rmtree(path) if path.is_dir() else path.unlink()

    def close(self) -> None:
        """Let go of the index's files."""
        self.index.close()
        for counters in self._counters.values():
            counters.close()
        self._counters = {}

    def commit(
        self,
        clean: CleanBatch,
        *,
        feed: str,
        number: int,
        last: bool,
        source: str,
        platform: str,
        extractor: str,
        checkpoint: str | None,
    ) -> Receipt:
        """See ``Lake.commit``."""
        self.settle()
        before = self.ledger.progress(feed)
        expected = 1 + (before.number if before else 0)
        if number < expected:
            return self.ledger.receipt(feed, number)
        if number > expected:
            raise StorageError(
                f"Batch {number} of a feed comes after batch {expected - 1}.",
                where="lake",
                mend="A feed's batches are committed in order; nothing was written.",
            )
        batch = batch_id(feed, number)
        counters = self._feed_counters(feed)
        chosen = select(clean, source, self.index, counters, self.suppression, self._salt)
        row = {
            "batch": batch,
            "feed": feed,
            "number": number,
            "last": last,
            "source": source,
            "platform": platform,
            "extractor": extractor,
            "checkpoint": checkpoint,
            "records": chosen.records,
            "kept": chosen.kept,
            "rejected": chosen.rejected,
            "duplicate": chosen.duplicate,
            "committed_at": datetime.now(UTC),
        }
        self._whole = False
        runs = self._write(chosen, batch, counters, (feed, number))
        self._enter(row, (feed, number))
        self._admit(chosen, runs, counters, last)
        self._whole = True
        return Receipt(
            feed=feed,
            batch=batch,
            number=number,
            records=chosen.records,
            kept=chosen.kept,
            rejected=chosen.rejected,
            duplicate=chosen.duplicate,
            revisions=chosen.revisions,
            quarantine=chosen.quarantine,
            added=_added(chosen, batch),
            revised=chosen.edits["interactions"].num_rows,
        )

    def _feed_counters(self, feed: str) -> DuplicateIndex:
        if feed not in self._counters:
            name = f"{batch_id(feed, 0):016x}"
            folder = self._home.index / "counters" / name
            self._counters[feed] = DuplicateIndex(folder, self.ledger.kept, rebuilt=False)
        return self._counters[feed]

    def _write(
        self, chosen: Selection, batch: int, counters: DuplicateIndex, transaction: tuple[str, int]
    ) -> list[Path]:
        """Everything but the batch's own row, durably; side by side, because each part waits for the disk."""
        with ThreadPoolExecutor(4) as pool:
            tasks: list[Future[None]] = [
                pool.submit(self._append, name, rows, chosen.edits.get(name), batch, transaction)
                for name, rows in chosen.tables.items()
                if rows.num_rows or (name in chosen.edits and chosen.edits[name].num_rows)
            ]
            prepared: list[Future[Path]] = []
            if len(chosen.entries):
                prepared.append(pool.submit(self.index.prepare, batch, chosen.entries))
            if chosen.counts is not None:
                prepared.append(pool.submit(counters.prepare, batch, chosen.counts))
            for task in tasks:
                task.result()
            return [task.result() for task in prepared]

    def _append(
        self, name: str, rows: pa.Table, edits: pa.Table | None, batch: int, transaction: tuple[str, int]
    ) -> None:
        table = self.tables[name]
        adds = table.write_file(to_stored(name, rows, batch).to_batches())
        if edits is not None:
            adds += table.write_file(to_stored(name, edits, batch).to_batches(), edits=True)
        table.commit(adds, transaction=transaction)

    def _enter(self, row: dict[str, object], transaction: tuple[str, int]) -> None:
        table = self.tables["batches"]
        adds = table.write_file(pa.Table.from_pylist([row], schema=STORED["batches"]).to_batches())
        table.commit(adds, transaction=transaction)
        self.ledger.enter(row)
        self.ledger.version = table.version()

    def _admit(self, chosen: Selection, runs: list[Path], counters: DuplicateIndex, last: bool) -> None:
        pending = list(runs)
        if len(chosen.entries):
            self.index.admit(pending.pop(0))
        if chosen.counts is not None:
            counters.admit(pending.pop(0))
        if last:
            counters.discard()


def _added(chosen: Selection, batch: int) -> dict[str, pa.Table]:
    """The rows that were written, edits included, in the model's columns."""
    added = {}
    for name, rows in chosen.tables.items():
        parts = [rows, chosen.edits[name]] if name in chosen.edits else [rows]
        table = pa.concat_tables([part.select(TABLES[name].names) for part in parts])
        numbers = pa.repeat(pa.scalar(batch, pa.int64()), table.num_rows)
        place = table.schema.get_field_index("batch")
        added[name] = table.set_column(place, TABLES[name].field("batch"), numbers)
    return added
