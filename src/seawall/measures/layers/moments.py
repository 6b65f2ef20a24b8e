"""Objects that were shared at one moment only, so that their times tell nothing of who was together with whom."""

from __future__ import annotations

import numpy as np

from seawall.measures.compiled import compiled
from seawall.measures.coshare.ordering import Indices, by_object_and_time
from seawall.measures.keys import Keys, Mask, Times

ONE_MOMENT = 0.75
"""An object of which at least this part of all acts fell within one window was shared at one moment."""

LEAST_MOMENTS = 5
"""Where times cannot tell, a pair is found from so many meetings on objects of one moment on."""


def at_one_moment(objects: Indices, at: Times, found: int, window: int) -> Mask:
    """Which objects were shared at one moment; one entry an object.

    Args:
        objects: one entry an act: numbers below ``found``.
        at: one entry an act: microseconds.
        found: how many objects there are.
        window: microseconds, inclusive.
    """
    columns = by_object_and_time({"object": _spread(objects), "at": at, "number": objects})
    out = np.zeros(found, np.bool_)
    _mark(columns["number"], columns["at"], window, out)
    return out


def _spread(objects: Indices) -> Keys:
    """Numbers as keys that differ in their leading bits."""
    return objects.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)


@compiled
def _mark(objects: Indices, at: Times, window: int, out: Mask) -> None:
    start = 0
    while start < len(objects):
        low = end = start
        most = 0
        while end < len(objects) and objects[end] == objects[start]:
            while at[end] - at[low] > window:
                low += 1
            most = max(most, end - low + 1)
            end += 1
        out[objects[start]] = end - start > 1 and most >= ONE_MOMENT * (end - start)
        start = end
