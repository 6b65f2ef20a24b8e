"""Dates and times as people read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from gettext import NullTranslations

import pytest

from seawall.web import moments

AT = datetime(2026, 5, 3, 23, 59, 58, tzinfo=UTC)
ENGLISH = NullTranslations()


def test_other_zones_are_told_in_utc() -> None:
    """A time of another zone is shown in UTC and says so."""
    there = AT.astimezone(timezone(timedelta(hours=5)))
    assert moments.minute(there, ENGLISH) == "3 May 2026 23:59 UTC"
    assert moments.second(there, ENGLISH) == "3 May 2026 23:59:58 UTC"
    assert moments.iso(there) == "2026-05-03T23:59:58Z"


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(-5, "less than a minute"), (61, "1 minute"), (7300, "2 hours"), (86400, "1 day"), (86400 * 9, "9 days")],
)
def test_how_long_ago(seconds: int, told: str) -> None:
    """The largest unit that fits; a clock that is behind tells no nonsense."""
    assert moments.ago(AT - timedelta(seconds=seconds), AT, ENGLISH) == told


def test_spans_name_what_differs() -> None:
    """A span within a day names its hours; one of whole days ends on its last day."""
    start = datetime(2026, 5, 3, tzinfo=UTC)
    assert moments.span(start, start + timedelta(hours=2), ENGLISH) == "3 May 2026 00:00 UTC – 02:00 UTC"
    assert moments.span(start, start + timedelta(days=1), ENGLISH) == "3 May 2026"
    assert moments.span(start, start + timedelta(days=2), ENGLISH) == "3 May 2026 – 4 May 2026"
