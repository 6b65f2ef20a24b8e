"""Who knows whom: newcomers that came to know one another, and accounts that use the same script."""

from __future__ import annotations

import numpy as np

from seawall.measures.borrowing import whole
from seawall.measures.compiled import compiled
from seawall.measures.funnel.lookup import find_pair, first_use, key_of, line_of, pool_of, tie
from seawall.measures.funnel.settle import bump
from seawall.measures.funnel.state import POOLS, Array, State
from seawall.measures.funnel.words import (
    COUNTS,
    DAY,
    HUBS_LIST,
    KNIT,
    MUTUAL,
    N_APPROACHED,
    N_KEYED,
    N_KNIT,
    N_REUSED,
    NEWCOMERS_LIST,
    PASSES,
)

CROWD = 32
"""Accounts that get more partners at one moment are not looked through for common ties by these partners."""

NEAREST = 8
"""So many of an account's latest partners are looked through, and those of the same moment."""

FEW_USERS = 6
"""A reply that more accounts have used at all is common; it tells nothing about who works together."""

SCRIPT_PERSONS = 2
ADDRESS_PERSONS = 2
"""A reply, or an address, is an account's habit when it was used for so many persons."""

MOST_AT_ONCE = 64
"""Moments with more acts come from a clock without hours; who shares a script is not looked for in them."""

TOGETHER = 3
"""So much must two accounts share: a reply counts 1, an outside address 3."""

SCRIPT_DAYS = 21
MOST_MEMBERS = 12
ADDRESS_SALT = np.uint64(0xA5A5A5A55A5A5A5A)


@compiled
def count_newcomer(state: State, account: int, now: int) -> None:
    """Count the partners that an account got at this moment."""
    record = state.accounts[account]
    if record.crowd_at != now:
        record.crowd_at, record.crowd = now, np.int32(0)
    record.crowd += np.int32(1)


@compiled
def link(state: State, place: int) -> None:
    """Put a new pair at the head of the partners of both, unless one of them has a crowd of new ones."""
    pair = state.pairs[place]
    hub, newcomer = state.accounts[pair.hub], state.accounts[pair.newcomer]
    if hub.crowd <= CROWD:
        pair.flags |= HUBS_LIST
        pair.hub_next, hub.head = hub.head, np.int32(place)
    if newcomer.crowd <= CROWD:
        pair.flags |= NEWCOMERS_LIST
        pair.newcomer_next, newcomer.head = newcomer.head, np.int32(place)


@compiled
def thread_again(pairs: Array, count: int, accounts: Array) -> None:
    """Make the lists of partners anew, of the pairs that were in them."""
    for place in range(count):
        pair = pairs[place]
        pair.hub_next = pair.newcomer_next = np.int32(-1)
        hub, newcomer = accounts[pair.hub], accounts[pair.newcomer]
        if pair.flags & HUBS_LIST:
            pair.hub_next, hub.head = hub.head, np.int32(place)
        if pair.flags & NEWCOMERS_LIST:
            pair.newcomer_next, newcomer.head = newcomer.head, np.int32(place)


@compiled
def _next_of(state: State, place: int, account: int) -> int:
    pair = state.pairs[place]
    return whole(pair.hub_next if pair.hub == account else pair.newcomer_next)


@compiled
def knit(state: State, place: int) -> None:
    """Look for common partners of a new pair: whoever shares one with its hub is no stranger to it."""
    pair = state.pairs[place]
    _look_through(state, place, whole(pair.hub), whole(pair.newcomer))
    _look_through(state, place, whole(pair.newcomer), whole(pair.hub))


@compiled
def _look_through(state: State, place: int, account: int, other: int) -> None:
    at, looked, last = whole(state.accounts[account].head), 0, whole(0)
    while at >= 0:
        began = whole(state.pairs[at].began)
        if looked >= NEAREST and began != last:
            return
        looked, last = looked + 1, began
        between = state.pairs[at]
        common = whole(between.newcomer if between.hub == account else between.hub)
        if common != other:
            third = find_pair(state, common, other)
            if third >= 0:
                _triangle(state, place, at, third)
        at = _next_of(state, at, account)


