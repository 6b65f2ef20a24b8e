"""Surges beside incidents: numbers equal to the slow way, and tests that keep their level."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from seawall.errors import MeasureError
from seawall.measures import coincidence
from seawall.measures.coinciding.circle import unusual
from seawall.measures.coinciding.ratio import LEAST_VARIATION, SPARSE, Tails, rate_ratio
from seawall.simulate import IncidentSettings, incident_world
from tests.measures.coinciding import reference

BEGIN = date(2025, 1, 1)
Layout = tuple[list[int], list[tuple[int, int]]]


@st.composite
def layouts(draw: st.DrawFn) -> Layout:
    """Incidents of each day, and surges that do not touch."""
    days = draw(st.integers(28, 60))
    on = draw(st.lists(st.integers(0, 3), min_size=days, max_size=days))
    edges = sorted(draw(st.sets(st.integers(0, days - 1), min_size=4, max_size=8)))
    windows = list(zip(edges[::2], edges[1::2], strict=False))
    assume(sum(on) and all(end < begin for (_, end), (begin, _) in pairwise(windows)))
    return on, windows


def tables(on: list[int], windows: list[tuple[int, int]]) -> tuple[pa.Table, pa.Table]:
    """The same as tables."""
    first = datetime(2025, 1, 1, tzinfo=UTC)
    surges = {
        name: [first + timedelta(days=window[side]) for window in windows] for side, name in enumerate(("start", "end"))
    }
    days = [BEGIN + timedelta(days=day) for day, count in enumerate(on) for _ in range(count)]
    return pa.table(surges), pa.table({"date": pa.array(days, pa.date32())})


@settings(max_examples=40, deadline=None)
@given(layouts())
def test_rates_are_those_of_counting_day_by_day(layout: Layout) -> None:
    """Share, expectation and the careful p of each direction equal those of moving surges one day at a time."""
    on, windows = layout
    found = coincidence(*tables(on, windows), since=BEGIN, until=BEGIN + timedelta(days=len(on)), lags=(0, 3))
    for row in found.rates.to_pylist():
        count = reference.precursor if row["direction"] == "precursor" else reference.trigger
        shares = [count(on, windows, row["lag"] + shift) for shift in range(len(on))]
        assert row["rate"] == pytest.approx(float(shares[0]))
        assert row["expected"] == pytest.approx(float(sum(shares) / len(shares)))
        if len(set(shares)) > 1:
            assert row["p_most"] == pytest.approx(sum(share >= shares[0] for share in shares) / len(on))
            assert row["p"] <= row["p_most"] + 1e-12
        else:
            assert row["p"] is None


@settings(max_examples=40, deadline=None)
@given(layouts(), st.sampled_from([0.4, 1.0, 2.5]))
def test_tails_are_those_of_counting_shift_by_shift(layout: Layout, supposed: float) -> None:
    """How often a shift gives as much as the true place, if a ratio is supposed, equals the slow count."""
    on, windows = layout
    days = len(on)
    tails = Tails(np.array(on, float), windows, np.ones(days, bool), np.arange(days))
    heights = [reference.height(on, windows, shift, supposed, LEAST_VARIATION) for shift in range(days)]
    same = sum(abs(one - heights[0]) < 1e-9 for one in heights)
    up = (sum(one > heights[0] + 1e-9 for one in heights) + same / 2) / days
    down = (sum(one < heights[0] - 1e-9 for one in heights) + same / 2) / days
    assert tails(supposed) == pytest.approx((up, down))


@settings(max_examples=25, deadline=None)
@given(layouts())
def test_the_interval_ends_where_a_tail_does(layout: Layout) -> None:
    """The ratio lies in its interval; just outside each end a tail is below 2.5 %, just inside both are above."""
    on, windows = layout
    shape = np.array(on, float), windows, np.ones(len(on), bool), np.arange(len(on))
    found = rate_ratio(*shape, 0.5, 0.95)
    assert found.low is not None
    assert found.high is not None
    assert found.low <= found.ratio <= found.high
    if found.inside < SPARSE * len(windows) or not found.outside:
        return
    tails = Tails(*shape)
    for end, outwards in ((found.low, 1 / 1.001), (found.high, 1.001)):
        if found.ratio > 0 and 1 / 64 < end < 64 and abs(np.log(end / found.ratio)) > 0.01:
            assert min(tails(end * outwards)) <= 0.025 < min(tails(end))


def test_a_p_is_as_likely_as_any_other_when_places_are_alike() -> None:
    """Over all places and even draws, p falls below each level exactly as often as the level says."""
    values = np.array([3.0, 1, 1, 1, 0, 0, 2, 2])
    ps = [unusual(value, values, draw).p for value in values for draw in (np.arange(50) + 0.5) / 50]
    for level in (0.05, 0.25, 0.5, 0.9):
        assert np.mean(np.array(ps) <= level) == pytest.approx(level, abs=0.01)


def test_rows_may_stand_in_any_order() -> None:
    """The order of rows changes nothing, not even how ties are divided."""
    world = incident_world(5, settings=IncidentSettings(week=0.2, clusters="days", strength=2.0))
    mixed = np.random.default_rng(1).permutation(world.incidents.num_rows)
    span: dict[str, Any] = {"since": world.since, "until": world.until}
    one = coincidence(world.surges, world.incidents, **span)
    two = coincidence(world.surges.take(pa.array([4, 2, 0, 1, 3])), world.incidents.take(pa.array(mixed)), **span)
    assert one.rates.equals(two.rates)
    assert one.ratio.equals(two.ratio)
    assert one.p == two.p


def test_no_link_is_seldom_taken_for_one() -> None:
    """Of worlds with clusters and no link, about 5 % have a p below 0.05 (a wide band: these are few worlds)."""
    below = []
    for seed in range(150):
        world = incident_world(seed, settings=IncidentSettings(days=500, surges=4, clusters="moods", strength=1.0))
        found = coincidence(world.surges, world.incidents, since=world.since, until=world.until, lags=(-7, 0, 7))
        below.append((found.p or 1.0) <= 0.05)
    assert 0.01 <= np.mean(below) <= 0.11


def test_a_clear_link_is_seen_and_its_size_is_covered() -> None:
    """Where three times as many are planted, the ratio's interval lies above 1 and mostly holds 3."""
    held, clear = [], []
    for seed in range(40):
        world = incident_world(seed, settings=IncidentSettings(ratio=3.0, surges=8, clusters="moods", strength=0.4))
        row = coincidence(world.surges, world.incidents, since=world.since, until=world.until).ratio.to_pylist()[0]
        held.append(row["low"] <= world.ratio <= row["high"])
        clear.append(row["low"] > 1)
    assert np.mean(held) >= 0.85
    assert np.mean(clear) >= 0.9


