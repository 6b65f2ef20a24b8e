from __future__ import annotations

import json
from pathlib import Path

import pytest

import seawall
from seawall.casebook import Role
from tests.casebook.builders import account
from tests.casebook.hubs import approached, hub_alert, newcomer
from tests.cli.running import Said, run


@pytest.fixture
def club(tmp_path: Path) -> Path:
    """A workspace in which a hub approached two people, and Sage is of safeguarding."""
    folder = tmp_path / "club"
    with seawall.create(folder, reviewer="Ada") as workspace:
        workspace.casebook.propose([hub_alert([approached(1), approached(2, "contact")])], lake_version="made up")
        for name, role in (("Ada", Role.ADMINISTRATOR), ("Sage", Role.SAFEGUARDING), ("Lea", Role.LEAD)):
            workspace.enrol(name, role)
    return folder


def said(club: Path, *words: object, reviewer: str = "Sage") -> Said:
    return run("safeguarding", club, *words, "--reviewer", reviewer)


def first(club: Path) -> str:
    return str(said(club, "--json").json["people"][0]["person"])


def test_the_list_names_nobody(club: Path) -> None:
    """People stand there by ids of the list, in a line each, and in JSON; no pseudonym does."""
    plain, told = said(club), said(club, "--json")
    assert [line.split("\t")[1:3] for line in plain.out.splitlines()] == [
        ["waiting", "contact"],
        ["waiting", "approach"],
    ]
    assert "Nothing is sent by Seawall." in plain.err
    assert (told.json["total"], told.json["states"]["waiting"]) == (2, 2)
    for out in (plain.out, plain.err, told.out, told.err):
        assert newcomer(1) not in out
        assert newcomer(2) not in out


def test_one_person_is_shown_by_name_of_the_list(club: Path) -> None:
    """With the pseudonym, who approached them, and what was done."""
    person = first(club)
    assert said(club, "offer", person, "--note", "By letter.").out == (
        f"{person} stands at: offered. Nothing is sent by Seawall.\n"
    )
    plain, told = said(club, "show", person), said(club, "show", person, "--json")
    assert newcomer(2) in plain.out
    assert "Sage: offered. By letter." in plain.out
    assert told.json["account"] == newcomer(2)
    assert told.json["approaches"][0]["by"] == [account(900)]


def test_acts_and_states(club: Path) -> None:
    """Each act moves the person; the list can be asked for one state; what needs a note says so."""
    person = first(club)
    assert said(club, "close", person).code == 6
    assert said(club, "not-needed", person, "--note", "A cousin.", "--json").json["state"] == "not needed"
    assert said(club, "close", person, "--note", "Settled.").code == 0
    assert [one["person"] for one in said(club, "--state", "closed", "--json").json["people"]] == [person]
    assert said(club, "--state", "compost").code != 0


def test_for_the_person(club: Path, tmp_path: Path) -> None:
    """What is held goes to a file that only its owner can read, without who approached them."""
    person = first(club)
    out = tmp_path / "theirs.json"
    told = said(club, "export", person, "--out", out)
    assert "Read the notes" in told.out
    assert out.stat().st_mode & 0o077 == 0
    held = json.loads(out.read_text(encoding="utf-8"))
    assert held["held"][0]["account"] == newcomer(2)
    assert account(900) not in out.read_text(encoding="utf-8")
    assert said(club, "export", person, "--out", out).code == 5
    assert said(club, "export", "--platform", "forum", "--id", "basil", "--out", tmp_path / "none.json").code != 0
    assert said(club, "export", newcomer(1), "--out", tmp_path / "other.json", "--json").json["people"] == 1


@pytest.mark.parametrize("words", [(), ("show", "P-00000000"), ("offer", "P-00000000")], ids=str)
def test_nobody_else(club: Path, words: tuple[str, ...]) -> None:
    """A lead, an administrator and a stranger are refused by a rule, and read nothing."""
    for name in ("Lea", "Ada", "Eve"):
        refused = said(club, *words, reviewer=name)
        assert (refused.code, refused.out) == (6, "")


@pytest.mark.parametrize("words", [("compost",), ("show",), ("export", "P-00000000")], ids=str)
def test_what_is_missing_is_said(club: Path, words: tuple[str, ...]) -> None:
    """An act that does not exist, a missing person and a missing file are wrong usage."""
    assert said(club, *words).code == 2


def test_an_empty_list_says_why(tmp_path: Path) -> None:
    """Where nobody was approached there is no line, and a sentence."""
    with seawall.create(tmp_path / "club", reviewer="Ada") as workspace:
        for name, role in (("Ada", Role.ADMINISTRATOR), ("Sage", Role.SAFEGUARDING)):
            workspace.enrol(name, role)
    told = said(tmp_path / "club")
    assert (told.code, told.out) == (0, "")
    assert "Nobody is on the list" in told.err
