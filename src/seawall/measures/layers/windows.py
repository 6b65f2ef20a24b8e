"""The window that the data suggest: how soon the objects that spread fastest had half of their shares."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from seawall.errors import MeasureError
from seawall.measures.compiled import compiled
from seawall.measures.coshare.ordering import by_object_and_time
from seawall.measures.keys import MICROSECONDS, Keys, Times, identity_keys, microseconds, present
from seawall.measures.tables import as_table, require_columns

LEAST_WINDOW = 1.0
"""Seconds; what an estimate of zero becomes."""

Seconds = npt.NDArray[np.float64]


def estimated_window(shares: Any, *, quantile: float = 0.1, part: float = 0.5) -> float | None:
    """The window, in seconds, that ``estimate_coord_interval`` of CooRnet gives; None if no object was shared twice.

    Of the objects that were shared at least twice those are kept whose second share came soonest (up to the
    ``quantile`` of all objects). Of each, the time from its first share to the first one beyond ``part`` of its
    shares; the window is the ``part`` quantile of these times (the median), or one second where that is zero.

    Args:
        shares: as for ``coordination``; columns ``object`` and ``at``. Each row counts as a share.
        quantile: 0 to 1: which objects count as fast.
        part: 0 to 1, not included: which part of an object's shares is waited for.

    Raises:
        MeasureError: a column is missing or cannot be used, or a parameter is out of range.

    Source: Giglietto, Righetti, Rossi, Marino 2020, *It takes a village to manipulate the media*; CooRnet
    (R package), ``estimate_coord_interval``. Its fixed bins are not copied: they cut in two what happens near a border.

    >>> import pyarrow as pa
    >>> estimated_window(pa.table({"object": ["roses"] * 4 + ["ferns"] * 2, "at": [0, 3, 7, 60, 0, 500]}))
    7.0
    """
    if not 0 <= quantile <= 1 or not 0 <= part < 1:
        raise MeasureError("A part must lie between 0 and 1.", where="quantile, part")
    table = as_table(shares)
    require_columns(table, ("object", "at"))
    at, told = microseconds(table["at"])
    named = present(table["object"])
    keys = identity_keys(table["object"])
    for mask in (told, named):
        if mask is not None:
            told = mask if told is None else told & mask
    if told is not None:
        keys, at = keys[told], at[told]
    return window_of(keys, at, quantile, part)


def window_of(objects: Keys, at: Times, quantile: float = 0.1, part: float = 0.5) -> float | None:
    """``estimated_window`` of keys and microseconds."""
    columns = by_object_and_time({"object": objects, "at": at})
    second, beyond = _spread(columns["object"], columns["at"], part)
    if len(second) == 0:
        return None
    fast = second <= np.quantile(second, quantile)
    estimate = float(np.quantile(beyond[fast], part))
    return estimate if estimate > 0 else LEAST_WINDOW


@compiled
def _spread(objects: Keys, at: Times, part: float) -> tuple[Seconds, Seconds]:
    """Of each object that was shared twice: seconds to its second share, and to the first beyond a part of all."""
    second, beyond = np.empty(len(at) // 2, np.float64), np.empty(len(at) // 2, np.float64)
    found, start = 0, 0
    while start < len(at):
        end = start + 1
        while end < len(at) and objects[end] == objects[start]:
            end += 1
        if end - start > 1:
            rank = 1
            while rank / (end - start) <= part:
                rank += 1
            second[found] = (at[start + 1] - at[start]) / MICROSECONDS
            beyond[found] = (at[start + rank - 1] - at[start]) / MICROSECONDS
            found += 1
        start = end
    return second[:found], beyond[:found]
