"""Whatever people do in whatever order: two persons, and no reason before one's own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from seawall.casebook import Casebook, RequestKind, RequestState
from seawall.casebook.requests import USABLE, WAITS
from seawall.casebook.rules import person_key
from seawall.errors import RuleError
from tests.casebook.builders import account
from tests.casebook.clocks import Clock
from tests.casebook.peopled import PEOPLE, with_people

ASK = {"Rosa", "Ben", "Sol", "Sky"}
ANSWER = ASK
APART = {"Sol", "Sky"}
SPELLINGS = [str, str.upper, str.lower, lambda name: f" {name}\u200b", lambda name: "\u00ad".join(name)]

people = st.sampled_from(sorted(PEOPLE))
spellings = st.sampled_from(SPELLINGS)


@cache
def start() -> bytes:
    """The casebook with which each example begins."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "casebook.sqlite"
        with_people(path, Clock())
        return path.read_bytes()


@dataclass
class Expected:
    by: str
    kind: RequestKind
    waits_until: float
    state: RequestState = RequestState.WAITING
    other: str = ""
    usable_until: float = 0.0

    def sees(self, viewer: str) -> bool:
        if viewer == self.by:
            return True
        if self.by in APART or viewer in APART:
            return {self.by, viewer} <= APART
        return viewer not in ("Ada", "Fern")


class TwoPeople(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.clock = Clock()
        path = Path(self.folder.name) / "casebook.sqlite"
        path.write_bytes(start())
        self.book = Casebook.open(path, clock=self.clock)
        self.asked: dict[str, Expected] = {}

    def teardown(self) -> None:
        assert self.book.audit.verify() == []
        assert self.book.problems() == []
        self.folder.cleanup()

    @property
    def now(self) -> float:
        return self.clock.now.timestamp()

    @initialize(by=st.sampled_from(sorted(ASK)))
    def somebody_asks(self, by: str) -> None:
        self.ask(by, str, RequestKind.UNMASK)

    @rule(by=people, spelling=spellings, kind=st.sampled_from([RequestKind.UNMASK, RequestKind.SANCTION]))
    def ask(self, by: str, spelling: type[str], kind: RequestKind) -> None:
        may = by in ASK and not (kind is RequestKind.SANCTION and by in APART)
        try:
            told = self.book.requests.ask(kind, [account(1)], f"reason of {by}", reviewer=spelling(by))
        except RuleError:
            assert not may
        else:
            assert may
            self.asked[told.request_id] = Expected(by, kind, self.now + WAITS.total_seconds())

    @precondition(lambda self: self.asked)
    @rule(data=st.data(), by=people, spelling=spellings, agree=st.booleans())
    def answer(self, data: st.DataObject, by: str, spelling: type[str], agree: bool) -> None:
        name = data.draw(st.sampled_from(sorted(self.asked)))
        one = self.asked[name]
        waits = one.state is RequestState.WAITING and self.now < one.waits_until
        may = waits and by in ANSWER and by != one.by and one.sees(by)
        try:
            self.book.requests.answer(name, agree, f"reason of {by}", reviewer=spelling(by))
        except RuleError:
            assert not may
        else:
            assert may
            one.state = RequestState.AGREED if agree else RequestState.REFUSED
            one.other, one.usable_until = by, self.now + USABLE.total_seconds()

    @precondition(lambda self: self.asked)
    @rule(data=st.data(), by=people, spelling=spellings)
    def open(self, data: st.DataObject, by: str, spelling: type[str]) -> None:
        name = data.draw(st.sampled_from(sorted(self.asked)))
        one = self.asked[name]
        usable = one.state in (RequestState.AGREED, RequestState.USED) and self.now < one.usable_until
        may = usable and one.kind is RequestKind.UNMASK and by in (one.by, one.other)
        try:
            self.book.requests.open(name, [b"1", b"2"], reviewer=spelling(by))
        except RuleError:
            assert not may
        else:
            assert may
            if one.state is RequestState.AGREED:
                one.state, one.usable_until = RequestState.USED, self.now + 15 * 60

    @rule(hours=st.sampled_from([0.2, 1, 25, 24 * 8]))
    def time_passes(self, hours: float) -> None:
        self.clock.move(hours=hours)

    @invariant()
    def nobody_knows_a_reason_before_giving_their_own(self) -> None:
        for viewer in PEOPLE:
            told = {one.request_id: one for one in self.book.requests.all(viewer)}
            assert set(told) == {name for name, one in self.asked.items() if one.sees(viewer)}
            for name, one in told.items():
                expected = self.asked[name]
                assert (one.reason is not None) == (viewer == expected.by or expected.other != "")
                assert len(one.answers) == (expected.other != "")
                assert all(person_key(answer.by) != person_key(one.by) for answer in one.answers)
                if one.state in (RequestState.AGREED, RequestState.USED):
                    assert one.answers[0].agree


TwoPeople.TestCase.settings = settings(max_examples=8, stateful_step_count=15, deadline=None)
TestTwoPeople = TwoPeople.TestCase
