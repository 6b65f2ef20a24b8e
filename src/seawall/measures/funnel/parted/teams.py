"""Accounts that share a script, put together so that their acts can be weighed together."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from seawall.measures.funnel.parted.scripts import EDGES, forest
from seawall.measures.funnel.state import Array
from seawall.measures.funnel.ties import MOST_MEMBERS
from seawall.measures.funnel.words import NEVER


@dataclass(frozen=True)
class Team:
    """Accounts that come to share a script, few enough to be one funnel's.

    Args:
        members: keys of the accounts, the smallest first; it names the team.
        edges: places of two members, and the moment since which they share; in the order of time.
        end: the moment at which they became too many; NEVER.
    """

    members: tuple[int, ...]
    edges: tuple[tuple[int, int, int], ...]
    end: int


@dataclass(frozen=True)
class Teams:
    """All of them.

    Args:
        of: account -> its team.
        sizes: account -> with how many it shares a script in the end, itself included, however many these are.
    """

    of: dict[int, Team] = field(default_factory=dict)
    sizes: dict[int, int] = field(default_factory=dict, repr=False)

    def groups(self) -> pa.Table:
        """``account, group`` of those that are in a team."""
        accounts = np.array(sorted(self.of), np.uint64)
        groups = np.array([self.of[int(account)].members[0] for account in accounts], np.uint64)
        return pa.table({"account": accounts, "group": groups})


@dataclass
class _Growing:
    members: list[int]
    edges: list[tuple[int, int, int]] = field(default_factory=list)
    end: int = NEVER
    size: int = 1

    def takes(self, other: _Growing, edge: tuple[int, int, int]) -> None:
        """Become one with another, at the moment of an edge; too many end both as teams."""
        self.size += other.size
        if self.size > MOST_MEMBERS:
            self.end, other.end = min(self.end, edge[2]), min(other.end, edge[2])
        else:
            self.members += other.members
            self.edges += [*other.edges, edge]


def teams_of(edges: pa.Table) -> Teams:
    """The teams of all edges (rows of ``EDGES``)."""
    told: list[Array] = [forest(edges)[name].to_numpy() for name in EDGES.names]
    accounts = np.unique(np.concatenate(told[:2])).tolist()
    head = {account: account for account in accounts}
    growing = {account: _Growing([account]) for account in accounts}
    ended: list[_Growing] = []

    def found(account: int) -> int:
        while head[account] != account:
            head[account] = account = head[head[account]]
        return account

    for one, other, at in zip(*(column.tolist() for column in told), strict=True):
        small, large = sorted((found(one), found(other)), key=lambda account: growing[account].size)
        gone = growing.pop(small)
        growing[large].takes(gone, (one, other, at))
        head[small] = large
        if growing[large].end != NEVER:
            ended.append(gone)
    done = [team for one in (*growing.values(), *ended) if (team := _team(one)) is not None]
    sizes = {account: growing[found(account)].size for account in accounts}
    return Teams({account: team for team in done for account in team.members}, sizes)


def _team(told: _Growing) -> Team | None:
    if len(told.members) < 2:
        return None
    members = tuple(sorted(told.members))
    place = {account: number for number, account in enumerate(members)}
    edges = sorted((at, place[one], place[other]) for one, other, at in told.edges)
    return Team(members, tuple((one, other, at) for at, one, other in edges), told.end)
