"""A clock that a test sets, and a casebook with people that goes by it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from seawall.casebook import Casebook, Role


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 5, 20, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


PEOPLE = {
    "Ada": Role.ADMINISTRATOR,
    "Rosa": Role.REVIEWER,
    "Ben": Role.LEAD,
    "Fern": Role.ANALYST,
    "Otto": Role.AUDITOR,
    "Sol": Role.SAFEGUARDING,
    "Sky": Role.SAFEGUARDING,
}


def with_people(path: Path, clock: Clock) -> Casebook:
    """A casebook in which there is somebody of each role, and two of safeguarding."""
    book = Casebook.open(path, clock=clock)
    for name, role in PEOPLE.items():
        book.enrol(name, role, by="Sol" if name == "Sky" else "Ada")
    return book
