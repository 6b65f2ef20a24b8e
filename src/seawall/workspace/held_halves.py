"""Keeps what one of two people has handed in until the other does: in memory only, for a quarter of an hour."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from seawall.errors import RuleError

if TYPE_CHECKING:
    from seawall.vault import Halves

SECONDS = 15 * 60.0

Place = tuple[str, str]
"""A workspace's folder and a request."""


@dataclass(frozen=True, slots=True)
class _Held:
    person: str
    halves: Halves


class HeldHalves:
    """What is held, by request; it is wiped when its time is over, looked at or not.

    Args:
        seconds: how long each half is held.
    """

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._held: dict[Place, list[_Held]] = {}

    def put(self, place: Place, person: str, halves: Halves) -> int:
        """Hold what a person has handed in; how many people have done so.

        Args:
            person: their name as it is compared.

        Raises:
            RuleError: the other person has handed in the same key.
        """
        with self._lock:
            others = [one for one in self._held.get(place, ()) if one.person != person]
            if any(one.halves.public == halves.public for one in others):
                halves.wipe()
                raise RuleError("The other person handed in this key.", mend="Each of the two uses a key of their own.")
            for before in self._held.get(place, ()):
                if before.person == person:
                    before.halves.wipe()
            held = _Held(person, halves)
            self._held[place] = [*others, held]
        timer = threading.Timer(self._seconds, self._end, (place, held))
        timer.daemon = True
        timer.start()
        return len(others) + 1

    def both(self, place: Place) -> tuple[Halves, Halves]:
        """What the two have handed in.

        Raises:
            RuleError: one of them is missing, or its time is over.
        """
        with self._lock:
            held = self._held.get(place, [])
            if len(held) != 2:
                raise RuleError(
                    "Two people hand in their keys, within a quarter of an hour.",
                    mend="Hand in your key, and ask the other person to hand in theirs.",
                )
            one, two = held
            return one.halves, two.halves

    def people(self, place: Place) -> frozenset[str]:
        """Whose keys are held, by the names as they are compared."""
        with self._lock:
            return frozenset(one.person for one in self._held.get(place, ()))

    def forget(self, place: Place) -> None:
        """Wipe what is held for a request."""
        with self._lock:
            for held in self._held.pop(place, []):
                held.halves.wipe()

    def _end(self, place: Place, held: _Held) -> None:
        with self._lock:
            held.halves.wipe()
            rest = [one for one in self._held.get(place, ()) if one is not held]
            if rest:
                self._held[place] = rest
            else:
                self._held.pop(place, None)
