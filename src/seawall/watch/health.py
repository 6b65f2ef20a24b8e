"""Whether all is well, for whoever asks the watch process over HTTP."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from seawall.watch.standing import ConnectionState, Status

_WELL = (Status.STARTING, Status.WATCHING)


@dataclass(frozen=True, slots=True)
class Health:
    """How the watch process stands."""

    status: str  # "ok", "degraded" or "stopping"
    connections: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    waiting_records: int = 0
    waiting_bytes: int = 0
    trouble: str = ""  # one sentence, where Seawall itself cannot work
    remarks: Sequence[str] = ()  # sentences about what the detectors have not taken into account; all is well otherwise

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return {
            "status": self.status,
            "connections": {name: dict(told) for name, told in self.connections.items()},
            "waiting": {"records": self.waiting_records, "bytes": self.waiting_bytes},
            "trouble": self.trouble,
            "remarks": list(self.remarks),
        }


def health(
    states: Sequence[ConnectionState],
    *,
    now: datetime,
    waiting_records: int = 0,
    waiting_bytes: int = 0,
    trouble: str = "",
    remarks: Sequence[str] = (),
    stopping: bool = False,
) -> Health:
    """The health of a process from what it knows.

    Args:
        states: of its connections.
        now: UTC.
        waiting_records: acknowledged and not in the lake yet.
        waiting_bytes: of the journal that are not in the lake yet.
        trouble: what keeps Seawall itself from working; empty where nothing does.
        remarks: what the detectors have not taken into account.
        stopping: whether it is ending.
    """
    well = not trouble and all(state.status in _WELL for state in states)
    return Health(
        status="stopping" if stopping else "ok" if well else "degraded",
        connections={state.name: _told(state, now) for state in states},
        waiting_records=waiting_records,
        waiting_bytes=waiting_bytes,
        trouble=trouble,
        remarks=remarks,
    )


def _told(state: ConnectionState, now: datetime) -> dict[str, object]:
    lag = None if state.last_heard is None else max(0.0, (now - state.last_heard).total_seconds())
    return {**state.as_dict(), "lag_seconds": lag}
