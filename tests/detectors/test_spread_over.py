"""Spreads found over rows in parts, against those found in all rows at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.checks import MemoryWindow, PartedEngine
from seawall.detectors.examples import messages_table
from seawall.detectors.spread import SpreadDetector, WatchedSpread
from seawall.detectors.spread_copies import COLUMNS
from seawall.detectors.spread_found import Fast, Rule
from seawall.detectors.spread_known import HOUR, Known
from seawall.detectors.spread_over import FastSpreads
from seawall.engine.local_parts import LocalParts
from seawall.engine.spark import SparkEngine
from seawall.parts import TableRows
from tests.detectors import golden_files
from tests.detectors.spread_world import spread_tables

END = datetime(2026, 5, 4, tzinfo=UTC)
START = END - timedelta(days=2)
FIRST = int(START.timestamp() * 1e6) // HOUR
HOURS = [(name, FIRST + hour, 1 + hour % 5) for name in ("garden", "club") for hour in range(-30, 49)]
KNOWN = Known.of(pa.table([list(column) for column in zip(*HOURS, strict=True)], ["platform", "bin", "count"]), [])


@st.composite
def worlds(draw: st.DrawFn) -> tuple[pa.Table, pa.Table | None]:
    """Messages of which many are copies, and which keys are near."""
    keys = draw(st.lists(st.sampled_from([None, 1, 2, 3, 4, 2**63, 2**64 - 1]), max_size=60))
    rows = [
        {
            "account_id": draw(st.sampled_from([f"a{number}" for number in range(7)])),
            "channel_id": draw(st.sampled_from(["beds", "rides", None])),
            "platform": draw(st.sampled_from(["garden", "club"])),
            "kind": draw(st.sampled_from(["post", "post", "repost", "edit", "service"])),
            "text_key": key,
            "sent_at": START + timedelta(hours=draw(st.integers(0, 47))),
        }
        for key in keys
    ]
    joined = draw(st.sampled_from([None, [], [(1, 1), (2, 1)], [(4, 3), (3, 3)]]))
    pairs = joined and list(zip(*joined, strict=True))
    clusters = None if joined is None else pa.table(
        {name: pa.array(pairs[place] if pairs else (), pa.uint64()) for place, name in enumerate(("key", "cluster"))}
    )  # fmt: skip
    return messages_table(rows).select(list(COLUMNS)), clusters


def as_told(found: list[Fast]) -> list[tuple[Any, ...]]:
    """Every field of each, and the copies in their order; not the number that a row happens to have."""
    return [
        (*(value for name, value in vars(one).items() if name not in ("row", "copies")), one.copies.table.to_pylist())
        for one in found
    ]


@given(worlds(), st.integers(1, 7), st.sampled_from([0.2, 1.0]))
def test_parts_tell_what_all_rows_at_once_tell(world: tuple[pa.Table, pa.Table | None], count: int, q: float) -> None:
    """However messages are cut, the spreads, every figure of them and their copies are the same, in the same order."""
    messages, clusters = world
    measure = FastSpreads(Rule(q, 1, 10 * HOUR, (HOUR, 4 * HOUR)), KNOWN, clusters)
    whole = measure.at_once(messages.to_reader())
    assert as_told(measure.over(LocalParts.of(TableRows(messages), count))) == as_told(whole)


@pytest.mark.parametrize("detector", [SpreadDetector(), WatchedSpread()], ids=["detect", "watch"])
@pytest.mark.parametrize("seed", [7, 8])
def test_the_detector_says_the_same_on_an_engine_of_parts(detector: SpreadDetector, seed: int) -> None:
    """The alerts of a world are those of the local engine, to the last letter and digit."""
    world = spread_tables(seed)
    expected = list(detector.detect(MemoryWindow(world, detector)))
    for count in (1, 5):
        found = list(detector.detect(MemoryWindow(world, detector, PartedEngine(count))))
        assert golden_files.as_json(found) == golden_files.as_json(expected)
    assert expected


def test_the_detector_says_the_same_on_spark(spark_engine: SparkEngine) -> None:
    """On a real Spark the alerts of a world are those of the local engine."""
    world, detector = spread_tables(), SpreadDetector()
    expected = list(detector.detect(MemoryWindow(world, detector)))
    found = list(detector.detect(MemoryWindow(world, detector, spark_engine)))
    assert golden_files.as_json(found) == golden_files.as_json(expected)
    assert expected
