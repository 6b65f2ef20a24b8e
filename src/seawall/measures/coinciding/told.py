"""What was found, as Arrow tables."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seawall.measures.coinciding.circle import inside_each, meetings
from seawall.measures.coinciding.rates import Rate
from seawall.measures.coinciding.ratio import Ratio
from seawall.measures.coinciding.textbook import textbook

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Windows = list[tuple[int, int]]
UTC_MICROSECONDS = pa.timestamp("us", "UTC")
RATIO = "rate ratio"


def rates_table(found: list[Rate]) -> pa.Table:
    """One row a group, direction and lag."""
    low, high = (
        np.array([np.quantile(one.shifted, level) for one in found]) for level in (0.025, 0.975)
    )  # fmt: skip
    return pa.table(
        {
            "group": pa.array([one.group for one in found], pa.string()),
            "direction": pa.array([one.direction for one in found], pa.string()),
            "lag": pa.array([one.lag for one in found], pa.int64()),
            "hits": pa.array([one.hits for one in found], pa.float64()),
            "of": pa.array([one.of for one in found], pa.float64()),
            "rate": pa.array([one.hits / one.of if one.of else None for one in found], pa.float64()),
            "expected": pa.array([float(one.shifted.mean()) for one in found], pa.float64()),
            "low": low,
            "high": high,
            "p": pa.array([one.chance and one.chance.p for one in found], pa.float64()),
            "p_most": pa.array([one.chance and one.chance.most for one in found], pa.float64()),
            "p_corrected": pa.array([one.best and one.best.p for one in found], pa.float64()),
        }
    )


def ratio_table(ratios: dict[str, Ratio], surges: int) -> pa.Table:
    """One row a group."""
    told = list(ratios.values())
    floats = ("inside", "outside", "ratio", "low", "high", "p")
    columns = {name: pa.array([getattr(one, name) for one in told], pa.float64()) for name in floats}
    days = {
        name: pa.array([getattr(one, name) for one in told], pa.int64()) for name in ("inside_days", "outside_days")
    }
    return pa.table(
        {
            "group": pa.array(list(ratios), pa.string()),
            "surges": pa.array([surges] * len(told), pa.int64()),
            "inside": columns["inside"],
            "inside_days": days["inside_days"],
            "outside": columns["outside"],
            "outside_days": days["outside_days"],
            **{name: columns[name] for name in ("ratio", "low", "high", "p")},
        }
    )


def textbook_table(
    groups: dict[str, Floats], windows: Windows, known: Flags, shifts: Ints, confidence: float
) -> pa.Table:
    """One row a group and method of textbooks; null where it has no interval."""
    inside = np.zeros(len(known), bool)
    for begin, end in windows:
        inside[begin:end] = True
    rows = [
        {"group": group, "method": method, "low": told and told[0], "high": told and told[1]}
        for group, on in groups.items()
        for method, told in textbook(
            on, inside, known, len(windows), _at_shifts(on, windows, known)[shifts], confidence
        ).items()
    ]
    names, numbers = ("group", "method"), ("low", "high")
    return pa.Table.from_pylist(
        rows, pa.schema([(name, pa.string()) for name in names] + [(name, pa.float64()) for name in numbers])
    )


def _at_shifts(on: Floats, windows: Windows, known: Flags) -> Floats:
    """The ratio of incidents a day inside to outside at every shift."""
    days = sum(end - begin for begin, end in windows)
    inside = inside_each(on, windows).sum(0)
    outside = meetings(on, known.astype(float)) - inside
    rest = max(int(known.sum()) - days, 1)
    ratios: Floats = np.divide(inside / days, outside / rest, out=np.full(len(on), np.inf), where=outside > 1e-9)
    return ratios


def tried_table(found: list[Rate], ratios: dict[str, Ratio]) -> pa.Table:
    """One row each p."""
    rows = [
        (one.group, one.direction, one.lag, one.chance and one.chance.p, one.best and one.best.p) for one in found
    ] + [(group, RATIO, None, one.p, None) for group, one in ratios.items()]
    kinds = {
        "group": pa.string(),
        "what": pa.string(),
        "lag": pa.int64(),
        "p": pa.float64(),
        "p_corrected": pa.float64(),
    }
    columns = zip(*rows, strict=True)
    return pa.table({name: pa.array(column, kinds[name]) for name, column in zip(kinds, columns, strict=True)})


def surge_table(windows: Windows, since: date) -> pa.Table:
    """Spans of days, start and the day after the end."""
    first = datetime.combine(since, time(), UTC)
    return pa.table(
        {
            name: pa.array([first + timedelta(days=window[side]) for window in windows], UTC_MICROSECONDS)
            for side, name in enumerate(("start", "end"))
        }
    )
