"""Times as people and programs write them -> UTC microseconds.

Read: ISO 8601 with or without zone and fraction, unix seconds, milliseconds, microseconds and nanoseconds,
RFC 2822 and the order of the X API ("Wed Oct 10 20:19:24 +0000 2018"), and dates in numbers: year first, day
first, month first, German dots. Where day and month could be mistaken the file's own evidence decides, or the
user; never a guess. Times of a whole column in one style are read with Arrow and numpy, the rest one by one.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, cast

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.errors import ConfigurationError
from seawall.model import UTC_MICROSECONDS
from seawall.sources.zones import local_to_utc

EARLIEST = datetime(1971, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)
"""Outside of these a time is a placeholder: unix zero and year 0 mean "not told", year 9999 means "no end"."""

MISSING, UNREADABLE, OUT_OF_RANGE = 1, 2, 3
FAULTS = {
    MISSING: "no time",
    UNREADABLE: "not a time in a known form",
    OUT_OF_RANGE: "the year is before 1971 or after 2199, which stands for no time",
}
UTC_ASSUMED = "Times carry no zone; UTC was assumed."

Micros = npt.NDArray[np.int64]
Codes = npt.NDArray[np.uint8]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST = int((EARLIEST - _EPOCH).total_seconds()) * 1_000_000
_BEYOND = int((LATEST - _EPOCH).total_seconds()) * 1_000_000
_SECONDS = 10_000_000_000
"""Unix seconds of 2286: what is above counts milliseconds, a thousand times that microseconds, then nanoseconds."""
_DIGITS_OF_DATES = int((datetime(1980, 1, 1, tzinfo=UTC) - _EPOCH).total_seconds()) * 1_000_000
"""20150701 and 201507010005 would be 1970 and 1976 as unix times."""
_NUMERIC_DATE = (
    r"^\s*(?P<a>\d{1,4})(?P<sep>[/.\-])(?P<b>\d{1,2})[/.\-](?P<c>\d{1,4})"
    r"(?:[\sT,]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?"
    r"(?:\s*(?P<half>[AaPp])\.?[Mm]\.?)?)?\s*(?P<zone>Z|z|UTC|GMT|[+\-]\d{2}:?\d{2})?\s*$"
)
_NAMED_MONTH = re.compile(
    r"^\s*(?:[A-Za-z]{3,9},?\s+)?(?:(?P<day>\d{1,2})[\s-](?P<month>[A-Za-z]{3})[a-z]*[\s-](?P<year>\d{4}),?|"
    r"(?P<month2>[A-Za-z]{3})[a-z]*\s+(?P<day2>\d{1,2})(?:,?\s+(?P<year2>\d{4}),?)?)"
    r"\s+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?"
    r"(?:\s+(?P<zone>[+-]\d{4}|GMT|UTC|UT|Z))?(?:\s+\([A-Za-z ]+\))?(?:\s+(?P<year3>\d{4}))?\s*$"
)
_MONTHS = {name: number for number, name in enumerate(re.findall("...", "janfebmaraprmayjunjulaugsepoctnovdec"), 1)}
_FEW = 20
_LONG_FRACTION = re.compile(r"([.,]\d{6})\d+")


class Times(NamedTuple):
    """What a column of times says. ``faults`` is 0 where ``at`` holds a time, else a key of ``FAULTS``."""

    at: pa.Array  # UTC microseconds; null where there is a fault
    assumption: str | None
    faults: Codes

    @property
    def bad(self) -> npt.NDArray[np.bool_]:
        """Where there is no time."""
        return cast("npt.NDArray[np.bool_]", self.faults != 0)


def parse_times(values: Any, *, timezone: str | None = None, date_order: str | None = None) -> Times:
    """Times of a column, whatever its type.

    Args:
        values: an Arrow array or a list: timestamps, dates, numbers (unix time) or strings.
        timezone: IANA name for times without a zone; None = UTC, told in ``assumption``.
        date_order: "dmy", "mdy" or "ymd" for dates in numbers; None = by the evidence in ``values``.

    Raises:
        ConfigurationError: day and month could be mistaken and nothing decides, or the zone is unknown.

    >>> parse_times(["2018-10-10T20:19:24Z", "1539202764", None]).at.cast("int64").to_pylist()
    [1539202764000000, 1539202764000000, None]
    >>> parse_times(["7/31/2015 0:05"]).at[0].as_py().isoformat()
    '2015-07-31T00:05:00+00:00'
    """
    array = values if isinstance(values, pa.Array | pa.ChunkedArray) else pa.array(values)
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    kind = array.type
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        return _typed(array, timezone)
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        micros, faults = _unix(array)
        return _times(micros, faults, np.zeros(len(array), dtype=bool), timezone)
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return _written(array.cast(pa.string()), timezone, date_order)
    faults = np.where(_nulls(array), MISSING, UNREADABLE).astype(np.uint8)
    return _times(np.zeros(len(array), np.int64), faults, np.zeros(len(array), dtype=bool), timezone)


def date_order_of(values: Any, where: str = "the column of times") -> str | None:
    """The order that the dates themselves prove: "dmy" or "mdy"; None if none is written day or month first.

    Raises:
        ConfigurationError: they prove nothing, or both.
    """
    array = values if isinstance(values, pa.Array | pa.ChunkedArray) else pa.array(values, pa.string())
    if not pa.types.is_string(array.type):
        return None
    parts = pc.extract_regex(pc.drop_null(array), r"^\s*(?P<a>\d{1,2})[/\-](?P<b>\d{1,2})[/\-]\d{1,4}")
    found = pc.drop_null(parts)
    if len(found) == 0:
        return None
    first = bool(pc.any(pc.greater(pc.cast(pc.struct_field(found, "a"), pa.int64()), 12)).as_py())
    second = bool(pc.any(pc.greater(pc.cast(pc.struct_field(found, "b"), pa.int64()), 12)).as_py())
    return proven_order(day_first=first, month_first=second, where=where)


def proven_order(*, day_first: bool, month_first: bool, where: str) -> str:
    """The order of dates of which some have a first number above 12, or a second one.

    >>> proven_order(day_first=True, month_first=False, where="chat.txt")
    'dmy'

    Raises:
        ConfigurationError: they prove nothing, or both.
    """
    if day_first != month_first:
        return "dmy" if day_first else "mdy"
    raise ConfigurationError(
        "Some dates have the day first and some the month."
        if day_first
        else "Day and month of the dates could be mistaken for each other.",
        where=where,
        mend="State the order with --date-order dmy or --date-order mdy.",
    )


def _nulls(array: pa.Array) -> npt.NDArray[np.bool_]:
    return np.asarray(array.is_null().to_numpy(zero_copy_only=False), dtype=bool)


def _times(micros: Micros, faults: Codes, naive: npt.NDArray[np.bool_], timezone: str | None) -> Times:
    """Faults of range added, local times moved to UTC, nulls set."""
    assumption = None
    local = naive & (faults == 0)
    if local.any():
        if timezone is None:
            assumption = UTC_ASSUMED
        else:
            moved = local_to_utc(micros[local], timezone)
            micros = micros.copy()
            micros[local] = moved.micros
            assumption = moved.sentence
    outside = (micros < _FIRST) | (micros >= _BEYOND)
    faults = np.where((faults == 0) & outside, OUT_OF_RANGE, faults).astype(np.uint8)
    at = pa.array(micros, pa.int64(), mask=faults != 0).cast(UTC_MICROSECONDS)
    return Times(at, assumption, faults)


def _typed(array: pa.Array, timezone: str | None) -> Times:
    faults = np.where(_nulls(array), MISSING, 0).astype(np.uint8)
    zoned = pa.types.is_timestamp(array.type) and array.type.tz is not None
    plain = array.cast(pa.timestamp("us", tz="UTC") if zoned else pa.timestamp("us"), safe=False)
    micros = _numbers(plain.cast(pa.int64()))
    return _times(micros, faults, np.full(len(array), not zoned), timezone)


def _numbers(array: pa.Array) -> Micros:
    return np.asarray(pc.fill_null(array, 0).to_numpy(zero_copy_only=False), dtype=np.int64)


def _unix(array: pa.Array) -> tuple[Micros, Codes]:
    """Unix times in any unit: for 1971 to 2199 the units' ranges do not overlap, so the size tells the unit."""
    faults = np.where(_nulls(array), MISSING, 0).astype(np.uint8)
    if pa.types.is_integer(array.type):
        whole = _numbers(array.cast(pa.int64(), safe=False))
        scaled = np.select(
            [whole < _SECONDS, whole < 1000 * _SECONDS, whole < 1_000_000 * _SECONDS],
            [np.clip(whole, -1, _SECONDS) * 1_000_000, np.clip(whole, -1, 1000 * _SECONDS) * 1000, whole],
            whole // 1000,
        )
        return scaled.astype(np.int64), faults
    real = np.asarray(pc.fill_null(array.cast(pa.float64()), 0.0).to_numpy(zero_copy_only=False), dtype=np.float64)
    odd = ~np.isfinite(real) | (real < 0) | (real > 9e18)
    faults = np.where(odd & (faults == 0), UNREADABLE, faults).astype(np.uint8)
    real = np.where(odd, 0.0, real)
    scale = np.select([real < _SECONDS, real < 1e3 * _SECONDS, real < 1e6 * _SECONDS], [1e6, 1e3, 1.0], 1e-3)
    return np.rint(real * scale).astype(np.int64), faults


