"""seawall places --emerging: places that channel after channel takes to, for people and for programs."""

from __future__ import annotations

from pathlib import Path

import pytest

import seawall
from tests.cli.running import run
from tests.measures.emergence.lake import Row, taken_up, usual

PLACE = "allotments.example"


def write(path: Path, rows: list[Row]) -> Path:
    """A table of messages with a link each."""
    lines = [
        f"{number},{account},{channel},{at.isoformat()},{url}"
        for number, (at, channel, account, url, _) in enumerate(rows, start=1)
    ]
    path.write_text("id,author,channel,time,text\n" + "\n".join(lines) + "\n")
    return path


@pytest.fixture(scope="module")
def moving(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace of clubs that link to old and new sites, and take to one of them."""
    folder = tmp_path_factory.mktemp("moving")
    path = write(folder / "clubs.csv", usual() + taken_up(PLACE, 60))
    seawall.create(folder / "club").close()
    assert run("add", folder / "club", path, "--visibility", "public", "--platform", "forum").code == 0
    return folder / "club"


def test_places_that_emerge_are_listed(moving: Path) -> None:
    """One line a place; on stderr how many were judged, that no list was given, and what looks the same."""
    said = run("places", moving, "--emerging")
    assert said.code == 0
    (line,) = [line.split("\t") for line in said.out.splitlines()]
    assert line[:2] == [PLACE, "web"]
    assert "were taken up by five channels" in said.err
    assert "--popular" in said.err
    assert "newspaper" in said.err


def test_a_program_gets_what_the_library_gives(moving: Path) -> None:
    """The same rows, with counts; a kind chooses; a list of popular domains takes places out, with their count."""
    told = run("places", moving, "--emerging", "--json").json
    with seawall.open(moving) as workspace:
        found = workspace.emerging()
    assert [row["place"] for row in told["emerging"]] == found.table["place"].to_pylist() == [PLACE]
    assert (told["new"], told["judged"]) == (found.new, found.judged)
    assert run("places", moving, "--emerging", "--kind", "onion", "--json").json["emerging"] == []
    listed = moving.parent / "popular.csv"
    listed.write_text(f"1,garden1.example\n2,{PLACE.upper()}\n")
    told = run("places", moving, "--emerging", "--popular", listed, "--json").json
    assert told["emerging"] == []
    assert told["left_out"]["popular"] > 20
    assert "Popular domains were not left out" not in run("places", moving, "--emerging", "--popular", listed).err


@pytest.mark.parametrize(("content", "match"), [(None, "cannot be read"), ("rank\n", "holds none")])
def test_a_list_that_is_none_is_named(moving: Path, content: str | None, match: str) -> None:
    """A missing file, and one without domains, are one sentence and an exit code."""
    path = moving.parent / f"list-{content is None}.csv"
    if content is not None:
        path.write_text(content)
    said = run("places", moving, "--emerging", "--popular", path)
    assert said.code != 0
    assert match in said.err
