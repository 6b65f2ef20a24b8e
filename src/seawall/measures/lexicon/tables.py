"""What the lexicon knows of each code point: to which sort of character it belongs and what it is compared as.

The tables are those of the match key (``seawall.measures.text.match_tables``) with one difference: marks that spell a
vowel or a consonant are kept. Without them Hindi "कुल" (total) is "कल" (yesterday), Thai "ม้า" (horse) is "มา" (come),
and Japanese "ガーデン" (garden) is "カーテン" (curtain).
"""

from __future__ import annotations

import functools
import unicodedata
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from seawall.measures.text.match_key import replacements
from seawall.measures.text.match_tables import CODE_POINTS, FORMAT, LATIN, MARK, OTHER, UNSPACED, unicode_tables
from seawall.measures.text.match_tables import DIGIT as DIGIT_KIND
from seawall.measures.text.match_tables import SPACE as SPACE_KIND

SIGN, SPACE, LINKING, SPECIAL, INVISIBLE, ACCENT, LETTER, ALONE, EXPANDED, ALONE_EXPANDED, EXTEND = range(11)
"""Sorts of characters. ``LINKING`` and ``SPECIAL`` are the signs of links, and those of names, tokens and stand-ins;
``INVISIBLE`` and ``ACCENT`` count for nothing, but an accent belongs to the letter before it; ``ALONE`` is a letter of
a script without spaces, a word by itself; ``EXPANDED`` ones become several; ``EXTEND`` is a mark that spells."""

POINT_BITS, SORT_BITS = 21, 4
IN_LATIN, IN_CYRILLIC, IN_GREEK, NUMBER, STAND_IN, CAPITAL = (1 << bit for bit in range(6))
IN_SCRIPT = IN_LATIN | IN_CYRILLIC | IN_GREEK
IS_ALONE = 64
"""What a letter tells about the word that it stands in; the last one, that the letter is a word by itself."""

_SPELLING = (
    (0x0780, 0x07C0), (0x0900, 0x1100), (0x1700, 0x1800), (0x1900, 0x1AB0), (0x1B00, 0x1CD0), (0x3099, 0x309B),
    (0xA800, 0xAC00), (0x11000, 0x12000),
)  # fmt: skip
"""Blocks whose marks spell: Thaana, the scripts of South and South-East Asia, the voicing marks of Kana."""
_VOICED = ((0x0900, 0x1200), (0x3040, 0x3100), (0x3300, 0x3358), (0xFF66, 0xFFA0), (0x11000, 0x12000))
"""Blocks with characters that decompose into a letter and such a mark."""
_NUKTA = 7  # combining class of the dot below, which many writers leave out
_WHOLE = frozenset({0x0E33, 0x0EB3})  # vowels whose compatibility form begins with a mark for the letter before
_TELLING = ((0x00AD, 0x00AE), (0x061C, 0x061D), (0x200C, 0x2010), (0x064B, 0x0653), (0x0670, 0x0671), (0x0591, 0x05C8))
"""Soft hyphen, joiners, marks of direction, the vowel points of Arabic and Hebrew: they hide nothing."""
_LINKING_SIGNS, _SPECIAL_SIGNS = ":.", "$@[&"
_EAST_ASIAN = (*range(0x3005, 0x3008), *range(0x3021, 0x302A), *range(0x3031, 0x3036), 0x303B, 0x303C, 0x30FC)
"""Signs of repetition, length and number that stand among letters without spaces, as in "ガーデン"."""


class Tables(NamedTuple):
    """Arrays that are looked up by code point; of two that belong together the second holds expansions.

    An expansion stands at ``-entry``: how many code points, then these. 0 = nothing.
    """

    info: npt.NDArray[np.uint32]  # code point with l as i (or where its expansion stands), sort, what it tells
    fold: npt.NDArray[np.int32]  # as in the match key before look-alikes are settled
    parts: npt.NDArray[np.int32]
    plain: npt.NDArray[np.int32]  # without case, and decomposed, but with all that makes a difference to a reader
    plain_parts: npt.NDArray[np.int32]
    replaced: npt.NDArray[np.int32]  # look-alikes and stand-ins, as in the match key, row after row


@functools.cache
def tables() -> Tables:
    """The tables, made once (about a quarter of a second, 14 MB)."""
    kind = unicode_tables().kind.copy()
    kind[list(_EAST_ASIAN)] = UNSPACED
    extend = _extending(kind)
    fold, parts = _fold(kind, extend)
    plain, plain_parts = _plain(fold, kind)
    return Tables(_info(fold, parts, kind, extend), fold, parts, plain, plain_parts, replacements().reshape(-1))


