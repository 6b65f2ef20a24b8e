"""What a brief shows of where the members of a community link to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Stream:
    """One place. ``linked`` is as long as ``Flow.at``."""

    place: str
    kind: str
    linked: tuple[int, ...]  # members whose links lead there, by period
    members: int  # summed over the periods
    moved_to: bool = False  # unusually many began to link there


@dataclass(frozen=True, slots=True)
class Flow:
    """A community, period by period; the places that it moves to come first. Tuples are as long as ``at``."""

    community: str  # "channel c12ab…", "all channels"
    period: str  # "day", "week", "month"
    at: tuple[datetime, ...]  # begin of each
    end: datetime  # of the last
    active: tuple[int | None, ...]  # members who wrote; None = not collected
    missing: tuple[int, ...]  # days that were not collected
    streams: tuple[Stream, ...]
    hidden: int = 0  # places that are not shown


@dataclass(frozen=True, slots=True)
class FlowPage:
    """All that a page of flows says."""

    title: str
    sentence: str
    workspace: str
    made_at: datetime
    lake_version: str
    version: str  # of Seawall
    flows: tuple[Flow, ...]
    hidden: int  # communities that are not shown
    left_out: Mapping[str, int]
    command: str | None = None
