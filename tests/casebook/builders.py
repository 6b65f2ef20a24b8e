"""Alerts about gardening clubs, for the tests of the casebook."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from seawall.model import Alert, Severity, Subject

START = datetime(2026, 5, 3, tzinfo=UTC)


def account(number: int) -> str:
    """A pseudonym as the lake makes them."""
    return "a" + hashlib.sha256(f"gardener {number}".encode()).hexdigest()[:20]


def accounts(numbers: Iterable[int]) -> tuple[Subject, ...]:
    return tuple(Subject("account", account(number)) for number in numbers)


def alert(subjects: Iterable[Subject] = (), *, day: float = 0, days: float = 3, **fields: Any) -> Alert:
    """A coordination alert that begins ``day`` days after 3 May 2026."""
    subjects = tuple(subjects) or accounts(range(4))
    start = START + timedelta(days=day)
    given: dict[str, Any] = {
        "detector": "coordination",
        "version": "1",
        "parameters": {"window": 60},
        "anchor": start.isoformat(),
        "start": start,
        "end": start + timedelta(days=days),
        "subjects": subjects,
        "severity": Severity.MEDIUM,
        "score": 0.8,
        "sentence": f"{len(subjects)} accounts shared the same planting guide within a minute.",
    }
    return Alert(**(given | fields))
