"""The pass over acts in the order of time: moment by moment, each as if all of it happened at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from seawall.measures.borrowing import whole
from seawall.measures.compiled import compiled
from seawall.measures.funnel.acts import bring, commit, note, open_for_hand_off, take_over
from seawall.measures.funnel.evidence import evidence
from seawall.measures.funnel.growth import LOAD, ties_for, with_accounts, with_room
from seawall.measures.funnel.lookup import pool_of
from seawall.measures.funnel.settle import settle
from seawall.measures.funnel.state import (
    ANSWERED,
    DAY_NOW,
    LAST_AT,
    LEAVING,
    LINES,
    PAIRS,
    PASSED,
    POOLS,
    REPEATED,
    ROWS_SEEN,
    SHARED_KEYS,
    TIES,
    USES,
    WRITTEN,
    Array,
    State,
)
from seawall.measures.funnel.ties import count_newcomer, is_hub, is_team, knit, link, say
from seawall.measures.funnel.words import DAY, NEVER, TERMS

ROOM = 1 << 14
"""How many acts are made room for at least, when there is none."""


@dataclass
class Acts:
    """Acts in the order of time, accounts by number."""

    at: Array
    act: Array
    source: Array
    target: Array
    words: Array
    address: Array
    print: Array

    def __len__(self) -> int:
        return len(self.at)

    @property
    def arrays(self) -> tuple[Array, ...]:
        """The columns."""
        return self.at, self.act, self.source, self.target, self.words, self.address, self.print


@compiled
def _has_room(state: State, acts: int) -> bool:
    tally = state.tally
    return bool(
        tally[PAIRS] + acts <= len(state.pairs)
        and tally[ANSWERED] + acts <= len(state.answered)
        and tally[WRITTEN] + acts <= len(state.written)
        and tally[PASSED] + acts <= len(state.passed)
        and tally[LEAVING] + acts <= len(state.leaving)
        and LOAD * (tally[PAIRS] + acts) <= len(state.pair_slots)
        and tally[LINES] + 2 * acts <= len(state.lines)
        and LOAD * (tally[LINES] + 2 * acts) <= len(state.line_slots)
        and LOAD * (tally[USES] + 2 * acts) <= len(state.uses)
        and tally[SHARED_KEYS] + 2 * acts <= len(state.keys)
        and tally[POOLS] + ties_for(acts) <= min(len(state.pools), len(state.pool_counts))
        and LOAD * (tally[SHARED_KEYS] + 2 * acts) <= len(state.key_slots)
        and LOAD * (tally[TIES] + ties_for(acts)) <= len(state.ties)
    )


@compiled
def _score(state: State, account: int, counts: Array, members: int, bound: float, now: int, terms: Array) -> None:
    """Keep the highest score that an account reached, with its terms, and when it crossed the bound."""
    score = evidence(state.model, counts, members, terms)
    record = state.accounts[account]
    if score > record.best:
        record.best = score
        for term in range(len(TERMS)):
            state.terms[account, term] = terms[term]
        if score >= bound and record.alert_at == NEVER:
            record.alert_at = now


@compiled
def _score_with_team(state: State, account: int, bound: float, now: int, terms: Array) -> None:
    _score(state, account, state.counts[account], 1, bound, now, terms)
    pool = pool_of(state, account)
    if pool >= 0 and is_team(state, pool):
        member = whole(state.pools[pool].head)
        while member >= 0:
            if is_hub(state.counts[member]):
                members = whole(state.pools[pool].members)
                _score(state, member, state.pool_counts[pool], members, bound, now, terms)
            member = whole(state.accounts[member].pool_next)


@compiled
def _without_repetitions(prints: Array, rows: Array, start: int, stop: int) -> int:
    """The rows of a moment, each print once; how many they are."""
    count = 0
    if stop - start <= 16:
        for row in range(start, stop):
            new = True
            for k in range(count):
                new &= prints[rows[k]] != prints[row]
            if new:
                rows[count] = row
                count += 1
        return count
    order = np.argsort(prints[start:stop], kind="mergesort")
    for k in range(stop - start):
        if k == 0 or prints[start + order[k]] != prints[start + order[k - 1]]:
            rows[count] = start + order[k]
            count += 1
    return count


@compiled
def _moment(
    state: State, rows: Array, count: int, act: Array, source: Array, target: Array, words: Array, address: Array,
    now: int, bound: float, terms: Array, places: Array, hubs: Array,
) -> None:  # fmt: skip
    before = state.tally[PAIRS]
    for k in range(count):
        row = rows[k]
        places[k] = note(state, whole(source[row]), whole(target[row]), whole(act[row]), now)
    for k in range(count):
        hubs[k] = commit(state, places[k])
        row = rows[k]
        if words[row] != 0 or address[row] != 0:
            say(state, places[k], whole(source[row]), whole(act[row]), words[row], address[row], now, count)
    for k in range(count):
        take_over(state, places[k])
        bring(state, places[k])
    for k in range(count):
        open_for_hand_off(state, places[k])
    for place in range(before, state.tally[PAIRS]):
        count_newcomer(state, whole(state.pairs[place].hub), now)
        count_newcomer(state, whole(state.pairs[place].newcomer), now)
    for place in range(before, state.tally[PAIRS]):
        link(state, place)
    for place in range(before, state.tally[PAIRS]):
        knit(state, place)
    for k in range(count):
        if hubs[k]:
            _score_with_team(state, whole(state.pairs[places[k]].hub), bound, now, terms)


@compiled
def _run(
    state: State, at: Array, act: Array, source: Array, target: Array, words: Array, address: Array, prints: Array,
    start: int, bound: float,
) -> int:  # fmt: skip
    """Go through the acts from ``start`` until there is no more room; how far it came."""
    terms = np.zeros(len(TERMS))
    rows, places, hubs = np.empty(64, np.int64), np.empty(64, np.int64), np.empty(64, np.bool_)
    while start < len(at):
        now, stop = at[start], start + 1
        while stop < len(at) and at[stop] == now:
            stop += 1
        if not _has_room(state, stop - start):
            return start
        if stop - start > len(rows):
            rows, places = np.empty(2 * (stop - start), np.int64), np.empty(2 * (stop - start), np.int64)
            hubs = np.empty(2 * (stop - start), np.bool_)
        if now // DAY > state.tally[DAY_NOW]:
            settle(state, now // DAY)
        count = _without_repetitions(prints, rows, start, stop)
        state.tally[REPEATED] += stop - start - count
        state.tally[ROWS_SEEN] += count
        state.tally[LAST_AT] = now
        _moment(state, rows, count, act, source, target, words, address, now, bound, terms, places, hubs)
        start = stop
    return start


def run(state: State, acts: Acts, accounts: int, bound: float) -> State:
    """The state after further acts, all of them later than those before.

    Args:
        state: what was known; it is hubs.
        acts: in the order of time; a moment must not be split between two calls.
        accounts: how many accounts are numbered by now.
        bound: the score at which an account is alerted about.
    """
    state = with_accounts(state, accounts)
    done = 0
    while True:
        done = _run(
            state, acts.at, acts.act, acts.source, acts.target, acts.words, acts.address, acts.print, done, bound
        )
        if done == len(acts):
            return state
        at_once = int(np.searchsorted(acts.at[done:], acts.at[done], side="right"))
        state = with_room(state, max(2 * at_once, ROOM))
