"""The shingles of a match key: what two texts are compared by.

A key is a row of atoms: words, and in scripts that put no spaces between words single letters. A shingle is three
atoms in a row where the first is a word, and five where it is such a letter. So English is compared by three words,
Chinese by five letters whatever its spaces, and a mixed text by both. A key that is too short for any shingle has
one: the whole of it, so that it resembles only itself.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from seawall.measures.borrowing import borrowed
from seawall.measures.compiled import compiled
from seawall.measures.eights import eight_bytes, lowest_bit
from seawall.measures.keys import Keys, mix
from seawall.measures.text.match_tables import UNSPACED
from seawall.measures.text.text_buffers import code_point

WORDS, LETTERS = 3, 5

Bytes = npt.NDArray[np.uint8]

_SPACE = 0x20
_WIDE = 0xE0
"""Letters of scripts without spaces take three or four bytes, and such a byte comes first."""

_SPACES = np.uint64(0x2020202020202020)
_ONES = np.uint64(0x0101010101010101)
_TOPS = np.uint64(0x8080808080808080)

_STEP = np.uint64(0x9E3779B97F4A7C15)
_LETTER = np.uint64(0xD6E8FEB86659FD93)
_WHOLE = np.uint64(0xA0761D6478BD642F)
_PLACES = np.array(
    [0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x85EBCA77C2B2AE63, 0x27D4EB2F165667C5], np.uint64
)
_FEW = 48
"""Up to so many are sorted by insertion, which is faster for few."""


@compiled
def write_atoms(data: Bytes, size: int, start: int, end: int, kind: Bytes, atoms: Keys, letters: Bytes) -> int:
    """The hash of each atom of the key ``data[start:end]``, and whether it is a single letter; returns how many.

    ``data`` has ``size`` bytes in all.
    """
    at, count = start, 0
    while at < end:
        if data[at] == _SPACE:
            at += 1
            continue
        stop = _word_end(data, size, at, end, kind)
        letters[count] = stop == at
        if stop == at:
            point, stop = code_point(data, at, end)
            atoms[count] = mix(np.uint64(point) + _LETTER)
        else:
            atoms[count] = _word_hash(data, size, at, stop)
        count += 1
        at = stop
    return count


@compiled
def _word_end(data: Bytes, size: int, at: int, end: int, kind: Bytes) -> int:
    """Where the word that begins here ends: at a space, or at a letter of a script without spaces."""
    while at < end:
        if at + 8 <= size:
            stops = _stops(eight_bytes(data, at))
            at += int(lowest_bit(stops)) >> 3
            if at >= end:
                return end
        if data[at] == _SPACE:
            return at
        if data[at] < _WIDE:
            at += 1
        else:
            point, following = code_point(data, at, end)
            if kind[point] == UNSPACED:
                return at
            at = following
    return end


@compiled
def _stops(eight: np.uint64) -> np.uint64:
    """Of eight bytes, the topmost bit of the first that is a space and of each that begins a wide letter."""
    apart = eight ^ _SPACES
    spaces = (apart - _ONES) & ~apart
    wide = eight & (eight << np.uint64(1)) & (eight << np.uint64(2))
    return (spaces | wide) & _TOPS


@compiled
def _word_hash(data: Bytes, size: int, at: int, end: int) -> np.uint64:
    value = _STEP
    while at < end:
        eight = np.uint64(0)
        if at + 8 <= size:
            eight = eight_bytes(data, at)
            if end - at < 8:
                eight &= (np.uint64(1) << np.uint64(8 * (end - at))) - np.uint64(1)
        else:
            for place in range(at, end):
                eight |= np.uint64(data[place]) << np.uint64(8 * (place - at))
        value = (value ^ eight) * _STEP
        value ^= value >> np.uint64(32)
        at += 8
    return value


@compiled
def write_shingles(atoms: Keys, letters: Bytes, count: int, out: Keys) -> int:
    """The distinct shingles of so many atoms, sorted, into room for as many; returns how many."""
    atoms, letters = borrowed(atoms), borrowed(letters)
    found = 0
    for first in range(count):
        width = LETTERS if letters[first] else WORDS
        if first + width <= count:
            value = np.uint64(width)
            for place in range(width):
                value += atoms[first + place] * _PLACES[place]
            out[found] = mix(value)
            found += 1
    if found == 0 and count:
        value = _WHOLE
        for place in range(count):
            value = mix(value ^ atoms[place])
        out[0] = value
        return 1
    return _sorted_distinct(out, found)


@compiled
def _sorted_distinct(values: Keys, count: int) -> int:
    if count <= _FEW:
        _sort_few(borrowed(values), count)
    else:
        values[:count].sort()
    return _without_repeats(borrowed(values), count)


@compiled
def _without_repeats(values: Keys, count: int) -> int:
    kept = min(count, 1)
    for place in range(1, count):
        if values[place] != values[kept - 1]:
            values[kept] = values[place]
            kept += 1
    return kept


@compiled
def _sort_few(values: Keys, count: int) -> None:
    for place in range(1, count):
        value = values[place]
        hole = place
        while hole > 0 and values[hole - 1] > value:
            values[hole] = values[hole - 1]
            hole -= 1
        values[hole] = value


@compiled
def common(pool: Keys, one: int, size_one: int, other: int, size_other: int, least: int) -> int:
    """How many shingles two sorted sets share, which begin at ``one`` and ``other``; -1 if fewer than ``least``."""
    end_one, end_other, shared = one + size_one, other + size_other, 0
    while one < end_one and other < end_other:
        if shared + min(end_one - one, end_other - other) < least:
            return -1
        first, second = pool[one], pool[other]
        shared += first == second
        one += first <= second
        other += second <= first
    return shared if shared >= least else -1


@compiled
def jaccard(pool: Keys, one: int, size_one: int, other: int, size_other: int) -> float:
    """The part of the shingles of two texts that both have; 0 where neither has any."""
    together = size_one + size_other
    if together == 0:
        return 0.0
    shared = common(pool, one, size_one, other, size_other, 0)
    return shared / (together - shared)


@compiled
def alike(pool: Keys, one: int, size_one: int, other: int, size_other: int, threshold: float) -> bool:
    """Whether the exact Jaccard similarity of two texts is at least the threshold."""
    together = size_one + size_other
    least = int(threshold / (1.0 + threshold) * together - 1e-6)
    if min(size_one, size_other) < max(least, 1):
        return False
    shared = common(pool, one, size_one, other, size_other, least)
    return shared > 0 and shared / (together - shared) >= threshold
