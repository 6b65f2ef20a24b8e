"""The migration detector's state while messages come in: who wrote on which day, and the links, of half a year."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.detectors.migration_rows import LINKED, WROTE, counted_rows, linked_table, summed, wrote_table
from seawall.detectors.migration_scene import told
from seawall.errors import ConfigurationError
from seawall.measures.flow.acts import DAY
from seawall.model import Alert
from seawall.model.instants import EPOCH, INSTANT, microseconds

if TYPE_CHECKING:
    from seawall.detectors.migration import WatchedMigration

MOST_CELLS = 3_000_000
"""So many days of accounts are held, about 40 bytes each; where there are more, the oldest days are let go."""
HORIZON = pa.schema([("horizon", pa.int64())])


class MigrationStanding:
    """What ``WatchedMigration.detect`` would say of all messages that were fed and not forgotten.

    Args:
        detector: whose state it is.
        saved: what ``save`` gave.
        most: so many days of accounts are held.

    Raises:
        ConfigurationError: what was saved is not a state of this detector.
    """

    def __init__(
        self, detector: WatchedMigration, saved: Mapping[str, pa.Table] | None = None, *, most: int = MOST_CELLS
    ) -> None:
        self._detector = detector
        self._most = most
        self._wrote: list[pa.Table] = []
        self._linked: list[pa.Table] = []
        self._horizon: int | None = None
        self.crowded_out = 0
        if saved is not None:
            self._restore(saved)

    @property
    def reach(self) -> timedelta:
        """How long before an alert's end it looks."""
        rule = self._detector.rule
        return timedelta(days=2 * rule.pause + rule.new + rule.quiet)

    @property
    def nbytes(self) -> int:
        """Bytes of memory."""
        return sum(table.nbytes for table in (*self._wrote, *self._linked))

    def feed(self, removed: pa.Table, added: pa.Table) -> None:
        """Take messages out and put messages in, in any order of time; those from before the horizon count no more."""
        for rows, sign in ((removed, -1), (added, 1)):
            rows = counted_rows(self._since(rows, rows["sent_at"].cast(pa.int64()), 1))
            if not rows.num_rows:
                continue
            self._wrote.append(wrote_table(rows, sign))
            if sign < 0:
                gone = rows["message_id"].combine_chunks()
                self._linked = [table.filter(pc.invert(pc.is_in(table["message"], gone))) for table in self._linked]
            else:
                self._linked.append(linked_table(rows))
        self._tidy()

    def forget(self, before: datetime) -> None:
        """Let go of all messages from so long before a time that no alert after it rests on them."""
        self._move(-(-microseconds(before - self.reach) // DAY) * DAY)

    def alerts(self, coverage: pa.Table, now: datetime) -> Iterator[Alert]:
        """What ``detect`` would say of a window of these messages that ends at ``now``."""
        start = None if self._horizon is None else EPOCH + self._horizon * INSTANT
        known = told(summed(self._wrote), self._links(), coverage.to_pylist(), start=start, end=now)
        if known is not None:
            yield from self._detector.told(known, self._detector.found(known))

    def save(self) -> Mapping[str, pa.Table]:
        """``wrote``, ``linked`` and ``horizon``: the same for the same messages."""
        return {
            "wrote": summed(self._wrote).sort_by([(name, "ascending") for name in WROTE.names]).combine_chunks(),
            "linked": self._links().sort_by([("message", "ascending"), ("place", "ascending")]).combine_chunks(),
            "horizon": pa.table({"horizon": [self._horizon]}, schema=HORIZON),
        }

    def _restore(self, saved: Mapping[str, pa.Table]) -> None:
        try:
            self._wrote = [saved["wrote"].cast(WROTE)]
            self._linked = [saved["linked"].cast(LINKED)]
            self._horizon = saved["horizon"]["horizon"][0].as_py()
        except (KeyError, ValueError):
            raise ConfigurationError(
                "The saved state is not one of this detector.", where="migration", mend="Begin anew from the lake."
            ) from None

    def _links(self) -> pa.Table:
        return pa.concat_tables([LINKED.empty_table(), *self._linked])

    def _tidy(self) -> None:
        """Join parts that have grown alike, so that there are few; let the oldest days go where there are too many."""
        while len(self._wrote) > 1 and len(self._wrote[-2]) <= 2 * len(self._wrote[-1]):
            self._wrote[-2:] = [summed(self._wrote[-2:])]
        while len(self._linked) > 1 and len(self._linked[-2]) <= 2 * len(self._linked[-1]):
            self._linked[-2:] = [pa.concat_tables(self._linked[-2:]).combine_chunks()]
        many = sum(map(len, self._wrote)) - self._most
        if many > 0:
            days = pa.concat_tables(self._wrote)["day"].to_numpy()
            self.crowded_out += many
            self._move((int(np.partition(days, many)[many]) + 1) * DAY)

    def _move(self, horizon: int) -> None:
        if self._horizon is not None and horizon <= self._horizon:
            return
        self._horizon = horizon
        self._wrote = [self._since(table, table["day"], DAY) for table in self._wrote]
        self._linked = [self._since(table, table["at"], 1) for table in self._linked]

    def _since(self, rows: pa.Table, at: pa.ChunkedArray, unit: int) -> pa.Table:
        """The rows from the horizon on; ``at`` in so many microseconds."""
        return rows if self._horizon is None else rows.filter(pc.greater_equal(at, self._horizon // unit))
