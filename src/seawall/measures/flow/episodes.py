"""New places of communities: when one was first linked to, and how many of those who were members then followed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from seawall.measures.flow.acts import Acts, Ints, Known, Linked, Mask
from seawall.measures.keys import Keys

LATELY = 7
"""A place may be new although half of the days of silence before it were not collected, but not one of so many last."""


@dataclass(frozen=True)
class Rule:
    """What counts as new, as a member, and as having fallen silent. All in days."""

    window: int = 14  # members who linked within so many days of one another are counted together
    new: int = 56  # so long a place is new
    pause: int = 28  # a place that nobody linked to for so long is new; who wrote in them is a member
    quiet: int = 14  # who did not write for so long has fallen silent
    least_days: int = 2  # of the pause, on which a member wrote


@dataclass(frozen=True)
class Episodes:
    """Places that were new in a community, by community and place.

    Args:
        linked: all links; those of an episode stand together.
        first: row of ``linked`` at which each begins.
        end: and the row after its last.
        start: the day of its first link.
        members: accounts that wrote on ``least_days`` of the days before.
        followed: the most members whose first link to it fell within the window of one another.
        told: whether the days before were collected, so that it is known to be new, and there were members.
    """

    linked: Linked
    first: Ints
    end: Ints
    start: Ints
    members: Ints
    followed: Ints
    told: Mask

    def __len__(self) -> int:
        return len(self.first)

    def community(self, one: int) -> int:
        """Of an episode."""
        return int(self.linked.community[self.first[one]])

    def rows(self, one: int) -> Linked:
        """The links of an episode."""
        return self.linked.part(slice(int(self.first[one]), int(self.end[one])))


def episodes(linked: Linked, acts: Acts, known: Mapping[int, Known], rule: Rule) -> Episodes:
    """Every run of links to one place in one community before which it was not linked to for ``rule.pause`` days."""
    begin, end = _runs(linked, rule)
    day = linked.day
    community, start = linked.community[begin], day[begin]
    members, followed = np.zeros(len(begin), np.int64), np.zeros(len(begin), np.int64)
    told = np.zeros(len(begin), bool)
    order = np.lexsort((start, community))
    before: tuple[int, int] | None = None
    own = np.empty(0, np.uint64)
    for one in order.tolist():
        at = (int(community[one]), int(start[one]))
        if at != before:
            new = _seen_before(known[at[0]], at[1], rule)
            own = acts.members(at[0], at[1] - rule.pause, at[1], rule.least_days) if new else own[:0]
            before = at
        members[one], told[one] = len(own), len(own) > 0
        if len(own):
            rows = slice(int(begin[one]), int(end[one]))
            followed[one] = most_together(linked.account[rows], day[rows], own, rule.window)
    return Episodes(linked, begin, end, start, members, followed, told)


def _seen_before(known: Known, start: int, rule: Rule) -> bool:
    """Whether enough was collected before a day to tell that what began then is new."""
    return 2 * known.missing(start - rule.pause, start) <= rule.pause and not known.missing(start - LATELY, start)


def most_together(account: Keys, day: Ints, members: Keys, window: int) -> int:
    """The most members whose first link fell within so many days of one another; ``day`` ascends."""
    firsts = first_days(account, day, members)[1]
    return int((np.searchsorted(firsts, firsts + window) - np.arange(len(firsts))).max()) if len(firsts) else 0


def first_days(account: Keys, day: Ints, members: Keys) -> tuple[Keys, Ints]:
    """The members among those who linked, and the day of the first link of each, in order of the day."""
    place = np.searchsorted(members, account)
    place[place == len(members)] = 0
    inside = members[place] == account
    who, row = np.unique(account[inside], return_index=True)
    firsts = day[inside][row]
    order = np.argsort(firsts, kind="stable")
    return who[order], firsts[order]


def _runs(linked: Linked, rule: Rule) -> tuple[Ints, Ints]:
    """The first row of each run of links, and the row after the last that falls in the days in which it is new."""
    number = len(linked.at)
    if not number:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    day = linked.day
    fresh = np.ones(number, bool)
    same = (linked.community[1:] == linked.community[:-1]) & (linked.place[1:] == linked.place[:-1])
    fresh[1:] = ~same | (day[1:] - day[:-1] > rule.pause)
    begin = np.flatnonzero(fresh)
    run = np.cumsum(fresh) - 1
    inside = day - day[begin][run] < rule.new
    return begin, begin + np.bincount(run[inside], minlength=len(begin))
