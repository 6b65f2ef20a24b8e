"""What ``survival`` promises to those who call it with a table, good or bad."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import seawall.measures
from seawall.errors import MeasureError
from seawall.measures.lifetimes import left_out, log_rank, survival, told

START = [datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 11, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)]
END = [START[0] + timedelta(days=30), START[1] + timedelta(days=60), None]
PLAIN = {"start": START, "end": END}
UNTIL = datetime(2026, 4, 1, tzinfo=UTC)


def rows(table: Any, **settings: Any) -> list[tuple[float, float, int]]:
    settings = {"until": UNTIL, **settings}
    found = survival(table, **settings).to_pylist()
    return [(row["time"], round(row["survival"], 6), row["at_risk"]) for row in found]


USUAL = [(0.0, 1.0, 3), (30.0, 0.666667, 3), (59.0, 0.666667, 2), (60.0, 0.0, 1)]


def test_the_columns_are_those_that_are_told() -> None:
    """The public function gives time, survival, low, high and at_risk first, as plain numbers."""
    found = seawall.measures.survival(pa.table(PLAIN))
    assert found.column_names[:5] == ["time", "survival", "low", "high", "at_risk"]
    assert [str(kind) for kind in found.schema.types[:5]] == ["double", "double", "double", "double", "int64"]


@pytest.mark.parametrize(
    "event",
    [
        None,
        [True, True, False],
        [True, True, None],
        [1, 1, 0],
        [1.0, 1.0, None],
        [1, 1, 1],
        [True, True, True],
        [1.0, 1.0, float("nan")],
        ["taken_down", "renamed", None],
        ["taken_down", "renamed", "alive"],
        ["removed", "Dormant", ""],
        ["1", "1", "0"],
    ],
)
@pytest.mark.parametrize("frame", [pa.table, pd.DataFrame, pl.DataFrame])
def test_an_end_is_told_in_any_usual_way(frame: Any, event: list[Any] | None) -> None:
    """``event`` may be missing, true and false, 1 and 0, or the kind of end; ``end`` is null while alive."""
    assert rows(frame(PLAIN if event is None else {**PLAIN, "event": event})) == USUAL


@pytest.mark.parametrize(
    "event", [[1, 1, 0], [True, True, False], ["gone", "gone", "censored"], ["gone", "gone", None]]
)
def test_an_end_without_an_event_was_seen_alive_then(event: list[Any]) -> None:
    """A row whose ``event`` says no with an ``end`` was last seen alive at that end."""
    table = pa.table({"start": START, "end": [*END[:2], UNTIL], "event": event})
    assert rows(table) == USUAL
    assert survival(table)["censored"].to_pylist() == [0, 0, 1, 0]


def test_alive_means_alive_at_the_latest_time_of_the_table() -> None:
    """Without ``until`` observation ended at the latest time that stands in the table."""
    table = pa.table(PLAIN)
    assert told(survival(table))["until"] == END[1].isoformat()
    assert rows(table, until=None) == [(0.0, 1.0, 3), (30.0, 0.666667, 3), (39.0, 0.666667, 2), (60.0, 0.0, 1)]


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ([one.replace(tzinfo=None) for one in START], [one and one.replace(tzinfo=None) for one in END]),
        ([one.date() for one in START], [one and one.date() for one in END]),
        ([one.isoformat() for one in START], [one and one.isoformat() for one in END]),
        ([f"{one:%Y-%m-%dT%H:%M:%S}+00:00" for one in START], ["2026-01-31T01:00+01:00", "2026-03-12 00:00", ""]),
        ([one.date().isoformat() for one in START], [one and one.date().isoformat() for one in END]),
    ],
)
def test_times_may_be_told_in_several_ways(start: list[Any], end: list[Any]) -> None:
    """Timestamps with or without a zone, dates and ISO 8601 strings are the same spells."""
    assert rows(pa.table({"start": start, "end": end})) == USUAL
    assert rows(pd.DataFrame({"start": start, "end": end})) == USUAL


def test_numbers_are_days() -> None:
    """Durations alone are enough: starts of 0, ends in days."""
    table = pa.table({"start": [0, 0, 0], "end": [30, 60, None]})
    assert rows(table, until=59) == [(0.0, 1.0, 3), (30.0, 0.666667, 3), (59.0, 0.666667, 2)]


def test_pandas_categories_and_missing_times_are_understood() -> None:
    """A categorical event, a categorical group and NaT are read as what they stand for."""
    frame = pd.DataFrame({"start": START, "end": END, "event": pd.Categorical(["gone", "gone", None])})
    assert rows(frame) == USUAL
    frame["group"] = pd.Categorical(["b", "a", "b"])
    assert survival(frame, until=UNTIL)["group"].unique().to_pylist() == ["a", "b"]


@pytest.mark.parametrize(
    "entry",
    [
        [START[0] + timedelta(days=20), None, None],
        [20, None, None],
        [timedelta(days=20), None, None],
        [START[0] + timedelta(days=20), START[1] - timedelta(days=9), START[2]],
    ],
)
def test_observation_may_begin_late(entry: list[Any]) -> None:
    """``entry`` is a time, a duration or a number of days since the start; before the start it says nothing."""
    found = survival(pa.table({**PLAIN, "entry": entry}), until=UNTIL)
    assert found["time"].to_pylist() == [0.0, 20.0, 30.0, 59.0, 60.0]
    assert found["at_risk"].to_pylist() == [2, 3, 3, 2, 1]


def test_what_cannot_be_used_is_counted() -> None:
    """Spells that end before they start, begin too late or were never seen are left out, counted."""
    table = pa.table(
        {
            "start": [0.0, 10, None, 95, 0, 0, 50],
            "end": [30.0, 5, 20, None, None, 40, 60],
            "event": ["gone", "gone", "gone", None, "gone", "gone", "gone"],
            "entry": pa.array([0, 10, 0, 95, 0, 40, 50], pa.float64()),
        }
    )
    found = survival(table, until=90)
    assert left_out(found) == {
        "no_start": 1,
        "end_before_start": 1,
        "begins_after_until": 1,
        "end_without_time": 1,
        "never_observed": 1,
    }
    assert found["time"].to_pylist() == [0.0, 10.0, 30.0]


def test_spells_of_one_thing_that_overlap_are_left_out() -> None:
    """A thing lives once at a time: spells that share time are left out; a repeated row counts once."""
    table = pa.table(
        {
            "start": [0, 20, 50, 0, 0, 0, 100, 150],
            "end": [30, 40, 60, 10, 10, 20, None, None],
            "thing": ["a", "a", "a", "b", "b", "c", "d", "d"],
        }
    )
    found = survival(table, until=200)
    assert left_out(found) == {"overlapping": 5}
    assert told(found)["spells"] == 3


def test_a_spell_may_begin_when_another_one_ends() -> None:
    """What ends and begins anew at the same moment does not overlap; neither do things without a name."""
    table = pa.table({"start": [0, 30, 0, 0], "end": [30, 60, 50, 50], "thing": ["a", "a", None, None]})
    assert left_out(survival(table)) == {}


@pytest.mark.parametrize(
    ("table", "what"),
    [
        ({"start": [1]}, "lacks the column end"),
        ({"start": [True], "end": [False]}, "not times"),
        ({"start": ["soon"], "end": ["later"]}, "cannot be read"),
        ({"start": START, "end": [1, 2, 3]}, "dates and others"),
        ({"start": [0, 0], "end": [1, 2], "event": [1, 2]}, "neither 0 nor 1"),
        ({"start": [0], "end": [1], "event": [START[0]]}, "do not tell an end"),
        ({"start": [5], "end": [1]}, "No spell is left"),
        ({"start": pa.array([], pa.float64()), "end": pa.array([], pa.float64())}, "holds no spell"),
        ({"start": [0.0], "end": [float("inf")]}, "outside what can be held"),
    ],
)
def test_what_is_no_table_of_spells_is_refused(table: dict[str, Any], what: str) -> None:
    """Each fault is an error that says what is wrong, never a traceback of something else."""
    with pytest.raises(MeasureError, match=what):
        survival(pa.table(table))


def test_columns_of_mixed_kinds_are_refused() -> None:
    """A column of words and truths is no column."""
    frame = pd.DataFrame({"start": [0, 0], "end": [1, 2], "event": pd.Series([True, "gone"], dtype=object)})
    with pytest.raises(MeasureError, match="several kinds"):
        survival(frame)


@pytest.mark.parametrize(
    ("settings", "what"),
    [
        ({"confidence": 95}, "confidence"),
        ({"bands": "wide"}, "no such bands"),
        ({"until": 3}, "end of observation"),
        ({"gaps": pa.table({"start": [START[1]], "end": [START[0]]})}, "gap"),
    ],
)
def test_settings_that_cannot_be_used_are_refused(settings: dict[str, Any], what: str) -> None:
    """Each wrong parameter is named."""
    with pytest.raises(MeasureError, match=what):
        survival(pa.table(PLAIN), **settings)


def test_one_group_cannot_be_compared() -> None:
    """The log-rank test needs two groups."""
    with pytest.raises(MeasureError, match="two groups"):
        log_rank(pa.table({**PLAIN, "group": ["a"] * 3}))


def test_the_input_is_not_changed() -> None:
    """The table that was handed in is as before."""
    table = pa.table({"start": np.arange(1000.0), "end": np.arange(1000.0) + 5, "event": np.arange(1000) % 2 == 0})
    before = table.slice(0)
    survival(table)
    assert table.equals(before)


def test_a_date_is_its_midnight() -> None:
    """Dates beside timestamps are midnights in UTC."""
    table = pa.table({"start": [date(2026, 1, 1)], "end": [datetime(2026, 1, 2, 12, tzinfo=UTC)]})
    assert survival(table)["time"].to_pylist() == [0.0, 1.5]
