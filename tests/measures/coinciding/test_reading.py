"""What is handed in: dates of all precisions, windows and counts, and what is left out with its count."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest

from seawall.errors import MeasureError
from seawall.measures import coincidence
from seawall.simulate import IncidentSettings, incident_world

SPAN: dict[str, Any] = {"since": date(2026, 1, 1), "until": date(2026, 12, 31)}
WINDOWS = pa.table(
    {
        "start": [datetime(2026, month, 3, tzinfo=UTC) for month in (2, 5, 9)],
        "end": [datetime(2026, month, 13, tzinfo=UTC) for month in (2, 5, 9)],
    }
)
DAYS = [f"2026-{month:02}-{day:02}" for month in range(1, 13) for day in (2, 9, 20)]


def found(dates: list[Any], **more: Any) -> Any:
    """The answer for these dates."""
    told = {name: more.pop(name) for name in ("precision", "count") if name in more}
    return coincidence(WINDOWS, pa.table({"date": dates} | told), **SPAN | more)


def test_months_are_left_out_and_counted() -> None:
    """Dates that are known to the month or the year only are left out, each with its count."""
    answer = found([*DAYS, "2026-03", "2026-04", "2026"])
    assert answer.left_out == {"known to the month only": 2, "known to the year only": 1}
    assert answer.ratio["inside"].to_pylist()[0] + answer.ratio["outside"].to_pylist()[0] == len(DAYS)


def test_weeks_lie_on_their_days_as_the_ratio_lets_expect() -> None:
    """2026-W06 has six days in the first surge: with a ratio of r the incident was there with 6 r of 6 r + 1."""
    plain, more = found(DAYS), found([*DAYS, "2026-W06"])
    assert more.left_out == {}
    added = more.ratio["inside"].to_pylist()[0] - plain.ratio["inside"].to_pylist()[0]
    ratio = more.ratio["ratio"].to_pylist()[0]
    assert added == pytest.approx(6 * ratio / (6 * ratio + 1), abs=1e-5)


def test_a_told_precision_is_kept() -> None:
    """A full date whose precision says month is known to the month; so is one whose precision is 3."""
    words = found([*DAYS, "2026-03-01"], precision=["day"] * len(DAYS) + ["month"])
    numbers = found([*DAYS, "2026-03-01"], precision=[1] * len(DAYS) + [3])
    assert words.left_out == numbers.left_out == {"known to the month only": 1}


def test_months_may_be_spread() -> None:
    """With coarsest="month" a month lies on its days: ten of the 28 of February are in a surge."""
    answer = found([*DAYS, "2026-02"], coarsest="month")
    assert answer.left_out == {}
    added = answer.ratio["inside"].to_pylist()[0] - found(DAYS).ratio["inside"].to_pylist()[0]
    ratio = answer.ratio["ratio"].to_pylist()[0]
    assert added == pytest.approx(10 * ratio / (10 * ratio + 18), abs=1e-5)


def test_what_lies_outside_the_observed_time_is_counted() -> None:
    """Dates before and after, weeks at the edge, and rows without a date are left out with their counts."""
    answer = found([*DAYS, "2025-12-31", "2027-01-01", "2026-W01", None])
    assert answer.left_out == {
        "outside the observed time": 2,
        "a week that the observed time holds only a part of": 1,
        "no date": 1,
    }


def test_surges_that_end_before_they_start_are_counted() -> None:
    """Windows that end before they start, falls, and windows outside are left out with their counts."""
    windows = pa.table(
        {
            "start": [
                datetime(2026, 2, 3, tzinfo=UTC),
                datetime(2026, 5, 3, tzinfo=UTC),
                datetime(2026, 6, 3, tzinfo=UTC),
                datetime(2024, 5, 3, tzinfo=UTC),
            ],
            "end": [
                datetime(2026, 2, 13, tzinfo=UTC),
                datetime(2026, 5, 1, tzinfo=UTC),
                datetime(2026, 6, 13, tzinfo=UTC),
                datetime(2024, 5, 13, tzinfo=UTC),
            ],
            "direction": ["up", "up", "down", "up"],
        }
    )
    answer = coincidence(windows, pa.table({"date": DAYS}), **SPAN)
    assert answer.left_out == {
        "falls, which are no surges": 1,
        "surges that end before they start": 1,
        "surges outside the observed time": 1,
    }
    assert answer.surges.num_rows == 1


def test_a_surge_that_lasts_reaches_the_end() -> None:
    """A null end is the end of the observed time."""
    windows = pa.table({"start": [datetime(2026, 12, 1, tzinfo=UTC)], "end": pa.array([None], pa.timestamp("us"))})
    answer = coincidence(windows, pa.table({"date": DAYS}), **SPAN)
    assert answer.surges["end"].to_pylist()[0].date() == SPAN["until"]


def test_days_that_were_not_collected_are_neither() -> None:
    """Days outside the coverage count as neither surge nor quiet, and how many are known is told."""
    coverage = pa.table(
        {
            "start": [datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC)],
            "end": [datetime(2026, 6, 1, tzinfo=UTC), datetime(2026, 12, 31, tzinfo=UTC)],
        }
    )
    answer = found(DAYS, coverage=coverage)
    assert answer.days == (334, 364)
    row = answer.ratio.to_pylist()[0]
    assert row["inside_days"] + row["outside_days"] == 334
    assert row["inside"] + row["outside"] == len([day for day in DAYS if not day.startswith("2026-06")])


def test_counts_are_searched_for_surges() -> None:
    """Daily counts give the windows of ``surges``; days without enough past are not looked at."""
    first = datetime(2025, 10, 1, tzinfo=UTC)
    counts = [(40 + n * 7 % 11) * (4 if n % 150 in range(120, 130) else 1) for n in range(450)]
    online = pa.table({"at": [first + timedelta(days=n) for n in range(450)], "count": counts})
    answer = coincidence(online, pa.table({"date": DAYS}))
    assert answer.surges.num_rows >= 2
    assert answer.days[0] < 450
    assert "Surges were taken from the counts" in answer.assumptions[-1]


def test_the_observed_time_is_assumed_aloud() -> None:
    """Without since and until, the time from the first to the last is taken, and that is said."""
    answer = coincidence(WINDOWS, pa.table({"date": DAYS}))
    assert (answer.since, answer.until) == (date(2026, 1, 2), date(2026, 12, 21))
    assert any("was taken to reach" in sentence for sentence in answer.assumptions)


def test_even_distances_are_said() -> None:
    """Surges at even distances leave few different shifts, which is said."""
    start = [datetime(2026, 1, 5, tzinfo=UTC) + timedelta(days=91 * n) for n in range(4)]
    windows = pa.table({"start": start, "end": [one + timedelta(days=10) for one in start]})
    answer = coincidence(windows, pa.table({"date": DAYS}), **SPAN)
    assert any("91 days" in sentence for sentence in answer.assumptions)


@pytest.mark.parametrize(
    ("windows", "dates", "what"),
    [
        (WINDOWS, ["3 May"], "A date cannot be read"),
        (WINDOWS, ["2026-02-30"], "A date cannot be read"),
        (WINDOWS, ["2026-03"], "There is no incident"),
        (WINDOWS, ["9999-12-31", "9999-W52", "9999-12", "9999"], "2 left out: outside the observed time"),
        (WINDOWS.slice(0, 0), DAYS, "There is no surge"),
        (WINDOWS.rename_columns(["begin", "end"]), DAYS, "start"),
        (
            pa.table({"start": [datetime(2025, 1, 1, tzinfo=UTC)], "end": [datetime(2028, 1, 1, tzinfo=UTC)]}),
            DAYS,
            "Every day",
        ),
    ],
)
def test_what_cannot_be_compared_is_an_error(windows: pa.Table, dates: list[str], what: str) -> None:
    """What cannot be read, or leaves nothing to compare, is named."""
    with pytest.raises(MeasureError, match=what):
        coincidence(windows, pa.table({"date": dates}), **SPAN)


def test_errors_count_what_was_left_out() -> None:
    """The error about no incidents says why there are none."""
    with pytest.raises(MeasureError, match="2 left out: known to the month only"):
        found(["2026-03", "2026-04"])


def test_a_time_that_is_too_short_is_an_error() -> None:
    """A few weeks are not compared."""
    with pytest.raises(MeasureError, match="28 days at least"):
        coincidence(WINDOWS, pa.table({"date": DAYS}), since=date(2026, 2, 1), until=date(2026, 2, 20))


def test_whole_weeks_keep_the_day_of_the_week() -> None:
    """With shifts of weeks there are as many shifts as weeks, and spare days are left out aloud."""
    world = incident_world(2, settings=IncidentSettings(days=500, surges=4))
    answer = coincidence(world.surges, world.incidents, since=world.since, until=world.until, shifts="weeks")
    assert answer.days[1] == 497
    assert "The last 3 days are left out" in answer.assumptions[0]
    for row in answer.rates.to_pylist():
        if row["p_most"] is not None:
            assert row["p_most"] * 71 == pytest.approx(round(row["p_most"] * 71))


def test_weeks_do_not_draw_the_ratio_towards_1() -> None:
    """Where half of the dates are known to the week only, ratios are on average what was planted."""
    settings = IncidentSettings(ratio=3.0, surges=8, daily=2.0, clusters="none", week=0.5)
    ratios = []
    for seed in range(30):
        world = incident_world(seed, settings=settings)
        answer = coincidence(world.surges, world.incidents, since=world.since, until=world.until, lags=(0,))
        ratios.append(answer.ratio["ratio"].to_pylist()[0])
    assert sum(ratios) / len(ratios) == pytest.approx(3.0, rel=0.05)
