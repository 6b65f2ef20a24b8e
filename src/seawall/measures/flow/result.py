"""What ``flows`` gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

UTC = pa.timestamp("us", tz="UTC")

FLOWS = pa.schema(
    [
        ("community", pa.string()),
        ("period", UTC),
        ("place", pa.string()),
        ("kind", pa.string()),
        ("role", pa.string()),
        ("linked", pa.int64()),
        ("active", pa.int64()),
        ("share", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("messages", pa.int64()),
        ("first_at", UTC),
        ("new", pa.bool_()),
    ]
)

MOVES = pa.schema(
    [
        ("community", pa.string()),
        ("place", pa.string()),
        ("kind", pa.string()),
        ("role", pa.string()),
        ("first_at", UTC),
        ("members", pa.int64()),
        ("followed", pa.int64()),
        ("linked", pa.int64()),
        ("share", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("expected", pa.float64()),
        ("p_uptake", pa.float64()),
        ("stayed_time", pa.bool_()),
        ("linked_silent", pa.int64()),
        ("others", pa.int64()),
        ("others_silent", pa.int64()),
        ("p_silent", pa.float64()),
        ("farewells", pa.int64()),
        ("farewells_expected", pa.float64()),
        ("p_farewell", pa.float64()),
        ("p", pa.float64()),
        ("q", pa.float64()),
    ]
)

PERIODS = pa.schema(
    [("community", pa.string()), ("period", UTC), ("active", pa.int64()), ("days", pa.int64()), ("known", pa.int64())]
)


@dataclass(frozen=True)
class Flows:
    """Where the members of communities link to, period by period.

    Args:
        table: a row a community, period and place, sorted by these. ``linked``: members whose links lead there;
            ``active``: members who wrote; ``share`` with its 95 % interval (Clopper and Pearson); ``messages`` with
            such a link; ``first_at``: the first link from this community; ``new``: the period lies within the first
            eight weeks of a place that nobody there had linked to for four weeks.
        moves: a row a place that unusually many members of a community began to link to
            (``seawall.measures.flow.moves``), the surest first. ``followed`` of ``members`` within 14 days;
            ``expected`` by what new places drew before; ``linked_silent`` of those who linked, and ``others_silent``
            of the ``others``, wrote nothing for 14 days (null where it is too early); ``farewells``: silent ones on
            whose last day the link stands.
        periods: a row a community and period: members who wrote, days, and days that were collected.
        period: "day", "week" or "month".
        left_out: how many rows (and periods) were left out, by reason.
    """

    table: pa.Table
    moves: pa.Table
    periods: pa.Table
    period: str
    left_out: Mapping[str, int]

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def __repr__(self) -> str:
        told = f"{len(self):,} rows by {self.period}, {self.moves.num_rows:,} moves"
        return f"Flows({told}, left out: {dict(self.left_out)})"
