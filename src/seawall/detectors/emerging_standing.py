"""The emerging detector's state while messages come in: the links of the last months."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from seawall.detectors.emerging_links import SCHEMA, links_table
from seawall.errors import ConfigurationError
from seawall.measures.emergence.clock import DAY
from seawall.model import UTC_MICROSECONDS, Alert

HORIZON = pa.schema([("horizon", UTC_MICROSECONDS)])
MOST_LINKS = 2_000_000
"""So many links are held, about 250 bytes each; where there are more, the oldest are let go."""


class EmergingStanding:
    """What ``EmergingDetector.detect`` would say of all messages that were fed and not forgotten.

    It is computed anew once a day has begun, or where a link of a day that was over has come or gone: only days that
    are over say anything.

    Args:
        alerts_of: links and coverage -> alerts (``EmergingDetector.of``).
        saved: what ``save`` gave.
        most: so many links are held.

    Raises:
        ConfigurationError: what was saved is not a state of this detector.
    """

    reach = timedelta(days=90)

    def __init__(
        self,
        alerts_of: Callable[[pa.Table, list[dict[str, Any]]], Iterator[Alert]],
        saved: Mapping[str, pa.Table] | None = None,
        *,
        most: int = MOST_LINKS,
    ) -> None:
        self._alerts_of, self._most = alerts_of, most
        self._held: list[pa.Table] = []
        self._horizon: datetime | None = None
        self._changes, self._over = 0, 0
        self._told: tuple[Any, list[Alert]] | None = None
        self.crowded_out = 0
        if saved is not None:
            self._restore(saved)

    @property
    def nbytes(self) -> int:
        """Bytes of memory."""
        return sum(table.nbytes for table in self._held)

    def feed(self, removed: pa.Table, added: pa.Table) -> None:
        """Take messages out and put messages in, in any order of time; those from before the horizon count no more."""
        if removed.num_rows:
            gone = removed["message_id"].combine_chunks()
            self._see(links_table(removed.to_reader()))
            self._held = [table.filter(pc.invert(pc.is_in(table["message"], gone))) for table in self._held]
        if added.num_rows:
            rows = self._since_horizon(links_table(added.to_reader()))
            self._see(rows)
            self._hold(rows)

    def forget(self, before: datetime) -> None:
        """Let go of links from so long before a time that no place is compared with them."""
        edge = before - self.reach
        if self._horizon is None or edge > self._horizon:
            self._horizon = edge
            self._held = [self._since_horizon(table) for table in self._held]
            self._changes += 1

    def alerts(self, coverage: pa.Table, now: datetime) -> Iterator[Alert]:
        """What ``detect`` would say of a window of these messages that ends at ``now``."""
        links = self._links()
        links = links.filter(pc.less(links["at"], pa.scalar(now, UTC_MICROSECONDS)))
        latest = pc.max(links["at"].cast(pa.int64())).as_py()
        self._over = 0 if latest is None else latest // DAY
        rows = coverage.to_pylist()
        stamp = (self._changes, self._over, str(rows))
        if self._told is None or self._told[0] != stamp:
            self._told = (stamp, list(self._alerts_of(links, rows)))
        yield from self._told[1]

    def save(self) -> Mapping[str, pa.Table]:
        """``links`` and ``horizon``: the same for the same messages."""
        order = [(name, "ascending") for name in ("at", "message", "url")]
        return {
            "links": self._links().sort_by(order).combine_chunks(),
            "horizon": pa.table({"horizon": [self._horizon]}, schema=HORIZON),
        }

    def _restore(self, saved: Mapping[str, pa.Table]) -> None:
        try:
            self._held = [saved["links"].cast(SCHEMA)]
            self._horizon = saved["horizon"]["horizon"][0].as_py()
        except (KeyError, ValueError):
            raise ConfigurationError(
                "The saved state is not one of this detector.", where="emerging", mend="Begin anew from the lake."
            ) from None

    def _see(self, rows: pa.Table) -> None:
        """Whether links of a day that was looked at change."""
        days = rows["at"].cast(pa.int64()).to_numpy() // DAY
        self._changes += bool((days < self._over).any())

    def _hold(self, rows: pa.Table) -> None:
        if not len(rows):
            return
        self._held.append(rows)
        while len(self._held) > 1 and len(self._held[-2]) <= 2 * len(self._held[-1]):
            self._held[-2:] = [pa.concat_tables(self._held[-2:]).combine_chunks()]
        many = sum(map(len, self._held)) - self._most
        if many > 0:
            latest_gone = self._links()["at"].combine_chunks().sort()[many - 1].as_py()
            self.crowded_out += many
            self.forget(latest_gone + timedelta(days=1) + self.reach)

    def _since_horizon(self, rows: pa.Table) -> pa.Table:
        if self._horizon is None:
            return rows
        return rows.filter(pc.greater_equal(rows["at"], pa.scalar(self._horizon, UTC_MICROSECONDS)))

    def _links(self) -> pa.Table:
        return pa.concat_tables(self._held) if self._held else SCHEMA.empty_table()
