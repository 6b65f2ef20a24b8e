"""seawall evaluate says what would be caught, for people and for machines, and refuses what it cannot use."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from seawall.cli.evaluating import WORDS
from seawall.evaluation.intervals import MEASURES
from tests.cli.running import run

SMALL = ("--seeds", "1", "--accounts", "600", "--days", "30")


@pytest.fixture(scope="module")
def traffic(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A table of one's own."""
    folder = tmp_path_factory.mktemp("traffic") / "made"
    options = ("--accounts", "400", "--days", "30", "--hubs", "0", "--decoys", "0")
    assert run("simulate", "funnel", folder, *options).code == 0
    return folder / "interactions.csv"


def accounts_of(traffic: Path) -> list[str]:
    with traffic.open(encoding="utf-8", newline="") as file:
        return sorted({row["source"] for row in csv.DictReader(file)})


def test_it_prints_every_figure_with_its_interval() -> None:
    """A row a figure: in words, at the bound set on clean traffic and as shipped; that all is simulated is said."""
    said = run("evaluate", "funnel", *SMALL)
    assert said.code == 0
    rows = [line.split("\t") for line in said.out.splitlines()]
    assert [row[0] for row in rows] == list(WORDS.values())
    assert {len(row) for row in rows} == {5}
    assert said.err.startswith("Simulated: 1 world ")


def test_every_figure_has_words() -> None:
    """What is measured is printed."""
    assert set(WORDS) == set(MEASURES)


def test_machines_get_one_document() -> None:
    """Sizes, prevalence, the bound and both sets of figures; what cannot be counted is null; it says simulated."""
    said = run("evaluate", "funnel", *SMALL, "--json")
    assert (said.code, said.err) == (0, "")
    assert said.json["simulated"] is True
    assert said.json["worlds"] == 1
    assert set(said.json["at_bound"]) == set(said.json["as_shipped"]) == set(MEASURES)
    assert set(said.json["at_bound"]["pr_auc"]) == {"value", "low", "high"}
    assert said.json["groups"] == []
    assert run("evaluate", "funnel", *SMALL, "--json").json == said.json


def test_groups_of_ones_own_background_are_compared(traffic: Path, tmp_path: Path) -> None:
    """False alerts by group, each with its gap to the others and an interval; strangers among the groups are said."""
    groups = tmp_path / "groups.csv"
    own = accounts_of(traffic)
    lines = [f"{account},{'north' if place % 3 else 'south'}" for place, account in enumerate(own)]
    groups.write_text("\n".join(["account,group", *lines, "nobody-here,north"]) + "\n")
    said = run("evaluate", "funnel", "--seeds", "1", "--background", traffic, "--groups", groups)
    assert said.code == 0
    north, south = (line.split("\t") for line in said.out.splitlines()[-2:])
    assert (north[0], south[0]) == ("north", "south")
    assert int(north[1]) + int(south[1]) == len(own)
    assert "1 account of the groups is not in the background and left out" in said.err


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name,group\na,b\n", "columns account and group"),
        ("", "columns account and group"),
        ("account,group\nx,north\nx,south\n", "in two groups"),
        ("account,group\nx,\n", "is empty"),
        ("account,group\nx,north\ny,south\n", "Fewer than two groups"),
    ],
)
def test_groups_that_cannot_be_used_are_refused(traffic: Path, tmp_path: Path, text: str, message: str) -> None:
    """With the file, the line where there is one, and no value out of it."""
    groups = tmp_path / "groups.csv"
    groups.write_text(text)
    said = run("evaluate", "funnel", "--background", traffic, "--groups", groups)
    assert said.code == 2
    assert message in said.err
    assert "groups.csv" in said.err
    assert said.out == ""


def test_groups_in_another_encoding_are_refused(traffic: Path, tmp_path: Path) -> None:
    """It names the encoding that is needed."""
    groups = tmp_path / "groups.csv"
    groups.write_bytes("account,group\nx,nörd\n".encode("latin-1"))
    said = run("evaluate", "funnel", "--background", traffic, "--groups", groups)
    assert said.code == 2
    assert "UTF-8" in said.err


def test_groups_need_a_background() -> None:
    """Nobody belongs to a group of an auditor on a platform that does not exist."""
    said = run("evaluate", "funnel", "--groups", "groups.csv")
    assert said.code == 2
    assert "--background" in said.err


def test_a_background_without_interactions_is_refused(tmp_path: Path) -> None:
    """It says which columns are needed."""
    empty = tmp_path / "empty.csv"
    empty.write_text("at,kind,source,target\n")
    said = run("evaluate", "funnel", "--background", empty)
    assert said.code in (2, 4)
    assert "Traceback" not in said.err
    missing = run("evaluate", "funnel", "--background", tmp_path / "nowhere.csv")
    assert missing.code != 0
    assert "Traceback" not in missing.err


def test_only_what_can_be_evaluated_is_taken() -> None:
    """Another word is an error of usage."""
    assert run("evaluate", "surge").code == 2
