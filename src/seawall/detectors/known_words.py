"""Alerts about messages that carry known content, and about an indicator that hits too much."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from seawall.detectors.wording import counted, moment, period
from seawall.model import Alert, Indicator, IndicatorKind, Severity, Subject

NAME = "known"
VERSION = "1"

MOST_MESSAGES = 500
"""So many messages of one alert are named; its sentence counts them all."""

THINGS = {
    IndicatorKind.URL: "link",
    IndicatorKind.DOMAIN: "domain",
    IndicatorKind.TEXT: "text",
    IndicatorKind.PHRASE: "phrase",
    IndicatorKind.WORD: "word",
    IndicatorKind.SHA256: "file",
    IndicatorKind.MD5: "file",
    IndicatorKind.PDQ: "picture",
    IndicatorKind.VIDEO_MD5: "video",
}
_SEEN = frozenset({IndicatorKind.SHA256, IndicatorKind.MD5, IndicatorKind.PDQ, IndicatorKind.VIDEO_MD5})
_UNSURE = 50


def alerts_about(indicator: Indicator, hits: pa.Table, parameters: Mapping[str, Any]) -> Iterator[Alert]:
    """One alert for each calendar month (UTC, of sending) in which messages carry an indicator.

    Months neither merge nor move with what comes later or late, so that the alerts are the same in whatever order
    messages are compared.

    Args:
        indicator: what was found.
        hits: ``seawall.model.HITS`` of this indicator.
        parameters: of the detector: ``distance``, ``quality``.
    """
    hits = hits.sort_by([("sent_at", "ascending"), ("message_id", "ascending")])
    months = pc.strftime(hits["sent_at"], "%Y-%m")
    for month in pc.unique(months).to_pylist():
        yield _alert(indicator, month, hits.filter(pc.equal(months, month)), parameters)


def _alert(indicator: Indicator, month: str, hits: pa.Table, parameters: Mapping[str, Any]) -> Alert:
    messages, contexts = hits["message_id"].to_pylist(), hits["context"].to_pylist()
    times, disguised = hits["sent_at"].to_pylist(), sum(hits["disguised"].to_pylist())
    kinds = Counter(contexts)
    plain = kinds["plain"]
    ranked = sorted(range(len(messages)), key=lambda place: contexts[place] != "plain")
    named = [messages[place] for place in ranked[:MOST_MESSAGES]]
    low = indicator.kind is IndicatorKind.WORD or not plain
    return Alert(
        detector=NAME,
        version=VERSION,
        parameters=dict(parameters),
        anchor=month,
        start=times[0],
        end=times[-1],
        subjects=(Subject("indicator", indicator.id), *(Subject("message", one) for one in named)),
        severity=Severity.LOW if low else Severity.MEDIUM,
        score=indicator.confidence / 100 * (1.0 if plain else 0.5),
        sentence=_sentence(indicator, len(messages), len(messages) - plain, times[0], times[-1]),
        evidence=tuple(named),
        doubt=tuple(_doubts(indicator, len(messages), len(messages) - plain, disguised, parameters)),
        observed=float(len(messages)),
        details={
            "kind": indicator.kind.value,
            "list": indicator.bank,
            "source": indicator.source,
            "confidence": indicator.confidence,
            "contexts": dict(sorted(kinds.items())),
            "disguised": disguised,
            "days": dict(sorted(Counter(at.date().isoformat() for at in times).items())),
        },
    )


def _sentence(indicator: Indicator, count: int, quoted: int, first: datetime, last: datetime) -> str:
    thing = f"Indicator {indicator.id} (a {THINGS[indicator.kind]} of the list {indicator.bank})"
    where = f"in {counted(count, 'message')} {period(first, last)}"
    if not quoted:
        return f"{thing} stands {where}."
    if quoted == count:
        return f"{thing} stands {where}, inside a quotation or a report {'each time' if count > 1 else 'there'}."
    return f"{thing} stands {where}, in {quoted:,} of them only inside a quotation or a report."


def _doubts(
    indicator: Indicator, count: int, quoted: int, disguised: int, parameters: Mapping[str, Any]
) -> Iterator[str]:
    """What speaks against it, at least one sentence."""
    if quoted:
        yield f"{quoted:,} of {count:,} ({quoted / count:.0%}) look like a quotation or a report about it."
    yield "It says what a message carries, not what its author means: reports, research and replies carry the same."
    if indicator.kind is IndicatorKind.WORD:
        yield "A single word says little; most people who use it mean something else."
    if disguised:
        yield f"In {counted(disguised, 'message')} it is spelled differently than on the list."
    if indicator.kind is IndicatorKind.PDQ:
        yield f"Pictures were compared by their look (up to {parameters['distance']} of 256 bits may differ)."
    if indicator.kind in _SEEN:
        yield "Whether a file is shown in a report or a quotation cannot be told."
    if indicator.confidence < _UNSURE:
        yield f"Its list gives it a confidence of {indicator.confidence} of 100."


def quarantine_alert(
    indicator: Indicator, day: date, hits: int, messages: int, examples: tuple[str, ...], parameters: Mapping[str, Any]
) -> Alert:
    """Tells people that an indicator was quarantined because it hit too much.

    Args:
        indicator: which.
        day: of sending (UTC).
        hits: its hits on that day.
        messages: how many messages it was judged by.
        examples: some of the messages.
        parameters: of the detector.
    """
    begin = datetime.combine(day, time(), UTC)
    thing = f"Indicator {indicator.id} (a {THINGS[indicator.kind]} of the list {indicator.bank})"
    return Alert(
        detector=NAME,
        version=VERSION,
        parameters=dict(parameters),
        anchor=f"quarantine {day.isoformat()}",
        start=begin,
        end=begin + timedelta(days=1),
        subjects=(Subject("indicator", indicator.id),),
        severity=Severity.MEDIUM,
        score=1.0,
        sentence=(
            f"{thing} stands in {hits:,} of {messages:,} messages on {moment(begin).rsplit(' ', 2)[0]}: that is too "
            "many, so it was quarantined and matches nothing until a person has looked at it."
        ),
        evidence=examples,
        doubt=("Something that spreads fast hits as often as something that is too broad.",),
        observed=float(hits),
        details={"kind": indicator.kind.value, "list": indicator.bank, "day": day.isoformat(), "messages": messages},
    )
