"""Pairs of accounts by themselves: each is gone through in the order of time by the same steps as in the whole pass.

What a pair adds to the counts of its two accounts depends on its own acts and on midnights alone, but for hand-offs,
common acquaintances and scripts, which come from elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from seawall.measures.borrowing import whole
from seawall.measures.compiled import compiled
from seawall.measures.funnel.acts import commit, mark
from seawall.measures.funnel.lookup import new_pair
from seawall.measures.funnel.model import SIZE
from seawall.measures.funnel.parted.acts import Meetings
from seawall.measures.funnel.parted.events import EVENTS, TOUCH
from seawall.measures.funnel.settle import ANSWER_DAYS, CONTACT_DAYS, DIRECT_DAYS, KEPT_DAYS, settle
from seawall.measures.funnel.state import (
    ANSWERED,
    DAY_NOW,
    DUE_ANSWERED,
    DUE_LEAVING,
    DUE_PAIR,
    DUE_PASSED,
    DUE_WRITTEN,
    LEAVING,
    PAIR,
    PAIRS,
    PASSED,
    WRITTEN,
    Array,
    State,
    empty,
)
from seawall.measures.funnel.words import COUNTS, DAY, MUTUAL, NEVER

PAIRS_AT_ONCE = 1 << 15
MOST_EVENTS = 28
"""So many events a pair has at most, beside two at each moment."""

OPENED, WROTE, FIRST = 1, 2, 4
"""What a chat row tells: an address or the days that sustain it, a message of the hub, its first one."""

CHATS = pa.schema([("newcomer", pa.uint64()), ("hub", pa.uint64()), ("at", pa.int64()), ("what", pa.uint8())])


@compiled
def _next_midnight(day: int, first: int) -> int:
    """The first midnight that is so many days or more after a moment, as a day."""
    return -(-first // DAY) + day


@compiled
def _due(state: State, place: int) -> int:
    """The next midnight at which something of a pair is settled."""
    tally, pair, due = state.tally, state.pairs[place], whole(NEVER)
    if tally[DUE_PAIR] == place:
        due = _next_midnight(ANSWER_DAYS, whole(pair.began))
    if tally[DUE_ANSWERED] < tally[ANSWERED]:
        due = min(due, _next_midnight(DIRECT_DAYS, whole(pair.answer_at)))
    if tally[DUE_WRITTEN] < tally[WRITTEN]:
        due = min(due, _next_midnight(CONTACT_DAYS, whole(pair.direct_at)))
    if tally[DUE_PASSED] < tally[PASSED]:
        due = min(due, _next_midnight(KEPT_DAYS, whole(pair.contact_at)))
    return due


@compiled
def _begin(state: State, place: int, was: Array) -> None:
    tally = state.tally
    for name in (ANSWERED, WRITTEN, PASSED, LEAVING, DUE_ANSWERED, DUE_WRITTEN, DUE_PASSED, DUE_LEAVING):
        tally[name] = 0
    tally[PAIRS] = tally[DUE_PAIR] = place
    tally[DAY_NOW] = -NEVER
    state.counts[:2] = 0
    was[:] = 0


@compiled
def _log(state: State, was: Array, when: int, pair: int, events: Array, logged: int) -> int:
    """Write down what has changed in the counts of both sides."""
    for side in range(2):
        for place in range(COUNTS):
            by = state.counts[side, place] - was[side, place]
            if by != 0:
                was[side, place] = state.counts[side, place]
                event = events[logged]
                event.pair, event.side, event.when, event.place, event.by = pair, side, when, place, by
                logged += 1
    return logged


@compiled
def _settle_up_to(state: State, place: int, today: int, was: Array, events: Array, logged: int) -> int:
    due = _due(state, place)
    while due <= today:
        settle(state, due)
        logged = _log(state, was, 2 * due * DAY, place, events, logged)
        due = _due(state, place)
    return logged


@compiled
def _replay(
    state: State, bounds: Array, forth: Array, at: Array, act: Array, last_day: int, events: Array, chats: Array
) -> tuple[int, int]:
    """Go through pair after pair; how many events and chat rows there are."""
    was, logged, chatted = np.zeros((2, COUNTS), np.int64), 0, 0
    for place in range(len(bounds) - 1):
        row, stop = bounds[place], bounds[place + 1]
        _begin(state, place, was)
        hub = 0 if forth[row] else 1
        new_pair(state, 0, hub, 1 - hub, at[row])
        pair = state.pairs[place]
        while row < stop:
            now = at[row]
            logged = _settle_up_to(state, place, now // DAY, was, events, logged)
            while row < stop and at[row] == now:
                mark(state, place, 0 if forth[row] else 1, whole(act[row]), now)
                row += 1
            touched = commit(state, place)
            logged = _log(state, was, 2 * now + 1, place, events, logged)
            if touched:
                event = events[logged]
                event.pair, event.side, event.when, event.place = place, hub, 2 * now + 1, TOUCH
                event.by = pair.direct_at != NEVER
                logged += 1
            what = 0
            if pair.contact_at == now or pair.sustained_at == now:
                what |= OPENED
            if pair.hub_last == now:
                what |= WROTE
            if pair.direct_at == now:
                what |= FIRST
            if what and not pair.flags & MUTUAL:
                chat = chats[chatted]
                chat.pair, chat.at, chat.what = place, now, what
                chatted += 1
        logged = _settle_up_to(state, place, last_day, was, events, logged)
    return logged, chatted


_EVENT = np.dtype([("when", "i8"), ("pair", "i4"), ("side", "u1"), ("place", "u1"), ("by", "i1"), ("spare", "u1")])
_CHAT = np.dtype([("at", "i8"), ("pair", "i4"), ("what", "i4")])


@dataclass
class Replayed:
    """What became of some pairs.

    Args:
        which: places of the pairs among the meetings.
        pairs: their records; ``hub`` and ``newcomer`` are 0 for the smaller key, 1 for the other.
        events: the changes of counts, and the moments at which a hub is looked at.
        chats: the moments that hand-offs are about.
    """

    which: slice
    pairs: Array
    events: Array
    chats: Array


def replayed(told: Meetings, acts: pa.Table, last_day: int) -> Iterator[Replayed]:
    """Go through the pairs of a part, some at a time.

    Args:
        told: of these acts.
        acts: as ``in_order`` gives them.
        last_day: of the whole platform, as days since 1970: what would be settled later is not.
    """
    act = acts["act"].to_numpy()
    for first in range(0, len(told.bounds) - 1, PAIRS_AT_ONCE):
        bounds = told.bounds[first : first + PAIRS_AT_ONCE + 1]
        rows = slice(int(bounds[0]), int(bounds[-1]))
        size, count = rows.stop - rows.start, len(bounds) - 1
        events, chats = np.zeros(MOST_EVENTS * count + 2 * size, _EVENT), np.zeros(size, _CHAT)
        state = _state(count)
        logged, chatted = _replay(
            state, bounds - rows.start, told.forth[rows], told.at[rows], act[rows], last_day, events, chats
        )
        yield Replayed(slice(first, first + count), state.pairs, events[:logged], chats[:chatted])


def _state(pairs: int) -> State:
    """Room for so many pairs, of which one after the other is gone through."""
    state = empty(np.zeros(SIZE))
    state.accounts["pool"] = -1
    return state._replace(pairs=np.zeros(pairs, PAIR))


def events_of(last_day: int, acts: pa.Table) -> Iterator[pa.Table]:
    """What pairs change in the counts of their accounts, and when hubs are looked at: rows of ``EVENTS``."""
    told = Meetings(acts)
    yield EVENTS.empty_table()
    for some in replayed(told, acts, last_day):
        events = some.events
        pair = events["pair"] + some.which.start
        starts = told.bounds[pair]
        side = events["side"] == 0
        touch = events["place"] == TOUCH
        told_of = touch & (events["by"] != 0)
        columns = (
            np.where(side, told.one[starts], told.other[starts]),
            events["when"],
            events["place"],
            np.where(touch, 0, events["by"]).astype(np.int8),
            np.where(told_of, told.newcomer[pair], np.uint64(0)),
        )
        yield pa.table([pa.array(np.ascontiguousarray(column)) for column in columns], schema=EVENTS)


def chats_of(last_day: int, acts: pa.Table) -> Iterator[pa.Table]:
    """What hand-offs are made of: first messages, and all messages of hubs where an address or days of writing were."""
    told = Meetings(acts)
    yield CHATS.empty_table()
    for some in replayed(told, acts, last_day):
        chats = some.chats
        opened = np.zeros(len(some.pairs), np.bool_)
        opened[chats["pair"][chats["what"] & OPENED != 0]] = True
        chats = chats[opened[chats["pair"]] | (chats["what"] & FIRST != 0)]
        pair = chats["pair"] + some.which.start
        columns = (told.newcomer[pair], told.hub[pair], chats["at"], chats["what"].astype(np.uint8))
        yield pa.table([pa.array(np.ascontiguousarray(column)) for column in columns], schema=CHATS)


def records_of(last_day: int, acts: pa.Table, hubs: pa.Table) -> Iterator[pa.Table]:
    """The records of the pairs of some hubs, as bytes: ``hub, newcomer, record``."""
    told = Meetings(acts)
    wanted = np.isin(told.hub, hubs["account"].to_numpy()) & ~told.mutual
    yield pa.table({"hub": told.hub[:0], "newcomer": told.newcomer[:0], "record": pa.array([], pa.binary())})
    for some in replayed(told, acts, last_day) if wanted.any() else ():
        chosen = np.flatnonzero(wanted[some.which])
        records = pa.array([some.pairs[place].tobytes() for place in chosen], pa.binary())
        pair = chosen + some.which.start
        yield pa.table({"hub": told.hub[pair], "newcomer": told.newcomer[pair], "record": records})
