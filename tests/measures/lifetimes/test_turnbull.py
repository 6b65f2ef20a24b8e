"""Ends that lie between two ages."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from seawall.measures.lifetimes import median, survival
from seawall.measures.lifetimes.risk import risk
from seawall.measures.lifetimes.spells import read_spells
from seawall.measures.lifetimes.turnbull import between
from tests.measures.lifetimes import reference
from tests.measures.lifetimes.given import spells, table
from tests.measures.lifetimes.reference import Between, Spell

HORIZON = 12


@st.composite
def polled(draw: st.DrawFn) -> list[Between]:
    """Things that are looked at now and then."""
    made = []
    for _ in range(draw(st.integers(1, 10))):
        low = draw(st.integers(0, 8))
        high = draw(st.sampled_from((None, low + 1, low + 1, low + 2, low + 4)))
        made.append(Between(low, high, draw(st.integers(0, low)) if draw(st.booleans()) else 0))
    assume(any(one.high is not None and one.high > one.low + 1 for one in made))
    return made


def polled_table(made: list[Between]) -> pa.Table:
    return pa.table(
        {
            "start": pa.array([0.0] * len(made)),
            "end": pa.array([one.high for one in made], pa.float64()),
            "last_alive": pa.array([one.low for one in made], pa.float64()),
            "entry": pa.array([one.begin for one in made], pa.float64()),
        }
    )


@given(polled())
def test_no_share_can_be_moved_to_make_the_spells_more_likely(made: list[Between]) -> None:
    """The curve of spells that end between two looks is the most likely of all curves, delayed entry or not."""
    unseen = [one for one in made if one.high is None and one.begin >= one.low > 0]
    assume(len(unseen) < len(made))
    kept = [one for one in made if one not in unseen]
    assume(any(one.high is not None and one.high > one.low + 1 for one in kept))
    found = survival(polled_table(made), until=HORIZON)
    if "since" not in found.column_names:
        return
    values = [1.0, *found["survival"].to_pylist()]
    shares: dict[int, float] = {}
    for at, since, before, after in zip(
        found["time"].to_pylist(), found["since"].to_pylist(), values, values[1:], strict=False
    ):
        if before > after:
            day = round(at)
            assert since < at or since == at
            shares[day] = shares.get(day, 0.0) + before - after
    shares[HORIZON + 1] = values[-1]
    gain, whole = reference.gains(kept, shares, HORIZON)
    assert max(gain.values()) <= whole * (1 + 1e-6) + 1e-6 * len(kept)


@given(spells(True))
def test_exact_ends_give_kaplan_and_meier_with_greenwood(made: list[Spell]) -> None:
    """Where every end is known exactly, shares and observed information give the usual curve and bands."""
    read = read_spells(table(made))
    at = risk(read).at
    curve = reference.survival(made)
    assume(all(value > 0 for _, value, *_ in curve[:-1]))
    values, squares, _ = between(read, at)
    assert values.tolist() == pytest.approx([float(value) for _, value, *_ in curve], abs=2e-4)
    total, first = 0.0, curve[0][0]
    for place, (age, value, *_) in enumerate(curve):
        many, gone = reference.present(made, age, first), reference.ended(made, age)
        total += gone / (many * (many - gone)) if 0 < gone < many else 0.0
        if 0 < value < 1:
            assert squares[place] == pytest.approx(total, rel=2e-2)


def test_a_step_says_between_which_ages_it_lies() -> None:
    """Weekly looks: each step lies between the last look at which the spell lived and the next."""
    looked = pa.table({"start": [0, 0, 0], "end": [14, 28, None], "last_alive": [7, 21, 35]})
    found = survival(looked).to_pylist()
    steps = {
        row["time"]: row["since"]
        for row, before in zip(found[1:], found, strict=False)
        if row["survival"] < before["survival"]
    }
    assert steps == {14.0: 7.0, 28.0: 21.0}
    assert found[-1]["time"] == 35.0
    assert found[-1]["survival"] == pytest.approx(1 / 3)


def test_a_gap_in_looking_makes_ends_uncertain() -> None:
    """An end seen when looking began again lies anywhere in the gap; who was alive then was last seen before it."""
    spells_ = pa.table({"start": [0, 0, 0, 0], "end": [5, 20, 30, None]})
    gaps = pa.table({"start": [10, 38], "end": [20, 40]})
    found = survival(spells_, until=40, gaps=gaps).to_pylist()
    assert {row["time"]: row["since"] for row in found}[20.0] == 10.0
    assert found[-1]["time"] == 38.0


def test_looking_seldom_does_not_move_the_median() -> None:
    """1,000 lives seen every 30 days give the median of the lives themselves, within a month and within its limits."""
    random = np.random.default_rng(8)
    life, offset = random.exponential(200, 1000), random.uniform(0, 30, 1000)
    looks = np.ceil((life - offset) / 30)
    end = np.where(looks <= 0, offset, offset + 30 * looks)
    seen = pa.table({"start": np.zeros(1000), "end": end, "last_alive": np.maximum(end - 30, 0)})
    (row,) = median(seen).to_pylist()
    (exact,) = median(pa.table({"start": np.zeros(1000), "end": life})).to_pylist()
    assert abs(row["age"] - exact["age"]) < 15
    assert row["low"] < exact["age"] < row["high"]
