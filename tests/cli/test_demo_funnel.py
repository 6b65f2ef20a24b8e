"""The demonstration's funnel: simulated, and told as such."""

from __future__ import annotations

import csv
from importlib.resources import as_file, files
from pathlib import Path

import pytest

import seawall
from seawall.demo import build
from seawall.demo.simulated import PLATFORM, write_simulated
from seawall.model import SIMULATED, is_simulated


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("demo") / "club").workspace


def test_the_demonstration_shows_the_planted_funnel_and_no_other(demo: Path, tmp_path: Path) -> None:
    """One funnel-like account is told, it is the one that was planted, and its sentence begins with "Simulated"."""
    with as_file(files("seawall.demo") / "data" / "chat.ndjson.gz") as chat:
        truth = write_simulated(chat, tmp_path / "simulated").with_name("truth_hubs.csv")
    with truth.open(encoding="utf-8") as file:
        (hub,) = (row["account"] for row in csv.DictReader(file) if row["decoy"] == "false")
    with seawall.open(demo) as workspace:
        (alert,) = (row for row in workspace.alerts().to_pylist() if row["detector"] == "funnel")
        planted = workspace.pseudonyms_of(platform=PLATFORM, id_=hub)
    assert alert["sentence"].startswith(SIMULATED)
    assert [one["id"] for one in alert["subjects"]] == planted
    assert is_simulated(PLATFORM)


def test_the_brief_marks_what_is_simulated(demo: Path) -> None:
    """The demonstration's brief says so in its first sentence and at the funnel's case."""
    (brief,) = (demo / "briefs").glob("*.html")
    page = brief.read_text(encoding="utf-8")
    assert "1 funnel-like hub (simulated)" in page
    assert '<span class="badge">Simulated</span> An account approached' in page
