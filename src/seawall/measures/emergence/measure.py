"""Places that are new and rising over channels and communities: the call on a table of links."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from seawall.errors import MeasureError
from seawall.measures.emergence.candidates import LEAST, candidates
from seawall.measures.emergence.clock import DAY, Clock
from seawall.measures.emergence.collected import begun, missing_days
from seawall.measures.emergence.passing import Found, passed
from seawall.measures.emergence.reading import Links, read
from seawall.measures.emergence.result import Emerging
from seawall.measures.emergence.returning import WATCHED, usual_returns
from seawall.measures.emergence.uptake import SETTLED, Uptake, uptake

Ints = npt.NDArray[np.int64]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


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
    if not 0 < q < 1:
        raise MeasureError("q is a rate above 0 and below 1.", where="parameter q", mend="Take 0.2.")
    left_out: dict[str, int] = {}
    edge = None if until is None else _microseconds(until)
    rows = read(links, communities, popular, known, edge, left_out)
    if not len(rows):
        return Emerging.of(rows, [], left_out, (0, 0))
    first, last = int(rows.at[0]) // DAY, int(rows.at[-1]) // DAY
    if edge is not None and edge >= (last + 1) * DAY:
        last += 1
    clock = Clock.of(first, _active(rows, first, last), missing_days(coverage, first, last))
    taken = uptake(rows, begun(rows, coverage) + SETTLED * DAY, first)
    judged = candidates(rows, taken, clock)
    found = passed(rows, taken, judged, _usual(rows, taken, first, last), (first, last), q)
    return Emerging.of(rows, [_row(rows, taken, one) for one in found], left_out, (len(taken.places), len(judged)))


def _microseconds(at: datetime) -> int:
    whole = at if at.tzinfo is not None else at.replace(tzinfo=UTC)
    return (whole - EPOCH) // timedelta(microseconds=1)


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
    until = taken.born[place] + WATCHED
    return usual_returns(pairs[order], days[order], until[order], (first, last + 1))


def _row(links: Links, taken: Uptake, found: Found) -> dict[str, Any]:
    """What is told of a place, from the links up to the day on which it was found."""
    end = (found.day + 1) * DAY
    rows = taken.rows[taken.part(found.candidate.number)]
    rows = rows[links.at[rows] < end]
    channels, firsts = np.unique(links.channel[rows], return_index=True)
    begins = np.sort(links.at[rows[firsts]])
    groups = None if links.community is None else np.unique(links.community[channels])
    rise = found.candidate.rise(found.day)
    return {
        "number": int(taken.places[found.candidate.number]),
        "first_at": int(links.at[rows[0]]),
        "channels": len(channels),
        "communities": None if groups is None else int((groups >= 0).sum()),
        "fifth_channel_at": int(begins[LEAST - 1]),
        "found_at": end,
        "observed": rise.observed,
        "expected": rise.expected,
        "p": found.p,
        "q": found.q,
    }
