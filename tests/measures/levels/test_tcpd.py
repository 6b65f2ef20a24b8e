"""How near ``change_points`` comes to what people marked in real series."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from seawall.measures.levels import change_points
from tests.scorers import scorer


@pytest.fixture(scope="module")
def judge(shared_data: Path) -> ModuleType:
    """The scorer that stands beside the data, or a skip with the reason."""
    return scorer(shared_data, "cover")


@pytest.fixture(scope="module")
def scores(shared_data: Path, judge: ModuleType) -> dict[str, dict[str, float]]:
    """Cover and F1 of each series."""
    folder = shared_data / "surges" / "tcpd"
    told = json.loads((folder / "annotations.json").read_text("utf-8"))
    found = {}
    for name, marked in told.items():
        series = json.loads((folder / f"{name}.json").read_text("utf-8"))["series"]
        values = np.array([one["raw"] for one in series], np.float64).T
        found[name] = judge.score(marked, change_points(values).tolist(), len(values))
    return found


def mean(scores: dict[str, dict[str, float]], measure: str, but: str = "none") -> float:
    return float(np.mean([score[measure] for name, score in scores.items() if not name.startswith(but)]))


@pytest.mark.parametrize("measure", ["cover", "f1"])
def test_nearer_to_people_than_every_peer(shared_data: Path, scores: dict[str, dict[str, float]], measure: str) -> None:
    """On all series, and on those that are not synthetic, cover and F1 are above each peer's on the same series."""
    peers = json.loads((shared_data / "surges" / "tcpd_peers_dev.json").read_text("utf-8"))
    by_series = peers["by_series"]
    for name in peers["mean"]:
        for but in ("none", "quality_control"):
            theirs = mean({series: row[name] for series, row in by_series.items()}, measure, but)
            assert mean(scores, measure, but) > theirs + 0.04, (name, but)
    for name, published in peers["published_default"]["mean"].items():
        ours = {series: score for series, score in scores.items() if series not in published["without"]}
        assert mean(ours, measure) > published[measure], name


@pytest.mark.parametrize("measure", ["cover", "f1"])
def test_no_single_series_carries_it(shared_data: Path, scores: dict[str, dict[str, float]], measure: str) -> None:
    """Whichever series is left out, the figure stays above that of the best peer without it."""
    by_series = json.loads((shared_data / "surges" / "tcpd_peers_dev.json").read_text("utf-8"))["by_series"]
    for left_out in scores:
        theirs = mean({series: row["binseg_l2"] for series, row in by_series.items()}, measure, left_out)
        assert mean(scores, measure, left_out) > theirs + 0.03, left_out
