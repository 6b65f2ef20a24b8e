"""What pages have asked for and takes seconds: computed beside the pages, one at a time, and kept for a while."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar, cast

from seawall.errors import ConfigurationError, SeawallError
from seawall.protocols import Progress
from seawall.workspace.looking_filter import MessageFilter

MOST_KEPT = 4
"""So many results of a kind are kept; the one that was asked for longest ago goes first."""
MOST_WAITING = 6
FRESH = timedelta(minutes=10)
"""What was computed of a lake that has changed since is shown, with its time, for so long."""
RETRIED = timedelta(minutes=1)
"""After so long what could not be computed is tried again."""

Found = TypeVar("Found")


class Asked(Hashable, Protocol):
    """What is to be computed: equal for equal results."""

    @property
    def what(self) -> str:
        """What messages call it: "network"."""
        ...


@dataclass(frozen=True, slots=True)
class NetworkAsked:
    """Which network.

    Args:
        chosen: of these messages.
        window: seconds within which two acts are together.
        least: None: pairs that chance does not explain. A number: pairs with so many things in one layer.
    """

    chosen: MessageFilter = field(default_factory=MessageFilter)
    window: float = 60.0
    least: int | None = None

    @property
    def what(self) -> str:
        """See ``Asked``."""
        return "network"


@dataclass
class Job(Generic[Found]):
    """Something that is computed, or was."""

    asked: Asked
    epoch: int
    version: str
    begun: datetime
    asked_at: datetime
    doing: str = "waiting for its turn"
    done: int = 0
    total: int | None = None
    found: Found | None = None
    error: SeawallError | None = None
    ended: threading.Event = field(default_factory=threading.Event)

    def progress(self, doing: str, done: int, total: int | None) -> None:
        """Take in how far it is."""
        self.doing, self.done, self.total = doing, done, total


_jobs: dict[tuple[Path, Asked], Job[Any]] = {}
_changing = threading.Lock()
_computing = threading.Semaphore(1)


def job_of(folder: Path, asked: Asked, version: str, epoch: int, compute: Callable[[Progress], Found]) -> Job[Found]:
    """The job of what was asked; begun if nobody has asked for it lately.

    Args:
        folder: the workspace's.
        asked: what.
        version: of the lake now.
        epoch: how often something was erased.
        compute: gives the result.

    Raises:
        ConfigurationError: too much is waiting.
    """
    key, now = (folder.resolve(), asked), datetime.now(UTC)
    with _changing:
        job = _jobs.get(key)
        if job is not None and _still_good(job, version, epoch, now - job.begun):
            job.asked_at = now
            return cast("Job[Found]", job)
        _make_room(key[0], epoch, asked.what)
        job = _jobs[key] = Job(asked, epoch, version, now, now)
    threading.Thread(target=_run, args=(job, compute), name=f"seawall-{asked.what}", daemon=True).start()
    return job


def _still_good(job: Job[Any], version: str, epoch: int, age: timedelta) -> bool:
    """Nothing that was erased since is shown again; what failed is tried anew after a while."""
    if job.epoch != epoch:
        return False
    return age < RETRIED if job.error is not None else job.version == version or age < FRESH


def _make_room(folder: Path, epoch: int, what: str) -> None:
    """Forget what was computed before the latest erasure, and what was asked for longest ago.

    Raises:
        ConfigurationError: too much is waiting.
    """
    for key in [key for key, one in _jobs.items() if key[0] == folder and one.epoch != epoch]:
        del _jobs[key]
    waiting = [one for one in _jobs.values() if not one.ended.is_set()]
    if len(waiting) >= MOST_WAITING:
        raise ConfigurationError(
            "Too much is being computed at once.", where=what, mend="Wait until one of them is there."
        )
    ended = sorted(
        (key for key, one in _jobs.items() if one.ended.is_set() and key[1].what == what),
        key=lambda key: _jobs[key].asked_at,
    )
    for key in ended[: max(0, len(ended) - MOST_KEPT + 1)]:
        del _jobs[key]


def _run(job: Job[Found], compute: Callable[[Progress], Found]) -> None:
    try:
        with _computing:
            job.found = compute(job.progress)
    except SeawallError as error:
        job.error = error
    except Exception:  # noqa: BLE001 - a page must say that it failed; what it was may hold private values
        what = job.asked.what
        job.error = SeawallError(f"The {what} could not be computed.", mend="Choose a shorter time, and try again.")
    finally:
        job.ended.set()
