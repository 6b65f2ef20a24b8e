"""How one text is a copy of another, and what was changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa

from seawall.measures.similarity.difference import matches
from seawall.measures.similarity.pieces import pieces
from seawall.measures.similarity.shingles import jaccard
from seawall.measures.similarity.sketches import sketched
from seawall.measures.text.match_key import key_texts

Operation = Literal["same", "gone", "new"]
Kind = Literal["verbatim", "obfuscated", "edited", "different"]


@dataclass(frozen=True, slots=True)
class Copy:
    """How ``other`` is a copy of ``first``."""

    kind: Kind
    similarity: float
    """Exact Jaccard similarity of their shingles, as in ``near_duplicates``; 1 where the match key is the same."""

    parts: list[tuple[Operation, str]]
    """Pieces of the texts as written, in order: all but the "new" are ``first``, all but the "gone" ``other``."""


def copies(first: str, other: str) -> Copy:
    """Tell verbatim, obfuscated and edited copies apart, and mark the difference word by word.

    - verbatim: the same but for white space;
    - obfuscated: the same match key in other characters: look-alike letters, capitals, signs, other links or names;
    - edited: some shingles are the same;
    - different: none is. Short texts that differ in one word have none in common, either.

    Texts are compared as written, by words (by single letters in scripts without spaces), and never cut inside a
    character as a reader sees it. Parts stand in logical order: whoever shows them isolates each (``<bdi>``), and
    right-to-left text comes out right. Time and memory are bounded for texts of any length: long ones that share
    little are told coarsely.

    Args:
        first: the text that was first.
        other: the text that may be its copy.

    >>> copies("Plant tulips in May", "Plant roses in May").parts
    [('same', 'Plant '), ('gone', 'tulips'), ('new', 'roses'), ('same', ' in May')]
    >>> copies("Plant tulips in May", "Р1ant tulips in May!").kind
    'obfuscated'
    """
    keys = key_texts(pa.array([first, other], pa.large_string()))
    sketches = sketched(keys, np.arange(2))
    similarity = jaccard(sketches.pool, sketches.starts[0], sketches.sizes[0], sketches.starts[1], sketches.sizes[1])
    same_key = bool(keys.hashes[0] == keys.hashes[1]) and bool(sketches.sizes[0])
    if first.split() == other.split():
        kind: Kind = "verbatim"
    elif same_key:
        kind = "obfuscated"
    else:
        kind = "edited" if similarity > 0 else "different"
    return Copy(kind, 1.0 if kind == "verbatim" else float(similarity), list(_parts(pieces(first), pieces(other))))


def _parts(first: list[str], other: list[str]) -> Iterator[tuple[Operation, str]]:
    """Runs of pieces: what is gone stands before what is new in its place."""
    same = ""
    begin = start = 0
    for place, beside in [*_telling(matches(first, other), first), (len(first), len(other))]:
        missing, added = "".join(first[begin:place]), "".join(other[start:beside])
        if same and (missing or added):
            yield "same", same
            same = ""
        if missing:
            yield "gone", missing
        if added:
            yield "new", added
        if place < len(first):
            same += first[place]
        begin, start = place + 1, beside + 1
    if same:
        yield "same", same


def _telling(pairs: list[tuple[int, int]], first: list[str]) -> list[tuple[int, int]]:
    """The matches without spaces that stand alone between two changes: they would tear a phrase into words."""
    kept = []
    for number, (place, beside) in enumerate(pairs):
        before = pairs[number - 1] if number else (-1, -1)
        after = pairs[number + 1] if number + 1 < len(pairs) else (-1, -1)
        alone = before != (place - 1, beside - 1) and after != (place + 1, beside + 1)
        if not (alone and first[place].isspace()):
            kept.append((place, beside))
    return kept
