"""What each mode leaves out before and while it counts: lonely shares, repeated messages, inactive accounts."""

from __future__ import annotations

from functools import partial

import numpy as np

from seawall.measures.compiled import compiled
from seawall.measures.cores import cores, together
from seawall.measures.coshare.ordering import Column, Indices, numbered
from seawall.measures.keys import Keys, Mask, Times, mix


@compiled
def _group_end(objects: Keys, start: int) -> int:
    end = start + 1
    while end < len(objects) and objects[end] == objects[start]:
        end += 1
    return end


@compiled
def _first_copies(accounts: Keys, messages: Keys, start: int, end: int, keep: Mask) -> None:
    """Of the rows of one object, keep the first of each account and message."""
    size = 4
    while size < 2 * (end - start):
        size *= 2
    slots = np.full(size, -1, np.int64)
    for row in range(start, end):
        slot = np.int64(mix(accounts[row] ^ mix(messages[row])) & np.uint64(size - 1))
        keep[row] = True
        while slots[slot] >= 0:
            if accounts[slots[slot]] == accounts[row] and messages[slots[slot]] == messages[row]:
                keep[row] = False
                break
            slot = (slot + 1) & (size - 1)
        if keep[row]:
            slots[slot] = row


@compiled
def _first_copies_of_few(accounts: Keys, messages: Keys, start: int, end: int, keep: Mask) -> None:
    for row in range(start, end):
        keep[row] = True
        for earlier in range(start, row):
            if accounts[earlier] == accounts[row] and messages[earlier] == messages[row]:
                keep[row] = False
                break


@compiled
def _mark_first_copies(accounts: Keys, messages: Keys, start: int, end: int, keep: Mask) -> None:
    if end - start <= 16:
        _first_copies_of_few(accounts, messages, start, end, keep)
    else:
        _first_copies(accounts, messages, start, end, keep)


@compiled
def _drop_lonely(accounts: Keys, at: Times, window: int, start: int, end: int, keep: Mask) -> None:
    """Of the kept rows of one object, drop those without another account's kept row within the window."""
    company = np.zeros(end - start, np.bool_)
    for step in (1, -1):
        last, other = -1, -1
        row = start if step == 1 else end - 1
        while start <= row < end:
            if keep[row]:
                if last >= 0 and accounts[last] != accounts[row]:
                    other = last
                if other >= 0 and abs(at[row] - at[other]) <= window:
                    company[row - start] = True
                last = row
            row += step
    for row in range(start, end):
        keep[row] = keep[row] and company[row - start]


@compiled
def _in_company(
    objects: Keys, accounts: Keys, messages: Keys, at: Times, window: int, start: int, stop: int, keep: Mask
) -> None:
    while start < stop:
        end = _group_end(objects, start)
        if end - start == 1:
            keep[start] = False
        else:
            _mark_first_copies(accounts, messages, start, end, keep)
            _drop_lonely(accounts, at, window, start, end, keep)
        start = end


@compiled
def _once(objects: Keys, accounts: Keys, messages: Keys, start: int, stop: int, keep: Mask) -> None:
    while start < stop:
        end = _group_end(objects, start)
        _mark_first_copies(accounts, messages, start, end, keep)
        start = end


def first_copies(columns: dict[str, Column]) -> Mask:
    """Which rows, sorted by object and time, are the first share of a message of an account on an object."""
    objects = columns["object"]
    keep = np.empty(len(objects), np.bool_)
    arrays = (objects, columns["account"], columns["message"])
    together([partial(_once, *arrays, *cut, keep) for cut in _cuts(objects)], cores(len(objects)))
    return keep


def in_company(columns: dict[str, Column], window: int) -> Mask:
    """Which rows, sorted by object and time, can be part of a pair: the first share of a message of an account
    on an object, with a share of another account on the same object within the window."""
    objects = columns["object"]
    keep = np.empty(len(objects), np.bool_)
    arrays = (objects, columns["account"], columns["message"], columns["at"], window)
    together([partial(_in_company, *arrays, *cut, keep) for cut in _cuts(objects)], cores(len(objects)))
    return keep


