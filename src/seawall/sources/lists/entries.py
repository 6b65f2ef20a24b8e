"""What lists are made of: entries that can be read, and lines that cannot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from seawall.errors import InputError
from seawall.model import IndicatorKind


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list as it stands there; null means that it does not tell."""

    number: int  # the line of a table, or the place of an object, from 1
    kind: IndicatorKind
    value: str
    reason: str | None = None
    source: str | None = None
    confidence: int | None = None
    expires_on: date | None = None
    withdrawn: bool = False  # its maker has taken it back


@dataclass(frozen=True, slots=True)
class Broken:
    """A line that cannot be used, and why; never its value."""

    number: int
    reason: str


Line = Entry | Broken

KINDS = {
    "link": IndicatorKind.URL,
    "uri": IndicatorKind.URL,
    "host": IndicatorKind.DOMAIN,
    "hostname": IndicatorKind.DOMAIN,
    "fqdn": IndicatorKind.DOMAIN,
    "domain-name": IndicatorKind.DOMAIN,
    "raw_text": IndicatorKind.TEXT,
    "sha-256": IndicatorKind.SHA256,
    "md-5": IndicatorKind.MD5,
    "term": IndicatorKind.PHRASE,
    "keyword": IndicatorKind.WORD,
} | {kind.value: kind for kind in IndicatorKind}
"""How lists call the kinds."""


def kind_of(name: str) -> IndicatorKind | None:
    """The kind that a list means; None where it is none of ours.

    >>> kind_of("Domain-Name"), kind_of("ipv4")
    (<IndicatorKind.DOMAIN: 'domain'>, None)
    """
    return KINDS.get(name.strip().lower())


def day_of(told: str) -> date | None:
    """The day (UTC) of a date or time in ISO 8601; None where it is none.

    >>> day_of("2026-05-03T23:30:00-02:00"), day_of("soon")
    (datetime.date(2026, 5, 4), None)
    """
    try:
        at = datetime.fromisoformat(told.strip())
    except ValueError:
        return None
    try:
        return at.astimezone(UTC).date() if at.tzinfo is not None else at.date()
    except OverflowError:
        return None


def percent_of(told: str) -> int | None:
    """A whole number from 0 to 100; None where it is none.

    >>> percent_of("80"), percent_of("0.8"), percent_of("300")
    (80, None, None)
    """
    plain = told.strip()
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) <= 3 and int(plain) <= 100 else None


def unreadable(what: str, where: str, mend: str) -> InputError:
    """The list as a whole cannot be read."""
    return InputError(what, where=where, mend=mend)
