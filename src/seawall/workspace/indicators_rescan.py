"""Compares everything that is in the lake with the lists: what watching would have found."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from seawall.casebook import Changes, Overflow
from seawall.detectors.known import KnownDetector
from seawall.detectors.known_matcher import NEEDS
from seawall.detectors.wording import counted
from seawall.errors import RuleError
from seawall.model import HITS, Alert, Indicator, IndicatorStatus
from seawall.workspace.indicators_live import days_of, overflow_alert

if TYPE_CHECKING:
    from seawall.protocols import Progress
    from seawall.workspace.opened import OpenedFolder

KEPT_AT_ONCE = 20_000
"""So many hits are put into the casebook in one transaction, about."""


@dataclass(frozen=True, slots=True)
class RescanResult:
    """What a look at the past found."""

    messages: int  # rows that were compared; a later form of a message is a row of its own
    indicators: int
    hits: int  # pairs of indicator and message, in shadow too
    alerts: int
    new: int
    revised: int
    cases_opened: int
    quarantined: tuple[str, ...]  # ids
    seconds: float

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)

    def __str__(self) -> str:
        told = (
            f"Compared {counted(self.messages, 'message')} with {counted(self.indicators, 'indicator')}: "
            f"{counted(self.hits, 'hit')}, {counted(self.alerts, 'alert')} "
            f"({self.new:,} new, {self.revised:,} revised); "
            f"{counted(self.cases_opened, 'case')} opened ({self.seconds:.1f} s)."
        )
        if self.quarantined:
            told += f" Quarantined, because they hit too much: {', '.join(self.quarantined)}."
        return told


def rescan(workspace: OpenedFolder, names: Sequence[str], progress: Progress | None) -> RescanResult:
    """Compare the past with all lists, or with the indicators and lists that are named.

    After an interruption it is run again: what was found already changes nothing.

    Raises:
        RuleError: there is no such indicator, or it does not match now.
        StorageError: lake or casebook refuse.
    """
    began = time.perf_counter()
    book = workspace.casebook.indicators
    change, chosen = book.latest_change(), _chosen(workspace, names)
    workspace.casebook.audit.append(workspace.reviewer, "rescan", {"indicators": len(chosen), "named": len(names)})
    workspace.settle()
    detector = KnownDetector()
    past = _Past()
    with workspace.reading() as lake:
        version, feeds = lake.version(), lake.added_after({}, ()).mark
        matcher = detector.matcher()
        matcher.put(chosen)
        total = lake.written("messages")
        for batch in lake.as_written("messages", (*NEEDS, "kind")):
            rows = pa.Table.from_batches([batch])
            past.take(rows, matcher.hits(rows))
            if past.waiting >= KEPT_AT_ONCE:
                book.keep(past.given())
            if progress is not None:
                progress("comparing", past.messages, total)
    book.keep(past.given())
    overflows = book.judge(past.touched, past.days)
    alerts = list(_alerts(workspace, detector, chosen, past.found, overflows))
    changes = workspace.casebook.propose(alerts, lake_version=version) if alerts else Changes()
    if not names:
        book.set_looked_back(change, feeds)
    return RescanResult(
        messages=past.messages,
        indicators=len(chosen),
        hits=past.hits,
        alerts=len(alerts),
        new=len(changes.new),
        revised=len(changes.revised),
        cases_opened=len(changes.opened),
        quarantined=tuple(sorted(one.indicator.id for one in overflows)),
        seconds=time.perf_counter() - began,
    )


def _chosen(workspace: OpenedFolder, names: Sequence[str]) -> list[Indicator]:
    book = workspace.casebook.indicators
    listed = book.named(names) if names else book.all()
    chosen = [one for one in listed if one.matches_on(book.today)]
    if names and not chosen:
        one = listed[0]
        why = one.status.value if book.today < one.expires_on else "expired"
        raise RuleError(
            f"Nothing of this is compared with messages now: indicator {one.id} is {why}.",
            mend="See what it needs with: seawall indicators DIR",
        )
    return chosen


class _Past:
    """What was found so far."""

    def __init__(self) -> None:
        self.messages = self.hits = self.waiting = 0
        self.days: Counter[date] = Counter()
        self.touched: set[tuple[str, date]] = set()
        self.found: set[str] = set()
        self._tables: list[pa.Table] = []

    def take(self, rows: pa.Table, hits: pa.Table) -> None:
        """Count messages, and hold what was found in them."""
        self.messages += rows.num_rows
        self.days.update(days_of(rows))
        if hits.num_rows:
            self.hits += hits.num_rows
            self.waiting += hits.num_rows
            self._tables.append(hits)
            ids = hits["indicator"].to_pylist()
            self.found.update(ids)
            self.touched.update((id_, at.date()) for id_, at in zip(ids, hits["sent_at"].to_pylist(), strict=True))

    def given(self) -> pa.Table:
        """What is held, which is held no more."""
        tables, self._tables, self.waiting = self._tables, [], 0
        return pa.concat_tables([HITS.empty_table(), *tables])


def _alerts(
    workspace: OpenedFolder,
    detector: KnownDetector,
    chosen: Sequence[Indicator],
    found: set[str],
    overflows: Sequence[Overflow],
) -> Iterator[Alert]:
    quarantined = {one.indicator.id for one in overflows}
    for one in chosen:
        if one.id in found - quarantined and one.status is IndicatorStatus.LIVE:
            yield from detector.about(one, workspace.casebook.indicators.sightings(one.id, live=True))
    for overflow in overflows:
        yield overflow_alert(overflow, detector)
