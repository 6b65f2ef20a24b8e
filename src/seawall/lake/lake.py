"""The lake: what ``seawall.workspace`` keeps its records in."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType

import pyarrow as pa

from seawall.errors import WorkspaceError
from seawall.lake.added import Added, added_after, as_written, written
from seawall.lake.check import check
from seawall.lake.compaction import compact_all
from seawall.lake.disk import disk_errors, make_folder
from seawall.lake.erasure import erase, message_ids_of
from seawall.lake.home import Home, make_tables
from seawall.lake.ledger import Ledger
from seawall.lake.lock import WriterLock
from seawall.lake.people import pseudonyms_of
from seawall.lake.place import Place
from seawall.lake.reading import Readings
from seawall.lake.records import CompactionReceipt, ErasureReceipt, ExpiryReceipt, FeedProgress, Problem, Receipt
from seawall.lake.retention import expire
from seawall.lake.subject import subject
from seawall.lake.suppression import Suppression
from seawall.lake.tidying import Tidying
from seawall.lake.views import checked_columns
from seawall.lake.writer import Writer
from seawall.protocols import CleanBatch, Progress


class Lake(Readings):
    """Delta tables under DIR/lake or in a bucket, the duplicate index under DIR/index, room to spill under DIR/tmp.

    Open it with ``Lake.create`` or ``Lake.open``; it is a context manager. Readers never wait for the writer
    and see whole batches only. One thread may commit while others read.
    """

    def __init__(self, home: Home, lock: WriterLock | None) -> None:
        super().__init__(home)
        self.folder = home.folder
        self._lock = lock
        self._writer: Writer | None = None
        self._tidying: Tidying | None = None
        if lock is not None:
            try:
                self._writer = Writer(home)
            except BaseException:
                lock.release()
                raise

    @classmethod
    def create(cls, folder: Path, tables: Place | None = None) -> Lake:
        """Make an empty lake (or complete one whose making was interrupted) and open it for writing.

        Args:
            folder: the workspace.
            tables: where the tables lie, if not in the folder.

        Raises:
            WorkspaceError: another process writes here.
            StorageError: the disk refused.
        """
        with disk_errors(folder):
            for name in ("index", "tmp") if tables else ("lake", "index", "tmp"):
                make_folder(folder / name)
        home = Home.of(folder, tables)
        lock = WriterLock(folder)
        try:
            make_tables(home.tables)
        except BaseException:
            lock.release()
            raise
        return cls(home, lock)

    @classmethod
    def open(
        cls,
        folder: Path,
        tables: Place | None = None,
        *,
        write: bool = False,
        patience: float = 0.0,
        gives_way: bool = False,
    ) -> Lake:
        """Open an existing lake.

        Args:
            folder: the workspace.
            tables: where the tables lie, if not in the folder.
            write: also take the one writer's lock, and mend what a killed writer has left.
            patience: seconds to wait for another writer.
            gives_way: others may ask for the lock meanwhile; see ``wanted``.

        Raises:
            WorkspaceError: there is no lake here, or ``write`` and another process writes.
            StorageError: the disk refused, or the lake is damaged.
        """
        home = Home.of(folder, tables)
        home.tables.require()
        return cls(home, WriterLock(folder, patience=patience, gives_way=gives_way) if write else None)

    def wanted(self) -> bool:
        """Whether another process waits to write, of a lake that was opened for writing and gives way."""
        return self._lock is not None and self._lock.wanted()

    def settle(self) -> None:
        """After a commit that failed: find out what of it is on the disk, and take out what does not count.

        Raises:
            WorkspaceError: the lake is not open for writing.
            StorageError: the disk refused; try again.
        """
        self._writing().settle()

    def feeds(self, beginning: str) -> dict[str, FeedProgress]:
        """How far each feed is whose name begins so."""
        return self._ledger().feeds(beginning)

    @property
    def newest_commit(self) -> datetime | None:
        """When a batch was committed last, by the clocks of those who did; None where none was."""
        return self._ledger().newest

    def close(self) -> None:
        """Let go of files and of the lock."""
        if self._writer is not None:
            self._writer.close()
            self._writer = self._tidying = None
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def __enter__(self) -> Lake:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _writing(self) -> Writer:
        if self._writer is None:
            raise WorkspaceError(
                "The lake is open for reading only.", where=str(self.folder), mend="Open it with write=True."
            )
        return self._writer

    def _ledger(self) -> Ledger:
        if self._writer is not None:
            return self._writer.ledger
        return Ledger(self.home.table("batches"))

    def progress(self, feed: str) -> FeedProgress | None:
        """How far a feed has been committed; None where nothing of it has."""
        return self._ledger().progress(feed)

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
        """Write what of a batch is new. When this returns, it is on the disk and readers see it, wholly.

        Args:
            clean: the batch after intake.
            feed: the numbered stream that the batch belongs to (source and digest of input and options).
            number: 1, 2, 3, ... within the feed. A number that was committed before is not written again.
            last: the input ends with this batch.
            source: the source's name.
            platform: the platform's name.
            extractor: source name, "/", version.
            checkpoint: where the source resumes after this batch.

        Raises:
            WorkspaceError: the lake is not open for writing.
            StorageError: the disk refused, or the batch does not add up; nothing of it counts, and the same
                batch can be committed again.
        """
        return self._writing().commit(
            clean,
            feed=feed,
            number=number,
            last=last,
            source=source,
            platform=platform,
            extractor=extractor,
            checkpoint=checkpoint,
        )

    def added_after(self, mark: Mapping[str, int], tables: Sequence[str]) -> Added:
        """What has come since a mark (feed -> number of its last batch), as it was written; {} = everything.

        Raises:
            StorageError: the disk refused.
        """
        return added_after(self.home, mark, tables)

    def as_written(self, table: str, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """A stream of all rows as they were written: revisions after first rows, nothing folded.

        Raises:
            MeasureError: no such table or column.
            StorageError: the disk refused (also while the stream is read).
        """
        return as_written(self.home, table, checked_columns(table, columns))

    def written(self, table: str) -> int:
        """How many rows ``as_written`` gives, about."""
        checked_columns(table, ())
        return written(self.home, table)

    def compact(self, progress: Progress | None = None) -> CompactionReceipt:
        """Join small files and drop what no version of the last hour needs; rows and results stay the same.

        Raises:
            WorkspaceError: the lake is not open for writing.
            StorageError: the disk refused; everything stays readable.
        """
        self.settle()
        return compact_all(self._writing(), progress)

    def tidy(self) -> bool:
        """One short step of compaction, for whoever commits all the time; whether there was anything to do.

        Raises:
            WorkspaceError: the lake is not open for writing.
            StorageError: the disk refused; everything stays readable.
        """
        self.settle()
        if self._tidying is None:
            self._tidying = Tidying(self._writing())
        return self._tidying.step()

    def expire(
        self, before: datetime, *, held: Collection[str] = (), progress: Progress | None = None
    ) -> ExpiryReceipt:
        """Remove messages (and their revisions), interactions, notices of deletion and accounts of before a date.

        The duplicate index keeps their keyed hashes, so that the same file, imported again, does not bring them back.

        Args:
            before: a row whose time is earlier goes (UTC where no zone is told).
            held: accounts of which everything stays (legal hold), whichever of their pseudonyms is given.
        """
        return expire(self._writing().tables, before, held, progress)

    def pseudonyms_of(self, accounts: Collection[str]) -> frozenset[str]:
        """These accounts under all their pseudonyms, aliases included: what ``erase`` would erase."""
        return pseudonyms_of(self.home.table("aliases"), accounts)

    def messages_of(self, accounts: Collection[str]) -> list[str]:
        """The ids of these accounts' messages, for erasing what other stores hold of them first."""
        return message_ids_of(self.home, accounts)

    def erase(self, accounts: Collection[str], progress: Progress | None = None) -> ErasureReceipt:
        """Erase accounts: no byte of their pseudonyms, messages or message ids stays; earlier versions are gone.

        Run again after an interruption (with the same accounts or none), it completes. A later import of the
        same accounts is rejected.
        """
        return erase(self._writing(), accounts, progress)

    def subject(self, account: str) -> dict[str, pa.Table]:
        """What is held about one person, by table.

        Beside the rows of ``messages``, ``interactions``, ``accounts``, ``aliases`` and ``deletions`` there are
        ``revisions`` (each edit of a message) and ``mentioned_in`` (which messages of others mention the person,
        without their words and authors).
        """
        return subject(self.home, account)

    def check(self) -> list[Problem]:
        """Read everything and compare it with what was acknowledged; empty where all is well."""
        return check(self.home)

    def erased_among(self, accounts: Collection[str]) -> list[str]:
        """Those of the accounts that were erased before."""
        return list(Suppression(self.home.index / "erased.json").among(accounts))
