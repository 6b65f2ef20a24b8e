"""seawall successors says which channels came after which, or that none is told."""

from __future__ import annotations

from pathlib import Path

import pyarrow.csv as pa_csv
import pytest

from tests.cli.running import run

OPTIONS = ("--source", "generic", "--platform", "simulated", "--visibility", "public")


@pytest.fixture(scope="module")
def club(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a small simulated takedown."""
    folder = tmp_path_factory.mktemp("succeeding")
    run("simulate", "takedown", folder / "world", "--channels", "25", "--days", "40", "--seed", "2")
    run("init", folder / "club")
    run("add", folder / "club", folder / "world" / "messages.ndjson", *OPTIONS)
    return folder / "club"


def test_it_says_what_it_found(club: Path) -> None:
    """A row an end, with names and reasons; a sentence with its numbers, marked as simulated."""
    said = run("successors", club)
    assert said.code == 0
    assert "Simulated: Of " in said.out + said.err
    assert "none told" in said.out


def test_data_and_sentence_agree(club: Path, tmp_path: Path) -> None:
    """--json holds the rows that the sentence counts, and --out the candidates."""
    said = run("successors", club, "--json", "--out", tmp_path / "candidates.csv").json
    told = [row for row in said["ends"] if row["successor"]]
    assert f"{len(told):,} have a likely successor" in said["sentence"]
    assert all(row["probability"] >= said["least"] for row in told)
    assert len(said["candidates"]) == pa_csv.read_csv(tmp_path / "candidates.csv").num_rows
    fewer = run("successors", club, "--json", "--least", "0.99").json
    assert sum(row["successor"] is not None for row in fewer["ends"]) <= len(told)


def test_a_list_of_ends_is_read(club: Path, tmp_path: Path) -> None:
    """Ends by handle, in columns of any name; what names no channel is counted, and what is no time is refused."""
    name = run("successors", club, "--json").json["ends"][0]
    listed = tmp_path / "closed.csv"
    listed.write_text(f"channel,at\n{name['ended_name']},{name['at']}\n@nobody,2025-09-09\n")
    said = run("successors", club, "--ends", listed, "--json").json
    assert [row["ended"] for row in said["ends"]] == [name["ended"]]
    assert said["left_out"] == {"ends of the list that name no channel here": 1}
    listed.write_text(f"which,gone\n{name['ended_name']},{name['at']}\n")
    mapped = run("successors", club, "--ends", listed, "--map", "channel=which", "--map", "at=gone", "--json").json
    assert mapped["ends"] == said["ends"]
    listed.write_text("channel,at\nroses,soon\n")
    assert run("successors", club, "--ends", listed).code != 0


def test_a_probability_above_one_is_refused(club: Path) -> None:
    """It says what can be given."""
    said = run("successors", club, "--least", "1.5")
    assert said.code != 0
    assert "between 0 and 1" in said.err
