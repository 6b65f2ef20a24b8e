"""How numbers, dates and pseudonyms are written, the same on every page."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

NBSP = "\u00a0"
_SHORT = 6


def number(value: float | None, digits: int = 1) -> str:
    """A number with separators of thousands; below one it keeps two digits that count.

    >>> number(1234567), number(3.44), number(0.239), number(None), number(2.0)
    ('1,234,567', '3.4', '0.24', '–', '2')
    """
    if value is None or not math.isfinite(value):
        return "–"
    if value == int(value):
        return f"{int(value):,}"
    if abs(value) >= 1:
        return f"{value:,.{digits}f}"
    return f"{value:.2g}"


def small(value: float | None) -> str:
    """A probability: what is tiny is not written as zero.

    >>> small(0.04), small(1e-12), small(None)
    ('0.04', 'below 0.0001', '–')
    """
    if value is None:
        return "–"
    return "below 0.0001" if value < 0.0001 else f"{value:.2g}"


def part(some: int, whole: int) -> str:
    """A percentage with its numerator.

    >>> part(9, 12).replace(NBSP, " ")
    '9 of 12 (75 %)'
    """
    if not whole:
        return f"{some:,} of {whole:,}"
    percent = 100 * some / whole
    if 99 < percent < 100 or 0 < percent < 1:
        told = f"{math.floor(percent * 10) / 10:.1f}" if percent > 1 else "below 1"
    else:
        told = f"{percent:.0f}"
    return f"{some:,} of {whole:,} ({told}{NBSP}%)"


def percent(share: float) -> str:
    """A probability as a percentage; what is nearly certain, or nearly excluded, is not written as such.

    >>> [percent(share).replace(NBSP, " ") for share in (0.97, 0.9987, 0.002, 0.0)]
    ['97 %', 'above 99 %', 'below 1 %', '0 %']
    """
    if 0.99 < share < 1:
        return f"above 99{NBSP}%"
    return f"below 1{NBSP}%" if 0 < share < 0.01 else f"{100 * share:.0f}{NBSP}%"


def counted(count: int, one: str, more: str | None = None) -> str:
    """A count with its noun.

    >>> counted(1, "case"), counted(1200, "case")
    ('1 case', '1,200 cases')
    """
    return f"{count:,} {one if count == 1 else more or one + 's'}"


def day(at: datetime) -> str:
    """3 May 2026."""
    at = at.astimezone(UTC)
    return f"{at.day} {at:%B} {at.year}"


def minute(at: datetime | None) -> str:
    """3 May 2026 14:05 UTC."""
    return "–" if at is None else f"{day(at)} {at.astimezone(UTC):%H:%M} UTC"


def second(at: datetime | None) -> str:
    """3 May 2026 14:05:09 UTC."""
    return "–" if at is None else f"{day(at)} {at.astimezone(UTC):%H:%M:%S} UTC"


def span(start: datetime, end: datetime) -> str:
    """From the first to the last day; the end is the moment after the last one.

    >>> span(datetime(2026, 5, 3, tzinfo=UTC), datetime(2026, 5, 13, tzinfo=UTC))
    '3 to 12 May 2026'
    """
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    if end - start < timedelta(days=1):
        if start.date() == end.date():
            return f"{day(start)} {start:%H:%M:%S} to {end:%H:%M:%S} UTC"
        return f"{minute(start)} to {minute(end)}"
    last = end - timedelta(microseconds=1)
    if (start.year, start.month) == (last.year, last.month):
        return f"{start.day} to {day(last)}" if start.day != last.day else day(start)
    if start.year == last.year:
        return f"{start.day} {start:%B} to {day(last)}"
    return f"{day(start)} to {day(last)}"


def interval(factor: float | None, low: float | None, high: float | None) -> str:
    """A factor with its interval.

    >>> interval(3.42, 2.9, 4.1), interval(3.42, None, None)
    ('3.4 (2.9–4.1)', '3.4')
    """
    if factor is None:
        return "–"
    if low is None or high is None:
        return number(factor)
    return f"{number(factor)} ({number(low)}–{number(high)})"


def short(pseudonym: str) -> str:
    """The first characters of a pseudonym, enough to tell a few apart; the whole is beside it for copying.

    >>> short("a7f3c0d1e2f3a4b5c6d7e"), short("rosa")
    ('a7f3c0…', 'rosa')
    """
    return pseudonym if len(pseudonym) <= _SHORT + 2 else pseudonym[:_SHORT] + "…"
