"""Networks that pages have asked for: computed beside the pages, one at a time, and kept for a while."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from seawall.errors import ConfigurationError, SeawallError
from seawall.measures.layers import LayeredNetwork
from seawall.protocols import Progress
from seawall.workspace.looking_filter import MessageFilter

MOST_KEPT = 4
"""So many networks are kept; the one that was asked for longest ago goes first."""
MOST_WAITING = 6
FRESH = timedelta(minutes=10)
"""A network of a lake that has changed since is shown, with its time, for so long."""
RETRIED = timedelta(minutes=1)
"""After so long a network that could not be computed is tried again."""


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


@dataclass
class NetworkJob:
    """A network that is computed, or was."""

    asked: NetworkAsked
    epoch: int
    version: str
    begun: datetime
    asked_at: datetime
    doing: str = "waiting for another network"
    done: int = 0
    total: int | None = None
    found: LayeredNetwork | None = None
    error: SeawallError | None = None
    ended: threading.Event = field(default_factory=threading.Event)

    def progress(self, doing: str, done: int, total: int | None) -> None:
        """Take in how far it is."""
        self.doing, self.done, self.total = doing, done, total


_jobs: dict[tuple[Path, NetworkAsked], NetworkJob] = {}
_changing = threading.Lock()
_computing = threading.Semaphore(1)


def network_job(
    folder: Path, asked: NetworkAsked, version: str, epoch: int, compute: Callable[[Progress], LayeredNetwork]
) -> NetworkJob:
    """The job of a network; begun if nobody has asked for it lately.

    Args:
        folder: the workspace's.
        asked: which network.
        version: of the lake now.
        epoch: how often something was erased.
        compute: gives the network.

    Raises:
        ConfigurationError: too many networks are waiting.
    """
    key, now = (folder.resolve(), asked), datetime.now(UTC)
    with _changing:
        job = _jobs.get(key)
        if job is not None and _still_good(job, version, epoch, now - job.begun):
            job.asked_at = now
            return job
        _make_room(key[0], epoch)
        job = _jobs[key] = NetworkJob(asked, epoch, version, now, now)
    threading.Thread(target=_run, args=(job, compute), name="seawall-network", daemon=True).start()
    return job


def _still_good(job: NetworkJob, version: str, epoch: int, age: timedelta) -> bool:
    """Nothing that was erased since is shown again; what failed is tried anew after a while."""
    if job.epoch != epoch:
        return False
    return age < RETRIED if job.error is not None else job.version == version or age < FRESH


def _make_room(folder: Path, epoch: int) -> None:
    """Forget what was computed before the latest erasure, and what was asked for longest ago.

    Raises:
        ConfigurationError: too many networks are waiting.
    """
    for key in [key for key, one in _jobs.items() if key[0] == folder and one.epoch != epoch]:
        del _jobs[key]
    waiting = [one for one in _jobs.values() if not one.ended.is_set()]
    if len(waiting) >= MOST_WAITING:
        raise ConfigurationError(
            "Too many networks are being computed at once.", where="network", mend="Wait until one of them is there."
        )
    ended = sorted((key for key, one in _jobs.items() if one.ended.is_set()), key=lambda key: _jobs[key].asked_at)
    for key in ended[: max(0, len(ended) - MOST_KEPT + 1)]:
        del _jobs[key]


def _run(job: NetworkJob, compute: Callable[[Progress], LayeredNetwork]) -> None:
    try:
        with _computing:
            job.found = compute(job.progress)
    except SeawallError as error:
        job.error = error
    except Exception:  # noqa: BLE001 - a page must say that it failed; what it was may hold private values
        job.error = SeawallError("The network could not be computed.", mend="Choose a shorter time, and try again.")
    finally:
        job.ended.set()
