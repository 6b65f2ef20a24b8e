"""From what alerts of emerging places, migration and successors carry to what brief and console show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from seawall.brief import Candidate, Succession, Term, Uptake
from seawall.brief.flow_content import Flow, Stream
from seawall.detectors.successor_words import why
from seawall.model import Alert

EMERGING, MIGRATION, SUCCESSOR = "emerging", "migration", "successor"
"""The detectors' names."""
WEEK = timedelta(days=7)
MOST_CANDIDATES = 5
SLIGHT = 0.005
"""Terms that weigh less than so many nats are not shown."""


def uptake_of(alert: Alert) -> Uptake | None:
    """How channels took to a place; None for an alert of another kind."""
    details = alert.details
    if alert.detector != EMERGING or not details.get("picture", {}).get("days"):
        return None
    drawn = details["picture"]
    return Uptake(
        place=details["place"],
        kind=details["kind"],
        days=tuple(map(_day, drawn["days"])),
        channels=tuple(drawn["channels"]),
        new=tuple(drawn["new_channels"]),
        fifth_at=datetime.fromisoformat(details["fifth_channel_at"]),
        found_at=datetime.fromisoformat(details["found_at"]),
    )


def flow_of(alert: Alert) -> Flow | None:
    """Where the members of a community link to, week by week; None for an alert of another kind."""
    drawn = alert.details.get("flow")
    if alert.detector != MIGRATION or not drawn or not drawn["weeks"]:
        return None
    at = tuple(map(_day, drawn["weeks"]))
    missing = tuple(drawn["missing_days"])
    return Flow(
        community=alert.details["community"] or alert.details["platform"],
        period="week",
        at=at,
        end=at[-1] + WEEK,
        active=tuple(
            None if gap >= WEEK.days and not wrote else wrote
            for wrote, gap in zip(drawn["active"], missing, strict=True)
        ),
        missing=missing,
        streams=tuple(
            Stream(one["place"], one["kind"], tuple(one["linked"]), sum(one["linked"]), one["moved_to"])
            for one in drawn["places"]
        ),
    )


def succession_of(alert: Alert) -> Succession | None:
    """What may have come after a channel that ended; None for an alert of another kind."""
    details = alert.details
    if alert.detector != SUCCESSOR or not details.get("candidates"):
        return None
    shown = details["candidates"][:MOST_CANDIDATES]
    opened = details.get("opened_at")
    return Succession(
        ended=details["ended"],
        ended_at=datetime.fromisoformat(details["ended_at"]),
        how=details.get("end_reason"),
        opened_at=None if opened is None else datetime.fromisoformat(opened),
        candidates=tuple(Candidate(one["candidate"], one["probability"]) for one in shown),
        none=details["no_successor"],
        hidden=details["candidates_total"] - len(shown),
        terms=tuple(_terms(details)),
    )


def _terms(details: Mapping[str, Any]) -> Iterator[Term]:
    """What was seen, as far as it weighs, and what was to be thought before: together the log-odds against none."""
    terms = details.get("terms", ())
    for one in terms:
        if abs(one["nats"]) >= SLIGHT:
            yield Term(one["term"], one["nats"], _says(one))
    odds = next((one["nats"] for one in details["candidates"] if one["candidate"] == details["successor"]), None)
    before = 0.0 if odds is None else odds - sum(one["nats"] for one in terms)
    if terms and abs(before) >= SLIGHT:
        yield Term("before", before, "Before anything was seen of it: few channels come after another.")


def _says(term: Mapping[str, Any]) -> str:
    if term["term"] == "rivals":
        return "Much of the rest others could have brought about: friends, fans, strangers."
    said = why(term)
    return f"{said[0].upper()}{said[1:]}."


def _day(told: str) -> datetime:
    at = datetime.fromisoformat(told)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
