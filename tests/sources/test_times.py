from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.errors import ConfigurationError
from seawall.sources.times import (
    FAULTS,
    MISSING,
    OUT_OF_RANGE,
    UNREADABLE,
    UTC_ASSUMED,
    date_order_of,
    parse_times,
)
from seawall.sources.zones import local_to_utc

MOMENTS = st.datetimes(datetime(1971, 1, 2), datetime(2199, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

FORMS = {
    "iso Z": lambda at: at.strftime("%Y-%m-%dT%H:%M:%SZ"),
    "iso blank": lambda at: at.strftime("%Y-%m-%d %H:%M:%S"),
    "iso offset": lambda at: at.astimezone(timezone(timedelta(hours=-3, minutes=-30))).isoformat(),
    "nine digits": lambda at: at.strftime("%Y-%m-%dT%H:%M:%S.123456789Z"),
    "unix": lambda at: str(int(at.timestamp())),
    "unix ms": lambda at: str(int(at.timestamp()) * 1000),
    "unix us": lambda at: str(int(at.timestamp()) * 1_000_000),
    "rfc 2822": format_datetime,
    "x api": lambda at: at.strftime("%a %b %d %H:%M:%S +0000 %Y"),
    "german": lambda at: at.strftime("%d.%m.%Y %H:%M:%S"),
    "year first": lambda at: at.strftime("%Y/%m/%d %H:%M:%S"),
    "compact": lambda at: at.strftime("%Y%m%d%H%M%S"),
    "twelve hours": lambda at: at.strftime("%Y-%m-%d %I:%M:%S %p"),
}


@pytest.mark.parametrize("form", FORMS)
@given(moments=st.lists(MOMENTS, min_size=1, max_size=5))
def test_every_form_is_read_back(form: str, moments: list[datetime]) -> None:
    """A time written in any supported form is read to the second that was written."""
    moments = [at.replace(year=max(at.year, 1973)) if (at.month, at.day) != (2, 29) else at for at in moments]
    found = parse_times([FORMS[form](at) for at in moments])
    assert not found.bad.any()
    got = [(value - EPOCH) // timedelta(seconds=1) for value in found.at.to_pylist()]
    assert got == [(at - EPOCH) // timedelta(seconds=1) for at in moments]


@given(st.lists(st.tuples(st.sampled_from(sorted(FORMS)), MOMENTS), min_size=1, max_size=20))
def test_a_column_of_mixed_forms_equals_its_parts(pairs: list[tuple[str, datetime]]) -> None:
    """Reading a column at once gives what reading each of its values alone gives."""
    written = [FORMS[form](at) for form, at in pairs]
    together = parse_times(written)
    alone = [parse_times([one]) for one in written]
    assert together.at.to_pylist() == [one.at[0].as_py() for one in alone]
    assert together.faults.tolist() == [one.faults[0] for one in alone]


@pytest.mark.parametrize("order", ["dmy", "mdy"])
@given(moments=st.lists(MOMENTS, min_size=1, max_size=5))
def test_a_stated_order_is_kept(order: str, moments: list[datetime]) -> None:
    """Day/month and month/day dates are read in the stated order, with two or four digits of the year."""
    pattern = "%d/%m/%Y %H:%M" if order == "dmy" else "%m/%d/%Y %H:%M"
    found = parse_times([at.strftime(pattern) for at in moments], date_order=order)
    assert [at.replace(tzinfo=UTC) for at in found.at.to_pylist()] == [
        at.replace(second=0, microsecond=0) for at in moments
    ]


def test_the_dates_themselves_prove_the_order() -> None:
    """A first part above 12 proves day first, a second part above 12 month first; five orders are read alike."""
    assert date_order_of(["3/4/2015", "13/4/2015"]) == "dmy"
    assert date_order_of(["3/4/2015 0:05", "3/31/2015 0:05"]) == "mdy"
    assert date_order_of(["2015-04-03", None, "soon"]) is None
    five = ["2015-07-31", "31.07.2015", "2015/07/31", "31/07/2015", "31-07-2015"]
    assert {at.date().isoformat() for at in parse_times(five).at.to_pylist()} == {"2015-07-31"}


@pytest.mark.parametrize("dates", [["3/4/2015"], ["13/4/2015", "4/13/2015"]])
def test_what_could_be_mistaken_is_asked(dates: list[str]) -> None:
    """Dates that prove no order, or both, are not guessed: the user is asked for --date-order."""
    with pytest.raises(ConfigurationError, match="--date-order"):
        parse_times(dates)


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("", MISSING),
        (None, MISSING),
        ("yesterday", UNREADABLE),
        ("2018-02-30", UNREADABLE),
        ("31.02.2018 10:00", UNREADABLE),
        ("2018-10-10 25:00", UNREADABLE),
        ("nan", UNREADABLE),
        ("1e300", UNREADABLE),
        ("0", OUT_OF_RANGE),
        ("0000-01-01", OUT_OF_RANGE),
        ("0001-01-01T00:00:00Z", OUT_OF_RANGE),
        ("9999-12-31T23:59:59Z", OUT_OF_RANGE),
        ("31.12.9999", OUT_OF_RANGE),
    ],
)
def test_what_is_no_time_has_a_fault(written: str | None, fault: int) -> None:
    """Missing, unreadable and placeholder times are told apart, alone and among good ones."""
    good = "2018-10-10T20:19:24Z"
    found = parse_times(pa.array([written, good], pa.string()))
    assert found.faults.tolist() == [fault, 0]
    assert found.at[0].as_py() is None
    assert fault in FAULTS


@given(st.lists(st.text(max_size=30), max_size=8))
def test_no_text_breaks_it(texts: list[str]) -> None:
    """Any text is a time or a fault, never an exception."""
    found = parse_times(pa.array(texts, pa.string()), date_order="ymd")
    assert found.at.null_count == int(found.bad.sum())


@given(st.lists(st.one_of(st.integers(-(2**63), 2**63 - 1), st.none()), max_size=8))
def test_no_number_breaks_it(numbers: list[int | None]) -> None:
    """Any integer is a unix time in 1971 to 2199 or a fault."""
    found = parse_times(pa.array(numbers, pa.int64()))
    assert all(at is None or 1971 <= at.year <= 2199 for at in found.at.to_pylist())
    assert found.at.null_count == int(found.bad.sum())


def test_typed_columns_are_read() -> None:
    """Timestamps of any unit, dates and floats are read; a naive timestamp is said to be taken as UTC."""
    at = datetime(2018, 10, 10, 20, 19, 24, tzinfo=UTC)
    for kind in (pa.timestamp("ns", "Europe/Berlin"), pa.timestamp("ms", "UTC"), pa.timestamp("s", "+02:00")):
        found = parse_times(pa.array([at], kind))
        assert (found.at[0].as_py(), found.assumption) == (at, None)
    naive = parse_times(pa.array([at.replace(tzinfo=None)], pa.timestamp("us")))
    assert (naive.at[0].as_py(), naive.assumption) == (at, UTC_ASSUMED)
    assert parse_times(pa.array([at.timestamp()])).at[0].as_py() == at
    assert parse_times(pa.array([at.date()])).at[0].as_py() == datetime(2018, 10, 10, tzinfo=UTC)


@given(
    st.lists(st.datetimes(datetime(1975, 1, 1), datetime(2090, 1, 1)), min_size=1, max_size=10),  # noqa: DTZ001
    st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "UTC"]),
)
def test_local_times_move_as_the_zone_says(moments: list[datetime], zone: str) -> None:
    """Local times become UTC as the standard library moves them one by one."""
    micros = np.array([(at.replace(tzinfo=UTC) - EPOCH) // timedelta(microseconds=1) for at in moments])
    expected = [(at.replace(tzinfo=ZoneInfo(zone)) - EPOCH) // timedelta(microseconds=1) for at in moments]
    assert local_to_utc(micros, zone).micros.tolist() == expected


def test_clock_changes_are_counted() -> None:
    """Times that happened twice or never are read and counted in the sentence."""
    found = parse_times(["2018-10-28 02:30", "2018-03-25 02:30", "2018-06-01 12:00"], timezone="Europe/Berlin")
    assert [at.hour for at in found.at.to_pylist()] == [0, 1, 10]
    assert found.assumption is not None
    assert "1 of them happened twice" in found.assumption
    assert "1 of them were skipped" in found.assumption


def test_an_unknown_zone_is_a_configuration_error() -> None:
    """A zone that does not exist is told with examples of names."""
    with pytest.raises(ConfigurationError, match="Europe/Berlin"):
        parse_times(["2018-10-10 20:19"], timezone="Mars/Olympus")
