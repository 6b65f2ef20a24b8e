"""What a person states as a setting of a connection, read with a message that says how to write it."""

from __future__ import annotations

from datetime import UTC, datetime

from seawall.errors import ConfigurationError


def stated_moment(written: str, where: str) -> int | None:
    """A time in UTC microseconds since 1970; None where nothing is stated. Without a zone it is UTC.

    >>> stated_moment("2026-05-03", "connection club"), stated_moment(" ", "connection club")
    (1777766400000000, None)

    Raises:
        ConfigurationError: it is no time.
    """
    if not written.strip():
        return None
    try:
        moment = datetime.fromisoformat(written.strip())
        return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()) * 1_000_000
    except (ValueError, OverflowError):
        raise ConfigurationError(
            "This is no time.", where=f"{where}, since", mend="Write it as 2026-05-03 or 2026-05-03T14:05:00Z."
        ) from None


def stated_list(written: str) -> tuple[str, ...]:
    """The parts between commas, each once, in their order.

    >>> stated_list(" public, list:7,,public")
    ('public', 'list:7')
    """
    return tuple(dict.fromkeys(part.strip() for part in written.split(",") if part.strip()))


def not_this_sources(name: str) -> ConfigurationError:
    """The error for a checkpoint that this source has not written."""
    return ConfigurationError(
        f"This is no checkpoint of the live source {name}.",
        where="checkpoint",
        mend="Take the connection away and connect again; what was read stays.",
    )
