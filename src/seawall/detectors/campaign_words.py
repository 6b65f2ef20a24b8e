"""The sentences of a campaign candidate: what rose together, who was first, and what speaks against it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from seawall.detectors.campaign_candidates import Candidate, Rise
from seawall.detectors.campaign_lead import Lead
from seawall.detectors.campaign_people import People
from seawall.detectors.wording import counted, moment, period

NAMED = 3
MOSTLY = 0.5
"""From this part on one thing, or one source, explains the rise."""
HIGH_PART = 0.8
"""If this part of a platform's channels rose, the whole platform did."""
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
THINGS = {"text": "text", "repost": "message that was passed on", "link": "link"}


def sentence(candidate: Candidate, lead: Lead, people: People, earlier: Sequence[dict[str, Any]], whole: bool) -> str:
    """One sentence with its numbers.

    Args:
        candidate: what rose.
        lead: who was first.
        people: who wrote.
        earlier: candidates like it.
        whole: whether bins are days or longer, so that a span of days says it all.
    """
    factor, low, high = candidate.factor
    channels, platforms = counted(len(candidate.rises), "channel"), _platforms(candidate.platforms)
    seen, expected = f"{candidate.observed:,} seen", f"{candidate.expected:,.0f} expected"
    rose = f"({_times(factor)}-fold, {_times(low)}-{_times(high)})"
    span = _span(candidate.start, candidate.end, whole)
    told = [f"Messages rose together in {channels} of {platforms} {span}: {seen}, {expected} {rose}"]
    if 0 < 2 * len(lead.first) <= len(candidate.rises):
        told.append(_led(candidate.rises, lead))
    told.append(f"{people.together:.0%} of it by accounts that shared the same things at the same time")
    if earlier:
        since = datetime.fromisoformat(earlier[0]["start"])
        told.append(f"it is the {_ordinal(len(earlier) + 1)} like it since {moment(since).rsplit(' ', 2)[0]}")
    return "; ".join(told) + "."


def doubts(
    candidate: Candidate, other: Mapping[str, str], people: People, *, told: bool, sampled: float, lead: Lead
) -> Iterator[str]:
    """What speaks against it being anyone's campaign, other explanations first: at least one sentence."""
    yield from other.values()
    history = min(rise.history for rise in candidate.rises)
    unknown = sum(rise.unknown for rise in candidate.rises)
    if history < 1.0:
        yield "Fewer than eight weeks before it could be compared, so the expectation is uncertain."
    if unknown:
        yield f"{counted(unknown, 'bin')} of it and of the weeks before, all channels together, were not collected."
    if people.new is None:
        yield "Nothing was collected in the eight weeks before it, so what marks it cannot be told."
    if any(rise.running for rise in candidate.rises):
        yield "It is not over: more may still come, and who led may still change."
    if all(lag is None for lag in lead.lags):
        yield "Who led cannot be told: too little of the time after the rise is known, or all lags are as likely."
    if sampled < 1.0:
        yield f"What it shared and who wrote it is told from {sampled:.0%} of its messages, taken at random."
    if not told:
        yield "Nobody stated what was collected; times without a message were taken as silent."
    yield (
        "That accounts acted together was counted, not compared with chance; holidays and what was in the news are "
        "not known to Seawall."
    )


def against(
    candidate: Candidate, people: People, one_thing: tuple[str, str, float], newcomers: Sequence[tuple[str, datetime]]
) -> dict[str, str]:
    """The other explanations that the numbers support, by name, each with its sentence."""
    found = {}
    kind, _, share = one_thing
    if share >= MOSTLY:
        found["one thing"] = (
            f"One {THINGS[kind]} explains {share:.0%} of the rise: one thing that many passed on looks the same."
        )
    if people.unrelated:
        found["news"] = (
            f"{counted(people.accounts, 'account')} wrote it, half of it {people.half:,} of them, and "
            f"{people.together:.0%} came from accounts that acted together: one event in the news, with many unrelated "
            "people, looks the same."
        )
    if people.new_source >= MOSTLY:
        found["new source"] = (
            f"{people.new_source:.0%} of it came from a source that told nothing of these channels before: "
            "one newly added source looks the same."
        )
    elif newcomers:
        began = _listed([f"one of {platform} on {moment(at)}" for platform, at in newcomers])
        found["new source"] = f"Another source began, {began}: what it added looks like a rise."
    if len(candidate.rises) >= HIGH_PART * candidate.looked_at:
        found["whole platform"] = (
            f"{len(candidate.rises)} of the {candidate.looked_at} channels that were looked at rose: whatever moves "
            "a whole platform (an event, a holiday, a change of the software) looks the same."
        )
    if 0 < people.half <= NAMED:
        found["few accounts"] = (
            f"Half of it was written by {counted(people.half, 'account')}: a few busy ones, or feeds, look the same."
        )
    return found


def _led(rises: Sequence[Rise], lead: Lead) -> str:
    named = lead.first[:NAMED]
    parts = []
    for place in named:
        told = lead.told(place)
        hours, low, high = (abs(float(told[name] or 0)) for name in ("lag_hours", "lag_high", "lag_low"))
        parts.append(f"{_name(rises[place])} by {hours:g} h ({low:g}-{high:g})")
    more = len(lead.first) - len(named)
    return f"{_listed(parts)}{f' and {more} more' if more else ''} led the others"


def _name(rise: Rise) -> str:
    return f"channel {rise.channel}" if rise.channel else rise.platform


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _platforms(names: Sequence[str]) -> str:
    return _listed(names) if len(names) <= NAMED else f"{len(names)} platforms"


def _span(start: datetime, end: datetime, whole: bool) -> str:
    if whole:
        return period(start, end - timedelta(microseconds=1))
    return f"from {moment(start)} to {moment(end)}"


def _times(factor: float) -> str:
    return f"{factor:.1f}" if factor < 10 else f"{factor:,.0f}"


def _ordinal(number: int) -> str:
    if number <= len(ORDINALS):
        return ORDINALS[number - 1]
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
