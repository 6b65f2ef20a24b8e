"""The words of all terms as one tree: from a word on, which words may follow and which terms are then complete.

The tree is an open-addressing hash table whose keys are made of a node and a word; a bit for each edge lets the search
pass over nearly all other words with one look. Whoever finds a node by its hash must compare the letters.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from seawall.measures.borrowing import whole
from seawall.measures.compiled import compiled, inlined
from seawall.measures.keys import mix
from seawall.measures.lexicon.reading import Listed

Hashes = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.int32]

NONE, CONFUSED = -1, -2
LEADS_ON, ENDS = np.uint64(1 << 32), np.uint64(1 << 33)
"""Whether words may follow a node, and whether terms end with it."""
_NODE = np.uint64((1 << 32) - 1)
_BITS_A_WORD, _FEWEST_BITS, _MOST_BITS = 16, 1 << 12, 1 << 23


class Trie(NamedTuple):
    """Node 0 is the root; the other nodes are words behind those of their parents."""

    bits: Hashes  # one for each edge, by its hash
    slots: Hashes  # the hash of parent and word, and the node (0 = free) with LEADS_ON and ENDS; so again and again
    parent: Numbers  # of each node
    word: Numbers  # of each node: the number of a word in the list
    slot: Numbers  # of each node
    head: Numbers  # of each node: the first term that ends with it
    following: Numbers  # of each term: the next one that ends with the same node
    last_bits: int  # the last entry of ``bits``
    last_slot: int


def plant(listed: Listed, unique: int) -> tuple[Trie, Numbers]:
    """The tree of all terms that have words.

    Args:
        listed: the terms.
        unique: of the first so many terms those are left out that are written as an earlier one.

    Returns:
        the tree, and for each term the earlier one for which it was left out: NONE if it was not, CONFUSED if the hash
        of one of its words is that of another word (one chance in 2**64 for each two words).
    """
    words, terms = len(listed.value), len(listed.words) - 1
    slots = 1 << max(4, (2 * words).bit_length())
    bits = min(max(_FEWEST_BITS, 1 << (_BITS_A_WORD * words).bit_length()), _MOST_BITS)
    trie = Trie(
        np.zeros(bits // 64, np.uint64),
        np.zeros(2 * slots, np.uint64),
        np.zeros(words + 1, np.int32),
        np.zeros(words + 1, np.int32),
        np.zeros(words + 1, np.int32),
        np.full(words + 1, NONE, np.int32),
        np.full(terms, NONE, np.int32),
        bits // 64 - 1,
        slots - 1,
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
            edge = edge_of(node, listed.value[word])
            child = node_of(step(trie, edge))
            if not child:
                child, nodes = nodes, nodes + 1
                _add(trie, edge, child)
                trie.parent[child], trie.word[child] = node, word
                if node:
                    trie.slots[2 * trie.slot[node] + 1] |= LEADS_ON
            elif trie.parent[child] != node or not _same_word(listed, trie.word[child], word):
                twin[term] = CONFUSED
                break
            node = child
        if first == behind or twin[term] == CONFUSED:
            continue
        twin[term] = _written_alike(listed, trie, node, term) if term < unique else NONE
        if twin[term] != NONE:
            continue
        if trie.head[node] == NONE:
            trie.head[node] = term
            trie.slots[2 * trie.slot[node] + 1] |= ENDS
        else:
            trie.following[last[node]] = term
        last[node] = term


@compiled
def _add(trie: Trie, edge: np.uint64, child: int) -> None:
    slot = whole(edge) & trie.last_slot
    while trie.slots[2 * slot + 1]:
        slot = slot + 1 & trie.last_slot
    trie.slots[2 * slot], trie.slots[2 * slot + 1], trie.slot[child] = edge, child, slot
    trie.bits[whole(edge >> np.uint64(32)) & trie.last_bits] |= np.uint64(1) << (edge >> np.uint64(58))


@compiled
def _written_alike(listed: Listed, trie: Trie, node: int, term: int) -> int:
    """The earlier term of the node whose words are plainly the same and joined alike; NONE if there is none."""
    first, words = listed.words[term], listed.words[term + 1] - listed.words[term]
    begin, size = listed.plain_at[first], listed.plain_at[first + words] - listed.plain_at[first]
    other = whole(trie.head[node])
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
        other = whole(trie.following[other])
    return NONE


@compiled
def _same_word(listed: Listed, one: int, other: int) -> bool:
    first, second = listed.letter_at[one], listed.letter_at[other]
    size = listed.letter_at[one + 1] - first
    if listed.letter_at[other + 1] - second != size:
        return False
    different = 0
    for place in range(size):
        different += listed.key[first + place] != listed.key[second + place]
    return different == 0


@inlined
def edge_of(node: int, value: np.uint64) -> np.uint64:
    """The hash of the step from a node by a word with this hash."""
    return mix(value + np.uint64(node) * np.uint64(0x9E3779B97F4A7C15))


@inlined
def may_be(trie: Trie, edge: np.uint64) -> bool:
    """Whether there may be such a step; never wrong when it says no."""
    bits = trie.bits[whole(edge >> np.uint64(32)) & trie.last_bits]
    return bool(bits >> (edge >> np.uint64(58)) & np.uint64(1))


@inlined
def step(trie: Trie, edge: np.uint64) -> np.uint64:
    """The node to which a step leads, with LEADS_ON and ENDS; 0 if there is no such step."""
    slot = whole(edge) & trie.last_slot
    while trie.slots[2 * slot + 1] and trie.slots[2 * slot] != edge:
        slot = slot + 1 & trie.last_slot
    return np.uint64(trie.slots[2 * slot + 1])


@inlined
def node_of(found: np.uint64) -> int:
    """The number of the node that ``step`` found."""
    return whole(found & _NODE)
