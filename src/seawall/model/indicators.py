"""Indicators: what a person has listed, so that messages which carry it are found again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import pyarrow as pa

from seawall.model.words import UTC_MICROSECONDS


class IndicatorKind(StrEnum):
    """What an indicator is compared with."""

    URL = "url"  # a canonical address
    DOMAIN = "domain"  # a host; hosts below it count too
    TEXT = "text"  # a whole text, kept as its match key
    PHRASE = "phrase"  # words in this order, anywhere in a text
    WORD = "word"  # one word, anywhere in a text
    SHA256 = "sha256"
    MD5 = "md5"
    PDQ = "pdq"  # a picture's look
    VIDEO_MD5 = "video_md5"


class IndicatorStatus(StrEnum):
    """Where an indicator stands; only in shadow and live does it match."""

    PROPOSED = "proposed"  # waits for a second person
    SHADOW = "shadow"  # counted, not alerted
    LIVE = "live"
    DISABLED = "disabled"  # its list is switched off
    QUARANTINED = "quarantined"  # it hit too much
    RETRACTED = "retracted"  # taken back, for good


SECONDED = frozenset({IndicatorKind.PHRASE, IndicatorKind.WORD})
"""Kinds of which a second person must agree before they match anything."""

MATCHING = frozenset({IndicatorStatus.SHADOW, IndicatorStatus.LIVE})

CONTEXTS = ("plain", "reported", "quoted")
"""How an indicator stands in a message. Of several hits in one message the earlier of these counts."""

HITS = pa.schema(
    [
        ("indicator", pa.string()),
        ("message_id", pa.string()),
        ("sent_at", UTC_MICROSECONDS),
        ("context", pa.string()),  # of CONTEXTS
        ("disguised", pa.bool_()),  # spelled otherwise than it is listed
    ]
)
"""Messages that carry indicators, a row for each pair."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """Something that a person has listed, with who answers for it, why, and until when.

    >>> tulips = Indicator("I-1", IndicatorKind.DOMAIN, "tulips.example", "feud", "by hand", "Rosa", "The tulip feud.",
    ...     date(2026, 5, 1), 80, date(2026, 8, 1), IndicatorStatus.LIVE)
    >>> tulips.matches_on(date(2026, 7, 31)), tulips.matches_on(date(2026, 8, 1))
    (True, False)
    """

    id: str
    kind: IndicatorKind
    value: str  # canonical: an address as the lake keeps it, a match key in hexadecimal digits, a hash in small ones
    bank: str  # the list that it stands in
    source: str  # where it comes from
    owner: str  # the person who answers for it
    reason: str
    added_on: date
    confidence: int  # 0 to 100, as its list tells
    expires_on: date  # the first day (UTC) on which it matches no more
    status: IndicatorStatus
    seconded_by: str | None = None

    def matches_on(self, day: date) -> bool:
        """Whether messages are compared with it on a day (UTC)."""
        return self.status in MATCHING and day < self.expires_on
