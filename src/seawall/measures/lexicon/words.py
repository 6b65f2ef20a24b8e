"""The words of a text in UTF-8, one after the other: where each stands, its hash and what it is made of.

A word here is a run of letters and digits with their marks. That two of them are one word of Unicode ("don't",
"3.14") is told by ``joints``, which looks only where there is something to be told. A letter of a script without
spaces between words is a word by itself.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from seawall.measures.borrowing import whole
from seawall.measures.compiled import compiled, inlined
from seawall.measures.eights import eight_bytes, lowest_bit
from seawall.measures.lexicon.hashing import NOTHING, SEED, closed, taken, with_letter
from seawall.measures.lexicon.skipped import address_end, ends_with_link, skipped_end, sort_at
from seawall.measures.lexicon.tables import (
    ACCENT,
    ALONE_EXPANDED,
    EXPANDED,
    IN_LATIN,
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
Offsets = npt.NDArray[np.int64]


class Words(NamedTuple):
    """Words one after the other."""

    begin: Offsets  # the first byte of each
    stop: Offsets  # the byte behind it
    gap: Offsets  # what stands before it: MARKED, BLANK, BROKEN
    tells: Offsets  # what its letters tell
    value: npt.NDArray[np.uint64]  # its hash, with l as i


MARKED, BLANK, BROKEN = 1, 2, 4
"""What stands before a word: signs, white space, a link or a name."""

State = tuple[np.uint64, np.uint64, int]
"""Of the hash of a word, see ``taken``."""

_POINT = (1 << POINT_BITS) - 1
_SORT = (1 << SORT_BITS) - 1
_TOLD = POINT_BITS + SORT_BITS
_ALONE = IS_ALONE << _TOLD
_DOLLAR, _AT = ord("$"), ord("@")
_L, _I = ord("l"), ord("i")
_LATIN = IN_LATIN << _TOLD

_EACH = np.uint64(0x0101010101010101)
_SMALL, _LOW, _TOPS = np.uint64(0x20) * _EACH, np.uint64(0x7F) * _EACH, np.uint64(0x80) * _EACH
_FROM_A, _BEHIND_Z = np.uint64(0x80 - 0x61) * _EACH, np.uint64(0x80 - 0x7B) * _EACH
_ALL_L, _FROM_L_TO_I = np.uint64(_L) * _EACH, np.uint64(_L ^ _I)


@compiled
def words_of(data: Bytes, size: int, at: int, end: int, info: Info, parts: Parts, words: Words, count: int) -> int:
    """Write the words between two bytes of a text of this size; and as the next one's gap what stands behind them.

    Hashes are those before look-alikes are settled. There is room for ``most_words(end - at)`` words.

    Args:
        data, info, parts, words: borrowed.
        count: how many words are there already.

    Returns:
        how many words are there then.
    """
    begin, stop, gap, told = -1, at, 0, 0
    value, waiting, filled = SEED, NOTHING, 0
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
            begin, told, value, waiting, filled = -1, 0, SEED, NOTHING, 0
        elif begin >= 0 and (sort <= SPECIAL or (letter and (told | entry) & _ALONE)):
            _write(words, count, begin, stop, gap, told, closed(value, waiting, filled))
            count, gap, begin, told, value, waiting, filled = count + 1, 0, -1, 0, SEED, NOTHING, 0
        if letter:
            begin, told = at if begin < 0 else begin, told | entry
            value, waiting, filled = _with(value, waiting, filled, sort, entry & _POINT, parts)
            if sort == LETTER:
                following, told, value, waiting, filled = _plain_letters(
                    data, size, following, end, info, told, value, waiting, filled
                )
            stop = following
        elif sort == SPECIAL:
            following, gap = _skipped(data, at, end, info, gap)
        elif sort <= LINKING:
            gap |= BLANK if sort == SPACE else MARKED
        elif sort != INVISIBLE and begin >= 0:
            value, waiting, filled = _with(value, waiting, filled, sort, entry & _POINT, parts)
            stop = following
        at = following
    if begin >= 0:
        _write(words, count, begin, stop, gap, told, closed(value, waiting, filled))
        count, gap = count + 1, 0
    words.gap[count] = gap
    return count


@inlined
def _plain_letters(
    data: Bytes, size: int, at: int, end: int, info: Info, told: int, value: np.uint64, waiting: np.uint64, filled: int
) -> tuple[int, int, np.uint64, np.uint64, int]:
    """Where the plain letters end that follow; what they tell, and the state of the hash. Here most time goes."""
    while at < end:
        if data[at] < 0x80:
            small, run = _ascii_letters(data, size, at, end)
            if run:
                value, waiting, filled = taken(value, waiting, filled, small, 8 * run)
                at, told = at + run, told | _LATIN
                continue
            entry, following = whole(info[data[at]]), at + 1
        else:
            point, following = code_point(data, at, end)
            entry = whole(info[point])
        if entry >> POINT_BITS & _SORT != LETTER:
            break
        value, waiting, filled = with_letter(value, waiting, filled, entry & _POINT)
        at, told = following, told | entry
    return at, told, value, waiting, filled


@inlined
def _ascii_letters(data: Bytes, size: int, at: int, end: int) -> tuple[np.uint64, int]:
    """Letters of ASCII that stand from a byte on, at most eight: small ones in one number, l as i; and how many."""
    if at + 8 > size:
        return NOTHING, 0
    eight = eight_bytes(data, at)
    small = eight | _SMALL
    low = small & _LOW
    letters = (low + _FROM_A) & ~(low + _BEHIND_Z) & ~eight & _TOPS
    run = min(whole(lowest_bit(letters ^ _TOPS)) >> 3, end - at)
    others = ((low ^ _ALL_L) + _LOW) & _TOPS
    small ^= ((others ^ _TOPS) >> np.uint64(7)) * _FROM_L_TO_I
    if run < 8:
        small &= (np.uint64(1) << np.uint64(8 * run)) - np.uint64(1)
    return small, run


@compiled
def most_words(size: int) -> int:
    """More words than so many bytes can hold, and one row for what stands behind them."""
    return size // 2 + 3


@inlined
def _write(words: Words, number: int, begin: int, stop: int, gap: int, told: int, value: np.uint64) -> None:
    words.begin[number], words.stop[number], words.gap[number] = begin, stop, gap
    words.tells[number], words.value[number] = told >> _TOLD, value


@compiled
def empty_words(room: int) -> Words:
    """Room for so many words."""
    return Words(
        np.empty(room, np.int64),
        np.empty(room, np.int64),
        np.empty(room, np.int64),
        np.empty(room, np.int64),
        np.empty(room, np.uint64),
    )


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


@inlined
def _with(value: np.uint64, waiting: np.uint64, filled: int, sort: int, point: int, parts: Parts) -> State:
    """The state of the hash with a character of this sort; an accent changes nothing."""
    if sort in (EXPANDED, ALONE_EXPANDED):
        return _expanded(value, waiting, filled, point, parts)
    if sort == ACCENT:
        return value, waiting, filled
    return with_letter(value, waiting, filled, point)


@compiled
def _expanded(value: np.uint64, waiting: np.uint64, filled: int, place: int, parts: Parts) -> State:
    for part in range(place + 1, place + 1 + parts[place]):
        point = whole(parts[part])
        value, waiting, filled = with_letter(value, waiting, filled, _I if point == _L else point)
    return value, waiting, filled
