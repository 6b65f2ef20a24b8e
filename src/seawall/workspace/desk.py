"""From what was acknowledged to what people are told: lake, detectors, cases, notices; in one thread."""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from seawall.casebook.records import Claim
from seawall.engine.live import LiveEngine
from seawall.errors import SeawallError
from seawall.lake import Receipt
from seawall.model import Alert, Severity
from seawall.model.instants import INSTANT
from seawall.notices import Notice, Receiver
from seawall.sources import steady
from seawall.workspace.indicators_live import Comparing
from seawall.workspace.receivers import deliver

if TYPE_CHECKING:
    from seawall.workspace.ingest import Ingest
    from seawall.workspace.workspace import Workspace

WATCH = "watch"
"""The folder of a workspace in which the detectors' state is kept."""

NEEDED = ("messages", "interactions", "deletions", "coverage", "aliases")
"""The tables whose new rows detectors are told of."""

REVISION_SECONDS = 60.0
"""A known alert that only grows is revised this often at most; a new or graver one is told at once."""


@dataclass
class Done:
    """What one step did."""

    receipts: list[Receipt] = field(default_factory=list)
    looked: bool = False  # the detectors have looked at everything that is in the lake
    alerts: Counter[str] = field(default_factory=Counter)  # detector -> new alerts
    opened: tuple[str, ...] = ()  # cases
    remarks: tuple[str, ...] = ()  # sentences for a person; each is told once, though its numbers may grow


@dataclass(frozen=True, slots=True)
class _Proposed:
    fingerprint: bytes
    rank: int
    at: float


