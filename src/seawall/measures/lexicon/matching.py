"""The search: each word of a text is looked up once by its hash; what may be a term is then read letter by letter.

Paths down the tree of terms stay open from word to word: each new word extends those that it fits, and may begin one.
Rows are taken some at a time, so that each step runs through many words before the next one begins.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from seawall.measures.borrowing import borrowed, whole
from seawall.measures.compiled import compiled, inlined
from seawall.measures.lexicon.joints import joined
from seawall.measures.lexicon.reading import ADJACENT, GLUED, MOST_CHARACTERS, MOST_WORDS, Listed
from seawall.measures.lexicon.spelling import disguised, same, settle, spell
from seawall.measures.lexicon.tables import IN_SCRIPT, NUMBER, STAND_IN, Tables
from seawall.measures.lexicon.trie import ENDS, LEADS_ON, NONE, Trie, edge_of, may_be, node_of, step
from seawall.measures.lexicon.words import BROKEN, Words, empty_words, most_words, words_of
from seawall.measures.prefetch import prefetch

Bytes = npt.NDArray[np.uint8]
Offsets = npt.NDArray[np.int64]
Points = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]
Hashes = npt.NDArray[np.uint64]
Info = npt.NDArray[np.uint32]

_NO, _PLAIN, _DISGUISED = range(3)
_MOST_LETTERS = 18 * MOST_CHARACTERS
_BLANK = 0x20
_BYTES, _ROWS = 1 << 15, 1 << 10
"""Rows are taken together up to so many bytes, and so many rows."""


class Desk(NamedTuple):
    """Room for the letters of one word that is looked at."""

    letters: Points
    key: Points
    capital: Bytes


class Block(NamedTuple):
    """Room for the words of some rows. The first word of a row stands behind a break."""

    words: Words
    begins: Offsets  # of each row, the number of its first word; one more at the end
    openers: Offsets  # the words that a term may begin with
    edges: Hashes  # of these from the root


@compiled
def _empty_block(words: int) -> Block:
    return Block(
        empty_words(words),
        np.empty(_ROWS + 1, np.int64),
        np.empty(words, np.int64),
        np.empty(words, np.uint64),
    )


@compiled
def match_rows(
    data: Bytes,
    offsets: Offsets,
    valid: Flags,
    tables: Tables,
    listed: Listed,
    trie: Trie,
    exact: Flags,
    rows: Offsets,
) -> Offsets:
    """All hits in the rows ``rows[0]`` to ``rows[1]``.

    A hit is a column: its row, term, first byte and the byte behind it (in the row), and whether it is disguised.
    """
    hits, count = np.empty((5, 64), np.int64), 0
    block, found = _empty_block(1 << 13), np.empty((1 << 10, 3), np.int64)
    paths = np.empty((MOST_WORDS + 1, 2), np.int64)
    desk = Desk(np.empty(_MOST_LETTERS, np.int32), np.empty(_MOST_LETTERS, np.int32), np.empty(_MOST_LETTERS, np.uint8))
    row = rows[0]
    while row < rows[1]:
        behind, most = _taken_together(offsets, row, rows[1])
        if most > len(block.openers):
            block = _empty_block(most)
        size = _read(data, offsets, valid, row, behind, tables, block, desk)
        openers = _openers(size, trie, block)
        candidates = _candidates(size, openers, trie, block, paths, found)
        while candidates < 0:
            found = np.empty((2 * len(found), 3), np.int64)
            candidates = _candidates(size, openers, trie, block, paths, found)
        hits, count = _judged(
            data, offsets, tables, listed, trie, exact, desk, block, size, row, found[:candidates], hits, count
        )
        row = behind
    return hits[:, :count]


@compiled
def _taken_together(offsets: Offsets, row: int, end: int) -> tuple[int, int]:
    """The row behind those that are taken together with a row, and more words than they hold."""
    behind, most = row, 0
    while behind < end and behind - row < _ROWS and (behind == row or offsets[behind + 1] - offsets[row] <= _BYTES):
        most += most_words(offsets[behind + 1] - offsets[behind])
        behind += 1
    return behind, most


@compiled
def _read(
    data: Bytes, offsets: Offsets, valid: Flags, row: int, behind: int, tables: Tables, block: Block, desk: Desk
) -> int:
    """Write the words of some rows to the block, with the hashes of what they are settled to; how many there are."""
    end = len(data)
    data, tables, words, desk = borrowed(data), borrowed(tables), borrowed(block.words), borrowed(desk)
    size = 0
    for number in range(behind - row):
        block.begins[number] = size
        if valid[row + number]:
            first, last = offsets[row + number], offsets[row + number + 1]
            size = words_of(data, end, first, last, tables.info, tables.parts, words, size)
            words.gap[block.begins[number]] |= BROKEN
    block.begins[behind - row] = size
    for word in range(size):
        if _unsettled(words.tells[word]):
            words.value[word] = _settled(data, words.begin[word], words.stop[word], tables, desk)
    return size


@compiled
def _openers(size: int, trie: Trie, block: Block) -> int:
    """Write which words a term may begin with, and start to fetch what is known of them; how many these are."""
    trie, block = borrowed(trie), borrowed(block)
    count = 0
    for word in range(size):
        edge = edge_of(0, block.words.value[word])
        block.openers[count], block.edges[count] = word, edge
        count += may_be(trie, edge)
    for place in range(count):
        prefetch(trie.slots, 2 * (whole(block.edges[place]) & trie.last_slot))
    return count


@compiled
def _candidates(size: int, openers: int, trie: Trie, block: Block, paths: Offsets, found: Offsets) -> int:
    """Write where terms may stand, by their hashes: first word, last word and node; returns how many, -1 = too many.

    They stand in the order of their first words, then of their last ones. ``paths`` has room for the nodes of open
    paths and their first words.
    """
    trie, block = borrowed(trie), borrowed(block)
    words, count, opened, number, word = block.words, 0, 0, 0, 0
    while opened or number < openers:
        word = word if opened else block.openers[number]
        if word == size:
            break
        tried, opened = 0 if words.gap[word] & BROKEN else opened, 0
        if number < openers and block.openers[number] == word:
            paths[tried, 0], paths[tried, 1] = 0, word
            tried, number = tried + 1, number + 1
        for path in range(tried):
            reached = _reached(trie, paths[path, 0], words.value[word])
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
        word += 1
    return count


@inlined
def _reached(trie: Trie, node: int, value: np.uint64) -> np.uint64:
    """Where a word leads from a node, see ``step``."""
    edge = edge_of(node, value)
    return step(trie, edge) if may_be(trie, edge) else np.uint64(0)


@compiled
def _unsettled(tells: int) -> bool:
    """Whether the letters of a word have to be settled: letters of several scripts, or letters and stand-ins."""
    script = tells & IN_SCRIPT
    return script != 0 and (script & script - 1 != 0 or tells & (NUMBER | STAND_IN) != 0)


@compiled
def _settled(data: Bytes, begin: int, stop: int, tables: Tables, desk: Desk) -> np.uint64:
    """The hash of a word whose look-alikes have to be settled; 0 if it is longer than any term."""
    size = spell(data, begin, stop, tables, desk.letters, desk.capital, 0, _MOST_LETTERS)
    return settle(desk.letters, 0, size, tables, desk.key) if size >= 0 else np.uint64(0)


@inlined
def _is_bounded(data: Bytes, words: Words, first: int, last: int, size: int, info: Info) -> bool:
    """Whether a word of Unicode begins with the word ``first`` and one ends with ``last``, of so many."""
    if first > 0 and data[words.begin[first] - 1] > _BLANK and joined(data, words, first - 1, info):
        return False
    return last + 1 == size or data[words.stop[last]] <= _BLANK or not joined(data, words, last, info)


@compiled
def _judged(
    data: Bytes,
    offsets: Offsets,
    tables: Tables,
    listed: Listed,
    trie: Trie,
    exact: Flags,
    desk: Desk,
    block: Block,
    size: int,
    row: int,
    found: Offsets,
    hits: Offsets,
    count: int,
) -> tuple[Offsets, int]:
    """Add the hits among the candidates in a block whose first row is ``row``."""
    data, tables, listed, trie, desk = (
        borrowed(data),
        borrowed(tables),
        borrowed(listed),
        borrowed(trie),
        borrowed(desk),
    )
    words, begins, block_row = borrowed(block.words), borrowed(block.begins), row
    for place in range(len(found)):
        first, last, node = found[place, 0], found[place, 1], found[place, 2]
        if not _is_bounded(data, words, first, last, size, tables.info):
            continue
        while begins[row - block_row + 1] <= first:
            row += 1
        term = whole(trie.head[node])
        while term != NONE:
            written = _written(data, words, first, last, tables, listed, desk, listed.words[term])
            if written == _PLAIN or (written == _DISGUISED and not exact[term]):
                if count == hits.shape[1]:
                    hits = _longer(hits)
                hits[0, count], hits[1, count], hits[4, count] = row, term, written == _DISGUISED
                hits[2, count] = words.begin[first] - offsets[row]
                hits[3, count] = words.stop[last] - offsets[row]
                count += 1
            term = whole(trie.following[term])
    return hits, count


@compiled
def _longer(hits: Offsets) -> Offsets:
    longer = np.empty((5, 2 * hits.shape[1]), np.int64)
    longer[:, : hits.shape[1]] = hits
    return longer


@inlined
def _stands_beside(data: Bytes, words: Words, number: int, joint: int, info: Info) -> bool:
    """Whether a word of a text is joined to the one before it as one of a term is."""
    if joint == ADJACENT:
        return bool(words.gap[number] == 0)
    return joint != GLUED or joined(data, words, number - 1, info)


@inlined
def _written(
    data: Bytes, words: Words, first: int, last: int, tables: Tables, listed: Listed, desk: Desk, term_first: int
) -> int:
    """How the words of a path stand to those of a term, which begin at ``term_first``."""
    written = _PLAIN
    for number in range(first, last + 1):
        word = term_first + number - first
        begin, stop = words.begin[number], words.stop[number]
        if not _stands_beside(data, words, number, listed.joint[word], tables.info):
            written = _NO
        elif not same(data, begin, stop, tables, listed.plain, listed.plain_at[word], listed.plain_at[word + 1]):
            written = _DISGUISED if _is_disguise(data, begin, stop, tables, listed, desk, word) else _NO
        if written == _NO:
            break
    return written


@compiled
def _is_disguise(data: Bytes, begin: int, stop: int, tables: Tables, listed: Listed, desk: Desk, word: int) -> bool:
    """Whether a word of a text has the key of a term's word and can be read as it."""
    size = spell(data, begin, stop, tables, desk.letters, desk.capital, 0, _MOST_LETTERS)
    first = listed.letter_at[word]
    if size != listed.letter_at[word + 1] - first:
        return False
    settle(desk.letters, 0, size, tables, desk.key)
    for place in range(size):
        if desk.key[place] != listed.key[first + place]:
            return False
    return disguised(desk.letters, desk.capital, 0, size, listed.letters, first, tables)
