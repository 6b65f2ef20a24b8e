"""What ``changes`` promises to those who call it with a table."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from seawall.errors import MeasureError
from seawall.measures import changes

COLUMNS = [
    "series",
    "at",
    "previous",
    "direction",
    "level_before",
    "level_after",
    "trend_before",
    "trend_after",
    "evidence",
]


def month(number: int) -> datetime:
    return datetime(2023 + number // 12, 1 + number % 12, 1, tzinfo=UTC)


def output(collapse: tuple[int, int] = (14, 20), months: int = 36, name: str = "cycling club") -> pa.Table:
    """About 90 videos a month, about 6 from the first to before the second of two months."""
    rng = np.random.default_rng(7)
    videos = rng.poisson(90, months)
    videos[collapse[0] : collapse[1]] = rng.poisson(6, collapse[1] - collapse[0])
    return pa.table({"series": [name] * months, "at": [month(n) for n in range(months)], "value": videos})


def test_a_collapse_and_its_end_are_told() -> None:
    """From 90 videos a month to 6 and back are two rows with months, levels and evidence."""
    found = changes(output())
    assert found.column_names == COLUMNS
    down, up = found.to_pylist()
    assert (down["at"], down["previous"], down["direction"]) == (month(14), month(13), "down")
    assert (up["at"], up["previous"], up["direction"]) == (month(20), month(19), "up")
    assert down["level_before"] == pytest.approx(90, abs=5)
    assert down["level_after"] == up["level_before"] == pytest.approx(6, abs=3)
    assert down["trend_after"] == 0
    assert min(down["evidence"], up["evidence"]) > 10


def test_series_do_not_touch_each_other() -> None:
    """Several series in any order of rows give what each gives by itself, by series and time."""
    parts = [output((14, 20), name="b"), output((8, 25), name="a"), output((40, 40), name="c")]
    rows = pa.concat_tables(parts)
    mixed = rows.take(pa.array(np.random.default_rng(1).permutation(len(rows))))
    assert changes(mixed).equals(pa.concat_tables([changes(parts[1]), changes(parts[0])]))


def test_a_trend_that_turns_is_told_in_units_a_day() -> None:
    """A rise of two a day that turns into a fall of one is one change with both trends."""
    days = np.arange(120)
    values = np.where(days < 60, 2.0 * days, 120 - (days - 60)) + np.random.default_rng(2).normal(size=120)
    at = np.datetime64("2025-03-01") + days
    (found,) = changes(pa.table({"series": ["dahlias"] * 120, "at": at, "value": values})).to_pylist()
    assert abs((found["at"].date() - date(2025, 4, 30)).days) <= 2
    assert found["trend_before"] == pytest.approx(2, abs=0.1)
    assert found["trend_after"] == pytest.approx(-1, abs=0.1)


def test_missing_values_are_no_zeros() -> None:
    """A null, a NaN and an absent row are all unknown: a silence that was not collected is no collapse."""
    rows = output().to_pylist()
    for number in range(14, 20):
        rows[number]["value"] = None if number % 2 else float("nan")
    schema = pa.schema([("series", pa.string()), ("at", pa.timestamp("us", "UTC")), ("value", pa.float64())])
    absent = [row for number, row in enumerate(rows) if not 14 <= number < 20]
    assert len(changes(pa.Table.from_pylist(rows, schema))) == len(changes(pa.Table.from_pylist(absent, schema))) == 0


def test_every_kind_of_table_gives_the_same() -> None:
    """pandas, polars, dates, dictionaries and decimals are read alike."""
    told = changes(output())
    table = output()
    plain = table.set_column(1, "at", table.column("at").cast(pa.date32()))
    coded = table.set_column(0, "series", table.column("series").dictionary_encode())
    exact = table.set_column(2, "value", table.column("value").cast(pa.decimal128(20, 0)))
    for given in (table.to_pandas(), pl.from_arrow(table), plain, coded, exact, pd.DataFrame(table.to_pandas())):
        found = changes(given)
        assert found.cast(told.schema).equals(told)


@pytest.mark.parametrize("rows", [0, 1, 5])
def test_nothing_to_tell_is_an_empty_table(rows: int) -> None:
    """No row, one value or five give no change, with the same columns."""
    found = changes(output().slice(0, rows))
    assert (found.num_rows, found.column_names) == (0, COLUMNS)
    assert found.schema == changes(output()).schema


def broken(column: str, values: list[object]) -> pa.Table:
    table = output(months=24)
    return table.set_column(table.column_names.index(column), column, pa.array(values))


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ([1, 2, 3], "not a table"),
        (output().drop(["value"]), "lacks the column value"),
        (broken("value", ["many"] * 24), "not numbers"),
        (broken("value", [1.0, float("inf")] * 12), "infinite.*row 2"),
        (broken("series", ["a", None] * 12), "no name.*row 2"),
        (broken("at", list(range(24))), "not times"),
        (broken("at", [month(n // 2) for n in range(24)]), "two values at one time"),
        (broken("at", [None, *(month(n) for n in range(23))]), "time is missing.*row 1"),
    ],
)
def test_what_cannot_be_used_is_refused_by_place(given: object, told: str) -> None:
    """Missing columns, text, infinite values and times that are missing or stand twice are named by their row."""
    with pytest.raises(MeasureError, match=told):
        changes(given)
