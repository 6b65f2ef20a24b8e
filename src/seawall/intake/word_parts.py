"""Which characters belong to a word as people tag, mention and search it: one table for all kernels."""

from __future__ import annotations

import functools

import numpy as np
import numpy.typing as npt

from seawall.measures.text.match_tables import DIGIT, FORMAT, MARK, OTHER, SPACE, unicode_tables

NOT_WORD, IN_WORD, LETTER = 0, 1, 2
"""Ends a word; may stand in it; may stand in it and makes it more than a number."""

_UNDERSCORE, _JOINER, _NON_JOINER = 0x5F, 0x200D, 0x200C  # the joiners stand inside words of Persian and Indic scripts


@functools.cache
def word_parts() -> npt.NDArray[np.uint8]:
    """For each code point NOT_WORD, IN_WORD or LETTER."""
    kind = unicode_tables().kind
    word = np.full(len(kind), LETTER, np.uint8)
    word[(kind == OTHER) | (kind == SPACE) | (kind == FORMAT)] = NOT_WORD
    word[(kind == MARK) | (kind == DIGIT)] = IN_WORD
    word[[_UNDERSCORE, _JOINER, _NON_JOINER]] = IN_WORD
    return word
