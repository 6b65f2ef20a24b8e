"""seawall effect: before and after, in words, JSON and pictures."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

from tests.cli.running import run

KEYS = {
    "sentence", "effects", "displacement", "linked", "returns", "lives", "left_out", "doubt", "assumptions",
    "parameters", "input", "plot",
}  # fmt: skip
START = datetime(2026, 3, 1, tzinfo=UTC)
CLUBS = ("roses", "tulips", "choir", "chess", "hiking", "baking", "cycling")
DAYS, CLOSED = 70, 36


@pytest.fixture(scope="module")
def clubs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace of seven clubs; of the choir a tenth is left, and half of its members go to the hikers."""
    folder = tmp_path_factory.mktemp("clubs")
    rng = np.random.default_rng(5)
    rows = []
    for day in range(DAYS):
        for club in CLUBS:
            left = 0.1 if club == "choir" and day >= CLOSED else 1.0
            count = rng.poisson(20 * left)
            rows += [row(day, club, f"{club} member {rng.integers(12)}", number) for number in range(count)]
        if day >= CLOSED:
            rows += [row(day, "hiking", f"choir member {member}", member) for member in range(6) if rng.random() < 0.3]
    with (folder / "export.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("id", "author", "channel", "time", "text"), *rows])
    assert run("init", folder / "clubs").code == 0
    added = run("add", folder / "clubs", folder / "export.csv", "--visibility", "public", "--platform", "forum")
    assert added.code == 0, added.err
    (folder / "closed.csv").write_text(
        f"date,channel,kind\n{(START + timedelta(days=CLOSED)):%Y-%m-%d},choir,closed\n2026-01-01,roses,moved\n"
    )
    return folder


def row(day: int, club: str, who: str, number: int) -> tuple[str, ...]:
    at = START + timedelta(days=day, minutes=7 * number)
    return (f"{day}-{club}-{who}-{number}", who, club, at.isoformat(), "When do we meet?")


def document(clubs: Path, *options: object) -> dict[str, Any]:
    said = run("effect", clubs / "clubs", "--actions", clubs / "closed.csv", *options, "--json")
    assert said.code == 0, said.err
    told: dict[str, Any] = said.json
    return told


def test_json_tells_the_fall_with_its_interval_and_what_speaks_against_it(clubs: Path) -> None:
    """The choir's messages fell to about a tenth; the interval holds it; documented keys; doubt is there."""
    told = document(clubs, "--measure", "messages")
    assert set(told) == KEYS
    (fell,) = [one for one in told["effects"] if one["action"].startswith("closed")]
    assert fell["verdict"] == "fell"
    assert fell["low"] < 0.1 < fell["high"] < 0.3
    assert fell["controls"] == 5  # not the roses, on whom somebody acted
    assert any("Nobody drew lots" in doubt for doubt in told["doubt"])


def test_an_action_before_the_first_day_is_told_as_such(clubs: Path) -> None:
    """It has a row without a ratio, with the reason."""
    (before,) = [
        one for one in document(clubs, "--measure", "messages")["effects"] if one["action"].startswith("moved")
    ]
    assert before["ratio"] is None
    assert before["verdict"] == "cannot tell"
    assert before["reason"] == "too few days are there before the action"


def test_accounts_are_followed_to_where_they_went(clubs: Path) -> None:
    """Half of the choir's members are seen newly among the hikers."""
    (moved,) = [one for one in document(clubs)["displacement"] if one["kind"] == "new"]
    assert moved["accounts"] == 6
    assert moved["of"] == 12
    assert moved["low"] < 0.5 < moved["high"]


def test_the_page_and_the_picture_stand_alone(clubs: Path, tmp_path: Path) -> None:
    """A page without scripts, with its table, its limits and its command; a picture that is well-formed."""
    page, picture = tmp_path / "closed.html", tmp_path / "closed.svg"
    for out in (page, picture):
        assert run("effect", clubs / "clubs", "--actions", clubs / "closed.csv", "--plot", out).code == 0
    text = page.read_text(encoding="utf-8")
    assert "<script" not in text
    assert "What this cannot tell" in text
    assert "seawall effect" in text
    ElementTree.fromstring(picture.read_text(encoding="utf-8"))  # noqa: S314 - ours


def test_the_sentence_comes_first_and_exclusions_are_counted(clubs: Path) -> None:
    """People read one sentence with numbers, then tables, then what was left out and what speaks against it."""
    said = run("effect", clubs / "clubs", "--actions", clubs / "closed.csv", "--measure", "messages")
    assert said.code == 0
    assert said.err.splitlines()[0].startswith("closed 2026-04-06 was followed by")
    assert "left out: an action whose windows are not wholly there: 1" in said.err
    assert "against it: " in said.err
    assert "caused" not in said.err + said.out


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ((), "Give one of them"),
        (("--decisions",), "No case was referred"),
        (("--actions", "nothing.csv", "--decisions"), "Give one of them"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_what_to_do(clubs: Path, options: tuple[str, ...], words: str) -> None:
    """Neither or both of actions and decisions, and a workspace in which nobody decided."""
    said = run("effect", clubs / "clubs", *options)
    assert said.code != 0
    assert words in said.err


def test_bad_actions_are_refused_with_their_line(clubs: Path, tmp_path: Path) -> None:
    """A date that is none, a channel that nobody knows."""
    bad = tmp_path / "bad.csv"
    bad.write_text("date,channel\nyesterday,choir\n")
    said = run("effect", clubs / "clubs", "--actions", bad)
    assert said.code == 4
    assert "line 2" in said.err
    bad.write_text("date,channel\n2026-04-06,nobody knows it\n")
    said = run("effect", clubs / "clubs", "--actions", bad)
    assert said.code == 4
    assert "No action is on a channel" in said.err
