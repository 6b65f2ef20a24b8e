"""A text cut into words, runs of space and single signs, never inside what a reader sees as one character.

Where to cut follows the grapheme clusters of Unicode Standard Annex #29, but coarser: what that annex keeps together
stays together, and so do the letters of a word with all their marks, joiners and invisible characters.
"""

from __future__ import annotations

import functools
import unicodedata
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from seawall.measures.compiled import compiled
from seawall.measures.text import match_tables
from seawall.measures.text.match_tables import CODE_POINTS, unicode_tables

Points = npt.NDArray[np.uint32]
Kinds = npt.NDArray[np.uint8]

_SIGN, _SPACE, _WORD, _LETTER, _EXTENDS, _GLUE, _FLAG = range(7)
"""What a code point does: ``_EXTENDS`` belongs to what is before it, ``_GLUE`` to that and to what follows;
two of ``_FLAG`` are one flag."""

_ALSO_EXTENDS = (0x0E33, 0x0EB3, 0xFF9E, 0xFF9F, *range(0x1F3FB, 0x1F400))
"""Letters that are written into the one before them, and the colours of skin."""

_VIRAMA = 9
"""The combining class of signs that join the letter after them to the one before."""

_FLAGS = range(0x1F1E6, 0x1F200)
_BLOCKS = (
    (0x300, 0x2E80),
    (0x302E, 0x3030),
    (0xA000, 0xAC00),
    (0x11000, 0x12000),
    (0x16F00, 0x17000),
    (0x1D100, 0x1D200),
)
"""Where all marks are that stand beside their letter."""


def pieces(text: str) -> list[str]:
    """The pieces of a text in their order; together they are the text.

    >>> pieces("Plant 2 tulips, now!")
    ['Plant', ' ', '2', ' ', 'tulips', ',', ' ', 'now', '!']
    >>> pieces("花园👩\u200d🌾")
    ['花', '园', '👩\u200d🌾']
    """
    if not text:
        return []
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    cuts = _cuts(points, _roles())
    return [text[start:end] for start, end in pairwise(cuts.tolist())]


@functools.cache
def _roles() -> Kinds:
    """What each code point does."""
    kind = unicode_tables().kind
    roles = np.full(CODE_POINTS, _SIGN, np.uint8)
    roles[kind == match_tables.SPACE] = _SPACE
    for word in (match_tables.WORD, match_tables.LATIN, match_tables.CYRILLIC, match_tables.GREEK, match_tables.DIGIT):
        roles[kind == word] = _WORD
    roles[kind == match_tables.UNSPACED] = _LETTER
    for start, stop in _BLOCKS:
        beside = [point for point in range(start, stop) if unicodedata.category(chr(point)) == "Mc"]
        roles[beside] = _EXTENDS
    marks = np.flatnonzero(kind == match_tables.MARK)
    roles[marks] = _EXTENDS
    roles[list(_ALSO_EXTENDS)] = _EXTENDS
    roles[kind == match_tables.FORMAT] = _GLUE
    joining = [point for point in marks.tolist() if unicodedata.combining(chr(point)) == _VIRAMA]
    roles[joining] = _GLUE
    roles[_FLAGS.start : _FLAGS.stop] = _FLAG
    roles[ord("_")] = _WORD
    return roles


@compiled
def _cuts(points: Points, roles: Kinds) -> npt.NDArray[np.int64]:
    """Where pieces begin, and the end."""
    cuts = np.empty(len(points) + 1, np.int64)
    cuts[0] = 0
    count, flags = 1, 0
    inside = before = roles[points[0]]
    for at in range(1, len(points)):
        role = roles[points[at]]
        flags = flags + 1 if before == _FLAG else 0
        joins = role in (_EXTENDS, _GLUE) or before == _GLUE
        joins |= role == inside and role in (_WORD, _SPACE)
        joins |= role == _FLAG and before == _FLAG and flags % 2 == 1
        if not joins:
            cuts[count] = at
            count += 1
            inside = role
        elif before == _GLUE and role != _EXTENDS and role != _GLUE:
            inside = role
        before = role
    cuts[count] = len(points)
    return cuts[: count + 1]
