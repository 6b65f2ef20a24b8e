"""What safeguarding reads and does in a workspace: the people who were approached, and what was done for them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from seawall.casebook.approached import SupportState, ToProtect
from seawall.casebook.approached_book import ApproachedBook
from seawall.casebook.approached_people import PeoplePage, PersonToProtect, SupportAct
from seawall.casebook.supporting import SupportCase
from seawall.errors import InputError
from seawall.workspace.opened import OpenedFolder
from seawall.workspace.settings import disk_refused, write_private
from seawall.workspace.supporting import supported

FOR_THE_PERSON = (
    "What Seawall holds of you because you may have been approached. It says nothing of who approached you."
)


class Safeguarding:
    """The people to protect, for a person of safeguarding; anyone else is refused, and so is whoever is nobody.

    Seawall sends nothing: an offer of support is made by a person, on a way of their choice, and recorded here. Every
    method may raise RuleError and StorageError.

    Args:
        workspace: acts as the person of safeguarding.
    """

    def __init__(self, workspace: OpenedFolder) -> None:
        self._workspace = workspace

    def people(self, states: Sequence[SupportState | str] = (), *, page: int = 1, limit: int = 50) -> PeoplePage:
        """A page of the list, those who were led furthest first. It holds no pseudonym. The read is audited.

        Args:
            states: who stands at one of "waiting", "offered", "not needed", "closed"; everybody, if nothing is said.
            page: from 1.
            limit: so many people a page, 1 to 200.

        Raises:
            InputError: there is no such state or page, or another limit.
        """
        return self._book.all(reviewer=self._who, states=[_state(one) for one in states], page=page, limit=limit)

    def person(self, person: str) -> PersonToProtect:
        """One person with the pseudonym of their account, who approached them, and what was done. The read is audited.

        Args:
            person: the id on the list, as P-7K2Q9D4M.

        Raises:
            RuleError: there is no such person.
        """
        return self._book.find(person, reviewer=self._who)

    def offer_support(self, person: str, note: str = "") -> PersonToProtect:
        """Record that support was offered.

        Args:
            person: the id on the list.
            note: how, for colleagues of safeguarding.
        """
        return self._act(person, SupportAct.OFFER, note)

    def not_needed(self, person: str, note: str) -> PersonToProtect:
        """Record that no support is needed, and why.

        Raises:
            RuleError: no note.
        """
        return self._act(person, SupportAct.NOT_NEEDED, note)

    def close(self, person: str, note: str) -> PersonToProtect:
        """Record that nothing is left to do, and why. Who is approached again, or led further, waits again.

        Raises:
            RuleError: no note.
        """
        return self._act(person, SupportAct.CLOSE, note)

    def export(self, accounts: Sequence[str], out: str | Path) -> int:
        """Write what the list holds of a person, for themself: nothing of who approached them. The read is audited.

        Args:
            accounts: pseudonyms of theirs, or the id on the list.
            out: a new file, which only you can read.

        Returns:
            How many people it holds: several where one person has several accounts.

        Raises:
            InputError: the list holds nothing of them.
            StorageError: the file exists or cannot be written.
        """
        held = self._book.held_about(accounts, reviewer=self._who)
        told = {"about": FOR_THE_PERSON, "held": held}
        path = Path(out)
        try:
            write_private(path, json.dumps(told, ensure_ascii=False, indent=2) + "\n")
        except OSError as error:
            raise disk_refused(error, path) from error
        return len(held)

    def cases(self) -> tuple[SupportCase, ...]:
        """The cases that ended in an offer of support, the latest first. The read is audited."""
        return supported(self._workspace)

    def of_case(self, case_id: str) -> ToProtect:
        """How many people a case names, which whoever reads the case may know.

        Raises:
            RuleError: no such case, or not permitted.
        """
        return self._book.of_case(case_id, reviewer=self._who)

    @property
    def _book(self) -> ApproachedBook:
        return self._workspace.casebook.approached

    @property
    def _who(self) -> str:
        return self._workspace.reviewer

    def _act(self, person: str, what: SupportAct, note: str) -> PersonToProtect:
        return self._book.act(person, what, note, reviewer=self._who)


class Safeguarded(OpenedFolder):
    """A workspace in which people are protected."""

    @property
    def safeguarding(self) -> Safeguarding:
        """The people to protect; for a person of safeguarding alone."""
        return Safeguarding(self)


def _state(one: SupportState | str) -> SupportState:
    try:
        return SupportState(one)
    except ValueError:
        raise InputError("There is no such state.", mend=f"It is one of: {', '.join(SupportState)}.") from None
