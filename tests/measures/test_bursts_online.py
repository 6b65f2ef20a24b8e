"""What ``scores`` promises: nothing later, no other series, and the largest scores where something happens."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seawall.errors import MeasureError
from seawall.measures.bursts import scores
from tests.measures.test_bursts import BEGIN, DAY, world


@given(seed=st.integers(0, 2**32 - 1), days=st.integers(40, 199))
@settings(max_examples=15)
def test_a_score_is_never_revised(seed: int, days: int) -> None:
    """What is said of a day is said, number for number, when nothing after that day is known yet."""
    table = world(seed)
    until = pa.scalar(BEGIN + days * DAY, pa.timestamp("us", "UTC"))
    whole, seen = scores(table, bin="1d"), scores(table.filter(pc.less(table["at"], until)), bin="1d")
    assert whole.filter(pc.less(whole["at"], until)).equals(seen)


def test_a_score_knows_no_other_series() -> None:
    """A series by itself gets the scores that it gets among others, whatever the order of rows."""
    table = world(series=4)
    whole = scores(table.take(pa.array(np.random.default_rng(1).permutation(len(table)))), bin="1d")
    alone = [scores(table.slice(200 * n, 200), bin="1d") for n in range(4)]
    assert whole.equals(pa.concat_tables(alone).combine_chunks())


def test_surges_and_collapses_stand_out() -> None:
    """The best day upwards lies in the planted surge, the best one downwards in the planted fall."""
    table = world(series=1)
    count = table["count"].to_numpy().copy()
    count[180:190] //= 20
    found = scores(table.set_column(2, "count", pa.array(count)), bin="1d")
    up, down = found["up"].to_numpy(), found["down"].to_numpy()
    assert 150 <= np.nanargmax(up) < 163
    assert 180 <= np.nanargmax(down) < 190
    assert np.nanmax(up) > 8
    assert np.nanmax(down) > 6
    assert np.nanmin(up) >= 0
    assert np.nanmin(down) >= 0


def test_what_is_not_known_has_no_score() -> None:
    """Days that were not collected, and days with less than four weeks of baseline, are null, and nothing else is."""
    table = world(series=1)
    covered = pa.table(
        {
            "series": pa.nulls(2, pa.string()),
            "start": [BEGIN, BEGIN + 105 * DAY],
            "end": [BEGIN + 100 * DAY, BEGIN + 200 * DAY],
        }
    )
    found = scores(table, bin="1d", coverage=covered)
    unknown = [n for n, score in enumerate(found["up"].to_pylist()) if score is None]
    assert unknown == [*range(42), *range(100, 105)]
    assert found["down"].is_null().equals(found["up"].is_null())


@pytest.mark.parametrize("width", ["5m", "1h", "9h", "2d", "1w", "4w"])
def test_every_width_is_scored(width: str) -> None:
    """Bins from minutes to weeks, whether or not they divide a week, give scores that a regular series keeps small."""
    step = {"5m": timedelta(minutes=5), "1h": timedelta(hours=1), "9h": timedelta(hours=9), "2d": 2 * DAY}
    bin_width = step.get(width, timedelta(weeks=int(width[0])))
    bins = 80 * DAY // bin_width if bin_width < DAY else 120
    rng = np.random.default_rng(3)
    at = [BEGIN + n * bin_width for n in range(bins)]
    found = scores(pa.table({"series": [1] * bins, "at": at, "count": rng.poisson(30, bins)}), bin=width)
    assert found.num_rows == bins
    assert found["up"].drop_null().length() > 30
    assert pc.max(found["up"]).as_py() < 6


def test_series_may_be_categories() -> None:
    """A dictionary of names gives what plain names give."""
    table = world(series=2)
    named = table.set_column(0, "series", table["series"].dictionary_encode())
    assert scores(named, bin="1d").equals(scores(table, bin="1d"))


def test_wrong_width_is_refused() -> None:
    """A width that is no duration is refused."""
    with pytest.raises(MeasureError, match="Write a number and a unit"):
        scores(world(), bin="day")
