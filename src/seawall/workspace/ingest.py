"""Taking in live batches exactly once: acknowledged from the journal at once, in the lake a moment later."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow.compute as pc

from seawall.errors import ConfigurationError, SeawallError, StorageError, WorkspaceError
from seawall.intake.clean import Intake
from seawall.intake.pseudonyms import Pseudonyms
from seawall.journal import Frame, Journal, Packed, Waiting, framed, pack
from seawall.lake import Lake, Receipt, lock
from seawall.lake.suppression import Suppression
from seawall.protocols import CleanBatch, Connection, LiveSource, RawBatch
from seawall.vault import Vault
from seawall.workspace.joining import joined
from seawall.workspace.lake_place import open_lake
from seawall.workspace.settings import live_reply_key, pseudonym_key
from seawall.workspace.settling import LIVE, Reached, reached, settled

LIVE_FILE = "live"
"""What stands in ``raw_ref.file`` of a live record; its position is the record's ordinal in what was accepted."""

PLAYED = "replay"
"""The source of what comes from another lake."""

RETAKE_SECONDS = 0.5
"""How long a flush waits for another process that writes; then the frames wait in the journal."""


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Accepted:
    """What was made durable, and what waits for the lake now."""

    records: int
    waiting_records: int
    waiting_bytes: int