def _written(array: pa.Array, timezone: str | None, date_order: str | None) -> Times:
    array = pc.utf8_trim_whitespace(array)
    array = pc.if_else(pc.equal(array, ""), pa.scalar(None, pa.string()), array)
    missing = _nulls(array)
    whole = _whole_column(array)
    if whole is not None:
        micros, naive = whole
        return _times(micros, np.where(missing, MISSING, 0).astype(np.uint8), naive & ~missing, timezone)
    if date_order is None:
        date_order = date_order_of(array)
    distinct = array.dictionary_encode()
    found = _mixed(distinct.dictionary, date_order)
    places = _numbers(distinct.indices)
    micros, faults, naive = found[0][places], found[1][places], found[2][places]
    return _times(micros, np.where(missing, MISSING, faults).astype(np.uint8), naive & ~missing, timezone)


def _whole_column(array: pa.Array) -> tuple[Micros, npt.NDArray[np.bool_]] | None:
    """The column if it is ISO 8601 throughout, with zones throughout or without throughout, else None."""
    few = pc.drop_null(array.slice(0, _FEW))  # a cast that fails has formatted an error for each value: try a few first
    for zone, naive in (("UTC", False), (None, True)):
        try:
            few.cast(pa.timestamp("us", tz=zone))
            stamps = array.cast(pa.timestamp("us", tz=zone))
        except pa.ArrowInvalid:
            continue
        return _numbers(stamps.cast(pa.int64())), np.full(len(array), naive)
    return None


