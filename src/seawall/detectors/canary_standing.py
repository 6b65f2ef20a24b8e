"""The canary's state while records come in: which messages carry the phrase."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

import pyarrow as pa

from seawall.model import UTC_MICROSECONDS, Alert

SAVED = pa.schema([("sent_at", UTC_MICROSECONDS), ("message_id", pa.string()), ("times", pa.int64())])
EDGE = pa.schema([("before", UTC_MICROSECONDS)])


class CanaryStanding:
    """Messages that carry the phrase. The first one is never let go, so that the alert keeps its name.

    Args:
        carriers: rows -> those that carry the phrase.
        alerts_of: sorted (time, message) -> alerts.
        saved: what ``save`` gave.
    """

    def __init__(
        self,
        carriers: Callable[[pa.Table], pa.Table],
        alerts_of: Callable[[Sequence[tuple[datetime, str]]], Iterator[Alert]],
        saved: Mapping[str, pa.Table] | None = None,
    ) -> None:
        self._carriers = carriers
        self._alerts_of = alerts_of
        self._held: Counter[tuple[datetime, str]] = Counter()
        self._before: datetime | None = None
        if saved is not None:
            for row in saved["carriers"].to_pylist():
                self._held[row["sent_at"], row["message_id"]] = row["times"]
            for row in saved["edge"].to_pylist():
                self._before = row["before"]

    def feed(self, removed: pa.Table, added: pa.Table) -> None:
        """Take rows out and put rows in."""
        for rows, sign in ((removed, -1), (added, 1)):
            told = self._carriers(rows)
            for key in zip(told["sent_at"].to_pylist(), told["message_id"].to_pylist(), strict=True):
                self._held[key] += sign
                if not self._held[key]:
                    del self._held[key]
        self._let_go()

    def forget(self, before: datetime) -> None:
        """Let go of the messages of before, but for the first one."""
        self._before = before if self._before is None else max(before, self._before)
        self._let_go()

    def alerts(self, coverage: pa.Table, now: datetime) -> Iterator[Alert]:
        """At most one; neither coverage nor the time of day matters to it."""
        return self._alerts_of(sorted(key for key, times in self._held.items() for _ in range(times)))

    def save(self) -> Mapping[str, pa.Table]:
        """``carriers``: sent_at, message_id and how often; ``edge``: what was let go."""
        rows = [{"sent_at": at, "message_id": name, "times": self._held[at, name]} for at, name in sorted(self._held)]
        edge = [] if self._before is None else [{"before": self._before}]
        return {"carriers": pa.Table.from_pylist(rows, SAVED), "edge": pa.Table.from_pylist(edge, EDGE)}

    def _let_go(self) -> None:
        if self._before is None or len(self._held) < 2:
            return
        first = min(self._held)
        for key in [key for key in self._held if key[0] < self._before and key != first]:
            del self._held[key]
