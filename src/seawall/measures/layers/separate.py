"""On how many separate occasions two accounts met: a message that shares five hashtags with another is one of them."""

from __future__ import annotations

import numpy as np

from seawall.measures.compiled import compiled
from seawall.measures.coshare.ordering import Bounds, Indices
from seawall.measures.keys import Mask, Times


@compiled
def _met(
    objects: Indices, at: Times, message: Times, ours: tuple[int, int], theirs: tuple[int, int], window: int, out: Times
) -> int:
    """The messages of one account's acts that have an act of the other on the same object within the window."""
    found, other = 0, theirs[0]
    for act in range(ours[0], ours[1]):
        while other < theirs[1] and (
            objects[other] < objects[act] or (objects[other] == objects[act] and at[other] < at[act] - window)
        ):
            other += 1
        if other == theirs[1]:
            break
        if objects[other] == objects[act] and at[other] <= at[act] + window:
            out[found] = message[act]
            found += 1
    return found


@compiled
def _distinct(values: Times) -> int:
    values.sort()
    found = 0
    for k in range(len(values)):
        found += k == 0 or values[k] != values[k - 1]
    return found


@compiled
def _separate(
    objects: Indices,
    at: Times,
    message: Times,
    starts: Bounds,
    source: Indices,
    target: Indices,
    window: int,
) -> Times:
    out = np.empty(len(source), np.int64)
    room = np.empty(np.max(np.diff(starts)), np.int64)
    for edge in range(len(source)):
        ours = (starts[source[edge]], starts[source[edge] + 1])
        theirs = (starts[target[edge]], starts[target[edge] + 1])
        first = _distinct(room[: _met(objects, at, message, ours, theirs, window, room)])
        second = _distinct(room[: _met(objects, at, message, theirs, ours, window, room)])
        out[edge] = min(first, second)
    return out


@compiled
def _share_one(objects: Indices, starts: Bounds, source: Indices, target: Indices) -> Mask:
    out = np.zeros(len(source), np.bool_)
    for edge in range(len(source)):
        act, other = starts[source[edge]], starts[target[edge]]
        while act < starts[source[edge] + 1] and other < starts[target[edge] + 1]:
            if objects[act] == objects[other]:
                out[edge] = True
                break
            if objects[act] < objects[other]:
                act += 1
            else:
                other += 1
    return out


def share_an_object(account: Indices, objects: Indices, ends: tuple[Indices, Indices]) -> Mask:
    """For each pair of accounts: whether both acted on one object, at whatever time."""
    source, target = ends
    if len(source) == 0 or len(account) == 0:
        return np.zeros(len(source), np.bool_)
    used, number = _numbers(source, target, int(account.max()) + 1)
    own = number[account]
    keys = own[own >= 0].astype(np.int64) << 32 | objects[own >= 0]
    keys.sort()
    starts = np.searchsorted(keys, np.arange(used + 1, dtype=np.int64) << 32)
    return _share_one((keys & 0xFFFFFFFF).astype(np.int32), starts, number[source], number[target])


def _numbers(source: Indices, target: Indices, accounts: int) -> tuple[int, Indices]:
    """How many accounts the pairs have, and the number of each, -1 for others."""
    used = np.unique(np.concatenate([source, target]))
    number = np.full(max(accounts, int(used[-1]) + 1), -1, np.int32)
    number[used] = np.arange(len(used), dtype=np.int32)
    return len(used), number


def separate_messages(
    account: Indices,
    objects: Indices,
    message: Times,
    at: Times,
    ends: tuple[Indices, Indices],
    window: int,
) -> Times:
    """For each pair of accounts: the distinct messages by which they met, of the account that has fewer of them.

    Args:
        account, objects, message, at: one entry an act; times and ``window`` in microseconds.
        ends: the two accounts of each pair.
    """
    source, target = ends
    if len(source) == 0:
        return np.empty(0, np.int64)
    used, number = _numbers(source, target, int(account.max()) + 1)
    acts = np.flatnonzero(number[account] >= 0)
    own = number[account[acts]]
    order = np.lexsort((at[acts], objects[acts], own))
    acts = acts[order]
    starts = np.searchsorted(own[order], np.arange(used + 1))
    return _separate(objects[acts], at[acts], message[acts], starts, number[source], number[target], window)
