from __future__ import annotations

from pathlib import Path

import seawall
from tests.cli.running import run


def test_people_are_kept_from_the_command_line(empty: Path) -> None:
    """Enrol, link, limit, give another role, remove and list: each says what it did, and it is done."""
    assert run("reviewers", empty).err.startswith("Nobody is enrolled")
    assert run("reviewers", empty, "enrol", "Ada", "--role", "administrator", "--reviewer", "Ada").code == 0
    by = ("--reviewer", "Ada")
    assert (
        run("reviewers", empty, "enrol", "Rosa", "--role", "reviewer", *by).out
        == "Rosa is here as reviewer from now on.\n"
    )
    told = run(
        "reviewers", empty, "link", "Rosa", "--minutes", "5", "--console", "https://seawall.example/", "--json", *by
    )
    assert told.json["link"].startswith("https://seawall.example/sign-in/link/")
    assert seawall.open(empty).by_link(told.json["link"].rpartition("/")[2]).name == "Rosa"
    assert run("reviewers", empty, "queues", "Rosa", "--queue", "surge", *by).out == "Rosa has the cases of surge.\n"
    assert run("reviewers", empty, "role", "Rosa", "--role", "lead", *by).out == "Rosa is here as lead from now on.\n"
    assert (
        run("reviewers", empty, *by).out
        == "Ada\tadministrator\tevery\tnothing yet\t\nRosa\tlead\tsurge\tnothing yet\t\n"
    )
    (ada, rosa) = run("reviewers", empty, "--json", *by).json
    assert (ada["name"], rosa["queues"], rosa["can_sign_in"]) == ("Ada", ["surge"], False)
    assert "stays on the record" in run("reviewers", empty, "remove", "Rosa", *by).out
    assert [one["name"] for one in run("reviewers", empty, "--json", *by).json] == ["Ada"]


def test_what_is_missing_is_asked_for(empty: Path) -> None:
    """An act that there is not, a missing name and a missing role are told, with exit code 2."""
    for arguments in (
        ("promote", "Rosa"),
        ("enrol",),
        ("enrol", "Rosa"),
        ("role", "Rosa"),
        ("enrol", "Ada", "--role", "king"),
    ):
        assert run("reviewers", empty, *arguments).code == 2


def test_the_roles_hold_on_the_command_line(empty: Path) -> None:
    """A stranger who runs the command is refused, with the exit code of a rule."""
    run("reviewers", empty, "enrol", "Ada", "--role", "administrator", "--reviewer", "Ada")
    said = run("reviewers", empty, "enrol", "Rosa", "--role", "lead", "--reviewer", "Mallory")
    assert said.code == 6
    assert "not enrolled" in said.err
