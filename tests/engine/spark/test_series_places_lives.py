"""Surges, emerging places and lives of channels on Spark: what they are on this machine."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

import seawall
from seawall.checks import MemoryWindow
from seawall.detectors import EmergingDetector
from seawall.detectors.surge import SurgeDetector
from seawall.detectors.surge_kinds import KINDS, LISTED
from seawall.engine.spark import SparkEngine
from seawall.model import Visibility
from seawall.protocols import Detector, ReadOptions
from tests.conftest import ROOT
from tests.detectors import golden_files
from tests.workspace.test_lifetimes import SPOKEN, written

GOLDEN = ROOT / "tests" / "golden"


@pytest.mark.parametrize(("name", "detector"), [("surge", SurgeDetector()), ("emerging", EmergingDetector())])
def test_golden_worlds_are_said_as_they_were_looked_at(
    spark_engine: SparkEngine, name: str, detector: Detector
) -> None:
    """Windows, places, dates, p, q and pictures are those that were committed."""
    window = MemoryWindow(golden_files.read(GOLDEN / name), detector, spark_engine)
    assert golden_files.as_json(list(detector.detect(window))) == golden_files.expected(GOLDEN / name)


def test_series_that_are_listed_are_the_same_there(spark_engine: SparkEngine) -> None:
    """Texts that many copy are found on Spark and counted."""
    tables = golden_files.read(GOLDEN / "surge")
    keys = pa.array([7 if language == "de" else None for language in tables["messages"]["language"].to_pylist()])
    names = pa.array([f"a{number % 3}" for number in range(len(keys))])
    place = tables["messages"].column_names.index
    messages = tables["messages"].set_column(place("text_key"), "text_key", keys.cast(pa.uint64()))
    tables["messages"] = messages.set_column(place("account_id"), "account_id", names)
    detector = SurgeDetector(kinds=(*KINDS, *LISTED), indicators=("text:7",))
    here, there = (list(detector.detect(MemoryWindow(tables, detector, engine))) for engine in (None, spark_engine))
    assert there == here
    assert {"text", "indicator"} <= {alert.subjects[0].kind for alert in there}


def test_what_a_lake_tells_of_channels_and_places_is_the_same_there(spark_engine: SparkEngine, tmp_path: Path) -> None:
    """Tasks read the lake's files themselves: spells and links of a small lake."""
    workspace = seawall.create(tmp_path / "garden")
    export = written(tmp_path / "a.csv", SPOKEN)
    workspace.add(export, options=ReadOptions(visibility=Visibility.PUBLIC, platform="forum"))
    there = seawall.open(tmp_path / "garden", engine=spark_engine)
    assert there.spells().equals(workspace.spells())
    assert there.survival().sentence == workspace.survival().sentence
    found, wanted = there.emerging(), workspace.emerging()
    assert found.table.equals(wanted.table)
    assert (found.left_out, found.new) == (wanted.left_out, wanted.new)
