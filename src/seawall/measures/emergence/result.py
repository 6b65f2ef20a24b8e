"""What the measure found: a table of places, how many were judged, and what was left out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from seawall.measures.emergence.reading import Links

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
    def of(
        cls, links: Links, rows: Sequence[dict[str, Any]], left_out: dict[str, int], judged: tuple[int, int]
    ) -> Emerging:
        """From rows with the ``number`` of each place among the names of the links."""
        names = links.names.take(pa.array([row["number"] for row in rows], pa.int64()))
        told = {name: [row[name] for row in rows] for name in SCHEMA.names[3:]}
        columns = [*names.columns, *(pa.array(told[name]) for name in SCHEMA.names[3:])]
        table = pa.table(
            {
                name: column.cast(SCHEMA.field(name).type) if len(rows) else pa.array([], SCHEMA.field(name).type)
                for name, column in zip(SCHEMA.names, columns, strict=True)
            }
        )
        return cls(table.sort_by([("found_at", "ascending"), ("place", "ascending")]), judged, left_out)
