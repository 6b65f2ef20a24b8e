"""What needs two people: asking, answering, and opening the vault together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from seawall.casebook import Request, RequestKind
from seawall.casebook.rules import person_key
from seawall.errors import ConfigurationError
from seawall.workspace.held_halves import HeldHalves, Place
from seawall.workspace.identities import check_vault, checked
from seawall.workspace.opened import OpenedFolder

if TYPE_CHECKING:
    import pyarrow as pa

MOST_ID = 20
"""So much of an id is written down, whoever made it up."""

_HELD = HeldHalves()
"""One for the process: two people hand in their keys in two visits."""


@dataclass(frozen=True, slots=True)
class HandedIn:
    """Whose keys are held for an agreed request; with two of them it can be opened."""

    request_id: str
    people: int

    @property
    def complete(self) -> bool:
        """Whether both keys are there."""
        return self.people == 2


class Asking(OpenedFolder):
    """Requests of one person that another must agree to. Each acts as ``reviewer``."""

    def ask(self, kind: RequestKind | str, subjects: Sequence[str], reason: str) -> Request:
        """Ask for what needs two people.

        Args:
            kind: "unmask" or "sanction" (of accounts, by pseudonym), "phrase list" (ids of indicators, or names of
                lists, that wait for a second person), "people of safeguarding" (names).
            subjects: what it is about.
            reason: the second person sees it only after giving their own.

        Raises:
            ConfigurationError: no such kind, a subject that is no pseudonym, or no vault to open.
            RuleError: no reason, or not permitted.
        """
        wanted = _kind(kind)
        if wanted is RequestKind.UNMASK:
            check_vault(self)
        if wanted in (RequestKind.UNMASK, RequestKind.SANCTION):
            checked(subjects)
        return self.casebook.requests.ask(wanted, subjects, reason, reviewer=self.reviewer)

    def requests(self) -> list[Request]:
        """The requests that you may see, the latest first; a reason is None until you have given yours.

        The read is audited.
        """
        self.casebook.audit.append(self.reviewer, "read", {"table": "requests"})
        return self.casebook.requests.all(self.reviewer)

    def request(self, request_id: str) -> Request:
        """One request as you may see it. The read is audited.

        Raises:
            RuleError: there is none that you may see.
        """
        self.casebook.audit.append(self.reviewer, "read", {"request": request_id[:MOST_ID]})
        return self.casebook.requests.find(request_id, self.reviewer)

    def answer(self, request_id: str, agree: bool, reason: str) -> Request:
        """Agree to what another person asks for, or refuse it, with a reason of your own.

        Raises:
            RuleError: no such request, it waits no more, no reason, not permitted, or you asked for it yourself.
        """
        return self.casebook.requests.answer(request_id, agree, reason, reviewer=self.reviewer)

    def hand_in_key(self, request_id: str, key: bytes, passphrase: str) -> HandedIn:
        """Hand in your own key for an agreed unmasking. The other of the two does the same; see ``unmasked``.

        What follows from the key is held in memory only, for a quarter of an hour; the key itself is not.

        Args:
            key: what stands in your private key file.
            passphrase: of that file.

        Raises:
            RuleError: the request is not agreed, over or not yours; the vault is not sealed to this key; or the other
                person handed in the same one.
            ConfigurationError: this is no key, or another passphrase.
            StorageError: the audit cannot be written; nothing is held then.
        """
        from seawall.vault import Vault, open_reviewer_key  # here and below: seldom needed

        check_vault(self)
        opened = open_reviewer_key(key.decode("ascii", "replace"), passphrase)
        subjects = self.casebook.requests.hand_in(request_id, opened.public, reviewer=self.reviewer)
        halves = Vault.open(self.path / "vault").halves(subjects, opened)
        place = self._place(request_id)
        return HandedIn(place[1], _HELD.put(place, person_key(self.reviewer), halves))

    def handed_in(self, request_id: str) -> HandedIn:
        """How many of the two keys are held for a request that you may see."""
        place = self._place(request_id)
        return HandedIn(place[1], len(_HELD.people(place)))

    def unmasked(self, request_id: str) -> pa.Table:
        """Open the vault with the two keys that were handed in: pseudonym, platform, id, handle, name.

        Each of the two may look, while the keys are held. The audit has the entry before anything is opened.

        Raises:
            RuleError: a key is missing, the request is used up or over, or you are neither of the two.
            StorageError: the audit cannot be written, or the vault was changed.
        """
        from seawall.vault import Vault

        one, two = _HELD.both(self._place(request_id))
        keys = (one.public, two.public)
        subjects = self.casebook.requests.open(request_id, keys, reviewer=self.reviewer)
        return Vault.open(self.path / "vault").unmask_with(subjects, one, two)

    def forget_keys(self, request_id: str) -> None:
        """Wipe the keys that were handed in for a request that you may see."""
        _HELD.forget(self._place(request_id))

    def _place(self, request_id: str) -> Place:
        return str(self.path.resolve()), self.casebook.requests.find(request_id, self.reviewer).request_id


def _kind(kind: RequestKind | str) -> RequestKind:
    try:
        return RequestKind(kind)
    except ValueError:
        raise ConfigurationError(
            "There is no such kind of request.", mend=f"It is one of: {', '.join(RequestKind)}."
        ) from None
