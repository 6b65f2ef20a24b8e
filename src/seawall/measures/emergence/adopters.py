"""Who took a place up, one after the other: channels of which each can be given an account of its own."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]

MOST = 64
"""More than so many are not counted: nothing depends on whether there are more."""


def adoptions(groups: Sequence[int], accounts: Sequence[int], most: int = MOST) -> list[int]:
    """At which links, in the order of time, one more group has taken a place up with an account of its own.

    After each link there is a largest number of groups (channels, communities) that can each be given another account
    which linked there. One account in forty channels counts once; forty accounts in one channel count once. How
    often that number has grown does not depend on the order of links at one moment.

    Source of the method: augmenting paths (Berge 1957), one search a new pair.

    >>> adoptions([1, 2, 3, 4], [7, 7, 7, 7]), adoptions([1, 1, 2, 3], [7, 8, 7, 9])
    ([0], [0, 2, 3])
    """
    of_group: dict[int, set[int]] = {}
    holder: dict[int, int] = {}
    matched: set[int] = set()
    grown: list[int] = []
    for link, (group, account) in enumerate(zip(groups, accounts, strict=True)):
        theirs = of_group.setdefault(group, set())
        if account in theirs:
            continue
        theirs.add(account)
        for free in [group] if group not in matched else [one for one in of_group if one not in matched]:
            if _augment(free, of_group, holder):
                matched.add(free)
                grown.append(link)
                break
        if len(grown) == most:
            break
    return grown


def _augment(free: int, of_group: dict[int, set[int]], holder: dict[int, int]) -> bool:
    """Give a group an account, others being given other ones, if that is possible."""
    came: dict[int, int] = {}
    waiting = [free]
    while waiting:
        group = waiting.pop()
        for account in of_group[group]:
            if account in came:
                continue
            came[account] = group
            if account not in holder:
                _hand_on(account, free, came, holder)
                return True
            waiting.append(holder[account])
    return False


def _hand_on(account: int, free: int, came: dict[int, int], holder: dict[int, int]) -> None:
    """Along the path, each group takes the account that was found from it, and leaves the one that it had."""
    held = {group: one for one, group in holder.items()}
    group = came[account]
    while True:
        before = held.get(group)
        holder[account] = group
        if group == free or before is None:
            return
        account, group = before, came[before]
