"""The search: each word of a text that may begin a term is followed down the tree, and what is found is looked at closely."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from seawall.measures.compiled import compiled
from seawall.measures.lexicon.joints import joined
from seawall.measures.lexicon.reading import ADJACENT, GLUED, MOST_CHARACTERS, MOST_WORDS, Listed
from seawall.measures.lexicon.spelling import disguised, same, settle, spell
from seawall.measures.lexicon.tables import IN_SCRIPT, IS_ALONE, NUMBER, STAND_IN, Tables
from seawall.measures.lexicon.trie import NONE, Trie, find, may_begin
from seawall.measures.lexicon.words import BROKEN, next_word

Bytes = npt.NDArray[np.uint8]
Offsets = npt.NDArray[np.int64]
Points = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]

_NO, _PLAIN, _DISGUISED = range(3)
_MOST_LETTERS = 18 * MOST_CHARACTERS
_OTHERS = NUMBER | STAND_IN


class Path(NamedTuple):
    """The words of a text from one word on, as far as they lead down the tree."""

    begin: Offsets
    stop: Offsets
    gap: Offsets  # what stands before each
    tells: Offsets
    letter_at: Offsets
    letters: Points
    key: Points
    capital: Bytes


@compiled
def _new_path() -> Path:
    size = MOST_WORDS + 1
    return Path(
        np.zeros(size, np.int64),
        np.zeros(size, np.int64),
        np.zeros(size, np.int64),
        np.zeros(size, np.int64),
        np.zeros(size + 1, np.int64),
        np.empty(_MOST_LETTERS, np.int32),
        np.empty(_MOST_LETTERS, np.int32),
        np.empty(_MOST_LETTERS, np.uint8),
    )


@compiled
def match_rows(
    data: Bytes, offsets: Offsets, valid: Flags, tables: Tables, listed: Listed, trie: Trie, exact: Flags, rows: Offsets
) -> tuple[Offsets, int]:
    """All hits in the rows ``rows[0]`` to ``rows[1]``: row, term, first byte, byte behind, whether disguised; and how many."""
    hits, count = np.empty((64, 5), np.int64), 0
    path = _new_path()
    for row in range(rows[0], rows[1]):
        if not valid[row]:
            continue
        stop, end, before, tells_before = offsets[row], offsets[row + 1], -1, IS_ALONE
        while True:
            stop_before = stop
            begin, stop, value, tells, gap = next_word(data, stop, end, tables.info, tables.parts)
            if begin < 0:
                break
            if _unsettled(tells):
                value = _settled(data, begin, stop, tables, path)
            if may_begin(trie.bits, value):
                path.begin[0], path.stop[0], path.gap[0], path.tells[0] = begin, stop, gap, tells
                free = gap & BROKEN != 0 or tells_before == IS_ALONE or tells == IS_ALONE
                free = free or not joined(data, before, stop_before, begin, stop, tables.info)
                if free:
                    hits, count = _follow(data, end, tables, listed, trie, exact, path, row, hits, count)
            before, tells_before = begin, tells
    return hits, count


@compiled
def _unsettled(tells: int) -> bool:
    """Whether the letters of a word have to be settled: letters of several scripts, or letters and stand-ins."""
    script = tells & IN_SCRIPT
    return script != 0 and (script & script - 1 != 0 or tells & _OTHERS != 0)


@compiled
def _settled(data: Bytes, begin: int, stop: int, tables: Tables, path: Path) -> np.uint64:
    """The hash of a word whose look-alikes have to be settled; 0 if it is longer than any term."""
    size = spell(data, begin, stop, tables, path.letters, path.capital, 0)
    return settle(path.letters, 0, size, tables, path.key) if size >= 0 else np.uint64(0)


@compiled
def _follow(
    data: Bytes,
    end: int,
    tables: Tables,
    listed: Listed,
    trie: Trie,
    exact: Flags,
    path: Path,
    row: int,
    hits: Offsets,
    count: int,
) -> tuple[Offsets, int]:
    """Add the hits that begin with the first word of the path."""
    node, depth = 0, 0
    while True:
        first = path.letter_at[depth]
        size = spell(data, path.begin[depth], path.stop[depth], tables, path.letters, path.capital, first)
        if size < 0:
            break
        path.letter_at[depth + 1] = size
        value = settle(path.letters, first, size, tables, path.key)
        node, _ = find(listed, trie, node, value, path.key, first, size)
        if node == 0:
            break
        begin, stop, _, tells, gap = next_word(data, path.stop[depth], end, tables.info, tables.parts)
        if trie.head[node] != NONE and _may_end(data, path, depth, begin, stop, tells, gap, tables):
            hits, count = _judge(data, tables, listed, trie, exact, path, depth, node, row, hits, count)
        depth += 1
        if not trie.leads_on[node] or begin < 0 or gap & BROKEN:
            break
        path.begin[depth], path.stop[depth], path.gap[depth], path.tells[depth] = begin, stop, gap, tells
    return hits, count


@compiled
def _may_end(
    data: Bytes, path: Path, depth: int, begin: int, stop: int, tells: int, gap: int, tables: Tables
) -> bool:
    """Whether a word of Unicode ends where the path does, before the word at ``begin``."""
    if begin < 0 or gap & BROKEN or tells == IS_ALONE or path.tells[depth] == IS_ALONE:
        return True
    return not joined(data, path.begin[depth], path.stop[depth], begin, stop, tables.info)


@compiled
def _judge(
    data: Bytes,
    tables: Tables,
    listed: Listed,
    trie: Trie,
    exact: Flags,
    path: Path,
    depth: int,
    node: int,
    row: int,
    hits: Offsets,
    count: int,
) -> tuple[Offsets, int]:
    """Add a hit for each term that ends with the node, if it is spelt and joined as the text is."""
    term = np.int64(trie.head[node])
    while term != NONE:
        verdict = _verdict(data, tables, listed, path, depth, listed.words[term])
        if verdict == _PLAIN or (verdict == _DISGUISED and not exact[term]):
            if count == len(hits):
                longer = np.empty((2 * count, 5), np.int64)
                longer[:count] = hits
                hits = longer
            hits[count, 0], hits[count, 1] = row, term
            hits[count, 2], hits[count, 3] = path.begin[0], path.stop[depth]
            hits[count, 4] = verdict == _DISGUISED
            count += 1
        term = np.int64(trie.following[term])
    return hits, count


@compiled
def _verdict(data: Bytes, tables: Tables, listed: Listed, path: Path, depth: int, first: int) -> int:
    """How the words of a path stand to those of a term from ``first`` on."""
    verdict = _PLAIN
    for place in range(depth + 1):
        word = first + place
        if listed.joint[word] == ADJACENT and path.gap[place] != 0:
            return _NO
        begin, stop = path.begin[place], path.stop[place]
        if listed.joint[word] == GLUED:
            before = place - 1
            if not joined(data, path.begin[before], path.stop[before], begin, stop, tables.info):
                return _NO
        if same(data, begin, stop, tables, listed.plain, listed.plain_at[word], listed.plain_at[word + 1]):
            continue
        letters, until = path.letter_at[place], path.letter_at[place + 1]
        if not disguised(path.letters, path.capital, letters, until, listed.letters, listed.letter_at[word], tables):
            return _NO
        verdict = _DISGUISED
    return verdict
