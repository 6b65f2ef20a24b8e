"""What ``effect`` promises to those who call it with tables."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from seawall.errors import MeasureError
from seawall.measures import effect
from seawall.measures.effects.words import VERDICTS
from seawall.simulate.counted_takedowns import BEGINS, TakedownCounts, TakedownCountSettings, takedown_counts

SETTINGS = TakedownCountSettings(controls=6, ratio=0.05)


@pytest.fixture(scope="module")
def world() -> TakedownCounts:
    return takedown_counts(8, settings=SETTINGS)


def row(series: Any, actions: Any, **more: Any) -> dict[str, Any]:
    (found,) = effect(series, actions, **more).table.to_pylist()
    told: dict[str, Any] = found
    return told


def action(day: int, unit: str | None = "channel 0", name: str = "closed") -> pa.Table:
    return pa.table({"at": [BEGINS + timedelta(days=day)], "unit": pa.array([unit], pa.string()), "action": [name]})


def left_out(found: Any) -> dict[str, int]:
    return {one["reason"]: one["count"] for one in found.left_out.to_pylist()}


def test_a_fall_is_told_with_an_interval_that_holds_it(world: TakedownCounts) -> None:
    """A channel of which a twentieth is left fell, beside six on which nobody acted."""
    told = row(world.series, world.actions)
    assert told["verdict"] == "fell"
    assert told["low"] < 0.05 < told["high"] < 0.5
    assert (told["units"], told["controls"], told["days_before"], told["days_after"]) == (1, 6, 30, 30)
    assert told["expected"] > told["after"]


def test_rows_may_come_in_any_order_and_as_any_frame(world: TakedownCounts) -> None:
    """Shuffled rows, pandas, polars, and other names of columns give the same ratio to the last digit."""
    told = row(world.series, world.actions)
    shuffled = world.series.take(np.random.default_rng(1).permutation(len(world.series)))
    assert row(shuffled, world.actions) == told
    assert row(pd.DataFrame(world.series.to_pandas()), world.actions) == told
    assert row(pl.DataFrame(world.series), pl.DataFrame(world.actions)) == told
    renamed = world.series.rename_columns(["day", "channel", "measure", "count"])
    assert row(renamed, world.actions.rename_columns(["date", "channel", "action"])) == told


def test_names_of_channels_move_nothing(world: TakedownCounts) -> None:
    """Other names of the same channels, other order of them: the same ratio and interval."""
    told = row(world.series, world.actions)
    names = {f"channel {n}": f"{(5 * n + 3) % 7} club" for n in range(7)}
    units = pa.array([names[one] for one in world.series["unit"].to_pylist()])
    other = row(world.series.set_column(1, "unit", units), action(30, names["channel 0"]))
    assert [other[key] for key in ("ratio", "low", "high")] == pytest.approx(
        [told[key] for key in ("ratio", "low", "high")]
    )


def test_what_was_not_collected_is_no_silence(world: TakedownCounts) -> None:
    """Days that a gap touches are unknown, whatever stands there: setting them to zero changes nothing."""
    start, end = BEGINS + timedelta(days=40), BEGINS + timedelta(days=45)
    gaps = pa.table({"start": [start], "end": [end]})
    inside = pc.and_(pc.greater_equal(world.series["at"], start), pc.less(world.series["at"], end))
    silent = world.series.set_column(3, "value", pc.if_else(inside, 0, world.series["value"]))
    told = row(world.series, world.actions, gaps=gaps)
    assert told == row(silent, world.actions, gaps=gaps)
    assert told["days_after"] == 25
    assert any("25 after are known" in doubt for doubt in told["doubt"])


def test_a_null_is_a_day_that_is_not_known(world: TakedownCounts) -> None:
    """A channel without a value on a day has one day less; it is not read as zero."""
    values = world.series["value"].to_pylist()
    values[33] = None
    assert row(world.series.set_column(3, "value", pa.array(values, pa.int64())), world.actions)["days_after"] == 29


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        (-20, "too few days are there before the action"),
        (5, "too few days are there before the action"),
        (58, "too few days are there after the action"),
        (400, "too few days are there after the action"),
    ],
)
def test_actions_outside_what_was_collected_cannot_be_told(world: TakedownCounts, day: int, reason: str) -> None:
    """Before the first day, after the last, or too near to them: no ratio, and the reason."""
    told = row(world.series, action(day))
    assert (told["verdict"], told["ratio"], told["reason"]) == ("cannot tell", None, reason)


def test_two_actions_on_one_channel_within_the_window_are_both_left_out(world: TakedownCounts) -> None:
    """Neither has a ratio, and the exclusion is counted for each."""
    found = effect(world.series, pa.concat_tables([action(25, name="first"), action(35, name="second")]))
    assert found.table["ratio"].to_pylist() == [None, None]
    assert left_out(found)["a channel with another action within the window (messages)"] == 2


def test_a_channel_acted_on_is_no_control(world: TakedownCounts) -> None:
    """Of staggered actions each is compared with those on whom nobody acts before its window ends."""
    found = effect(world.series, pa.concat_tables([action(30), action(32, "channel 1", "second")]))
    assert found.table["controls"].to_pylist() == [5, 5]
    assert left_out(found)["a channel that was acted on, as a control (messages)"] == 2


def test_controls_can_be_named(world: TakedownCounts) -> None:
    """Only those that are named are compared with."""
    assert row(world.series, world.actions, controls=["channel 1", "channel 2"])["controls"] == 2


def test_without_controls_a_long_past_is_needed() -> None:
    """One channel alone: nothing with a month before; with seven months a ratio, and a doubt that says so."""
    alone = TakedownCountSettings(controls=0, ratio=0.05)
    short, long = (takedown_counts(2, settings=replace(alone, before=days)) for days in (30, 210))
    assert row(short.series, short.actions)["reason"].startswith("there are too few controls")
    told = row(long.series, long.actions)
    assert told["verdict"] == "fell"
    assert any("nothing to compare with" in doubt for doubt in told["doubt"])


def test_controls_that_moved_themselves_are_told_in_doubt() -> None:
    """Where what is compared with fell as well, the doubt says that the ratio may be too high."""
    calm = TakedownCountSettings(shocks=0.0, shared_drift=0.0, shared_wander=0.05, ratio=0.5, spill=0.3)
    world = takedown_counts(4, settings=calm)
    (doubt,) = [one for one in row(world.series, world.actions)["doubt"] if "compared with fell" in one]
    assert "too high" in doubt


def test_every_answer_has_doubt_and_no_word_of_causes(world: TakedownCounts) -> None:
    """Verdicts are four; each ratio has sentences that speak against it, and none speaks of causes."""
    found = effect(world.series, world.actions)
    assert set(found.table["verdict"].to_pylist()) <= set(VERDICTS)
    assert len(found.doubt) >= 2
    assert not any(word in " ".join(found.doubt).lower() for word in ("caused", "because of", "led to"))


def test_the_days_of_a_picture_are_those_of_both_windows(world: TakedownCounts) -> None:
    """Sixty days, the observed ones as they were, the band around what was expected."""
    days = effect(world.series, world.actions).days
    assert days["observed"].to_pylist() == world.counts[0].tolist()
    low, mid, high = (days[name].to_numpy() for name in ("low", "expected", "high"))
    assert (low < mid).all()
    assert (mid < high).all()
    assert sum(days["after"].to_pylist()) == 30


def test_an_action_within_the_day_leaves_its_day_out(world: TakedownCounts) -> None:
    """At 14:00 the day is half before, half after."""
    at = pa.table({"at": [BEGINS + timedelta(days=30, hours=14)], "unit": ["channel 0"]})
    assert row(world.series, at)["days_after"] == 29


def test_rows_of_one_name_and_day_are_one_action(world: TakedownCounts) -> None:
    """Two channels closed together are one row; told twice they are counted once, and that is said."""
    both = pa.concat_tables([action(30), action(30, "channel 1"), action(30, "channel 1")])
    found = effect(world.series, both)
    assert found.table["units"].to_pylist() == [2]
    assert left_out(found)["an action that was told twice"] == 1


def test_a_date_is_a_day(world: TakedownCounts) -> None:
    """Dates without times mean midnight UTC."""
    day = (BEGINS + timedelta(days=30)).date()
    told = row(world.series, pa.table({"date": [date(day.year, day.month, day.day)], "channel": ["channel 0"]}))
    assert told["ratio"] == row(world.series, world.actions)["ratio"]


@pytest.mark.parametrize(
    ("series", "words"),
    [
        ({"at": [BEGINS], "unit": ["roses"], "value": [-1]}, "negative"),
        ({"at": [BEGINS], "unit": ["roses"], "value": [0.5]}, "whole number"),
        ({"at": [BEGINS], "unit": [None], "value": [1]}, "unit is missing"),
        ({"at": ["today"], "unit": ["roses"], "value": [1]}, "not times"),
        ({"at": [BEGINS], "value": [1]}, "column unit is missing"),
        ({"at": [BEGINS, datetime(1800, 1, 1, tzinfo=UTC)], "unit": ["roses"] * 2, "value": [1, 1]}, "too long"),
    ],
)
def test_what_cannot_be_counted_is_refused(series: dict[str, list[Any]], words: str) -> None:
    """One clear error, never a traceback of something else."""
    with pytest.raises(MeasureError, match=words):
        effect(pa.table(series), action(30))


@pytest.mark.parametrize("bad", [{"window": 3}, {"window": 500}, {"confidence": 1.0}])
def test_parameters_that_cannot_be_are_refused(world: TakedownCounts, bad: dict[str, Any]) -> None:
    """A window of three days, of more than a year, a confidence of one."""
    with pytest.raises(MeasureError, match="cannot be"):
        effect(world.series, world.actions, **bad)


def test_a_gap_that_ends_before_it_starts_is_refused(world: TakedownCounts) -> None:
    """Not silently empty."""
    gaps = pa.table({"start": [BEGINS + timedelta(days=2)], "end": [BEGINS]})
    with pytest.raises(MeasureError, match="ends before it starts"):
        effect(world.series, world.actions, gaps=gaps)


def test_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    """In sixty small worlds at least 51 of the intervals hold the ratio (95 % would be 57)."""
    settings = TakedownCountSettings(controls=5, level=15.0)
    worlds = [takedown_counts(seed, settings=settings) for seed in range(400, 460)]
    told = [row(one.series, one.actions) for one in worlds]
    assert sum(one["low"] <= settings.ratio <= one["high"] for one in told) >= 51
