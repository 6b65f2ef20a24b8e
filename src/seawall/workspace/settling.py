"""From the journal to the lake: what was acknowledged is committed once, in larger batches."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from seawall.errors import StorageError, WorkspaceError
from seawall.journal import FrameHeader, Held, Journal
from seawall.journal.segment import segment_paths
from seawall.lake import FeedProgress, Lake, Receipt
from seawall.protocols import CleanBatch
from seawall.vault import Vault
from seawall.workspace.merging import merged

LIVE = "live:"
"""How the feeds of live sources begin."""

MOST_RECORDS = 50_000
"""Records that are committed at once, about."""

_ACCOUNTS = {
    "messages": ("account_id", "mentions"),
    "interactions": ("source_account", "target_account"),
    "accounts": ("account_id",),
    "aliases": ("account_id", "handle_key"),
}


@dataclass(frozen=True, slots=True)
class Reached:
    """How far a live feed is: its last frame, and where its source resumes after it."""

    frame: int = 0
    checkpoint: str | None = None

    def as_text(self) -> str:
        """For the lake's checkpoint column."""
        return json.dumps({"frame": self.frame, "checkpoint": self.checkpoint})


def reached(progress: FeedProgress | None) -> Reached:
    """How far the lake says that a live feed is."""
    if progress is None or progress.checkpoint is None:
        return Reached()
    return Reached(**json.loads(progress.checkpoint))


def has_left_over(folder: Path) -> bool:
    """Whether something waits in a workspace's journal."""
    return bool(segment_paths(folder / "journal"))


def settle_left_over(folder: Path, lake: Lake, vault: Callable[[], Vault | None]) -> None:
    """Commit what a watch has left in the journal that ended before it could; one that still runs does it itself.

    Raises:
        StorageError: the disk refused, or the journal is damaged.
    """
    if not has_left_over(folder):
        return
    try:
        journal = Journal(folder / "journal")
    except WorkspaceError:
        return
    with journal:
        for _ in settled(journal, lake, vault()):
            pass


def settled(journal: Journal, lake: Lake, vault: Vault | None) -> Iterator[Receipt]:
    """Commit all frames that wait now, and drop them; frames that the lake has already are only dropped.

    Raises:
        StorageError: the disk refused, or a frame is damaged or missing; what is not in the lake stays in the journal.
    """
    lake.settle()
    epoch = lake.erasure_epoch
    for feed, frames in groupby(journal.frames(), key=lambda held: held.header.feed):
        done = reached(lake.progress(feed)).frame
        waiting = list(frames)
        fresh = [held for held in waiting if held.header.number > done]
        if len(fresh) < len(waiting):
            journal.drop(waiting[: len(waiting) - len(fresh)])
        if fresh and fresh[0].header.number != done + 1:
            raise _missing(journal.folder)
        for group in _groups(fresh):
            clean = merged([journal.read(held) for held in group])
            if vault is not None and any(held.header.epoch != epoch for held in group):
                vault.erase(lake.erased_among(_accounts(clean)))
            yield _commit(lake, feed, group, clean)
            journal.drop(group)


def _groups(frames: Sequence[Held]) -> Iterator[list[Held]]:
    """Consecutive frames that one batch can hold."""
    group: list[Held] = []
    records = 0
    for held in frames:
        if group and (records + held.header.records > MOST_RECORDS or _terms(held.header) != _terms(group[0].header)):
            yield group
            group, records = [], 0
        group.append(held)
        records += held.header.records
    if group:
        yield group


def _terms(header: FrameHeader) -> tuple[str, str, str]:
    return header.source, header.platform, header.extractor


def _commit(lake: Lake, feed: str, group: Sequence[Held], clean: CleanBatch) -> Receipt:
    last = group[-1].header
    before = lake.progress(feed)
    checkpoint = reached(before).checkpoint
    for held in group:
        checkpoint = held.header.checkpoint or checkpoint
    receipt = lake.commit(
        clean,
        feed=feed,
        number=1 + (before.number if before is not None else 0),
        last=False,
        source=last.source,
        platform=last.platform,
        extractor=last.extractor,
        checkpoint=Reached(last.number, checkpoint).as_text(),
    )
    if receipt.repeated:
        raise StorageError(
            "The lake has this batch already.", where=feed, mend="Nothing is lost; please tell the makers."
        )
    return receipt


def _accounts(clean: CleanBatch) -> list[str]:
    """Every account of which a batch tells anything."""
    columns = [clean.tables[table].column(name) for table, names in _ACCOUNTS.items() for name in names]
    flat = [pc.list_flatten(column) if pa.types.is_list(column.type) else column for column in columns]
    told: list[str] = pc.unique(pa.chunked_array([chunk for column in flat for chunk in column.chunks])).to_pylist()
    return [account for account in told if account is not None]


def _missing(folder: Path) -> StorageError:
    return StorageError(
        "Frames are missing between the lake and the journal.",
        where=str(folder),
        mend="Restore lake and journal from the same backup. Without one, move the journal's files away: the live "
        "sources are asked again for what came after the lake's last batch.",
    )
