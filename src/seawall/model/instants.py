"""Times as whole microseconds since 1970, and back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)
"""The least difference between two times."""


def microseconds(at: datetime) -> int:
    """UTC microseconds since 1970 of a time with a zone.

    >>> microseconds(datetime(1970, 1, 1, 1, tzinfo=UTC))
    3600000000
    """
    return (at - EPOCH) // INSTANT
