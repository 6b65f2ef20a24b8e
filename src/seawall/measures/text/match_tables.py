"""What a single code point becomes in a match key, and what kind of character it is.

The tables are built from one version of Unicode and shipped with the package (``unicode.npz``), so that
a text has the same key under every version of Python. ``build`` makes them anew, and a test compares.
"""

from __future__ import annotations

import functools
import unicodedata
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

UNICODE_VERSION = "14.0.0"
CODE_POINTS = 0x110000

OTHER, SPACE, WORD, LATIN, CYRILLIC, GREEK, DIGIT, UNSPACED, MARK, FORMAT = range(10)
"""Kinds of characters. ``UNSPACED`` are letters of scripts that put no spaces between words; ``WORD`` are all
other letters and numbers; ``OTHER`` is punctuation, symbols, controls and what Unicode has not assigned."""

_UNSPACED_NAMES = ("CJK ", "HIRAGANA ", "KATAKANA ", "BOPOMOFO ", "THAI ", "LAO ", "KHMER ", "MYANMAR ", "TIBETAN ")
_TATWEEL = 0x0640
_INVISIBLE_LETTERS = frozenset({0x115F, 0x1160, 0x3164, 0xFFA0})  # the Hangul fillers

TWINS = {
    "ı": "i", "ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ŧ": "t", "ɑ": "a", "ɡ": "g", "ɩ": "i", "æ": "ae", "œ": "oe",
    "\u06cc": "\u064a", "\u0649": "\u064a", "\u06a9": "\u0643",
}  # fmt: skip
"""Letters of one script that are written for one another: always folded. The last three are the Persian and
Arabic forms of yeh and kaf."""


class UnicodeTables(NamedTuple):
    """Arrays that are looked up by code point."""

    fold: npt.NDArray[np.int32]  # what it becomes: a code point, 0 = nothing, -n = see expansions[n]
    expansions: npt.NDArray[np.int32]  # at n: how many code points, then these
    kind: npt.NDArray[np.uint8]


def kind_of(character: str) -> int:
    """The kind of one character, by its general category and its name."""
    category = unicodedata.category(character)
    if category[0] in "Z" or character in "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85":
        return SPACE
    if category in ("Mn", "Me"):
        return MARK
    if category == "Cf":
        return FORMAT
    if category == "Nd":
        return DIGIT
    if category[0] not in "LN" and category != "Mc":
        return OTHER
    name = unicodedata.name(character, "")
    if name.startswith(_UNSPACED_NAMES):
        return UNSPACED
    if category[0] == "L":
        for script, kind in (("LATIN", LATIN), ("CYRILLIC", CYRILLIC), ("GREEK", GREEK)):
            if name.startswith(script):
                return kind
    return WORD


def folded(character: str) -> str:
    """What one character becomes: compatibility form, case folded, without marks and format characters.

    >>> folded("É"), folded("Ｆ"), folded("ﬁ"), folded("\\u0640"), folded("…"), folded("٣")
    ('e', 'f', 'fi', '', '...', '3')
    """
    text = character
    for _ in range(3):
        text = unicodedata.normalize("NFKD", text).casefold()
    text = unicodedata.normalize("NFKD", text)
    return "".join(_settled(part) for part in text)


def _settled(part: str) -> str:
    """One decomposed character as it stands in the key; a space for what separates words."""
    point, kind = ord(part), kind_of(part)
    if kind == SPACE:
        return " "
    if kind in (MARK, FORMAT) or unicodedata.combining(part) or point == _TATWEEL or point in _INVISIBLE_LETTERS:
        return ""
    if kind == DIGIT:
        return str(unicodedata.decimal(part))
    if kind == OTHER:
        if unicodedata.category(part) == "Cc":
            return ""
        return part if part.isascii() else " "
    return TWINS.get(part, part)


def build() -> UnicodeTables:
    """The tables from this Python's ``unicodedata`` (about three seconds)."""
    fold = np.zeros(CODE_POINTS, np.int32)
    kind = np.zeros(CODE_POINTS, np.uint8)
    expansions: list[int] = [0]
    for point in range(CODE_POINTS):
        character = chr(point)
        if unicodedata.category(character) in ("Cn", "Co", "Cs"):
            fold[point] = ord(" ")
            continue
        kind[point] = kind_of(character)
        text = folded(character)
        if len(text) == 1:
            fold[point] = ord(text)
        elif text:
            fold[point] = -len(expansions)
            expansions += [len(text), *map(ord, text)]
    return UnicodeTables(fold, np.array(expansions, np.int32), kind)


def write(path: str) -> None:
    """Write the tables of ``build`` to a file, compressed; refuses under another version of Unicode."""
    if unicodedata.unidata_version != UNICODE_VERSION:
        message = f"This Python knows Unicode {unicodedata.unidata_version}; the tables are of {UNICODE_VERSION}."
        raise RuntimeError(message)
    tables = build()
    change = tables.fold - np.arange(CODE_POINTS, dtype=np.int32)
    change[_separators(tables.kind) & (tables.fold == ord(" "))] = 0
    np.savez_compressed(path, change=change, expansions=tables.expansions, kind=tables.kind)


@functools.cache
def unicode_tables() -> UnicodeTables:
    """The shipped tables, read once (about 30 ms)."""
    with np.load(Path(__file__).with_name("unicode.npz")) as shipped:
        change, kind = shipped["change"], shipped["kind"]
        fold = change + np.arange(CODE_POINTS, dtype=np.int32)
        fold[_separators(kind) & (change == 0)] = ord(" ")
        return UnicodeTables(fold, shipped["expansions"], kind)


def _separators(kind: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    """Which code points become a space unless the file says otherwise: it need not list 800,000 of them."""
    separators: npt.NDArray[np.bool_] = (kind == OTHER) & (np.arange(CODE_POINTS) >= 0x80)
    return separators
