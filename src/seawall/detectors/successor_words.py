"""What is said of a successor: why, and what speaks against it. Of channels and groups, never of persons."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from seawall.detectors.wording import counted, moment
from seawall.model import SIMULATED, is_simulated

TOLD, WEAK = 3, 0.5
"""So many reasons stand in a sentence, those of at least so many nats."""

NEAR = 0.1
"""Another candidate of this probability is named as a doubt."""

MISSING = {
    "handle": "handles", "announced": "addresses that channels give", "forwards": "forwards",
    "media": "hashes of media", "texts": "texts",
}  # fmt: skip

GENERAL = (
    "Whoever likes a channel can open one for the same people; Seawall cannot tell whether those who ran the old one "
    "run the new one."
)


def sentence(platform: str, one: Mapping[str, Any], reasons: Iterable[Mapping[str, Any]]) -> str:
    """One sentence with its numbers.

    Args:
        platform: where the old channel was.
        one: ``old``, ``new`` (what they are called), ``at``, ``opened_days``, ``probability``.
        reasons: ``term, nats, observed, expected``, the weightiest first.
    """
    told = [why(row) for row in reasons if row["nats"] >= WEAK][:TOLD]
    head = SIMULATED if is_simulated(platform) else ""
    days = one["opened_days"]
    when = "of unknown age" if days is None else f"opened {_days(days)}"
    because = f": {'; '.join(told)}" if told else ""
    return (
        f"{head}{one['new']}, {when}, is the likely successor of {one['old']}, which ended on {moment(one['at'])} "
        f"({percent(one['probability'])}){because}."
    )


def percent(share: float) -> str:
    """A probability, never as certainty.

    >>> percent(0.97), percent(0.9987)
    ('97%', 'above 99%')
    """
    return "above 99%" if share > 0.99 else f"{share:.0%}"


def _days(days: float) -> str:
    return f"{abs(days):.1f} days {'after the end' if days >= 0 else 'before the end'}"


def why(row: Mapping[str, Any]) -> str:
    """A term of a candidate in words, with what was counted.

    >>> why({"term": "announced", "nats": 3.0, "observed": 2.0, "expected": 0.01})
    'the old channel gave its address 2 times in its last 30 days'
    """
    observed, expected = row["observed"] or 0.0, row["expected"] or 0.0
    times, shared = counted(round(observed), "time"), f"{observed:.1f}, by chance {expected:.1f}"
    said = {
        "opened": f"it opened {_days(observed)}",
        "announced": f"the old channel gave its address {times} in its last 30 days",
        "points_back": f"it gave the old channel's address {times} in its first 60 days",
        "audience": f"channels that forwarded or named the old one do so with it ({shared})",
        "handle": f"the handles are {observed:.0%} alike, as are {expected:.1%} of pairs by chance",
        "links": f"both link to sites that few others link to ({shared})",
        "sources": f"both forward the same channels ({shared})",
        "forwards": f"one forwarded the other {times}",
        "media": f"it posted media of the old channel again ({shared})",
        "texts": f"it posted texts of the old channel again ({shared})",
    }
    return said[row["term"]]


def doubts(
    one: Mapping[str, Any], reasons: Collection[Mapping[str, Any]], known: Collection[str], *, gap: bool
) -> Iterator[str]:
    """What speaks against it, or would look the same.

    Args:
        one: ``none`` (how likely it is that there is no successor), ``second`` (name and probability, or None).
        reasons: of the candidate.
        known: terms that are known.
        gap: whether collection was incomplete around the end.
    """
    nats = {row["term"]: row["nats"] for row in reasons}
    if nats.get("rivals", 0.0) < -1:
        yield (
            "Much of this fits others, too: a friend of the old channel that opened at that time, a fan, or a stranger "
            "who took a handle like it and posts its old media and texts."
        )
    if "announced" in nats and nats["announced"] < 0:
        yield "The old channel did not give its address, as far as its messages are here."
    if one["second"] is not None and one["second"][1] >= NEAR:
        yield f"{one['second'][0]} may be it instead ({percent(one['second'][1])})."
    if one["none"] >= NEAR:
        yield f"That it has no successor here has a probability of {one['none']:.0%}."
    missing = [words for term, words in MISSING.items() if term not in known]
    if missing:
        yield f"Nothing is known of {', '.join(missing)}."
    if gap:
        yield "Collection is known to be incomplete around the end: another channel may have opened unseen."
    yield GENERAL


def called(channel: str, handle: str | None) -> str:
    """What a channel is called: its handle, where it is known; else its pseudonym."""
    return f"@{handle}" if handle else f"channel {channel[:8]}"


def days_between(opened: datetime | None, ended: datetime) -> float | None:
    """Days from the end to the opening."""
    return None if opened is None else (opened - ended).total_seconds() / 86_400
