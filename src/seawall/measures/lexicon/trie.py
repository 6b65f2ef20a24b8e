"""The words of all terms as one tree: from a word on, which words may follow and which terms are then complete.

The tree is an open-addressing hash table whose keys are made of a node and a word; a bit for each first word lets the
search pass over nearly all other words with one look. Words are compared letter by letter: no two are ever confused.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from seawall.measures.compiled import compiled
from seawall.measures.keys import mix
from seawall.measures.lexicon.reading import Listed

Hashes = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.int32]
Points = npt.NDArray[np.int32]

NONE = -1
_BITS_A_WORD, _FEWEST_BITS, _MOST_BITS = 16, 1 << 12, 1 << 23


class Trie(NamedTuple):
    """Node 0 is the root; the other nodes are words behind those of their parents."""

    bits: Hashes  # of the first words, by their hashes
    edges: Hashes  # of each slot: the hash of parent and word
    children: Numbers  # of each slot: the node, 0 = free
    parent: Numbers  # of each node
    word: Numbers  # of each node: the number of a word in the list
    leads_on: npt.NDArray[np.bool_]  # of each node: whether it has children
    head: Numbers  # of each node: the first term that ends with it
    following: Numbers  # of each term: the next one that ends with the same node


def plant(listed: Listed, unique: int) -> tuple[Trie, Numbers]:
    """The tree of all terms that have words.

    Args:
        listed: the terms.
        unique: of the first so many terms those are left out that are written as an earlier one.

    Returns:
        the tree, and for each term the earlier one for which it was left out (NONE = it was not).
    """
    words, terms = len(listed.value), len(listed.words) - 1
    slots = 1 << max(4, (2 * words).bit_length())
    bits = min(max(_FEWEST_BITS, 1 << (_BITS_A_WORD * terms).bit_length()), _MOST_BITS)
    trie = Trie(
        np.zeros(bits // 64, np.uint64),
        np.zeros(slots, np.uint64),
        np.zeros(slots, np.int32),
        np.zeros(words + 1, np.int32),
        np.zeros(words + 1, np.int32),
        np.zeros(words + 1, np.bool_),
        np.full(words + 1, NONE, np.int32),
        np.full(terms, NONE, np.int32),
    )
    twin = np.full(terms, NONE, np.int32)
    _grow(listed, trie, unique, twin)
    return trie, twin


@compiled
def _grow(listed: Listed, trie: Trie, unique: int, twin: Numbers) -> None:
    nodes = 1
    last = np.full(len(trie.head), NONE, np.int32)
    for term in range(len(listed.words) - 1):
        first, behind = listed.words[term], listed.words[term + 1]
        node = 0
        for word in range(first, behind):
            value, begin, end = listed.value[word], listed.letter_at[word], listed.letter_at[word + 1]
            child, slot = find(listed, trie, node, value, listed.key, begin, end)
            if not child:
                child, nodes = nodes, nodes + 1
                trie.edges[slot], trie.children[slot] = _edge(node, value), child
                trie.parent[child], trie.word[child], trie.leads_on[node] = node, word, True
                if node == 0:
                    _remember(trie.bits, value)
            node = child
        if first == behind:
            continue
        twin[term] = _written_alike(listed, trie, node, term) if term < unique else NONE
        if twin[term] != NONE:
            continue
        if trie.head[node] == NONE:
            trie.head[node] = term
        else:
            trie.following[last[node]] = term
        last[node] = term


@compiled
def _written_alike(listed: Listed, trie: Trie, node: int, term: int) -> int:
    """The earlier term of the node whose words are plainly the same and joined alike; NONE if there is none."""
    first, words = listed.words[term], listed.words[term + 1] - listed.words[term]
    begin, size = listed.plain_at[first], listed.plain_at[first + words] - listed.plain_at[first]
    other = np.int64(trie.head[node])
    while other != NONE:
        start = listed.words[other]
        at = listed.plain_at[start]
        alike = listed.plain_at[start + words] - at == size
        for word in range(words):
            alike = alike and listed.joint[start + word] == listed.joint[first + word]
        for place in range(size if alike else 0):
            alike = alike and listed.plain[at + place] == listed.plain[begin + place]
        if alike:
            return other
        other = np.int64(trie.following[other])
    return NONE


@compiled
def find(
    listed: Listed, trie: Trie, node: int, value: np.uint64, key: Points, begin: int, end: int
) -> tuple[int, int]:
    """The child of a node by the word ``key[begin:end]`` with this hash (0 = none), and the slot where it is or would be."""
    edge, last = _edge(node, value), len(trie.edges) - 1
    slot = np.int64(edge & np.uint64(last))
    while trie.children[slot]:
        child = np.int64(trie.children[slot])
        if trie.edges[slot] == edge and trie.parent[child] == node and _same_word(listed, trie.word[child], key, begin, end):
            return child, slot
        slot = slot + 1 & last
    return 0, slot


@compiled
def _same_word(listed: Listed, word: int, key: Points, begin: int, end: int) -> bool:
    first = listed.letter_at[word]
    if listed.letter_at[word + 1] - first != end - begin:
        return False
    for place in range(end - begin):
        if listed.key[first + place] != key[begin + place]:
            return False
    return True


@compiled
def _edge(node: int, value: np.uint64) -> np.uint64:
    return mix(value + np.uint64(node) * np.uint64(0x9E3779B97F4A7C15))


@compiled
def _remember(bits: Hashes, value: np.uint64) -> None:
    place = mix(value)
    bits[np.int64(place >> np.uint64(6)) & len(bits) - 1] |= np.uint64(1) << (place & np.uint64(63))


@compiled
def may_begin(bits: Hashes, value: np.uint64) -> bool:
    """Whether a term may begin with a word of this hash; never wrong when it says no."""
    place = mix(value)
    return bits[np.int64(place >> np.uint64(6)) & len(bits) - 1] >> (place & np.uint64(63)) & np.uint64(1) != 0
