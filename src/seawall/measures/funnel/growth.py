"""Room for more: arrays grow in place where the system can, tables of slots are filled anew."""

from __future__ import annotations

from typing import Any

import numpy as np

from seawall.measures.compiled import compiled
from seawall.measures.funnel.lookup import index_keys, index_lines, index_pairs, index_ties, index_uses
from seawall.measures.funnel.state import ACCOUNTS, GROWING, POOLS, SLOTTED, TIES, USES, State
from seawall.measures.funnel.ties import FEW_USERS, MOST_AT_ONCE
from seawall.measures.funnel.words import NEVER

LOAD = 2
"""A table of slots has at least so many slots for each place that is taken."""


def with_accounts(state: State, known: int) -> State:
    """The state with a row for each of so many accounts."""
    before = int(state.tally[ACCOUNTS])
    if known <= before:
        return state
    state.tally[ACCOUNTS] = known
    changed: dict[str, Any] = {}
    if known > len(state.accounts):
        changed = {name: _longer(getattr(state, name), known) for name in ("accounts", "counts", "terms")}
    state = state._replace(**changed)
    fresh = state.accounts[before:known]
    fresh["first_at"] = fresh["alert_at"] = NEVER
    fresh["crowd_at"] = fresh["open_at"] = -NEVER
    fresh["best"] = -np.inf
    fresh["head"] = fresh["pool"] = fresh["pool_next"] = fresh["open_pair"] = -1
    return state


def with_room(state: State, more: int) -> State:
    """The state with room for so many more of everything."""
    changed: dict[str, Any] = {}
    for name, place in GROWING.items():
        needed = int(state.tally[place]) + (ties_for(more) if place == POOLS else more)
        if place != ACCOUNTS and needed > len(getattr(state, name)):
            changed[name] = _longer(getattr(state, name), needed)
    state = state._replace(**changed)
    for name, place in SLOTTED.items():
        needed = LOAD * (int(state.tally[place]) + (ties_for(more) if place == TIES else more))
        if needed > len(getattr(state, name)):
            state = _with_slots(state, name, needed)
    return state


@compiled
def ties_for(acts: int) -> int:
    """How many ties so many acts at one moment can make, and no more pools."""
    few = min(acts, MOST_AT_ONCE)
    return 2 * few * (FEW_USERS + 1 + few)


def indexed(state: State) -> State:
    """The state with its tables of slots filled anew; uses and ties come as plain lists without empty places."""
    lists = {name: getattr(state, name) for name in ("uses", "ties", "tie_counts")}
    blank: dict[str, Any] = {name: np.zeros(64, values.dtype) for name, values in lists.items()}
    blank |= {name: np.full(64, -1, np.int32) for name in ("pair_slots", "line_slots", "key_slots")}
    state = state._replace(**blank)
    for name, place in SLOTTED.items():
        state = _with_slots(state, name, max(LOAD * int(state.tally[place]), 64))
    index_uses(lists["uses"], state.uses)
    index_ties(lists["ties"], lists["tie_counts"], state.ties, state.tie_counts)
    return state


def _with_slots(state: State, name: str, needed: int) -> State:
    old = getattr(state, name)
    size = len(old)
    while size < needed:
        size *= 2
    new = np.full(size, 0 if name in ("uses", "ties") else -1, old.dtype)
    known = int(state.tally[SLOTTED[name]])
    if name == "pair_slots":
        index_pairs(state.pairs, known, new)
    elif name == "line_slots":
        index_lines(state.lines, known, new)
    elif name == "key_slots":
        index_keys(state.keys, known, new)
    elif SLOTTED[name] == USES:
        index_uses(old, new)
    else:
        counts = np.zeros(size, np.int32)
        index_ties(old, state.tie_counts, new, counts)
        state = state._replace(tie_counts=counts)
    return state._replace(**{name: new})


def _longer(values: Any, rows: int) -> Any:
    """The same array, longer: large ones are moved by the system's page table, not copied."""
    if not values.flags.owndata:
        values = values.copy()
    values.resize((max(rows, len(values) * 3 // 2), *values.shape[1:]), refcheck=False)
    return values