class Desk:
    """Keeps detectors' state beside the lake, and puts what they propose before people.

    Args:
        workspace: where.
        ingest: open; only this thread flushes it.
        engine: the detectors with their state.
        receivers: who is told, and from which severity on.
        clock: the time in UTC. Where it is before the newest message, that one's time counts.
    """

    def __init__(
        self,
        workspace: Workspace,
        ingest: Ingest,
        engine: LiveEngine,
        receivers: Sequence[tuple[Receiver, Severity]],
        clock: Callable[[], datetime] = steady.now,
    ) -> None:
        self.engine = engine
        self._workspace = workspace
        self._ingest = ingest
        self._receivers = receivers
        self._clock = clock
        self._comparing = Comparing(workspace, ingest)
        self._mark: dict[str, int] = {}
        self._epoch = -1
        self._breaks = -1
        self._proposed: dict[str, _Proposed] = {}
        self._remarked: set[str] = set()
        self._rebuilt = ""

    def open(self) -> str:
        """Take the saved state up, or build it from the lake; a sentence that says which.

        Raises:
            StorageError: the lake cannot be read or written.
        """
        self._ingest.flush()
        self._comparing.open()
        mark = self.engine.restore(self._workspace.path / WATCH, epoch=self._ingest.epoch)
        if mark is None:
            return self._rebuild()
        self._epoch, self._mark = self._ingest.epoch, mark
        count = self._read_on()
        return f"Took up the saved state, and {count:,} messages that have come since."

    def step(self, *, finalise: bool = False) -> Done:
        """Bring what waits into the lake, look at it, propose and tell.

        Args:
            finalise: let each detector look, however long it takes, and propose every revision.

        Raises:
            StorageError: the lake or the casebook cannot be written; the next step goes on.
        """
        done = Done(receipts=self._ingest.flush())
        self._take(done.receipts)
        known = self._comparing.look(done.receipts)
        self._propose([*known, *self.engine.alerts(self._now(), finalise=finalise)], done, finalise)
        done.looked = self.engine.up_to_date
        done.remarks = tuple(self._remarks())
        return done

    def tell(self) -> tuple[list[Notice], list[SeawallError]]:
        """Tell the receivers of the cases that they have not heard of; another thread may do this meanwhile.

        Returns:
            What arrived, and what went wrong: it is tried again at the next call.
        """
        return deliver(self._workspace, self._receivers)

    def save(self) -> None:
        """Keep the detectors' state beside the batch numbers that it covers.

        While another process writes the lake nothing is kept: it may be erasing what the state still knows.

        Raises:
            StorageError: the disk refused; the state that was saved before stays.
        """
        self._comparing.save()
        if self._ingest.owns_lake:
            self.engine.save(self._workspace.path / WATCH, self._mark, epoch=self._epoch)

    def open_cases(self) -> int:
        """How many cases wait for a decision."""
        return self._workspace.casebook.glances.waiting().total

    def tidy(self) -> bool:
        """Join some small files of the lake where there are many; whether it did."""
        return self._ingest.compact_if_needed()

    def close(self) -> Done:
        """Look once more, and save."""
        done = self.step(finalise=True)
        self.save()
        return done

    # --- inside -----------------------------------------------------------------------------------------

    def _now(self) -> datetime:
        """After everything that was told; a clock that was set back makes nothing unknown again."""
        now, newest = self._clock(), self.engine.newest
        return now if newest is None else max(now, newest + INSTANT)

    def _remarks(self) -> Iterator[str]:
        """What was not told before."""
        if self._rebuilt:
            yield self._rebuilt
            self._rebuilt = ""
        for about, sentence in self.engine.remarks().items():
            if about not in self._remarked:
                self._remarked.add(about)
                yield sentence

    def _take(self, receipts: Iterable[Receipt]) -> None:
        """Tell the detectors what has come; where something else has written, read it from the lake."""
        if self._ingest.epoch != self._epoch:
            self._rebuilt = self._rebuild()
        elif self._ingest.breaks != self._breaks:
            if (self._workspace.path / WATCH).exists():
                self._read_on()
            else:
                self._rebuilt = self._rebuild()
        else:
            for receipt in receipts:
                self.engine.feed(receipt.added, revised=receipt.revised)
                self._mark[receipt.feed] = receipt.number

    def _read_on(self) -> int:
        """Everything since the mark; how many messages."""
        self._breaks = self._ingest.breaks
        with self._workspace.reading() as lake:
            added = lake.added_after(self._mark, NEEDED)
        self.engine.feed(added.tables, revised=added.revised)
        self._mark = dict(added.mark)
        return int(added.tables["messages"].num_rows)

    def _rebuild(self) -> str:
        """The state anew from the lake: at first, and after an erasure or expiry (which discards what was saved)."""
        self._epoch, self._breaks = self._ingest.epoch, self._ingest.breaks
        with self._workspace.reading() as lake:
            self._mark = dict(lake.added_after({}, ()).mark)
            self.engine.rebuild(lake.reader)
        self._proposed.clear()
        self.save()
        why, self.engine.said = self.engine.said, ""
        return f"Built the detectors' state from the lake. {why}".rstrip()

    def _propose(self, alerts: Sequence[Alert], done: Done, everything: bool) -> None:
        now = time.monotonic()
        chosen: dict[str, tuple[Alert, _Proposed]] = {}
        for alert in alerts:
            key, proposed = _key(alert), _Proposed(_fingerprint(alert), alert.severity.rank, now)
            if everything or _worth(self._proposed.get(key), proposed):
                chosen[key] = alert, proposed
        if not chosen:
            return
        with self._workspace.reading() as lake:
            version = lake.version()
        changes = self._workspace.casebook.propose([alert for alert, _ in chosen.values()], lake_version=version)
        self._proposed.update((key, proposed) for key, (_, proposed) in chosen.items())
        done.opened = changes.opened
        done.alerts.update(alert.detector for alert, _ in chosen.values() if Claim(alert).name in changes.new)


def _worth(before: _Proposed | None, now: _Proposed) -> bool:
    """Whether a proposal would tell people something: a new alert, a graver one, or one that grew a while ago."""
    if before is None or now.rank > before.rank:
        return True
    return now.fingerprint != before.fingerprint and now.at - before.at >= REVISION_SECONDS


def _key(alert: Alert) -> str:
    return "\0".join([alert.detector, repr(sorted(alert.parameters.items())), alert.anchor, alert.subjects[0].id])


def _fingerprint(alert: Alert) -> bytes:
    told = (alert.end, alert.subjects, alert.severity, alert.score, alert.sentence, alert.evidence, alert.approached)
    return hashlib.blake2b(repr(told).encode(), digest_size=16).digest()
