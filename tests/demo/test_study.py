"""The worked study runs with one command, and its page shows what it gives."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from seawall.demo.study import LISTED, STEPS, Study, build_study
from seawall.errors import StorageError
from tests.demo.page import BLOCK, DRAWN, PAGE, PICTURES, alike, draw, findings, written


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return build_study(tmp_path_factory.mktemp("studies") / "study")


def test_the_study_leads_to_the_page_of_before_and_after(study: Study) -> None:
    """From a raw export to pages, each with its doubt; every step says something."""
    assert [page.name for page in study.pages] == ["effect.html", "flow.html", "survival.html"]
    assert all(said for _, said in study.said)
    assert study.said[-1][1].startswith("Simulated: ")
    assert "Simulated" in study.pages[0].read_text(encoding="utf-8")
    assert str(study.pages[0]) in str(study)


def test_the_action_that_was_planted_is_seen(study: Study) -> None:
    """The large action of the world shows as a fall, with channels on which nobody acted to compare with."""
    *_, last = findings(study.folder).values()
    rows = [line for line in last if line.startswith("takedown 2026-01-09") and "messages" in line]
    assert any("fell" in row for row in rows)
    with (study.folder / LISTED).open(encoding="utf-8", newline="") as file:
        listed = list(csv.DictReader(file))
    assert {row["date"] for row in listed} == {"2025-11-10", "2026-01-09"}


def test_the_page_shows_each_step_as_it_is(study: Study) -> None:
    """Every command of the study stands on its page with what it prints.

    Where a method changed, write it anew: python -m tests.demo.page
    """
    page = PAGE.read_text(encoding="utf-8")
    assert [found[1] for found in BLOCK.finditer(page)] == [step.typed for step in STEPS]
    assert alike(page, written(page, findings(study.folder)))


@pytest.mark.parametrize("name", DRAWN)
def test_pictures_are_what_the_study_draws(study: Study, name: str) -> None:
    """What the pictures on the page say is what pictures drawn now say."""
    said = [re.sub(r"<[^>]+>", " ", text) for text in (draw(study.folder, name), (PICTURES / name).read_text("utf-8"))]
    assert alike(*(" ".join(words.split()) for words in said))


def test_a_folder_that_holds_something_is_refused(tmp_path: Path) -> None:
    """Nothing is overwritten."""
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(StorageError, match="holds something"):
        build_study(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_steps_are_typed_as_they_run() -> None:
    """A step's command can be copied into a shell."""
    assert STEPS[1].typed == "seawall init club"
