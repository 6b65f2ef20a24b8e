"""What is collected, from where, since when, and when it was not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from seawall.workspace.coverage import STATED
from seawall.workspace.looking_held import HeldLake
from seawall.workspace.looking_timeline import Interval, collected_of
from seawall.workspace.opened import OpenedFolder

MOST_GAPS = 200
WIDTH = 900
"""Of the strip that draws coverage, in units of about a pixel."""


@dataclass(frozen=True, slots=True)
class ConnectionSeen:
    """A live source; its secrets are not shown anywhere."""

    name: str
    source: str
    host: str
    visibility: str | None
    basis: str | None  # on which text of closed groups is kept


@dataclass(frozen=True, slots=True)
class InputSeen:
    """What was committed of a source on a platform: ``records = kept + rejected + duplicate``."""

    source: str
    platform: str
    live: bool
    batches: int
    feeds: int
    records: int
    kept: int
    rejected: int
    duplicate: int
    newest: datetime


@dataclass(frozen=True, slots=True)
class GapSeen:
    """A time of which somebody or something says that nothing was collected."""

    platform: str
    channel: str | None
    start: datetime
    end: datetime
    how: str
    stated: bool  # by a person


@dataclass(frozen=True, slots=True)
class CoverageSeen:
    """A platform: when it was collected, within the time of the whole lake."""

    platform: str
    collected: tuple[Interval, ...]
    bars: tuple[tuple[float, float], ...]  # x and width of each of them in the strip
    told: bool  # whether somebody tells it; otherwise from its first to its last message


@dataclass(frozen=True, slots=True)
class SourcesSeen:
    """What the page of sources says."""

    connections: tuple[ConnectionSeen, ...]
    inputs: tuple[InputSeen, ...]
    reasons: tuple[dict[str, Any], ...]  # source, reason, records: why records were set aside
    coverage: tuple[CoverageSeen, ...]
    gaps: tuple[GapSeen, ...]
    gaps_total: int
    start: datetime | None  # of the strip
    end: datetime | None
    as_of: datetime


def sources_seen(workspace: OpenedFolder, held: HeldLake) -> SourcesSeen:
    """See ``Looking.sources_seen``."""
    from seawall.workspace.connections import Connections

    gaps = sorted(_gaps(held), key=lambda one: one.start, reverse=True)
    whole = held.messages.span()
    return SourcesSeen(
        connections=tuple(
            ConnectionSeen(one.name, one.source, urlsplit(one.url).hostname or "", one.options.visibility, one.basis)
            for one in Connections(workspace.path).all()
        ),
        inputs=tuple(InputSeen(**row) for row in held.inputs),
        reasons=held.reasons,
        coverage=tuple(_coverage(held, *whole)) if whole is not None else (),
        gaps=tuple(gaps[:MOST_GAPS]),
        gaps_total=len(gaps),
        start=whole[0] if whole else None,
        end=whole[1] if whole else None,
        as_of=held.read_at,
    )


def _gaps(held: HeldLake) -> Iterator[GapSeen]:
    for row in held.coverage:
        if not row["complete"]:
            stated = row["how"] == STATED
            yield GapSeen(row["platform"], row["channel_id"], row["start"], row["end"], row["how"], stated)


def _coverage(held: HeldLake, start: datetime, end: datetime) -> Iterator[CoverageSeen]:
    whole = (end - start).total_seconds() or 1.0
    told = {row["platform"] for row in held.coverage}
    for name, _ in held.platforms:
        collected = tuple(collected_of(held, name))
        bars = []
        for first, last in collected:
            left, right = ((min(max(one, start), end) - start).total_seconds() / whole for one in (first, last))
            bars.append((round(WIDTH * left, 1), round(max(WIDTH * (right - left), 1.0), 1)))
        yield CoverageSeen(name, collected, tuple(bars), name in told)
