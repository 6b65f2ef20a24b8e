from __future__ import annotations

from pathlib import Path

import pytest

from seawall.casebook import UNDO_SECONDS, Casebook, Role
from seawall.errors import RuleError
from seawall.model import Outcome
from tests.casebook.builders import accounts, alert
from tests.casebook.clocks import Clock

DAY = 24 * 3600


@pytest.fixture
def book(path: Path, clock: Clock) -> Casebook:
    return Casebook.open(path, clock=clock)


def decided(book: Casebook, clock: Clock, count: int = 1, by: str = "Rosa") -> list[str]:
    opened = list(book.propose([alert(accounts([100 * n])) for n in range(count)], lake_version="v1").opened)
    for case_id in opened:
        book.decide(case_id, reviewer=by, outcome=Outcome.WATCH, reason="A newsletter, I think.")
    clock.move(seconds=UNDO_SECONDS)
    return opened


def test_the_second_look_knows_nothing_of_the_first(book: Casebook, clock: Clock) -> None:
    """Whoever was given a case sees no decision of it, anywhere, until they have judged; everyone else does."""
    (case_id,) = decided(book, clock)
    assert book.quality.blind_next(reviewer="Nils") == case_id
    file = book.case(case_id, viewer="nils")
    assert (file.case.status, file.case.decisions) == ("open", ())
    assert [event.act for event in file.history] == ["opened"]
    (row,) = book.cases(viewer="NILS").to_pylist()
    assert (row["status"], row["outcome"], row["reviewer"], row["decided_at"]) == ("open", None, None, None)
    assert book.case(case_id, viewer="Ada").case.status == "decided"
    book.quality.review_blind(case_id, reviewer="Nils", outcome=Outcome.SUPPORT, reason="They asked for help.")
    assert book.case(case_id, viewer="Nils").case.decisions[0].outcome is Outcome.WATCH
    assert book.case(case_id).case.status == "decided"
    found = book.quality.measured(reviewer="Ada")
    assert [(one.case_id, one.first, one.second) for one in found.pairs] == [(case_id, Outcome.WATCH, Outcome.SUPPORT)]
    assert (found.agreement.agreed.count, found.agreement.agreed.of) == (0, 1)
    assert [entry.act for entry in book.audit.entries()][-2:] == ["take blind", "review blind"]
    assert book.audit.verify() == []
    assert book.problems() == []


def test_nobody_judges_blind_what_they_took_part_in_or_twice(book: Casebook, clock: Clock) -> None:
    """Each decided case is judged once, by someone else; what is open or can still be taken back is not handed out."""
    mine, theirs = decided(book, clock, by="Rosa"), "Nils"
    assert book.quality.blind_next(reviewer="ROSA") is None
    fresh = book.propose([alert(accounts([7])), alert(accounts([8]))], lake_version="v2").opened
    book.decide(fresh[0], reviewer="Rosa", outcome=Outcome.WATCH, reason="Too early.")
    assert book.quality.blind_next(reviewer=theirs) == mine[0]
    assert book.quality.blind_next(reviewer="nils ") == mine[0]
    assert book.quality.blind_next(reviewer="Ada") is None
    book.quality.review_blind(mine[0], reviewer=theirs, outcome=Outcome.WATCH, reason="A newsletter.")
    assert book.quality.blind_next(reviewer=theirs) is None
    with pytest.raises(RuleError, match="not given to you"):
        book.quality.review_blind(mine[0], reviewer=theirs, outcome=Outcome.WATCH, reason="A newsletter.")
    with pytest.raises(RuleError, match="not given to you"):
        book.quality.review_blind(fresh[1], reviewer=theirs, outcome=Outcome.WATCH, reason="A newsletter.")


def test_what_is_not_judged_within_a_day_goes_to_someone_else(book: Casebook, clock: Clock) -> None:
    """The first one can no longer judge it, and is not given it again."""
    (case_id,) = decided(book, clock)
    assert book.quality.blind_next(reviewer="Nils") == case_id
    clock.move(seconds=DAY)
    with pytest.raises(RuleError, match="not given to you"):
        book.quality.review_blind(case_id, reviewer="Nils", outcome=Outcome.WATCH, reason="A newsletter.")
    assert book.quality.blind_next(reviewer="Nils") is None
    assert book.quality.blind_next(reviewer="Ada") == case_id


