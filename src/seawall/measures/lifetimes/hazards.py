"""How likely a spell that still lasts is to end soon, by its age: the discrete-time hazard."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seawall.errors import MeasureError
from seawall.measures.lifetimes.bands import quantile, share_limits
from seawall.measures.lifetimes.measure import described
from seawall.measures.lifetimes.spells import Spells, read_spells
from seawall.measures.lifetimes.times import DAY

Floats = npt.NDArray[np.float64]
MOST_STEPS = 100_000


def hazard(
    spells: Any,
    width: float = 7.0,
    *,
    until: datetime | float | None = None,
    confidence: float = 0.95,
    gaps: Any = None,
) -> pa.Table:
    """The chance that a spell which reaches an age ends within the next ``width`` days, age by age.

    The life-table estimate (Cutler and Ederer, 1958): events against spells at risk, of whom those that came under or
    out of observation within the step count half.

    Args:
        spells: see ``survival``, as the other parameters. An end that lies between two ages counts at the later one,
            when it was seen: take steps wider than the times at which somebody looked lie apart.
        width: days.
        until: see ``survival``.
        confidence: of the exact (Clopper-Pearson) limits.
        gaps: see ``survival``.

    Returns:
        A row a group and step: ``from``, ``to`` (float64, days; from inclusive), ``at_risk`` (float64), ``events``
        (int64), ``hazard``, ``low``, ``high`` (float64; hazard is null where nothing was at risk), ``days`` (float64:
        days of all spells under observation), ``group`` where there is one.

    Raises:
        MeasureError: as ``survival``; or the width is not above 0, or far too small.

    >>> for row in hazard(pa.table({"start": [0, 0, 0, 0], "end": [3, 9, 30, None]}), 10, until=40).to_pylist()[:2]:
    ...     print(f"{row['from']:.0f}-{row['to']:.0f} days: {row['events']} of {row['at_risk']:.0f} ended")
    0-10 days: 2 of 4 ended
    10-20 days: 0 of 2 ended
    """
    quantile(confidence)
    read = read_spells(spells, until, gaps)
    if not width > 0.0 or read.age.max() / (width * DAY) > MOST_STEPS:
        raise MeasureError("The width of a step cannot be used.", where="parameter width", mend="As in: 7")
    parts = [(value, _steps(part, width, confidence)) for value, part in read.by_group()]
    columns = {name: np.concatenate([part[name] for _, part in parts]) for name in parts[0][1]}
    table = pa.table(columns)
    table = table.set_column(4, "hazard", pa.array(columns["hazard"], from_pandas=True))
    if read.groups is not None:
        lengths = [len(part["from"]) for _, part in parts]
        values = [value for (value, _), length in zip(parts, lengths, strict=True) for _ in range(length)]
        table = table.append_column("group", pa.array(values, read.groups.type))
    return described(table, read, {"width": width, "confidence": confidence})


def _steps(spells: Spells, width: float, confidence: float) -> dict[str, Any]:
    """The life table of one group."""
    begin, age = spells.begin / DAY, spells.age / DAY
    first, last = (begin // width).astype(np.int64), (age // width).astype(np.int64)
    size = int(last.max()) + 1
    edges: Floats = np.arange(size + 1, dtype=np.float64) * width
    events = np.bincount(last[spells.ended], minlength=size)
    lost = np.bincount(last[~spells.ended], minlength=size)
    late = np.bincount(first[spells.begin > 0], minlength=size)
    on_edge = np.bincount(first[(spells.begin > 0) & (begin == edges[first])], minlength=size)
    early = np.bincount(first, minlength=size) - late + on_edge  # there when the step begins
    present = np.cumsum(early) + np.concatenate([[0], np.cumsum((late - on_edge) - events - lost)[:-1]])
    at_risk = present + (late - on_edge) / 2.0 - lost / 2.0
    at_risk = np.maximum(at_risk, events)
    share = np.divide(events, at_risk, out=np.full(size, np.nan), where=at_risk > 0.0)
    low, high = share_limits(events.astype(np.float64), at_risk, confidence)
    days = _observed(begin, age, first, last, edges)
    return {
        "from": edges[:-1], "to": edges[1:], "at_risk": at_risk, "events": events, "hazard": share,
        "low": low, "high": high, "days": days,
    }  # fmt: skip


def _observed(begin: Floats, age: Floats, first: Any, last: Any, edges: Floats) -> Floats:
    """Days of all spells under observation in each step."""
    size, width = len(edges) - 1, edges[1]
    whole = np.zeros(size + 1)
    np.add.at(whole, first, width)
    np.add.at(whole, last, -width)
    days = np.cumsum(whole)[:size]
    np.subtract.at(days, first, begin - edges[first])
    np.add.at(days, last, age - edges[last])
    result: Floats = days
    return result
