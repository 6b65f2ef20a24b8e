"""Hashes of the folded words of texts: the quick look for names before anything is compared letter by letter.

A name's key is the hash of its only word, or of its first two; the lowest bit tells which. 0 is no key. A letter of
a script without spaces between words counts as a word.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from seawall.measures.compiled import compiled
from seawall.measures.text.match_tables import SPACE, UNSPACED
from seawall.measures.text.text_buffers import code_point

Bytes = npt.NDArray[np.uint8]
Points = npt.NDArray[np.int32]
Offsets = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Keys = npt.NDArray[np.uint64]

_SEED = np.uint64(0xCBF29CE484222325)
_PRIME = np.uint64(0x100000001B3)
_MIX = np.uint64(0x9E3779B97F4A7C15)
_ONE = np.uint64(1)


@compiled
def _next_word(data: Bytes, at: int, end: int, fold: Points, expansions: Points, kind: Bytes) -> tuple[np.uint64, int]:
    """The hash of the next word (0 = there is none) and the position behind it."""
    value, inside = _SEED, False
    while at < end:
        if data[at] < 0x80:
            point, following = np.int64(data[at]), at + 1
        else:
            point, following = code_point(data, at, end)
        sort = kind[point]
        if sort <= SPACE:
            if inside:
                break
            at = following
            continue
        if sort == UNSPACED and inside:
            break
        entry = fold[point]
        if entry > 0:
            value = (value ^ np.uint64(entry)) * _PRIME
            inside = True
        elif entry < 0:
            for place in range(1 - entry, 1 - entry + expansions[-entry]):
                value = (value ^ np.uint64(expansions[place])) * _PRIME
            inside = True
        at = following
        if sort == UNSPACED:
            break
    return (value | _ONE if inside else np.uint64(0)), at


@compiled
def _one(word: np.uint64) -> np.uint64:
    return word & ~_ONE


@compiled
def _two(first: np.uint64, second: np.uint64) -> np.uint64:
    return ((first * _MIX) ^ (second + (first >> np.uint64(29)))) * _MIX | _ONE


@compiled
def word_keys(data: Bytes, offsets: Offsets, valid: Flags, fold: Points, expansions: Points, kind: Bytes) -> Keys:
    """The key of each name; 0 where it is null or has no words."""
    keys = np.zeros(len(valid), np.uint64)
    for row in range(len(valid)):
        if valid[row]:
            end = offsets[row + 1]
            first, at = _next_word(data, offsets[row], end, fold, expansions, kind)
            second, at = _next_word(data, at, end, fold, expansions, kind)
            if first:
                keys[row] = _two(first, second) if second else _one(first)
    return keys


@compiled
def rows_with_own(
    data: Bytes,
    offsets: Offsets,
    valid: Flags,
    fold: Points,
    expansions: Points,
    kind: Bytes,
    keys: Keys,
    starts: Offsets,
) -> Flags:
    """Which texts hold a word, or two, with one of the keys ``starts[row]`` to ``starts[row + 1]``."""
    hit = np.zeros(len(valid), np.bool_)
    for row in range(len(valid)):
        if not valid[row] or starts[row] == starts[row + 1]:
            continue
        at, end, before = offsets[row], offsets[row + 1], np.uint64(0)
        while not hit[row]:
            word, at = _next_word(data, at, end, fold, expansions, kind)
            if not word:
                break
            single, double = _one(word), _two(before, word)
            for name in range(starts[row], starts[row + 1]):
                hit[row] |= keys[name] != 0 and (keys[name] == single or keys[name] == double)
            before = word
    return hit


@compiled
def key_table(keys: Keys) -> Keys:
    """A hash table (open addressing, a power of two, at most half full) of the keys."""
    size = 16
    while size < 2 * len(keys):
        size *= 2
    table = np.zeros(size, np.uint64)
    for key in keys:
        if key and not _listed(table, key):
            slot = (key >> _ONE) * _MIX >> np.uint64(20) & np.uint64(size - 1)
            while table[slot]:
                slot = (slot + _ONE) & np.uint64(size - 1)
            table[slot] = key
    return table


@compiled
def _listed(table: Keys, key: np.uint64) -> bool:
    last = np.uint64(len(table) - 1)
    slot = (key >> _ONE) * _MIX >> np.uint64(20) & last
    while table[slot]:
        if table[slot] == key:
            return True
        slot = (slot + _ONE) & last
    return False


@compiled
def rows_with_any(
    data: Bytes, offsets: Offsets, valid: Flags, fold: Points, expansions: Points, kind: Bytes, table: Keys
) -> Flags:
    """Which texts hold a word, or two, with a key of the table."""
    hit = np.zeros(len(valid), np.bool_)
    for row in range(len(valid)):
        if not valid[row]:
            continue
        at, end, before = offsets[row], offsets[row + 1], np.uint64(0)
        while not hit[row]:
            word, at = _next_word(data, at, end, fold, expansions, kind)
            if not word:
                break
            hit[row] = _listed(table, _one(word)) or _listed(table, _two(before, word))
            before = word
    return hit


@compiled
def keys_in(data: Bytes, start: int, end: int, fold: Points, expansions: Points, kind: Bytes, table: Keys) -> Keys:
    """The keys of the table that one text holds."""
    found = np.empty(2 * (end - start), np.uint64)
    count, before, at = 0, np.uint64(0), start
    while True:
        word, at = _next_word(data, at, end, fold, expansions, kind)
        if not word:
            return found[:count]
        for key in (_one(word), _two(before, word)):
            if _listed(table, key):
                found[count] = key
                count += 1
        before = word
