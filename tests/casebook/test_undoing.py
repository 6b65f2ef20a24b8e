from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from seawall.casebook import UNDO_SECONDS, Casebook, QueueFilter
from seawall.errors import RuleError
from seawall.model import Outcome, Severity
from tests.casebook.builders import accounts, alert
from tests.casebook.clocks import Clock


@pytest.fixture
def book(path: Path, clock: Clock) -> Casebook:
    return Casebook.open(path, clock=clock)


def test_a_decision_taken_back_stays_on_the_record_and_moves_the_case_no_more(
    book: Casebook, case_id: str, clock: Clock
) -> None:
    """The case is open again and held by the same person, who finds what they wrote; record and history say undone."""
    book.decide(case_id, reviewer="Rosa", outcome=Outcome.SUPPORT, reason="They asked.", note="Call the club.")
    clock.move(seconds=UNDO_SECONDS - 1)
    undone = book.queue.undo(case_id, reviewer=" rosa")
    file = book.case(case_id)
    assert (file.case.status, file.case.decisions) == ("open", (undone,))
    assert (undone.stage, undone.reason) == ("undone", "They asked.")
    assert [event.act for event in file.history] == ["opened", "decided", "undone"]
    draft = book.queue.draft(case_id, reviewer="Rosa")
    assert draft is not None
    assert (draft.outcome, draft.reason, draft.note) == (Outcome.SUPPORT, "They asked.", "Call the club.")
    (row,) = book.queue.page(QueueFilter(held_by="Rosa"), reviewer="Rosa").rows
    assert row.case_id == case_id
    assert book.cases()["outcome"].to_pylist() == [None]
    assert [entry.act for entry in book.audit.entries()][-2:] == ["decide", "undo"]
    assert book.audit.verify() == []
    assert book.problems() == []


def test_a_decision_is_taken_back_only_within_ten_seconds_and_by_the_same_person(
    book: Casebook, case_id: str, clock: Clock
) -> None:
    """Before there is one, by someone else, or after ten seconds it is refused, and the decision stands."""
    with pytest.raises(RuleError, match="no decision"):
        book.queue.undo(case_id, reviewer="Rosa")
    book.decide(case_id, reviewer="Rosa", outcome=Outcome.SUPPORT, reason="They asked.")
    with pytest.raises(RuleError, match="Only the person"):
        book.queue.undo(case_id, reviewer="Nils")
    clock.move(seconds=UNDO_SECONDS)
    with pytest.raises(RuleError, match="10 seconds"):
        book.queue.undo(case_id, reviewer="Rosa")
    assert book.case(case_id).case.status == "decided"


def test_a_confirmation_taken_back_leaves_the_proposal_waiting(book: Casebook, case_id: str) -> None:
    """The first person's proposal stands again: they still cannot confirm it, the second person still can."""
    book.decide(case_id, reviewer="Rosa", outcome=Outcome.REFER, reason="Many copies.")
    book.decide(case_id, reviewer="Nils", outcome=Outcome.REFER, reason="I agree.")
    with pytest.raises(RuleError, match="Only the person"):
        book.queue.undo(case_id, reviewer="Rosa")
    book.queue.undo(case_id, reviewer="Nils")
    assert book.case(case_id).case.status == "awaiting second"
    book.queue.give_back(case_id, reviewer="Nils")
    with pytest.raises(RuleError, match="second person"):
        book.decide(case_id, reviewer="ROSA", outcome=Outcome.REFER, reason="Many copies.")
    assert book.decide(case_id, reviewer="Ada", outcome=Outcome.REFER, reason="Yes.").stage == "confirmed"


def test_a_case_that_moved_on_is_not_moved_back(book: Casebook, case_id: str) -> None:
    """Where new evidence has reopened the case meanwhile, there is nothing to take back."""
    book.decide(case_id, reviewer="Rosa", outcome=Outcome.NO_ACTION, reason="A seed swap.")
    book.propose([alert(severity=Severity.URGENT)], lake_version="v2")
    assert book.case(case_id).case.status == "reopened"
    with pytest.raises(RuleError, match="moved on"):
        book.queue.undo(case_id, reviewer="Rosa")


def test_what_was_taken_back_is_not_what_a_case_was_decided_on(book: Casebook, case_id: str, clock: Clock) -> None:
    """A case reopens on a change since the decision that stands, not since one that was taken back."""
    book.decide(case_id, reviewer="Rosa", outcome=Outcome.NO_ACTION, reason="A seed swap.")
    book.queue.undo(case_id, reviewer="Rosa")
    book.propose([alert(accounts(range(4)), severity=Severity.HIGH)], lake_version="v2")
    book.decide(case_id, reviewer="Rosa", outcome=Outcome.WATCH, reason="Graver now.")
    assert book.propose([alert(severity=Severity.HIGH, score=0.9)], lake_version="v3").reopened == ()
    assert book.case(case_id).case.status == "decided"


def test_nothing_outward_rests_on_a_decision_that_can_be_taken_back(book: Casebook, case_id: str, clock: Clock) -> None:
    """Outward acts and briefs take a decision only when ten seconds are over, and from the first use it stays."""
    with pytest.raises(RuleError, match="not decided"):
        book.queue.rest_on(case_id, reviewer="Rosa", what="export")
    book.decide(case_id, reviewer="Rosa", outcome=Outcome.SUPPORT, reason="They asked.")
    with pytest.raises(RuleError, match="can still be taken back"):
        book.queue.rest_on(case_id, reviewer="Rosa", what="export")
    (shown,) = book.settled_files()
    assert (shown.case.status, shown.case.decisions) == ("open", ())
    clock.move(seconds=UNDO_SECONDS)
    assert book.queue.rest_on(case_id, reviewer="Nils", what="export").outcome is Outcome.SUPPORT
    (shown,) = book.settled_files()
    assert (shown.case.status, len(shown.case.decisions)) == ("decided", 1)
    clock.move(seconds=-UNDO_SECONDS)  # someone sets the clock back
    with pytest.raises(RuleError, match="these are over"):
        book.queue.undo(case_id, reviewer="Rosa")
    assert book.audit.entries()[-1].detail == {"case": case_id, "rests_on": 1, "what": "export"}


def test_a_proposal_alone_lets_nothing_leave(book: Casebook, case_id: str, clock: Clock) -> None:
    """A referral that one person has proposed is no decision, however long ago."""
    book.decide(case_id, reviewer="Rosa", outcome=Outcome.REFER, reason="Many copies.")
    clock.move(seconds=10_000)
    with pytest.raises(RuleError, match="not decided"):
        book.queue.rest_on(case_id, reviewer="Rosa", what="referral")


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("DELETE FROM undone_decisions", "1 was taken back, but the record of that is gone."),
        (
            "INSERT INTO undone_decisions VALUES (2, 0)",
            "2 counts as taken back, but the audit does not say so.",
        ),
    ],
)
def test_what_was_taken_back_cannot_be_changed_unseen(
    book: Casebook, case_id: str, path: Path, statement: str, found: str
) -> None:
    """A decision that another program brings back, or takes back, is found by the audit."""
    book.decide(case_id, reviewer="Rosa", outcome=Outcome.WATCH, reason="Too early.")
    book.queue.undo(case_id, reviewer="Rosa")
    book.decide(case_id, reviewer="Rosa", outcome=Outcome.SUPPORT, reason="They asked.")
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute(statement)
    assert book.audit.verify() == [f"Decision {found}"]
