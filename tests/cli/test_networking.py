"""seawall network: who acted together, in words and files, and the messages behind a pair."""

from __future__ import annotations

import csv
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.cli.running import Said, run

KEYS = {"accounts", "pairs", "layers", "groups", "parameters", "input", "out", "seconds"}
START = datetime(2026, 5, 3, tzinfo=UTC)


@pytest.fixture(scope="module")
def gardens(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace: four of sixteen gardeners share ten links of everybody within seconds."""
    folder = tmp_path_factory.mktemp("gardens")
    rows = []
    for number in range(10):
        at = START + timedelta(days=number)
        for member in range(16):
            late = timedelta(seconds=6 * member) if member < 4 else timedelta(hours=member)
            text = f"Look at https://garden.example/{number} from bed {member}"
            rows.append((f"m{number}-{member}", f"gardener{member}", (at + late).isoformat(), text))
    with (folder / "export.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("id", "author", "time", "text"), *rows])
    assert run("init", folder / "gardens").code == 0
    told = ("add", folder / "gardens", folder / "export.csv", "--visibility", "public", "--platform", "forum")
    assert run(*told).code == 0
    return folder / "gardens"


def document(gardens: Path, *options: object) -> dict[str, Any]:
    said = run("network", gardens, *options, "--json")
    assert said.code == 0, said.err
    told: dict[str, Any] = said.json
    return told


def test_the_group_is_found_and_told_in_a_sentence_with_its_numbers(gardens: Path) -> None:
    """One group of four, what chance would give, what speaks against it, and what to do next."""
    said = run("network", gardens)
    assert said.code == 0
    (line,) = said.out.splitlines()
    assert line.split("\t")[:5] == ["1", "4", "4", "6", "60"]
    assert "4 accounts, 4 of them the core, posted the same 10 links" in said.err
    assert "met on 60 things where chance gives" in said.err
    assert "against it: " in said.err
    assert re.search(r"Next: seawall network .* --edge \w+ \w+", said.err)


def test_json_holds_the_groups_under_documented_keys(gardens: Path) -> None:
    """Accounts, core, sentences and what speaks against it, for machines."""
    told = document(gardens)
    assert set(told) == KEYS
    assert (told["accounts"], told["pairs"]) == (4, 6)
    (group,) = told["groups"]
    assert group["expected"] < 5 < group["met"] == 60
    assert set(group["core"]) == set(group["accounts"])
    assert told["parameters"]["window_s"] == 60


@pytest.fixture(scope="module")
def edge(gardens: Path) -> tuple[str, str]:
    one, other = sorted(document(gardens)["groups"][0]["accounts"][:2])
    return one, other


def test_the_messages_behind_a_pair_are_listed_with_their_text(gardens: Path, edge: tuple[str, str]) -> None:
    """Each meeting has both messages, the gap and the words of the first account."""
    said = run("network", gardens, "--edge", *edge)
    rows = [line.split("\t") for line in said.out.splitlines()]
    assert len(rows) == 10
    assert {row[1] for row in rows} in ({"6"}, {"-6"})
    assert all("Look at" in row[-1] for row in rows)
    (first, *_) = document_of_edge(gardens, edge)
    assert {"layer", "object", "source_message", "target_message", "lag_s", "text"} <= set(first)


def document_of_edge(gardens: Path, edge: tuple[str, str]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = run("network", gardens, "--edge", *edge, "--json").json
    return rows


@pytest.mark.parametrize("ending", [".html", ".svg", ".graphml", ".gexf", ".csv", ".arrow"])
def test_it_writes_what_the_ending_says(gardens: Path, tmp_path: Path, ending: str) -> None:
    """A page, a picture, two formats for graph programs and two for tables; nothing else appears."""
    told = document(gardens, "--out", tmp_path / f"gardens{ending}")
    assert told["out"]
    assert sorted(map(str, tmp_path.iterdir())) == sorted(told["out"])
    assert all(Path(path).stat().st_size for path in told["out"])
    if ending in (".svg", ".graphml", ".gexf"):
        ElementTree.parse(told["out"][0])  # noqa: S314 - our own file


def test_the_page_leads_from_each_pair_to_its_messages(gardens: Path, tmp_path: Path) -> None:
    """Every line of the picture is a link to a place on the page that holds messages of both accounts."""
    assert run("network", gardens, "--out", tmp_path / "page.html").code == 0
    html = (tmp_path / "page.html").read_text(encoding="utf-8")
    places = dict(re.findall(r'<section class="pair" id="(pair-\d+)".*?>(.*?)</section>', html, re.DOTALL))
    linked = set(re.findall(r'<a href="#(pair-\d+)"', html))
    assert linked == set(places)
    assert len(places) == 6
    assert all(len(re.findall(r"Messages <code>", text)) == 3 for text in places.values())
    assert all("10" in text and "hxxps://garden[.]example" in text for text in places.values())


def test_a_group_with_words_of_its_own_is_found_by_its_things(club: Path, tmp_path: Path) -> None:
    """Six who post at once what nobody else posts: no chance is told for their timing, only for what they share."""
    said = run("network", club, "--out", tmp_path / "club.html")
    assert said.out.split("\t")[:7] == ["1", "6", "6", "15", "180", "–", "–"]
    assert "they share more things of one moment, whose times tell nothing, than chance explains" in said.err
    assert "where chance gives" not in (tmp_path / "club.html").read_text(encoding="utf-8")


def test_texts_in_changing_words_are_looked_for_where_that_is_asked(club: Path) -> None:
    """The layer of near-duplicates reads every text, and is there only with --layer similar."""
    told = document(club, "--layer", "similar", "--min-repeats", "5")
    assert [row["layer"] for row in told["layers"]] == ["similar"]
    assert "in changing words" in told["groups"][0]["sentence"]


def test_without_chance_every_pair_in_time_is_shown(gardens: Path) -> None:
    """With --min-repeats pairs count by thresholds alone, and it says that chance was not asked."""
    said = run("network", gardens, "--min-repeats", "10")
    assert "chance was not asked" in said.err
    assert "How often this would happen by chance was not computed" in said.err
    assert said.out.split("\t")[1] == "4"


def test_where_nothing_stands_out_it_says_what_else_to_try(gardens: Path) -> None:
    """No group: nothing on stdout, and on stderr why that proves nothing."""
    said = run("network", gardens, "--end", "2026-05-04")
    assert (said.code, said.out) == (0, "")
    assert "No pair stands out" in said.err
    assert "--min-repeats 5" in said.err


def wrong(gardens: Path, *options: object) -> Said:
    said = run("network", gardens, *options)
    assert said.code != 0
    assert said.out == ""
    return said


def test_what_cannot_work_is_refused_with_the_way_to_mend_it(gardens: Path, edge: tuple[str, str]) -> None:
    """A wrong layer, window, ending, rate and account each say what is wrong, where, and what to do."""
    assert "Choose from repost, link, text" in wrong(gardens, "--layer", "colour").err
    assert "--window 60, or auto" in wrong(gardens, "--window", "soon").err
    assert "none of .graphml" in wrong(gardens, "--out", "gardens.txt").err
    assert "between 0 and 1" in wrong(gardens, "--q", "5").err
    assert "no message by the second account" in wrong(gardens, "--edge", edge[0], "a" + "0" * 20).err
    assert "Leave --out out" in wrong(gardens, "--edge", *edge, "--out", "x.html").err


def test_an_empty_workspace_is_no_fault(empty: Path) -> None:
    """Nothing was read, so nothing is found."""
    said = run("network", empty)
    assert said.code == 0
    assert "No pair stands out" in said.err


def test_each_reading_stands_in_the_audit(gardens: Path, edge: tuple[str, str], tmp_path: Path) -> None:
    """Looking at the network, writing it and listing a pair leave an entry each."""
    run("network", gardens, "--out", tmp_path / "audited.gexf")
    run("network", gardens, "--edge", *edge)
    acts = [entry["act"] for entry in run("audit", gardens, "show", "--json").json]
    assert acts[-3:] == ["read", "network", "read"]
