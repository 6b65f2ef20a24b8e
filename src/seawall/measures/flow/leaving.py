"""Whether those who linked to a place fell silent afterwards, and whether the link stood on their last day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import hypergeom

from seawall.measures.flow.acts import Acts, Ints, Known, Linked, Mask
from seawall.measures.flow.episodes import LATELY, Rule
from seawall.measures.keys import Keys

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Leaving:
    """What became of those who wrote in a community after a place was first linked to in it.

    Args:
        looked: the day up to which they could have written.
        linked: of them, members who linked to the place, ``quiet`` days at least before ``looked``.
        silent: of these, those who wrote nothing in the last ``quiet`` days before ``looked``.
        others: members who wrote and did not link.
        others_silent: of these.
        p_silent: how likely so many of the silent are among those who linked, if linking told nothing (Fisher, exact).
        farewells: silent ones on whose last day the link stands.
        farewells_expected: how many, if it stood on any of their days since the first link, or on the latest day of any
            who linked and wrote in the week before: the more likely of the two.
        p_farewell: of that many or more (Poisson-binomial, exact).
    """

    looked: int
    linked: int
    silent: int
    others: int
    others_silent: int
    p_silent: float
    farewells: int
    farewells_expected: float
    p_farewell: float

    @property
    def season(self) -> bool:
        """Whether most of the others fell silent, too: then silence tells nothing, a season may have ended."""
        return 2 * self.others_silent >= self.others > 0

    @property
    def p(self) -> float:
        """Of both together (Bonferroni); 1 where a season may have ended."""
        return 1.0 if self.season else min(1.0, 2.0 * min(self.p_silent, self.p_farewell))


def leaving(rows: Linked, acts: Acts, known: Known, members: Keys, rule: Rule) -> Leaving | None:
    """Of one place in one community; None where too little time, or collection, followed its first link.

    Args:
        rows: the links of the episode.
        acts: of the community.
        known: what was collected of it.
        members: of the community when the episode began, sorted.
        rule: how long is what.
    """
    start = int(rows.day[0])
    looked = _looked(start, known, rule)
    if looked is None:
        return None
    community, until = int(rows.community[0]), looked - rule.quiet
    who, days = acts.within(community, start, looked)
    inside = np.isin(who, members)
    who, days = who[inside], days[inside]
    early = days < until
    wrote = np.unique(who[early])
    last = np.full(len(wrote), -1, np.int64)
    place = np.searchsorted(wrote, who)
    place[place == len(wrote)] = 0
    held = wrote[place] == who if len(wrote) else np.zeros(len(who), bool)
    np.maximum.at(last, place[held], days[held])
    silent = last < until
    before = rows.day < until
    pairs = np.unique(np.stack([rows.account[before], rows.day[before].astype(np.uint64)]), axis=1)
    linked = np.isin(wrote, pairs[0])
    hits, all_silent = int((silent & linked).sum()), int(silent.sum())
    p_silent = float(hypergeom.sf(hits - 1, len(wrote), int(linked.sum()), all_silent)) if hits else 1.0
    told = list(_last_days(wrote[linked], wrote[silent & linked], who[early], days[early], pairs))
    farewells, chances = sum(said for said, _ in told), np.sort(np.array([chance for _, chance in told]))
    return Leaving(
        looked=looked,
        linked=int(linked.sum()),
        silent=hits,
        others=int((~linked).sum()),
        others_silent=all_silent - hits,
        p_silent=p_silent,
        farewells=farewells,
        farewells_expected=float(chances.sum()),
        p_farewell=at_least(farewells, chances),
    )


def _looked(start: int, known: Known, rule: Rule) -> int | None:
    """The last day, not long after the place stopped being new, before which the quiet days were all collected."""
    for day in range(min(known.end, start + rule.new + rule.quiet), start + rule.quiet, -1):
        if not known.missing(day - rule.quiet, day):
            return day
    return None


def _last_days(linked: Keys, silent: Keys, who: Keys, days: Ints, pairs: Keys) -> Iterator[tuple[bool, float]]:
    """For each silent account whether the link stands on its last day, and how likely that was.

    Args:
        linked: accounts that linked.
        silent: those of them that fell silent.
        who: an account for each day on which one wrote.
        days: these days.
        pairs: accounts and days with the link.
    """
    kept = np.isin(who, linked)
    who, days = who[kept], days[kept]
    order = np.lexsort((days, who))
    who, days = who[order], days[order]
    with_link = _among(who, days, pairs)
    own = {one: slice(int(low), int(high)) for one, low, high in zip(
        silent.tolist(), np.searchsorted(who, silent), np.searchsorted(who, silent, side="right"), strict=True
    )}  # fmt: skip
    for one, rows in own.items():
        last = int(days[rows.stop - 1])
        near = (days <= last) & (who != np.uint64(one))
        latest = near & np.append((who[1:] != who[:-1]) | ~near[1:], True) & (days > last - LATELY)
        company = float(with_link[latest].mean()) if latest.any() else 0.0
        yield bool(with_link[rows.stop - 1]), max(float(with_link[rows].mean()), company)


def _among(who: Keys, days: Ints, pairs: Keys) -> Mask:
    """Which of the accounts' days are among the pairs."""
    whole = np.concatenate([np.stack([who, days.astype(np.uint64)]), pairs], axis=1)
    _, number = np.unique(whole, axis=1, return_inverse=True)
    number = number.ravel()
    return np.isin(number[: len(who)], number[len(who) :])


def at_least(number: int, chances: Floats) -> float:
    """The chance that at least so many of independent events happen.

    >>> at_least(2, np.array([0.5, 0.5])), at_least(0, np.array([0.1]))
    (0.25, 1.0)
    """
    if number <= 0:
        return 1.0
    fewer = np.zeros(number)
    fewer[0] = 1.0
    total = 0.0
    for chance in chances.tolist():
        total += float(fewer[-1]) * chance
        fewer[1:] = fewer[1:] * (1.0 - chance) + fewer[:-1] * chance
        fewer[0] *= 1.0 - chance
    return min(total, 1.0)
