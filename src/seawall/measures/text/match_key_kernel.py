"""The match key of ``match_key``, step by step the same, as a kernel over UTF-8."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from seawall.measures.borrowing import borrowed
from seawall.measures.compiled import compiled
from seawall.measures.text.hashes import xxh64
from seawall.measures.text.match_tables import LATIN, UnicodeTables
from seawall.measures.text.text_buffers import code_point

REPLACED_BELOW = 0x530
"""All letters that step 3 replaces or counts as look-alikes are below this code point."""

Points = npt.NDArray[np.int32]
Bytes = npt.NDArray[np.uint8]

_SPACE, _DOLLAR, _AMPERSAND, _DOT, _SLASH, _COLON, _AT, _BRACKET = (ord(sign) for sign in " $&./:@[")
_LONGEST_EXPANSION = 6  # code points for each byte: one of three bytes (U+FDFA) becomes eighteen


def _listed(*words: str) -> npt.NDArray[np.int32]:
    """Words as rows of code points, padded with 0."""
    rows = np.zeros((len(words), max(map(len, words)) + 1), np.int32)
    for row, word in zip(rows, words, strict=True):
        row[: len(word)] = [ord(character) for character in word]
    return rows


_TYPED = _listed("[account]", "[email]", "[phone]", "[profile]", "[name]")
_ENTITIES = _listed("&amp;", "&lt;", "&gt;", "&quot;", "&nbsp;", "&apos;", "&#39;", "&#039;")


@compiled
def write_keys(
    data: Bytes,
    offsets: npt.NDArray[np.int64],
    valid: npt.NDArray[np.bool_],
    tables: UnicodeTables,
    replaced: npt.NDArray[np.int32],
    keep: bool,
    hashes: npt.NDArray[np.uint64],
    sizes: npt.NDArray[np.int64],
) -> Bytes:
    """Write the hash of each row's key, and how many bytes it has; where it has none, both stay as they are.

    Returns:
        the keys themselves, one after the other, if they are to be kept; nothing otherwise.
    """
    text, told, rows = borrowed(data), borrowed(tables), borrowed(replaced)
    folded = np.empty(1 << 14, np.int32)
    written = np.empty(int(offsets[-1] - offsets[0] if keep else 0) + (1 << 16), np.uint8)
    used = 0
    for row in range(len(valid)):
        start, end = offsets[row], offsets[row + 1]
        if not valid[row] or start == end:
            continue
        if (end - start) * _LONGEST_EXPANSION > len(folded):
            folded = np.empty(max(len(folded), _folded_size(text, start, end, told)), np.int32)
        size = _fold_row(text, start, end, told, borrowed(folded))
        if used + 4 * size > len(written):
            longer = np.empty(2 * len(written) + 4 * size, np.uint8)
            longer[:used] = written[:used]
            written = longer
        stop = _write_key(borrowed(folded), size, told.kind, rows, borrowed(written), used)
        if stop > used:
            hashes[row], sizes[row] = xxh64(borrowed(written), used, stop), stop - used
        used = stop if keep else 0
    return written[:used]


@compiled
def _folded_size(data: Bytes, start: int, end: int, tables: UnicodeTables) -> int:
    size = 0
    while start < end:
        point, start = code_point(data, start, end)
        entry = tables.fold[point]
        size += tables.expansions[-entry] if entry < 0 else 1
    return size


@compiled
def _fold_row(data: Bytes, start: int, end: int, tables: UnicodeTables, folded: Points) -> int:
    """Step 1: the folded code points of a row; returns how many."""
    size, fold, expansions = 0, tables.fold, tables.expansions
    while start < end:
        if data[start] < 0x80:
            entry = fold[data[start]]
            start += 1
        else:
            point, start = code_point(data, start, end)
            entry = fold[point]
        if entry > 0:
            folded[size] = entry
            size += 1
        elif entry < 0:
            for place in range(1 - entry, 1 - entry + expansions[-entry]):
                folded[size] = expansions[place]
                size += 1
    return size


@compiled
def _is_word(point: int) -> bool:
    """Whether a folded code point is a letter or number: beyond ASCII nothing else is left."""
    return 0x61 <= point <= 0x7A or point >= 0x80 or 0x30 <= point <= 0x39


@compiled
def _write_key(folded: Points, size: int, kind: Bytes, replaced: Points, key: Bytes, first: int) -> int:
    """Steps 2 to 4: the key in UTF-8 from byte ``first`` on; returns the byte behind it."""
    at, begin, length = 0, -1, first
    while at < size:
        point = folded[at]
        if _is_word(point) or point == _DOLLAR:
            begin = at if begin < 0 else begin
            at += 1
            continue
        if point == _SPACE:
            if begin >= 0:
                length = _write_token(folded, begin, at, kind, replaced, key, first, length)
            begin, at = -1, at + 1
            continue
        if point == _AT and begin >= 0 and at + 1 < size and (_is_word(folded[at + 1]) or folded[at + 1] == _DOLLAR):
            at += 1
            continue
        end = _token_end(folded, size, begin, at)
        following = _next_start(folded, size, at, begin)
        if begin >= 0:
            length = _write_token(folded, begin, end, kind, replaced, key, first, length)
        begin, at = -1, following
    if begin >= 0:
        length = _write_token(folded, begin, size, kind, replaced, key, first, length)
    return length


@compiled
def _is_scheme(folded: Points, size: int, at: int) -> bool:
    return at + 2 < size and folded[at] == _COLON and folded[at + 1] == _SLASH and folded[at + 2] == _SLASH


@compiled
def _is_www(folded: Points, begin: int, at: int) -> bool:
    if folded[at] != _DOT or begin < 0 or at - begin != 3:
        return False
    return bool(folded[begin] == 0x77 and folded[begin + 1] == 0x77 and folded[begin + 2] == 0x77)


@compiled
def _token_end(folded: Points, size: int, begin: int, at: int) -> int:
    """Where the token before ``at`` ends: the name of a link's scheme and ``www`` do not belong to it."""
    if begin < 0:
        return at
    if _is_www(folded, begin, at):
        return begin
    if _is_scheme(folded, size, at):
        while at > begin and folded[at - 1] < 0x80 and _is_word(folded[at - 1]):
            at -= 1
    while at > begin and folded[at - 1] == _AT:
        at -= 1
    return at


