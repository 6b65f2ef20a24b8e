"""seawall plan: figures in, advice, costs and a picture out."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from seawall.planning import shipped
from tests.cli.running import run

KEYS = {
    *("load", "hardware", "add_s", "day", "window", "break_even", "machine_full", "workers_needed", "machine_does"),
    *("cluster_does", "advice", "measured", "sentence", "plot"),
}


def test_a_plan_tells_what_to_do_what_it_costs_and_what_it_rests_on() -> None:
    """One sentence of advice, a line a measure for the window and for a day, and the assumptions beside; all ASCII."""
    said = run("plan", "100000", "--retention", "30")
    assert said.code == 0
    assert "stay on one machine" in said.err
    assert "3 million messages" in said.err
    assert shipped().measured_at in said.err
    assert "as quick as one of the machine" in said.err
    lines = said.out.splitlines()
    names = [one.name for one in shipped().measures] + ["all, with the start"]
    assert [line.split("\t")[0] for line in lines] == names * 2
    assert (said.out + said.err).isascii()


def test_machines_get_one_document() -> None:
    """Numbers are as the library tells them."""
    told = run("plan", "1e9", "--workers", "200", "--cores", "32", "--memory", "256", "--json").json
    assert set(told) == KEYS
    assert told["window"]["messages"] == 90e9
    assert told["hardware"]["workers"] == 200
    assert [cost["measure"] for cost in told["day"]["measures"]] == [one.name for one in shipped().measures]


def test_a_picture_and_a_page_are_written(tmp_path: Path) -> None:
    """The picture parses; the page names the command that makes it again, with every figure."""
    assert run("plan", "1e6", "--plot", tmp_path / "plan.svg").code == 0
    assert ElementTree.parse(tmp_path / "plan.svg").getroot().attrib["role"] == "img"  # noqa: S314 - ours
    assert run("plan", "1234567", "--within", "2", "--plot", tmp_path / "plan.html").code == 0
    page = (tmp_path / "plan.html").read_text(encoding="utf-8")
    assert "seawall plan 1234567 --retention 90" in page
    assert "--within 2 --cores 8" in page


@pytest.mark.parametrize(
    ("words", "place"),
    [
        (["0"], "messages_per_day"),
        (["nan"], "messages_per_day"),
        (["1e5", "--workers", "0"], "workers"),
        (["1e5", "--workers", "20000"], "workers"),
        (["1e5", "--memory", "-4"], "memory_gb"),
        (["1e5", "--links", "3"], "links"),
        (["1e5", "--retention", "inf"], "retention_days"),
    ],
)
def test_what_cannot_be_meant_is_refused(words: list[str], place: str, tmp_path: Path) -> None:
    """A figure that is none, zero, negative or absurd: which one, how to mend it, and no file."""
    said = run("plan", *words, "--plot", tmp_path / "plan.svg")
    assert (said.code, said.out) == (2, "")
    assert place in said.err
    assert list(tmp_path.iterdir()) == []


def test_a_picture_of_another_kind_is_refused(tmp_path: Path) -> None:
    """--plot names .svg or .html."""
    said = run("plan", "1e5", "--plot", tmp_path / "plan.png")
    assert said.code == 2
    assert ".svg" in said.err
