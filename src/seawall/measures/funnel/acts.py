"""One moment of one pair: what both did is known together, so that the order of rows within a moment cannot matter.

"After" always means at a strictly later moment.
"""

from __future__ import annotations

import numpy as np

from seawall.measures.borrowing import whole
from seawall.measures.compiled import compiled
from seawall.measures.funnel.lookup import find_pair, new_pair
from seawall.measures.funnel.settle import bump
from seawall.measures.funnel.state import ANSWERED, LEAVING, PASSED, WRITTEN, State
from seawall.measures.funnel.words import (
    BINS,
    COLD,
    DAY,
    FIRST_BIN,
    FOLLOWS,
    KEPT_ON,
    MUTUAL,
    N_ANSWERED,
    N_APPROACHED,
    N_BROUGHT,
    N_COLD,
    N_CONTACT,
    N_DIRECT,
    N_FOLLOWED,
    N_KEPT,
    N_OTHERS,
    N_QUIET,
    N_UNANSWERED,
    N_UNPASSED,
    N_UNTAKEN,
    N_WARM,
    N_WARM_CONTACT,
    NEVER,
    NEWCOMERS_PART,
    OPENLY,
    OTHERS,
    PASSES,
    QUIET,
    SECOND,
    TO_ANSWER,
    TO_CONTACT,
    TO_DIRECT,
    TO_REPLY,
    UNANSWERED,
    UNPASSED,
    UNTAKEN,
    WARM,
    WRITES,
)

SUSTAINED_DAYS = 3
TAKE_OVER = 14 * DAY
"""A third account that writes within this time after the hub's last message may have taken over."""

SHORTEST = 60 * SECOND
"""Delays up to this are in the first bin; each further bin is four times as long."""

FUNNEL_LIKE = 5.0
"""Whoever was approached by an account with this score, and approaches others now, is of the second generation."""

HUBS_PART = (1 << NEWCOMERS_PART) - 1


@compiled
def bin_of(delay: int) -> int:
    """The bin of a delay in microseconds: up to 1, 4, 16, 64, 256 minutes, 17 hours, 3 days, longer."""
    step, limit = 0, SHORTEST
    while step < BINS - 1 and delay > limit:
        step += 1
        limit *= 4
    return step


@compiled
def _delay(state: State, account: int, timing: int, delay: int) -> None:
    bump(state, account, FIRST_BIN + timing * BINS + bin_of(delay), 1)


@compiled
def note(state: State, source: int, target: int, act: int, now: int) -> int:
    """Note an act in the moment's bits of its pair, made where there is none; its place."""
    place = find_pair(state, source, target)
    if place < 0:
        place = new_pair(state, -1 - place, source, target, now)
    mark(state, place, source, act, now)
    return place


@compiled
def mark(state: State, place: int, source: int, act: int, now: int) -> None:
    """Note an act in the moment's bits of a pair that is known."""
    pair = state.pairs[place]
    if pair.now != now:
        pair.now, pair.bits = now, np.int16(0)
    pair.bits |= np.int16(act if pair.hub == source else act << NEWCOMERS_PART)


@compiled
def commit(state: State, place: int) -> bool:
    """Draw the consequences of the moment's bits of a pair; whether it has a hub that may be more funnel-like now."""
    pair = state.pairs[place]
    bits, now = whole(pair.bits), whole(pair.now)
    pair.bits = np.int16(0)
    hubs, newcomers = bits & HUBS_PART, bits >> NEWCOMERS_PART
    if bits == 0 or pair.flags & MUTUAL:
        return False
    if pair.began == now:
        if hubs and newcomers:
            pair.flags |= MUTUAL
            return False
        bump(state, pair.hub, N_APPROACHED, 1)
        account = state.accounts[pair.hub]
        account.first_at = min(account.first_at, now)
        if not hubs & OPENLY:
            pair.flags |= COLD
            bump(state, pair.hub, N_COLD, 1)
    answered = pair.answer_at != NEVER
    if hubs & WRITES:
        _hub_writes(state, place, answered, now)
    if hubs & PASSES and pair.contact_at == NEVER:
        _hub_passes(state, place, answered, now)
    if newcomers:
        _newcomer_acts(state, place, newcomers, now)
    if pair.sustained_at == NEVER and min(pair.hub_days, pair.newcomer_days) >= SUSTAINED_DAYS:
        _sustain(state, place, now)
    return True


