"""Whether false alerts fall on some groups of accounts more than on others: gaps with intervals.

The groups are the auditor's own. No detector sees them; they are laid beside alerts afterwards.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Any

from seawall.errors import MeasureError

Z = 1.959963984540054


@dataclass(frozen=True, slots=True)
class GroupGap:
    """A group against all others.

    Args:
        group: its name.
        accounts, alerted: in it.
        rate: the part that was alerted.
        gap: that minus the rate among the other accounts.
        low, high: the 95 % interval of the gap.
    """

    group: str
    accounts: int
    alerted: int
    rate: float
    gap: float
    low: float
    high: float


def wilson(hits: int, size: int, z: float = Z) -> tuple[float, float]:
    """Wilson's interval of a proportion.

    >>> [round(end, 4) for end in wilson(56, 70)]
    [0.6918, 0.877]
    """
    part, spread = hits / size, z * z / size
    centre = part + spread / 2
    half = z * sqrt(part * (1 - part) / size + spread / (4 * size))
    return max(0.0, (centre - half) / (1 + spread)), min(1.0, (centre + half) / (1 + spread))


def newcombe(hits: int, size: int, other_hits: int, other_size: int) -> tuple[float, float]:
    """Newcombe's interval of a difference of proportions (1998, method 10).

    Raises:
        MeasureError: one side is empty.

    >>> [round(end, 4) for end in newcombe(56, 70, 48, 80)]  # his example (a)
    [0.0524, 0.3339]
    """
    if not size or not other_size:
        raise MeasureError("A group without accounts has no rate.")
    one, other = hits / size, other_hits / other_size
    (low, high), (other_low, other_high) = wilson(hits, size), wilson(other_hits, other_size)
    below = sqrt((one - low) ** 2 + (other_high - other) ** 2)
    above = sqrt((high - one) ** 2 + (other - other_low) ** 2)
    return one - other - below, one - other + above


def group_gaps(alerted: Collection[Any], groups: Mapping[Any, str] | Iterable[tuple[Any, str]]) -> list[GroupGap]:
    """For each group the rate of alerts about its accounts, and how far that lies from all others'.

    Args:
        alerted: the accounts of the alerts that are held to be false (on clean traffic: all).
        groups: account -> group. Accounts that are in none are not looked at; an account may be in one only.

    Raises:
        MeasureError: an account is in two groups, or there are fewer than two groups.

    >>> gap, _ = group_gaps({"a1"}, {"a1": "north", "a2": "north", "b1": "south", "b2": "south"})
    >>> gap.group, gap.rate, gap.gap
    ('north', 0.5, 0.5)
    """
    members: dict[str, set[Any]] = {}
    homes: dict[Any, str] = {}
    for account, group in groups.items() if isinstance(groups, Mapping) else groups:
        if homes.setdefault(account, group) != group:
            raise MeasureError("An account is in two groups.", mend="Give each account one row.")
        members.setdefault(group, set()).add(account)
    if len(members) < 2:
        raise MeasureError("A gap needs at least two groups.", mend="Name the others' group too.")
    hits = {group: len(own.intersection(alerted)) for group, own in members.items()}
    everybody, all_hits = len(homes), sum(hits.values())
    gaps = []
    for group in sorted(members):
        size, hit = len(members[group]), hits[group]
        rest, rest_hit = everybody - size, all_hits - hit
        low, high = newcombe(hit, size, rest_hit, rest)
        gaps.append(GroupGap(group, size, hit, hit / size, hit / size - rest_hit / rest, low, high))
    return gaps
