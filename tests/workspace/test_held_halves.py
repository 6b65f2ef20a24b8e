from __future__ import annotations

import threading

import pytest

from seawall.errors import RuleError
from seawall.vault import Halves
from seawall.workspace.held_halves import HeldHalves

PLACE = ("club", "R-7K2Q9M")


def halves(public: bytes) -> Halves:
    return Halves(public, {"file": {"one+two": bytearray(b"\x07" * 32)}})


def is_wiped(one: Halves) -> bool:
    return not any(one.of_files["file"]["one+two"])


def test_two_people_with_two_keys_are_needed() -> None:
    """One person's halves wait; with another person's, both are there."""
    held = HeldHalves()
    one, two = halves(b"1"), halves(b"2")
    assert held.put(PLACE, "rosa", one) == 1
    with pytest.raises(RuleError, match="Two people"):
        held.both(PLACE)
    assert held.put(PLACE, "ben", two) == 2
    assert held.both(PLACE) == (one, two)
    assert held.people(PLACE) == {"rosa", "ben"}
    with pytest.raises(RuleError, match="Two people"):
        held.both(("club", "R-000000"))


def test_one_person_is_never_two() -> None:
    """A person who hands in a second key replaces their first, which is wiped; the other's key is refused."""
    held = HeldHalves()
    first, second = halves(b"1"), halves(b"2")
    held.put(PLACE, "rosa", first)
    assert held.put(PLACE, "rosa", second) == 1
    assert is_wiped(first)
    same = halves(b"2")
    with pytest.raises(RuleError, match="own"):
        held.put(PLACE, "ben", same)
    assert is_wiped(same)
    assert held.people(PLACE) == {"rosa"}


def test_halves_are_wiped_when_they_are_forgotten() -> None:
    """Both people's, and nobody has handed in anything then."""
    held = HeldHalves()
    one, two = halves(b"1"), halves(b"2")
    held.put(PLACE, "rosa", one)
    held.put(PLACE, "ben", two)
    held.forget(PLACE)
    held.forget(PLACE)
    assert is_wiped(one)
    assert is_wiped(two)
    assert held.people(PLACE) == frozenset()


def test_halves_are_wiped_when_their_time_is_over() -> None:
    """Nobody needs to look: each is wiped by itself when its time ends."""
    held = HeldHalves(seconds=0.01)
    one = halves(b"1")
    held.put(PLACE, "rosa", one)
    for thread in threading.enumerate():
        if isinstance(thread, threading.Timer) and thread.interval == 0.01:
            thread.join()
    assert is_wiped(one)
    assert held.people(PLACE) == frozenset()
