"""seawall coincidence: surges and incidents in, sentences that claim no cause out."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pa_csv
import pytest

from seawall.measures import coincidence
from seawall.simulate import IncidentSettings, IncidentWorld, incident_world
from tests.cli.running import run

KEYS = {
    *("sentences", "p", "rates", "ratio", "textbook", "tried", "surges", "days", "since", "until", "left_out"),
    "assumptions",
}


@pytest.fixture(scope="module")
def world() -> IncidentWorld:
    return incident_world(3, settings=IncidentSettings(ratio=4.0, week=0.1, month=0.1))


@pytest.fixture(scope="module")
def files(world: IncidentWorld, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Windows and incidents."""
    folder = tmp_path_factory.mktemp("incidents")
    pa_csv.write_csv(world.surges, folder / "windows.csv")
    pa_csv.write_csv(world.incidents, folder / "incidents.csv")
    return folder / "windows.csv", folder / "incidents.csv"


def test_json_is_the_answer_of_the_measure(world: IncidentWorld, files: tuple[Path, Path]) -> None:
    """The document holds what seawall.measures.coincidence gives for the same rows, under documented keys."""
    windows, incidents = files
    span = ("--start", world.since, "--end", world.until)
    told = run("coincidence", "--surges", windows, "--incidents", incidents, *span, "--json").json
    expected = coincidence(world.surges, world.incidents, since=world.since, until=world.until)
    assert set(told) == KEYS
    assert told["p"] == expected.p
    assert told["rates"] == expected.rates.to_pylist()
    assert told["sentences"] == list(expected.sentences)
    assert told["left_out"] == expected.left_out
    assert "known to the month only" in told["left_out"]


def test_people_read_sentences_and_what_was_tried(files: tuple[Path, Path]) -> None:
    """Sentences and three tables on stdout; what was assumed and left out on stderr."""
    said = run("coincidence", "--surges", files[0], "--incidents", files[1], "--lag", "0", "--lag", "7")
    lines = said.out.splitlines()
    assert "times as many a day" in lines[0]
    assert "5 surges are about 5 observations." in lines
    assert sum("incidents with a surge" in line for line in lines) == 2
    assert any(line.startswith("all\tPoisson, exact\t") for line in lines)
    assert "left out: known to the month only" in said.err
    assert "was taken to reach from the first to the last" in said.err


def test_splitting_is_corrected_for(files: tuple[Path, Path]) -> None:
    """--by place gives each place its rows, and one p for the best of all."""
    told = run("coincidence", "--surges", files[0], "--incidents", files[1], "--by", "place", "--json").json
    assert {row["group"] for row in told["ratio"]} == {"market square", "north bridge", "old harbour"}
    assert len(told["rates"]) == 3 * 2 * 9


def test_a_workspace_gives_its_surges(club: Path, tmp_path: Path) -> None:
    """With a workspace, surges are those of its platforms, and what was read stands in the audit."""
    days = [f"2026-05-{day:02}" for day in (1, 6, 8, 9, 12, 13, 20, 28)]
    path = tmp_path / "incidents.csv"
    path.write_text("day;town\n" + "".join(f"{day};north bridge\n" for day in days))
    told = run("coincidence", club, "--incidents", path, "--json").json
    assert told["surges"]
    assert told["days"]["known"] < told["days"]["all"] + 1
    assert any("Surges were taken from the counts" in sentence for sentence in told["assumptions"])
    said = run("coincidence", club, "--incidents", path, "--platform", "no such")
    assert said.code != 0
    assert "No message is of it" in said.err


@pytest.mark.parametrize(
    ("text", "more", "what"),
    [
        ("date,kind\n3/4/2026,ride\n", (), "Day and month"),
        ("date,kind\n2026-02-30,ride\n", (), "A date cannot be read"),
        ("date,kind\n2026-02,ride\n2026-03,ride\n", (), "2 left out: known to the month only"),
        ("date,precision\n2026-02-03,roughly\n", (), "A precision is not known"),
        ("date,count\n2026-02-03,-1\n", (), "A count is negative"),
        ("town,kind\nnorth,ride\n", (), "No column tells the date"),
        ("date\n2026-02-03\n", ("--by", "weather"), "cannot be split"),
        ("date\n2026-02-03\n", ("--platform", "forum"), "of a workspace"),
    ],
)
def test_bad_input_is_a_clear_error(
    files: tuple[Path, Path], tmp_path: Path, text: str, more: tuple[str, ...], what: str
) -> None:
    """Each names what is wrong, and where; none is a traceback."""
    path = tmp_path / "incidents.csv"
    path.write_text(text)
    said = run("coincidence", "--surges", files[0], "--incidents", path, *more)
    assert said.code not in (0, 70)
    assert what in said.err


def test_surges_come_from_one_place(files: tuple[Path, Path]) -> None:
    """None, or two of DIR, --surges and --counts are refused; so are no incidents."""
    for arguments in ((), ("--surges", files[0], "--counts", files[0])):
        assert "exactly one" in run("coincidence", *arguments, "--incidents", files[1]).err
    assert "--incidents" in run("coincidence", "--surges", files[0]).err


def test_counts_are_searched_for_surges(world: IncidentWorld, files: tuple[Path, Path], tmp_path: Path) -> None:
    """--counts takes what seawall surges takes."""
    counts = [40 + n * 7 % 11 + (120 if inside else 0) for n, inside in enumerate(world.inside)]
    days = pa.array([world.since.toordinal() - 719163 + n for n in range(len(counts))], pa.int32()).cast(pa.date32())
    pa_csv.write_csv(pa.table({"day": days, "n": counts}), tmp_path / "counts.csv")
    told = run("coincidence", "--counts", tmp_path / "counts.csv", "--incidents", files[1], "--json").json
    assert 3 <= len(told["surges"]) <= 6
