"""The coordination detector's state while messages come in: the alerts of all of them, at any moment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from seawall.detectors.coordination_evidence import Evidence
from seawall.detectors.coordination_shares import shares
from seawall.detectors.written import DAY_US, Written
from seawall.errors import ConfigurationError
from seawall.measures import CoordinationMeasure, StandingCoordination
from seawall.measures.keys import Keys, identity_keys
from seawall.model import UTC_MICROSECONDS, Alert

if TYPE_CHECKING:
    from seawall.detectors.coordination import CoordinationDetector


@dataclass
class _Told:
    """A group, what was said of it last, and on how many messages that rests."""

    evidence: Evidence
    accounts: Keys
    wrote: int = -1
    alert: Alert | None = None


@dataclass
class _Layer:
    standing: StandingCoordination
    seen: int = -1
    edges: int = 0
    groups: list[_Told] = field(default_factory=list)


class CoordinationStanding:
    """What ``CoordinationDetector.detect`` would say of all messages that were fed and not forgotten.

    How much is held is bounded for each layer, see ``StandingCoordination``. A network is computed anew only when
    company has changed.

    Args:
        detector: whose state it is.
        saved: what ``save`` gave.

    Raises:
        ConfigurationError: what was saved lacks a layer of this detector.
    """

    def __init__(self, detector: CoordinationDetector, saved: Mapping[str, pa.Table] | None = None) -> None:
        self._detector = detector
        measure = CoordinationMeasure(detector.window_s, detector.min_repeats)
        self._layers = {layer: _Layer(StandingCoordination(measure)) for layer in detector.layers}
        self._written = Written()
        self._horizon: int | None = None
        if saved is not None:
            self._restore(saved)

    @property
    def beyond_reach(self) -> int:
        """Shares that came so late that company of theirs may have been let go."""
        return sum(layer.standing.beyond_reach for layer in self._layers.values())

    @property
    def crowded_out(self) -> int:
        """Shares in company that were forgotten before their time because there were too many."""
        return sum(layer.standing.crowded_out for layer in self._layers.values())

    @property
    def nbytes(self) -> int:
        """Bytes of memory."""
        return self._written.nbytes + sum(layer.standing.nbytes for layer in self._layers.values())

    def feed(self, removed: pa.Table, added: pa.Table) -> None:
        """Take messages out and put messages in, in any order of time; those from before the horizon count no more."""
        out, into = self._since_horizon(removed), self._since_horizon(added)
        for rows, step in ((out, -1), (into, 1)):
            if len(rows):
                self._written.add(rows["account_id"], rows["sent_at"], step)
        for name, layer in self._layers.items():
            gone, come = (shares(rows.to_reader(), name).read_all() for rows in (out, into))
            if len(gone) or len(come):
                layer.standing.take(gone, come)

    def forget(self, before: datetime) -> None:
        """Let go of all messages of the UTC days before a time."""
        day = pa.scalar(before, UTC_MICROSECONDS).cast(pa.int64()).as_py() // DAY_US
        if self._horizon is None or day * DAY_US > self._horizon:
            self._horizon = day * DAY_US
            self._written.forget(day)
            for layer in self._layers.values():
                layer.standing.forget(before.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0))

    def alerts(self, coverage: pa.Table, now: datetime) -> Iterator[Alert]:
        """What ``detect`` would say of the messages that are held; neither ``coverage`` nor ``now`` plays a part."""
        for name, layer in self._layers.items():
            self._look(layer)
            for told in layer.groups:
                yield self._say(name, layer, told)

    def _look(self, layer: _Layer) -> None:
        changes = layer.standing.changes
        if changes == layer.seen:
            return
        network = layer.standing.network()
        layer.edges = len(network)
        layer.groups = [
            _Told(evidence, identity_keys(pa.chunked_array([evidence.accounts], pa.string())))
            for evidence in self._detector.groups(network)
        ]
        layer.seen = changes

    def _say(self, name: str, layer: _Layer, told: _Told) -> Alert:
        wrote = self._written.by(told.accounts)
        if told.alert is None:
            told.alert = self._detector.alert(name, told.evidence, wrote, layer.edges)
        elif told.wrote != wrote:
            told.alert = replace(told.alert, doubt=self._detector.doubt(name, told.evidence, wrote))
        told.wrote = wrote
        return told.alert

    def save(self) -> Mapping[str, pa.Table]:
        """The whole state, the same for the same messages whatever their order: tables of shares, limits and counts."""
        tables = {
            "written": self._written.save(),
            "horizon": pa.table({"horizon": pa.array([self._horizon], pa.int64())}),
        }
        for name, layer in self._layers.items():
            tables |= {f"{name}_{part}": rows for part, rows in layer.standing.save().items()}
        return tables

    def _restore(self, saved: Mapping[str, pa.Table]) -> None:
        try:
            for name, layer in self._layers.items():
                layer.standing.restore({part: saved[f"{name}_{part}"] for part in ("shares", "limits")})
            self._written.restore(saved["written"])
            self._horizon = saved["horizon"]["horizon"][0].as_py()
        except KeyError:
            raise ConfigurationError(
                "The saved state is not one of this detector.", where="coordination", mend="Begin anew from the lake."
            ) from None

    def _since_horizon(self, rows: pa.Table) -> pa.Table:
        if self._horizon is None:
            return rows
        return rows.filter(
            pc.greater_equal(rows["sent_at"], pa.scalar(self._horizon, pa.int64()).cast(UTC_MICROSECONDS))
        )
