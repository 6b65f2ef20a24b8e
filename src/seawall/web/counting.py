"""What Prometheus is told: how much was asked for, how long it took, what was refused. No paths, no names."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.5, 10.0)


class Counts:
    """The counters of one console, in a registry of their own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "seawall_console_requests_total",
            "Requests by route name and status.",
            ("route", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "seawall_console_request_seconds",
            "Time to answer, by route name.",
            ("route",),
            buckets=BUCKETS,
            registry=self._registry,
        )
        self._faults = Counter(
            "seawall_console_faults_total", "Faults of Seawall itself, by kind.", ("kind",), registry=self._registry
        )
        self._cases = Gauge("seawall_console_cases", "Cases by status.", ("status",), registry=self._registry)

    def answered(self, route: str, status: int, seconds: float) -> None:
        """A request was answered. ``route``: its declared name, or "none"."""
        self._requests.labels(route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def fault(self, kind: str) -> None:
        """Something broke that should not."""
        self._faults.labels(kind).inc()

    def cases(self, by_status: dict[str, int]) -> None:
        """How many cases there are."""
        for status, count in by_status.items():
            self._cases.labels(status).set(count)

    def text(self) -> bytes:
        """Everything, in Prometheus' text format."""
        return generate_latest(self._registry)