def _mixed(array: pa.Array, date_order: str | None) -> tuple[Micros, Codes, npt.NDArray[np.bool_]]:
    """Microseconds, faults and where no zone is told, of written times in whatever forms."""
    rows = len(array)
    micros = np.zeros(rows, np.int64)
    naive = np.zeros(rows, dtype=bool)
    faults = np.full(rows, UNREADABLE, np.uint8)
    for form in (_digit_strings, lambda left: _numeric_dates(left, date_order), _rarer):
        places = np.flatnonzero(faults == UNREADABLE)
        if len(places):
            micros[places], faults[places], naive[places] = form(array.take(pa.array(places)))
    return micros, faults, naive


def _rarer(array: pa.Array) -> tuple[Micros, Codes, npt.NDArray[np.bool_]]:
    """Times one by one, in forms that no vectorised reader knows."""
    found = [_one(text) for text in array.to_pylist()]
    micros = np.array([0 if one is None else one[0] for one in found], np.int64)
    naive = np.array([one is not None and one[1] for one in found], dtype=bool)
    return micros, np.array([UNREADABLE if one is None else 0 for one in found], np.uint8), naive


def _digit_strings(array: pa.Array) -> tuple[Micros, Codes, npt.NDArray[np.bool_]]:
    """Unix times, or dates without separators (20150701, 20150701120000), which would be long ago as unix times."""
    digits = pc.match_substring_regex(array, r"^\d{1,18}$")
    micros, _ = _unix(pc.if_else(digits, array, pa.scalar(None, pa.string())).cast(pa.int64()))
    good = _true(digits)
    naive = np.zeros(len(array), dtype=bool)
    for place in np.flatnonzero(good & (micros < _DIGITS_OF_DATES)):
        text = cast(str, array[int(place)].as_py())
        one = _iso(text) if len(text) == 8 else _iso(f"{text[:8]}T{text[8:]}") if len(text) in (12, 14) else None
        if one is not None:
            micros[place], naive[place] = one
    return micros, np.where(good, 0, UNREADABLE).astype(np.uint8), naive


