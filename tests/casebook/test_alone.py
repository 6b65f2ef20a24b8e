"""Whoever sets a casebook up may use it, until there are others."""

from __future__ import annotations

from pathlib import Path

import pytest

from seawall.casebook import Act, Casebook, Role
from seawall.casebook.rules import ALONE
from seawall.errors import RuleError
from tests.casebook.clocks import Clock


@pytest.fixture
def book(path: Path) -> Casebook:
    book = Casebook.open(path, clock=Clock())
    book.enrol("Ada", Role.ADMINISTRATOR, by="Ada")
    return book


def _refused(book: Casebook, name: str) -> set[Act]:
    refused = set()
    for act in Act:
        try:
            book.people.permit(name, act)
        except RuleError:
            refused.add(act)
    return refused


def test_who_is_alone_reads_and_decides(book: Casebook) -> None:
    """The only person may do what a lead and an administrator may, and nothing of safeguarding."""
    assert _refused(book, "Ada") == set(Act) - ALONE
    assert {Act.READ_SAFEGUARDING, Act.SAFEGUARD} <= _refused(book, "Ada")


def test_the_second_person_ends_it(book: Casebook) -> None:
    """From the second enrolment on roles hold, for the session that is open as well."""
    session = book.sessions.open("Ada", "link")
    assert (told := book.sessions.find(session)) is not None
    assert told.may(Act.DECIDE)
    book.enrol("Rosa", Role.REVIEWER, by="Ada")
    assert (told := book.sessions.find(session)) is not None
    assert not told.may(Act.DECIDE)
    with pytest.raises(RuleError, match="may not"):
        book.people.permit("Ada", Act.DECIDE)


def test_who_removes_all_others_gains_nothing(book: Casebook) -> None:
    """Alone again is not alone: an administrator cannot reach cases by removing whoever reads them."""
    book.enrol("Rosa", Role.REVIEWER, by="Ada")
    book.people.remove("Rosa", by="Ada")
    with pytest.raises(RuleError, match="may not"):
        book.people.permit("Ada", Act.READ_CASES)
