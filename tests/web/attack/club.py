"""A club's console with things of two people in it: whoever visits, and somebody else of the same trade."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import seawall
from seawall.casebook import Role
from seawall.model import Subject
from seawall.workspace import Terms, Workspace
from tests.casebook.builders import account, accounts, alert
from tests.casebook.hubs import approached, hub_alert
from tests.web.conftest import Served

OTHER = "Basil Other"
MOST_CASES = 60


class Things:
    """Makes what the routes are about, for the person of a role or for another one.

    Args:
        served: the console.
        role: of the person who visits.
    """

    def __init__(self, served: Served, role: Role) -> None:
        self.served = served
        self.role = role
        self._numbers = count(1)
        self._open: dict[str, Workspace] = {}
        apart = role is Role.SAFEGUARDING
        keeper = Role.SAFEGUARDING if apart else Role.ADMINISTRATOR
        served.workspace(keeper).enrol(OTHER, Role.SAFEGUARDING if apart else Role.REVIEWER)
        self._cases = self._open_cases()

    def acting(self, owner: str) -> Workspace:
        """The workspace for the visitor ("own") or the other person."""
        return self._opened(self.served.names[self.role] if owner == "own" else OTHER)

    def reviewing(self, owner: str) -> Workspace:
        """The same; the reviewer's where the other person is of safeguarding, who reads no cases."""
        if self.role is Role.SAFEGUARDING:
            return self._opened(self.served.names[Role.REVIEWER])
        return self.acting(owner)

    def _opened(self, name: str) -> Workspace:
        if name not in self._open:
            self._open[name] = seawall.open(self.served.folder, reviewer=name)
        return self._open[name]

    def held(self, owner: str) -> str:
        """A case that a person holds, with a draft of theirs."""
        case_id = next(self._cases)
        acting = self.reviewing(owner)
        acting.take(case_id)
        acting.keep_draft(case_id, "watch", f"The draft of {owner}.", f"The note of {owner}.")
        return case_id

    def decided(self, owner: str) -> str:
        """A case that a person has decided just now."""
        case_id = next(self._cases)
        self.reviewing(owner).decide(case_id, "watch", "The beds are dry.")
        return case_id

    def person(self, owner: str) -> str:
        """A person who was approached, whoever asks: the list is one for all people of safeguarding."""
        del owner
        hub = next(self._numbers)
        self.served.workspace().casebook.propose([hub_alert([approached(hub)], hub=hub)], lake_version="made up")
        list_ = seawall.open(self.served.folder, reviewer=self.served.names[Role.SAFEGUARDING]).safeguarding
        return next(row.person_id for row in list_.people(["waiting"]).rows)

    def request(self, owner: str) -> str:
        """A request that a person has made."""
        return self.reviewing(owner).ask("sanction", [account(1)], "They dig up beds.").request_id

    def campaign(self, owner: str) -> str:
        """A campaign that a person has named."""
        return (
            self.reviewing(owner).name_campaign(f"Feud {next(self._numbers)}", [next(self._cases)], "One.").campaign_id
        )

    def indicator(self, owner: str) -> str:
        """A phrase that a person has listed."""
        terms = Terms(bank="feud", reason="They push tulips.", source="by hand")
        return self.reviewing(owner).indicators.add("phrase", f"vote for bed {next(self._numbers)}", terms).id

    def token(self, owner: str) -> str:
        """A token that a person has made."""
        acting = self.acting(owner)
        before = {one.token_id for one in acting.tokens()}
        scope = "read_requests" if self.role is Role.SAFEGUARDING else "read_overview"
        acting.make_token([scope], 5)
        (made,) = {one.token_id for one in acting.tokens()} - before
        return made

    def _open_cases(self) -> Iterator[str]:
        book = self.served.workspace().casebook
        before = set(book.cases()["case_id"].to_pylist())
        shared = Subject("text", "the leaflet")
        some = [
            alert((*accounts(range(first, first + 4)), shared), day=first / 100, anchor=str(first))
            for first in range(10_000, 10_000 + 10 * MOST_CASES, 10)
        ]
        book.propose(some, lake_version="made up")
        return iter([one for one in book.cases()["case_id"].to_pylist() if one not in before])
