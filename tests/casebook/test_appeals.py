from __future__ import annotations

from pathlib import Path

import pytest

from seawall.casebook import UNDO_SECONDS, Casebook, Role
from seawall.errors import RuleError
from seawall.model import Outcome
from tests.casebook.builders import accounts, alert
from tests.casebook.clocks import Clock


@pytest.fixture
def book(path: Path, clock: Clock) -> Casebook:
    return Casebook.open(path, clock=clock)


@pytest.fixture
def referred(book: Casebook, clock: Clock) -> str:
    """A case that Rosa proposed to refer and Nils confirmed."""
    (case_id,) = book.propose([alert(evidence=("forum:1",))], lake_version="v1").opened
    for name in ("Rosa", "Nils"):
        book.decide(case_id, reviewer=name, outcome=Outcome.REFER, reason=f"{name} says so.")
    clock.move(seconds=UNDO_SECONDS)
    return case_id


def test_an_appeal_shows_what_was_known_when_the_case_was_decided(book: Casebook, referred: str) -> None:
    """Alerts in the revisions of that time, and the decisions with their reasons, whatever has come since."""
    before = book.case(referred).alerts
    made = book.appeals.record(referred.lower(), " It was a seed swap. ", reviewer="Vera")
    assert book.propose([alert(evidence=("forum:1", "forum:2", "forum:3"))], lake_version="v2").reopened == (referred,)
    book.decide(referred, reviewer="Rosa", outcome=Outcome.WATCH, reason="More of it.")
    appeal = book.appeals.find(made.appeal_id.lower(), reviewer="Ada")
    assert appeal == made
    assert appeal.known == before != book.case(referred).alerts
    assert [one.reason for one in appeal.decisions] == ["Rosa says so.", "Nils says so."]
    assert (appeal.text, appeal.by, appeal.state) == ("It was a seed swap.", "Vera", "waiting")
    assert book.appeals.all(reviewer="Ada") == (appeal,)


@pytest.mark.parametrize("name", ["Rosa", "rosa ", "Ｎｉｌｓ", "Ni\u200bls", "Vera", "VERA"])
def test_nobody_who_took_part_decides_an_appeal(book: Casebook, referred: str, name: str) -> None:
    """Neither of the two who decided, nor who recorded it, under any spelling."""
    appeal = book.appeals.record(referred, "It was a seed swap.", reviewer="Vera")
    with pytest.raises(RuleError, match="You took part"):
        book.appeals.decide(appeal.appeal_id, "changed", reviewer=name, reason="I was wrong.")
    assert book.appeals.find(appeal.appeal_id, reviewer="Ada") == appeal


def test_who_took_their_decision_back_or_reopened_or_judged_blind_took_part(
    book: Casebook, clock: Clock, referred: str
) -> None:
    """Everyone who has given an opinion on the case is left out."""
    assert book.quality.blind_next(reviewer="Ada") == referred
    book.reopen(referred, reviewer="Olga", reason="The club came back.")
    book.decide(referred, reviewer="Vera", outcome=Outcome.WATCH, reason="Too early.")
    book.queue.undo(referred, reviewer="Vera")
    clock.move(seconds=2_000)
    book.decide(referred, reviewer="Nils", outcome=Outcome.WATCH, reason="Too early.")
    clock.move(seconds=UNDO_SECONDS)
    appeal = book.appeals.record(referred, "It was a seed swap.", reviewer="Nils")
    for name in ("Ada", "Olga", "Vera", "Rosa"):
        with pytest.raises(RuleError, match="You took part"):
            book.appeals.decide(appeal.appeal_id, "stands", reviewer=name, reason="It stands.")
    assert book.appeals.decide(appeal.appeal_id, "stands", reviewer="Ines", reason="It stands.").decided_by == "Ines"


@pytest.mark.parametrize(("outcome", "status"), [("stands", "decided"), ("changed", "reopened")])
def test_an_appeal_that_changes_something_opens_the_case_again(
    book: Casebook, referred: str, outcome: str, status: str
) -> None:
    """It is then decided anew, by two people where it is grave; an appeal that does not leaves it as it is."""
    appeal = book.appeals.record(referred, "It was a seed swap.", reviewer="Vera")
    done = book.appeals.decide(appeal.appeal_id, outcome, reviewer="Ada", reason="Seen.")  # type: ignore[arg-type]
    assert (done.state, done.decided_by, done.reason) == (outcome, "Ada", "Seen.")
    assert book.case(referred).case.status == status
    assert [event.act for event in book.case(referred).history][-2:] == ["appealed", "appeal decided"]
    with pytest.raises(RuleError, match="decided already"):
        book.appeals.decide(appeal.appeal_id, "stands", reviewer="Ines", reason="Seen.")
    if outcome == "changed":
        assert book.decide(referred, reviewer="Rosa", outcome=Outcome.REFER, reason="Still.").stage == "proposed"
    assert [entry.act for entry in book.audit.entries()].count("decide appeal") == 1
    assert book.audit.verify() == []
    assert book.problems() == []


def test_there_is_no_appeal_against_what_does_not_stand(book: Casebook, clock: Clock) -> None:
    """Not before a decision, not while it can be taken back, not without words."""
    (case_id,) = book.propose([alert(accounts([7]))], lake_version="v1").opened
    with pytest.raises(RuleError, match="not decided"):
        book.appeals.record(case_id, "It was a seed swap.", reviewer="Vera")
    book.decide(case_id, reviewer="Rosa", outcome=Outcome.WATCH, reason="Too early.")
    with pytest.raises(RuleError, match="can still be taken back"):
        book.appeals.record(case_id, "It was a seed swap.", reviewer="Vera")
    clock.move(seconds=UNDO_SECONDS)
    with pytest.raises(RuleError, match="missing"):
        book.appeals.record(case_id, " ", reviewer="Vera")
    with pytest.raises(RuleError, match="no such appeal"):
        book.appeals.find("A-0000", reviewer="Vera")
    appeal = book.appeals.record(case_id, "It was a seed swap.", reviewer="Vera")
    with pytest.raises(RuleError, match="one of two ways"):
        book.appeals.decide(appeal.appeal_id, "perhaps", reviewer="Ada", reason="Seen.")  # type: ignore[arg-type]


def test_roles_say_who_records_and_who_decides_appeals(book: Casebook, referred: str) -> None:
    """Of enrolled people a reviewer may; an analyst may not, and a stranger even less."""
    book.enrol("Olga", Role.ADMINISTRATOR, by="Olga")
    for name, role in (("Vera", Role.REVIEWER), ("Ada", Role.LEAD), ("Ines", Role.ANALYST)):
        book.enrol(name, role, by="Olga")
    for name in ("Ines", "Olga", "Nobody"):
        with pytest.raises(RuleError):
            book.appeals.record(referred, "It was a seed swap.", reviewer=name)
    appeal = book.appeals.record(referred, "It was a seed swap.", reviewer="Vera")
    for name in ("Ines", "Olga", "Nobody"):
        with pytest.raises(RuleError):
            book.appeals.decide(appeal.appeal_id, "stands", reviewer=name, reason="Seen.")
        with pytest.raises(RuleError):
            book.appeals.all(reviewer=name)
    assert book.appeals.decide(appeal.appeal_id, "stands", reviewer="Ada", reason="Seen.").state == "stands"
