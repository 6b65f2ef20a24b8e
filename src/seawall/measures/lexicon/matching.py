"""The search: each word of a text is looked up once by its hash; what may be a term is then read letter by letter.

Paths down the tree of terms stay open from word to word: each new word extends those that it fits, and may begin one.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from seawall.measures.compiled import compiled
from seawall.measures.lexicon.borrowing import borrowed, whole
from seawall.measures.lexicon.joints import joined
from seawall.measures.lexicon.reading import ADJACENT, GLUED, MOST_CHARACTERS, MOST_WORDS, Listed
from seawall.measures.lexicon.spelling import disguised, same, settle, spell
from seawall.measures.lexicon.tables import IN_SCRIPT, NUMBER, STAND_IN, Tables
from seawall.measures.lexicon.trie import ENDS, LEADS_ON, NONE, Trie, edge_of, may_be, node_of, step
from seawall.measures.lexicon.words import BEGIN, BROKEN, GAP, STOP, TELLS, VALUE, most_words, words_of

Bytes = npt.NDArray[np.uint8]
Offsets = npt.NDArray[np.int64]
Points = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]
Words = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]

_NO, _PLAIN, _DISGUISED = range(3)
_MOST_LETTERS = 18 * MOST_CHARACTERS
_BLANK = 0x20


class Desk(NamedTuple):
    """Room for the letters of one word that is looked at."""

    letters: Points
    key: Points
    capital: Bytes


@compiled
def match_rows(
    data: Bytes, offsets: Offsets, valid: Flags, tables: Tables, listed: Listed, trie: Trie, exact: Flags, rows: Offsets
) -> tuple[Offsets, int]:
    """All hits in the rows ``rows[0]`` to ``rows[1]``, and how many there are.

    A hit has its row, term, first byte and the byte behind it (in ``data``), and whether it is disguised.
    """
    data, exact = borrowed(data), borrowed(exact)
    tables, listed, trie = borrowed(tables), borrowed(listed), borrowed(trie)
    hits, count = np.empty((64, 5), np.int64), 0
    words, found = np.empty((1 << 10, 5), np.int64), np.empty((1 << 10, 3), np.int64)
    paths = np.empty((MOST_WORDS + 1, 2), np.int64)
    desk = Desk(np.empty(_MOST_LETTERS, np.int32), np.empty(_MOST_LETTERS, np.int32), np.empty(_MOST_LETTERS, np.uint8))
    for row in range(rows[0], rows[1]):
        begin, end = offsets[row], offsets[row + 1]
        if not valid[row] or begin == end:
            continue
        if most_words(end - begin) > len(words):
            words = np.empty((most_words(end - begin), 5), np.int64)
        size = words_of(data, begin, end, tables.info, tables.parts, words)
        _settle_words(data, words, size, tables, desk)
        candidates = _candidates(words, size, trie.bits, trie.slots, paths, found)
        while candidates < 0:
            found = np.empty((2 * len(found), 3), np.int64)
            candidates = _candidates(words, size, trie.bits, trie.slots, paths, found)
        for place in range(candidates):
            first, last, node = found[place, 0], found[place, 1], found[place, 2]
            if _is_bounded(data, words, first, last, size, tables):
                hits, count = _judge(
                    data, row, words, first, last, tables, listed, trie, exact, desk, node, hits, count
                )
    return hits, count


@compiled
def _settle_words(data: Bytes, words: Words, size: int, tables: Tables, desk: Desk) -> None:
    """Let words with look-alikes and stand-ins have the hash of what they are settled to."""
    for word in range(size):
        if _unsettled(words[word, TELLS]):
            words[word, VALUE] = whole(_settled(data, words[word, BEGIN], words[word, STOP], tables, desk))


@compiled
def _candidates(words: Words, size: int, bits: Hashes, slots: Hashes, paths: Words, found: Words) -> int:
    """Write where terms may stand, by their hashes: first word, last word and node; returns how many, -1 = too many.

    They stand in the order of their first words, then of their last ones. ``paths`` has room for the nodes of open
    paths and their first words.
    """
    count, opened = 0, 0
    for word in range(size):
        value = np.uint64(words[word, VALUE])
        opened = 0 if words[word, GAP] & BROKEN else opened
        paths[opened, 0], paths[opened, 1] = 0, word
        tried, opened = opened + 1, 0
        for path in range(tried):
            edge = edge_of(paths[path, 0], value)
            reached = step(slots, edge) if may_be(bits, edge) else np.uint64(0)
            first = paths[path, 1]
            if reached & ENDS:
                if count == len(found):
                    return -1
                place = count
                while place > 0 and found[place - 1, 0] > first:
                    found[place] = found[place - 1]
                    place -= 1
                found[place, 0], found[place, 1], found[place, 2] = first, word, node_of(reached)
                count += 1
            if reached & LEADS_ON:
                paths[opened, 0], paths[opened, 1] = node_of(reached), first
                opened += 1
    return count


@compiled
def _unsettled(tells: int) -> bool:
    """Whether the letters of a word have to be settled: letters of several scripts, or letters and stand-ins."""
    script = tells & IN_SCRIPT
    return script != 0 and (script & script - 1 != 0 or tells & (NUMBER | STAND_IN) != 0)


@compiled
def _settled(data: Bytes, begin: int, stop: int, tables: Tables, desk: Desk) -> np.uint64:
    """The hash of a word whose look-alikes have to be settled; 0 if it is longer than any term."""
    size = spell(data, begin, stop, tables, desk.letters, desk.capital, 0)
    return settle(desk.letters, 0, size, tables, desk.key) if size >= 0 else np.uint64(0)


@compiled
def _is_bounded(data: Bytes, words: Words, first: int, last: int, size: int, tables: Tables) -> bool:
    """Whether a word of Unicode begins with the word ``first`` and one ends with ``last``, of so many."""
    if first > 0 and data[words[first, BEGIN] - 1] > _BLANK and joined(data, words, first - 1, tables.info):
        return False
    return last + 1 == size or data[words[last, STOP]] <= _BLANK or not joined(data, words, last, tables.info)


@compiled
def _judge(
    data: Bytes,
    row: int,
    words: Words,
    first: int,
    last: int,
    tables: Tables,
    listed: Listed,
    trie: Trie,
    exact: Flags,
    desk: Desk,
    node: int,
    hits: Offsets,
    count: int,
) -> tuple[Offsets, int]:
    """Add a hit for each term that ends with the node, if it is written as the words ``first`` to ``last`` are."""
    term = whole(trie.head[node])
    while term != NONE:
        verdict = _verdict(data, words, first, last, tables, listed, desk, listed.words[term])
        if verdict == _PLAIN or (verdict == _DISGUISED and not exact[term]):
            if count == len(hits):
                longer = np.empty((2 * count, 5), np.int64)
                longer[:count] = hits
                hits = longer
            hits[count, 0], hits[count, 1], hits[count, 4] = row, term, verdict == _DISGUISED
            hits[count, 2], hits[count, 3] = words[first, BEGIN], words[last, STOP]
            count += 1
        term = whole(trie.following[term])
    return hits, count


@compiled
def _verdict(
    data: Bytes, words: Words, first: int, last: int, tables: Tables, listed: Listed, desk: Desk, term_first: int
) -> int:
    """How the words of a path stand to those of a term, which begin at ``term_first``."""
    verdict = _PLAIN
    for number in range(first, last + 1):
        word = term_first + number - first
        if listed.joint[word] == ADJACENT and words[number, GAP] != 0:
            return _NO
        if listed.joint[word] == GLUED and not joined(data, words, number - 1, tables.info):
            return _NO
        begin, stop = words[number, BEGIN], words[number, STOP]
        if same(data, begin, stop, tables, listed.plain, listed.plain_at[word], listed.plain_at[word + 1]):
            continue
        if not _is_disguise(data, begin, stop, tables, listed, desk, word):
            return _NO
        verdict = _DISGUISED
    return verdict


@compiled
def _is_disguise(data: Bytes, begin: int, stop: int, tables: Tables, listed: Listed, desk: Desk, word: int) -> bool:
    """Whether a word of a text has the key of a term's word and can be read as it."""
    size = spell(data, begin, stop, tables, desk.letters, desk.capital, 0)
    first = listed.letter_at[word]
    if size != listed.letter_at[word + 1] - first:
        return False
    settle(desk.letters, 0, size, tables, desk.key)
    for place in range(size):
        if desk.key[place] != listed.key[first + place]:
            return False
    return disguised(desk.letters, desk.capital, 0, size, listed.letters, first, tables)
