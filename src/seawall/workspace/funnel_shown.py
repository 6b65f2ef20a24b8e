"""From what an alert of a funnel-like hub carries to what brief and console show: numbers, and nobody's pseudonym."""

from __future__ import annotations

from datetime import datetime

from seawall.brief import FunnelShown, Newcomer, Rung, Term
from seawall.model import Alert

FUNNEL = "funnel"
"""The detector's name."""


def funnel_of(alert: Alert) -> FunnelShown | None:
    """Ladder, newcomers and terms of a hub; None for an alert of another kind."""
    details = alert.details
    if alert.detector != FUNNEL or not (details.get("ladder") or details.get("newcomers") or details.get("terms")):
        return None
    return FunnelShown(
        rungs=tuple(Rung(one["stage"], one["newcomers"], one.get("median_days")) for one in details.get("ladder", ())),
        newcomers=tuple(
            Newcomer(
                number=one["number"],
                stage=one["stage"],
                first_at=datetime.fromisoformat(one["first_at"]),
                last_at=datetime.fromisoformat(one["last_at"]),
            )
            for one in details.get("newcomers", ())
        ),
        terms=tuple(Term(one["name"], one["value"], one["says"]) for one in details.get("terms", ())),
    )
