"""Alerts about hubs that approached newcomers of a gardening club, for the tests of whoever protects them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from seawall.model import SIMULATED, STAGES, Alert, Approached, Severity, Subject
from tests.casebook.builders import START, account, alert


def newcomer(number: int) -> str:
    """The pseudonym of a person who was approached; nothing else of the tests looks like it."""
    return "a" + hashlib.sha256(f"newcomer {number}".encode()).hexdigest()[:20]


def approached(number: int, stage: str = "approach", *, day: float = 0, days: float = 2) -> Approached:
    """What an alert says of one newcomer."""
    first = START + timedelta(days=day)
    return Approached(newcomer(number), stage, first, first + timedelta(days=days))


def hub_alert(people: Iterable[Approached], *, hub: int = 900, simulated: bool = False, **fields: Any) -> Alert:
    """An alert about a hub: its newcomers stand numbered in the details, and by pseudonym beside the claim."""
    people = tuple(people)
    first = min((one.first_at for one in people), default=START)
    last = max((one.last_at for one in people), default=START + timedelta(days=1))
    sentence = f"1 account approached {len(people)} newcomers who do not know each other, in the seed swap."
    given: dict[str, Any] = {
        "detector": "funnel",
        "version": "1",
        "parameters": {"bound": 9.2},
        "anchor": f"forum|{hub}",
        "start": first,
        "end": max(last, first + timedelta(days=1)),
        "subjects": (Subject("account", account(hub)),),
        "severity": Severity.HIGH,
        "score": 0.9,
        "sentence": f"{SIMULATED}{sentence}" if simulated else sentence,
        "doubt": ("A welcome committee greets strangers, too.",),
        "details": {
            "terms": [
                {"name": "strangers", "value": 4.25, "says": f"{len(people)} newcomers have no tie to one another."},
                {"name": "begins", "value": -1.5, "says": "1 of them wrote first."},
            ],
            "ladder": [
                {
                    "stage": stage,
                    "newcomers": sum(STAGES.index(one.stage) >= place for one in people),
                    "median_days": float(place),
                }
                for place, stage in enumerate(STAGES)
            ],
            "newcomers": [
                {
                    "number": number,
                    "stage": one.stage,
                    "first_at": one.first_at.isoformat(),
                    "last_at": one.last_at.isoformat(),
                }
                for number, one in enumerate(people, start=1)
            ],
        },
        "approached": people,
    }
    return alert(**(given | fields))