def _numeric_dates(array: pa.Array, order: str | None) -> tuple[Micros, Codes, npt.NDArray[np.bool_]]:
    """Dates written in numbers; the first of four digits is the year, dots mean day first, else ``order``."""
    parts = pc.extract_regex(array, _NUMERIC_DATE)
    matched = ~_nulls(parts)
    text = {name: pc.struct_field(parts, name) for name in ("a", "sep", "b", "c", "zone", "half", "fraction")}
    number = {name: _part(pc.struct_field(parts, name)) for name in ("a", "b", "c", "hour", "minute", "second")}
    year_first = _numbers(pc.utf8_length(text["a"])) == 4
    year_last = _numbers(pc.utf8_length(text["c"])) != 3
    dots = _true(pc.equal(text["sep"], "."))
    ymd = year_first | (~dots & (order == "ymd"))
    dmy = ~ymd & (dots | (order == "dmy"))
    known = ymd | dmy | (order == "mdy")
    year = np.where(ymd, number["a"], number["c"])
    short = _numbers(pc.utf8_length(pc.if_else(pa.array(ymd), text["a"], text["c"]))) <= 2
    year = np.where(short, np.where(year < 70, year + 2000, year + 1900), year)
    month = np.where(dmy | ymd, number["b"], number["a"])
    day = np.where(ymd, number["c"], np.where(dmy, number["a"], number["b"]))
    half = _numbers(pc.index_in(pc.utf8_lower(text["half"]), pa.array(["a", "p"])))
    has_half = ~_nulls(pc.if_else(pc.equal(text["half"], ""), None, text["half"]))
    clock_ok = ~has_half | ((number["hour"] >= 1) & (number["hour"] <= 12))
    hour = np.where(has_half, number["hour"] % 12 + 12 * half, number["hour"])
    micros, fits = _civil(year, month, day, hour, number["minute"], number["second"])
    offset, naive = _offsets(text["zone"])
    fraction = _part(pc.utf8_slice_codeunits(pc.utf8_rpad(text["fraction"], 6, "0"), 0, 6))
    good = matched & known & fits & clock_ok & year_last
    return micros + fraction - offset, np.where(good, 0, UNREADABLE).astype(np.uint8), naive & good


def _true(array: pa.Array) -> npt.NDArray[np.bool_]:
    return np.asarray(pc.fill_null(array, False).to_numpy(zero_copy_only=False), dtype=bool)


def _part(array: pa.Array) -> Micros:
    return _numbers(pc.if_else(pc.equal(array, ""), None, array).cast(pa.int64()))


def _civil(
    year: Micros, month: Micros, day: Micros, hour: Micros, minute: Micros, second: Micros
) -> tuple[Micros, npt.NDArray[np.bool_]]:
    """Microseconds of a civil time since 1970, and whether there is such a time (year 0 counts as one)."""
    fits = (month >= 1) & (month <= 12) & (day >= 1) & (hour < 24) & (minute < 60) & (second <= 60)
    months = (year - 1970) * 12 + np.where(fits, month, 1) - 1
    first = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    length = (months + 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64) - first
    fits &= day <= length
    seconds = (first + day - 1) * 86_400 + hour * 3600 + minute * 60 + np.minimum(second, 59)
    return np.where(fits, seconds * 1_000_000, 0), fits


def _offsets(zone: pa.Array) -> tuple[Micros, npt.NDArray[np.bool_]]:
    """Microseconds east of UTC, and where no zone is told."""
    naive = _nulls(zone) | _true(pc.equal(zone, ""))
    signed = pc.extract_regex(zone, r"^(?P<sign>[+\-])(?P<hours>\d{2}):?(?P<minutes>\d{2})$")
    minutes = _part(pc.struct_field(signed, "hours")) * 60 + _part(pc.struct_field(signed, "minutes"))
    west = _true(pc.equal(pc.struct_field(signed, "sign"), "-"))
    return np.where(west, -minutes, minutes) * 60_000_000, naive


def _one(text: str) -> tuple[int, bool] | None:
    """One time in a rarer form: (microseconds, without a zone), or None."""
    return _iso(text) or _named_month(text) or _real(text)


def _real(text: str) -> tuple[int, bool] | None:
    try:
        number = float(text)
    except ValueError:
        return None
    micros, faults = _unix(pa.array([number], pa.float64()))
    return None if faults[0] else (int(micros[0]), False)


def _iso(text: str) -> tuple[int, bool] | None:
    trimmed = _LONG_FRACTION.sub(r"\1", text.removesuffix(" UTC") + ("Z" if text.endswith(" UTC") else ""))
    try:
        return _micros_of(datetime.fromisoformat(trimmed))
    except (ValueError, OverflowError):
        return None


def _micros_of(moment: datetime) -> tuple[int, bool]:
    naive = moment.tzinfo is None
    since = (moment.replace(tzinfo=UTC) if naive else moment) - _EPOCH
    return since // timedelta(microseconds=1), naive


def _named_month(text: str) -> tuple[int, bool] | None:
    match = _NAMED_MONTH.match(text)
    if match is None:
        return None
    month = _MONTHS.get((match["month"] or match["month2"]).lower())
    year = match["year"] or match["year2"] or match["year3"]
    if month is None or year is None:
        return None
    zone = match["zone"]
    sign = -1 if zone and zone[0] == "-" else 1
    offset = sign * (int(zone[1:3]) * 60 + int(zone[3:5])) if zone and zone[0] in "+-" else 0
    try:
        moment = datetime(
            int(year),
            month,
            int(match["day"] or match["day2"]),
            int(match["hour"]),
            int(match["minute"]),
            min(int(match["second"] or 0), 59),
            tzinfo=UTC,
        )
    except ValueError:
        return None
    micros, _ = _micros_of(moment)
    return micros - offset * 60_000_000, zone is None
