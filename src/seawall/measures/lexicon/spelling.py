"""One word of a text beside one word of a term: the same, disguised, or another word."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from seawall.measures.borrowing import whole
from seawall.measures.compiled import compiled, inlined
from seawall.measures.lexicon.hashing import NOTHING, SEED, closed, with_letter
from seawall.measures.lexicon.tables import (
    ACCENT,
    CAPITAL,
    IN_CYRILLIC,
    IN_GREEK,
    IN_LATIN,
    IN_SCRIPT,
    INVISIBLE,
    NUMBER,
    POINT_BITS,
    SORT_BITS,
    Tables,
)
from seawall.measures.text.match_key_kernel import REPLACED_BELOW, replaced_row
from seawall.measures.text.text_buffers import code_point

Bytes = npt.NDArray[np.uint8]
Points = npt.NDArray[np.int32]

_SORT = (1 << SORT_BITS) - 1
_TOLD = POINT_BITS + SORT_BITS
_DOLLAR, _AT, _L, _I = (ord(sign) for sign in "$@li")


@compiled
def spell(
    data: Bytes, begin: int, stop: int, tables: Tables, letters: Points, capital: Bytes, first: int, room: int
) -> int:
    """Write the folded letters of a word, and which were capitals, from place ``first`` on.

    Returns:
        the place behind them, -1 if they do not fit into the room.
    """
    at, place = begin, first
    while at < stop:
        point, at = code_point(data, at, stop)
        entry = whole(tables.info[point])
        sort = entry >> POINT_BITS & _SORT
        if sort in (INVISIBLE, ACCENT):
            continue
        fold = whole(tables.fold[point])
        size = 1 if fold > 0 else whole(tables.parts[-fold])
        if place + size > room:
            return -1
        for part in range(size):
            letters[place + part] = fold if fold > 0 else tables.parts[1 - fold + part]
            capital[place + part] = entry >> _TOLD & CAPITAL != 0
        place += size
    return place


@compiled
def settle(letters: Points, first: int, last: int, tables: Tables, key: Points) -> np.uint64:
    """Write the letters with look-alikes and stand-ins resolved to the same places of ``key``; returns their hash."""
    row = _replacements(letters, first, last, tables)
    value, waiting, filled = SEED, NOTHING, 0
    for place in range(first, last):
        point = whole(letters[place])
        if point < REPLACED_BELOW:
            point = whole(tables.replaced[REPLACED_BELOW * row + point])
        key[place] = point
        value, waiting, filled = with_letter(value, waiting, filled, point)
    return closed(value, waiting, filled)


@compiled
def _replacements(letters: Points, first: int, last: int, tables: Tables) -> int:
    """Which row of the replacements a word needs: by the script of most of its letters, and whether it mixes them."""
    latin = cyrillic = greek = 0
    for place in range(first, last):
        told = whole(tables.info[letters[place]]) >> _TOLD
        latin += told & IN_LATIN != 0
        cyrillic += told & IN_CYRILLIC != 0
        greek += told & IN_GREEK != 0
    return replaced_row(latin, cyrillic, greek)


@inlined
def same(data: Bytes, begin: int, stop: int, tables: Tables, plain: Points, first: int, last: int) -> bool:
    """Whether a word is written with exactly the letters and marks ``plain[first:last]``, whatever its case."""
    at, place = begin, first
    while at < stop:
        point, at = code_point(data, at, stop)
        entry = whole(tables.plain[point])
        if entry > 0:
            if place == last or plain[place] != entry:
                return False
            place += 1
            continue
        for part in range(1 - entry, 1 - entry + tables.plain_parts[-entry]):
            if place == last or plain[place] != tables.plain_parts[part]:
                return False
            place += 1
    return place == last


@compiled
def write_plain(data: Bytes, begin: int, stop: int, tables: Tables, plain: Points, place: int, room: int) -> int:
    """Write the letters and marks by which ``same`` compares; returns the place behind them, -1 if they do not fit."""
    at = begin
    while at < stop:
        point, at = code_point(data, at, stop)
        entry = whole(tables.plain[point])
        size = 1 if entry > 0 else whole(tables.plain_parts[-entry])
        if place + size > room:
            return -1
        for part in range(size):
            plain[place + part] = entry if entry > 0 else tables.plain_parts[1 - entry + part]
        place += size
    return place


@compiled
def disguised(letters: Points, capital: Bytes, first: int, last: int, term: Points, begin: int, tables: Tables) -> bool:
    """Whether the word ``letters[first:last]`` can be read as the term's word from ``begin`` on, its key being equal.

    Plain letters stand for themselves; what stands for another letter must look like it, there:

    - a digit or $ not where it may be a number or an amount (``_numbered``);
    - a capital I for l behind the first letter of a word that has small ones ("tuIip");
    - a small l for I among capitals ("TULlP").
    """
    numbered = _numbered(letters, first, last, tables)
    for place in range(first, last):
        here, there = whole(letters[place]), whole(term[begin + place - first])
        if here == there:
            continue
        told = whole(tables.info[here]) >> _TOLD
        if told & NUMBER or here in (_DOLLAR, _AT):
            if numbered and here != _AT:
                return False
        elif whole(tables.info[there]) >> _TOLD & IN_SCRIPT == 0:
            return False
        elif here == _I and there == _L:
            if place == first or not capital[place] or _capitals(capital, first, last, place) == last - first - 1:
                return False
        elif here == _L and there == _I and (capital[place] or _capitals(capital, first + 1, last, first) == 0):
            return False
    return True


@compiled
def _capitals(capital: Bytes, first: int, last: int, except_at: int) -> int:
    count = 0
    for place in range(first, last):
        count += capital[place] != 0 and place != except_at
    return count


@compiled
def _numbered(letters: Points, first: int, last: int, tables: Tables) -> bool:
    """Whether digits and $ in a word may be meant as such: "1st", "mp3", "10km", "$5k", "US$"."""
    leading = 0
    while first + leading < last and _is_figure(letters[first + leading], tables):
        leading += 1
    if leading >= 2:
        return True
    size = last - first
    if size > 3:
        return False
    digit_last = whole(tables.info[letters[last - 1]]) >> _TOLD & NUMBER != 0
    return leading > 0 or digit_last or (size <= 2 and letters[last - 1] == _DOLLAR)


@compiled
def _is_figure(point: int, tables: Tables) -> bool:
    return point == _DOLLAR or whole(tables.info[point]) >> _TOLD & NUMBER != 0
