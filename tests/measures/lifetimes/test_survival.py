"""The survival function against its definition."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.measures.lifetimes import (
    cumulative_incidence,
    hazard,
    left_out,
    log_rank,
    median,
    restricted_mean,
    survival,
)
from tests.measures.lifetimes import reference
from tests.measures.lifetimes.given import KINDS, spells, table
from tests.measures.lifetimes.reference import Spell


@given(st.booleans().flatmap(spells), st.sampled_from((0.8, 0.95)))
def test_curves_are_those_of_the_definition(made: list[Spell], confidence: float) -> None:
    """Survival, bands and numbers at risk are those of the slow reference, with ties, censoring and delayed entry."""
    found = survival(table(made), confidence=confidence)
    expected = reference.survival(made, confidence)
    names = ("time", "survival", "low", "high", "at_risk")
    for name, column in zip(names, zip(*expected, strict=True), strict=True):
        assert found[name].to_pylist() == pytest.approx([float(one) for one in column], abs=1e-12), name
    assert pa.compute.sum(found["events"]).as_py() == sum(one.kind is not None for one in made)
    assert pa.compute.sum(found["entered"]).as_py() == len(made)


@given(spells(True), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(made: list[Spell], random: object) -> None:
    """Spells in any order give the same table."""
    rows = table(made)
    order = list(range(len(made)))
    random.shuffle(order)  # type: ignore[attr-defined]
    assert survival(rows).equals(survival(rows.take(pa.array(order))))


@given(spells(True), spells(True))
def test_each_group_has_the_curve_that_it_has_alone(one: list[Spell], other: list[Spell]) -> None:
    """Groups do not touch each other; a group without a name is one, and stands last."""
    both = pa.concat_tables(
        [table(other).append_column("group", pa.nulls(len(other), pa.string())), table(one, "clubs")]
    )
    found = survival(both)
    apart = [survival(table(one)), survival(table(other))]
    assert found.drop_columns("group").equals(pa.concat_tables([part.replace_schema_metadata() for part in apart]))
    assert found["group"].to_pylist() == ["clubs"] * len(apart[0]) + [None] * len(apart[1])


@given(spells(True))
def test_competing_ends_are_those_of_the_definition(made: list[Spell]) -> None:
    """Each kind's incidence is that of the slow reference; at the end of all, they and survival add up to 1."""
    found = cumulative_incidence(table(made))
    for kind in KINDS:
        rows = [row for row in found.to_pylist() if row["kind"] == kind]
        expected = reference.incidence(made, kind)
        assert {row["time"]: row["incidence"] for row in rows} == pytest.approx(
            {float(at): float(value) for at, value in expected.items()}, abs=1e-12
        )
        assert all(row["low"] <= row["incidence"] + 1e-12 and row["incidence"] <= row["high"] + 1e-12 for row in rows)
    last = sum(
        max((row["incidence"] for row in found.to_pylist() if row["kind"] == kind), default=0.0) for kind in KINDS
    )
    assert last + survival(table(made))["survival"][-1].as_py() == pytest.approx(1.0)


@given(st.lists(spells(True), min_size=2, max_size=3))
def test_the_log_rank_test_is_that_of_the_definition(groups: list[list[Spell]]) -> None:
    """Expected events and the statistic are those of the slow reference."""
    whole = pa.concat_tables([table(made, place) for place, made in enumerate(groups)])
    found = log_rank(whole)
    expected, statistic = reference.log_rank(groups)
    assert found.groups["expected"].to_pylist() == pytest.approx(expected)
    assert found.statistic == pytest.approx(statistic, abs=1e-9)
    assert 0.0 <= found.p <= 1.0


@given(spells(True), st.integers(1, 12))
def test_the_restricted_mean_is_the_area_under_the_curve(made: list[Spell], horizon: int) -> None:
    """It is the sum of survival over the days up to the horizon; beyond what was observed nothing is told."""
    (row,) = restricted_mean(table(made), horizon).to_pylist()
    curve = reference.survival(made)
    if curve[-1][0] < horizon and curve[-1][1] > 0:
        assert row["mean"] is None
        return
    days = [next((value for at, value, *_ in reversed(curve) if at <= day), 1) for day in range(horizon)]
    assert row["mean"] == pytest.approx(float(sum(days)))
    assert row["low"] <= row["mean"] + 1e-9 <= row["high"] + 2e-9


@given(spells(True), st.sampled_from((0.25, 0.5)))
def test_the_median_is_the_first_age_at_which_half_have_ended(made: list[Spell], share: float) -> None:
    """It and its limits are read off the curve and its bands; where the band is no band, there is no limit."""
    (row,) = median(table(made), share=share).to_pylist()
    curve = reference.survival(made)
    assert row["age"] == next((at for at, value, *_ in curve if value <= share), None)
    assert row["low"] == next((at for at, _, low, *_ in curve if low <= share + 1e-12), None)
    assert row["high"] == next((at for at, value, _, high, _ in curve if high <= share + 1e-12 and value > 0), None)


@given(spells(True), st.integers(1, 4))
def test_hazards_are_events_against_spells_at_risk(made: list[Spell], width: int) -> None:
    """Each step counts its events, the days of all spells, and half of those that came or went within it."""
    for row in hazard(table(made), width).to_pylist():
        low, high = row["from"], row["to"]
        assert row["events"] == sum(one.kind is not None and low <= one.age < high for one in made)
        days = sum(max(min(one.age, high) - max(one.begin, low), 0) for one in made)
        assert row["days"] == pytest.approx(days)
        there = sum(one.begin <= low <= one.age for one in made)
        late = sum(low < one.begin < high for one in made)
        lost = sum(one.kind is None and low <= one.age < high for one in made)
        assert row["at_risk"] == pytest.approx(max(there + late / 2 - lost / 2, row["events"]))
        if row["at_risk"]:
            assert row["low"] <= row["hazard"] <= row["high"]


def test_more_spells_of_the_same_kind_make_bands_narrower() -> None:
    """Ten times the spells: the same curve, and bands that lie within the earlier ones."""
    made = [Spell(0, age, "renamed" if age % 3 else None) for age in range(1, 9)]
    few, many = survival(table(made)), survival(table(made * 10))
    assert np.allclose(few["survival"], many["survival"])
    inner = [0 < value < 1 for value in few["survival"].to_pylist()]
    assert np.all(many["low"].to_numpy()[inner] > few["low"].to_numpy()[inner])
    assert np.all(many["high"].to_numpy()[inner] < few["high"].to_numpy()[inner])


@pytest.mark.parametrize("form", ["log-log", "log", "plain"])
def test_bands_enclose_the_curve(form: str) -> None:
    """Each form of bands lies within 0 and 1, around the curve."""
    made = [Spell(0, age, "renamed" if age % 3 else None) for age in range(1, 9)]
    found = survival(table(made), bands=form)
    low, middle, high = (found[name].to_numpy() for name in ("low", "survival", "high"))
    assert np.all((low >= 0) & (low <= middle) & (middle <= high) & (high <= 1))


def test_nothing_is_left_out_of_what_can_be_used() -> None:
    """Counts of what was left out are empty where nothing was."""
    assert left_out(survival(table([Spell(0, 4, None)]))) == {}