@compiled
def _triangle(state: State, new: int, one: int, other: int) -> None:
    _mark(state, new)
    _mark_siblings(state, new, one)
    _mark_siblings(state, new, other)
    _mark_siblings(state, one, other)


@compiled
def _mark_siblings(state: State, one: int, other: int) -> None:
    flags = state.pairs[one].flags | state.pairs[other].flags
    if state.pairs[one].hub == state.pairs[other].hub and not flags & MUTUAL:
        _mark(state, one)
        _mark(state, other)


@compiled
def _mark(state: State, place: int) -> None:
    pair = state.pairs[place]
    if not pair.flags & (MUTUAL | KNIT):
        pair.flags |= KNIT
        bump(state, pair.hub, N_KNIT, 1)


@compiled
def say(
    state: State, place: int, source: int, act: int, words: np.uint64, address: np.uint64, now: int, acts: int
) -> None:
    """Note which reply and which address a hub used, at a moment of so many acts."""
    pair = state.pairs[place]
    if pair.hub != source or pair.flags & MUTUAL or now - pair.began > SCRIPT_DAYS * DAY:
        return
    if words != 0:
        line = line_of(state, source, words, now)
        if first_use(state, line, whole(pair.newcomer)):
            state.lines[line].persons += np.int32(1)
            bump(state, source, N_KEYED, 1)
            if state.lines[line].persons >= 2:
                bump(state, source, N_REUSED, 1)
            if state.lines[line].persons == SCRIPT_PERSONS:
                _use_as_script(state, line, 1, now, acts)
    if address != 0 and act & PASSES:
        line = line_of(state, source, address ^ ADDRESS_SALT, now)
        if first_use(state, line, whole(pair.newcomer)):
            state.lines[line].persons += np.int32(1)
            if state.lines[line].persons == ADDRESS_PERSONS:
                _use_as_script(state, line, TOGETHER, now, acts)


@compiled
def _use_as_script(state: State, place: int, weight: int, now: int, acts: int) -> None:
    """An account has used a line often enough: tie it to the few that did so with the same line."""
    line = state.lines[place]
    record = state.keys[key_of(state, line.key)]
    line.next, record.head = record.head, np.int32(place)
    users = record.before if record.at == now else record.users
    if users > FEW_USERS or acts > MOST_AT_ONCE:
        return
    at = whole(line.next)
    while at >= 0:
        other = whole(state.lines[at].account)
        if tie(state, whole(line.account), other, weight) >= TOGETHER:
            _pool(state, whole(line.account), other)
        at = whole(state.lines[at].next)


@compiled
def _own_pool(state: State, account: int) -> int:
    pool = pool_of(state, account)
    if pool < 0:
        pool = whole(state.tally[POOLS])
        state.tally[POOLS] += 1
        record = state.pools[pool]
        record.members, record.head, record.into = 1, account, -1
        state.pool_counts[pool] = state.counts[account]
        state.accounts[account].pool = np.int32(pool)
        state.accounts[account].pool_next = np.int32(-1)
    return pool


@compiled
def _pool(state: State, one: int, other: int) -> None:
    small, large = _own_pool(state, one), _own_pool(state, other)
    if small == large:
        return
    if state.pools[small].members > state.pools[large].members:
        small, large = large, small
    state.pools[small].into = np.int32(large)
    for place in range(COUNTS):
        state.pool_counts[large, place] += state.pool_counts[small, place]
    state.pools[large].members += state.pools[small].members
    last = whole(state.pools[small].head)
    while state.accounts[last].pool_next >= 0:
        last = whole(state.accounts[last].pool_next)
    state.accounts[last].pool_next = state.pools[large].head
    state.pools[large].head = state.pools[small].head


@compiled
def is_team(state: State, pool: int) -> bool:
    """Whether accounts are few enough to be one funnel's: more are a platform's habit."""
    return bool(2 <= state.pools[pool].members <= MOST_MEMBERS)


@compiled
def is_hub(counts: Array) -> bool:
    """Whether an account approached strangers itself, so that the evidence of its script is evidence about it."""
    return bool(counts[N_APPROACHED] >= 2)
