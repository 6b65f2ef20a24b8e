"""seawall survival: channels, spells or checks in; ages, kinds of end, curves and what was left out."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree

import pyarrow.csv as pa_csv
import pytest

from seawall.measures.lifetimes import median, survival
from tests.cli.clubs import BEGIN, SPELLS, lives, write_csv
from tests.cli.running import run

KEYS = {
    *("source", "sentence", "spells", "ended", "until", "left_out", "assumptions", "by", "confidence", "simulated"),
    *("median", "log_rank", "ends", "curve", "plot", "out"),
}
CHECKS = """thing,checked_at,status
bulbs,2026-01-05,alive
bulbs,2026-01-12,alive
bulbs,2026-01-19,gone
seeds,2026-01-05,alive
seeds,2026-01-12,unknown
seeds,2026-01-19,alive
pots,2026-01-05,gone
"""


@pytest.fixture
def spells(tmp_path: Path) -> Path:
    return write_csv(tmp_path / "forums.csv", lives(), SPELLS)


def test_the_usual_age_is_told_with_its_limits(spells: Path) -> None:
    """One sentence with numbers, one line a group, one a kind of end; columns are found by usual names."""
    said = run("survival", "--spells", spells)
    assert said.code == 0
    assert said.err.startswith("Of 60 spells ")
    assert "start from opened, end from closed, event from how, thing from place" in said.err
    usual, *ends = said.out.splitlines()
    assert usual.split("\t")[:2] == ["all", "60"]
    assert {line.split("\t")[1] for line in ends} == {"renamed", "dormant", "taken_down"}


def test_json_is_the_answer_of_the_measure(spells: Path) -> None:
    """The document holds what the measures give for the same spells, under documented keys."""
    told = run("survival", "--spells", spells, "--json").json
    assert set(told) == KEYS
    rows = pa_csv.read_csv(spells).rename_columns(["thing", "start", "end", "event", "sort"])
    assert told["curve"] == survival(rows).to_pylist()
    assert told["median"] == median(rows).to_pylist()
    assert told["log_rank"] is None


def test_groups_are_compared(spells: Path) -> None:
    """With --by each group has a curve, and the log-rank test says whether they live alike."""
    told = run("survival", "--spells", spells, "--by", "sort", "--json").json
    assert [row["group"] for row in told["median"]] == ["forum", "room"]
    assert told["log_rank"]["p"] < 0.01
    said = run("survival", "--spells", spells, "--by", "sort")
    assert "If all groups lived alike" in said.err


def test_what_is_left_out_is_told(tmp_path: Path) -> None:
    """Ends before starts and overlapping spells are counted in words."""
    rows = [
        ("a", "2026-01-01", "2025-12-01"),
        ("b", "2026-01-01", "2026-03-01"),
        ("b", "2026-02-01", ""),
        ("c", "2026-01-01", ""),
    ]
    path = write_csv(tmp_path / "spells.csv", rows, "thing,start,end")
    assert run("survival", "--spells", path, "--json").json["left_out"] == {"end_before_start": 1, "overlapping": 2}
    said = run("survival", "--spells", path)
    assert "Left out, 1: the end is before the start" in said.err
    assert "Left out, 2: they overlap another spell of the same thing" in said.err


def test_checks_alone_are_enough(tmp_path: Path) -> None:
    """Status checks give spells whose ends lie between two looks; what tells nothing is counted."""
    path = tmp_path / "checks.csv"
    path.write_text(CHECKS)
    told = run("survival", "--checks", path, "--json").json
    assert (told["spells"], told["ended"]) == (2, 1)
    assert told["left_out"] == {"unknown_looks": 1, "never_alive": 1}
    assert [row["since"] for row in told["curve"] if row["events"]] == [7.0]
    assert "Some ends are only known to lie between two looks; the curve steps at the later one." in told["assumptions"]


def test_a_status_that_is_not_known_names_its_line(tmp_path: Path) -> None:
    """The error says where, and which words are known."""
    path = tmp_path / "checks.csv"
    path.write_text(CHECKS.replace("gone", "asleep"))
    said = run("survival", "--checks", path)
    assert said.code == 4
    assert "line 4" in said.err
    assert "taken_down" in said.err


def test_the_picture_and_the_page_are_written(spells: Path, tmp_path: Path) -> None:
    """--plot writes an SVG or a page with tables and limits; --out the curves."""
    svg, page, out = tmp_path / "forums.svg", tmp_path / "forums.html", tmp_path / "curves.csv"
    assert run("survival", "--spells", spells, "--by", "sort", "--plot", svg, "--out", out).code == 0
    assert ElementTree.fromstring(svg.read_text()).tag.endswith("svg")  # noqa: S314 - ours
    assert pa_csv.read_csv(out).column_names[:5] == ["time", "survival", "low", "high", "at_risk"]
    assert run("survival", "--spells", spells, "--plot", page).code == 0
    text = page.read_text()
    assert "Under observation at this age" in text
    assert "What this cannot tell" in text
    assert "seawall survival --spells" in text


def test_channels_of_a_workspace_have_spells(empty: Path, tmp_path: Path) -> None:
    """Channels count from their first message; those of unknown age and what had to be assumed are told."""
    spoken = [("roses", 0), ("roses", 90), ("tulips", 40), ("tulips", 50), ("compost", 60), ("compost", 89)]
    rows = [
        (place, "rosa", (BEGIN + timedelta(days=day)).isoformat(), "Ride", channel)
        for place, (channel, day) in enumerate(spoken)
    ]
    path = write_csv(tmp_path / "rides.csv", rows, "id,author,time,text,channel")
    assert run("add", empty, path, "--visibility", "public", "--platform", "forum").code == 0
    told = run("survival", empty, "--json").json
    assert (told["source"], told["spells"], told["ended"], told["left_out"]) == ("empty", 2, 1, {"age_unknown": 1})
    assert any("silent for 30 days" in line for line in told["assumptions"])
    assert [row["time"] for row in told["curve"]] == pytest.approx([0.0, 30.0, 40.0], abs=1e-9)


def test_a_workspace_in_which_nothing_can_be_used_says_why(club: Path) -> None:
    """Where all channels may be older than the records, the error says so with their number."""
    said = run("survival", club)
    assert said.code == 4
    assert "nothing tells since when" in said.err


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        ([], "Name a workspace"),
        (["{club}", "--spells", "{spells}"], "Leave them out"),
        (["--spells", "{spells}", "--by", "place"], "groups; more than 7"),
        (["--spells", "{spells}", "--by", "colour"], "colour"),
        (["--spells", "{spells}", "--confidence", "95"], "between 0 and 1"),
        (["--spells", "{spells}", "--plot", "forums.png"], ".svg, .html"),
        (["{club}", "--by", "colour"], "channel_kind"),
        (["{club}", "--dormant", "0"], "dormant"),
    ],
)
def test_what_cannot_be_asked_is_refused(club: Path, spells: Path, arguments: list[str], what: str) -> None:
    """Each wrong call is one sentence that says how to mend it."""
    said = run("survival", *(one.format(club=club, spells=spells) for one in arguments))
    assert said.code in (2, 4)
    assert what in said.err
