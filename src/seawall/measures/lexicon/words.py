"""The words of a text in UTF-8, one after the other: where each stands, its hash and what it is made of.

A word here is a run of letters and digits with their marks. That two of them are one word of Unicode ("don't",
"3.14") is told by ``joints``, which looks only where there is something to be told. A letter of a script without
spaces between words is a word by itself.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from seawall.measures.compiled import compiled
from seawall.measures.lexicon.skipped import address_end, ends_with_link, skipped_end, sort_at
from seawall.measures.lexicon.tables import (
    ACCENT,
    ALONE,
    ALONE_EXPANDED,
    EXPANDED,
    EXTEND,
    IN_SCRIPT,
    INVISIBLE,
    IS_ALONE,
    LETTER,
    POINT_BITS,
    SIGN,
    SORT_BITS,
    SPACE,
    SPECIAL,
    STAND_IN,
)
from seawall.measures.text.text_buffers import code_point

Bytes = npt.NDArray[np.uint8]
Info = npt.NDArray[np.uint32]
Parts = npt.NDArray[np.int32]

BLANK, MARKED, BROKEN = 1, 2, 4
"""What stands before a word: white space, other signs, a link or a name."""

SEED = np.uint64(0xCBF29CE484222325)
PRIME = np.uint64(0x100000001B3)

_POINT = (1 << POINT_BITS) - 1
_SORT = (1 << SORT_BITS) - 1
_TOLD = POINT_BITS + SORT_BITS
_DOLLAR, _AT, _COLON, _DOT = (ord(sign) for sign in "$@:.")
_L, _I = ord("l"), ord("i")


@compiled
def next_word(data: Bytes, at: int, end: int, info: Info, parts: Parts) -> tuple[int, int, np.uint64, int, int]:
    """The next word from a byte on.

    Returns:
        its first byte (-1 = there is none), the byte behind it, its hash (with l as i, before look-alikes are
        settled), what its letters tell, and what stood before it (BLANK, MARKED, BROKEN).
    """
    begin, stop, value, tells, gap = -1, at, SEED, 0, 0
    while at < end:
        if data[at] < 0x80:
            entry, following = np.int64(info[data[at]]), at + 1
        else:
            point, following = code_point(data, at, end)
            entry = np.int64(info[point])
        sort = entry >> POINT_BITS & _SORT
        if sort == SPECIAL and _stands_in(data, at, end, info, tells):
            sort, entry = LETTER, np.int64(data[at]) | STAND_IN << _TOLD
        if sort == LETTER:
            value = (value ^ np.uint64(entry & _POINT)) * PRIME
        elif sort == EXPANDED:
            value = _expanded(value, entry & _POINT, parts)
        elif sort == EXTEND and begin >= 0:
            value = (value ^ np.uint64(entry & _POINT)) * PRIME
        elif sort == INVISIBLE or sort == ACCENT or sort == EXTEND:
            stop = following if begin >= 0 and sort == ACCENT else stop
            at = following
            continue
        elif begin >= 0:
            if sort != SPECIAL or not ends_with_link(data, begin, at, end):
                return begin, stop, value, tells, gap
            at = address_end(data, at + 1, end, info)
            begin, value, tells, gap = -1, SEED, 0, gap | BROKEN
            continue
        elif sort == ALONE or sort == ALONE_EXPANDED:
            value, stop = _alone(data, at, end, info, parts)
            return at, stop, value, IS_ALONE, gap
        else:
            at, gap = _separated(data, at, following, end, info, sort, gap)
            continue
        begin = at if begin < 0 else begin
        tells |= entry >> _TOLD
        at = stop = following
    return begin, stop, value, tells, gap


@compiled
def _stands_in(data: Bytes, at: int, end: int, info: Info, tells: int) -> bool:
    """Whether the sign at ``at`` is part of a word: $ beside a Latin, Cyrillic or Greek letter, @ between letters."""
    if data[at] == _AT:
        following = sort_at(data, at + 1, end, info)
        return tells & IN_SCRIPT != 0 and (following == LETTER or following == EXPANDED)
    if data[at] != _DOLLAR:
        return False
    if tells & IN_SCRIPT or at + 1 >= end:
        return tells & IN_SCRIPT != 0
    point, _ = code_point(data, at + 1, end)
    return np.int64(info[point]) >> _TOLD & IN_SCRIPT != 0


@compiled
def _separated(data: Bytes, at: int, following: int, end: int, info: Info, sort: int, gap: int) -> tuple[int, int]:
    """Where to go on after what separates words, and what is now known to stand before the next one."""
    if sort == SPACE:
        return following, gap | BLANK
    if sort != SPECIAL:
        return following, gap | MARKED
    following, broken = skipped_end(data, at, end, info)
    return following, gap | (BROKEN if broken else MARKED)


@compiled
def _expanded(value: np.uint64, place: int, parts: Parts) -> np.uint64:
    for part in range(place + 1, place + 1 + parts[place]):
        point = parts[part]
        value = (value ^ np.uint64(_I if point == _L else point)) * PRIME
    return value


@compiled
def _alone(data: Bytes, at: int, end: int, info: Info, parts: Parts) -> tuple[np.uint64, int]:
    """The hash of a letter of a script without spaces, with the marks behind it, and where they end."""
    value, stop, first = SEED, at, True
    while at < end:
        point, following = code_point(data, at, end)
        entry = np.int64(info[point])
        sort = entry >> POINT_BITS & _SORT
        if (sort == ALONE and first) or sort == EXTEND:
            value = (value ^ np.uint64(entry & _POINT)) * PRIME
        elif sort == ALONE_EXPANDED and first:
            value = _expanded(value, entry & _POINT, parts)
        elif sort != INVISIBLE and sort != ACCENT:
            break
        first = False
        stop = stop if sort == INVISIBLE else following
        at = following
    return value, stop
