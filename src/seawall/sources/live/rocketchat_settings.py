"""What an operator sets for a Rocket.Chat connection."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from seawall.errors import ConfigurationError
from seawall.protocols import Ask, Connection

_FASTEST = 50.0

RARE_ASKS = (
    Ask("interval", "Seconds between two looks at the list of rooms", default="2", rare=True),
    Ask("sweep", "Seconds between two looks at a quiet room, at least", default="30", rare=True),
    Ask("sweep_longest", "Seconds between two looks at a quiet room, at most", default="3600", rare=True),
    Ask("reports_interval", "Seconds between two looks at reports to the moderators", default="15", rare=True),
    Ask("requests_per_second", "The most requests in a second", default="5", rare=True),
    Ask("timeout", "Seconds for a whole answer", default="30", rare=True),
)
"""What is not asked for, because hardly anybody must change it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Times in seconds."""

    rooms: frozenset[str]  # names or ids; empty = all that the token can read, but no direct ones
    since_ms: int | None  # milliseconds since 1970; None = from now on
    interval: float  # between two looks at the list of rooms
    request_gap: float  # between two requests
    sweep: float  # a quiet room is looked at again after a tenth of its silence, but not before this
    sweep_longest: float  # and after this at the latest
    reports: float  # between two looks at reports to moderators
    timeout: float  # for a whole answer

    @staticmethod
    def of(connection: Connection) -> Settings:
        """The settings of a connection.

        Raises:
            ConfigurationError: one cannot be read.
        """
        told = connection.settings
        where = f"connection {connection.name}"
        return Settings(
            rooms=frozenset(
                name.strip().removeprefix("#") for name in told.get("rooms", "").split(",") if name.strip()
            ),
            since_ms=_moment(told.get("since", ""), where),
            interval=_number(told, "interval", 2.0, where),
            request_gap=1.0 / min(_FASTEST, _number(told, "requests_per_second", 5.0, where)),
            sweep=_number(told, "sweep", 30.0, where),
            sweep_longest=_number(told, "sweep_longest", 3600.0, where),
            reports=_number(told, "reports_interval", 15.0, where),
            timeout=_number(told, "timeout", 30.0, where),
        )


def _moment(written: str, where: str) -> int | None:
    if not written.strip():
        return None
    try:
        moment = datetime.fromisoformat(written.strip())
        return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)
    except (ValueError, OverflowError):
        raise ConfigurationError(
            "This is no time.", where=f"{where}, since", mend="Write it as 2026-05-03 or 2026-05-03T14:05:00Z."
        ) from None


def _number(told: Mapping[str, str], name: str, default: float, where: str) -> float:
    try:
        value = float(told.get(name, "") or default)
    except ValueError:
        value = math.nan
    if not 0.0 < value < 1e6:
        raise ConfigurationError(
            "This is no positive number.", where=f"{where}, {name}", mend="Leave it out, or mend it."
        )
    return value
