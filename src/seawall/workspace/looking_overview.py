"""What is unusual now: what waits for people, what is new, and the platforms with their surges."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from seawall.casebook.glances import Glance, Waiting
from seawall.model.instants import INSTANT
from seawall.workspace.looking_filter import MessageFilter
from seawall.workspace.looking_held import HeldLake
from seawall.workspace.looking_timeline import DAY, TimelineSeen, timeline
from seawall.workspace.opened import OpenedFolder

SHOWN = timedelta(days=90)
"""So much of a platform's time is shown, the latest, unless another span is asked for."""
MOST_SURGES = 40
MOST_NEW, MOST_LOOKED = 5, 30
"""Of so many alerts of a sort the first of each case is told, so many cases at most."""
NEW = (
    ("urgent", ("urgent",)),
    ("surge", ("surge", "output")),
    ("group", ("coordination",)),
    ("copies", ("spread",)),
    ("campaign", ("campaign",)),
    ("hub", ("funnel",)),
    ("known", ("known",)),
)
"""What is new, by sort -> the detectors that claim it."""


@dataclass(frozen=True, slots=True)
class PlatformSeen:
    """A platform in the lake."""

    name: str
    messages: int
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class OverviewSeen:
    """What the first page says."""

    waiting: Waiting
    platforms: tuple[PlatformSeen, ...]  # the largest first
    platform: str | None  # the one that is drawn
    timeline: TimelineSeen | None
    new: tuple[tuple[str, tuple[Glance, ...]], ...]  # sort -> the latest alerts whose case waits; empty ones left out
    as_of: datetime | None  # when the lake was read; None where it is empty
    messages: int


def overview(
    workspace: OpenedFolder,
    held: HeldLake,
    own: frozenset[str],
    platform: str | None,
    start: datetime | None,
    end: datetime | None,
) -> OverviewSeen:
    """See ``Looking.overview``."""
    platforms = tuple(PlatformSeen(name, count, *held.platform_spans[name]) for name, count in held.platforms)
    names = [one.name for one in platforms]
    chosen = platform if platform in names else (names[0] if names else None)
    glances = workspace.casebook.glances
    latest = glances.of_sorts(dict(NEW), most=MOST_LOOKED, own=own)
    new = ((sort, _a_case_each(found)) for sort, found in latest.items())
    return OverviewSeen(
        waiting=glances.waiting(own),
        platforms=platforms,
        platform=chosen,
        timeline=None if chosen is None else platform_timeline(workspace, held, own, chosen, start, end),
        new=tuple((sort, found) for sort, found in new if found),
        as_of=held.read_at if len(held.messages) else None,
        messages=len(held.messages),
    )


def _a_case_each(found: tuple[Glance, ...]) -> tuple[Glance, ...]:
    """The first alert of each case."""
    firsts: dict[str, Glance] = {}
    for one in found:
        firsts.setdefault(one.case_id, one)
    return tuple(firsts.values())[:MOST_NEW]


def platform_timeline(
    workspace: OpenedFolder,
    held: HeldLake,
    own: frozenset[str],
    platform: str,
    start: datetime | None,
    end: datetime | None,
) -> TimelineSeen | None:
    """All messages of a platform with its surges; the latest 90 days unless told otherwise."""
    first, last = held.platform_spans[platform]
    until = end or last + INSTANT
    since = start or max(first, until - SHOWN).replace(hour=0, minute=0, second=0, microsecond=0)
    if since >= until:
        since = until - DAY
    surges = workspace.casebook.glances.surges(platform, since, until, most=MOST_SURGES, own=own)
    return timeline(held, MessageFilter(since, until, platform), f"Messages on {platform}", surges)