class Ingest:
    """The live entrance of a workspace. One thread (or several) may ``accept`` while another flushes.

    Other commands that write wait until the next ``flush`` has given way to them; see ``breaks``.

    Args:
        folder: the workspace.
        vault: where identities are sealed, if they are.
        journal: open and owned.
        clock: the time in UTC; it may be set while this runs.

    Raises:
        WorkspaceError: another process writes this workspace and does not give way.
        StorageError: the disk refused, or the lake or a key is damaged.
    """

    def __init__(
        self, folder: Path, vault: Vault | None, journal: Journal, clock: Callable[[], datetime] = _now
    ) -> None:
        self._folder = folder
        self._vault = vault
        self._journal = journal
        self._clock = clock
        self._latest = clock()
        self._accepting = threading.Lock()
        self._flushing = threading.Lock()
        self._closed = False
        self._pseudonyms = Pseudonyms(pseudonym_key(folder), live_reply_key(folder))
        self.breaks = 0
        """How often rows may have come to the lake of which no receipt told: another process wrote, or a commit failed.
        Whoever keeps a state beside the lake reads on from there."""
        self.epoch = 0
        """How many erasures the lake has seen, as of the last flush."""
        self._lake: Lake | None = None
        self._feeds = _feeds(self._open(lock.PATIENCE_SECONDS), journal)

    @classmethod
    def of(cls, folder: Path, vault: Vault | None, clock: Callable[[], datetime] = _now) -> Ingest:
        """Open the entrance of a workspace; what an earlier process has left waiting is taken up."""
        journal = Journal(folder / "journal")
        try:
            return cls(folder, vault, journal, clock)
        except BaseException:
            journal.close()
            raise

    def _open(self, patience: float) -> Lake:
        self._lake = open_lake(self._folder, write=True, patience=patience, gives_way=True)
        try:
            self._erased = Suppression(self._folder / "index" / "erased.json")
        except BaseException:
            self._let_go()
            raise
        self.epoch = self._erased.epoch
        self._latest = max(self._latest, self._lake.newest_commit or self._latest)
        return self._lake

    # --- taking in --------------------------------------------------------------------------------------

    def accept(self, connection: Connection, source: LiveSource, batches: Sequence[RawBatch]) -> Accepted:
        """Clean batches of one connection and make them durable. When this returns they are acknowledged.

        A batch that holds nothing at all, not even coverage, is passed over, its checkpoint with it.

        Args:
            connection: where they come from; its options and basis hold.
            source: what gave them.
            batches: in the order in which they came.

        Raises:
            BacklogError: too much waits for the lake; come again later.
            ConfigurationError: the connection must state something that it does not.
            StorageError: the disk refused.

        After any error nothing is acknowledged, and the same call can be made again.
        """
        self._journal.check_room()
        intake = Intake(
            self._pseudonyms,
            source=source.name,
            basis=connection.basis,
            keep_identities=self._vault is not None,
        )
        now = self._clock()
        self._latest = max(self._latest, now)
        epoch = self.epoch
        cleaned: list[tuple[str, str | None, Packed]] = []
        records = 0
        for raw in joined(batches):
            clean = intake.clean(
                raw, file=LIVE_FILE, options=connection.options, batch=0, collected_at=now, latest=self._latest
            )
            self._seal(clean)
            if any(table.num_rows for table in clean.tables.values()):
                cleaned.append((raw.platform, raw.checkpoint, pack(clean)))
                records += raw.records
        if cleaned:
            self._append(connection.name, source.name, source.version, cleaned, epoch)
        waiting = self.waiting
        return Accepted(records, waiting.records, waiting.bytes)

    def accept_clean(self, connection_name: str, platform: str, clean: CleanBatch) -> Accepted:
        """Make durable what is clean already, because it comes from another lake.

        Args:
            connection_name: where it is said to come from.
            platform: of all its rows.
            clean: under this workspace's pseudonyms.

        Raises:
            BacklogError: too much waits for the lake; come again later.
            StorageError: the disk refused; nothing is acknowledged.
        """
        self._journal.check_room()
        self._append(connection_name, PLAYED, "1", [(platform, None, pack(clean))], self.epoch)
        waiting = self.waiting
        return Accepted(clean.records, waiting.records, waiting.bytes)

    def _append(
        self,
        connection_name: str,
        source: str,
        version: str,
        cleaned: Sequence[tuple[str, str | None, Packed]],
        epoch: int,
    ) -> None:
        """Append platform, checkpoint and content of each batch, and remember how far the feed is."""
        feed = _feed(source, connection_name)
        with self._accepting:
            before = self._feeds.get(feed, Reached())
            frames: list[Frame] = []
            checkpoint = before.checkpoint
            for number, (platform, reached_here, packed) in enumerate(cleaned, before.frame + 1):
                checkpoint = reached_here or checkpoint
                frames.append(
                    framed(
                        packed,
                        feed=feed,
                        number=number,
                        source=source,
                        platform=platform,
                        extractor=f"{source}/{version}",
                        checkpoint=reached_here,
                        epoch=epoch,
                        accepted_at=time.time(),
                    )
                )
            self._journal.append(frames)
            self._feeds[feed] = Reached(before.frame + len(frames), checkpoint)

    def _seal(self, clean: CleanBatch) -> None:
        """Identities go to the vault before anything is acknowledged, but for those of accounts that were erased."""
        if self._vault is None or clean.identities is None:
            return
        identities = clean.identities
        if self._erased:
            erased = self._erased.among_columns([identities.column("pseudonym")])
            identities = identities.filter(pc.invert(pc.is_in(identities.column("pseudonym"), value_set=erased)))
        try:
            self._vault.seal(identities)
        except StorageError:
            self._vault.seal(identities)  # another process that opens the vault clears unfinished files away

    def checkpoint(self, connection_name: str) -> str | None:
        """Where a connection's source resumes: after what was acknowledged last; None where nothing was.

        Raises:
            ConfigurationError: two sources have been read under this name.
        """
        with self._accepting:
            found = [state for feed, state in self._feeds.items() if feed.split(":", 2)[2] == connection_name]
        if len(found) > 1:
            raise ConfigurationError(
                "Two live sources have been read under one name.",
                where=connection_name,
                mend="Connect the second one under a name of its own.",
            )
        return found[0].checkpoint if found else None

    @property
    def waiting(self) -> Waiting:
        """What is acknowledged and not in the lake yet."""
        return self._journal.waiting

    @property
    def owns_lake(self) -> bool:
        """Whether this process is the lake's writer now; else another one writes, or may."""
        return self._lake is not None

    # --- handing over to the lake -----------------------------------------------------------------------

    def flush(self) -> list[Receipt]:
        """Commit what waits to the lake, one batch a feed; what became of it.

        Where another process waits to write, everything is committed and the lake is let go; later flushes do nothing
        until that process is done, and the frames wait in the journal.

        Raises:
            StorageError: the disk refused; what is not in the lake stays in the journal, and the next flush goes on.
                Where a part was committed before, its receipts are returned instead.
        """
        with self._flushing:
            receipts: list[Receipt] = []
            lake = None if self._closed else self._lake or self._retaken()
            if lake is None:
                return receipts
            try:
                self._settle(lake, receipts)
                if lake.wanted():
                    self._settle(lake, receipts)
                    self._let_go()
            except SeawallError:
                self.breaks += 1
                if not receipts:
                    raise
            return receipts

    def _settle(self, lake: Lake, receipts: list[Receipt]) -> None:
        for receipt in settled(self._journal, lake, self._vault):
            receipts.append(receipt)  # noqa: PERF402 - what was committed before an error is told

    def compact_if_needed(self) -> bool:
        """Join some small files of the lake where there are many, in at most about two seconds; whether it did.

        Raises:
            StorageError: the disk refused; everything stays readable.
        """
        with self._flushing:
            return self._lake is not None and self._lake.tidy()

    def _let_go(self) -> None:
        if self._lake is not None:
            self._lake.close()
            self._lake = None

    def _retaken(self) -> Lake | None:
        try:
            lake = self._open(RETAKE_SECONDS)
        except WorkspaceError:
            return None
        self.breaks += 1
        return lake

    def close(self) -> None:
        """Let go of everything. What waits stays in the journal, for the next process that writes."""
        with self._flushing:
            self._closed = True
            self._let_go()
            self._journal.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self.flush()
        finally:
            self.close()


def _feed(source: str, connection: str) -> str:
    return f"{LIVE}{source}:{connection}"


def _feeds(lake: Lake, journal: Journal) -> dict[str, Reached]:
    """How far each live feed is: the lake, and what waits beyond it."""
    feeds = {feed: reached(progress) for feed, progress in lake.feeds(LIVE).items()}
    for held in journal.frames():
        before = feeds.get(held.header.feed, Reached())
        if held.header.number > before.frame:
            feeds[held.header.feed] = Reached(held.header.number, held.header.checkpoint or before.checkpoint)
    return feeds
