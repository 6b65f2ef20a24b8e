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
from tests.casebook.clocks import SetClock

SPELLINGS = {
    "Rosa": ["Rosa", "rosa", " ROSA ", "Ｒｏｓａ", "Ro\u200bsa", "\u202eRosa\u202c"],
    "Nils": ["Nils", "nils\t", "NILS", "N\u00adils"],
    "Ada": ["Ada", "ada", "A\u2060DA"],
}
people = st.sampled_from(sorted(SPELLINGS)).flatmap(
    lambda name: st.tuples(st.just(name), st.sampled_from(SPELLINGS[name]))
)
outcomes = st.sampled_from([Outcome.REFER, Outcome.REFER, Outcome.REFER, Outcome.WATCH, Outcome.SUPPORT])


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
        self.clock = SetClock()
        self.book = Casebook.open(Path(self.folder.name) / "casebook.sqlite", clock=self.clock)
        (self.case_id,) = self.book.propose([alert()], lake_version="v1").opened
        (self.other,) = self.book.propose([alert(accounts([50]))], lake_version="v1").opened
        self.made: list[Made] = []
        self.seen: defaultdict[str, set[str]] = defaultdict(set)
        self.reasons = 0

    def teardown(self) -> None:
        if hasattr(self, "folder"):
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

    @rule(who=people, outcome=outcomes, many=st.booleans())
    def decide(self, who: tuple[str, str], outcome: Outcome, many: bool) -> None:
        person, spelling = who
        self.reasons += 1
        reason = f"Reason number {self.reasons}."
        with suppress(RuleError):
            if many:
                given: Any = {"reviewer": spelling, "outcome": outcome, "reason": reason}
                (done,) = self.book.queue.decide_many([self.case_id, self.other], but=[self.other], **given)
                if not done.done:
                    return
                stage = done.why
            else:
                made = self.book.decide(
                    self.case_id, reviewer=spelling, outcome=outcome, reason=reason, note=f"Note on {reason}"
                )
                stage = made.stage
            self._accepted(person, outcome, reason, stage)

    @rule(who=people)
    def undo(self, who: tuple[str, str]) -> None:
        with suppress(RuleError):
            taken_back = self.book.queue.undo(self.case_id, reviewer=who[1])
            (one,) = [made for made in self.made if made.reason == taken_back.reason]
            assert one.person == who[0]
            assert not one.undone
            one.undone = True

    @rule(who=people)
    def reopen(self, who: tuple[str, str]) -> None:
        with suppress(RuleError):
            self.book.reopen(self.case_id, reviewer=who[1], reason="The club came back.")

    @rule(who=people)
    def take(self, who: tuple[str, str]) -> None:
        with suppress(RuleError):
            self.book.queue.take(self.case_id, reviewer=who[1])

    @rule(who=people)
    def take_next(self, who: tuple[str, str]) -> None:
        self.book.queue.take_next(QueueFilter(), reviewer=who[1])

    @rule(who=people)
    def appeal(self, who: tuple[str, str]) -> None:
        with suppress(RuleError):
            self.book.appeals.record(self.case_id, "It was a seed swap.", reviewer=who[1])

    @rule(who=people, outcome=st.sampled_from(["stands", "changed"]))
    def decide_appeal(self, who: tuple[str, str], outcome: Any) -> None:
        for appeal in self.book.appeals.all(reviewer=who[1]):
            with suppress(RuleError):
                self.book.appeals.decide(appeal.appeal_id, outcome, reviewer=who[1], reason="Looked at again.")
                assert who[0] not in {one.person for one in self.made}

    @rule(who=people)
    def judge_blind(self, who: tuple[str, str]) -> None:
        case_id = self.book.quality.blind_next(reviewer=who[1])
        if case_id is not None:
            assert self.book.case(case_id, viewer=who[1]).case.decisions == ()
            self.book.quality.review_blind(case_id, reviewer=who[1], outcome=Outcome.REFER, reason="Many copies.")

    @rule(who=people)
    def look(self, who: tuple[str, str]) -> None:
        """Everything that a person can open; what is in it they know from then on."""
        person, spelling = who
        shown = [
            self.book.case(self.case_id, viewer=spelling),
            self.book.cases(viewer=spelling).to_pylist(),
            self.book.queue.page(QueueFilter(status=()), reviewer=spelling),
            self.book.queue.draft(self.case_id, reviewer=spelling),
            self.book.appeals.all(reviewer=spelling),
            self.book.quality.measured(reviewer=spelling),
            self.book.case_files(),
            self.book.settled_files(),
            self.book.audit.entries(),
        ]
        text = repr(shown)
        self.seen[person] |= {made.reason for made in self.made if made.reason in text}

    @rule(seconds=st.sampled_from([1, 9, 10, 60, 1300]))
    def wait(self, seconds: int) -> None:
        self.clock.wait(seconds)

    @invariant()
    def a_referred_case_has_two_people(self) -> None:
        if not hasattr(self, "book"):
            return
        case = self.book.case(self.case_id).case
        standing = self._standing()
        if case.status == "decided" and standing and standing[-1].outcome is Outcome.REFER:
            first, second = standing[-2:]
            assert first.outcome is second.outcome
            assert first.person != second.person

    @invariant()
    def the_record_is_whole(self) -> None:
        if hasattr(self, "book"):
            kept = self.book.audit.entries()
            assert sum(one.act == "decide" for one in kept) == len(self.made)
            assert sum(one.act == "undo" for one in kept) == sum(one.undone for one in self.made)


def test_nobody_gets_a_grave_outcome_through_alone_or_reads_the_first_reason_before_giving_their_own() -> None:
    """Whatever three people do, two of them chose a referral that counts, the second without the first's reason."""
    TwoPeople.TestCase.settings = settings(max_examples=10, stateful_step_count=20, deadline=None)
    TwoPeople.TestCase().runTest()


@pytest.mark.verify
def test_nobody_gets_a_grave_outcome_through_alone_in_many_more_histories() -> None:
    """The same, over histories four times as long, and many more of them."""
    TwoPeople.TestCase.settings = settings(max_examples=300, stateful_step_count=100, deadline=None)
    TwoPeople.TestCase().runTest()
