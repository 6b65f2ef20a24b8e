"""What a brief shows of where people go: a place that is taken up, and a channel that came after another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from seawall.brief.funnel_content import Term


@dataclass(frozen=True, slots=True)
class Uptake:
    """A place, and the channels that link to it. ``days``, ``channels`` and ``new`` are of one length, at least 1."""

    place: str
    kind: str
    days: tuple[datetime, ...]  # midnight (UTC) of each day with a link to it, rising
    channels: tuple[int, ...]  # that linked on it
    new: tuple[int, ...]  # of these, those that did so for the first time
    fifth_at: datetime  # when the fifth channel linked
    found_at: datetime  # when it could be told


@dataclass(frozen=True, slots=True)
class Candidate:
    """A channel that may have come after another."""

    channel: str  # pseudonym
    probability: float


@dataclass(frozen=True, slots=True)
class Succession:
    """A channel that ended, what may have come after it, and what speaks for the likeliest."""

    ended: str  # pseudonym
    ended_at: datetime
    how: str | None  # how it ended, as the records tell it; None = not told
    opened_at: datetime | None  # when the likeliest opened; None = not told
    candidates: tuple[Candidate, ...]  # the likeliest first
    none: float  # the probability that none of these came after it
    hidden: int  # candidates that are not shown
    terms: tuple[Term, ...]  # of the likeliest
