"""What the measure found: a table of places, how many were judged, and what was left out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from seawall.measures.emergence.clock import DAY
from seawall.measures.emergence.passing import Found, passed
from seawall.measures.emergence.watching import AGES

UTC = pa.timestamp("us", "UTC")
SCHEMA = pa.schema(
    [
        ("place", pa.string()),
        ("kind", pa.string()),
        ("domain", pa.string()),
        ("first_at", UTC),
        ("channels", pa.int64()),
        ("communities", pa.int64()),
        ("fifth_channel_at", UTC),
        ("found_at", UTC),
        ("observed", pa.int64()),
        ("expected", pa.float64()),
        ("p", pa.float64()),
        ("q", pa.float64()),
    ]
)


class Emerging:
    """Places that emerge.

    - ``table``: a row a place, by ``found_at`` and ``place``: ``place``, ``kind``, ``domain`` (as ``place_keys``),
      ``first_at`` (its first link), ``channels`` and ``communities`` (that had linked to it when it was found; int64;
      null where no communities are told), ``fifth_channel_at``, ``found_at`` (the midnight, UTC, on which it was
      found; times are UTC microseconds), ``observed`` (int64: channels, with an account each, that took it up in its
      sharpest rise), ``expected`` (float64: how many would have if it had always been taken up as often), ``p``
      (float64: the chance of such a rise among the places that are new here) and ``q``.
    - ``new``: how many places were new at some time; ``judged``: how many of them five channels took up.
    - ``left_out``: how many links were not judged, by reason.
    """

    def __init__(self, table: pa.Table, judged: tuple[int, int], left_out: dict[str, int]) -> None:
        self.table, self.left_out = table, left_out
        self.new, self.judged = judged

    def __len__(self) -> int:
        return len(self.table)

    def __repr__(self) -> str:
        return f"<Emerging: {len(self.table)} of {self.judged:,} places that five channels took up while they were new>"

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        return self.table.__arrow_c_stream__(requested_schema)

    @classmethod
    def of(cls, places: pa.Table, found: Sequence[Found], new: int, left_out: dict[str, int]) -> Emerging:
        """From the judged places (``watching.WATCHED``), and which of them were found when."""
        rows = [_row(places, one) for one in found]
        table = pa.Table.from_pylist(rows, schema=SCHEMA)
        order = [("found_at", "ascending"), ("place", "ascending")]
        return cls(table.sort_by(order), (new, len(places)), left_out)


def _row(places: pa.Table, found: Found) -> dict[str, Any]:
    """What is told of a place, as it was on the day on which it was found."""
    (place,) = places.slice(found.number, 1).to_pylist()
    age = found.day - place["fifth"]
    then = ("channels", "communities", "observed", "expected")
    return {
        **{name: place[name] for name in ("place", "kind", "domain", "first_at", "fifth_channel_at")},
        **{name: None if place[name] is None else place[name][age] for name in then},
        "found_at": (found.day + 1) * DAY,
        "p": found.p,
        "q": found.q,
    }


def concluded(places: pa.Table, days: tuple[int, int], new: int, left_out: dict[str, int], level: float) -> Emerging:
    """Which of the judged places are found, of all that were new.

    Args:
        places: ``watching.WATCHED``, in any order.
        days: the first and the one after the last that is over.
        new: how many places were new.
        left_out: how many links were not judged.
        level: q up to which a place is found.
    """
    scores = np.full((len(places), AGES), np.nan)
    for place, told in enumerate(places["scores"].to_pylist()):
        scores[place, : len(told)] = told
    found = list(passed(places["fifth"].to_numpy(), scores, days, level))
    return Emerging.of(places, found, new, left_out)
