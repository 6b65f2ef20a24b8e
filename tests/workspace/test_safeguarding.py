"""The people to protect of a workspace: retention, erasure and checks reach them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

import seawall
from seawall.casebook import Role
from seawall.errors import InputError, RuleError
from seawall.workspace import Workspace
from tests.casebook.builders import START
from tests.casebook.hubs import approached, hub_alert, newcomer
from tests.workspace.test_care import an_export


@pytest.fixture
def club(tmp_path: Path) -> Path:
    """A workspace with messages, a hub that approached three people, and people of three roles."""
    folder = tmp_path / "club"
    an_export(tmp_path / "export.ndjson")
    with seawall.create(folder, reviewer="Ada") as workspace:
        workspace.casebook.propose([hub_alert([approached(1), approached(2), approached(3, day=30)])], lake_version="0")
        for name, role in (("Ada", Role.ADMINISTRATOR), ("Sage", Role.SAFEGUARDING), ("Lea", Role.LEAD)):
            workspace.enrol(name, role)
    return folder


def acting(folder: Path, name: str) -> Workspace:
    return seawall.open(folder, reviewer=name)


def accounts(folder: Path) -> set[str]:
    list_ = acting(folder, "Sage").safeguarding
    return {list_.person(row.person_id).account for row in list_.people().rows}


def test_the_book_of_safeguarding(club: Path) -> None:
    """People are read, acted for and exported by the person of safeguarding; a state that does not exist is said."""
    sage = acting(club, "Sage").safeguarding
    person = sage.people(["waiting"]).rows[0].person_id
    assert sage.offer_support(person).state.value == "offered"
    assert sage.not_needed(person, "A cousin.").history[-1].note == "A cousin."
    assert sage.close(person, "Settled.").state.value == "closed"
    assert sage.cases() == ()
    with pytest.raises(InputError, match="waiting, offered"):
        sage.people(["compost"])
    for name in ("Ada", "Lea"):
        with pytest.raises(RuleError):
            acting(club, name).safeguarding.people()


def test_expiry_reaches_them(club: Path) -> None:
    """Who was last approached before goes, and how many is told; whoever is on hold stays."""
    lea = acting(club, "Lea")
    lea.hold(newcomer(2), "Order 12/26")
    assert lea.expire(START + timedelta(days=20))["people to protect"] == 1
    assert accounts(club) == {newcomer(2), newcomer(3)}


def test_erasure_reaches_them_and_tells_nobody(club: Path) -> None:
    """What an erasure answers is the same for a person on the list and for one of whom nothing is held."""
    lea = acting(club, "Lea")
    assert lea.erase(newcomer(1), "She asked.") == lea.erase(newcomer(7), "He asked.")
    assert accounts(club) == {newcomer(2), newcomer(3)}
    assert not any(newcomer(1).encode() in path.read_bytes() for path in club.rglob("*") if path.is_file())


def test_a_check_looks_at_them(club: Path) -> None:
    """Nothing is wrong with a list as it was written; a row that was changed behind its back is found."""
    lea = acting(club, "Lea")
    assert lea.check() == []
    with acting(club, "Ada").casebook._store.write() as connection:
        connection.exec_driver_sql("UPDATE approached_people SET state = 'compost'")
    told = lea.check()
    assert [one for one in told if "table approached_people" in one]
    assert [one for one in told if "3 people to protect" in one]
    assert not any(newcomer(number) in str(told) for number in (1, 2, 3))
