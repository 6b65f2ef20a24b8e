"""Places that five channels took up, on each of the days on which they are judged: one row a place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seawall.measures.emergence.candidates import LEAST, Candidate, remains
from seawall.measures.emergence.clock import DAY
from seawall.measures.emergence.reading import Links
from seawall.measures.emergence.uptake import Uptake

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

AGES = 21
"""So many days after its fifth channel a place is judged."""
WATCHED = pa.schema(
    [
        ("place", pa.string()),
        ("kind", pa.string()),
        ("domain", pa.string()),
        ("first_at", pa.int64()),
        ("fifth", pa.int64()),
        ("fifth_channel_at", pa.int64()),
        ("scores", pa.list_(pa.float64())),
        ("channels", pa.list_(pa.int64())),
        ("communities", pa.list_(pa.int64())),
        ("observed", pa.list_(pa.int64())),
        ("expected", pa.list_(pa.float64())),
    ]
)
"""Times in UTC microseconds; ``fifth`` is a day, counted from 1970; lists begin on that day, an entry a day that is
over, ``AGES`` at most. ``scores`` in nats; the others as the measure tells them of a place that is found then."""


def watched(links: Links, taken: Uptake, judged: Sequence[Candidate], usual: Floats, days: tuple[int, int]) -> pa.Table:
    """The judged places (``WATCHED``), in their order.

    Args:
        links: all of them, or at least all that lead to these places until they are judged no more.
        taken: of the same links.
        judged: places that five channels took up.
        usual: for each day how often channels return to new places.
        days: the first and the one after the last that is over.
    """
    names = links.names.take(pa.array([int(taken.places[one.number]) for one in judged], pa.int64()))
    rows = [_watched(links, taken, one, usual, days) for one in judged]
    told = {name: pa.array([row[name] for row in rows], WATCHED.field(name).type) for name in WATCHED.names[3:]}
    whole = {name: names[name].cast(pa.string()) for name in WATCHED.names[:3]} | told
    return pa.table(whole, schema=WATCHED)


def _watched(links: Links, taken: Uptake, one: Candidate, usual: Floats, days: tuple[int, int]) -> dict[str, Any]:
    rows = taken.rows[taken.part(one.number)]
    _, firsts = np.unique(links.channel[rows], return_index=True)
    begins = np.sort(links.at[rows[firsts]])
    judged = range(one.fifth, min(one.fifth + AGES, days[1]))
    rises = [one.rise(day) for day in judged]
    groups = None if links.community is None else links.community[links.channel[rows]]
    return {
        "first_at": int(links.at[rows[0]]),
        "fifth": one.fifth,
        "fifth_channel_at": int(begins[LEAST - 1]),
        "scores": _scores(links, taken, one, usual[judged.start - days[0] : judged.stop - days[0]]),
        "channels": [int(np.searchsorted(begins, (day + 1) * DAY)) for day in judged],
        "communities": None if groups is None else _communities(groups, links.at[rows], judged),
        "observed": [rise.observed for rise in rises],
        "expected": [rise.expected for rise in rises],
    }


def _scores(links: Links, taken: Uptake, one: Candidate, usual: Floats) -> list[float]:
    """The place's best score so far, day after day; what it is worth on a day on which it is no place that stays is 0.

    Args:
        links: see ``watched``.
        taken: see ``watched``.
        one: the place.
        usual: of the days on which it is judged.
    """
    scores: list[float] = []
    for age, rate in enumerate(usual.tolist()):
        day = one.fifth + age
        fresh = (age == 0 or day in one.active) and remains(links, taken, one, day)
        scores.append(max(scores[-1] if scores else 0.0, one.score(day, rate) if fresh else 0.0))
    return scores


def _communities(groups: Ints, at: Ints, days: range) -> list[int]:
    """Of how many communities channels had linked by the end of each day."""
    told, at = groups[groups >= 0], at[groups >= 0]
    begins = np.sort(at[np.unique(told, return_index=True)[1]])
    return [int(np.searchsorted(begins, (day + 1) * DAY)) for day in days]
