"""Play an export or a workspace as if it happened now, into a workspace of its own: nothing goes outward."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any

from seawall.engine.live import LiveEngine
from seawall.errors import ConfigurationError
from seawall.model import Severity
from seawall.notices import Receiver
from seawall.protocols import Progress
from seawall.watch.session import Settings
from seawall.workspace import Workspace
from seawall.workspace.desk import Desk
from seawall.workspace.playing import Slice, days_of, played
from seawall.workspace.settings import SETTINGS

BATCH = 2_000
LOOK_SECONDS = 1.0
"""How often the detectors look, of the time that passes here."""

LOOK_RECORDS = 20_000
"""How often they look where it plays as fast as it goes: then the same records give the same alerts on any machine."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a replay played and what came of it."""

    messages: int
    start: datetime | None
    end: datetime | None
    cases: int
    alerts: int
    seconds: float
    digest: str  # of the detectors' states: the same for the same records
    remarks: tuple[str, ...] = ()  # sentences about what the detectors have not taken into account

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        times = {name: at and at.isoformat() for name, at in (("start", self.start), ("end", self.end))}
        return asdict(self) | times

    def __str__(self) -> str:
        if self.start is None or self.end is None:
            return "There was nothing to play."
        return (
            f"Played {self.messages:,} messages from {self.start:%Y-%m-%d} to {self.end:%Y-%m-%d} in "
            f"{self.seconds:,.0f} s: {self.alerts:,} alerts in {self.cases:,} cases. Nothing went outward."
        )


@contextmanager
def scratch(workspace: Workspace) -> Iterator[Path]:
    """A private folder for a while, below the workspace's DIR/tmp, where an erasure sweeps too."""
    folder = Path(mkdtemp(prefix="replay-", dir=workspace.path / "tmp"))
    try:
        yield folder
    finally:
        rmtree(folder, ignore_errors=True)


def origin_of(played: Path, workspace: Workspace, private: Path) -> Workspace:
    """What is to be played: a workspace itself, or an export, read into a private one under the same pseudonyms.

    Raises:
        ConfigurationError: something must be stated that the export does not tell.
        InputError: no source reads it.
    """
    if (played / SETTINGS).is_file():
        return Workspace(played, reviewer=workspace.reviewer)
    origin = Workspace.create(private / "played", reviewer=workspace.reviewer, like=workspace.path)
    try:
        origin.add(played)
    except ConfigurationError as error:
        raise ConfigurationError(
            error.what,
            where=error.where,
            mend="Read the export into a workspace of its own with seawall add, where this can be stated; replay that.",
        ) from None
    return origin


def target_in(folder: Path, origin: Workspace) -> Workspace:
    """An empty workspace with the pseudonyms of another.

    Raises:
        WorkspaceError: the folder is not empty.
    """
    return Workspace.create(folder, reviewer=origin.reviewer, like=origin.path)


def replay(
    origin: Workspace,
    target: Workspace,
    *,
    speed: float = 0.0,
    settings: Settings | None = None,
    receivers: Sequence[tuple[Receiver, Severity]] = (),
    progress: Progress | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> Replayed:
    """Play all records of ``origin`` into ``target``, in the order of time.

    Args:
        origin: a workspace; it is only read.
        target: an empty workspace.
        speed: how much faster than it happened; 0 = as fast as it goes.
        settings: how the detectors look.
        receivers: who is told of new cases while it plays.
        progress: called with the records played.
        sleep: waits for so many seconds.

    Raises:
        StorageError: the disk refused.
    """
    chosen = settings or Settings()
    began = time.perf_counter()
    paced = time.monotonic if speed else lambda: 0.0
    engine = LiveEngine(chosen.detectors, horizon=chosen.horizon, keep=chosen.keep, clock=paced)
    with target.ingest() as ingest, origin.reading() as lake:
        total = sum(day.rows for day in days_of(lake))
        play = _Play(speed, sleep)
        desk = Desk(target, ingest, engine, receivers, clock=lambda: play.now + timedelta(microseconds=1))
        desk.open()
        step = timedelta(seconds=speed) if speed else None
        looked, seen, messages, records = time.monotonic(), 0, 0, 0
        for slice_ in played(lake, BATCH, step):
            play.reach(slice_)
            ingest.accept_clean("replay", slice_.platform, slice_.clean)
            messages += slice_.clean.tables["messages"].num_rows
            records += slice_.clean.records
            if time.monotonic() - looked >= LOOK_SECONDS if speed else records - seen >= LOOK_RECORDS:
                desk.step()
                desk.tell()
                looked, seen = time.monotonic(), records
                if progress is not None:
                    progress("playing records", records, total)
        desk.close()
        desk.tell()
        digest, remarks = engine.digest(), tuple(engine.remarks().values())
    cases, alerts = target.casebook.cases().num_rows, target.casebook.alerts().num_rows
    return Replayed(messages, play.start, play.end, cases, alerts, time.perf_counter() - began, digest, remarks)


class _Play:
    """The time that is played, and how it passes here."""

    def __init__(self, speed: float, sleep: Callable[[float], None]) -> None:
        self._speed = speed
        self._sleep = sleep
        self._began = time.monotonic()
        self.start: datetime | None = None
        self.end: datetime | None = None

    @property
    def now(self) -> datetime:
        """The moment that is played."""
        return self.end or datetime.now(UTC)

    def reach(self, slice_: Slice) -> None:
        """Wait until it is the turn of these records."""
        if self.start is None:
            self.start = slice_.until
        self.end = slice_.until if self.end is None else max(self.end, slice_.until)
        if self._speed:
            due = self._began + (self.end - self.start).total_seconds() / self._speed
            self._sleep(max(0.0, due - time.monotonic()))
