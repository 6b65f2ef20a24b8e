"""Finding a pair, a line, a key or a tie by open addressing, and a pool; places are numbers in growing arrays."""

from __future__ import annotations

import numpy as np

from seawall.measures.borrowing import whole
from seawall.measures.compiled import compiled
from seawall.measures.funnel.state import LINES, PAIRS, SHARED_KEYS, TIES, USES, Array, State
from seawall.measures.funnel.words import NEVER
from seawall.measures.keys import mix


@compiled
def _pair_hash(one: int, other: int) -> np.uint64:
    low, high = min(one, other), max(one, other)
    return mix(np.uint64(low) << np.uint64(32) | np.uint64(high))


@compiled
def find_pair(state: State, one: int, other: int) -> int:
    """The place of a pair; -1 - slot where there is none yet."""
    slots, pairs = state.pair_slots, state.pairs
    room = np.uint64(len(slots) - 1)
    slot = whole(_pair_hash(one, other) & room)
    while slots[slot] >= 0:
        pair = pairs[slots[slot]]
        if (pair.hub == one and pair.newcomer == other) or (pair.hub == other and pair.newcomer == one):
            return whole(slots[slot])
        slot = whole(np.uint64(slot + 1) & room)
    return -1 - slot


@compiled
def new_pair(state: State, slot: int, source: int, target: int, now: int) -> int:
    """Put a pair in an empty slot; whoever acts first is its hub."""
    place = state.tally[PAIRS]
    state.tally[PAIRS] += 1
    state.pair_slots[slot] = place
    pair = state.pairs[place]
    pair.began = now
    pair.answer_at = pair.follow_back_at = pair.direct_at = pair.contact_at = pair.sustained_at = NEVER
    pair.hand_off_at = NEVER
    pair.hub_last = pair.newcomer_last = pair.now = -NEVER
    pair.hub, pair.newcomer = source, target
    pair.hub_next = pair.newcomer_next = pair.handed_to = -1
    pair.hub_day = pair.newcomer_day = -1
    pair.hub_days = pair.newcomer_days = pair.flags = pair.bits = 0
    return whole(place)


@compiled
def key_of(state: State, key: np.uint64) -> int:
    """The record of a key, made where there is none."""
    slots, keys = state.key_slots, state.keys
    room = np.uint64(len(slots) - 1)
    slot = whole(mix(key) & room)
    while slots[slot] >= 0:
        if keys[slots[slot]].key == key:
            return whole(slots[slot])
        slot = whole(np.uint64(slot + 1) & room)
    place = state.tally[SHARED_KEYS]
    state.tally[SHARED_KEYS] += 1
    slots[slot] = place
    record = keys[place]
    record.key, record.at, record.users, record.before, record.head = key, -NEVER, 0, 0, -1
    return whole(place)


@compiled
def line_of(state: State, account: int, key: np.uint64, now: int) -> int:
    """The line of an account and a key, made where there is none: the key has one more user then."""
    slots, lines = state.line_slots, state.lines
    told = mix(key ^ mix(np.uint64(account) + np.uint64(1)))
    room = np.uint64(len(slots) - 1)
    slot = whole(told & room)
    while slots[slot] >= 0:
        line = lines[slots[slot]]
        if line.print == told and line.account == account:
            return whole(slots[slot])
        slot = whole(np.uint64(slot + 1) & room)
    place = state.tally[LINES]
    state.tally[LINES] += 1
    slots[slot] = place
    line = lines[place]
    line.print, line.key, line.account, line.persons, line.next = told, key, account, 0, -1
    record = state.keys[key_of(state, key)]
    if record.at != now:
        record.at, record.before = now, record.users
    record.users += np.int32(1)
    return whole(place)


@compiled
def first_use(state: State, line: int, person: int) -> bool:
    """Note that a line was used towards a person; whether it is for the first time."""
    told = (np.uint64(line) + np.uint64(1)) << np.uint64(32) | np.uint64(person)
    uses = state.uses
    room = np.uint64(len(uses) - 1)
    slot = whole(mix(told) & room)
    while uses[slot] != 0:
        if uses[slot] == told:
            return False
        slot = whole(np.uint64(slot + 1) & room)
    uses[slot] = told
    state.tally[USES] += 1
    return True


@compiled
def tie(state: State, one: int, other: int, by: int) -> int:
    """Count what two accounts share; how much it is now."""
    low, high = min(one, other), max(one, other)
    told = np.uint64(low) << np.uint64(32) | np.uint64(high)
    ties = state.ties
    room = np.uint64(len(ties) - 1)
    slot = whole(mix(told) & room)
    while ties[slot] != 0:
        if ties[slot] == told:
            state.tie_counts[slot] += by
            return whole(state.tie_counts[slot])
        slot = whole(np.uint64(slot + 1) & room)
    ties[slot] = told
    state.tie_counts[slot] = by
    state.tally[TIES] += 1
    return by


@compiled
def pool_of(state: State, account: int) -> int:
    """The accounts with which an account shares a script; -1 = none."""
    pool = whole(state.accounts[account].pool)
    if pool >= 0:
        while state.pools[pool].into >= 0:
            pool = whole(state.pools[pool].into)
    return pool


@compiled
def index_pairs(pairs: Array, known: int, slots: Array) -> None:
    """Fill empty slots with all pairs."""
    room = np.uint64(len(slots) - 1)
    for place in range(known):
        slot = whole(_pair_hash(pairs[place].hub, pairs[place].newcomer) & room)
        while slots[slot] >= 0:
            slot = whole(np.uint64(slot + 1) & room)
        slots[slot] = place


@compiled
def index_lines(lines: Array, known: int, slots: Array) -> None:
    """Fill empty slots with all lines."""
    room = np.uint64(len(slots) - 1)
    for place in range(known):
        slot = whole(lines[place].print & room)
        while slots[slot] >= 0:
            slot = whole(np.uint64(slot + 1) & room)
        slots[slot] = place


@compiled
def index_keys(keys: Array, known: int, slots: Array) -> None:
    """Fill empty slots with all keys."""
    room = np.uint64(len(slots) - 1)
    for place in range(known):
        slot = whole(mix(keys[place].key) & room)
        while slots[slot] >= 0:
            slot = whole(np.uint64(slot + 1) & room)
        slots[slot] = place


@compiled
def index_uses(old: Array, uses: Array) -> None:
    """Move all uses into a larger table."""
    room = np.uint64(len(uses) - 1)
    for at in range(len(old)):
        if old[at] != 0:
            slot = whole(mix(old[at]) & room)
            while uses[slot] != 0:
                slot = whole(np.uint64(slot + 1) & room)
            uses[slot] = old[at]


@compiled
def index_ties(old: Array, old_counts: Array, ties: Array, counts: Array) -> None:
    """Move all ties into a larger table."""
    room = np.uint64(len(ties) - 1)
    for at in range(len(old)):
        if old[at] != 0:
            slot = whole(mix(old[at]) & room)
            while ties[slot] != 0:
                slot = whole(np.uint64(slot + 1) & room)
            ties[slot], counts[slot] = old[at], old_counts[at]
