"""The list of people to protect against one that is kept in dictionaries, whatever happens in whichever order."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from seawall.casebook import Casebook, Role
from seawall.casebook.approached import rank
from seawall.casebook.approached_people import SupportAct
from seawall.model import STAGES
from tests.casebook.builders import START, account
from tests.casebook.fresh import fresh_book
from tests.casebook.hubs import approached, hub_alert, newcomer

people = st.integers(0, 4)
hubs = st.integers(900, 902)
told = st.dictionaries(people, st.tuples(st.sampled_from(STAGES), st.integers(0, 9)), max_size=4)
STATES = {SupportAct.OFFER: "offered", SupportAct.NOT_NEEDED: "not needed", SupportAct.CLOSE: "closed"}


class List(RuleBasedStateMachine):
    """``spoken``: hub -> person -> (stage, day). ``state`` and ``known`` (when somebody acted): of a person."""

    def __init__(self) -> None:
        super().__init__()
        self._open = ExitStack()
        self.book: Casebook = self._open.enter_context(fresh_book())
        for name, role in (("Ada", Role.ADMINISTRATOR), ("Sol", Role.SAFEGUARDING), ("Ben", Role.LEAD)):
            self.book.enrol(name, role, by="Ada")
        self.spoken: dict[int, dict[int, tuple[str, int]]] = {}
        self.state: dict[int, str] = {}
        self.known: dict[int, dict[int, str]] = {}
        self.held: set[int] = set()

    def teardown(self) -> None:
        self._open.close()

    def of(self, person: int) -> dict[int, str]:
        return {hub: those[person][0] for hub, those in self.spoken.items() if person in those}

    @rule(hub=hubs, those=told)
    def propose(self, hub: int, those: dict[int, tuple[str, int]]) -> None:
        """An alert names some people, in place of whom it named before."""
        named = [approached(one, stage, day=day) for one, (stage, day) in those.items()]
        one = replace(hub_alert(named, hub=hub), start=START, end=START + timedelta(days=30))
        self.book.propose([one], lake_version="v1")
        before = self.spoken.get(hub, {})
        self.spoken[hub] = those
        for person in before.keys() | those.keys():
            now, known = self.of(person), self.known.get(person)
            worse = known is not None and any(hub not in known or rank(now[hub]) > rank(known[hub]) for hub in now)
            if known is None and not now:
                self.state.pop(person, None)
            elif person not in self.state or worse:
                self.state[person] = "waiting"

    @rule(person=people, what=st.sampled_from(SupportAct))
    def act(self, person: int, what: SupportAct) -> None:
        """Somebody acts for a person on the list."""
        if person in self.state and (what is SupportAct.OFFER or self.state[person] != STATES[what]):
            self.book.approached.act(self.ids()[person], what, "Seen.", reviewer="Sol")
            self.state[person], self.known[person] = STATES[what], self.of(person)

    @rule(person=people)
    def erase(self, person: int) -> None:
        """A person is erased, unless they are on hold."""
        if person not in self.held:
            self.book.erase([newcomer(person)], reviewer="Ben")
            self.gone(person)

    @rule(person=people)
    def hold(self, person: int) -> None:
        """A person is put on hold."""
        if person not in self.held:
            self.book.hold(newcomer(person), reviewer="Ben", reason="Order 12/26")
            self.held.add(person)

    @rule(day=st.integers(0, 14))
    def expire(self, day: int) -> None:
        """What ended before a day goes, unless somebody acted (which is later than any such day), or it is on hold."""
        old = [
            one
            for one in self.state
            if one not in self.known
            and one not in self.held
            and all(those[one][1] + 2 < day for those in self.spoken.values() if one in those)
        ]
        assert self.book.approached.expire(START + timedelta(days=day)) == len(old)
        for person in old:
            self.gone(person)

    def gone(self, person: int) -> None:
        for those in self.spoken.values():
            those.pop(person, None)
        self.state.pop(person, None)
        self.known.pop(person, None)

    def ids(self) -> dict[int, str]:
        numbers = {newcomer(number): number for number in range(5)}
        rows = self.book.approached.all(reviewer="Sol", limit=200).rows
        return {
            numbers[self.book.approached.find(row.person_id, reviewer="Sol").account]: row.person_id for row in rows
        }

    @invariant()
    def same(self) -> None:
        """Everybody stands where the dictionaries say, named by the alerts that they say, as far as they say."""
        found = {}
        for number, person_id in self.ids().items():
            person = self.book.approached.find(person_id, reviewer="Sol")
            found[number] = (person.state.value, sorted((seen.by[0], seen.stage) for seen in person.approaches))
        assert found == {
            number: (state, sorted((account(hub), stage) for hub, stage in self.of(number).items()))
            for number, state in self.state.items()
        }


TestList = List.TestCase
TestList.settings = settings(max_examples=12, stateful_step_count=12, deadline=None)
