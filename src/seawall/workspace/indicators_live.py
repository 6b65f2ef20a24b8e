"""Compares messages with the lists while they come. The list is looked at anew before each look."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from seawall.casebook import Overflow
from seawall.detectors.known import KnownDetector
from seawall.detectors.known_matcher import NEEDS
from seawall.detectors.known_words import quarantine_alert
from seawall.lake import Receipt
from seawall.model import HITS, MESSAGES, Alert, Indicator

if TYPE_CHECKING:
    from seawall.workspace.ingest import Ingest
    from seawall.workspace.workspace import Workspace

PART = 50_000
"""So many messages are compared at once."""

HELD_SECONDS = 180.0
"""So long an alert is told again, so that a revision which had to wait is proposed in the end."""


class Comparing:
    """The lists beside the desk: which of the rows that come carry what is listed.

    What was compared is remembered in the casebook with what was found, so that after a kill the watch goes on
    where it was: no message is left out, and none is counted twice.

    Args:
        workspace: whose lists.
        ingest: open; it tells when something else has written to the lake.
    """

    def __init__(self, workspace: Workspace, ingest: Ingest) -> None:
        self._workspace = workspace
        self._book = workspace.casebook.indicators
        self._ingest = ingest
        self._detector = KnownDetector()
        self._matcher = self._detector.matcher()
        self._listed: dict[str, Indicator] = {}
        self._change = 0
        self._day: date | None = None
        self._mark: dict[str, int] = {}
        self._kept = True  # whether the casebook knows the mark, or need not
        self._remembered = False  # whether the casebook has a mark of an earlier watch
        self._known: dict[str, int] = {}  # of the mark what the casebook knows: a lake may have thousands of feeds
        self._breaks = self._epoch = -1
        self._compared: Counter[date] = Counter()
        self._told: dict[tuple[str, str], tuple[float, Alert]] = {}

    def open(self) -> None:
        """Begin where the last watch ended, or now where none compared anything.

        Raises:
            StorageError: casebook or lake cannot be read.
        """
        self._refresh()
        before = self._book.mark()
        self._remembered, self._known = bool(before), dict(before)
        self._mark = before if before and len(self._matcher) else self._present()

    def look(self, receipts: Sequence[Receipt]) -> list[Alert]:
        """Compare what has come, and keep what was found; the alerts of the last minutes.

        While another process writes to the lake nothing is told: it may be erasing what the alerts name.

        Args:
            receipts: of the flush before.

        Raises:
            StorageError: casebook or lake refuse; the next look takes these rows too.
        """
        self._refresh()
        behind = self._breaks != self._ingest.breaks
        breaks, self._breaks = self._ingest.breaks, -1
        if not len(self._matcher):
            self._mark = self._present() if behind else self._mark | {one.feed: one.number for one in receipts}
            self._kept = not self._remembered
        else:
            self._compare(*self._come(receipts, behind))
        self._breaks = breaks
        if self._epoch != self._ingest.epoch:
            self._epoch = self._ingest.epoch
            self._told.clear()  # they may name what was erased since
        return self._recent() if self._ingest.owns_lake else []

    def save(self) -> None:
        """Let the casebook know how far comparing is.

        Raises:
            StorageError: it refuses; a later watch compares some rows once more.
        """
        if not self._kept:
            self._sight(HITS.empty_table(), self._mark)

    # --- inside -----------------------------------------------------------------------------------------

    def _present(self) -> dict[str, int]:
        with self._workspace.reading() as lake:
            return dict(lake.added_after({}, ()).mark)

    def _refresh(self) -> None:
        """Take changes of the lists up, and let go of what has expired."""
        latest, changed = self._book.changes(self._change)
        today = self._book.today
        if today != self._day:
            changed = [*self._listed.values(), *changed]
        for one in changed:
            self._listed[one.id] = one
        fresh = {one.id: self._listed[one.id] for one in changed}
        self._matcher.drop(id_ for id_, one in fresh.items() if not one.matches_on(today))
        self._matcher.put(one for one in fresh.values() if one.matches_on(today))
        self._change, self._day = latest, today

    def _come(self, receipts: Sequence[Receipt], behind: bool) -> tuple[pa.Table, dict[str, int]]:
        """The rows since the mark, and the mark after them."""
        if behind:
            with self._workspace.reading() as lake:
                added = lake.added_after(self._mark, ("messages",))
            return added.tables["messages"], dict(added.mark)
        tables = [one.added["messages"] for one in receipts if "messages" in one.added]
        rows = pa.concat_tables([MESSAGES.empty_table(), *tables])
        return rows, self._mark | {one.feed: one.number for one in receipts}

    def _compare(self, rows: pa.Table, mark: dict[str, int]) -> None:
        if mark == self._mark:
            return
        hits = pa.concat_tables([self._matcher.hits(part) for part in _parts(rows.select(NEEDS))])
        days = days_of(rows)
        if hits.num_rows:
            self._compared.update(days)
            try:
                self._sight(hits, mark)
            except BaseException:
                self._compared.subtract(days)
                raise
        else:
            self._compared.update(days)
            self._kept = False
        self._mark = mark

    def _sight(self, hits: pa.Table, mark: dict[str, int]) -> None:
        moved = {feed: number for feed, number in mark.items() if self._known.get(feed) != number}
        live, overflows = self._book.sight(hits, compared=self._compared, mark=moved)
        self._known |= moved
        self._compared.clear()
        self._kept = True
        for alert in self._alerts(hits, live, overflows):
            self._told[alert.subjects[0].id, alert.anchor] = time.monotonic(), alert

    def _alerts(self, hits: pa.Table, live: set[str], overflows: Sequence[Overflow]) -> Iterator[Alert]:
        for id_ in sorted(live - {one.indicator.id for one in overflows}):
            first = pc.min(hits.filter(pc.equal(hits["indicator"], id_))["sent_at"]).as_py()
            sightings = self._book.sightings(id_, live=True)
            for alert in self._detector.about(self._listed[id_], sightings):
                if alert.end >= first:
                    yield alert
        for one in overflows:
            yield overflow_alert(one, self._detector)

    def _recent(self) -> list[Alert]:
        since = time.monotonic() - HELD_SECONDS
        self._told = {key: told for key, told in self._told.items() if told[0] >= since}
        return [alert for _, alert in self._told.values()]


def overflow_alert(one: Overflow, detector: KnownDetector) -> Alert:
    """What tells people of an indicator that was quarantined."""
    return quarantine_alert(one.indicator, one.day, one.hits, one.messages, one.examples, detector.parameters)


def days_of(rows: pa.Table) -> Counter[date]:
    """How many messages were sent on each day (UTC); edits of messages are none of their own."""
    sent = rows.filter(pc.not_equal(rows["kind"], "edit"))["sent_at"]
    found: Counter[date] = Counter()
    for one in pc.value_counts(pc.cast(sent, pa.date32())).to_pylist() if len(sent) else ():
        found[one["values"]] = one["counts"]
    return found


def _parts(rows: pa.Table) -> Iterator[pa.Table]:
    """Pieces of a size that is compared at once; at least one."""
    yield rows.slice(0, PART)
    for start in range(PART, rows.num_rows, PART):
        yield rows.slice(start, PART)
