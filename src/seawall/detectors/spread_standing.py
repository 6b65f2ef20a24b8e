"""The spread detector's state while messages come in: every copy of the last weeks, without its text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.detectors.cells import Cells
from seawall.detectors.spread_copies import SCHEMA, copied_by_nobody, copies_table
from seawall.detectors.spread_known import HOUR, Known
from seawall.errors import ConfigurationError
from seawall.model import Alert
from seawall.model.instants import EPOCH, INSTANT, microseconds

if TYPE_CHECKING:
    from seawall.detectors.spread import WatchedSpread

MOST_COPIES = 1_000_000
"""So many messages are held, about 100 bytes each; where there are more, the oldest that nobody copied are let go."""
HORIZON = pa.schema([("horizon", pa.int64())])


class SpreadStanding:
    """What ``WatchedSpread.detect`` would say of all messages that were fed and not forgotten.

    Args:
        detector: whose state it is.
        saved: what ``save`` gave.
        most: so many copies are held.

    Raises:
        ConfigurationError: what was saved is not a state of this detector.
    """

    def __init__(
        self, detector: WatchedSpread, saved: Mapping[str, pa.Table] | None = None, *, most: int = MOST_COPIES
    ) -> None:
        self._detector = detector
        self._most = most
        self._held: list[pa.Table] = []
        self._hours = Cells(["platform"])
        self._horizon: int | None = None
        self.crowded_out = 0
        if saved is not None:
            self._restore(saved)

    @property
    def nbytes(self) -> int:
        """Bytes of memory."""
        held: int = self._hours.nbytes + sum(table.nbytes for table in self._held)
        return held

    def feed(self, removed: pa.Table, added: pa.Table) -> None:
        """Take messages out and put messages in, in any order of time; those from before the horizon count no more."""
        for rows, sign in ((removed, -1), (added, 1)):
            rows = self._since_horizon(rows, rows["sent_at"].cast(pa.int64()))
            if not rows.num_rows:
                continue
            self._count(rows, sign)
            if sign < 0:
                gone = rows["message_id"].combine_chunks()
                self._held = [table.filter(pc.invert(pc.is_in(table["message"], gone))) for table in self._held]
            else:
                self._hold(copies_table(rows.to_reader()))

    def forget(self, before: datetime) -> None:
        """Let go of all messages from before a time; whether a text was new then is not known any more."""
        self._move(microseconds(before))

    def alerts(self, coverage: pa.Table, now: datetime) -> Iterator[Alert]:
        """What ``detect`` would say of a window of these messages that ends at ``now``."""
        start = None if self._horizon is None else EPOCH + self._horizon * INSTANT
        known = Known.of(self._hours.table(), coverage.to_pylist(), start=start, end=now)
        yield from self._detector.told(self._copies(), known)

    def save(self) -> Mapping[str, pa.Table]:
        """``copies``, ``hours`` (messages of each platform) and ``horizon``: the same for the same messages."""
        return {
            "copies": self._copies().sort_by([("message", "ascending")]).combine_chunks(),
            "hours": self._hours.table(),
            "horizon": pa.table({"horizon": [self._horizon]}, schema=HORIZON),
        }

    def _restore(self, saved: Mapping[str, pa.Table]) -> None:
        try:
            self._held = [saved["copies"].cast(SCHEMA)]
            self._hours.put(saved["hours"])
            self._horizon = saved["horizon"]["horizon"][0].as_py()
        except (KeyError, ValueError):
            raise ConfigurationError(
                "The saved state is not one of this detector.", where="spread", mend="Begin anew from the lake."
            ) from None

    def _count(self, rows: pa.Table, sign: int) -> None:
        told = rows.filter(pc.not_equal(rows["kind"], "edit"))
        hours = pa.table({"platform": told["platform"], "hour": told["sent_at"].cast(pa.int64()).to_numpy() // HOUR})
        groups = hours.group_by(["platform", "hour"]).aggregate([([], "count_all")])
        series: list[tuple[Any, ...]] = [(name,) for name in groups["platform"].to_pylist()]
        self._hours.add(series, groups["hour"].to_numpy(), sign * groups["count_all"].to_numpy())

    def _hold(self, rows: pa.Table) -> None:
        self._held.append(rows)
        while len(self._held) > 1 and len(self._held[-2]) <= 2 * len(self._held[-1]):
            self._held[-2:] = [pa.concat_tables(self._held[-2:]).combine_chunks()]
        if sum(map(len, self._held)) > self._most:
            self._make_room()

    def _make_room(self) -> None:
        """Halve what is held: the oldest texts that nobody copied go; where copies alone are too many, whole hours."""
        held = self._copies()
        alone = copied_by_nobody(held)
        at = held["at"].to_numpy()
        going = min(len(held) - self._most // 2, int(alone.sum()))
        if going:
            latest = np.partition(at[alone], going - 1)[going - 1]
            held = held.filter(pa.array(~alone | (at > latest)))
            self.crowded_out += len(at) - len(held)
        self._held = [held.combine_chunks()]
        many = len(held) - self._most
        if many > 0:
            self.crowded_out += many
            self._move(int(np.partition(held["at"].to_numpy(), many)[many]))

    def _move(self, horizon: int) -> None:
        """Let go of what came before the full hour from there on, because messages are counted by the hour."""
        horizon = -(-horizon // HOUR) * HOUR
        if self._horizon is not None and horizon <= self._horizon:
            return
        self._horizon = horizon
        self._held = [self._since_horizon(table, table["at"]) for table in self._held]
        self._hours.keep_from(horizon // HOUR)

    def _since_horizon(self, rows: pa.Table, at: pa.ChunkedArray) -> pa.Table:
        return rows if self._horizon is None else rows.filter(pc.greater_equal(at, self._horizon))

    def _copies(self) -> pa.Table:
        return pa.concat_tables(self._held) if self._held else SCHEMA.empty_table()
