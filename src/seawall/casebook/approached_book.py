"""What interfaces use of the people to protect; every rule is below this line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from seawall.casebook import approached, approached_people
from seawall.casebook.approached import SupportState, ToProtect
from seawall.casebook.approached_people import PeoplePage, PersonToProtect, SupportAct
from seawall.casebook.audit import Clock
from seawall.casebook.permitting import permit_case
from seawall.casebook.rules import Act
from seawall.casebook.store import Store
from seawall.errors import InputError


class ApproachedBook:
    """The people to protect of one casebook. Every method may raise StorageError; then nothing has happened.

    Whoever reads the list is of safeguarding, and the audit has the entry before anything is shown.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def all(self, *, reviewer: str, states: Sequence[SupportState] = (), page: int = 1, limit: int = 50) -> PeoplePage:
        """A page of the list, without the accounts' pseudonyms.

        Args:
            reviewer: who reads.
            states: who stands at one of these; everybody, where nothing is said.
            page: from 1.
            limit: so many people a page, 1 to 200.

        Raises:
            RuleError: not of safeguarding.
            InputError: a page before the first, or another limit.
        """
        with self._store.write() as connection:
            return approached_people.listed(connection, self._clock(), reviewer, states, page, limit)

    def find(self, person_id: str, *, reviewer: str) -> PersonToProtect:
        """One person, with the pseudonym of their account.

        Raises:
            RuleError: not of safeguarding, or there is no such person.
        """
        with self._store.write() as connection:
            return approached_people.find(connection, self._clock(), reviewer, person_id)

    def act(self, person_id: str, what: SupportAct, note: str, *, reviewer: str) -> PersonToProtect:
        """Record what was done for a person.

        Raises:
            RuleError: not of safeguarding, no such person, no note where one is needed, or done already.
        """
        with self._store.write() as connection:
            return approached_people.act(connection, self._clock(), reviewer, person_id, what, note)

    def held_about(self, accounts: Iterable[str], *, reviewer: str) -> list[dict[str, Any]]:
        """What the list holds of accounts, for the person themself, as JSON.

        Raises:
            RuleError: not of safeguarding.
            InputError: none of them is on the list.
        """
        with self._store.write() as connection:
            held = approached_people.held_about(connection, self._clock(), reviewer, list(accounts))
        if not held:
            raise InputError("The list holds nothing of this account.", mend="Check platform, id and handle.")
        return held

    def of_case(self, case_id: str, *, reviewer: str) -> ToProtect:
        """How many people the alerts of a case name: all that others than safeguarding may know.

        Raises:
            RuleError: no such case, or not permitted.
        """
        with self._store.read() as connection:
            case = permit_case(connection, reviewer, Act.READ_CASES, case_id)
            return approached.counted(connection, case.case_id)

    def expire(self, before: datetime) -> int:
        """Take off the list who is older than ``before`` (UTC) and not on hold; how many.

        Raises:
            StorageError: gone, but another process keeps the log from being emptied: repeat.
        """
        with self._store.write() as connection:
            gone = approached.expire(connection, before)
        if gone:
            self._store.scrub()
        return gone

    def problems(self) -> list[str]:
        """What is wrong with the list, a sentence each, without saying who stands on it."""
        with self._store.read() as connection:
            return approached.problems(connection)
