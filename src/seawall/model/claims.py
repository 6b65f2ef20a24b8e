"""Claims and decisions: what a machine says with its evidence, and what people say to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """How grave it would be if the claim were true; it says nothing about how sure the claim is."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    URGENT = "urgent"

    @property
    def rank(self) -> int:
        """0 for low up to 3 for urgent."""
        return list(Severity).index(self)


@dataclass(frozen=True, slots=True)
class Subject:
    """What an alert is about: an account, a channel, a message, a platform, a text or an object that was shared."""

    kind: str  # account, channel, message, platform, language, media, domain, place, activity, indicator, text, object
    id: str


STAGES = ("approach", "follow_back", "direct", "contact", "sustained", "hand_off")
"""How far an approach went; the furthest last."""


@dataclass(frozen=True, slots=True)
class Approached:
    """A person whom a hub approached: someone to protect. Such people stand beside a claim and are no part of it."""

    account: str  # pseudonym
    stage: str  # the furthest of STAGES
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Alert:
    """A detector's claim with its evidence; a person judges it.

    ``anchor`` says where and when the thing began, so that a rerun or more data is a revision of the same
    alert: with detector, parameters and the first subject it makes the alert's id.
    """

    detector: str
    version: str
    parameters: dict[str, Any]
    anchor: str
    start: datetime
    end: datetime
    subjects: tuple[Subject, ...]
    severity: Severity
    score: float  # 0 to 1: confidence, comparable within a detector
    sentence: str  # one sentence that quotes its numbers
    evidence: tuple[str, ...] = ()  # message or interaction ids, the most telling first
    doubt: tuple[str, ...] = ()  # sentences: what speaks against it
    p: float | None = None
    q: float | None = None
    observed: float | None = None
    expected: float | None = None
    details: dict[str, Any] = field(default_factory=dict)  # JSON: what the brief draws (edges, counts, windows)
    lake_version: str | None = None  # filled in by the workspace
    approached: tuple[Approached, ...] = field(default=(), repr=False)  # for safeguarding alone; no part of the claim


class Outcome(StrEnum):
    """What a reviewer decides about a case."""

    REFER = "refer"
    SUPPORT = "support"
    WATCH = "watch"
    NO_ACTION = "no_action"
    NOT_WHAT_IT_SEEMS = "not_what_it_seems"


@dataclass(frozen=True, slots=True)
class Decision:
    """A reviewer's recorded decision: the only thing that moves a case."""

    case_id: str
    reviewer: str
    at: datetime
    outcome: Outcome
    reason: str
    stage: str = "decided"  # "decided" alone; "proposed" then "confirmed" where two people are needed; "undone"
    note: str = ""
    number: int | None = None  # in the casebook
    hidden: bool = False  # reason and note are left out: this reader may not know them yet


@dataclass(frozen=True, slots=True)
class Case:
    """Alerts that belong together, and what people decided about them."""

    case_id: str
    status: str  # "open", "awaiting second", "decided", "reopened"
    severity: Severity
    confidence: float
    opened_at: datetime
    start: datetime
    end: datetime
    sentence: str
    alert_ids: tuple[str, ...]
    decisions: tuple[Decision, ...] = ()
