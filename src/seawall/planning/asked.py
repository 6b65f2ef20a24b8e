"""What a plan is asked for: how much is written, and on what machines it would be looked at."""

from __future__ import annotations

import math
from dataclasses import dataclass

from seawall.errors import ConfigurationError

MOST = {
    "messages_per_day": 1e12, "retention_days": 36_525.0, "interactions": 1_000.0, "within_h": 8_766.0, "cores": 1_024,
    "memory_gb": 65_536.0, "disk_gb": 1e7, "workers": 10_000, "network_gbit": 10_000.0,
}  # fmt: skip
"""Beyond these it is a slip of the hand, or nothing that figures from small machines can speak about."""


@dataclass(frozen=True, slots=True)
class Load:
    """How much is written.

    Args:
        messages_per_day: messages that come in on a day.
        retention_days: days for which they are kept; a run over the window looks at all of them.
        links: the part of the messages with a link, 0 to 1.
        text: the part of the messages with text, 0 to 1.
        interactions: interactions (follows, mentions, direct messages as metadata) for each message.
        within_h: hours within which a run over the window is to end.

    Raises:
        ConfigurationError: a figure that is none, not above zero, or beyond MOST; a part outside 0 to 1.
    """

    messages_per_day: float
    retention_days: float = 90.0
    links: float = 0.3
    text: float = 1.0
    interactions: float = 0.25
    within_h: float = 8.0

    def __post_init__(self) -> None:
        for name in ("messages_per_day", "retention_days", "within_h"):
            _above_zero(name, getattr(self, name))
        for name in ("links", "text"):
            if not 0 <= getattr(self, name) <= 1:
                raise ConfigurationError("A part of all messages lies between 0 and 1.", where=name, mend="As in: 0.3")
        if not 0 <= self.interactions <= MOST["interactions"]:
            raise ConfigurationError(
                "Interactions for each message are zero or more.", where="interactions", mend="As in: 0.25"
            )

    @property
    def window(self) -> float:
        """Messages that are kept at once."""
        return self.messages_per_day * self.retention_days


@dataclass(frozen=True, slots=True)
class Hardware:
    """The machines: one of them alone, or a driver and so many workers, all alike.

    Args:
        cores: of a machine.
        memory_gb: of a machine, in gigabytes (10^9 bytes).
        disk_gb: of a machine, for data and for what is shuffled.
        workers: machines that a cluster would have beside the driver.
        network_gbit: what each machine can send, in gigabits a second.

    Raises:
        ConfigurationError: a figure that is none, not above zero, or beyond MOST; cores or workers that are no whole
            number.
    """

    cores: int = 8
    memory_gb: float = 32.0
    disk_gb: float = 1_000.0
    workers: int = 4
    network_gbit: float = 10.0

    def __post_init__(self) -> None:
        for name in ("cores", "workers", "memory_gb", "disk_gb", "network_gbit"):
            _above_zero(name, getattr(self, name))
        for name in ("cores", "workers"):
            if getattr(self, name) != int(getattr(self, name)):
                raise ConfigurationError("This is a whole number.", where=name, mend="As in: 4")


def _above_zero(name: str, value: float) -> None:
    if not math.isfinite(value) or value <= 0:
        raise ConfigurationError("This is a number above zero.", where=name, mend="As in: 4")
    if value > MOST[name]:
        raise ConfigurationError(
            f"This is more than a plan can speak about: at most {MOST[name]:,.0f}.", where=name, mend="Look for a slip."
        )
