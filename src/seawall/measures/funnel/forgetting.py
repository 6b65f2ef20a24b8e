"""Idle pairs expire: what is left keeps its counts, and everything is numbered anew."""

from __future__ import annotations

from typing import Any

import numpy as np

from seawall.measures.funnel.growth import indexed
from seawall.measures.funnel.state import (
    ACCOUNTS,
    ANSWERED,
    DUE_ANSWERED,
    DUE_LEAVING,
    DUE_PAIR,
    DUE_PASSED,
    DUE_WRITTEN,
    LEAVING,
    LINES,
    PAIRS,
    PASSED,
    POOLS,
    SHARED_KEYS,
    TIES,
    USES,
    WRITTEN,
    Array,
    State,
)
from seawall.measures.funnel.ties import thread_again

QUEUES = (
    ("answered", ANSWERED, DUE_ANSWERED), ("written", WRITTEN, DUE_WRITTEN), ("passed", PASSED, DUE_PASSED),
    ("leaving", LEAVING, DUE_LEAVING),
)  # fmt: skip


def without_idle(state: State, before: int, held: Array, accounts: int) -> tuple[State, Array]:
    """The state without pairs whose last act was before a time, and without accounts that have no pair any more.

    Args:
        state: it is not changed.
        before: microseconds.
        held: accounts to keep in any case.
        accounts: how many accounts are numbered, of which the state may know fewer.

    Returns:
        The new state, and the new number of each account (-1 = forgotten).
    """
    kept = _kept_pairs(state, before)
    known = int(state.tally[ACCOUNTS])
    stays = np.zeros(accounts, np.bool_)
    stays[state.pairs["hub"][: len(kept)][kept]] = True
    stays[state.pairs["newcomer"][: len(kept)][kept]] = True
    stays[held] = True
    moved = np.where(stays, np.cumsum(stays) - 1, -1).astype(np.int32)
    tally = state.tally.copy()
    changed: dict[str, Any] = {"tally": tally, "model": state.model.copy()}
    changed |= _pairs(state, kept, moved, tally)
    stays = stays[:known]
    for name in ("accounts", "counts", "terms"):
        changed[name] = getattr(state, name)[:known][stays]
    new_pair = np.where(kept, np.cumsum(kept) - 1, -1)
    records = changed["accounts"]
    records["head"] = -1
    records["open_pair"] = _mapped(records["open_pair"], new_pair)
    tally[ACCOUNTS] = len(records)
    changed |= _scripts(state, moved, tally)
    changed |= _pools(state, records, moved, tally)
    fresh = indexed(state._replace(**changed))
    thread_again(fresh.pairs, int(tally[PAIRS]), fresh.accounts)
    return fresh, moved


def _mapped(places: Array, new: Array) -> Array:
    """New numbers of places, -1 where there was or is none."""
    return np.where(places >= 0, new[places], -1) if len(new) else np.full_like(places, -1)


def _kept_pairs(state: State, before: int) -> Array:
    count = int(state.tally[PAIRS])
    kept: Array = state.pairs["now"][:count] >= before
    kept[int(state.tally[DUE_PAIR]) :] = True
    for name, place, due in QUEUES:
        kept[getattr(state, name)[int(state.tally[due]) : int(state.tally[place])]] = True
    return kept


def _pairs(state: State, kept: Array, moved: Array, tally: Array) -> dict[str, Any]:
    pairs = state.pairs[: len(kept)][kept]
    for side in ("hub", "newcomer"):
        pairs[side] = moved[pairs[side]]
    pairs["handed_to"] = _mapped(pairs["handed_to"], moved)
    new = np.where(kept, np.cumsum(kept) - 1, -1).astype(np.int32)
    changed: dict[str, Any] = {"pairs": pairs}
    tally[DUE_PAIR] = np.count_nonzero(kept[: int(tally[DUE_PAIR])])
    tally[PAIRS] = len(pairs)
    for name, place, due in QUEUES:
        changed[name] = new[getattr(state, name)[int(tally[due]) : int(tally[place])]]
        tally[place], tally[due] = len(changed[name]), 0
    return changed


def _scripts(state: State, moved: Array, tally: Array) -> dict[str, Any]:
    """Lines of accounts that stay, their uses, the keys that they share, and the ties between them."""
    lines = state.lines[: int(tally[LINES])]
    kept = moved[lines["account"]] >= 0
    new = np.where(kept, np.cumsum(kept) - 1, -1)
    following = _past_forgotten(lines["next"], kept)
    lines = lines[kept]
    lines["account"], lines["next"] = moved[lines["account"]], _mapped(following[kept], new)
    keys = state.keys[: int(tally[SHARED_KEYS])]
    heads = _first_kept(keys["head"], kept, following)
    used = heads >= 0
    keys = keys[used]
    keys["head"] = _mapped(heads[used], new)
    uses = state.uses[state.uses != 0]
    line, person = (uses >> np.uint64(32)).astype(np.int64) - 1, (uses & np.uint64(0xFFFFFFFF)).astype(np.int64)
    stays = kept[line] & (moved[person] >= 0) if len(uses) else np.zeros(0, np.bool_)
    uses = (new[line[stays]] + 1).astype(np.uint64) << np.uint64(32) | moved[person[stays]].astype(np.uint64)
    ties, counts = _ties(state, moved)
    tally[LINES], tally[SHARED_KEYS], tally[USES], tally[TIES] = len(lines), len(keys), len(uses), len(ties)
    return {"lines": lines, "keys": keys, "uses": uses, "ties": ties, "tie_counts": counts}


def _past_forgotten(following: Array, kept: Array) -> Array:
    """The next line that stays, of each line."""
    following = following.copy()
    while True:
        gone = following >= 0
        gone[gone] = ~kept[following[gone]]
        if not gone.any():
            return following
        following[gone] = following[following[gone]]


def _first_kept(heads: Array, kept: Array, following: Array) -> Array:
    gone = ~kept[heads] if len(heads) else np.zeros(0, np.bool_)
    return np.where(gone, following[heads], heads) if len(heads) else heads


def _ties(state: State, moved: Array) -> tuple[Array, Array]:
    taken = state.ties != 0
    ties, counts = state.ties[taken], state.tie_counts[taken]
    one = moved[(ties >> np.uint64(32)).astype(np.int64)].astype(np.int64)
    other = moved[(ties & np.uint64(0xFFFFFFFF)).astype(np.int64)].astype(np.int64)
    stays = (one >= 0) & (other >= 0)
    low, high = np.minimum(one, other)[stays], np.maximum(one, other)[stays]
    return low.astype(np.uint64) << np.uint64(32) | high.astype(np.uint64), counts[stays]


def _pools(state: State, records: Array, moved: Array, tally: Array) -> dict[str, Any]:
    """Accounts that share a script; a forgotten one leaves its counts to the others."""
    pools = state.pools[: int(tally[POOLS])].copy()
    for place in range(len(pools)):
        member, last = int(pools["head"][place]), -1
        if pools["into"][place] >= 0:
            continue
        pools["head"][place] = -1
        while member >= 0:
            if moved[member] >= 0:
                last = _append(pools, records, place, last, int(moved[member]))
            member = int(state.accounts[member]["pool_next"])
    return {"pools": pools, "pool_counts": state.pool_counts[: len(pools)].copy()}


def _append(pools: Array, records: Array, place: int, last: int, member: int) -> int:
    if last < 0:
        pools["head"][place] = member
    else:
        records["pool_next"][last] = member
    records["pool_next"][member] = -1
    return member
