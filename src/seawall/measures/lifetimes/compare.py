"""Whether groups of spells last alike: the log-rank test."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seawall.errors import MeasureError
from seawall.measures.lifetimes.measure import described
from seawall.measures.lifetimes.risk import risk
from seawall.measures.lifetimes.spells import read_spells

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LogRank:
    """``p``: how probable a difference of this size is where all groups have one hazard.

    ``statistic`` (chi-squared with ``degrees``), and ``groups``, a row a group: ``group``, ``spells``, ``events``
    (int64) and ``expected`` (float64: events if all groups had one hazard).
    """

    statistic: float
    degrees: int
    p: float
    groups: pa.Table


def log_rank(spells: Any, *, until: datetime | float | None = None, gaps: Any = None) -> LogRank:
    """Whether the groups of a table have one hazard (Mantel, 1966; with delayed entry), for two groups or more.

    Args:
        spells: see ``survival``, with ``group``. An end that lies between two ages counts at the later one, when it was
            seen: groups that were looked at equally often can be compared.
        until: see ``survival``.
        gaps: see ``survival``.

    Raises:
        MeasureError: as ``survival``; or fewer than two groups.

    >>> clubs = pa.table({"start": [0] * 6, "end": [10, 20, 30, 40, 50, 60], "group": ["old"] * 3 + ["new"] * 3})
    >>> found = log_rank(clubs)
    >>> round(found.statistic, 2), round(found.p, 3), found.groups["events"].to_pylist()
    (5.05, 0.025, [3, 3])
    """
    read = read_spells(spells, until, gaps)
    parts = read.by_group()
    if read.groups is None or len(parts) < 2:
        raise MeasureError(
            "There are not two groups to compare.", where="spells, column group", mend="Name the group of each spell."
        )
    whole = risk(read)
    some = whole.ended > 0
    at, ended, exposed = whole.at[some], whole.ended[some].astype(np.float64), whole.exposed[some].astype(np.float64)
    share = np.empty((len(parts), len(at)))
    events = np.empty(len(parts))
    for place, (_, part) in enumerate(parts):
        own = risk(part)
        gone, came = np.cumsum(own.ended + own.censored), np.cumsum(own.entered)
        before = np.searchsorted(own.at, at, side="left")
        present = np.append(0, came)[before] - np.append(0, gone)[before]
        if len(whole.at) and some[0]:
            present[0] = own.entered[0] if own.at[0] == whole.at[0] else 0
        share[place], events[place] = present / exposed, own.ended.sum()
    expected = share @ ended
    factor = ended * np.divide(exposed - ended, exposed - 1.0, out=np.zeros(len(at)), where=exposed > 1.0)
    variance = np.diag((share * factor).sum(axis=1)) - (share * factor) @ share.T
    off = (events - expected)[:-1]
    statistic = float(off @ np.linalg.pinv(variance[:-1, :-1], hermitian=True) @ off)
    table = pa.table(
        {
            "group": pa.array([value for value, _ in parts], read.groups.type),
            "spells": np.array([len(part.age) for _, part in parts]),
            "events": events.astype(np.int64),
            "expected": expected,
        }
    )
    return LogRank(statistic, len(parts) - 1, _tail(statistic, len(parts) - 1), described(table, read, {}))


def _tail(statistic: float, degrees: int) -> float:
    from scipy.special import chdtrc

    return float(chdtrc(degrees, statistic))
