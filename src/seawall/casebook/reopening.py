"""When a decided case opens again: only on a stated change since the decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from seawall.casebook.records import EVIDENCE, Claim
from seawall.model import Severity

GROWN = 2.0
"""How many times what was known a case must have before its growth alone reopens it."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a case held at one moment, in numbers."""

    severity: int  # rank
    evidence: int
    subjects: int
    detectors: tuple[str, ...]


def known(claims: Sequence[Claim]) -> Known:
    """What these alerts hold together."""
    marks = {mark for claim in claims for mark in claim.marks}
    evidence = sum(kind == EVIDENCE for kind, _ in marks)
    return Known(
        severity=max(claim.alert.severity.rank for claim in claims),
        evidence=evidence,
        subjects=len(marks) - evidence,
        detectors=tuple(sorted({claim.alert.detector for claim in claims})),
    )


def change(before: Known, now: Known) -> str | None:
    """The change that reopens a decided case, in words, or None.

    >>> change(Known(1, 10, 4, ("surge",)), Known(2, 10, 4, ("surge",)))
    'The severity rose from medium to high.'
    >>> change(Known(1, 10, 4, ("surge",)), Known(1, 19, 7, ("surge",))) is None
    True
    """
    levels = list(Severity)
    if now.severity > before.severity:
        return f"The severity rose from {levels[before.severity].value} to {levels[now.severity].value}."
    fresh = sorted(set(now.detectors) - set(before.detectors))
    if fresh:
        return f"A different kind of claim joined: {', '.join(fresh)}."
    if now.evidence >= GROWN * max(before.evidence, 1):
        return f"The evidence grew from {before.evidence} to {now.evidence} messages."
    if now.subjects >= GROWN * max(before.subjects, 1):
        return f"It is now about {now.subjects} accounts, channels or objects instead of {before.subjects}."
    return None
