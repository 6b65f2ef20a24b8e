"""Dates and times as a person reads them, in UTC and in their language."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from gettext import NullTranslations

from seawall.web.marking import _

MONTHS = (
    _("January"),
    _("February"),
    _("March"),
    _("April"),
    _("May"),
    _("June"),
    _("July"),
    _("August"),
    _("September"),
    _("October"),
    _("November"),
    _("December"),
)


def day(at: datetime, words: NullTranslations) -> str:
    """The date.

    >>> day(datetime(2026, 5, 3, 14, 5, tzinfo=UTC), NullTranslations())
    '3 May 2026'
    """
    at = at.astimezone(UTC)
    return f"{at.day} {words.gettext(MONTHS[at.month - 1])} {at.year}"


def minute(at: datetime, words: NullTranslations) -> str:
    """Date and time.

    >>> minute(datetime(2026, 5, 3, 14, 5, tzinfo=UTC), NullTranslations())
    '3 May 2026 14:05 UTC'
    """
    return f"{day(at, words)} {at.astimezone(UTC):%H:%M} UTC"


def second(at: datetime, words: NullTranslations) -> str:
    """Date and time with seconds."""
    return f"{day(at, words)} {at.astimezone(UTC):%H:%M:%S} UTC"


def span(start: datetime, end: datetime, words: NullTranslations) -> str:
    """From the first to the last moment; the end is the moment after the last one.

    >>> at = datetime(2026, 5, 3, tzinfo=UTC)
    >>> span(at, at + timedelta(days=10), NullTranslations())
    '3 May 2026 – 12 May 2026'
    """
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    if end - start < timedelta(days=1):
        return f"{minute(start, words)} – {end:%H:%M} UTC"
    first, last = day(start, words), day(end - timedelta(microseconds=1), words)
    return first if first == last else f"{first} – {last}"


def ago(at: datetime, now: datetime, words: NullTranslations) -> str:
    """How long ago, in the largest unit that fits.

    >>> at = datetime(2026, 5, 3, tzinfo=UTC)
    >>> ago(at, at + timedelta(hours=3), NullTranslations()), ago(at, at + timedelta(seconds=5), NullTranslations())
    ('3 hours', 'less than a minute')
    """
    seconds = max(0.0, (now - at).total_seconds())
    if seconds < 60:
        return words.gettext("less than a minute")
    if seconds < 3600:
        count = int(seconds // 60)
        return words.ngettext("%(count)s minute", "%(count)s minutes", count) % {"count": count}
    if seconds < 86400:
        count = int(seconds // 3600)
        return words.ngettext("%(count)s hour", "%(count)s hours", count) % {"count": count}
    count = int(seconds // 86400)
    return words.ngettext("%(count)s day", "%(count)s days", count) % {"count": count}


def iso(at: datetime) -> str:
    """For machines.

    >>> iso(datetime(2026, 5, 3, 14, 5, tzinfo=UTC))
    '2026-05-03T14:05:00Z'
    """
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
