"""A text cut into words, runs of space and single signs, never inside what a reader sees as one character.

Where to cut follows the grapheme clusters of Unicode Standard Annex #29, but coarser: what that annex keeps together stays
together, and so do the letters of a word with all their marks, joiners and invisible characters.
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

_SIGN, _SPACE, _WORD, _LETTER, _EXTENDS, _GLUE, _FLAG, _PICTURE_GLUE = range(8)
"""What a code point does: ``_EXTENDS`` belongs to what is before it, ``_GLUE`` to that and to what follows;
two of ``_FLAG`` are one flag."""

_ALSO_EXTENDS = (0x0E33, 0x0EB3, 0xFF9E, 0xFF9F, *range(0x1F3FB, 0x1F400))
"""Letters that are written into the one before them, and the colours of skin."""

_LINKERS = (0x1039, 0x17D2, 0x1A60, 0xA9C0, 0xAAF6)
"""Signs that stack the letter after them under the one before, in scripts that put no spaces between words."""

_FLAGS = range(0x1F1E6, 0x1F200)
_MARKS_BELOW = 0x2E80
"""Below it are all marks that take room of their own and belong to scripts without spaces, but for a few in _EXTRA."""
_EXTRA = range(0xA980, 0xAB00)


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
    for point in (*range(_MARKS_BELOW), *_EXTRA):
        if roles[point] == _LETTER and unicodedata.category(chr(point)) == "Mc":
            roles[point] = _EXTENDS
    roles[kind == match_tables.MARK] = _EXTENDS
    roles[list(_ALSO_EXTENDS)] = _EXTENDS
    roles[kind == match_tables.FORMAT] = _GLUE
    roles[list(_LINKERS)] = _GLUE
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
        joins = role == _EXTENDS or role == _GLUE or before == _GLUE
        joins |= role == inside and (role == _WORD or role == _SPACE)
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
