"""Places that emerge from links in parts, as alerts."""

from __future__ import annotations

import random
from datetime import timedelta

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seawall.checks import MemoryWindow, PartedEngine
from seawall.detectors import EmergingDetector
from seawall.detectors.examples import messages_table
from seawall.model import COVERAGE
from tests.detectors import golden_files
from tests.detectors.emerging_world import GROUP, PLACE, lake_tables
from tests.detectors.test_emerging import FOLDER
from tests.measures.emergence.lake import BEGIN, Row, taken_up, usual


@pytest.mark.parametrize("parts", [1, 4])
def test_the_golden_world_is_said_in_parts_as_it_was_looked_at(parts: int) -> None:
    """A server and a group, with evidence, subjects and pictures that were committed."""
    detector = EmergingDetector()
    window = MemoryWindow(golden_files.read(FOLDER), detector, PartedEngine(parts, 300))
    found = list(detector.detect(window))
    assert golden_files.as_json(found) == golden_files.expected(FOLDER)
    assert [alert.subjects[0].id for alert in found] == [PLACE, GROUP]


def rows_of(seed: int) -> list[Row]:
    """A place whose pages, accounts and clubs are as chance has it, on top of what is usual."""
    fate = random.Random(seed)
    rows = usual(seed, sites=20)
    account = fate.choice(("", "a1", None))
    taken = taken_up("daily.example", fate.randrange(30, 90), clubs=range(fate.randrange(6, 20)), account=account)
    pages = fate.choice((1, 3, 1000))
    rows += [(*row[:3], f"{row[3]}{number % pages}", row[4]) for number, row in enumerate(taken)]
    return fate.sample(rows, len(rows))


@given(seed=st.integers(0, 10_000), parts=st.integers(1, 7), batch=st.integers(100, 4_000), gap=st.booleans())
@settings(deadline=None, max_examples=6)
def test_alerts_are_the_same_in_parts(seed: int, parts: int, batch: int, gap: bool) -> None:
    """On one platform or two, with a gap that is told or none, to the end or until the middle of a day."""
    worlds = [lake_tables(rows_of(seed))]
    if seed % 2:
        worlds.append(lake_tables(rows_of(seed), "simulated"))
    tables = {name: pa.concat_tables([world[name] for world in worlds]) for name in ("messages", "coverage")}
    if gap:
        row = tables["coverage"].to_pylist()[0] | {"start": BEGIN + timedelta(days=25), "complete": False}
        row["end"] = BEGIN + timedelta(days=27)
        tables["coverage"] = pa.concat_tables([tables["coverage"], pa.Table.from_pylist([row], schema=COVERAGE)])
    detector = EmergingDetector(q=0.5, known=("site1.example",))
    end = BEGIN + timedelta(days=95.4) if seed % 3 else None
    here = list(detector.detect(MemoryWindow(tables, detector, end=end)))
    there = list(detector.detect(MemoryWindow(tables, detector, PartedEngine(parts, batch), end=end)))
    assert there == here


def test_nothing_is_said_of_nothing_in_parts() -> None:
    """No messages, messages without links, and links of one day alone give no alert and no error."""
    bare = messages_table([{"sent_at": BEGIN + timedelta(days=day)} for day in range(3)])
    today = lake_tables([row for row in usual() if row[0] < BEGIN + timedelta(days=1)])["messages"]
    for messages in (bare.slice(0, 0), bare, today):
        detector = EmergingDetector()
        assert list(detector.detect(MemoryWindow({"messages": messages}, detector, PartedEngine(3)))) == []
