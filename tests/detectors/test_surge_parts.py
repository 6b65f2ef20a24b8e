"""Surges of messages in parts: the same counts, and the same alerts, as of all messages at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seawall.checks import MemoryWindow, PartedEngine
from seawall.detectors.examples import messages_table
from seawall.detectors.surge import SurgeDetector
from seawall.detectors.surge_counts import SUMMED, Counting, counted_here, counted_over
from seawall.detectors.surge_kinds import KINDS, LISTED
from seawall.detectors.surge_texts import CommonTexts
from seawall.measures.bursts.plan import DAY
from seawall.model import COVERAGE
from tests.detectors import golden_files, surge_reference
from tests.detectors.surge_world import BEGIN, DAYS, FOLDER, alerts, coverage

EVERY = (*KINDS, *LISTED)
LISTED_NAMES = ("bed.example", "https://bed.example/1", "text:3", "rose's.example")


def optional(values: list[Any]) -> st.SearchStrategy[Any]:
    return st.sampled_from([None, *values])


HOSTS = ("bed.example", "rose's.example")
LINKS = [{"url": f"https://{host}/{page}", "domain": host} for host in HOSTS for page in "12"]
MESSAGE = st.fixed_dictionaries(
    {
        "platform": st.sampled_from(["forum", "pedal"]),
        "channel_id": optional(["c1", "c2", ""]),
        "account_id": st.sampled_from(["a1", "a2", "a3", "a4"]),
        "language": optional(["de", "und"]),
        "kind": st.sampled_from(["post", "edit", "service"]),
        "sent_at": st.integers(-3, 3 * 86_400).map(lambda second: BEGIN + timedelta(seconds=second)),
        "text_key": optional([3, 2**64 - 1]),
        "links": st.one_of(st.none(), st.lists(st.sampled_from(LINKS), max_size=3)),
        "media": st.one_of(
            st.none(), st.lists(st.fixed_dictionaries({"kind": optional(["video", "image"])}), max_size=2)
        ),
    }
)


def told(counts: pa.Table) -> list[tuple[Any, ...]]:
    names = ("kind", "platform", "name", "bin", "count")
    return sorted(zip(*(counts[name].to_pylist() for name in names), strict=True), key=repr)


@given(rows=st.lists(MESSAGE, max_size=40), parts=st.integers(1, 7), batch=st.integers(1, 9), least=st.integers(0, 5))
@settings(deadline=None, max_examples=150)
def test_counts_are_those_of_one_query(rows: list[dict[str, Any]], parts: int, batch: int, least: int) -> None:
    """In batches here, and in parts, each series has the count of a query in SQL in each bin."""
    messages = messages_table(rows)
    counting = Counting(DAY, EVERY, LISTED_NAMES, ("text:3",))
    wanted = surge_reference.counts(messages, DAY, EVERY, LISTED_NAMES, ("text:3",))
    assert told(counted_here(messages.to_reader(max_chunksize=batch), counting)) == wanted
    sums: dict[tuple[Any, ...], int] = {}
    for *series, _, count in wanted:
        sums[tuple(series)] = sums.get(tuple(series), 0) + count
    large = [row for row in wanted if row[0] == "platform" or sums[row[:3]] >= least]
    over = counted_over(PartedEngine(parts, batch).parts(messages.to_reader()), counting, least).all()
    assert over.schema == SUMMED
    assert told(over) == large


@given(rows=st.lists(MESSAGE, max_size=60), parts=st.integers(1, 7), batch=st.integers(1, 9), least=st.integers(1, 5))
@settings(deadline=None, max_examples=100)
def test_common_texts_are_those_of_one_query(rows: list[dict[str, Any]], parts: int, batch: int, least: int) -> None:
    """Texts with so many copies by three accounts are the same here, in parts, and by a query in SQL."""
    messages = messages_table(rows)
    wanted = surge_reference.texts(messages, least)
    assert CommonTexts(least).at_once(messages.to_reader(max_chunksize=batch)) == wanted
    assert PartedEngine(parts, batch).run(CommonTexts(least), messages.to_reader()) == wanted


def world(seed: int) -> dict[str, pa.Table]:
    """Three channels on two platforms, one of which writes more for some days; two texts that many copy."""
    rng = np.random.default_rng(seed)
    start, length = int(rng.integers(60, 140)), int(rng.integers(1, 12))
    rows = []
    for day in range(150):
        for number, (platform, language) in enumerate((("pedal", "de"), ("pedal", "en"), ("garden", "de"))):
            mean = 4 * (5 if start <= day < start + length and number < 1 + seed % 3 else 1)
            for second in rng.integers(0, 86_400, rng.poisson(mean)).tolist():
                at, key = BEGIN + timedelta(days=day, seconds=second), int(rng.integers(0, 30))
                link = {"url": f"https://bed{key % 3}.example/", "domain": f"bed{key % 3}.example"}
                rows.append(
                    {
                        "sent_at": at,
                        "platform": platform,
                        "channel_id": f"c{number}",
                        "language": language,
                        "account_id": f"a{rng.integers(0, 9)}",
                        "links": [link],
                        "text_key": max(key - 20, 0),
                    }
                )
    spans = coverage((0, 90), (95, 149 if seed % 2 else 150)) if seed % 3 else COVERAGE.empty_table()
    return {"messages": messages_table(rows), "coverage": spans}


@given(seed=st.integers(0, 10_000), parts=st.integers(1, 7), batch=st.integers(100, 3_000), end=st.booleans())
@settings(deadline=None, max_examples=12)
def test_alerts_are_the_same_in_parts(seed: int, parts: int, batch: int, end: bool) -> None:
    """Windows, p, q, pictures and doubts of every kind of series, however messages are cut."""
    tables = world(seed)
    detector = SurgeDetector(kinds=EVERY, indicators=("bed1.example",), least_messages=60, least_change=5)
    span = {"end": BEGIN + timedelta(days=148.5)} if end else {}
    whole = list(detector.detect(MemoryWindow(tables, detector, **span)))
    cut = list(detector.detect(MemoryWindow(tables, detector, PartedEngine(parts, batch), **span)))
    assert cut == whole


@pytest.mark.parametrize("parts", [1, 5])
def test_the_golden_world_is_said_in_parts_as_it_was_looked_at(parts: int) -> None:
    """Sentences, numbers, doubts and pictures are those that were committed."""
    tables, detector = golden_files.read(FOLDER), SurgeDetector()
    found = list(detector.detect(MemoryWindow(tables, detector, PartedEngine(parts, 700))))
    assert golden_files.as_json(found) == golden_files.expected(FOLDER)
    assert len(found) == len(alerts(tables)) > 0


def test_nothing_is_said_of_nothing_in_parts() -> None:
    """No messages, and messages that are all edits, give no alert and no error."""
    detector = SurgeDetector(kinds=EVERY, indicators=LISTED_NAMES)
    edits = messages_table([{"kind": "edit", "sent_at": BEGIN + timedelta(days=day)} for day in range(DAYS)])
    for messages in (edits.slice(0, 0), edits):
        window = MemoryWindow({"messages": messages, "coverage": coverage((0, DAYS))}, detector, PartedEngine(3))
        assert list(detector.detect(window)) == []
