"""Numbers and times in the sentences of alerts."""

from __future__ import annotations

from datetime import UTC, datetime

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
"""Not from the locale: a sentence reads the same on every machine."""


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """A number with its noun.

    >>> counted(1, "text"), counted(1200, "text")
    ('1 text', '1,200 texts')
    """
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def moment(time: datetime) -> str:
    """A point in time.

    >>> moment(datetime(2026, 5, 3, 14, 5, tzinfo=UTC))
    '3 May 2026 14:05 UTC'
    """
    utc = time.astimezone(UTC)
    return f"{_day(utc)} {utc.year} {utc:%H:%M} UTC"


def period(start: datetime, end: datetime) -> str:
    """A span of days, with a preposition; what both ends share is said once.

    >>> period(datetime(2026, 5, 3, tzinfo=UTC), datetime(2026, 5, 12, 23, tzinfo=UTC))
    'from 3 to 12 May 2026 UTC'
    >>> period(datetime(2026, 5, 3, 8, tzinfo=UTC), datetime(2026, 5, 3, 9, tzinfo=UTC))
    'on 3 May 2026 UTC'
    """
    first, last = start.astimezone(UTC), end.astimezone(UTC)
    if first.date() == last.date():
        return f"on {_day(last)} {last.year} UTC"
    if (first.year, first.month) == (last.year, last.month):
        opening = f"{first.day}"
    elif first.year == last.year:
        opening = _day(first)
    else:
        opening = f"{_day(first)} {first.year}"
    return f"from {opening} to {_day(last)} {last.year} UTC"


def seconds(span: float) -> str:
    """A window in the unit that reads best.

    >>> seconds(60.0), seconds(0.5), seconds(7200)
    ('60 s', '0.5 s', '2 h')
    """
    if span >= 7200 and span % 3600 == 0:
        return f"{span / 3600:g} h"
    return f"{span / 60:g} min" if span >= 120 and span % 60 == 0 else f"{span:g} s"


def at_most(q: float) -> str:
    """A rate of false discoveries.

    >>> at_most(0.0312), at_most(2e-7)
    ('at most 0.031', 'below 0.0001')
    """
    return "below 0.0001" if q < 0.0001 else f"at most {q:.2g}"


def _day(time: datetime) -> str:
    return f"{time.day} {MONTHS[time.month - 1]}"
