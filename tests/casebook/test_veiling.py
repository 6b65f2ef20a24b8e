from __future__ import annotations

from pathlib import Path

import pytest

from seawall.casebook import UNDO_SECONDS, Casebook
from seawall.model import Outcome
from tests.casebook.clocks import Clock


@pytest.fixture
def book(path: Path, clock: Clock) -> Casebook:
    return Casebook.open(path, clock=clock)


def reasons(book: Casebook, case_id: str, viewer: str) -> list[tuple[str, bool]]:
    return [(one.reason, one.hidden) for one in book.case(case_id, viewer=viewer).case.decisions]


def test_the_first_reason_is_shown_to_others_only_when_the_second_cannot_be_taken_back(
    book: Casebook, case_id: str, clock: Clock
) -> None:
    """Until then each of the two sees their own reason and note, and everyone else sees neither."""
    book.decide(case_id, reviewer="Rosa", outcome=Outcome.REFER, reason="Many copies.", note="Ask Vera.")
    assert reasons(book, case_id, "rosa ") == [("Many copies.", False)]
    assert reasons(book, case_id, "Nils") == [("", True)]
    assert book.case(case_id, viewer="Nils").case.decisions[0].note == ""
    clock.move(seconds=100)
    book.decide(case_id, reviewer="Nils", outcome=Outcome.REFER, reason="I agree.")
    clock.move(seconds=UNDO_SECONDS - 1)
    assert reasons(book, case_id, "Nils") == [("", True), ("I agree.", False)]
    assert reasons(book, case_id, "Ada") == [("", True), ("", True)]
    clock.move(seconds=1)
    for viewer in ("Rosa", "Nils", "Ada", ""):
        assert reasons(book, case_id, viewer) == [("Many copies.", False), ("I agree.", False)]


def test_what_one_person_can_decide_is_hidden_from_nobody(book: Casebook, case_id: str) -> None:
    """A decision that needs no second person shows its reason at once."""
    book.decide(case_id, reviewer="Rosa", outcome=Outcome.WATCH, reason="Too early.")
    assert reasons(book, case_id, "Nils") == [("Too early.", False)]


def test_a_proposal_that_was_taken_back_stays_hidden_while_the_case_is_open(book: Casebook, case_id: str) -> None:
    """Whoever proposes the same again has given nothing away by having proposed it before."""
    book.decide(case_id, reviewer="Rosa", outcome=Outcome.REFER, reason="Many copies.")
    book.queue.undo(case_id, reviewer="Rosa")
    assert reasons(book, case_id, "Nils") == [("", True)]


def test_neither_history_nor_brief_nor_export_tells_the_reason(book: Casebook, case_id: str) -> None:
    """What is written about a waiting case says that it was proposed, and not why."""
    book.decide(case_id, reviewer="Rosa", outcome=Outcome.REFER, reason="Many copies.")
    told = [book.case(case_id, viewer="Nils"), book.case_files(), book.settled_files(), book.audit.entries()]
    assert "Many copies" not in repr(told)
    assert "proposed" in repr(told)
