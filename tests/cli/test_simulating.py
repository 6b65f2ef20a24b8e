"""seawall simulate writes a table that can be imported, and its truth beside it."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

import seawall
from tests.cli.running import run

SMALL = ("--accounts", "600", "--days", "40", "--hubs", "2", "--decoys", "9")


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_it_writes_a_table_its_truth_and_what_it_was_made_of(tmp_path: Path) -> None:
    """Five files; the truth names accounts of the table; the same seed gives the same bytes."""
    first, again = tmp_path / "first", tmp_path / "again"
    said = run("simulate", "funnel", first, "--seed", "3", *SMALL)
    assert said.code == 0
    assert said.out.startswith("Simulated: ")
    assert "--platform simulated" in said.err
    run("simulate", "funnel", again, "--seed", "3", *SMALL)
    names = {path.name for path in first.iterdir()}
    assert names == {"interactions.csv", "truth_hubs.csv", "truth_pairs.csv", "settings.json", "README.txt"}
    assert all((first / name).read_bytes() == (again / name).read_bytes() for name in names)
    told = rows(first / "interactions.csv")
    there = {row["source"] for row in told} | {row["target"] for row in told}
    assert {row["account"] for row in rows(first / "truth_hubs.csv")} <= there
    assert {row["newcomer"] for row in rows(first / "truth_pairs.csv")} <= there
    assert json.loads((first / "settings.json").read_text())["seed"] == 3


def test_what_it_writes_is_imported_whole(tmp_path: Path) -> None:
    """Every row is kept, under a platform that says that it is simulated, with keys of addresses and words."""
    run("simulate", "funnel", tmp_path / "practice", *SMALL)
    run("init", tmp_path / "club")
    table = tmp_path / "practice" / "interactions.csv"
    options = ("--source", "generic", "--platform", "simulated", "--visibility", "public")
    added = run("add", tmp_path / "club", table, *options, "--json").json
    assert added["kept"] == added["in"] == len(rows(table))


def test_a_table_of_ones_own_is_the_background(tmp_path: Path) -> None:
    """With --background the rows of that table are all there, and what cannot be read is left out and said."""
    run("simulate", "funnel", tmp_path / "one", *SMALL)
    mine = tmp_path / "mine.csv"
    lines = (tmp_path / "one" / "interactions.csv").read_text().splitlines()
    mine.write_text("\n".join([*lines, lines[1].replace("T", "?", 1).replace("20", "x", 1)]) + "\n")
    said = run("simulate", "funnel", tmp_path / "two", "--background", mine, "--hubs", "1", "--decoys", "1", "--json")
    assert said.code == 0
    assert said.json["interactions"] > len(lines) - 1
    before = {row["interaction_id"] for row in rows(tmp_path / "one" / "interactions.csv")}
    assert before <= {row["interaction_id"] for row in rows(tmp_path / "two" / "interactions.csv")}


@pytest.mark.parametrize(
    ("arguments", "mend"),
    [
        (["raid", "{new}"], "one of funnel, takedown"),
        (["funnel", "{new}", "--set", "newcomers"], "As in: --set newcomers=40"),
        (["funnel", "{new}", "--set", "speed=3"], "There are: accounts, newcomers"),
        (["funnel", "{new}", "--role", "gardener"], "There are: customer_support"),
    ],
)
def test_what_cannot_be_planted_is_refused(arguments: list[str], mend: str, tmp_path: Path) -> None:
    """A wrong option ends with 2, says what to write instead, and writes nothing."""
    said = run("simulate", *(one.format(new=tmp_path / "new") for one in arguments))
    assert said.code == 2
    assert mend in " ".join(said.err.replace("│", " ").split())
    assert not (tmp_path / "new").exists()


def test_nothing_is_written_over(tmp_path: Path) -> None:
    """A folder that holds something is refused, and stays as it was."""
    (tmp_path / "note.txt").write_text("mine")
    said = run("simulate", "funnel", tmp_path, *SMALL)
    assert (said.code, [path.name for path in tmp_path.iterdir()]) == (5, ["note.txt"])


def test_a_takedown_is_written_and_imported_whole(tmp_path: Path) -> None:
    """Every message is kept with its channel's kind, handle and end; the same seed gives the same bytes."""
    told = ("simulate", "takedown", tmp_path / "first", "--channels", "20", "--days", "30", "--seed", "3")
    said = run(*told)
    assert said.code == 0
    assert said.out.startswith("Simulated: ")
    run(*told[:2], tmp_path / "again", *told[3:])
    names = {path.name for path in (tmp_path / "first").iterdir()}
    truth = {f"truth_{name}.csv" for name in ("successors", "ends", "decoys", "channels")}
    assert names == {"messages.ndjson", "actions.csv", "settings.json", "README.txt", *truth}
    assert all((tmp_path / "first" / name).read_bytes() == (tmp_path / "again" / name).read_bytes() for name in names)
    run("init", tmp_path / "club")
    options = ("--source", "generic", "--platform", "simulated", "--visibility", "public")
    added = run("add", tmp_path / "club", tmp_path / "first" / "messages.ndjson", *options, "--json").json
    lines = (tmp_path / "first" / "messages.ndjson").read_text().splitlines()
    assert added["kept"] == added["in"] == len(lines)
    with seawall.open(tmp_path / "club") as workspace, workspace.reading() as lake:
        kept = lake.reader("channels", ("kind", "created_at", "end_reason")).read_all().to_pylist()
    posted = {json.loads(line)["channel_id"] for line in lines}
    assert len(kept) == len(posted)
    assert {row["kind"] for row in kept} == {"broadcast", "group"}
    assert {row["end_reason"] for row in kept} >= {None, "taken_down"}
