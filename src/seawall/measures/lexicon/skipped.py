"""What is no word, as kernels over UTF-8: addresses of links, @names, typed tokens and HTML entities.

They are recognised as in the match key, so that no list of words ever hits somebody's name.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from seawall.measures.borrowing import whole
from seawall.measures.compiled import compiled
from seawall.measures.lexicon.tables import EXTEND, INVISIBLE, POINT_BITS, SIGN, SORT_BITS, SPACE
from seawall.measures.text.text_buffers import code_point

Bytes = npt.NDArray[np.uint8]
Info = npt.NDArray[np.uint32]

_COLON, _SLASH, _DOT, _AT, _BRACKET, _AMPERSAND, _UNDERSCORE, _HYPHEN = (ord(sign) for sign in ":/.@[&_-")
_FIRST_WIDE = 0x2E80  # a link ends where Chinese, Japanese or Korean begins


def _listed(*words: str) -> Bytes:
    """Words as rows of bytes, padded with 0."""
    rows = np.zeros((len(words), max(map(len, words)) + 1), np.uint8)
    for row, word in zip(rows, words, strict=True):
        row[: len(word)] = list(word.encode())
    return rows


_TYPED = _listed("[account]", "[email]", "[phone]", "[profile]", "[name]")
_ENTITIES = _listed("&amp;", "&lt;", "&gt;", "&quot;", "&nbsp;", "&apos;", "&#39;", "&#039;")


@compiled
def sort_at(data: Bytes, at: int, end: int, info: Info) -> int:
    """The sort of the character at a byte; SIGN behind the end."""
    if at >= end:
        return SIGN
    point, _ = code_point(data, at, end)
    return whole(info[point]) >> POINT_BITS & ((1 << SORT_BITS) - 1)


@compiled
def ends_with_link(data: Bytes, begin: int, at: int, end: int) -> bool:
    """Whether a colon or full stop makes a link of what stands before it from ``begin`` on (-1 = nothing does)."""
    if data[at] == _COLON:
        return at + 2 < end and data[at + 1] == _SLASH and data[at + 2] == _SLASH
    if begin < 0 or at - begin != 3:
        return False
    return bool(data[begin] | 0x20 == data[begin + 1] | 0x20 == data[begin + 2] | 0x20 == 0x77)


@compiled
def address_end(data: Bytes, at: int, end: int, info: Info) -> int:
    """Where the address ends that goes on at ``at``."""
    while at < end:
        if data[at] < 0x80:
            point, following = whole(data[at]), at + 1
        else:
            point, following = code_point(data, at, end)
        sort = whole(info[point]) >> POINT_BITS & ((1 << SORT_BITS) - 1)
        if sort == SPACE or point >= _FIRST_WIDE or point in (0x3C, 0x3E, 0x22):
            break
        at = following
    return at


@compiled
def skipped_end(data: Bytes, at: int, end: int, info: Info) -> tuple[int, bool]:
    """Where to go on after the special sign at ``at``, and whether a name or typed token was skipped."""
    sign = data[at]
    if sign == _BRACKET:
        size = _matched(data, at, end, _TYPED)
        return at + max(1, size), size > 0
    if sign == _AMPERSAND:
        return at + max(1, _matched(data, at, end, _ENTITIES)), False
    if sign == _AT:
        if at + 1 < end and data[at + 1] == _BRACKET:
            size = _matched(data, at + 1, end, _TYPED)
            return at + 1 + size, size > 0
        following = _name_end(data, at, end, info)
        return following, following > at + 1
    return at + 1, False


@compiled
def _matched(data: Bytes, at: int, end: int, words: Bytes) -> int:
    """The length of the listed word that stands at ``at`` in any case; 0 if none does."""
    for row in range(words.shape[0]):
        length = 0
        while words[row, length] and at + length < end:
            byte = data[at + length]
            if 0x41 <= byte <= 0x5A:
                byte |= 0x20
            if byte != words[row, length]:
                break
            length += 1
        if words[row, length] == 0:
            return length
    return 0


@compiled
def _is_name(data: Bytes, at: int, end: int, info: Info) -> bool:
    return (at < end and data[at] == _UNDERSCORE) or INVISIBLE <= sort_at(data, at, end, info) <= EXTEND


@compiled
def _name_end(data: Bytes, at: int, end: int, info: Info) -> int:
    """Where the @name that begins at ``at`` ends; behind the run of @ if it is none."""
    while at < end and data[at] == _AT:
        at += 1
    first = at
    while at < end:
        point, following = code_point(data, at, end)
        sort = whole(info[point]) >> POINT_BITS & ((1 << SORT_BITS) - 1)
        connects = at > first and point in (_DOT, _COLON, _AT, _HYPHEN) and _is_name(data, at + 1, end, info)
        if not (INVISIBLE <= sort <= EXTEND or point == _UNDERSCORE or connects):
            break
        at = following
    return at
