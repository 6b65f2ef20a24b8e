"""How wide a bin is, and what follows from that: season, baseline window, gap, lengths of the scan."""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from seawall.errors import MeasureError

MINUTE = 60_000_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
WEEK = 7 * DAY
FIRST_MONDAY = 4 * DAY
"""Monday 5 January 1970 in UTC microseconds: bins are counted from here, so that weeks begin on Mondays."""

_UNITS = {"s": 1_000_000, "m": MINUTE, "h": HOUR, "d": DAY, "w": WEEK}
_DURATION = re.compile(r"\s*([1-9][0-9]{0,5})\s*([smhdw])\s*")


class Plan(NamedTuple):
    """Everything that the kernels need to know about the bins; all lengths are in bins unless a unit is named."""

    width: int  # of a bin, microseconds
    step: int  # of the season, microseconds: an hour, a day, or a whole week where there is no season
    phases: int  # of the season: 168 hours of the week, 7 weekdays, or 1
    window: int  # the baseline: 13 weeks
    gap: int  # between the baseline and the bin under test: 14 days
    stride: int  # one baseline serves so many consecutive bins, and is fitted on groups of so many: a week
    memory: float  # of the baseline: a bin weighs half as much as one that is so much later, 45 days
    least: int  # known bins in the baseline below which there is no answer: 4 weeks
    full: int  # known bins in the baseline from which on the answer is not marked down: 8 weeks
    trail: int  # of the empirical null: 26 weeks
    reach: int  # peaks of the scan are at least so far apart


def parse_bin(text: str) -> int:
    """The width of a bin in microseconds.

    >>> parse_bin("5m") == 5 * 60 * 1_000_000
    True

    Raises:
        MeasureError: not a duration, or shorter than a minute or longer than 52 weeks.
    """
    match = _DURATION.fullmatch(text) if isinstance(text, str) else None
    width = int(match[1]) * _UNITS[match[2]] if match else 0
    if not MINUTE <= width <= 52 * WEEK:
        raise MeasureError(
            "The width of a bin is not a duration between one minute and 52 weeks.",
            where="parameter bin",
            mend='Write a number and a unit (m, h, d or w), for example "1d", "1h", "5m" or "1w".',
        )
    return width


def plan_for(width: int) -> Plan:
    """The plan for bins of this width in microseconds.

    >>> plan_for(DAY).window, plan_for(DAY).gap, plan_for(HOUR).phases
    (91, 14, 168)
    """
    step, phases = (HOUR, 168) if width < DAY else (DAY, 7) if width == DAY else (WEEK, 1)
    return Plan(
        width=width,
        step=step,
        phases=phases,
        window=max(13 * WEEK // width, 26),
        gap=max(-(-14 * DAY // width), 3),
        stride=max(WEEK // width, 1),
        memory=max(45 * DAY / width, 13.0),
        least=max(4 * WEEK // width, 8),
        full=max(8 * WEEK // width, 13),
        trail=max(26 * WEEK // width, 26),
        reach=int(scan_lengths(width).max()) if width >= DAY else max(DAY // width, 10),
    )


def scan_lengths(width: int) -> npt.NDArray[np.int64]:
    """The lengths that the scan tries, in bins: 1, 3 to 10, and up to days for short bins; never beyond the gap.

    >>> scan_lengths(DAY).tolist(), scan_lengths(WEEK).tolist()
    ([1, 3, 4, 5, 6, 7, 8, 9, 10], [1, 3])
    """
    longest = max(-(-14 * DAY // width), 3)
    lengths = {1, *range(3, 11)}
    if width < DAY:
        lengths |= {6 * HOUR // width, DAY // width, 3 * DAY // width}
    return np.array(sorted(length for length in lengths if 1 <= length <= longest), np.int64)