@compiled
def _next_start(folded: Points, size: int, at: int, begin: int) -> int:
    """Where to go on after the separator at ``at``: behind the address, name or token that begins with it."""
    point = folded[at]
    if _is_scheme(folded, size, at):
        return _address_end(folded, size, at + 3)
    if _is_www(folded, begin, at):
        return _address_end(folded, size, at + 1)
    if point == _BRACKET:
        return at + max(1, _matched(folded, size, at, _TYPED))
    if point == _AMPERSAND:
        return at + max(1, _matched(folded, size, at, _ENTITIES))
    if point == _AT:
        typed = _matched(folded, size, at + 1, _TYPED)
        if typed:
            return at + 1 + typed
        if at == 0 or not (_is_word(folded[at - 1]) or folded[at - 1] == _DOLLAR):
            return _name_end(folded, size, at)
    return at + 1


@compiled
def _address_end(folded: Points, size: int, at: int) -> int:
    while at < size:
        point = folded[at]
        if point in (_SPACE, 0x3C, 0x3E, 0x22) or point >= 0x2E80:
            break
        at += 1
    return at


@compiled
def _matched(folded: Points, size: int, at: int, words: npt.NDArray[np.int32]) -> int:
    """The length of the listed word that stands at ``at``; 0 if none does."""
    for row in range(words.shape[0]):
        length = 0
        while words[row, length] and at + length < size and folded[at + length] == words[row, length]:
            length += 1
        if words[row, length] == 0:
            return length
    return 0


@compiled
def _is_name(folded: Points, size: int, at: int) -> bool:
    return at < size and (_is_word(folded[at]) or folded[at] == 0x5F)


@compiled
def _name_end(folded: Points, size: int, at: int) -> int:
    """Where the @name that begins at ``at`` ends; behind the run of @ if it is none."""
    name = at
    while name < size and folded[name] == _AT:
        name += 1
    if not _is_name(folded, size, name):
        return name
    while _is_name(folded, size, name):
        name += 1
        if name < size and folded[name] in (_DOT, _COLON, _AT, 0x2D) and _is_name(folded, size, name + 1):
            name += 1
    return name


@compiled
def _write_token(
    folded: Points, begin: int, end: int, kind: Bytes, replaced: Points, key: Bytes, start: int, length: int
) -> int:
    """Step 3 for one token of a key that begins at ``start``; returns the byte behind it."""
    table = REPLACED_BELOW * _table(folded, begin, end, kind)
    before = length
    if length > start:
        key[length] = _SPACE
        length += 1
    first = length
    for at in range(begin, end):
        point = folded[at]
        if point < REPLACED_BELOW:
            point = replaced[table + point]
        if 0 < point < 0x80:
            key[length] = point
            length += 1
        elif point:
            length = _write_utf8(key, length, point)
    return length if length > first else before


@compiled
def _table(folded: Points, begin: int, end: int, kind: Bytes) -> int:
    """Which row of ``replaced`` a token needs: by the script of most of its letters, and whether it mixes scripts."""
    latin = cyrillic = greek = 0
    for at in range(begin, end):
        script = kind[folded[at]] - LATIN
        latin += script == 0
        cyrillic += script == 1
        greek += script == 2
    return replaced_row(latin, cyrillic, greek)


@compiled
def replaced_row(latin: int, cyrillic: int, greek: int) -> int:
    """Which row of ``replacements`` a token with so many letters of each script needs."""
    letters = latin + cyrillic + greek
    if letters == 0:
        return 0
    if latin >= cyrillic and latin >= greek:
        return 1 + (latin < letters)
    if cyrillic >= greek:
        return 3 + (cyrillic < letters)
    return 5 + (greek < letters)


@compiled
def _write_utf8(key: Bytes, length: int, point: int) -> int:
    if point < 0x800:
        key[length] = 0xC0 | point >> 6
        key[length + 1] = 0x80 | point & 0x3F
        return length + 2
    if point < 0x10000:
        key[length] = 0xE0 | point >> 12
        key[length + 1] = 0x80 | point >> 6 & 0x3F
        key[length + 2] = 0x80 | point & 0x3F
        return length + 3
    key[length] = 0xF0 | point >> 18
    key[length + 1] = 0x80 | point >> 12 & 0x3F
    key[length + 2] = 0x80 | point >> 6 & 0x3F
    key[length + 3] = 0x80 | point & 0x3F
    return length + 4
