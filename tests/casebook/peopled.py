"""A casebook with people that goes by the clock of a test."""

from __future__ import annotations

from pathlib import Path

from seawall.casebook import Casebook, Role
from tests.casebook.clocks import Clock

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
