"""The funnel detector's state while interactions come in: the alerts of all of them, at any moment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from seawall.detectors.funnel_found import Hub, as_measured, found_in
from seawall.detectors.funnel_log import COLUMNS, SCHEMA, InteractionLog
from seawall.errors import ConfigurationError
from seawall.measures.funnel import HORIZON, Funnels, FunnelStream
from seawall.model import UTC_MICROSECONDS, Alert

if TYPE_CHECKING:
    from seawall.detectors.funnel import FunnelDetector

MOST_ROWS = 4_000_000
"""So many interactions of a platform are held, the newest."""

STRIDE = timedelta(days=30)
"""What is over is let go in strides: funnels rest on what is held, and are then computed anew."""

SAVED = pa.schema([pa.field("platform", pa.string()), *SCHEMA])
FLOORS = pa.schema([("platform", pa.string()), ("floor", pa.int64())])
LONG_AGO = -(2**62)
LATE = HORIZON // timedelta(microseconds=1)
"""What comes so much later than others makes the stream begin anew, from the log."""


@dataclass
class _Platform:
    """One platform: its interactions, and how far the measure has come with them."""

    log: InteractionLog = field(default_factory=InteractionLog)
    floor: int = LONG_AGO  # what happened before is not held
    stream: FunnelStream | None = None
    newest: int = LONG_AGO  # that the stream knows
    found: list[Hub] | None = None

    def feed(self, removed: pa.Table, added: pa.Table) -> int:
        """Take rows out and put rows in; how many of these came too late."""
        out, into = self._held(removed), self._held(added)
        self.log.put(out, -1)
        self.log.put(into, 1)
        if len(out) or len(into):
            self._follow(len(out) > 0, into)
        return len(added) - len(into)

    def _follow(self, changed: bool, into: pa.Table) -> None:
        self.found = None
        if self.stream is None:
            return
        times = into["at"].cast(pa.int64())
        if changed or pc.min(times).as_py() < self.newest - LATE:
            self.stream = None
            return
        self.newest = max(self.newest, pc.max(times).as_py())
        self.stream.add(as_measured(into))

    def look(self, bound: float) -> list[Hub]:
        """The hubs among the rows that are held."""
        if self.found is None:
            if self.stream is None:
                self.stream = self._begun(bound)
            result = self.stream.result().alerted()
            self.found = found_in(result, self._dealings(result))
        return self.found

    def _dealings(self, result: Funnels) -> pa.Table:
        """The interactions of the hubs that are told, and of their newcomers."""
        pairs = result.pairs
        accounts = pc.unique(pa.chunked_array([*pairs["hub"].chunks, *pairs["newcomer"].chunks], pa.string()))
        return self.log.among(accounts) if len(accounts) else SCHEMA.empty_table()

    def _begun(self, bound: float) -> FunnelStream:
        stream = FunnelStream(bound)
        for rows in self.log.pieces():
            stream.add(as_measured(rows))
            self.newest = pc.max(rows["at"].cast(pa.int64())).as_py()
        return stream

    def forget(self, before: int) -> None:
        """Let go of what happened before a time."""
        if before > self.floor:
            self.floor = before
            if self.log.forget(before):
                self.stream = self.found = None

    def _held(self, rows: pa.Table) -> pa.Table:
        rows = rows.select(list(COLUMNS))
        return rows.filter(pc.greater_equal(rows["at"].cast(pa.int64()), self.floor))


class FunnelStanding:
    """What ``FunnelDetector.detect`` would say of all interactions that were fed and not forgotten.

    It holds the interactions themselves, so that an edit or an alias that comes late changes what it says as if it had
    been there from the beginning; beside them a ``FunnelStream``, which has only to follow while what comes is new.

    Args:
        detector: whose state it is.
        saved: what ``save`` gave.

    Raises:
        ConfigurationError: what was saved is not of this detector.
    """

    reach = STRIDE

    def __init__(self, detector: FunnelDetector, saved: Mapping[str, pa.Table] | None = None) -> None:
        self._detector = detector
        self._platforms: dict[str, _Platform] = {}
        self._edge = LONG_AGO
        self.beyond_reach = 0
        if saved is not None:
            self._restore(saved)

    @property
    def nbytes(self) -> int:
        """Bytes of the interactions that are held."""
        return sum(one.log.nbytes for one in self._platforms.values())

    def feed(self, removed: pa.Table, added: pa.Table) -> None:
        """Take interactions out and put interactions in, in any order of time."""
        for name in pc.unique(pa.chunked_array([*removed["platform"].chunks, *added["platform"].chunks], pa.string())):
            platform = self._platforms.setdefault(name.as_py(), _Platform(floor=self._edge))
            out, into = (rows.filter(pc.equal(rows["platform"], name)) for rows in (removed, added))
            self.beyond_reach += platform.feed(out, into)

    def forget(self, before: datetime) -> None:
        """Let go of the interactions from before the last stride that ended before a time (UTC)."""
        stride = STRIDE // timedelta(microseconds=1)
        at = pa.scalar(before, UTC_MICROSECONDS).cast(pa.int64()).as_py() // stride * stride
        self._edge = max(self._edge, at)
        for platform in self._platforms.values():
            platform.forget(self._edge)

    def alerts(self, coverage: pa.Table, now: datetime) -> Iterator[Alert]:
        """What ``detect`` would say of the interactions that are held."""
        for name in sorted(self._platforms):
            platform = self._platforms[name]
            if len(platform.log) > MOST_ROWS:
                platform.forget(platform.log.newest_but(MOST_ROWS * 4 // 5) or LONG_AGO)
            if len(platform.log):
                found = platform.look(self._detector.bound)
                yield from self._detector.alerts_of(name, found, platform.log.kinds(), coverage)

    def save(self) -> Mapping[str, pa.Table]:
        """The whole state, the same for the same interactions whatever their order."""
        rows = [
            piece.add_column(0, SAVED.field(0), pa.repeat(pa.scalar(name), len(piece)))
            for name in sorted(self._platforms)
            for piece in self._platforms[name].log.pieces()
        ]
        crowded = {name: one.floor for name, one in sorted(self._platforms.items()) if one.floor > self._edge}
        floors: list[dict[str, str | int | None]] = [{"platform": None, "floor": self._edge}]
        floors += [{"platform": name, "floor": floor} for name, floor in crowded.items()]
        return {
            "interactions": pa.concat_tables([SAVED.empty_table(), *rows]),
            "floors": pa.Table.from_pylist(floors, FLOORS),
        }

    def _restore(self, saved: Mapping[str, pa.Table]) -> None:
        try:
            rows, floors = saved["interactions"].select(SAVED.names), saved["floors"].to_pylist()
        except KeyError:
            raise ConfigurationError(
                "The saved state is not one of this detector.", where="funnel", mend="Begin anew from the lake."
            ) from None
        for row in floors:
            if row["platform"] is None:
                self._edge = row["floor"]
            else:
                self._platforms[row["platform"]] = _Platform(floor=row["floor"])
        self.feed(rows.slice(0, 0), rows)
