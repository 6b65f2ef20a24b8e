"""The output detector's state while records come in, against the detector over all of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.checks import MemoryWindow, check_live_detector
from seawall.detectors.examples import messages_table
from seawall.detectors.output import OutputDetector
from seawall.detectors.output_standing import OutputStanding
from seawall.detectors.surge_collected import Collected
from seawall.model import COVERAGE, Alert
from tests.detectors.output_world import BACK, BEGIN, DAYS, FALL, alerts, media, output_tables
from tests.detectors.standing import before, fed

NEEDS = list(OutputDetector.needs["messages"])
NOON = timedelta(hours=12)


@pytest.fixture(scope="module")
def tables() -> dict[str, pa.Table]:
    return output_tables()


def test_it_keeps_the_contract_of_standing_states(tables: dict[str, pa.Table]) -> None:
    """With coverage and without, in any order, it says what the detector says."""
    check_live_detector(OutputDetector(), (tables, {"messages": tables["messages"]}), seeds=1)


@pytest.mark.parametrize("day", [FALL + 14, FALL + 28, BACK + 35, DAYS - 1])
def test_at_any_moment_it_says_what_the_batch_up_to_then_says(tables: dict[str, pa.Table], day: int) -> None:
    """At noon, with coverage stated beyond that moment, and with none."""
    now = BEGIN + timedelta(days=day) + NOON
    known = before(tables["messages"], now)
    for told in (tables["coverage"], COVERAGE.empty_table()):
        said = list(fed(known, OutputDetector()).alerts(told.select(list(OutputDetector.needs["coverage"])), now))
        assert said == alerts({"messages": known, "coverage": told}, end=now)


def test_what_is_forgotten_is_as_if_it_had_never_come(tables: dict[str, pa.Table]) -> None:
    """After letting go it says what the detector says of a window that begins there; late rows do not count."""
    detector = OutputDetector()
    rows, now = tables["messages"], BEGIN + timedelta(days=DAYS)
    state, edge = fed(rows, OutputDetector()), BEGIN + timedelta(days=90)
    whole = len(state.save()["counts"])
    state.forget(edge + state.reach)
    known = tables["coverage"].select(list(detector.needs["coverage"]))
    assert list(state.alerts(known, now)) == alerts(tables, start=edge)
    assert len(state.save()["counts"]) < whole
    again = detector.standing(state.save())
    for one in (state, again):
        one.feed(rows.slice(0, 0).select(NEEDS), before(rows, edge).select(NEEDS))
        assert list(one.alerts(known, now)) == alerts(tables, start=edge)
        assert one.save() == state.save()


def test_nothing_is_computed_anew_while_a_day_runs(tables: dict[str, pa.Table]) -> None:
    """Messages of the running day change nothing; those of days before, another day, and coverage do."""
    asked = []

    def alerts_of(counted: pa.Table, collected: Collected) -> Iterator[Alert]:
        asked.append(counted)
        return iter(())

    rows = tables["messages"].select(NEEDS)
    state = OutputStanding(("video",), alerts_of)
    now = BEGIN + timedelta(days=30, hours=20)
    today = before(rows, now).filter(pc.greater_equal(before(rows, now)["sent_at"], pa.scalar(now - NOON)))
    state.feed(rows.slice(0, 0), before(rows, now - NOON))
    state.feed(rows.slice(0, 0), today.slice(0, 1))

    def watched(until: datetime) -> pa.Table:
        known = {"source": "live", "platform": "pedal", "start": BEGIN, "end": until, "complete": True}
        return pa.Table.from_pylist([{**known, "how": "watched", "batch": 1}], COVERAGE)

    for step in range(3):
        state.feed(rows.slice(0, 0), today.slice(1 + step, 1))
        list(state.alerts(watched(now + step * timedelta(minutes=1)), now + step * timedelta(minutes=1)))
    assert len(asked) == 1
    state.feed(rows.slice(0, 0), rows.slice(0, 1))
    list(state.alerts(watched(now), now))
    assert len(asked) == 2
    list(state.alerts(watched(now), now + timedelta(days=1)))
    assert len(asked) == 3
    state.feed(rows.slice(0, 0), today.slice(5, 1))
    list(state.alerts(watched(now), now + timedelta(days=1)))
    assert len(asked) == 4


SEEN: list[tuple[pa.Table, Collected]] = []


class Noting(OutputDetector):
    """Notes what it is to judge."""

    def of(self, counted: pa.Table, collected: Collected) -> Iterator[Alert]:
        SEEN.append((counted, collected))
        return iter(())


FIRST = datetime(2026, 5, 4, tzinfo=UTC)
KINDS = st.sampled_from(["video", "image", "link", "text"])
messages = st.fixed_dictionaries(
    {
        "sent_at": st.integers(-2, 40).map(lambda step: FIRST + timedelta(hours=6 * step)),
        "platform": st.sampled_from(["garden", "pedal"]),
        "source": st.sampled_from(["one", "two"]),
        "channel_id": st.sampled_from([None, "c1", "c2"]),
        "kind": st.sampled_from(["post", "edit", "repost", "service"]),
        "media": st.none() | st.lists(KINDS, max_size=3).map(lambda kinds: media(*kinds)),
    }
)


@given(put=st.lists(messages, max_size=30), taken=st.integers(0, 30))
def test_counts_are_those_of_a_plain_loop_and_of_the_query(put: list[dict[str, Any]], taken: int) -> None:
    """Whatever comes and goes, state and query count what a loop over the rows that stay counts."""
    SEEN.clear()
    detector, rows = Noting(), messages_table(put).select(NEEDS)
    state = fed(rows, detector)
    state.feed(rows.slice(0, taken), rows.slice(0, 0))
    list(detector.detect(MemoryWindow({"messages": rows.slice(taken)}, detector)))
    list(state.alerts(COVERAGE.empty_table(), FIRST + timedelta(days=99)))
    (counted, collected), (held, known) = SEEN
    assert cells(held) == cells(counted) == plainly(rows.slice(taken).to_pylist())
    assert known.spans == collected.spans


def cells(counted: pa.Table) -> dict[tuple[Any, ...], int]:
    names = ("platform", "source", "channel", "thing", "day")
    return {tuple(row[name] for name in names): row["count"] for row in counted.to_pylist()}


def plainly(rows: list[dict[str, Any]]) -> dict[tuple[Any, ...], int]:
    """The same, obviously."""
    found: dict[tuple[Any, ...], int] = {}
    for row in rows:
        made = [] if row["kind"] == "repost" else [one["kind"] for one in row["media"] or ()]
        things = ["message", *(kind for kind in made if kind in OutputDetector().kinds)]
        day = (row["sent_at"] - datetime(1970, 1, 5, tzinfo=UTC)) // timedelta(days=1)
        for thing in things if row["kind"] != "edit" else ():
            key = (row["platform"], row["source"], row["channel_id"], thing, day)
            found[key] = found.get(key, 0) + 1
    return found
