"""How each connection stands, for people, health checks and metrics."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum


class Status(StrEnum):
    """Where a connection is."""

    STARTING = "starting"
    WATCHING = "watching"
    LOST = "lost"  # it is tried again; what was missed is fetched then
    REFUSED = "refused"  # the server does not accept the token, or the settings cannot work: a person must mend it
    STOPPED = "stopped"


@dataclass
class ConnectionState:
    """One connection. Times are UTC."""

    name: str
    source: str
    status: Status = Status.STARTING
    since: datetime = field(default_factory=lambda: datetime.now(UTC))
    last_heard: datetime | None = None
    records: int = 0
    interruptions: int = 0
    trouble: str = ""  # one sentence, of the last error

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return {
            "source": self.source,
            "status": self.status.value,
            "since": self.since.isoformat(timespec="seconds"),
            "last_heard": self.last_heard.isoformat(timespec="seconds") if self.last_heard else None,
            "records": self.records,
            "interruptions": self.interruptions,
            "trouble": self.trouble,
        }


Change = Callable[[ConnectionState], None]
"""Called when a connection's status changes."""
