"""The two-person rule, as a machine that tries everything that people may do, in any order and any spelling."""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from seawall.casebook import Casebook, QueueFilter
from seawall.errors import RuleError
from seawall.model import Outcome
from tests.casebook.builders import accounts, alert
from tests.casebook.clocks import Clock

SPELLINGS = {
    "Rosa": ["Rosa", "rosa", " ROSA ", "Ｒｏｓａ", "Ro\u200bsa", "\u202eRosa\u202c"],
    "Nils": ["Nils", "nils\t", "NILS", "N\u00adils"],
    "Ada": ["Ada", "ada", "A\u2060DA"],
}
people = st.sampled_from(sorted(SPELLINGS)).flatmap(
    lambda name: st.tuples(st.just(name), st.sampled_from(SPELLINGS[name]))
)
outcomes = st.sampled_from([Outcome.REFER, Outcome.REFER, Outcome.REFER, Outcome.REFER, Outcome.WATCH])
ACTS = [
    *["decide"] * 8,
    *["look"] * 2,
    *["undo"] * 3,
    *["reopen"] * 3,
    *["wait"] * 2,
    "take",
    "appeal",
    "decide_appeal",
    "judge_blind",
]


@dataclass
class Made:
    """A decision as the model remembers it."""

    person: str
    outcome: Outcome
    reason: str
    undone: bool = False
    closing: bool = False


class TwoPeople(RuleBasedStateMachine):
    """One case, three people; ``made`` is what the casebook accepted, ``seen`` the reasons that each has read."""

    @initialize()
    def begin(self) -> None:
        self.folder = TemporaryDirectory()
        self.clock = Clock()
        self.book = Casebook.open(Path(self.folder.name) / "casebook.sqlite", clock=self.clock)
        (self.case_id,) = self.book.propose([alert()], lake_version="v1").opened
        (self.other,) = self.book.propose([alert(accounts([50]))], lake_version="v1").opened
        self.made: list[Made] = []
        self.seen: defaultdict[str, set[str]] = defaultdict(set)
        self.reasons = 0

    def teardown(self) -> None:
        """The record holds each decision, and each one that was taken back."""
        if hasattr(self, "folder"):
            acts = [entry.act for entry in self.book.audit.entries()]
            assert acts.count("decide") == len(self.made)
            assert acts.count("undo") == sum(one.undone for one in self.made)
            assert self.book.audit.verify() == []
            self.folder.cleanup()

    def _standing(self) -> list[Made]:
        """The standing decisions since the case was last open."""
        found: list[Made] = []
        for one in self.made:
            if one.undone:
                continue
            if found and found[-1].closing:
                found = []
            found.append(one)
        return found

    def _accepted(self, person: str, outcome: Outcome, reason: str, stage: str) -> None:
        standing = self._standing()
        before = standing[-1] if standing and not standing[-1].closing else None
        self.made.append(Made(person, outcome, reason, closing=stage != "proposed"))
        if stage == "confirmed":
            assert before is not None
            assert before.outcome is outcome is Outcome.REFER
            assert before.person != person
            assert before.reason not in self.seen[person]

    @rule(act=st.sampled_from(ACTS), who=people, outcome=outcomes, number=st.integers(0, 3))
    def act(self, act: str, who: tuple[str, str], outcome: Outcome, number: int) -> None:
        """One of the acts, so that those that matter most can be tried most often."""
        with suppress(RuleError):
            getattr(self, f"_{act}")(*who, outcome, number)

    def _decide(self, person: str, spelling: str, outcome: Outcome, number: int) -> None:
        if number != 1:
            self._look(person, spelling)
        self.reasons += 1
        reason = f"Reason number {self.reasons}."
        given: Any = {"reviewer": spelling, "outcome": outcome, "reason": reason}
        if number:
            made = self.book.decide(self.case_id, note=f"Note on {reason}", **given)
            self._accepted(person, outcome, reason, made.stage)
            return
        (done,) = self.book.queue.decide_many([self.case_id, self.other], but=[self.other], **given)
        if done.done:
            self._accepted(person, outcome, reason, done.why)

    def _undo(self, person: str, spelling: str, *_: Any) -> None:
        taken_back = self.book.queue.undo(self.case_id, reviewer=spelling)
        (one,) = [made for made in self.made if made.reason == taken_back.reason]
        assert (one.person, one.undone) == (person, False)
        one.undone = True

    def _reopen(self, person: str, spelling: str, *_: Any) -> None:
        self.book.reopen(self.case_id, reviewer=spelling, reason="The club came back.")

    def _take(self, person: str, spelling: str, outcome: Outcome, number: int) -> None:
        if number:
            self.book.queue.take(self.case_id, reviewer=spelling)
        else:
            self.book.queue.take_next(QueueFilter(), reviewer=spelling)

    def _appeal(self, person: str, spelling: str, *_: Any) -> None:
        self.book.appeals.record(self.case_id, "It was a seed swap.", reviewer=spelling)

    def _decide_appeal(self, person: str, spelling: str, outcome: Outcome, number: int) -> None:
        for appeal in self.book.appeals.all(reviewer=spelling):
            state: Any = "stands" if number else "changed"
            self.book.appeals.decide(appeal.appeal_id, state, reviewer=spelling, reason="Looked at again.")
            assert person not in {one.person for one in self.made}

    def _judge_blind(self, person: str, spelling: str, *_: Any) -> None:
        case_id = self.book.quality.blind_next(reviewer=spelling)
        if case_id is not None:
            assert self.book.case(case_id, viewer=spelling).case.decisions == ()
            self.book.quality.review_blind(case_id, reviewer=spelling, outcome=Outcome.REFER, reason="Many copies.")

    def _look(self, person: str, spelling: str, *_: Any) -> None:
        """Everything that a person can open; what is in it they know from then on."""
        shown = [
            self.book.case(self.case_id, viewer=spelling),
            self.book.cases(viewer=spelling).to_pylist(),
            self.book.queue.page(QueueFilter(status=()), reviewer=spelling),
            self.book.queue.draft(self.case_id, reviewer=spelling),
            self.book.appeals.all(reviewer=spelling),
            self.book.quality.measured(reviewer=spelling),
            self.book.settled_files(),
            self.book.audit.entries(),
        ]
        text = repr(shown)
        self.seen[person] |= {made.reason for made in self.made if made.reason in text}

    def _wait(self, person: str, spelling: str, outcome: Outcome, number: int) -> None:
        self.clock.move(seconds=[1, 9, 10, 1300][number])

    @invariant()
    def a_referred_case_has_two_people(self) -> None:
        if not hasattr(self, "book"):
            return
        standing = self._standing()
        if self.book.case(self.case_id).case.status == "decided" and standing[-1].outcome is Outcome.REFER:
            first, second = standing[-2:]
            assert first.outcome is second.outcome
            assert first.person != second.person


def test_nobody_gets_a_grave_outcome_through_alone_or_reads_the_first_reason_before_giving_their_own() -> None:
    """Whatever three people do, two of them chose a referral that counts, the second without the first's reason."""
    TwoPeople.TestCase.settings = settings(max_examples=8, stateful_step_count=25, deadline=None)
    TwoPeople.TestCase().runTest()


@pytest.mark.verify
def test_nobody_gets_a_grave_outcome_through_alone_in_many_more_histories() -> None:
    """The same, over histories four times as long, and many more of them."""
    TwoPeople.TestCase.settings = settings(max_examples=60, stateful_step_count=100, deadline=None)
    TwoPeople.TestCase().runTest()
