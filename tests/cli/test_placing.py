"""seawall places: where links lead, for people and for programs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import run

TEXTS = ("t.me/Garden_Club/12 http://bit.ly/3", "https://t.me/garden_club", "http://club.example/home https://bit.ly/3")


@pytest.fixture
def linked(empty: Path, tmp_path: Path) -> Path:
    """A workspace of three messages with links, in two channels."""
    rows = (f"{n},{'rtm'[n - 1]},{'b' if n == 1 else 'r'},2026-05-0{n},{text}" for n, text in enumerate(TEXTS, start=1))
    (tmp_path / "club.csv").write_text("id,author,channel,time,text\n" + "\n".join(rows) + "\n")
    assert run("add", empty, tmp_path / "club.csv", "--visibility", "public", "--platform", "forum").code == 0
    return empty


def test_places_are_listed_with_who_led_there(linked: Path) -> None:
    """A line a place with its counts, most channels first; on stderr how many and what a ~ means."""
    said = run("places", linked)
    lines = [line.split("\t") for line in said.out.splitlines()]
    assert [line[1:6] for line in lines[:2]] == [
        ["shortener", "shortener", "2", "2", "2"],
        ["telegram_handle", "chat", "2", "2", "2"],
    ]
    assert "Links lead to 3 places; 1 of them only lead on" in said.err
    assert "keyed name" in said.err


def test_options_choose(linked: Path, tmp_path: Path) -> None:
    """Time, kind, role, one's own table and targets of short links."""
    assert [row["kind"] for row in run("places", linked, "--role", "chat", "--json").json["places"]] == [
        "telegram_handle"
    ]
    assert [row["kind"] for row in run("places", linked, "--kind", "web", "--json").json["places"]] == ["web"]
    assert run("places", linked, "--since", "2026-05-03", "--json").json["of"] == 2
    assert run("places", linked, "--until", "2026-05-02", "--json").json["of"] == 2
    own = tmp_path / "hosts.csv"
    own.write_text("host,kind\nclub.example,forum\n")
    assert "forum" in run("places", linked, "--table", own).out
    targets = tmp_path / "targets.csv"
    targets.write_text("short,target\nbit.ly/3,https://club.example/rides\n")
    assert run("places", linked, "--expand", targets, "--json").json["of"] == 2
    assert "1 more place" in run("places", linked, "--most", "2").err


@pytest.mark.parametrize(
    ("options", "code", "match"),
    [
        (["--role", "shop"], 2, "no such role"),
        (["--table", "nowhere.csv"], 4, "no such file"),
        (["--emerging", "--table", "hosts.csv"], 2, "option --table"),
        (["--emerging", "--expand", "targets.csv"], 2, "option --expand"),
        (["--emerging", "--role", "chat"], 2, "option --role"),
        (["--flow", "--kind", "onion"], 2, "option --kind"),
        (["--popular", "tranco.csv"], 2, "without --emerging"),
        (["--emerging", "--plot", "flows.html"], 2, "two questions"),
    ],
)
def test_what_cannot_be_used_is_named(linked: Path, options: list[str], code: int, match: str) -> None:
    """A wrong role, a missing file and an option that would change nothing are one sentence and an exit code."""
    said = run("places", linked, *options)
    assert said.code == code
    assert match in said.err


def test_nothing_there_is_said(linked: Path) -> None:
    """Where no link leads to such a place, that is said."""
    assert "No link leads to such a place." in run("places", linked, "--kind", "onion").err


def test_a_workspace_without_links_says_so_once(empty: Path) -> None:
    """For all places, for those that emerge, and for flows: one plain sentence, nothing on stdout, no next step."""
    for options, words in (
        ([], "No message of this time"),
        (["--emerging"], "none emerges"),
        (["--flow"], "nothing is told"),
    ):
        said = run("places", empty, *options)
        assert (said.code, said.out) == (0, "")
        assert words in said.err
        assert " 0 " not in said.err
        assert "Next:" not in said.err
