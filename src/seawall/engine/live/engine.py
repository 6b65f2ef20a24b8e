"""The live engine: rows that commits wrote -> detectors' standing states -> alerts, with a copy of it all on disk."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from seawall.engine.live import generations
from seawall.engine.live.coverage import CoverageHeld
from seawall.engine.live.digest import digest_of
from seawall.engine.live.folding import LONG_AGO, NOTICES, Change, Folding
from seawall.engine.live.handles import Handles
from seawall.engine.live.interactions import InteractionFolding, Learned
from seawall.engine.live.remarks import remarks
from seawall.engine.live.running import Running
from seawall.errors import ConfigurationError
from seawall.model import COVERAGE, INTERACTIONS, Alert
from seawall.model.instants import EPOCH, INSTANT, microseconds
from seawall.protocols import Detector

DAY = timedelta(days=1)

ACT_FACTS = ("known", "newest", "floor", "beyond")
"""What is saved of the interactions besides their rows."""

Reader = Callable[..., pa.RecordBatchReader]
"""``Lake.reader``: table, columns and ``start`` -> its rows, folded."""


class LiveEngine:
    """Detectors that watch. For one thread at a time.

    After any ``feed`` the states are those of a batch over the same rows, whatever the order in which they came.
    Edits, deletions and aliases are folded in where their message is recent: sent within ``horizon`` before the newest
    message, and among the newest ``most_rows``. Others are kept in the lake and counted here (``beyond_horizon``); a
    new message is counted however late it is, as far as a detector's state reaches back. One that is dated more than an
    hour after everything that was collected is taken in when that time has come. The same goes for interactions, where
    a detector watches these; they are taken in at once, whatever their date.

    Args:
        detectors: with a standing state, or without: these are run over the recent messages.
        horizon: how far back revisions are folded in.
        most_rows: the most messages that are held, and the most interactions; about 150 bytes each.
        keep: states let go of what ended so long before the newest message (or interaction, where they watch these), on
            the boundary of days (UTC); None: of nothing.
        clock: seconds that only grow; it paces detectors that take long.

    Raises:
        ConfigurationError: two detectors with one name, a detector that cannot run live, a horizon or number of rows
            that is not positive.

    >>> from datetime import UTC, datetime
    >>> from seawall.detectors import CanaryDetector
    >>> engine = LiveEngine([CanaryDetector()])
    >>> engine.feed(CanaryDetector().examples()[0])
    >>> [alert.sentence for alert in engine.alerts(datetime(2026, 5, 4, tzinfo=UTC))]
    ['The canary phrase stands in 1 message, first on 3 May 2026 14:05 UTC: the chain from import to alert works.']
    """

    def __init__(
        self,
        detectors: Sequence[Detector],
        *,
        horizon: timedelta = DAY,
        most_rows: int = 1_000_000,
        keep: timedelta | None = 90 * DAY,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        if len({detector.name for detector in detectors}) < len(detectors):
            raise ConfigurationError("Two detectors have one name.", where="LiveEngine")
        if horizon <= timedelta(0) or most_rows < 1 or (keep is not None and keep < horizon):
            raise ConfigurationError(
                "The horizon and the number of rows are above 0, and the time that states are kept is not shorter.",
                where="LiveEngine",
            )
        self.detectors = tuple(detectors)
        self.horizon, self.most_rows, self.keep = horizon, most_rows, keep
        self.said = ""
        self._clock = clock
        self._reset()

    def _reset(self) -> None:
        self._running = [Running(detector, self._clock) for detector in self.detectors]
        watched = self._columns("interactions")
        self._folding = Folding(self._columns("messages"), self.horizon, self.most_rows, learning=bool(watched))
        self._acts = InteractionFolding(watched, self.horizon, self.most_rows) if watched else None
        self._coverage = CoverageHeld(self._columns("coverage"))
        self._forgotten = dict.fromkeys(("messages", "interactions"), LONG_AGO)
        self._changes = 0

    def _columns(self, table: str) -> list[str]:
        return [column for running in self._running for column in running.columns(table)]

    # --- records in -----------------------------------------------------------------------------------

    def feed(self, added: Mapping[str, pa.Table], *, revised: int = 0) -> None:
        """Take in what commits wrote: messages, revisions among them, interactions, deletions, coverage, aliases.

        Rows of a message or an interaction that is here already, told again, change nothing.

        Args:
            added: ``Receipt.added`` or ``Added.tables``.
            revised: how many of the interactions, the last ones, are those of revisions.
        """
        before = self._folding.handles
        self._hand_on("messages", self._folding.fold(added))
        if self._acts is not None:
            learned = Learned(before, self._folding.handles, self._folding.renamed)
            rows = added.get("interactions", INTERACTIONS.empty_table())
            self._acts.hear(self._folding.latest)
            self._hand_on("interactions", self._acts.fold(rows, revised, learned))
        if self._coverage.add(added.get("coverage", COVERAGE.empty_table())):
            self._changes += 1
        self._forget()

    def _hand_on(self, table: str, change: Change) -> None:
        if change.removed.num_rows or change.added.num_rows:
            self._changes += 1
            for running in self._running:
                running.feed(table, change.removed, change.added)

    def _forget(self) -> None:
        """Let states go of what is over, when a new day has begun by the own time of what they are fed."""
        days = {table: newest // (DAY // INSTANT) for table, newest in self._newest().items()}
        if self.keep is None or all(day <= self._forgotten[table] for table, day in days.items()):
            return
        for table, day in days.items():
            if day > self._forgotten[table]:
                self._forgotten[table] = day
                for running in self._running:
                    running.forget(table, EPOCH + day * DAY - self.keep)
        self._coverage.forget(EPOCH + min(days.values()) * DAY - self.keep - self._reach())

    def _newest(self) -> dict[str, int]:
        """When the newest row was, of each table that has any (UTC microseconds)."""
        newest = {"messages": self._folding.newest}
        if self._acts is not None:
            newest["interactions"] = self._acts.newest
        return {table: at for table, at in newest.items() if at != LONG_AGO}

    def _reach(self) -> timedelta:
        """How much further back than ``keep`` a state reaches, at most."""
        return max((getattr(one.standing, "reach", timedelta(0)) for one in self._running), default=timedelta(0))

    def rebuild(self, read: Reader) -> None:
        """Begin anew, with the messages and interactions of the lake that are still to be kept.

        Nothing may be committed between the caller's look at how far the feeds are and the end of this.

        Args:
            read: ``Lake.reader``.

        Raises:
            StorageError: the disk refused.
        """
        said = self.said
        self._reset()
        self.said = said
        for batch in read("messages", ["collected_at"]):
            self._folding.hear(pa.Table.from_batches([batch])["collected_at"])
        for batch in read("messages", ["sent_at"]):
            self._folding.look(pa.Table.from_batches([batch])["sent_at"])
        aliases = read("aliases", ["handle_key", "account_id"]).read_all()
        self._folding.handles, _ = self._folding.handles.learned(aliases)
        names = list(dict.fromkeys([*self._folding.schema.names, "collected_at"]))
        for batch in read("messages", names, start=self._kept_from(self._folding.newest)):
            self.feed({"messages": pa.Table.from_batches([batch])})
        self._folding.notice()
        if self._acts is not None:
            for batch in read("interactions", ["at"]):
                self._acts.look(pa.Table.from_batches([batch])["at"])
            for batch in read("interactions", self._acts.schema.names, start=self._kept_from(self._acts.newest)):
                self.feed({"interactions": pa.Table.from_batches([batch])})
        self.feed({"coverage": read("coverage", COVERAGE.names).read_all()})

    def _kept_from(self, newest: int) -> datetime | None:
        """From when on rows are still to be kept; None: from the beginning."""
        if self.keep is None or newest == LONG_AGO:
            return None
        return EPOCH + newest * INSTANT - self.keep - self._reach() - DAY

    # --- alerts out -----------------------------------------------------------------------------------

    def alerts(self, now: datetime, *, finalise: bool = False) -> list[Alert]:
        """What all detectors say at a moment.

        A detector that took long rests afterwards, four times as long, five minutes at most; until then its latest
        alerts stand.

        Args:
            now: the moment, UTC; nothing from then on is known.
            finalise: ask every detector, however long it takes.
        """
        if self._acts is not None:
            self._acts.hear(microseconds(now))
        coverage = self._coverage.table()
        seen: list[pa.Table] = []

        def recent() -> pa.Table:
            if not seen:
                seen.append(self._folding.seen())
            return seen[0]

        for running in self._running:
            if finalise or running.due(self._changes):
                running.ask(self._changes, coverage, now, recent)
        return [alert for running in self._running for alert in running.told]

    @property
    def up_to_date(self) -> bool:
        """Whether the latest ``alerts`` knew everything that has been fed."""
        return all(running.fed == self._changes for running in self._running)

    # --- on disk --------------------------------------------------------------------------------------

    def save(self, folder: Path, mark: Mapping[str, int], *, epoch: int) -> bool:
        """Write it all to DIR/watch, durably: a whole new generation, or none.

        Message text is never written: with a detector that sees it nothing is saved, and the states are rebuilt.

        Args:
            folder: DIR/watch.
            mark: feed -> number of the last batch that was fed.
            epoch: of the lake's erasures.

        Returns:
            Whether it was saved.

        Raises:
            StorageError: the disk refused; the generation before is as it was.
        """
        if "text" in self._folding.schema.names:
            return False
        tables = {
            running.detector.name: running.standing.save() for running in self._running if running.standing is not None
        }
        folding = self._folding
        facts = {
            "mark": dict(mark),
            "latest": folding.latest,
            "newest": folding.newest,
            "floor": folding.floor,
            "beyond": folding.beyond,
            "crowded_out": folding.crowded_out,
            "forgotten": self._forgotten,
        }
        own = {"recent": folding.recent.reader(), "waiting": folding.waiting, "early": folding.early}
        own |= {
            "handles": folding.handles.table(),
            "notices": _notices(folding.notices),
            "coverage": self._coverage.table(),
        }
        if self._acts is not None:
            own["interactions"] = self._acts.recent.reader()
            facts["interactions"] = {name: getattr(self._acts, name) for name in ACT_FACTS}
        generation = generations.Generation(
            self._identity(epoch),
            facts,
            {f"detector-{name}": state for name, state in tables.items()} | {"engine": own},
        )
        generations.write(folder, generation)
        return True

    def restore(self, folder: Path, *, epoch: int) -> dict[str, int] | None:
        """Take up what was saved, if it is whole, of this epoch, and of the same detectors and settings.

        Returns:
            The mark with which it was saved; None where the states must be rebuilt: ``said`` says why.

        Raises:
            StorageError: the disk refused.
        """
        self._reset()
        self.said = ""
        try:
            found = generations.read(folder)
        except generations.DamagedError:
            self._drop(folder, "The saved state of watching is damaged")
            return None
        if found is None:
            return None
        if found.identity != self._identity(epoch):
            self._drop(
                folder, "The saved state of watching is of other detectors or settings, or from before an erasure"
            )
            return None
        self._take_up(found)
        return {feed: int(number) for feed, number in found.facts["mark"].items()}

    def _drop(self, folder: Path, why: str) -> None:
        generations.discard(folder)
        self.said = f"{why}; it was removed, and is rebuilt from the lake."

    def _identity(self, epoch: int) -> dict[str, Any]:
        settings = [self.horizon.total_seconds(), self.most_rows, self.keep and self.keep.total_seconds()]
        identity = {
            "format": generations.FORMAT,
            "epoch": epoch,
            "settings": settings,
            "detectors": [one.identity for one in self._running],
        }
        plain: dict[str, Any] = json.loads(json.dumps(identity, default=str))
        return plain

    def _take_up(self, found: generations.Generation) -> None:
        own, folding = found.tables["engine"], self._folding
        folding.recent.put(own["recent"])
        folding.waiting, folding.early = own["waiting"], own["early"]
        folding.handles = Handles.saved(own["handles"])
        folding.notices = dict(zip(*(own["notices"][name].to_pylist() for name in NOTICES.names), strict=True))
        for name in ("latest", "newest", "floor", "beyond", "crowded_out"):
            setattr(folding, name, found.facts[name])
        self._forgotten = found.facts["forgotten"]
        if self._acts is not None:
            self._acts.recent.put(own["interactions"])
            for name in ACT_FACTS:
                setattr(self._acts, name, found.facts["interactions"][name])
        self._coverage.take_up(own["coverage"])
        for running in self._running:
            running.take_up(found.tables.get(f"detector-{running.detector.name}"))

    # --- about it -------------------------------------------------------------------------------------

    @property
    def beyond_horizon(self) -> int:
        """Edits and deletions of messages that were not recent: kept in the lake, not in the states."""
        return self._folding.beyond

    @property
    def newest(self) -> datetime | None:
        """When the newest message was sent whose time has come; None where there is none."""
        newest = self._folding.newest
        return None if newest == LONG_AGO else EPOCH + newest * INSTANT

    @property
    def early(self) -> int:
        """Messages that are dated more than an hour after everything that was collected; they wait."""
        return len(self._folding.early)

    def remarks(self) -> dict[str, str]:
        """Sentences about what the states do not hold, for a person: what about -> how it is now."""
        return remarks(self._folding, self._acts)

    def sizes(self) -> dict[str, int]:
        """For metrics: messages held, bytes about, edits and deletions that wait for their message, and others.

        ``state_bytes`` and ``beyond_reach`` (rows that came too late to be taken in exactly) are what states tell of
        themselves as ``nbytes`` and ``beyond_reach``.
        """
        folding = self._folding
        return {
            "recent_rows": len(folding.recent),
            "recent_bytes": folding.recent.nbytes + (self._acts.recent.nbytes if self._acts else 0),
            "recent_interactions": len(self._acts.recent) if self._acts else 0,
            "waiting": len(folding.waiting) + len(folding.notices),
            "handles": len(folding.handles),
            "coverage_rows": len(self._coverage),
            "state_bytes": self._told_by_states("nbytes"),
            "beyond_horizon": folding.beyond,
            "early": len(folding.early),
            "beyond_reach": self._told_by_states("beyond_reach"),
        }

    def _told_by_states(self, name: str) -> int:
        """The sum of a number that states may tell of themselves."""
        return sum(int(getattr(running.standing, name, 0)) for running in self._running)

    def digest(self) -> str:
        """A hash of all states: the same for the same messages, edits, deletions and aliases, however they came."""
        states = {
            f"detector {one.detector.name}": one.standing.save() for one in self._running if one.standing is not None
        }
        recent = self._folding.seen()
        states["recent"] = {"messages": recent.take(pc.sort_indices(recent, [("message_id", "ascending")]))}
        if self._acts is not None:
            acts = self._acts.seen(self._folding.handles)
            states["recent interactions"] = {"interactions": acts.sort_by("interaction_id")}
        return digest_of(states)


def _notices(notices: Mapping[str, int]) -> pa.Table:
    return pa.table({"message_id": list(notices), "deleted_at": list(notices.values())}, schema=NOTICES)