def test_golden_cases_are_met_among_the_others_and_counted_for_each_person(book: Casebook, clock: Clock) -> None:
    """Many people judge the same golden case; whoever settled it does not, and it counts towards no agreement."""
    (case_id,) = decided(book, clock)
    book.quality.set_golden(case_id, reviewer="Vera", outcome=Outcome.SUPPORT, reason="They told us afterwards.")
    assert book.quality.blind_next(reviewer="VERA") is None
    for name, outcome in (("Nils", Outcome.SUPPORT), ("Ada", Outcome.WATCH), ("Ines", Outcome.SUPPORT)):
        assert book.quality.blind_next(reviewer=name) == case_id
        book.quality.review_blind(case_id, reviewer=name, outcome=outcome, reason="As it seems to me.")
    found = book.quality.measured(reviewer="Vera")
    assert (found.pairs, found.agreement.kappa, found.golden_cases) == ((), None, 1)
    assert [(one.reviewer, one.right.count, one.right.of) for one in found.golden] == [
        ("Ada", 0, 1),
        ("Ines", 1, 1),
        ("Nils", 1, 1),
    ]
    book.quality.set_golden(case_id.lower(), reviewer="Vera", outcome=Outcome.WATCH, reason="It was the newsletter.")
    assert [one.right.count for one in book.quality.measured(reviewer="Vera").golden] == [1, 0, 0]
    assert book.problems() == []


def test_only_a_decided_case_is_golden_and_only_a_lead_says_so(book: Casebook, clock: Clock) -> None:
    """Open cases are refused; of enrolled people a lead may settle, a reviewer may judge, an analyst may look."""
    (case_id,) = decided(book, clock)
    (fresh,) = book.propose([alert(accounts([7]))], lake_version="v2").opened
    with pytest.raises(RuleError, match="not decided"):
        book.quality.set_golden(fresh, reviewer="Vera", outcome=Outcome.WATCH, reason="Known.")
    book.enrol("Olga", Role.ADMINISTRATOR, by="Olga")
    for name, role in (("Vera", Role.LEAD), ("Nils", Role.REVIEWER), ("Ines", Role.ANALYST)):
        book.enrol(name, role, by="Olga")
    for name in ("Nils", "Ines", "Olga", "Nobody"):
        with pytest.raises(RuleError):
            book.quality.set_golden(case_id, reviewer=name, outcome=Outcome.WATCH, reason="Known.")
    book.quality.set_golden(case_id, reviewer="Vera", outcome=Outcome.WATCH, reason="Known.")
    for name in ("Ines", "Olga"):
        with pytest.raises(RuleError):
            book.quality.blind_next(reviewer=name)
    with pytest.raises(RuleError):
        book.quality.measured(reviewer="Nils")
    assert book.quality.measured(reviewer="Ines").golden_cases == 1


def test_a_person_with_queues_is_given_and_shown_the_cases_of_these_alone(book: Casebook, clock: Clock) -> None:
    """Whoever is limited to surges judges no other case blind, and reads no appeal of one."""
    (case_id,) = decided(book, clock)
    appeal = book.appeals.record(case_id, "It was a seed swap.", reviewer="Vera")
    book.enrol("Olga", Role.ADMINISTRATOR, by="Olga")
    for name in ("Nils", "Ada"):
        book.enrol(name, Role.REVIEWER, by="Olga")
    book.people.set_queues("Nils", {"surge"}, by="Olga")
    assert book.quality.blind_next(reviewer="Nils") is None
    assert book.appeals.all(reviewer="Nils") == ()
    with pytest.raises(RuleError, match="none of your queues"):
        book.appeals.find(appeal.appeal_id, reviewer="Nils")
    assert book.appeals.all(reviewer="Ada") == (appeal,)
    assert book.quality.blind_next(reviewer="Ada") == case_id
