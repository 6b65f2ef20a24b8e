"""Funnels while interactions come in: a watch proposes what seawall detect proposes, and prints nobody approached."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import seawall
from seawall import ReadOptions
from seawall.detectors import FunnelDetector
from seawall.watch.replay import replay, target_in
from seawall.watch.session import Settings
from seawall.workspace import Workspace
from tests.cli.running import run
from tests.fairness.swapped_chats import VARIANTS, Club


@pytest.fixture(scope="module")
def club(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a funnel among its interactions."""
    folder = tmp_path_factory.mktemp("replayed")
    with seawall.create(folder / "club") as workspace:
        workspace.add(Club(VARIANTS[0]).write(folder / "export"), options=ReadOptions(visibility="public"))
        workspace.detect([FunnelDetector()])
    return folder / "club"


def told(workspace: Workspace) -> list[tuple[Any, ...]]:
    """What the casebook's alerts say."""
    files = [workspace.case(case) for case in workspace.cases()["case_id"].to_pylist()]
    alerts = [kept.alert for file in files for kept in file.alerts]
    return sorted((alert.sentence, alert.score, alert.anchor, repr(alert.details)) for alert in alerts)


def test_a_replay_says_of_interactions_what_detect_says(tmp_path: Path, club: Path) -> None:
    """Played into another workspace and watched, the same alerts stand in its casebook."""
    with seawall.open(club) as origin, target_in(tmp_path / "played", origin) as target:
        played = replay(origin, target, settings=Settings(detectors=(FunnelDetector(),)))
        assert played.alerts > 0
        assert told(target) == told(origin)


def test_a_case_as_json_names_nobody_who_was_approached(club: Path) -> None:
    """The persons are not among what seawall case --json prints, nor is there a place for them."""
    with seawall.open(club) as workspace:
        (case, *_) = workspace.cases()["case_id"].to_pylist()
        rows = workspace.interactions(["source_account"])
        hubs = {subject.id for kept in workspace.case(case).alerts for subject in kept.alert.subjects}
    said = run("case", str(club), case, "--json").json
    assert "approached" not in said["alerts"][0]["alert"]
    others = set(rows["source_account"].to_pylist()) - hubs
    assert len(others) > 50
    assert not any(one in json.dumps(said) for one in others)
