"""Which end comes first: the part of spells that ended in each way by each age."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seawall.errors import MeasureError
from seawall.measures.lifetimes.bands import bands as limits_of
from seawall.measures.lifetimes.bands import quantile
from seawall.measures.lifetimes.curve import product_limit
from seawall.measures.lifetimes.measure import described
from seawall.measures.lifetimes.risk import Risk, risk
from seawall.measures.lifetimes.spells import Spells, read_spells
from seawall.measures.lifetimes.times import DAY

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def cumulative_incidence(
    spells: Any, *, until: datetime | float | None = None, confidence: float = 0.95, gaps: Any = None
) -> pa.Table:
    """The part of spells that has ended in each way by each age, where one end keeps the others from being seen.

    The estimate of Aalen and Johansen (1978). At every age the parts and the survival function add up to 1, which one
    minus a survival function per kind does not.

    Args:
        spells: see ``survival``; the kind of each end in ``event`` or ``kind`` ("unknown" where none is told).
        until: see ``survival``.
        confidence: of the limits (of the logarithm of minus the logarithm, by the delta method, as ``lifelines``).
        gaps: see ``survival``. An end that lies between two ages cannot be used here.

    Returns:
        One row an age at which a spell ended in this way, by ``group``, ``kind`` and ``time``: ``time`` (float64,
        days), ``incidence``, ``low``, ``high`` (float64), ``at_risk``, ``events`` (int64), ``kind`` (string), and
        ``group`` where there is one.

    Raises:
        MeasureError: as ``survival``; or an end is only known to lie between two ages.

    >>> kinds = ["taken_down", "renamed", "taken_down", None]
    >>> ends = pa.table({"start": [0] * 4, "end": [10, 20, 30, None], "event": kinds})
    >>> for row in cumulative_incidence(ends, until=50).to_pylist():
    ...     print(f"{row['kind']} by day {row['time']:.0f}: {row['incidence']:.2f}")
    renamed by day 20: 0.25
    taken_down by day 10: 0.25
    taken_down by day 30: 0.50
    """
    z = quantile(confidence)
    read = read_spells(spells, until, gaps)
    if read.interval:
        raise MeasureError(
            "Ends that lie between two ages cannot be told apart by kind.", where="spells, column last_alive",
            mend="Leave last_alive and gaps out: ends then count when they were seen.",
        )  # fmt: skip
    found: list[dict[str, Any]] = []
    for value, part in read.by_group():
        table = risk(part)
        for kind in np.unique(part.kind[part.ended]).tolist():
            row = {"kind": read.kinds[kind], "group": value}
            found.append(_one(part, table, kind, z) | row)
    lengths = [len(one["time"]) for one in found]
    names = ("time", "incidence", "low", "high", "at_risk", "events")
    empty = {name: np.zeros(0, np.int64 if name in ("at_risk", "events") else np.float64) for name in names}
    columns = {name: np.concatenate([empty[name], *(one[name] for one in found)]) for name in names}
    table = pa.table(columns)
    for name, kind in (("kind", pa.string()), ("group", read.groups.type if read.groups is not None else None)):
        if kind is not None:
            values = [one[name] for one, length in zip(found, lengths, strict=True) for _ in range(length)]
            table = table.append_column(name, pa.array(values, kind))
    return described(table, read, {"confidence": confidence})


def _one(spells: Spells, table: Risk, kind: int, z: float) -> dict[str, Any]:
    """The rows of one kind of one group."""
    own = np.zeros(len(table.at), np.int64)
    chosen = spells.age[spells.ended & (spells.kind == kind)]
    np.add.at(own, np.searchsorted(table.at, chosen), 1)
    survival, _ = product_limit(table)
    before = np.concatenate([[1.0], survival[:-1]])
    exposed = np.maximum(table.exposed, 1).astype(np.float64)
    steps = before * own / exposed
    incidence = np.cumsum(steps)
    variance = _variance(incidence, before, own, table.ended, exposed)
    some = own > 0
    value = incidence[some]
    squares = np.divide(variance[some], value**2, out=np.zeros(len(value)), where=value > 0.0)
    low, high = limits_of(value, squares, z, "log-log")
    return {
        "time": table.at[some] / DAY, "incidence": value, "low": low, "high": high,
        "at_risk": table.present[some], "events": own[some],
    }  # fmt: skip


def _variance(incidence: Floats, before: Floats, own: Ints, ended: Ints, exposed: Floats) -> Floats:
    """Of the incidence (Marubini and Valsecchi, 1995), with all sums over ages run at once."""
    left = exposed - ended
    spread = np.divide(ended, exposed * left, out=np.zeros(len(exposed)), where=left > 0)
    mixed = before * own / exposed**2
    squared = (
        incidence**2 * np.cumsum(spread)
        - 2.0 * incidence * np.cumsum(spread * incidence)
        + np.cumsum(spread * incidence**2)
    )
    own_part = np.cumsum(before**2 * own * (exposed - own) / exposed**3)
    crossed = incidence * np.cumsum(mixed) - np.cumsum(mixed * incidence)
    variance: Floats = np.maximum(squared + own_part - 2.0 * crossed, 0.0)
    return variance
