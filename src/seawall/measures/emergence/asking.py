"""How the measure is called: lists, coverage, communities and limits, read once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa

from seawall.errors import MeasureError
from seawall.measures.emergence.clock import DAY
from seawall.measures.emergence.reading import Reading, communities_of
from seawall.measures.tables import as_table

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Asked:
    """The parameters of ``emerging``; ``of`` reads them.

    Args:
        reading: what of a link counts.
        communities: ``channel, community``, or None.
        coverage: what was collected, or None.
        q: up to which a place is told.
    """

    reading: Reading
    communities: pa.Table | None
    coverage: pa.Table | None
    q: float

    @classmethod
    def of(
        cls,
        *,
        communities: Any = None,
        popular: Any = None,
        known: Any = None,
        coverage: Any = None,
        q: float = 0.2,
        until: datetime | None = None,
    ) -> Asked:
        """From what ``emerging`` takes.

        Raises:
            MeasureError: a table lacks a column, a channel is of two communities, or q is no rate.
        """
        if not 0 < q < 1:
            raise MeasureError("q is a rate above 0 and below 1.", where="parameter q", mend="Take 0.2.")
        edge = None if until is None else _microseconds(until)
        groups = None if communities is None else as_table(communities)
        if groups is not None:
            communities_of(groups, pa.array([], pa.string()))
        held = None if coverage is None else as_table(coverage)
        return cls(Reading.of(popular, known, edge), groups, held, q)

    def span(self, first: int, last: int) -> tuple[int, int]:
        """The first day and the last, which is not over, of links from the one to the other."""
        until = self.reading.until
        return first, last + 1 if until is not None and until >= (last + 1) * DAY else last


def _microseconds(at: datetime) -> int:
    whole = at if at.tzinfo is not None else at.replace(tzinfo=UTC)
    return (whole - EPOCH) // timedelta(microseconds=1)
