"""Where words of Unicode begin and end: which signs join two runs of letters into one word.

Unicode Standard Annex 29, *Word Boundaries* (rules WB5 to WB13b), tailored as the annex suggests:

- an apostrophe or full stop joins letters ("can't", "garden.example"), an underscore joins anything, a full stop or
  comma joins digits ("3.14"); a colon does not join (as in the root locale of CLDR);
- an apostrophe does not join a French, Italian or Catalan particle to what follows ("l'herbe", "dell'orto"), nor an
  English 's to what stands before ("the gardener's").
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from seawall.measures.borrowing import whole
from seawall.measures.compiled import compiled
from seawall.measures.lexicon.tables import ACCENT, EXTEND, INVISIBLE, IS_ALONE, NUMBER, POINT_BITS, SORT_BITS
from seawall.measures.lexicon.words import BROKEN, Words
from seawall.measures.text.text_buffers import code_point

Bytes = npt.NDArray[np.uint8]
Info = npt.NDArray[np.uint32]

_SORT = (1 << SORT_BITS) - 1
_TOLD = POINT_BITS + SORT_BITS
_NOTHING, _APOSTROPHE, _STOP, _IN_NUMBER, _LINE, _OTHER = range(6)
_LONGEST = 8


def _listed(words: str) -> Bytes:
    rows = np.zeros((len(words.split()), _LONGEST), np.uint8)
    for row, word in zip(rows, words.split(), strict=True):
        row[: len(word)] = list(word.encode())
    return rows


_PARTICLES = _listed(
    "l d j m t s n c qu lorsqu puisqu jusqu quoiqu un all dall dell nell sull coll quell quest bell sant gl anch"
)


@compiled
def joined(data: Bytes, words: Words, left: int, info: Info) -> bool:
    """Whether the word ``left`` of a table of words and the one behind it are one word of Unicode."""
    if words.gap[left + 1] & BROKEN or (words.tells[left] | words.tells[left + 1]) & IS_ALONE:
        return False
    begin, stop = words.begin[left], words.stop[left]
    following, end = words.begin[left + 1], words.stop[left + 1]
    sign = _NOTHING
    at = stop
    while at < following:
        point, after = code_point(data, at, following)
        sort = whole(info[point]) >> POINT_BITS & _SORT
        at = after
        if sort in (INVISIBLE, ACCENT, EXTEND):
            continue
        kind = _kind_of_sign(point)
        if kind == _OTHER or (sign != _NOTHING and (sign != _LINE or kind != _LINE)):
            return False
        sign = kind
    if sign in (_NOTHING, _LINE):
        return sign == _LINE
    digit = _ends_with_digit(data, begin, stop, info)
    if digit != _is_digit(data, following, end, info):
        return False
    if sign == _IN_NUMBER:
        return digit
    return sign == _STOP or digit or not _set_apart(data, begin, stop, following, end)


@compiled
def _kind_of_sign(point: int) -> int:
    if point in (0x27, 0x2018, 0x2019, 0xFF07, 0x02BC):
        return _APOSTROPHE
    if point in (0x2E, 0xB7, 0x0387, 0x055F, 0x05F4, 0x2024, 0x2027, 0xFE52, 0xFF0E):
        return _STOP
    if point in (0x2C, 0x3B, 0x037E, 0x0589, 0x060C, 0x060D, 0x066C, 0x07F8, 0x2044, 0xFF0C, 0xFF1B):
        return _IN_NUMBER
    if point in (0x5F, 0x203F, 0x2040, 0x2054, 0xFE33, 0xFE34, 0xFE4D, 0xFE4E, 0xFE4F, 0xFF3F):
        return _LINE
    return _OTHER


@compiled
def _is_digit(data: Bytes, at: int, end: int, info: Info) -> bool:
    point, _ = code_point(data, at, end)
    return whole(info[point]) >> _TOLD & NUMBER != 0


@compiled
def _ends_with_digit(data: Bytes, begin: int, stop: int, info: Info) -> bool:
    """Whether the last character that is no mark is a digit."""
    at = stop
    while at > begin:
        at -= 1
        if data[at] & 0xC0 == 0x80:
            continue
        point, _ = code_point(data, at, stop)
        sort = whole(info[point]) >> POINT_BITS & _SORT
        if sort != INVISIBLE and sort != ACCENT and sort != EXTEND:
            return whole(info[point]) >> _TOLD & NUMBER != 0
    return False


@compiled
def _set_apart(data: Bytes, begin: int, stop: int, following: int, end: int) -> bool:
    """Whether an apostrophe separates here: behind a particle, or before the 's of English."""
    if end - following == 1 and data[following] | 0x20 == 0x73:
        return True
    size = stop - begin
    if size >= _LONGEST:
        return False
    for row in range(_PARTICLES.shape[0]):
        length = 0
        while length < size and data[begin + length] | 0x20 == _PARTICLES[row, length]:
            length += 1
        if length == size and _PARTICLES[row, length] == 0:
            return True
    return False