def _extending(kind: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    """Which code points are marks that spell."""
    extend = np.zeros(CODE_POINTS, np.bool_)
    for first, last in _SPELLING:
        for point in range(first, last):
            character = chr(point)
            mark = kind[point] == MARK and unicodedata.combining(character) != _NUKTA
            extend[point] = mark or (kind[point] == UNSPACED and unicodedata.category(character) == "Mc")
    return extend


def _fold(
    kind: npt.NDArray[np.uint8], extend: npt.NDArray[np.bool_]
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """The match key's folding of each code point, with the marks that spell."""
    shipped = unicode_tables()
    fold, parts = shipped.fold.copy(), shipped.expansions.tolist()
    fold[extend] = np.flatnonzero(extend)
    for first, last in _VOICED:
        for point in range(first, last):
            text = unicodedata.normalize("NFKD", chr(point))
            if point in _WHOLE:
                fold[point] = point
            elif (len(text) > 1 and any(extend[ord(part)] for part in text)) or text in "\u3099\u309a":
                _enter(fold, parts, point, [ord(part) for part in text if extend[ord(part)] or kind[ord(part)] != MARK])
    return fold, np.array(parts, np.int32)


def _enter(table: npt.NDArray[np.int32], parts: list[int], point: int, becomes: list[int]) -> None:
    if len(becomes) == 1:
        table[point] = becomes[0]
    elif becomes:
        table[point] = -len(parts)
        parts += [len(becomes), *becomes]
    else:
        table[point] = 0


def _plain(
    fold: npt.NDArray[np.int32], kind: npt.NDArray[np.uint8]
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Canonical decomposition and full case folding of each code point, without what tells nothing."""
    plain, parts = np.arange(CODE_POINTS, dtype=np.int32), [0]
    for point in np.flatnonzero((fold != plain) & (kind != OTHER) & (kind != SPACE_KIND)).tolist():
        decomposed = unicodedata.normalize("NFD", chr(point))
        text = unicodedata.normalize("NFD", decomposed.casefold())
        if text != chr(point):
            _enter(plain, parts, point, [ord(part) for part in text])
    for first, last in _TELLING:
        plain[first:last] = np.where(np.isin(kind[first:last], (MARK, FORMAT)), 0, plain[first:last])
    return plain, np.array(parts, np.int32)


def _info(
    fold: npt.NDArray[np.int32],
    parts: npt.NDArray[np.int32],
    kind: npt.NDArray[np.uint8],
    extend: npt.NDArray[np.bool_],
) -> npt.NDArray[np.uint32]:
    """Everything that the search for words has to look up, in one number."""
    single = np.maximum(fold, 0)
    sort = _sort_of_kind()[kind[single]]
    sort[extend[single]] = EXTEND
    sort[fold == 0] = np.where(kind[fold == 0] == MARK, ACCENT, INVISIBLE)
    sort[(kind == SPACE_KIND) & (fold != 0)] = SPACE
    sort[(kind == OTHER) & (sort == SPACE)] = SIGN
    sort[[ord(sign) for sign in _LINKING_SIGNS]] = LINKING
    sort[[ord(sign) for sign in _SPECIAL_SIGNS]] = SPECIAL
    tells = _told_by_kind()[kind[single]]
    point = np.where(single == ord("l"), ord("i"), single).astype(np.uint32)
    for place in np.flatnonzero(fold < 0).tolist():
        begin = -int(fold[place])
        becomes = parts[begin + 1 : begin + 1 + parts[begin]]
        point[place], sort[place] = begin, _sort_of_parts(kind[becomes], extend[becomes])
        tells[place] = np.bitwise_or.reduce(_told_by_kind()[kind[becomes]])
    for place in np.flatnonzero(tells & IN_SCRIPT).tolist():
        tells[place] |= CAPITAL if chr(place).isupper() else 0
    tells[(sort == ALONE) | (sort == ALONE_EXPANDED)] = IS_ALONE
    sorts = sort.astype(np.uint32) << np.uint32(POINT_BITS)
    return np.asarray(point | sorts | tells << np.uint32(POINT_BITS + SORT_BITS), np.uint32)


def _sort_of_kind() -> npt.NDArray[np.uint8]:
    sorts = np.full(10, LETTER, np.uint8)
    sorts[[OTHER, SPACE_KIND, MARK, FORMAT, UNSPACED]] = SIGN, SPACE, ACCENT, INVISIBLE, ALONE
    return sorts


def _told_by_kind() -> npt.NDArray[np.uint32]:
    tells = np.zeros(10, np.uint32)
    tells[LATIN : LATIN + 3] = IN_LATIN, IN_CYRILLIC, IN_GREEK
    tells[DIGIT_KIND] = NUMBER
    return tells


def _sort_of_parts(kinds: npt.NDArray[np.uint8], extending: npt.NDArray[np.bool_]) -> int:
    """The sort of a character that becomes several: a sign if letters of both sorts, or signs, are among them."""
    if (kinds[~extending] == UNSPACED).all():
        return ALONE_EXPANDED
    letters = (_sort_of_kind()[kinds] == LETTER) | extending
    return EXPANDED if letters.all() else SIGN