def _cuts(objects: Keys) -> list[tuple[int, int]]:
    """Consecutive rows that do not cut an object in two, enough of them for all cores to stay busy."""
    rows = len(objects)
    parts = 1 if cores(rows) == 1 else 16 * cores(rows)
    cuts = [0]
    for part in range(1, parts):
        row = rows * part // parts
        if row > cuts[-1]:
            cuts.append(int(_group_end(objects, row)))
    return list(zip(cuts, [*cuts[1:], rows], strict=True)) if rows else []


@compiled
def _earliest(codes: Indices, rank: Times, objects: Keys, accounts: Keys, found: int) -> Indices:
    best = np.full(found, -1, np.int32)
    for row in range(len(codes)):
        holder = best[codes[row]]
        if holder < 0 or (rank[row], objects[row], accounts[row]) < (rank[holder], objects[holder], accounts[holder]):
            best[codes[row]] = row
    return best


def first_of_each_message(columns: dict[str, Column]) -> Mask:
    """Keep one row of each message: that of the lowest ``row`` where rows are numbered, else the earliest."""
    messages = columns["message"]
    codes, firsts = numbered(messages)
    if len(firsts) == len(messages):
        return np.ones(len(messages), np.bool_)
    rank = columns.get("row", columns["at"]).astype(np.int64)
    keep = np.zeros(len(messages), np.bool_)
    keep[_earliest(codes, rank, columns["object"], columns["account"], len(firsts))] = True
    return keep


def active(accounts: Keys, least: int) -> Mask:
    """Which rows are of accounts with at least so many rows."""
    codes, firsts = numbered(accounts)
    return np.bincount(codes, minlength=len(firsts))[codes] >= least


@compiled
def _partner_towards(
    accounts: Indices, messages: Indices, at: Times, window: int, start: int, end: int, step: int, found: Mask
) -> None:
    """Mark the rows of one object that have a partner in one direction of time; runs of one account cost nothing."""
    nearest, last = -1, -1
    row = start if step == -1 else end - 1
    while start <= row < end:
        if last >= 0 and accounts[last] != accounts[row]:
            nearest = last
        other = nearest
        while start <= other < end and not found[row] and abs(at[other] - at[row]) <= window:
            found[row] = accounts[other] != accounts[row] and messages[other] != messages[row]
            other += step
        last = row
        row -= step


@compiled
def _has_partner(objects: Keys, accounts: Indices, messages: Indices, at: Times, window: int) -> Mask:
    """Which rows have another account's row of another message on the same object within the window."""
    found = np.zeros(len(objects), np.bool_)
    start = 0
    while start < len(objects):
        end = _group_end(objects, start)
        _partner_towards(accounts, messages, at, window, start, end, -1, found)
        _partner_towards(accounts, messages, at, window, start, end, 1, found)
        start = end
    return found


def contents_in_pairs(
    columns: dict[str, Column], accounts: Indices, messages: Indices, candidates: Mask, window: int
) -> Mask:
    """One entry a message: whether one of its candidate rows is part of a pair (what CooRTweet calls surviving)."""
    at = np.flatnonzero(candidates)
    found = _has_partner(columns["object"][at], accounts[at], messages[at], columns["at"][at], window)
    surviving = np.zeros(int(messages.max(initial=-1)) + 1, np.bool_)
    surviving[messages[at[found]]] = True
    return surviving


@compiled
def shared_messages(accounts: Indices, messages: Indices, found: int) -> Mask:
    """Which rows carry a message that another account's row carries too."""
    owner = np.full(found, -1, np.int32)
    several = np.zeros(found, np.bool_)
    for row in range(len(accounts)):
        code = messages[row]
        if owner[code] < 0:
            owner[code] = accounts[row]
        elif owner[code] != accounts[row]:
            several[code] = True
    out = np.empty(len(accounts), np.bool_)
    for row in range(len(accounts)):
        out[row] = several[messages[row]]
    return out
