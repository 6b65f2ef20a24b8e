"""The uptake of every new place: which channels count, and who took it up with an account of its own, and when."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from seawall.measures.emergence.adopters import adoptions
from seawall.measures.emergence.clock import DAY
from seawall.measures.emergence.reading import NOWHERE, Links

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

SETTLED = 14
"""Days after which it is known what a channel, or the whole collection, usually links to: before, all seems new."""
YOUNG = 56
"""So many days after its first link a place is new."""


@dataclass(frozen=True)
class Uptake:
    """The places that were new at some time.

    Args:
        rows: of the links, those that lead to such a place, by place and time.
        starts: where each place's part of ``rows`` begins; one more at the end.
        places: the number of each; ascending.
        born: the day of each one's first link.
        counting: for each of ``rows`` whether its channel was known before it took the place up.
    """

    rows: Ints
    starts: Ints
    places: Ints
    born: Ints
    counting: Mask

    def part(self, number: int) -> slice:
        """The part of ``rows`` that is one place's."""
        return slice(int(self.starts[number]), int(self.starts[number + 1]))

    def of_row(self) -> Ints:
        """For each of ``rows`` the place, counted from 0."""
        return np.repeat(np.arange(len(self.places)), np.diff(self.starts))


def uptake(links: Links, settled: Ints, first_day: int) -> Uptake:
    """The places whose first link came when the collection was settled.

    Args:
        links: in the order of time.
        settled: from which time on each channel counts (UTC microseconds).
        first_day: of the collection, counted from 1970.
    """
    rows = np.flatnonzero(links.place != NOWHERE)
    rows = rows[np.argsort(links.place[rows], kind="stable")]
    places, starts = np.unique(links.place[rows], return_index=True)
    born = links.at[rows[starts]] // DAY
    new = born >= first_day + SETTLED
    sizes = np.diff(np.append(starts, len(rows)))
    rows = rows[np.repeat(new, sizes)]
    pairs = links.place[rows] * len(links.channels) + links.channel[rows]
    _, first, pair = np.unique(pairs, return_index=True, return_inverse=True)
    known = links.at[rows[first]] >= settled[links.channel[rows[first]]]
    return Uptake(rows, np.append(0, np.cumsum(sizes[new])), places[new], born[new], known[pair])


def with_many(links: Links, taken: Uptake, least: int) -> Ints:
    """The places, counted from 0, to which so many channels linked that count; the others need no closer look."""
    place = taken.of_row()[taken.counting]
    pairs = np.unique(place * len(links.channels) + links.channel[taken.rows[taken.counting]])
    counts = np.bincount(pairs // len(links.channels), minlength=len(taken.places))
    return np.flatnonzero(counts >= least)


def adoption_days(links: Links, rows: Ints, groups: Ints) -> Ints:
    """The days on which one more group took a place up with an account of its own.

    Args:
        links: all of them.
        rows: those that lead to the place and count, in the order of time.
        groups: of each channel: itself, or its community (NOWHERE = it does not count).
    """
    group = groups[links.channel[rows]]
    rows, group = rows[group != NOWHERE], group[group != NOWHERE]
    grown = adoptions(group.tolist(), links.account[rows].tolist())
    return np.asarray(links.at[rows[grown]] // DAY, np.int64)