def test_textbook_intervals_stand_beside() -> None:
    """Each method of textbooks has its row, and Poisson's is narrower than ours where there are clusters."""
    world = incident_world(2, settings=IncidentSettings(clusters="moods", strength=1.2, daily=2.0))
    found = coincidence(world.surges, world.incidents, since=world.since, until=world.until)
    beside = {row["method"]: row for row in found.textbook.to_pylist()}
    ours = found.ratio.to_pylist()[0]
    assert list(beside) == ["Poisson, exact", "quasi-Poisson", "Newey-West, t", "circular shift, plain"]
    exact = beside["Poisson, exact"]
    assert exact["high"] / exact["low"] < ours["high"] / ours["low"]


def test_everything_that_was_tried_stands_in_a_table() -> None:
    """Each group, direction and lag has a row, and one for each ratio; the corrected p is never below its own."""
    world = incident_world(4)
    found = coincidence(world.surges, world.incidents, since=world.since, until=world.until, by="place", lags=(0, 7))
    assert found.tried.num_rows == 3 * (2 * 2 + 1)
    assert all(row["p_corrected"] >= row["p"] - 0.02 for row in found.rates.to_pylist() if row["p"] is not None)


def test_one_surge_is_one_observation() -> None:
    """With a single surge there is no interval, and the sentence says so."""
    world = incident_world(4, settings=IncidentSettings(surges=1, daily=2.0))
    found = coincidence(world.surges, world.incidents, since=world.since, until=world.until)
    assert found.ratio["low"].to_pylist() == [None]
    assert "one surge allows no interval" in found.sentences[0]
    assert "1 surge is about 1 observation." in found.sentences


def test_sentences_never_claim_a_cause() -> None:
    """No sentence says more than that things coincided."""
    world = incident_world(1, settings=IncidentSettings(ratio=4.0))
    told = " ".join(coincidence(world.surges, world.incidents, since=world.since, until=world.until).sentences)
    assert not [word for word in ("caus", "led to", "because", "due to", "result") if word in told]
    assert "nothing here says that one came from the other" in told


def test_no_incident_in_surges_has_an_upper_end() -> None:
    """Where surges hold no incident, the interval begins at 0 and ends where that would be unusual."""
    on = [0] * 400
    for day in range(0, 400, 9):
        on[day] = 1
    for day in range(40, 60):
        on[day] = on[day + 200] = 0
    found = coincidence(*tables(on, [(40, 60), (240, 260)]), since=BEGIN, until=BEGIN + timedelta(days=400))
    row = found.ratio.to_pylist()[0]
    assert row["ratio"] == row["low"] == 0.0
    assert 0 < row["high"] < 5


def test_few_incidents_give_no_narrow_interval() -> None:
    """With fewer than three incidents a surge, or none outside, the interval is not narrower than Poisson's."""
    windows = [(60, 67), (150, 159)]
    for days in ((61, 151, 200), (61, 62, 151), (61, 151, 152, 20, 90, 300)):
        on = [int(day in days) for day in range(364)]
        found = coincidence(*tables(on, windows), since=BEGIN, until=BEGIN + timedelta(days=364))
        row, exact = found.ratio.to_pylist()[0], found.textbook.to_pylist()[0]
        assert row["low"] <= exact["low"]
        assert row["high"] >= exact["high"]


def test_wrong_parameters_are_named() -> None:
    """A parameter that cannot be is refused by name."""
    world = incident_world(1)
    wrongs: list[dict[str, Any]] = [
        {"since": "2026-01-01"},
        {"lags": ()}, {"tolerance": -1}, {"shifts": "hours"}, {"coarsest": "year"}, {"confidence": 95}
    ]  # fmt: skip
    for wrong in wrongs:
        with pytest.raises(MeasureError, match=next(iter(wrong))):
            coincidence(world.surges, world.incidents, **({"since": world.since, "until": world.until} | wrong))
