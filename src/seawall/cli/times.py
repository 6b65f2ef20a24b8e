"""Times as they are typed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

TIME = "TIME"
"""What help calls them."""


def utc(text: str) -> datetime:
    """A day or a point in time, in UTC unless it tells its zone.

    >>> utc("2026-05-03").isoformat(), utc("2026-05-03T14:05+02:00").isoformat()
    ('2026-05-03T00:00:00+00:00', '2026-05-03T12:05:00+00:00')

    Raises:
        BadParameter: it is neither.
    """
    try:
        told = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("write a day as 2026-05-03, or a time as 2026-05-03T14:05") from None
    return told.astimezone(UTC) if told.tzinfo is not None else told.replace(tzinfo=UTC)


Start = Annotated[
    datetime | None, typer.Option(parser=utc, metavar=TIME, help="Look at messages from this time on (UTC).")
]
End = Annotated[
    datetime | None, typer.Option(parser=utc, metavar=TIME, help="Look at messages before this time (UTC).")
]
