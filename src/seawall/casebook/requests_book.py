"""What two people agree on: what interfaces use; every rule is below this line."""

from __future__ import annotations

from collections.abc import Sequence

from seawall.casebook import requests
from seawall.casebook.audit import Clock, write_entry
from seawall.casebook.requests import Request, RequestKind
from seawall.casebook.store import Store


class RequestBook:
    """The requests of one casebook. Any method may raise StorageError: the disk refuses."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def ask(self, kind: RequestKind, subjects: Sequence[str], reason: str, *, reviewer: str) -> Request:
        """Ask for what needs two people; see ``requests.ask``."""
        with self._store.write() as connection:
            return requests.ask(connection, self._clock(), kind, subjects, reviewer, reason)

    def answer(self, request_id: str, agree: bool, reason: str, *, reviewer: str) -> Request:
        """Agree to what another person asks for, or refuse it; see ``requests.answer``."""
        with self._store.write() as connection:
            return requests.answer(connection, self._clock(), request_id, agree, reviewer, reason)

    def all(self, viewer: str) -> list[Request]:
        """The requests that this person may see, the latest first."""
        with self._store.read() as connection:
            return requests.listed(connection, self._clock(), viewer)

    def find(self, request_id: str, viewer: str) -> Request:
        """One request as this person may see it.

        Raises:
            RuleError: there is none that they may see.
        """
        with self._store.read() as connection:
            return requests.seen(connection, self._clock(), request_id, viewer)

    def hand_in(self, request_id: str, key: bytes, *, reviewer: str) -> tuple[str, ...]:
        """Record that one of the two hands in a key for an agreed unmasking, before it is used; the pseudonyms.

        Args:
            key: the public half, which says whose key it is.

        Raises:
            RuleError: the request is not agreed, over, or not theirs.
        """
        with self._store.write() as connection:
            at = self._clock()
            name, subjects = requests.unmaskable(connection, at, request_id, reviewer)
            write_entry(connection, at, reviewer, "hand in key", {"request": name, "key": key.hex()})
        return subjects

    def open(self, request_id: str, keys: Sequence[bytes], *, reviewer: str) -> tuple[str, ...]:
        """Record that the vault is opened for an agreed request, before it is; the pseudonyms.

        Args:
            keys: the public halves of the two keys.

        Raises:
            RuleError: the request is not agreed, over, or not theirs.
        """
        with self._store.write() as connection:
            at = self._clock()
            name, subjects = requests.unmaskable(connection, at, request_id, reviewer)
            requests.opened(connection, at, name)
            accounts = requests.commitments(connection, name)
            detail = {"request": name, "accounts": accounts, "keys": [one.hex() for one in keys]}
            write_entry(connection, at, reviewer, "unmask", detail)
        return subjects
