"""A place that five channels took up while it was new: what is known of it at the end of each day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from seawall.measures.emergence.adopters import MOST
from seawall.measures.emergence.clock import DAY, Clock
from seawall.measures.emergence.reading import Links
from seawall.measures.emergence.returning import Visits
from seawall.measures.emergence.rising import Rise, rises
from seawall.measures.emergence.staying import stays
from seawall.measures.emergence.uptake import YOUNG, Uptake, adoption_days, with_many
from seawall.measures.heavy_tail import combined

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

LEAST = 5
"""A place is judged from so many channels on."""
SHARP = 12.0
"""A rise counts for so many nats at most: what spreads fastest is passed on, and not yet taken up."""
BACK = 2.0
"""A return weighs so much more than a first link, which costs less."""
OWN = 1 / 3
"""At least this part of the channels that take a place up do so with an account of their own."""


@dataclass(frozen=True)
class Candidate:
    """A place that at least five channels took up, with an account each, while it was new.

    Args:
        number: in ``Uptake``.
        fifth: the day on which the fifth did.
        end: the day on which it is new no more.
        rises: by channel, and by community where these are told, an adoption an entry.
        visits: of the channels that count.
        active: the days on which anybody linked to it, ascending.
    """

    number: int
    fifth: int
    end: int
    rises: Sequence[Sequence[Rise]]
    visits: Visits
    active: Ints

    def counted(self, day: int) -> int:
        """How many channels have taken it up by the end of a day."""
        return sum(rise.day <= day for rise in self.rises[0])

    def rise(self, day: int) -> Rise:
        """The sharpest over its channels by the end of a day."""
        return _latest(self.rises[0], day)

    def score(self, day: int, usual: float) -> float:
        """Nats: the sharpest rise over channels and communities, and how far more often than usual channels return."""
        chances = np.exp([[-_latest(kind, day).log] for kind in self.rises])
        rise = -float(np.log(combined(chances)[0]))
        return max(min(rise, SHARP), 0.0) + BACK * self.visits.log(day, usual)


NOTHING = Rise(0, 0.0, 0, 0.0)


def _latest(kind: Sequence[Rise], day: int) -> Rise:
    return next((rise for rise in reversed(kind) if rise.day <= day), NOTHING)


def candidates(links: Links, taken: Uptake, clock: Clock) -> list[Candidate]:
    """The places that are judged, in the order of their numbers."""
    found = []
    own = np.arange(len(links.channels))
    for number in with_many(links, taken, LEAST).tolist():
        part = taken.part(number)
        end = int(taken.born[number]) + YOUNG
        rows = taken.rows[part][taken.counting[part]]
        rows = rows[links.at[rows] < end * DAY]
        days = adoption_days(links, rows, own)
        if len(days) < LEAST:
            continue
        told = [rises(days, clock)]
        if links.community is not None:
            of_communities = adoption_days(links, rows, links.community)
            told.append(rises(of_communities, clock))
        visits = Visits.of(links.channel[rows], links.at[rows] // DAY)
        found.append(Candidate(number, int(days[LEAST - 1]), end, told, visits, np.unique(links.at[rows] // DAY)))
    return found


def remains(links: Links, taken: Uptake, one: Candidate, day: int) -> bool:
    """Whether a place is more than one occasion and a few accounts, taken up by channels that were known before."""
    part = taken.part(one.number)
    rows, counting = taken.rows[part], taken.counting[part]
    seen = links.at[rows] < (day + 1) * DAY
    strangers = len(np.unique(links.channel[rows[seen & ~counting]]))
    rows = rows[seen & counting]
    known = len(np.unique(links.channel[rows]))
    counted = one.counted(day)
    return (
        strangers < known and (counted == MOST or counted >= OWN * known) and stays(links.at[rows], links.channel[rows])
    )
