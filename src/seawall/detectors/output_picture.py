"""What a reviewer checks of a fall or a recovery: its numbers by week and by month, and what they rest on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from seawall.detectors.output_levels import Change
from seawall.detectors.output_series import Made
from seawall.detectors.output_words import THINGS, day
from seawall.measures.bursts.factor import factor_interval

AFTER = 56
"""Days after a window that are shown."""


def details(change: Change, made: Made, masked: int) -> dict[str, Any]:
    """Figures that JSON can hold."""
    low, high = _interval(change)
    before = change.before
    return {
        "factor": change.window.items / change.expected,
        "factor_interval": [low, high],
        "in_28_days": 28 * change.window.rate,
        "in_28_days_before": 28 * before.rate,
        "found": day(change.found).isoformat(),
        "baseline_from": day(before.start).isoformat(),
        "baseline_to": day(before.end).isoformat(),
        "baseline_days": before.days,
        "baseline_weeks": round(before.days / 7, 1),
        "history": change.history,
        "unknown_days": masked,
        "months": list(_months(change, made)),
        "picture": _picture(change, made),
    }


def _interval(change: Change) -> tuple[float, float]:
    """95 %, of observed / expected."""
    before = change.before
    weeks = max(change.window.days / 7, 1.0)
    level = 1.0 / max(before.items, 1.0) + change.scatter / max(before.days / 7, 1.0)
    observed, expected, extra, level_, history, scale = (
        np.array([value])
        for value in (
            change.window.items,
            change.expected,
            change.scatter / weeks * change.expected**2,
            level,
            change.history,
            1.0,
        )
    )
    _, low, high = factor_interval(observed, expected, extra, level_, history, scale)
    return float(low[0]), float(high[0])


def _months(change: Change, made: Made) -> Iterator[dict[str, Any]]:
    """Items and known days of each calendar month (UTC) from the baseline to the end of the window."""
    months: dict[str, list[int]] = {}
    for number in range(max(change.ordinary.start, made.days.first), change.window.end):
        place = number - made.days.first
        month = months.setdefault(f"{day(number):%Y-%m}", [0, 0])
        if made.days.known[place]:
            month[0] += int(made.days.counts[place])
            month[1] += 1
    for name, (items, days) in months.items():
        yield {"month": name, "items": items, "days": days}


def _picture(change: Change, made: Made) -> dict[str, Any]:
    """Weeks around the window; null is not collected. What is expected is the level before."""
    from scipy import stats  # here, because it takes half a second of every start

    days = made.days
    size = days.first + len(days.counts)
    begin, end = change.ordinary.start // 7 * 7, min(change.window.end + AFTER, size) // 7 * 7
    columns: dict[str, list[Any]] = {name: [] for name in ("at", "observed", "expected", "low", "high")}
    scale = 1.0 / max(change.scatter, 1e-9)
    for monday in range(begin, end, 7):
        part = slice(max(monday - days.first, 0), max(monday + 7 - days.first, 0))
        known = days.known[part]
        mean = change.before.rate * int(known.sum())
        columns["at"].append(day(monday).isoformat())
        columns["observed"].append(int(days.counts[part][known].sum()) if known.any() else None)
        columns["expected"].append(mean if known.any() else None)
        for name, share in (("low", 0.025), ("high", 0.975)):
            value = float(stats.nbinom.ppf(share, scale, scale / (scale + mean))) if known.any() else None
            columns[name].append(value)
    return {
        "unit": f"{THINGS[made.kind].lower()} per week",
        "source": "media in the lake that were published and not passed on, by time sent, UTC",
        "bin_seconds": 7 * 86_400.0,
        **columns,
    }
