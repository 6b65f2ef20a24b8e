"""Slow, obviously correct forms of what the measure of flows counts, in plain Python."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise

from scipy.stats import betabinom, hypergeom

from seawall.measures.flow.chance import _LIKENESS, _SHARES, AS_GOOD_AS, BEFORE
from seawall.measures.flow.episodes import LATELY, Rule

Wrote = Collection[tuple[int, int, int]]
"""Community, account, day."""
Linked = Sequence[tuple[int, int, int, int]]
"""Community, place, account, day."""


def members_of(wrote: Wrote, community: int, first: int, end: int, least: int) -> set[int]:
    """Who wrote on so many days from one to before another."""
    days: dict[int, set[int]] = {}
    for where, who, day in wrote:
        if where == community and first <= day < end:
            days.setdefault(who, set()).add(day)
    return {who for who, own in days.items() if len(own) >= least}


def episodes_of(
    wrote: Wrote, linked: Linked, missing: Collection[int], rule: Rule
) -> dict[tuple[int, int, int], tuple[int, int, int, bool]]:
    """(community, place, start) -> (members, followed, links, told)."""
    found = {}
    for community, place in sorted({(row[0], row[1]) for row in linked}):
        days = sorted(row[3] for row in linked if row[:2] == (community, place))
        starts = [days[0], *(later for earlier, later in pairwise(days) if later - earlier > rule.pause)]
        for start, end in zip(starts, [*starts[1:], 10**9], strict=True):
            last = min(end, start + rule.new)
            rows = [row for row in linked if row[:2] == (community, place) and start <= row[3] < last]
            gone = [day for day in range(start - rule.pause, start) if day in missing]
            new = 2 * len(gone) <= rule.pause and not any(day >= start - LATELY for day in gone)
            own = members_of(wrote, community, start - rule.pause, start, rule.least_days) if new else set()
            firsts = [min(row[3] for row in rows if row[2] == who) for who in own & {row[2] for row in rows}]
            most = max((sum(day <= other < day + rule.window for other in firsts) for day in firsts), default=0)
            found[community, place, start] = (len(own), most, len(rows), bool(own))
    return found


def tail_of(followers: int, others: int, own: Sequence[tuple[int, int]], elsewhere: Sequence[tuple[int, int]]) -> float:
    """The chance of so many followers or more: each mean and over-dispersion weighted by how well it fits the past."""
    weight = min(1.0, AS_GOOD_AS / max(len(elsewhere), 1))
    total = chance = 0.0
    for share in _SHARES.tolist():
        for likeness in _LIKENESS.tolist():
            scale = (1 - likeness) / likeness
            a, b = share * scale, (1 - share) * scale
            likely = 1.0
            for hits, n, times in BEFORE:
                likely *= float(betabinom.pmf(hits, n, a, b)) ** times
            for hits, n in own:
                likely *= float(betabinom.pmf(hits, n, a, b))
            for hits, n in elsewhere:
                likely *= float(betabinom.pmf(hits, n, a, b)) ** weight
            total += likely
            chance += likely * float(betabinom.sf(followers - 1, others, a, b))
    return chance / total


def silent_of(
    wrote: Wrote, linked: Linked, members: Collection[int], start: int, looked: int, quiet: int
) -> tuple[int, int, int, int, float]:
    """Of one place in one community: linked, silent of them, others, silent of these, and Fisher's exact p."""
    until = looked - quiet
    active = {who for _, who, day in wrote if who in members and start <= day < until}
    late = {who for _, who, day in wrote if until <= day < looked}
    who_linked = {who for _, _, who, day in linked if start <= day < until} & active
    silent = active - late
    hits = len(silent & who_linked)
    p = float(hypergeom.sf(hits - 1, len(active), len(who_linked), len(silent))) if hits else 1.0
    return len(who_linked), hits, len(active - who_linked), len(silent - who_linked), p