@compiled
def _hub_writes(state: State, place: int, answered: bool, now: int) -> None:
    pair = state.pairs[place]
    if pair.direct_at == NEVER:
        pair.direct_at = now
        bump(state, pair.hub, N_DIRECT, 1)
        state.written[state.tally[WRITTEN]] = place
        state.tally[WRITTEN] += 1
        if pair.flags & UNTAKEN:
            pair.flags &= ~UNTAKEN
            bump(state, pair.hub, N_UNTAKEN, -1)
        if answered:
            pair.flags |= WARM
            bump(state, pair.hub, N_WARM, 1)
            _delay(state, pair.hub, TO_DIRECT, now - pair.answer_at)
    if pair.newcomer_last > pair.hub_last:
        _delay(state, pair.hub, TO_REPLY, now - pair.newcomer_last)
    day = np.int32(now // DAY)
    if day != pair.hub_day:
        pair.hub_day = day
        pair.hub_days = min(pair.hub_days + 1, 30000)
    pair.hub_last = now


@compiled
def _hub_passes(state: State, place: int, answered: bool, now: int) -> None:
    pair = state.pairs[place]
    pair.contact_at = now
    bump(state, pair.hub, N_CONTACT, 1)
    state.passed[state.tally[PASSED]] = place
    state.tally[PASSED] += 1
    if pair.flags & UNPASSED:
        pair.flags &= ~UNPASSED
        bump(state, pair.hub, N_UNPASSED, -1)
    if answered:
        bump(state, pair.hub, N_WARM_CONTACT, 1)
    _delay(state, pair.hub, TO_CONTACT, now - pair.direct_at)
    pair.hub_days = pair.newcomer_days = np.int16(0)
    pair.newcomer_day = pair.hub_day
    pair.sustained_at = NEVER


@compiled
def _newcomer_acts(state: State, place: int, newcomers: int, now: int) -> None:
    pair = state.pairs[place]
    if pair.answer_at == NEVER:
        pair.answer_at = now
        bump(state, pair.hub, N_ANSWERED, 1)
        _delay(state, pair.hub, TO_ANSWER, now - pair.began)
        if pair.flags & UNANSWERED:
            pair.flags &= ~UNANSWERED
            bump(state, pair.hub, N_UNANSWERED, -1)
        if pair.direct_at == NEVER:
            state.answered[state.tally[ANSWERED]] = place
            state.tally[ANSWERED] += 1
    if newcomers & FOLLOWS and pair.follow_back_at == NEVER:
        pair.follow_back_at = now
        bump(state, pair.hub, N_FOLLOWED, 1)
    if newcomers & WRITES:
        if not pair.flags & OTHERS:
            pair.flags |= OTHERS
            bump(state, pair.newcomer, N_OTHERS, 1)
        day = np.int32(now // DAY)
        if day != pair.newcomer_day:
            pair.newcomer_day = day
            pair.newcomer_days = min(pair.newcomer_days + 1, 30000)
        pair.newcomer_last = now


@compiled
def _sustain(state: State, place: int, now: int) -> None:
    pair = state.pairs[place]
    pair.sustained_at = now
    if pair.contact_at == NEVER or pair.flags & KEPT_ON:
        return
    pair.flags |= KEPT_ON
    bump(state, pair.hub, N_KEPT, 1)
    if pair.flags & QUIET:
        pair.flags &= ~QUIET
        bump(state, pair.hub, N_QUIET, -1)


@compiled
def take_over(state: State, place: int) -> None:
    """Where a hub wrote to somebody for the first time: was it another hub's newcomer, left by that hub?"""
    pair = state.pairs[place]
    if pair.flags & MUTUAL or pair.direct_at != pair.now:
        return
    earlier = state.accounts[pair.newcomer].open_pair
    if earlier < 0 or earlier == place:
        return
    left = state.pairs[earlier]
    if left.hub == pair.hub or pair.now - left.hub_last > TAKE_OVER or left.hand_off_at < pair.now:
        return
    if left.hand_off_at == pair.now:
        left.handed_to = pair.hub if left.handed_to == pair.hub else np.int32(-1)
        return
    left.hand_off_at, left.handed_to = pair.now, pair.hub
    state.leaving[state.tally[LEAVING]] = earlier
    state.tally[LEAVING] += 1


@compiled
def open_for_hand_off(state: State, place: int) -> None:
    """Remember for a newcomer the pair in which it got an address, or wrote for days, last."""
    pair = state.pairs[place]
    if pair.flags & MUTUAL or (pair.contact_at != pair.now and pair.sustained_at != pair.now):
        return
    account = state.accounts[pair.newcomer]
    if account.open_at == pair.now and account.open_pair != place:
        account.open_pair = np.int32(-1)
    else:
        account.open_pair = np.int32(place)
    account.open_at = pair.now


@compiled
def bring(state: State, place: int) -> None:
    """Mark a newcomer of a funnel-like hub, so that it is known if it approaches others later."""
    pair = state.pairs[place]
    if not pair.flags & MUTUAL and pair.direct_at != NEVER and state.accounts[pair.hub].best >= FUNNEL_LIKE:
        state.counts[pair.newcomer, N_BROUGHT] = 1
