"""How long is usual: the median of spells, and the mean of what they last within a horizon."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seawall.errors import MeasureError
from seawall.measures.lifetimes.bands import finite, quantile
from seawall.measures.lifetimes.curve import Curve, curve
from seawall.measures.lifetimes.measure import described
from seawall.measures.lifetimes.spells import Spells, read_spells
from seawall.measures.lifetimes.times import DAY

Floats = npt.NDArray[np.float64]

ROUNDING = 1e-12
SAME = 1_000
"""Microseconds: a horizon that lies no further beyond the last age was reached."""


def median(
    spells: Any,
    *,
    share: float = 0.5,
    until: datetime | float | None = None,
    confidence: float = 0.95,
    bands: str = "log-log",
    gaps: Any = None,
) -> pa.Table:
    """The age that only this share of spells outlives, with its limits (Brookmeyer and Crowley, Biometrics 38, 1982).

    Args:
        spells: see ``survival``, as the other parameters.
        share: between 0 and 1; 0.5 is the median.
        until: see ``survival``.
        confidence: of the limits, those ages at which ``share`` lies within the bands.
        bands: see ``survival``.
        gaps: see ``survival``.

    Returns:
        A row a group: ``spells``, ``ended`` (int64), ``age``, ``low``, ``high`` (float64, days; null = never reached,
        or reached only where nothing is left to tell the spread from), and ``group`` where there is one.

    Raises:
        MeasureError: as ``survival``; or the share is not between 0 and 1.

    >>> median(pa.table({"start": [0, 0, 0], "end": [30, 60, 90]})).to_pylist()
    [{'spells': 3, 'ended': 3, 'age': 60.0, 'low': 30.0, 'high': None}]
    """
    if not 0.0 < share < 1.0:
        raise MeasureError("The share is not between 0 and 1.", where="parameter share", mend="As in: 0.5")
    z = quantile(confidence)
    read = read_spells(spells, until, gaps)

    def told(one: Curve, part: Spells) -> dict[str, Any]:
        low, high = one.limits(z, bands)
        at = one.risk.at / DAY
        upper = _reached(at, np.where(one.survival > 0.0, high, np.inf), share)
        return {"age": _reached(at, one.survival, share), "low": _reached(at, low, share), "high": upper}

    return _by_group(read, told, {"share": share, "confidence": confidence, "bands": bands})


def restricted_mean(
    spells: Any,
    horizon: float,
    *,
    until: datetime | float | None = None,
    confidence: float = 0.95,
    gaps: Any = None,
) -> pa.Table:
    """How many of the first ``horizon`` days spells last on average: the area under the survival function.

    Args:
        spells: see ``survival``, as the other parameters.
        horizon: days. Beyond the last age under observation nothing is known: such a group has nulls.
        until: see ``survival``.
        confidence: of the limits (normal, with Greenwood's variance; from 0 to the horizon).
        gaps: see ``survival``.

    Returns:
        A row a group: ``spells``, ``ended`` (int64), ``mean``, ``low``, ``high``, ``error`` (float64, days; ``error``
        is the standard error; null where ends are known between two ages only, as are the limits), ``group`` where
        there is one.

    Raises:
        MeasureError: as ``survival``; or the horizon is not above 0.

    >>> restricted_mean(pa.table({"start": [0, 0, 0], "end": [30, 60, 90]}), 60).to_pylist()[0]["mean"]
    50.0
    """
    if not horizon > 0.0:
        raise MeasureError("The horizon is not above 0 days.", where="parameter horizon", mend="As in: 365")
    z = quantile(confidence)
    read = read_spells(spells, until, gaps)

    def told(one: Curve, part: Spells) -> dict[str, Any]:
        reached = one.survival[-1] == 0.0 or one.risk.at[-1] >= horizon * DAY - SAME
        if not reached:
            return dict.fromkeys(("mean", "low", "high", "error"))
        mean, error = _area(one, horizon)
        if part.interval:
            return {"mean": mean, "low": None, "high": None, "error": None}
        return {"mean": mean, "low": max(mean - z * error, 0.0), "high": min(mean + z * error, horizon), "error": error}

    return _by_group(read, told, {"horizon": horizon, "confidence": confidence})


def _reached(at: Floats, values: Floats, share: float) -> float | None:
    below = np.flatnonzero(values <= share + ROUNDING)
    return float(at[below[0]]) if len(below) else None


def _area(one: Curve, horizon: float) -> tuple[float, float]:
    """The area under the curve up to the horizon, and its standard error."""
    at = one.risk.at / DAY
    inside = at < horizon
    edges = np.append(at[inside], horizon)
    parts = np.append(1.0, one.survival[inside]) * np.diff(edges, prepend=0.0)
    total = np.cumsum(parts)
    after = total[-1] - total[:-1]  # what lies beyond each age
    steps = np.diff(one.squares[inside], prepend=0.0)
    return float(total[-1]), float(np.sqrt((after**2 * steps).sum()))


def _by_group(read: Spells, told: Any, parameters: dict[str, Any]) -> pa.Table:
    rows = []
    for value, part in read.by_group():
        figures = {name: None if one is None else finite(one) for name, one in told(curve(part), part).items()}
        rows.append({"spells": len(part.age), "ended": int(part.ended.sum()), **figures, "group": value})
    names = [name for name in rows[0] if name != "group"]
    columns = {
        name: pa.array([row[name] for row in rows], pa.int64() if name in ("spells", "ended") else pa.float64())
        for name in names
    }
    if read.groups is not None:
        columns["group"] = pa.array([row["group"] for row in rows], read.groups.type)
    return described(pa.table(columns), read, parameters)
