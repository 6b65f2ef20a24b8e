"""What ``surges`` and ``expectation`` promise to those who call them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seawall.checks import check_measure
from seawall.errors import MeasureError
from seawall.measures import SurgesMeasure, expectation, surges
from seawall.measures.bursts.measure import RESULT

BEGIN = datetime(2025, 1, 6, tzinfo=UTC)
DAY = timedelta(days=1)


def world(seed: int = 2, series: int = 4, days: int = 200, surge: int = 4) -> pa.Table:
    """Overdispersed daily counts; the first series rises ``surge``-fold on the days 150 to 159."""
    rng = np.random.default_rng(seed)
    mean = np.full((series, days), 60.0) * np.where(np.arange(days) % 7 < 2, 0.6, 1.0)
    mean[0, 150:160] *= surge
    counts = rng.poisson(rng.gamma(20, mean / 20))
    return pa.table(
        {
            "series": [f"club {s}" for s in range(series) for _ in range(days)],
            "at": pa.array([BEGIN + d * DAY for _ in range(series) for d in range(days)], pa.timestamp("us", tz="UTC")),
            "count": counts.ravel(),
        }
    )


def one(counts: list[int], begin: datetime = BEGIN, step: timedelta = DAY) -> pa.Table:
    return pa.table(
        {"series": ["club"] * len(counts), "at": [begin + n * step for n in range(len(counts))], "count": counts}
    )


def test_planted_surge_is_found_with_its_edges_and_factor() -> None:
    """A fourfold rise of ten days in one of four series is one window, to the day, and its interval holds the truth."""
    found = surges(world(), bin="1d")
    assert tuple(found.column_names) == RESULT
    (row,) = found.to_pylist()
    assert row["series"] == "club 0"
    assert row["direction"] == "up"
    assert (row["start"], row["end"]) == (BEGIN + 150 * DAY, BEGIN + 160 * DAY)
    assert row["factor_low"] < 4 < row["factor_high"]
    assert row["factor"] == pytest.approx(row["observed"] / row["expected"])
    assert row["p"] <= row["q"] < 1e-6
    assert found.schema.field("start").type == pa.timestamp("us", tz="UTC")


def test_collapse_is_the_mirror_of_a_surge() -> None:
    """A fall to nothing for twelve days is one window down, with factor 0."""
    counts = [40 + n * 7 % 11 for n in range(200)]
    counts[160:172] = [0] * 12
    (row,) = surges(one(counts), bin="1d").to_pylist()
    assert (row["direction"], row["start"], row["end"]) == ("down", BEGIN + 160 * DAY, BEGIN + 172 * DAY)
    assert (row["observed"], row["factor"], row["factor_low"]) == (0, 0.0, 0.0)
    assert 0 < row["factor_high"] < 0.5


def test_gap_in_collection_is_not_a_collapse() -> None:
    """The same silence is no window where coverage says that nothing was collected, and its bins are unknown."""
    counts = [40 + n * 7 % 11 for n in range(200)]
    counts[160:172] = [0] * 12
    covered = pa.table(
        {
            "series": pa.nulls(2, pa.string()),
            "start": [BEGIN, BEGIN + 172 * DAY],
            "end": [BEGIN + 160 * DAY, BEGIN + 200 * DAY],
        }
    )
    assert surges(one(counts), bin="1d", coverage=covered).num_rows == 0
    known = expectation(one(counts), bin="1d", coverage=covered)
    assert [n for n, is_known in enumerate(known["known"].to_pylist()) if not is_known] == list(range(160, 172))
    assert known["observed"].to_pylist()[160:172] == [None] * 12


def test_silence_until_the_end_of_coverage_is_seen() -> None:
    """A series that stops is a collapse only if coverage says that it was still being collected."""
    table = one([40 + n * 7 % 11 for n in range(180)])
    covered = pa.table({"series": ["club"], "start": [BEGIN], "end": [BEGIN + 195 * DAY]})
    assert surges(table, bin="1d").num_rows == 0
    (row,) = surges(table, bin="1d", coverage=covered).to_pylist()
    assert (row["direction"], row["start"], row["end"]) == ("down", BEGIN + 180 * DAY, BEGIN + 195 * DAY)


def test_partly_covered_bin_is_unknown() -> None:
    """A day of which an hour was not collected is unknown; intervals that touch are joined before they are cut."""
    middle = BEGIN + 50 * DAY + timedelta(hours=8)
    covered = pa.table(
        {"series": ["club"] * 2, "start": [BEGIN, middle], "end": [middle, BEGIN + 99 * DAY + timedelta(hours=23)]}
    )
    known = expectation(one([5] * 100), bin="1d", coverage=covered)["known"].to_pylist()
    assert known == [True] * 99 + [False]


@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=10)
def test_rows_may_come_in_any_order_and_in_pieces(seed: int) -> None:
    """Unsorted rows, and rows that share a bin, give what sorted sums give."""
    rng = np.random.default_rng(seed)
    table = world(seed)
    count = table["count"].to_numpy()
    part = rng.integers(0, count + 1)
    pieces = pa.concat_tables(
        [table.set_column(2, "count", pa.array(part)), table.set_column(2, "count", pa.array(count - part))]
    )
    shuffled = pieces.take(pa.array(rng.permutation(len(pieces))))
    assert surges(shuffled, bin="1d").equals(surges(table, bin="1d"))
    assert expectation(shuffled, bin="1d").equals(expectation(table, bin="1d"))


def test_measure_keeps_its_contract() -> None:
    """Any split by series, in any order, gives the same windows, with and without coverage."""
    table = world(series=30)
    covered = pa.table({"series": pa.nulls(1, pa.string()), "start": [BEGIN], "end": [BEGIN + 199 * DAY]})
    check_measure(SurgesMeasure("1d"), table)
    check_measure(SurgesMeasure("1d", covered, details=True), table)


def test_frames_and_kinds_of_series_are_alike() -> None:
    """pandas, polars, naive times, dates, other units, whole floats and numbered or categorical series say the same."""
    table = world()
    want = surges(table, bin="1d").drop_columns("series")
    naive = table.set_column(1, "at", table["at"].cast(pa.timestamp("ms", tz="UTC")).cast(pa.timestamp("ms")))
    numbered = table.set_column(0, "series", pa.array(np.repeat(np.arange(4), 200)))
    forms: list[Any] = [
        table.to_pandas(),
        pl.DataFrame(table.to_pandas()),
        naive,
        table.set_column(1, "at", table["at"].cast(pa.date32())),
        table.set_column(2, "count", table["count"].cast(pa.float64())),
        table.set_column(0, "series", table["series"].dictionary_encode()),
        pd.DataFrame(table.to_pandas()).astype({"series": "category"}),
        numbered,
    ]
    for form in forms:
        assert surges(form, bin="1d").drop_columns("series").equals(want)
    assert surges(numbered, bin="1d")["series"].to_pylist() == [0]


def test_zones_are_brought_to_utc() -> None:
    """Times in another zone are binned by the UTC day."""
    at = pa.array([datetime(2025, 1, 7, 4, tzinfo=UTC)], pa.timestamp("us", tz="UTC")).cast(
        pa.timestamp("us", tz="America/New_York")
    )
    row = expectation(pa.table({"series": ["club"], "at": at, "count": [1]}), bin="1d").to_pylist()[0]
    assert row["at"] == datetime(2025, 1, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    "counts",
    [[], [7], [0] * 300, [5] * 300, [0] * 299 + [1], [2**50] * 120],
    ids=["empty", "one", "zeros", "constant", "last", "huge"],
)
def test_dull_series_give_no_window(counts: list[int]) -> None:
    """Nothing, one bin, only zeros, a constant, a single count and enormous constants are no surges and no errors."""
    table = one(counts).cast(
        pa.schema([("series", pa.string()), ("at", pa.timestamp("us", "UTC")), ("count", pa.int64())])
    )
    assert surges(table, bin="1d").num_rows == 0
    assert expectation(table, bin="1d").num_rows == len(counts)


def test_before_1970_and_weeks_from_monday() -> None:
    """Bins before 1970 are cut like all others, and weeks begin on Mondays."""
    table = one([1, 1], begin=datetime(1969, 7, 20, 12, tzinfo=UTC))
    assert expectation(table, bin="1d")["at"].to_pylist() == [datetime(1969, 7, day, tzinfo=UTC) for day in (20, 21)]
    assert expectation(table, bin="1w")["at"].to_pylist() == [datetime(1969, 7, day, tzinfo=UTC) for day in (14, 21)]


def test_short_history_gives_no_answer_or_a_cautious_one() -> None:
    """Below four weeks of baseline nothing is said; between four and eight p is larger and the interval wider."""
    rng = np.random.default_rng(3)

    def risen(days: int) -> pa.Table:
        counts = rng.poisson(50, days)
        counts[-8:] *= 3
        return one(counts.tolist())

    assert surges(risen(40), bin="1d").num_rows == 0
    short, full = surges(risen(54), bin="1d").to_pylist(), surges(risen(200), bin="1d").to_pylist()
    assert len(full) == 1
    for row in short:
        assert row["p"] > full[0]["p"]
        assert row["factor_high"] / row["factor_low"] > full[0]["factor_high"] / full[0]["factor_low"]


@pytest.mark.parametrize("width", ["5m", "1h", "1w"])
def test_other_widths_find_a_surge_too(width: str) -> None:
    """A fivefold rise is found in bins of five minutes, of an hour and of a week."""
    step = {"5m": timedelta(minutes=5), "1h": timedelta(hours=1), "1w": timedelta(weeks=1)}[width]
    bins, begin, end = {"5m": (22000, 21000, 21008), "1h": (24 * 120, 2700, 2720), "1w": (90, 80, 83)}[width]
    rng = np.random.default_rng(4)
    mean = np.full(bins, 30.0)
    mean[begin:end] *= 5
    found = surges(one(rng.poisson(mean).tolist(), step=step), bin=width).to_pylist()
    assert [(row["start"], row["end"]) for row in found] == [(BEGIN + begin * step, BEGIN + end * step)]


def test_noise_alone_is_hardly_ever_a_surge() -> None:
    """Of forty worlds of five series in which nothing happens, at most five have any window (false discovery 0.05)."""
    assert sum(surges(world(seed, series=5, surge=1), bin="1d").num_rows > 0 for seed in range(100, 140)) <= 5


def test_band_holds_ordinary_bins() -> None:
    """About 95 % of ordinary bins lie within the band."""
    rows = expectation(world(2, series=30, surge=1), bin="1d").to_pandas().dropna()
    inside = ((rows.observed >= rows.low) & (rows.observed <= rows.high)).mean()
    assert 0.93 <= inside <= 0.985


VALUES = {"negative": -3, "fraction": 2.5, "infinite": float("inf"), "nan": float("nan"), "missing": None}


@pytest.mark.parametrize("kind", VALUES)
def test_wrong_counts_are_refused_by_position(kind: str) -> None:
    """The message names row and series by position, says how to mend it, and quotes neither value nor name."""
    table = pa.table({"series": ["secret", "club", "club"], "at": [BEGIN] * 3, "count": [1, 2, VALUES[kind]]})
    with pytest.raises(MeasureError) as caught:
        surges(table, bin="1d")
    assert caught.value.where == "counts, row 3, series number 2 in order of appearance"
    assert caught.value.mend
    assert not any(word in str(caught.value) for word in ("secret", "club", "-3", "2.5"))


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"count": None}, "counts"),
        ({"at": ["2025-01-01"]}, "counts, column at"),
        ({"at": pa.array([None], pa.timestamp("us"))}, "counts, column at, row 1"),
        ({"count": ["7"]}, "counts, column count"),
        ({"count": [True]}, "counts, column count"),
        ({"series": pa.array([None], pa.string())}, "counts, row 1"),
    ],
)
def test_wrong_columns_are_refused(change: dict[str, Any], where: str) -> None:
    """A column that is missing, of another kind or empty is named."""
    columns = {"series": ["club"], "at": [BEGIN], "count": [1], **change}
    with pytest.raises(MeasureError) as caught:
        surges(pa.table({name: column for name, column in columns.items() if column is not None}), bin="1d")
    assert caught.value.where == where
    assert caught.value.mend


@pytest.mark.parametrize("width", ["", "1", "d", "0d", "-1d", "1.5h", "1y", "10s", "99w", 1])
def test_wrong_width_is_refused(width: Any) -> None:
    """A width that is no duration between a minute and 52 weeks is refused with an example."""
    with pytest.raises(MeasureError, match="Write a number and a unit"):
        surges(one([1, 2]), bin=width)


def test_wrong_clock_is_told_rather_than_filling_the_memory() -> None:
    """One time far from all others does not lay out a billion bins."""
    table = pa.table({"series": ["club"] * 2, "at": [BEGIN, datetime(2225, 1, 1, tzinfo=UTC)], "count": [1, 1]})
    with pytest.raises(MeasureError, match="more bins than can be held"):
        surges(table, bin="1m")


def test_interval_that_ends_before_it_starts_is_refused() -> None:
    """Coverage that runs backwards is named by its row."""
    covered = pa.table({"series": ["club"], "start": [BEGIN + DAY], "end": [BEGIN]})
    with pytest.raises(MeasureError, match=r"coverage, row 1"):
        surges(one([1, 2]), bin="1d", coverage=covered)


def test_something_else_than_a_table_is_refused() -> None:
    """A list is no table."""
    with pytest.raises(MeasureError, match="not a table"):
        surges([1, 2], bin="1d")
