"""The words of a text in UTF-8, one after the other: where each stands, its hash and what it is made of.

A word here is a run of letters and digits with their marks. That two of them are one word of Unicode ("don't",
"3.14") is told by ``joints``, which looks only where there is something to be told. A letter of a script without
spaces between words is a word by itself.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from seawall.measures.compiled import compiled
from seawall.measures.lexicon.borrowing import whole
from seawall.measures.lexicon.skipped import address_end, ends_with_link, skipped_end, sort_at
from seawall.measures.lexicon.tables import (
    ALONE_EXPANDED,
    EXPANDED,
    EXTEND,
    IN_SCRIPT,
    INVISIBLE,
    IS_ALONE,
    LETTER,
    LINKING,
    POINT_BITS,
    SORT_BITS,
    SPACE,
    SPECIAL,
    STAND_IN,
)
from seawall.measures.text.text_buffers import code_point

Bytes = npt.NDArray[np.uint8]
Info = npt.NDArray[np.uint32]
Parts = npt.NDArray[np.int32]
Words = npt.NDArray[np.int64]

BEGIN, STOP, GAP, TELLS, VALUE = range(5)
"""The columns of a table of words."""

MARKED, BLANK, BROKEN = 1, 2, 4
"""What stands before a word: signs, white space, a link or a name."""

SEED = np.uint64(0xCBF29CE484222325)
PRIME = np.uint64(0x100000001B3)

_POINT = (1 << POINT_BITS) - 1
_SORT = (1 << SORT_BITS) - 1
_TOLD = POINT_BITS + SORT_BITS
_ALONE = IS_ALONE << _TOLD
_DOLLAR, _AT = ord("$"), ord("@")
_L, _I = ord("l"), ord("i")


@compiled
def words_of(data: Bytes, at: int, end: int, info: Info, parts: Parts, words: Words) -> int:
    """Write the words between two bytes to the rows of ``words``, and what stands behind the last one to the next row.

    A row holds the word's first byte, the byte behind it, what stood before (MARKED, BLANK, BROKEN), what its letters
    tell, and its hash (with l as i, before look-alikes are settled). There are at least ``most_words(end - at)`` rows.

    Returns:
        how many words there are.
    """
    count, begin, stop, gap, value, told = 0, -1, at, 0, SEED, 0
    while at < end:
        if data[at] < 0x80:
            entry, following = whole(info[data[at]]), at + 1
        else:
            point, following = code_point(data, at, end)
            entry = whole(info[point])
        sort = entry >> POINT_BITS & _SORT
        if sort == SPECIAL and _stands_in(data, at, end, info, told >> _TOLD):
            sort, entry = LETTER, whole(data[at]) | STAND_IN << _TOLD
        letter = LETTER <= sort <= ALONE_EXPANDED
        if sort == LINKING and ends_with_link(data, begin, at, end):
            following, gap = address_end(data, at + 1, end, info), gap | BROKEN
            begin, value, told = -1, SEED, 0
        elif begin >= 0 and (sort <= SPECIAL or (letter and (told | entry) & _ALONE)):
            _write(words, count, begin, stop, gap, told, value)
            count, gap, begin, value, told = count + 1, 0, -1, SEED, 0
        if letter:
            value = _expanded(value, entry & _POINT, parts) if sort >= EXPANDED else _hashed(value, entry & _POINT)
            begin, told = at if begin < 0 else begin, told | entry
            if sort == LETTER:
                following, value, told = _plain_letters(data, following, end, info, value, told)
            stop = following
        elif sort == SPECIAL:
            following, gap = _skipped(data, at, end, info, gap)
        elif sort <= LINKING:
            gap |= BLANK if sort == SPACE else MARKED
        elif sort != INVISIBLE and begin >= 0:
            value, stop = _hashed(value, entry & _POINT) if sort == EXTEND else value, following
        at = following
    if begin >= 0:
        _write(words, count, begin, stop, gap, told, value)
        count, gap = count + 1, 0
    words[count, GAP] = gap
    return count


@compiled
def _plain_letters(
    data: Bytes, at: int, end: int, info: Info, value: np.uint64, told: int
) -> tuple[int, np.uint64, int]:
    """Where the plain letters end that follow; the hash and what they tell, with them. Here most time goes."""
    while at < end:
        if data[at] < 0x80:
            entry, following = whole(info[data[at]]), at + 1
        else:
            point, following = code_point(data, at, end)
            entry = whole(info[point])
        if entry >> POINT_BITS & _SORT != LETTER:
            break
        value, told, at = _hashed(value, entry & _POINT), told | entry, following
    return at, value, told


@compiled
def most_words(size: int) -> int:
    """More words than so many bytes can hold, and one row for what stands behind them."""
    return size // 2 + 3


@compiled
def _hashed(value: np.uint64, point: int) -> np.uint64:
    return (value ^ np.uint64(point)) * PRIME


@compiled
def _write(words: Words, row: int, begin: int, stop: int, gap: int, told: int, value: np.uint64) -> None:
    words[row, BEGIN], words[row, STOP], words[row, GAP], words[row, TELLS] = begin, stop, gap, told >> _TOLD
    words[row, VALUE] = whole(value)


@compiled
def _stands_in(data: Bytes, at: int, end: int, info: Info, tells: int) -> bool:
    """Whether the sign at ``at`` is part of a word: $ beside a Latin, Cyrillic or Greek letter, @ between letters."""
    if data[at] == _AT:
        following = sort_at(data, at + 1, end, info)
        return tells & IN_SCRIPT != 0 and following in (LETTER, EXPANDED)
    if data[at] != _DOLLAR:
        return False
    if tells & IN_SCRIPT or at + 1 >= end:
        return tells & IN_SCRIPT != 0
    point, _ = code_point(data, at + 1, end)
    return whole(info[point]) >> _TOLD & IN_SCRIPT != 0


@compiled
def _skipped(data: Bytes, at: int, end: int, info: Info, gap: int) -> tuple[int, int]:
    """Where to go on after a special sign that is no letter, and what is now known to stand before the next word."""
    following, broken = skipped_end(data, at, end, info)
    return following, gap | (BROKEN if broken else MARKED)


@compiled
def _expanded(value: np.uint64, place: int, parts: Parts) -> np.uint64:
    for part in range(place + 1, place + 1 + parts[place]):
        point = parts[part]
        value = _hashed(value, _I if point == _L else point)
    return value
