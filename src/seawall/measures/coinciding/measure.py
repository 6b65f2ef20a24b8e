"""Surges and incidents, compared on the calendar and on every shift of it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from seawall.errors import MeasureError
from seawall.measures.coinciding.circle import meetings
from seawall.measures.coinciding.incidents import (
    NO_DATE,
    PRECISIONS,
    Incident,
    extent,
    on_days,
    read_incidents,
)
from seawall.measures.coinciding.online import ELSEWHEN, Online, flags, read_online, runs
from seawall.measures.coinciding.rates import curves, rates
from seawall.measures.coinciding.ratio import rate_ratio
from seawall.measures.coinciding.result import Coincidence
from seawall.measures.coinciding.told import rates_table, ratio_table, surge_table, textbook_table, tried_table

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
LAGS = (-14, -7, -3, -1, 0, 1, 3, 7, 14)
"""Days by which incidents follow surges (negative: precede them) that are tried where nothing else is asked for."""
LEAST_DAYS = 28
EVEN = 0.5
"""Of the days of surges, from which on it is said that surges stand at even distances."""
MOST_DAYS = 36_525
STEPS = {"days": 1, "weeks": 7}


def coincidence(
    online: Any,
    incidents: Any,
    *,
    since: date | None = None,
    until: date | None = None,
    lags: Sequence[int] = LAGS,
    tolerance: int = 0,
    shifts: str = "days",
    coarsest: str = "week",
    by: str | None = None,
    coverage: Any = None,
    confidence: float = 0.95,
) -> Coincidence:
    """How often online surges and incidents coincide, against every shift of the calendar.

    Args:
        online: windows ``start, end`` as ``seawall.measures.surges`` returns them (null end: it lasts; rows with
            ``direction`` "down" are left out), or daily counts ``at, count`` with optional ``series``, in which surges
            are looked for. Times without a zone are UTC; a surge takes each UTC day that it touches, and surges that
            touch are one.
        incidents: ``date`` (or ``at``): date, timestamp, or text as 2026-05-03, 2026-W18 (a week), 2026-05 (a month);
            optional ``precision`` (day, week, month, year, or 1 to 4), ``count`` (incidents of the row), and others.
        since, until: the observed time, first day and the day after the last. Without them it is that of the counts or
            of ``coverage``, else from the first to the last of what was given, which is said.
        lags: days by which incidents follow surges; negative: they precede them.
        tolerance: days after a surge that still count as part of it in the rates.
        shifts: "days", or "weeks": only whole weeks, so that what has a day of the week keeps it.
        coarsest: "day", "week" or "month": incidents whose date is known less precisely are left out and counted;
            those that are known to a week or month lie evenly on its days, and for the ratio as it lets expect.
        by: a column of incidents that splits them; everything that is tried is corrected for together.
        coverage: ``start, end`` of what was collected online; other days are neither surge nor quiet.
        confidence: of intervals.

    Returns:
        A ``Coincidence``.

    Method: event-coincidence rates in both directions (Donges and others, 2016) and a ratio of rates, each compared
    with the same after the surges were moved around the calendar, which is closed to a circle (also for lags);
    clusters of incidents and of surges stay as they are. Where many shifts give exactly the same, what nearly
    coincided decides, then a draw whose seed is a digest of the data: the same data give the same p, and under no
    link each p is as likely as any other. For intervals see ``seawall.measures.coinciding.ratio``. A rhythm or trend
    that both share is not told apart from a link.

    Raises:
        MeasureError: a table or a value cannot be used, no surge or no incident is left, or there are too few days.

    >>> import pyarrow as pa
    >>> from datetime import date, datetime, timedelta
    >>> begins = [datetime(2025, 2, 3), datetime(2025, 5, 20), datetime(2025, 11, 7), datetime(2026, 3, 1)]
    >>> windows = pa.table({"start": begins, "end": [begin + timedelta(days=10) for begin in begins]})
    >>> days = [date(2025, 1, 1) + timedelta(days=n * n % 727) for n in range(90)]
    >>> days += [begin.date() + timedelta(days=n) for begin in begins for n in (1, 2, 5, 7)]
    >>> found = coincidence(windows, pa.table({"date": days}), since=date(2025, 1, 1), until=date(2027, 1, 1))
    >>> print(found.sentences[0])
    23 incidents in 40 days of surges, 83 in 690 other days: 4.8 times as many a day (95 %: 3.2 to 10.6).
    """
    _check(lags, tolerance, shifts, coarsest, confidence)
    seen = read_online(online, coverage)
    told, undated = read_incidents(incidents, by)
    since, until, assumed = _observed(seen, told, since, until)
    days = (until - since).days
    spare = days % STEPS[shifts]
    if spare:
        days, until = days - spare, until - timedelta(days=spare)
        assumed += (f"The last {spare} days are left out, so that the observed time has whole weeks.",)
    windows, known, left_out = _surges(seen, since, days)
    assumed += _evenly(windows, days)
    groups, spread, others = on_days(told, since, days, coarsest)
    left_out = {**left_out, **others, **({NO_DATE: undated} if undated else {})}
    groups = {group: on for group, on in groups.items() if on.any()}
    _enough(windows, groups, known, left_out)
    moved = np.arange(0, days, STEPS[shifts])
    random = np.random.default_rng(_digest(known, windows, groups))
    both = {group: curves(on, windows, known, tolerance) for group, on in groups.items()}
    found, best = rates(both, lags, moved, random)
    ratios = {
        group: rate_ratio(on, windows, known, moved, random.random(), confidence, spread[group])
        for group, on in groups.items()
    }
    return Coincidence(
        rates=rates_table(found),
        ratio=ratio_table(ratios, len(windows)),
        textbook=textbook_table(groups, windows, known, moved, confidence),
        tried=tried_table(found, ratios),
        surges=surge_table(windows, since),
        p=None if best is None else best.p,
        days=(int(known.sum()), days),
        since=since,
        until=until,
        left_out=left_out,
        assumptions=(*assumed, *seen.assumptions),
    )


def _check(lags: Sequence[int], tolerance: int, shifts: str, coarsest: str, confidence: float) -> None:
    if not lags or any(lag != int(lag) for lag in lags):
        raise MeasureError("Lags are whole days.", where="parameter lags", mend="As in lags=(0, 7, 14).")
    if tolerance < 0:
        raise MeasureError("A tolerance cannot be below 0.", where="parameter tolerance")
    if shifts not in STEPS:
        raise MeasureError("There are no such shifts.", where="parameter shifts", mend="Use 'days' or 'weeks'.")
    if coarsest not in PRECISIONS[:3]:
        raise MeasureError(
            "There is no such precision.", where="parameter coarsest", mend=f"Use one of {', '.join(PRECISIONS[:3])}."
        )
    if not 0 < confidence < 1:
        raise MeasureError("It lies between 0 and 1.", where="parameter confidence", mend="As in confidence=0.95.")


def _observed(
    seen: Online, told: list[Incident], since: date | None, until: date | None
) -> tuple[date, date, tuple[str, ...]]:
    """The first day, the day after the last, and what was assumed."""
    since, until = _day(since), _day(until)
    assumed: tuple[str, ...] = ()
    if since is None or until is None:
        spans = seen.looked
        if spans is None:
            closed = [span for span in seen.spans if span[1] != date.max]
            reach = extent(told)
            spans = closed if reach is None else [*closed, reach]
            assumed = ("The observed time was taken to reach from the first to the last of surges and incidents.",)
        if not spans:
            raise MeasureError(
                "Neither surges nor incidents tell what time was observed.",
                where="parameters since and until",
                mend="Name the first day and the day after the last.",
            )
        since = min(begin for begin, _ in spans) if since is None else since
        until = max(end for _, end in spans) if until is None else until
    if not LEAST_DAYS <= (until - since).days <= MOST_DAYS:
        raise MeasureError(
            f"From {since} to {until} are {(until - since).days:,} days.",
            where="the observed time",
            mend=f"It takes {LEAST_DAYS} days at least, and a century at most: check dates, since and until.",
        )
    return since, until, assumed


def _day(when: date | None) -> date | None:
    if isinstance(when, datetime):
        return (when.astimezone(UTC) if when.tzinfo else when).date()
    if when is not None and not isinstance(when, date):
        raise MeasureError("This is no day.", where="parameters since and until", mend="As in: date(2026, 5, 3).")
    return when


def _surges(seen: Online, since: date, days: int) -> tuple[list[tuple[int, int]], Flags, dict[str, int]]:
    """Surges as places on the calendar, the days on which one could have been seen, and what was left out."""
    until = since + timedelta(days=days)
    within = [span for span in seen.spans if span[1] > since and span[0] < until]
    known = np.ones(days, bool) if seen.looked is None else flags(seen.looked, since, days)
    inside = flags(within, since, days)
    left_out = dict(seen.left_out)
    if len(within) < len(seen.spans):
        left_out[ELSEWHEN] = len(seen.spans) - len(within)
    return runs(inside), known | inside, left_out


def _evenly(windows: list[tuple[int, int]], days: int) -> tuple[str, ...]:
    """A sentence where surges stand at such even distances that some shifts put them on each other's place."""
    inside = np.zeros(days)
    for begin, end in windows:
        inside[begin:end] = 1.0
    longest = max((end - begin for begin, end in windows), default=0)
    if len(windows) < 3 or 2 * longest >= days:
        return ()
    again = meetings(inside, inside)[longest : days - longest]
    if again.max() < EVEN * inside.sum():
        return ()
    away = int(np.argmax(again)) + longest
    return (
        f"A shift by {away} days puts most surges on one another's place: few shifts differ, and intervals are wide.",
    )


def _enough(windows: list[tuple[int, int]], groups: dict[str, Floats], known: Flags, left_out: dict[str, int]) -> None:
    reasons = "; ".join(f"{count:,} left out: {reason}" for reason, count in left_out.items())
    mend = reasons[:1].upper() + reasons[1:] + "." if reasons else "Check the files and the observed time."
    if not windows:
        more = " Counts are looked at as one series for each name; windows that are known can be given instead."
        raise MeasureError("There is no surge in the observed time.", where="online", mend=mend + more)
    if not groups:
        raise MeasureError("There is no incident in the observed time.", where="incidents", mend=mend)
    inside = sum(end - begin for begin, end in windows)
    if inside >= int(known.sum()):
        raise MeasureError(
            "Every day that is known is a day of a surge.",
            where="online",
            mend="Give days without a surge, too: there is nothing to compare with.",
        )


def _digest(known: Flags, windows: list[tuple[int, int]], groups: dict[str, Floats]) -> int:
    """A seed that the data give."""
    digest = hashlib.blake2b(known.tobytes() + repr(windows).encode(), digest_size=8)
    for on in groups.values():
        digest.update(on.tobytes())
    return int.from_bytes(digest.digest(), "big")
