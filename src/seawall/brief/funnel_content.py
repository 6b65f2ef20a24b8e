"""What a brief shows of a funnel-like hub: how far it led newcomers, when, and what its score is made of.

Newcomers are numbers. Which accounts they are is for safeguarding alone, and stands in no brief.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Rung:
    """One stage: how many newcomers came so far."""

    stage: str
    newcomers: int
    median_days: float | None = None  # after the approach; None = not told


@dataclass(frozen=True, slots=True)
class Newcomer:
    """One newcomer, numbered within the alert."""

    number: int
    stage: str  # the furthest that was reached
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Term:
    """One part of a score: what speaks for the claim is positive, what speaks against it negative."""

    name: str
    value: float  # log-likelihood ratio, in nats
    says: str


@dataclass(frozen=True, slots=True)
class FunnelShown:
    """A hub."""

    rungs: tuple[Rung, ...]  # from the first stage to the furthest
    newcomers: tuple[Newcomer, ...]
    terms: tuple[Term, ...]
