"""What live sources say of the time that they have watched, and since when they are asked to read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from seawall.model import RAW_COVERAGE, raw_table
from seawall.protocols import Connection, RawBatch
from seawall.sources.live.stated import stated_time
from seawall.sources.raw_rows import RawRows

WATCHED = "watched"

_SHORTEST = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of time, UTC, of which all is known (``complete``) or something is missing."""

    start: datetime
    end: datetime
    complete: bool = True
    channel_id: str | None = None  # None = the whole connection


def with_coverage(batch: RawBatch, stretches: Sequence[Stretch]) -> RawBatch:
    """The batch with rows of coverage.

    A known stretch without length is left out. A gap is told however short it is: clocks that count in seconds can
    give its two ends the same time.
    """
    told = [one if one.complete else replace(one, end=max(one.end, one.start + _SHORTEST)) for one in stretches]
    told = [one for one in told if one.end > one.start]
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
    return stated_time(connection.settings.get("since", ""), f"connection {connection.name}")
