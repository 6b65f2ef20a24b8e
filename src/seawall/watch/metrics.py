"""What Prometheus is told. Labels are names that the operator chose, and nothing out of the data."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.compute as pc
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from seawall.watch.standing import ConnectionState, Status

if TYPE_CHECKING:
    from seawall.journal import Waiting
    from seawall.lake import Receipt
    from seawall.workspace.desk import Done

CONTENT_TYPE = CONTENT_TYPE_LATEST
"""Of what ``Metrics.text`` gives."""

_ACK_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_ALERT_SECONDS = (0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0, 30.0, 60.0, 300.0)
_STATM = Path("/proc/self/statm")


class Metrics:
    """Counts what a watch process does, in a registry of its own. For one event loop."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry(auto_describe=True)
        self._states: dict[str, ConnectionState] = {}
        self._records = self._counter(
            "records", "Records by what became of them: acknowledged, then kept, rejected or duplicate.", "fate"
        )
        self._gaps = self._counter("gaps", "Stretches of time of which it is known that something is missing.")
        self._interruptions = self._counter("interruptions", "Times that a connection was lost.")
        self._lag = self._gauge("lag_seconds", "Seconds since the platform was last heard of.", "connection")
        self._connected = self._gauge("connected", "Whether the platform is being read: 1 or 0.", "connection")
        self._waiting_records = self._gauge("waiting_records", "Records that are acknowledged and not in the lake yet.")
        self._waiting_bytes = self._gauge("waiting_bytes", "Bytes of the journal that are not in the lake yet.")
        self._alerts = Counter("seawall_alerts", "New alerts.", ["detector"], registry=self._registry)
        self._cases = self._gauge("cases_open", "Cases that wait for a decision.")
        self._state_rows = self._gauge("state_rows", "Rows that a detector's state holds.", "detector")
        self._memory = self._gauge("memory_bytes", "Resident memory of the process.")
        self._ack = Histogram(
            "seawall_ack_seconds",
            "Seconds from a batch's arrival until it is durable.",
            buckets=_ACK_SECONDS,
            registry=self._registry,
        )
        self._alert = Histogram(
            "seawall_alert_seconds",
            "Seconds from a batch's arrival until the detectors have looked at it.",
            buckets=_ALERT_SECONDS,
            registry=self._registry,
        )

    def _counter(self, name: str, words: str, *labels: str) -> Counter:
        return Counter(f"seawall_{name}", words, ["connection", *labels], registry=self._registry)

    def _gauge(self, name: str, words: str, *labels: str) -> Gauge:
        return Gauge(f"seawall_{name}", words, labels, registry=self._registry)

    def connection(self, state: ConnectionState) -> None:
        """A connection's status, at first and after each change."""
        known = self._states.get(state.name)
        if known is None:
            self._gaps.labels(state.name).inc(0)
            self._interruptions.labels(state.name).inc(0)
        self._states[state.name] = state
        self._connected.labels(state.name).set(state.status is Status.WATCHING)
        if state.status is Status.LOST:
            self._interruptions.labels(state.name).inc()

    def acknowledged(self, connection: str, records: int, seconds: float) -> None:
        """A batch is durable, so many seconds after it came."""
        self._records.labels(connection, "acknowledged").inc(records)
        self._ack.observe(seconds)

    def looked(self, seconds: float) -> None:
        """The detectors have looked at a batch, so many seconds after it came."""
        self._alert.observe(seconds)

    def stepped(self, done: Done, waiting: Waiting) -> None:
        """What one step of the desk did, and what waits after it."""
        for receipt in done.receipts:
            self._entered(receipt)
        for detector, count in done.alerts.items():
            self._alerts.labels(detector).inc(count)
        self._waiting_records.set(waiting.records)
        self._waiting_bytes.set(waiting.bytes)

    def _entered(self, receipt: Receipt) -> None:
        if receipt.repeated:
            return
        name = receipt.feed.split(":", 2)[-1]
        for fate in ("kept", "rejected", "duplicate"):
            self._records.labels(name, fate).inc(getattr(receipt, fate))
        coverage = receipt.added.get("coverage")
        if coverage is not None and coverage.num_rows:
            self._gaps.labels(name).inc(pc.sum(pc.invert(coverage["complete"])).as_py())

    def cases(self, count: int) -> None:
        """How many cases wait for a decision."""
        self._cases.set(count)

    def state_rows(self, rows: Mapping[str, int]) -> None:
        """How many rows each detector's state holds."""
        for detector, count in rows.items():
            self._state_rows.labels(detector).set(count)

    def text(self) -> bytes:
        """Everything in Prometheus' text format, as of now."""
        now = time.time()
        for state in self._states.values():
            heard = state.last_heard or state.since
            self._lag.labels(state.name).set(max(0.0, now - heard.timestamp()))
        self._memory.set(resident_bytes())
        return generate_latest(self._registry)


def resident_bytes() -> int:
    """Resident memory of this process; 0 where the system does not tell.

    >>> resident_bytes() >= 0
    True
    """
    try:
        return int(_STATM.read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0
