from __future__ import annotations

import json

import pyarrow.parquet as pq
import pytest

from tests.detectors.golden import DETECTORS, FOLDER, WORLDS, alerts_of


@pytest.mark.parametrize("name", DETECTORS)
def test_a_detector_says_about_its_golden_world_what_it_said_before(name: str) -> None:
    """Sentences, scores, evidence and details are those that were looked at and committed."""
    messages = pq.read_table(FOLDER / name / "messages.parquet")
    assert alerts_of(name, messages) == json.loads((FOLDER / name / "expected.json").read_text())


@pytest.mark.parametrize("name", DETECTORS)
def test_the_golden_world_is_what_its_script_makes(name: str) -> None:
    """The committed input comes from the seeded script."""
    messages = pq.read_table(FOLDER / name / "messages.parquet")
    assert messages.to_pylist() == WORLDS[name]().select(messages.column_names).to_pylist()
