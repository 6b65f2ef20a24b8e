"""A list of terms -> their words, as arrays for the search; what cannot be a term is told by a code."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from seawall.measures.borrowing import borrowed
from seawall.measures.compiled import compiled
from seawall.measures.lexicon.joints import joined
from seawall.measures.lexicon.skipped import sort_at
from seawall.measures.lexicon.spelling import settle, spell, write_plain
from seawall.measures.lexicon.tables import IS_ALONE, SPACE, Tables
from seawall.measures.lexicon.words import BROKEN, Words, empty_words, most_words, words_of
from seawall.measures.text.text_buffers import TextBuffers, code_point

Bytes = npt.NDArray[np.uint8]
Offsets = npt.NDArray[np.int64]
Points = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]
Hashes = npt.NDArray[np.uint64]

MOST_CHARACTERS, MOST_WORDS = 200, 64
"""Limits of a term; each letter of a script without spaces counts as a word."""
READ, EMPTY, LONG, MANY_WORDS, NO_WORD, ADDRESS = range(6)
"""What became of a term."""
FREE, GLUED, ADJACENT = range(3)
"""What may stand between a word and the one before: anything but a word, what joins both into one, nothing."""

_MOST_LETTERS = 18 * MOST_CHARACTERS  # the longest expansion of a character, of each


class Listed(NamedTuple):
    """Terms as words: those of term ``t`` are ``words[t]`` to ``words[t + 1]``.

    Word ``w`` has the letters ``letters[letter_at[w] : letter_at[w + 1]]``, settled ones at the same places of ``key``,
    and is plainly written ``plain[plain_at[w] : plain_at[w + 1]]``.
    """

    words: Offsets
    joint: Bytes  # of each word: FREE, GLUED or ADJACENT to the one before
    alone: Flags  # of each word: whether it is a letter of a script without spaces
    letter_at: Offsets
    plain_at: Offsets
    letters: Points
    key: Points
    plain: Points
    value: Hashes  # of each word: the hash of its key


def read_terms(terms: TextBuffers, tables: Tables) -> tuple[Listed, Bytes]:
    """The words of each term, and what became of it; a term that was not read has no words."""
    rows = len(terms.valid)
    most = int(terms.offsets[-1] - terms.offsets[0]) // 2 + 2 * rows + 1
    spans, joint, alone = np.empty((most, 2), np.int64), np.empty(most, np.uint8), np.empty(most, np.bool_)
    words, became = np.zeros(rows + 1, np.int64), np.zeros(rows, np.uint8)
    room = empty_words(most_words(4 * MOST_CHARACTERS))
    _cut(*terms, tables, room, became, words, spans, joint, alone)
    spans = spans[: words[-1]]
    sizes = np.zeros((2, len(spans) + 1), np.int64)
    _measure(terms.data, spans, tables, sizes)
    letter_at, plain_at = np.cumsum(sizes, axis=1)
    letters, key, plain = (np.empty(at[-1], np.int32) for at in (letter_at, letter_at, plain_at))
    value = np.empty(len(spans), np.uint64)
    _fill(terms.data, spans, tables, letter_at, plain_at, letters, key, plain, value)
    return Listed(
        words, joint[: words[-1]], alone[: words[-1]], letter_at, plain_at, letters, key, plain, value
    ), became


@compiled
def _cut(
    data: Bytes,
    offsets: Offsets,
    valid: Flags,
    tables: Tables,
    here: Words,
    became: Bytes,
    words: Offsets,
    spans: Offsets,
    joint: Bytes,
    alone: Flags,
) -> None:
    """Where the words of each term stand, and how each is joined to the one before; ``here`` is room for one term."""
    size, data, tables, here = len(data), borrowed(data), borrowed(tables), borrowed(here)
    for term in range(len(valid)):
        first, begin, end = words[term], offsets[term], offsets[term + 1]
        words[term + 1] = first
        became[term] = _first_look(data, begin, end, tables) if valid[term] else EMPTY
        if became[term] != READ:
            continue
        count = words_of(data, size, begin, end, tables.info, tables.parts, here, 0)
        became[term] = _second_look(here, count)
        if became[term] == READ:
            words[term + 1] = first + count
            for number in range(count):
                spans[first + number, 0], spans[first + number, 1] = here.begin[number], here.stop[number]
                alone[first + number] = here.tells[number] & IS_ALONE != 0
                joint[first + number] = _joint(data, here, number, tables)


@compiled
def _first_look(data: Bytes, at: int, end: int, tables: Tables) -> int:
    """LONG or EMPTY where a term is, READ otherwise."""
    characters, filled = 0, False
    while at < end and characters <= MOST_CHARACTERS:
        filled |= sort_at(data, at, end, tables.info) != SPACE
        _, at = code_point(data, at, end)
        characters += 1
    if characters > MOST_CHARACTERS:
        return LONG
    return READ if filled else EMPTY


@compiled
def _second_look(words: Words, count: int) -> int:
    """What becomes of a term with these words."""
    for number in range(count + 1):
        if words.gap[number] & BROKEN:
            return ADDRESS
    if count == 0:
        return NO_WORD
    return MANY_WORDS if count > MOST_WORDS else READ


@compiled
def _joint(data: Bytes, words: Words, number: int, tables: Tables) -> int:
    if number == 0 or (words.tells[number] ^ words.tells[number - 1]) & IS_ALONE:
        return FREE
    if words.tells[number] & IS_ALONE:
        return FREE if words.gap[number] else ADJACENT
    return GLUED if joined(data, words, number - 1, tables.info) else FREE


@compiled
def _measure(data: Bytes, spans: Offsets, tables: Tables, sizes: Offsets) -> None:
    """How many letters each word has, and how many plain ones."""
    letters, capital = np.empty(_MOST_LETTERS, np.int32), np.empty(_MOST_LETTERS, np.uint8)
    for word in range(len(spans)):
        begin, stop = spans[word, 0], spans[word, 1]
        sizes[0, word + 1] = spell(data, begin, stop, tables, letters, capital, 0, _MOST_LETTERS)
        sizes[1, word + 1] = write_plain(data, begin, stop, tables, letters, 0, _MOST_LETTERS)


@compiled
def _fill(
    data: Bytes,
    spans: Offsets,
    tables: Tables,
    letter_at: Offsets,
    plain_at: Offsets,
    letters: Points,
    key: Points,
    plain: Points,
    value: Hashes,
) -> None:
    """Write the letters of each word in their three forms, and the hash."""
    capital = np.empty(len(letters), np.uint8)
    for word in range(len(spans)):
        begin, stop = spans[word, 0], spans[word, 1]
        spell(data, begin, stop, tables, letters, capital, letter_at[word], len(letters))
        value[word] = settle(letters, letter_at[word], letter_at[word + 1], tables, key)
        write_plain(data, begin, stop, tables, plain, plain_at[word], len(plain))
