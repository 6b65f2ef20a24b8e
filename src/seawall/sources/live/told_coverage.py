"""What live sources say of the time that they have watched, and since when they are asked to read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from seawall.errors import ConfigurationError
from seawall.model import RAW_COVERAGE, raw_table
from seawall.protocols import Connection, RawBatch
from seawall.sources.raw_rows import RawRows

WATCHED = "watched"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of time, UTC, of which all is known (``complete``) or something is missing."""

    start: datetime
    end: datetime
    complete: bool = True
    channel_id: str | None = None  # None = the whole connection


def with_coverage(batch: RawBatch, stretches: Sequence[Stretch]) -> RawBatch:
    """The batch with rows of coverage; a stretch without length is left out."""
    told = [one for one in stretches if one.end > one.start]
    columns = {name: [getattr(one, name) for one in told] for name in ("channel_id", "start", "end", "complete")}
    return replace(batch, coverage=raw_table(RAW_COVERAGE, {**columns, "how": [WATCHED] * len(told)}))


def coverage_alone(platform: str, checkpoint: str, stretches: Sequence[Stretch]) -> RawBatch:
    """A batch without records."""
    return with_coverage(RawRows(platform).batch(checkpoint), stretches)


def since_of(connection: Connection) -> datetime | None:
    """From when on the operator asks to read; None = from now on.

    Raises:
        ConfigurationError: the setting is no time.
    """
    written = connection.settings.get("since", "").strip()
    if not written:
        return None
    try:
        moment = datetime.fromisoformat(written)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ConfigurationError(
            "This is no time.",
            where=f"connection {connection.name}, since",
            mend="Write it as 2026-05-03 or 2026-05-03T14:05:00Z.",
        ) from None
