"""What a person states as a setting of a connection, and what a checkpoint states, read with a message for each."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TypeVar

import msgspec

from seawall.errors import ConfigurationError

Place = TypeVar("Place", bound=msgspec.Struct)


def stated_time(written: str, where: str) -> datetime | None:
    """A time in UTC; None where nothing is stated. Without a zone it is UTC.

    >>> stated_time("2026-05-03T14:05+02:00", "connection club")
    datetime.datetime(2026, 5, 3, 12, 5, tzinfo=datetime.timezone.utc)

    Raises:
        ConfigurationError: it is no time.
    """
    if not written.strip():
        return None
    try:
        moment = datetime.fromisoformat(written.strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ConfigurationError(
            "This is no time.", where=f"{where}, since", mend="Write it as 2026-05-03 or 2026-05-03T14:05:00Z."
        ) from None


def stated_moment(written: str, where: str) -> int | None:
    """``stated_time`` in UTC microseconds since 1970, whole seconds.

    >>> stated_moment("2026-05-03", "connection club"), stated_moment(" ", "connection club")
    (1777766400000000, None)
    """
    time = stated_time(written, where)
    return None if time is None else int(time.timestamp()) * 1_000_000


def stated_list(written: str) -> tuple[str, ...]:
    """The parts between commas, each once, in their order.

    >>> stated_list(" public, list:7,,public")
    ('public', 'list:7')
    """
    return tuple(dict.fromkeys(part.strip() for part in written.split(",") if part.strip()))


def stated_place(checkpoint: str, kind: type[Place], source: str) -> Place:
    """What a live source has written as a checkpoint.

    Raises:
        ConfigurationError: this source has not written it.
    """
    try:
        return msgspec.json.decode(checkpoint, type=kind)
    except (msgspec.MsgspecError, UnicodeError):
        raise ConfigurationError(
            f"This is no checkpoint of the live source {source}.",
            where="checkpoint",
            mend="Take the connection away and connect again; what was read stays.",
        ) from None
