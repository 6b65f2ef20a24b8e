"""How long channels lived that began before an action, and those that began after it."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.errors import MeasureError
from seawall.measures.bursts.plan import DAY, FIRST_MONDAY
from seawall.measures.effects.activity import Moves
from seawall.measures.effects.result import UTC_MICROSECONDS, left_out_table
from seawall.measures.effects.rows import named, read_actions
from seawall.measures.lifetimes import log_rank, restricted_mean

SCHEMA = pa.schema(
    [
        ("action", pa.string()),
        ("at", UTC_MICROSECONDS),
        ("horizon", pa.float64()),
        ("began_before", pa.int64()),
        ("began_after", pa.int64()),
        ("before", pa.float64()),
        ("after", pa.float64()),
        ("ratio", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("p", pa.float64()),
    ]
)
LEAST = 5
"""So many channels must have begun on each side."""
DOUBT = (
    "Only the first days of a life are compared, as many as could be seen on both sides.",
    "Each channel counts as if it had a fate of its own; where many end together, the interval is too narrow.",
)


def lives(spells: Any, actions: Any, *, window: int = 30, confidence: float = 0.95) -> Moves:
    """The mean life of new channels, in their first days, before and after actions.

    Args:
        spells: ``start``, ``end`` (null while alive) as times, as in ``survival``.
        actions: as in ``effect``; all spells are looked at, whatever was acted on.
        window: days on each side in which channels begin; half of it is the ``horizon`` to which lives are compared.
        confidence: of the intervals.

    Returns:
        ``Moves``. Its ``table`` has a row an action: how many began in the window before and after, the restricted mean
        life of each (days of the first ``horizon`` days), their ``ratio`` with ``low`` and ``high`` (normal for the
        logarithm, by the delta method), and ``p`` of the log-rank test. All null where fewer than five began on a side.
        Those who began before are looked at until the action, those who began after until the window ends.

    Raises:
        MeasureError: a column is missing or no time, or a parameter cannot be.

    >>> start = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=n) for n in range(60)]
    >>> end = [at + timedelta(days=40 if n < 30 else 2 + n % 3) for n, at in enumerate(start)]
    >>> found = lives(pa.table({"start": start, "end": end}), pa.table({"at": [start[30]]}))
    >>> row, = found.table.to_pylist()
    >>> row["before"], round(row["after"], 1)
    (15.0, 3.0)
    """
    if not 2 <= window <= 3660:
        raise MeasureError("The window cannot be.", where="parameters", mend="It has 2 to 3,660 days.")
    left_out: Counter[str] = Counter()
    table = named(spells, {"start": ("start",), "end": ("end",)}, "spells")
    start, end = (table[name].cast(UTC_MICROSECONDS, safe=False) for name in ("start", "end"))
    last = max((one for one in (pc.max(start).as_py(), pc.max(end).as_py()) if one is not None), default=None)
    told = []
    for action in read_actions(actions, left_out):
        at = datetime.fromtimestamp(0, UTC) + timedelta(microseconds=action.day * DAY + FIRST_MONDAY)
        if last is None or at + timedelta(days=window) > last + timedelta(days=1):
            left_out["an action whose window is not over"] += 1
            continue
        told.append({"action": action.name, "at": at} | _compared(start, end, at, window, confidence))
    return Moves(pa.Table.from_pylist(told, SCHEMA), left_out_table(left_out), DOUBT)


def _compared(
    start: pa.ChunkedArray, end: pa.ChunkedArray, at: datetime, window: int, confidence: float
) -> dict[str, Any]:
    horizon = window / 2
    groups = [_began(start, end, begin, timedelta(days=window)) for begin in (at - timedelta(days=window), at)]
    row: dict[str, Any] = {"horizon": horizon, "began_before": len(groups[0]), "began_after": len(groups[1])}
    if min(map(len, groups)) < LEAST:
        return row
    means = [restricted_mean(one, horizon, confidence=confidence).to_pylist()[0] for one in groups]
    if any(one["mean"] is None or one["error"] is None or one["mean"] <= 0 for one in means):
        return row
    from scipy.stats import norm  # here, because it takes a while at every start

    log = np.log(means[1]["mean"] / means[0]["mean"])
    away = float(norm.ppf((1 + confidence) / 2)) * np.hypot(*(one["error"] / one["mean"] for one in means))
    both = pa.concat_tables(
        one.append_column("group", pa.array([name] * len(one)))
        for name, one in zip(("before", "after"), groups, strict=True)
    )
    return row | {
        "before": means[0]["mean"], "after": means[1]["mean"], "ratio": float(np.exp(log)),
        "low": float(np.exp(log - away)), "high": float(np.exp(log + away)), "p": log_rank(both).p,
    }  # fmt: skip


def _began(start: pa.ChunkedArray, end: pa.ChunkedArray, begin: datetime, window: timedelta) -> pa.Table:
    """Spells that began in the window, as they were seen until it ended."""
    until = pa.scalar(begin + window, UTC_MICROSECONDS)
    inside = pc.and_(pc.greater_equal(start, pa.scalar(begin, UTC_MICROSECONDS)), pc.less(start, until))
    ended = pc.fill_null(pc.less_equal(end, until), False)
    seen = pa.table({"start": start, "end": pc.if_else(ended, end, until), "event": ended})
    return seen.filter(pc.fill_null(inside, False))
