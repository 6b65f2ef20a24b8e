"""What an operator sets for a Matrix connection."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC

from seawall.errors import ConfigurationError
from seawall.protocols import Ask, Connection
from seawall.sources.json_values import written_time

ASKS = (
    Ask("token", "Access token of the account that Seawall reads with", secret=True),
    Ask(
        "rooms",
        "Rooms to watch, ids or addresses with commas between them (empty: all that the account is in)",
        default="",
    ),
    Ask("since", "Read back to, for example 2026-05-03 (empty: from now on)", default=""),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a connection."""

    rooms: tuple[str, ...]  # ids (!...) or addresses (#...); empty = all
    since: int | None  # UTC microseconds; None = from now on

    @staticmethod
    def of(connection: Connection) -> Settings:
        """The settings of a connection.

        Raises:
            ConfigurationError: one cannot be read.
        """
        where = f"connection {connection.name}"
        if not connection.secrets.get("token"):
            raise ConfigurationError(
                "There is no access token.", where=where, mend="Run seawall connect again, and give it."
            )
        rooms = tuple(one.strip() for one in connection.settings.get("rooms", "").split(",") if one.strip())
        if any(room[0] not in "!#" for room in rooms):
            raise ConfigurationError(
                "This is neither the id nor the address of a room.",
                where=f"{where}, rooms",
                mend="Ids begin with an exclamation mark, addresses with a number sign: #rides:club.example",
            )
        return Settings(rooms, _moment(connection.settings.get("since", "").strip(), where))


def _moment(written: str, where: str) -> int | None:
    if not written:
        return None
    moment = written_time(written, UTC)
    if moment is None or moment > time.time_ns() // 1_000:
        raise ConfigurationError(
            "This is no time, or one that has not come yet.",
            where=f"{where}, since",
            mend="Write it as 2026-05-03 or 2026-05-03T14:05:00Z.",
        )
    return moment
