"""Replies and addresses: how often an account repeats them, and which accounts share some that few others use."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from seawall.measures.compiled import compiled
from seawall.measures.funnel.parted.acts import Meetings, bounds_of, sums
from seawall.measures.funnel.parted.events import EVENTS, events
from seawall.measures.funnel.state import Array
from seawall.measures.funnel.ties import ADDRESS_SALT, FEW_USERS, MOST_AT_ONCE, SCRIPT_DAYS, TOGETHER
from seawall.measures.funnel.words import DAY, N_KEYED, N_REUSED, NEVER, PASSES

USES = pa.schema([("hub", pa.uint64()), ("key", pa.uint64()), ("at", pa.int64()), ("weight", pa.uint8())])
"""The first use of a reply or an address towards a newcomer; ``weight``: how much it ties."""

LINES = pa.schema(
    [("key", pa.uint64()), ("hub", pa.uint64()), ("first", pa.int64()), ("second", pa.int64()), ("weight", pa.uint8())]
)
"""A reply or an address of an account, and when it was used for a first and for a second person (NEVER = not)."""

EDGES = pa.schema([("one", pa.uint64()), ("other", pa.uint64()), ("at", pa.int64())])
TIES = EDGES.append(pa.field("weight", pa.uint8()))

MOST_USERS = FEW_USERS + 1 + 2 * MOST_AT_ONCE
"""Of the accounts that use a key the first so many decide: later ones find too many before them, or a crowd."""

REPLY = 1


def uses(acts: pa.Table) -> pa.Table:
    """Which replies and addresses hubs used, once for each newcomer: rows of ``USES``."""
    told = Meetings(acts)
    hubs_act = (told.forth == told.hub_is_one[told.pair]) & ~told.mutual[told.pair]
    hubs_act &= told.at - told.began[told.pair] <= SCRIPT_DAYS * DAY
    words, address = acts["words"].to_numpy(), acts["address"].to_numpy()
    passes = acts["act"].to_numpy() & PASSES != 0
    found = [
        _first_uses(told, keys, np.flatnonzero(hubs_act & there), weight)
        for keys, there, weight in (
            (words, words != 0, REPLY),
            (address ^ ADDRESS_SALT, (address != 0) & passes, TOGETHER),
        )
    ]
    return pa.concat_tables(found)


def _first_uses(told: Meetings, keys: Array, rows: Array, weight: int) -> pa.Table:
    """Acts are in the order of time within a pair, so that a stable sort keeps the first of each key in front."""
    rows = rows[np.lexsort((keys[rows], told.pair[rows]))]
    rows = rows[bounds_of(told.pair[rows], keys[rows])[:-1]]
    columns = (told.hub[told.pair[rows]], keys[rows], told.at[rows], np.full(len(rows), weight, np.uint8))
    return pa.table([pa.array(column) for column in columns], schema=USES)


def use_events(rows: pa.Table) -> pa.Table:
    """Each reply counts, and each counts as used again; ``line_events`` takes the first use of each line back."""
    rows = rows.filter(pa.array(rows["weight"].to_numpy() == REPLY))
    hub, when = rows["hub"].to_numpy(), 2 * rows["at"].to_numpy() + 1
    return pa.concat_tables([EVENTS.empty_table(), events(hub, when, N_KEYED), events(hub, when, N_REUSED)])


def line_events(lines: pa.Table) -> pa.Table:
    """The first use of a line is none that was used before."""
    lines = lines.filter(pa.array(lines["weight"].to_numpy() == REPLY))
    return events(lines["hub"].to_numpy(), 2 * lines["first"].to_numpy() + 1, N_REUSED, -1)


def first_two(rows: pa.Table) -> pa.Table:
    """The first two uses of each line."""
    hub, key, at = (rows[name].to_numpy() for name in ("hub", "key", "at"))
    order = np.lexsort((at, key, hub))
    bounds = bounds_of(hub[order], key[order])
    rank = np.arange(len(order)) - np.repeat(bounds[:-1], np.diff(bounds))
    return rows.take(pa.array(order[rank < 2]))


def lines_of(rows: pa.Table) -> pa.Table:
    """Whole lines of uses -> rows of ``LINES``."""
    rows = first_two(rows)
    hub, key, at, weight = (rows[name].to_numpy() for name in USES.names)
    bounds = bounds_of(hub, key)
    first = bounds[:-1]
    twice = np.diff(bounds) == 2
    second = np.where(twice, at[np.minimum(first + 1, max(len(at) - 1, 0))], NEVER) if len(at) else at
    columns = (key[first], hub[first], at[first], second, weight[first])
    return pa.table([pa.array(column) for column in columns], schema=LINES)


def first_users(rows: pa.Table) -> pa.Table:
    """The first ``MOST_USERS`` lines of each key."""
    key, first = rows["key"].to_numpy(), rows["first"].to_numpy()
    order = np.lexsort((rows["hub"].to_numpy(), first, key))
    bounds = bounds_of(key[order])
    rank = np.arange(len(order)) - np.repeat(bounds[:-1], np.diff(bounds))
    return rows.take(pa.array(order[rank < MOST_USERS]))


@compiled
def _ties(bounds: Array, first: Array, second: Array, out: Array, write: bool) -> int:
    """Which lines of each key are tied: those that were a habit before, or at the same moment; how many."""
    found = 0
    for key in range(len(bounds) - 1):
        start, stop = bounds[key], bounds[key + 1]
        for late in range(start, stop):
            if second[late] == NEVER:
                continue
            users = 0
            while start + users < stop and first[start + users] < second[late]:
                users += 1
            if users > FEW_USERS:
                continue
            for early in range(start, stop):
                if second[early] < second[late] or (second[early] == second[late] and early < late):
                    if write:
                        out[found, 0], out[found, 1] = early, late
                    found += 1
    return found


def ties_of(lines: pa.Table) -> pa.Table:
    """Whole keys of lines -> rows of ``TIES``, those of crowded moments among them."""
    lines = first_users(lines)
    key, hub, first, second, weight = (lines[name].to_numpy() for name in LINES.names)
    bounds = bounds_of(key)
    found = np.empty((_ties(bounds, first, second, np.empty((0, 2), np.int64), False), 2), np.int64)
    _ties(bounds, first, second, found, True)
    early, late = found[:, 0], found[:, 1]
    low, high = np.minimum(hub[early], hub[late]), np.maximum(hub[early], hub[late])
    return pa.table([pa.array(column) for column in (low, high, second[late], weight[late])], schema=TIES)


def moments(acts: pa.Table) -> pa.Table:
    """How many acts there are at each moment."""
    at, rows = np.unique(acts["at"].to_numpy(), return_counts=True)
    return pa.table({"at": at, "rows": rows.astype(np.int64)})


def of_calm_moments(ties: pa.Table, told: pa.Table) -> pa.Table:
    """The ties of moments with no more than ``MOST_AT_ONCE`` acts. Both tables are cut by ``at``."""
    told = sums(("at",), told)
    crowded = told["at"].to_numpy()[told["rows"].to_numpy() > MOST_AT_ONCE]
    return ties.filter(pa.array(~np.isin(ties["at"].to_numpy(), crowded)))


def edges_of(ties: pa.Table) -> pa.Table:
    """Since when two accounts share enough: rows of ``EDGES`` from whole pairs of ``TIES``."""
    one, other, at, weight = (ties[name].to_numpy() for name in TIES.names)
    order = np.lexsort((at, other, one))
    one, other, at, weight = one[order], other[order], at[order], weight[order].astype(np.int64)
    bounds = bounds_of(one, other)
    total = np.cumsum(weight)
    before = np.repeat(np.append(0, total)[bounds[:-1]], np.diff(bounds))
    enough = np.flatnonzero(total - before >= TOGETHER)
    enough = enough[bounds_of(one[enough], other[enough])[:-1]]
    return forest(pa.table([pa.array(column[enough]) for column in (one, other, at)], schema=EDGES))


@compiled
def head_of(into: Array, account: int) -> int:
    """Where a chain of accounts ends."""
    while into[account] != account:
        into[account] = into[into[account]]
        account = into[account]
    return account


@compiled
def _joining(one: Array, other: Array, accounts: int) -> Array:
    into, joins = np.arange(accounts), np.zeros(len(one), np.bool_)
    for k in range(len(one)):
        a, b = head_of(into, one[k]), head_of(into, other[k])
        if a != b:
            into[a] = b
            joins[k] = True
    return joins


def forest(edges: pa.Table) -> pa.Table:
    """The edges that join what was apart before them, in the order of time: they tell who is together at any moment."""
    edges = edges.sort_by("at")
    ends = np.concatenate([edges["one"].to_numpy(), edges["other"].to_numpy()])
    names, number = np.unique(ends, return_inverse=True)
    return edges.filter(pa.array(_joining(number[: len(edges)], number[len(edges) :], len(names))))
