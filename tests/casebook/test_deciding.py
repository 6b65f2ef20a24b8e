from __future__ import annotations

import multiprocessing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.casebook import Casebook
from seawall.casebook.rules import person_key
from seawall.errors import RuleError
from seawall.model import Outcome
from tests.casebook.builders import accounts, alert
from tests.casebook.fresh import fresh_book


def opened(book: Casebook) -> str:
    return book.propose([alert()], lake_version="v1").opened[0]


def test_a_decision_moves_the_case(book: Casebook) -> None:
    """One person decides what does not lead outside; who, when and why are kept."""
    case_id = opened(book)
    decision = book.decide(case_id, reviewer="Rosa", outcome=Outcome.SUPPORT, reason="They asked for help.")
    case = book.case(case_id).case
    assert (case.status, case.decisions) == ("decided", (decision,))
    assert decision.stage == "decided"
    assert book.cases()["outcome"].to_pylist() == ["support"]


@pytest.mark.parametrize(
    ("reviewer", "reason"), [("", "Seen."), ("Rosa", "  "), (" \u200b", "Seen."), ("Rosa", "\u200b")]
)
def test_a_decision_needs_a_name_and_a_reason(book: Casebook, reviewer: str, reason: str) -> None:
    """Nothing, spaces or invisible characters are neither a name nor a reason."""
    case_id = opened(book)
    with pytest.raises(RuleError, match="missing"):
        book.decide(case_id, reviewer=reviewer, outcome=Outcome.WATCH, reason=reason)
    assert book.case(case_id).case.status == "open"


def test_referring_needs_a_second_person(book: Casebook) -> None:
    """The first person proposes, the same person under another spelling cannot confirm, another one can."""
    case_id = opened(book)
    assert book.decide(case_id, reviewer="Rosa", outcome=Outcome.REFER, reason="Many.").stage == "proposed"
    assert book.case(case_id).case.status == "awaiting second"
    for same in ("Rosa", " rosa", "ＲＯＳＡ", "Ro\u200bsa"):
        with pytest.raises(RuleError, match="second person"):
            book.decide(case_id, reviewer=same, outcome=Outcome.REFER, reason="Many.")
    assert book.decide(case_id, reviewer="Nils", outcome=Outcome.REFER, reason="I agree.").stage == "confirmed"
    assert book.case(case_id).case.status == "decided"


def test_no_program_is_the_second_person(book: Casebook) -> None:
    """What a program says for a person proposes and confirms nothing, alone or among many; the person can."""
    case_id = opened(book)
    first = book.decide(case_id, reviewer="Rosa", outcome=Outcome.REFER, reason="Many.", in_person=False)
    assert first.stage == "proposed"
    with pytest.raises(RuleError, match="No program"):
        book.decide(case_id, reviewer="Nils", outcome=Outcome.REFER, reason="I agree.", in_person=False)
    (many,) = book.queue.decide_many(
        [case_id], reviewer="Nils", outcome=Outcome.REFER, reason="I agree.", in_person=False
    )
    assert not many.done
    assert book.case(case_id).case.status == "awaiting second"
    assert book.decide(case_id, reviewer="Nils", outcome=Outcome.REFER, reason="I agree.").stage == "confirmed"


def test_a_decided_case_is_not_decided_twice(book: Casebook) -> None:
    """A second decision is refused until the case opens again, for a reason that a person states."""
    case_id = opened(book)
    book.decide(case_id, reviewer="Rosa", outcome=Outcome.WATCH, reason="Seen.")
    with pytest.raises(RuleError, match="decided already"):
        book.decide(case_id, reviewer="Nils", outcome=Outcome.NO_ACTION, reason="Seen.")
    with pytest.raises(RuleError, match="missing"):
        book.reopen(case_id, reviewer="Nils", reason="")
    book.reopen(case_id, reviewer="Nils", reason="The channel came back.")
    with pytest.raises(RuleError, match="not decided"):
        book.reopen(case_id, reviewer="Nils", reason="The channel came back.")
    book.decide(case_id, reviewer="Nils", outcome=Outcome.NO_ACTION, reason="A seed swap.")
    assert [one.outcome for one in book.case(case_id).case.decisions] == [Outcome.WATCH, Outcome.NO_ACTION]


acts = st.tuples(st.sampled_from(["Rosa", "rosa ", "Nils", "Ada"]), st.sampled_from(list(Outcome)))


@given(st.lists(acts, max_size=8))
def test_no_sequence_of_acts_refers_a_case_without_two_people(steps: list[tuple[str, Outcome]]) -> None:
    """Against a plain model: a case is referred exactly when two different people chose it in a row."""
    with fresh_book() as book:
        case_id = opened(book)
        status, proposer = "open", ""
        for reviewer, outcome in steps:
            allowed = status != "decided" and not (
                status == "awaiting second" and outcome is Outcome.REFER and person_key(reviewer) == proposer
            )
            if allowed:
                book.decide(case_id, reviewer=reviewer, outcome=outcome, reason="Seen.")
                first = outcome is Outcome.REFER and status != "awaiting second"
                status, proposer = ("awaiting second", person_key(reviewer)) if first else ("decided", "")
            else:
                with pytest.raises(RuleError):
                    book.decide(case_id, reviewer=reviewer, outcome=outcome, reason="Seen.")
            assert book.case(case_id).case.status == status
        assert book.audit.verify() == []


def _decide_all(path: Path, reviewer: str, case_ids: list[str], outcome: Outcome) -> int:
    book = Casebook.open(path)
    made = 0
    for case_id in case_ids:
        try:
            book.decide(case_id, reviewer=reviewer, outcome=outcome, reason="Seen.")
            made += 1
        except RuleError:
            continue
    return made


@pytest.mark.parametrize(("outcome", "each"), [(Outcome.WATCH, 1), (Outcome.REFER, 2)])
def test_processes_that_decide_at_once_neither_lose_nor_double(path: Path, outcome: Outcome, each: int) -> None:
    """Four processes decide the same cases: each case has exactly the decisions that the rule wants."""
    book = Casebook.open(path)
    case_ids = list(book.propose([alert(accounts([n])) for n in range(8)], lake_version="v1").opened)
    work = [(path, name, case_ids, outcome) for name in ("Rosa", "Nils", "Ada", "Vera")]
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        made = sum(pool.starmap(_decide_all, work))
    assert made == each * len(case_ids)
    assert [len(file.case.decisions) for file in book.case_files()] == [each] * len(case_ids)
    assert all(file.case.status == "decided" for file in book.case_files())
    assert book.audit.verify() == []
