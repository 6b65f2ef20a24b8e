"""Surges while they happen: one series, one bin at a time; and the same scores for whole tables."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from numbers import Real
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa

from seawall.errors import MeasureError
from seawall.measures.bursts.grid import MOST_BINS, build_grid
from seawall.measures.bursts.plan import DAY, FIRST_MONDAY, parse_bin
from seawall.measures.bursts.rows import UTC_MICROSECONDS, binned, read_table
from seawall.measures.bursts.stream_long import LongBins
from seawall.measures.bursts.stream_plan import LEAST_BINS
from seawall.measures.bursts.stream_saved import fill, to_table, width_of
from seawall.measures.bursts.stream_short import ShortBins
from seawall.measures.bursts.stream_state import ALERT, NEVER

COUNTS = ("series", "at", "count")
COVERAGE = ("series", "start", "end")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
MOST_COUNT = 2**46
"""The sum of as many of these as are looked at is still exact in floating point."""


class SurgeStream:
    """How unusual each bin of one series is, told as soon as the bin is over.

    Feed it each bin once, in the order of time: the answer is a score in [0, 1] that rests on this bin and earlier
    ones alone, and is never revised. From ``ALERT`` (0.5) on it is an alert. A fall must be four times as rare as a
    rise to score as much. A burst is told once: scores are multiplied by 0.45 until no bin has reached an alert for
    half a day, or for seven long bins; of long bins also until the odds are ten times those that were told.

    *Short bins*, of which a day holds seven or more: 0.5 is what comes once in ten days. The logarithms of the sums
    of the last 1, 3, 9, 27 and 81 bins are compared with their own usual level and spread, which forget with a
    half-life of ten days. How high the largest of a day usually gets is learnt from earlier days (Gumbel's
    distribution; ten days of Gaussian noise are the prior), and makes of a deviation the chance that an ordinary day
    brings it. The chances of all lengths are joined by their harmonic mean (Wilson, The harmonic mean p-value for
    combining dependent tests, PNAS 116, 2019). There is no season: usual is what is usual over the whole day. The
    first day is only learnt from and scores 0; the first ten rest mostly on the prior.

    *Long bins*: 0.5 is what comes about once a year in regular series. The height h that ``bursts.scores`` gives the
    bin, from the same compiled steps, has odds of 10 ** (h - 3); 0 until there is history enough, six weeks at least.

    Bins that are left out are taken as *not collected*, as if their count were None: they are neither zeros nor
    surprising. Pass 0 where nothing happened.

    Args:
        bin: width of a bin, "5m", "1h", "1d": from a minute to 52 weeks. Bins are counted from Monday 5 January
            1970, 00:00 UTC.

    Raises:
        MeasureError: ``bin`` is not such a duration.

    A stream can be pickled; ``save`` gives a table without pickle. It takes two or three kilobytes, however long
    the series becomes.

    >>> from datetime import datetime, timedelta
    >>> stream, begin = SurgeStream(bin="1h"), datetime(2026, 5, 4)
    >>> counts = [20, 23, 18, 25, 21] * 60 + [90]
    >>> scores = [stream.update(begin + timedelta(hours=i), count) for i, count in enumerate(counts)]
    >>> max(scores[:-1]) < SurgeStream.ALERT < scores[-1]
    True
    """

    ALERT: ClassVar[float] = ALERT

    def __init__(self, bin: str) -> None:  # noqa: A002
        self._bin = bin
        self._width = parse_bin(bin)
        self._bins = _bins_of(self._width)

    def __repr__(self) -> str:
        return f"<SurgeStream: bins of {self._bin}>"

    def update(self, at: datetime | np.datetime64, count: float | None) -> float:
        """Take in the bin that begins at ``at``; its score in [0, 1].

        Args:
            at: a time with a zone, or without one and then UTC, or a numpy datetime64 (UTC). Any time within the
                bin will do.
            count: a whole number from 0 to 2**46; None = this bin was not collected, which scores 0.

        Raises:
            MeasureError: not such a time or count, or not later than the bin before. The stream stays as it was.
        """
        number = (_microseconds(at) - FIRST_MONDAY) // self._width
        value = math.nan if count is None else _whole(count)
        if self._bins.last != NEVER:
            _check_order(number - self._bins.last)
        return self._bins.step(number, value)

    def save(self) -> pa.Table:
        """Everything in one row: ``version`` (int32), ``bin`` (string), and a list of numbers for each part."""
        return to_table(self._bin, self._bins.parts())

    @classmethod
    def restore(cls, saved: pa.Table) -> SurgeStream:
        """The stream that ``save`` told of; it goes on, bit by bit, as the first one would have.

        Raises:
            MeasureError: not one row of ``save``, saved by another version, or damaged.
        """
        stream = cls(width_of(saved))
        fill(saved, stream._bins.parts())
        return stream


def stream_scores(counts: Any, *, bin: str, coverage: Any = None) -> pa.Table:  # noqa: A002
    """The score that ``SurgeStream`` gives each bin of many series, all at once.

    Args:
        counts: a table ``series`` (string or whole number), ``at`` (time; without zone UTC), ``count`` (whole,
            at least 0; rows of one bin are added up), in any order; anything that speaks Arrow.
        bin: width of a bin, as for ``SurgeStream``.
        coverage: a table ``series`` (null = all), ``start``, ``end`` of what was collected, or None = every bin
            from a series' first row to its last. A bin without rows is 0 where it was collected.

    Returns:
        A row for each series and bin, in the order of time within a series: ``series``, ``at`` (start of the bin,
        UTC microseconds), ``score`` (float64 in [0, 1]; 0 where not collected).

    Raises:
        MeasureError: a column is missing or holds what is not allowed.
    """
    width = parse_bin(bin)
    intervals = None if coverage is None else read_table(coverage, COVERAGE, "coverage")
    grid = build_grid(binned(read_table(counts, COUNTS, "counts"), width), intervals, width)
    values = np.where(grid.known, grid.counts, np.nan)
    if values.size and np.nanmax(values, initial=0.0) > MOST_COUNT:
        raise MeasureError("A count is too large.", where="counts, column count", mend="Pass counts up to 2**46.")
    scores, numbers = np.empty(len(values)), np.empty(len(values), np.int64)
    for begin, end, first in zip(grid.offsets[:-1], grid.offsets[1:], grid.first, strict=True):
        scores[begin:end] = _bins_of(width).run(int(first), values[begin:end])
        numbers[begin:end] = np.arange(first, first + end - begin)
    names = grid.names.take(pa.array(np.repeat(np.arange(len(grid.first)), np.diff(grid.offsets))))
    at = pa.array(numbers * width + FIRST_MONDAY, pa.int64()).cast(UTC_MICROSECONDS)
    return pa.table({"series": names, "at": at, "score": scores})


def _bins_of(width: int) -> ShortBins | LongBins:
    """The form that suits bins of this width in microseconds."""
    return ShortBins(width) if LEAST_BINS * width <= DAY else LongBins(width)


def _microseconds(at: Any) -> int:
    """UTC microseconds since 1970."""
    if isinstance(at, np.datetime64):
        if not np.isnat(at):
            return int(at.astype("datetime64[us]").astype(np.int64))
    elif isinstance(at, datetime) and at == at:  # not pandas' NaT
        moment = at if at.tzinfo else at.replace(tzinfo=UTC)
        return (moment - EPOCH) // MICROSECOND
    raise MeasureError(
        "This is not a time.", where="parameter at", mend="Pass a datetime or a numpy datetime64 that is not missing."
    )


def _whole(count: Any) -> float:
    """The count as a float."""
    whole = isinstance(count, Real) and not isinstance(count, bool) and math.isfinite(count) and count % 1 == 0
    if not whole or not 0 <= count <= MOST_COUNT:
        raise MeasureError(
            "This is not a count: negative, too large, or not a whole number.",
            where="parameter count",
            mend="Pass a whole number from 0 to 2**46, or None for a bin that was not collected.",
        )
    return float(count)


def _check_order(ahead: int) -> None:
    """``ahead``: by how many bins this one is later than the one before."""
    if ahead > MOST_BINS:
        raise MeasureError(
            "The time lies too far after the bin before.",
            where="parameter at",
            mend="A wrong clock may have written it: leave it out, or begin a new stream.",
        )
    if ahead < 1:
        raise MeasureError(
            "The bin was given before." if ahead == 0 else "The bin is earlier than the one before.",
            where="parameter at",
            mend="Pass each bin once, with its full count, in the order of time.",
        )
