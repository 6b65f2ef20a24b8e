"""Places that are new and rising over channels and communities: the call on a table of links."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seawall.measures.emergence.asking import Asked
from seawall.measures.emergence.candidates import candidates
from seawall.measures.emergence.clock import DAY, Clock
from seawall.measures.emergence.collected import begun, missing_days
from seawall.measures.emergence.in_parts import emerging_over
from seawall.measures.emergence.reading import COLUMNS, Links, counted_reasons, is_link, numbered
from seawall.measures.emergence.result import Emerging, concluded
from seawall.measures.emergence.returning import WATCHED as RETURNS_WATCHED
from seawall.measures.emergence.returning import usual_returns
from seawall.measures.emergence.uptake import SETTLED, Uptake, uptake
from seawall.measures.emergence.watching import WATCHED, watched
from seawall.measures.tables import as_table, require_columns
from seawall.parts import Parts

Ints = npt.NDArray[np.int64]


def emerging(
    links: Any,
    *,
    communities: Any = None,
    popular: Any = None,
    known: Any = None,
    coverage: Any = None,
    q: float = 0.2,
    until: datetime | None = None,
) -> Emerging:
    """Places that channel after channel, and community after community, begins to link to, and goes on to.

    Args:
        links: anything that speaks Arrow (pyarrow, pandas, polars), a row a link of a message, in any order: ``at``
            (timestamp of any unit and zone, without one UTC; or seconds), ``channel`` and ``account`` (strings or
            whole numbers; null account = one of the channel's own), and ``url``, ``domain``, ``place`` as in the lake.
            Links of all kinds belong in: those that lead nowhere new tell who was active when.
        communities: optional, a table with ``channel`` and ``community``.
        popular: optional, registrable domains that the world knows: a list, or a table with ``domain``. A place
            within one (a channel, an invite) is judged nevertheless.
        known: optional, places or domains that are known to be nothing new: a list, or a table with ``place``.
        coverage: optional, a table with ``start``, ``end`` (UTC), ``complete`` and perhaps ``channel``: what was
            collected, and what was not. Days that were not are neither a past nor a pause.
        q: the false-discovery rate up to which a place is told, over the places that are new on the same day.
        until: links from here on (naive = UTC) are as if they were not there.

    Returns:
        ``Emerging``, a row a place, in the order in which they were found: only days that are over are looked at (the
        last one is if ``until`` says so, or a link of the next day), and each knows what came before it alone, so that
        a row stays as it is when later links are added.

    Method and limits: docs/explanation/emerging-places.md.

    Raises:
        MeasureError: a column is missing or of a type that cannot be read, or q is no rate.
    """
    asked = Asked.of(communities=communities, popular=popular, known=known, coverage=coverage, q=q, until=until)
    table = as_table(links)
    require_columns(table, COLUMNS)
    return _here(asked.reading(table.select(list(COLUMNS))), asked)


@dataclass(frozen=True)
class EmergingMeasure:
    """``emerging`` in a form that engines can run in parts.

    Args:
        asked: how it is called.
    """

    asked: Asked
    columns: tuple[str, ...] = COLUMNS

    def at_once(self, rows: pa.RecordBatchReader) -> Emerging:
        """All links (``COLUMNS``) at once."""
        read = [self.asked.reading(pa.Table.from_batches([batch])) for batch in rows]
        return _here(pa.concat_tables([self.asked.reading(rows.schema.empty_table()), *read]), self.asked)

    def over(self, parts: Parts) -> Emerging:
        """The same of links in parts: a row a place that five channels took up comes back."""
        return emerging_over(parts, self.asked)


def _here(links: pa.Table, asked: Asked) -> Emerging:
    """The places of what ``Reading`` gives."""
    left_out = asked.reading.left_out(counted_reasons(links))
    rows = numbered(links.filter(is_link(links)), asked.communities)
    if not len(rows):
        return Emerging.of(WATCHED.empty_table(), [], 0, left_out)
    first, last = asked.span(int(rows.at[0]) // DAY, int(rows.at[-1]) // DAY)
    clock = Clock.of(first, _active(rows, first, last), missing_days(asked.coverage, first, last))
    firsts = rows.at[np.unique(rows.channel, return_index=True)[1]]
    taken = uptake(rows, begun(rows.channels, firsts, asked.coverage) + SETTLED * DAY, first)
    judged = candidates(rows, taken, clock)
    places = watched(rows, taken, judged, _usual(rows, taken, first, last), (first, last))
    return concluded(places, (first, last), len(taken.places), left_out, asked.q)


def _active(links: Links, first: int, last: int) -> Ints:
    """How many channels linked on each day."""
    pairs = np.unique(links.at // DAY * len(links.channels) + links.channel)
    return np.bincount(pairs // len(links.channels) - first, minlength=last - first + 1)


def _usual(links: Links, taken: Uptake, first: int, last: int) -> npt.NDArray[np.float64]:
    """For each day how often channels return to new places."""
    place = taken.of_row()
    pairs = place * len(links.channels) + links.channel[taken.rows]
    days = links.at[taken.rows] // DAY
    order = np.argsort(taken.rows, kind="stable")
    until = taken.born[place] + RETURNS_WATCHED
    return usual_returns(pairs[order], days[order], until[order], (first, last + 1))
