"""Midnight: what did not happen within its time counts as not having happened, until it does."""

from __future__ import annotations

import numpy as np

from seawall.measures.borrowing import whole
from seawall.measures.compiled import compiled
from seawall.measures.funnel.lookup import pool_of
from seawall.measures.funnel.model import relearn
from seawall.measures.funnel.state import (
    ANSWERED,
    DAY_NOW,
    DUE_ANSWERED,
    DUE_LEAVING,
    DUE_PAIR,
    DUE_PASSED,
    DUE_WRITTEN,
    LEAVING,
    PAIRS,
    PASSED,
    ROWS_SEEN,
    ROWS_TAUGHT,
    WRITTEN,
    State,
)
from seawall.measures.funnel.words import (
    DAY,
    LEFT,
    MUTUAL,
    N_HANDED,
    N_QUIET,
    N_UNANSWERED,
    N_UNPASSED,
    N_UNTAKEN,
    NEVER,
    QUIET,
    UNANSWERED,
    UNPASSED,
    UNTAKEN,
)

ANSWER_DAYS = 2
DIRECT_DAYS = 3
CONTACT_DAYS = 5
KEPT_DAYS = 8
SILENT_DAYS = 3
RELEARN_PART = 50
"""The benign model is learnt anew at a midnight when a fiftieth more acts were seen than last time."""


@compiled
def bump(state: State, account: int, place: int, by: int) -> None:
    """Add to a count of an account, and of the accounts with which it shares a script."""
    state.counts[account, place] += by
    pool = pool_of(state, account)
    if pool >= 0:
        state.pool_counts[pool, place] += by


@compiled
def settle(state: State, today: int) -> None:
    """Everything that is due by the beginning of a day, and the benign model for that day."""
    tally, pairs, start = state.tally, state.pairs, today * DAY
    while tally[DUE_PAIR] < tally[PAIRS] and pairs[tally[DUE_PAIR]].began <= start - ANSWER_DAYS * DAY:
        pair = pairs[tally[DUE_PAIR]]
        if not pair.flags & MUTUAL and pair.answer_at == NEVER:
            pair.flags |= UNANSWERED
            bump(state, pair.hub, N_UNANSWERED, 1)
        tally[DUE_PAIR] += 1
    _settle_steps(state, start)
    _settle_leaving(state, start)
    if (tally[ROWS_SEEN] - tally[ROWS_TAUGHT]) * RELEARN_PART > tally[ROWS_TAUGHT]:
        tally[ROWS_TAUGHT] = tally[ROWS_SEEN]
        relearn(state)
    tally[DAY_NOW] = today


@compiled
def _settle_steps(state: State, start: int) -> None:
    """Answers without a direct message, messages without an address, addresses after which it fell silent."""
    tally, pairs = state.tally, state.pairs
    while tally[DUE_ANSWERED] < tally[ANSWERED]:
        pair = pairs[state.answered[tally[DUE_ANSWERED]]]
        if pair.answer_at > start - DIRECT_DAYS * DAY:
            break
        if pair.direct_at == NEVER:
            pair.flags |= UNTAKEN
            bump(state, pair.hub, N_UNTAKEN, 1)
        tally[DUE_ANSWERED] += 1
    while tally[DUE_WRITTEN] < tally[WRITTEN]:
        pair = pairs[state.written[tally[DUE_WRITTEN]]]
        if pair.direct_at > start - CONTACT_DAYS * DAY:
            break
        if pair.contact_at == NEVER:
            pair.flags |= UNPASSED
            bump(state, pair.hub, N_UNPASSED, 1)
        tally[DUE_WRITTEN] += 1
    while tally[DUE_PASSED] < tally[PASSED]:
        pair = pairs[state.passed[tally[DUE_PASSED]]]
        if pair.contact_at > start - KEPT_DAYS * DAY:
            break
        if pair.sustained_at == NEVER:
            pair.flags |= QUIET
            bump(state, pair.hub, N_QUIET, 1)
        tally[DUE_PASSED] += 1


@compiled
def _settle_leaving(state: State, start: int) -> None:
    """A hand-off stands where the hub stayed silent for days after a third account took over."""
    tally = state.tally
    while tally[DUE_LEAVING] < tally[LEAVING]:
        pair = state.pairs[state.leaving[tally[DUE_LEAVING]]]
        if pair.hand_off_at != NEVER and pair.hand_off_at > start - SILENT_DAYS * DAY:
            break
        if pair.hand_off_at != NEVER and not pair.flags & LEFT:
            if pair.hub_last > pair.hand_off_at:
                pair.hand_off_at, pair.handed_to = whole(NEVER), np.int32(-1)
            else:
                pair.flags |= LEFT
                bump(state, pair.hub, N_HANDED, 1)
        tally[DUE_LEAVING] += 1
