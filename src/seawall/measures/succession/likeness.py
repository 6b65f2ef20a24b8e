"""How alike two handles are, and how many other handles are as much alike."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from seawall.measures.compiled import compiled
from seawall.measures.succession.words import Floats, Ints

_LOOKS = str.maketrans("013457$", "oleasts")
_ADDED = re.compile(
    r"(?<![a-z])(?:new|neu|the|real|my|our|join|official|offical|backup|back|reserve|mirror|archive|channel|group|chat|"
    r"again|return|returns|v|ii|iii|tv|hd|original|main|second|two)(?![a-z])"
)
_JOINED = re.compile(r"(?:new|backup|official|reserve|mirror|archive|channel|again|ii)$|^(?:new|real|join|backup)")
_INSIDE = 0.9
_LEAST_INSIDE = 6
MOST_BACKGROUND = 1500

Codes = npt.NDArray[np.uint32]


def skeleton(handle: str) -> str:
    """A handle without what is added where a channel opens again: separators, numbers, words such as new or backup.

    >>> skeleton("Garden_Club_2"), skeleton("new_gardenclub"), skeleton("g4rden_club_backup")
    ('gardenclub', 'gardenclub', 'gardenclub')
    """
    parted = _ADDED.sub("", re.sub(r"[_.\-]|\d+$", " ", handle.lower().lstrip("@").rstrip("0123456789")))
    bare = re.sub(r"[^\w]|_", "", parted).translate(_LOOKS)
    shorter = _JOINED.sub("", bare)
    return shorter if len(shorter) >= _LEAST_INSIDE - 2 else bare or handle.lower()


def alike(one: str, other: str) -> float:
    """How alike two handles are, from 0 to 1: the best of edit distance, of skeletons, and of one inside the other.

    >>> round(alike("garden_club", "garden_club_backup"), 2), round(alike("garden_club", "velodrome"), 2)
    (0.97, 0.0)
    """
    return float(likenesses([one, other], np.array([0]), np.array([1]))[0])


def likenesses(handles: Sequence[str | None], one: Ints, other: Ints) -> Floats:
    """``alike`` of pairs of places among the handles; NaN where a handle is not told."""
    whole = _codes([handle or "" for handle in handles])
    bare = _codes([skeleton(handle) if handle else "" for handle in handles])
    found = np.full(len(one), np.nan)
    _compare(*whole, *bare, one, other, found)
    return found


def _codes(words: Sequence[str]) -> tuple[Codes, Ints]:
    lengths = np.array([len(word) for word in words], np.int64)
    text = np.frombuffer("".join(words).encode("utf-32-le"), np.uint32)
    return text, np.concatenate([[0], np.cumsum(lengths)])


@compiled
def _edit(one: Codes, other: Codes, row: Ints) -> float:
    """1 minus Levenshtein's distance over the longer length."""
    n, m = len(one), len(other)
    for place in range(m + 1):
        row[place] = place
    for left in range(n):
        before, row[0] = row[0], left + 1
        for right in range(m):
            kept = row[right + 1]
            cost = before + (0 if one[left] == other[right] else 1)
            row[right + 1] = min(cost, min(kept, row[right]) + 1)
            before = kept
    return float(1.0 - row[m] / max(n, m))


@compiled
def _inside(one: Codes, other: Codes) -> bool:
    for start in range(len(other) - len(one) + 1):
        same = True
        for place in range(len(one)):
            if one[place] != other[start + place]:
                same = False
                break
        if same:
            return True
    return False


@compiled
def _compare(
    text: Codes, start: Ints, bare: Codes, begin: Ints, one: Ints, other: Ints, out: Floats
) -> None:  # fmt: skip
    longest = 1
    for place in range(len(start) - 1):
        longest = max(longest, start[place + 1] - start[place] + 1, begin[place + 1] - begin[place] + 1)
    row = np.zeros(longest + 1, np.int64)
    for pair in range(len(one)):
        a, b = one[pair], other[pair]
        left, right = text[start[a] : start[a + 1]], text[start[b] : start[b + 1]]
        if len(left) == 0 or len(right) == 0:
            continue
        best = _edit(left, right, row)
        left, right = bare[begin[a] : begin[a + 1]], bare[begin[b] : begin[b + 1]]
        if len(left) and len(right):
            best = max(best, 0.97 * _edit(left, right, row))
            if len(left) > len(right):
                left, right = right, left
            if len(left) >= _LEAST_INSIDE and 2 * len(left) >= len(right) and _inside(left, right):
                best = max(best, _INSIDE)
        out[pair] = best


def background(handles: Sequence[str | None], old: Ints) -> tuple[Floats, Ints]:
    """For each ended channel a row of how alike its handle is to others (NaN: to itself), and which others these are.

    Args:
        handles: of all channels.
        old: places of the ended ones.
    """
    told = sorted((place for place, handle in enumerate(handles) if handle), key=lambda place: str(handles[place]))
    step = max(1, -(-len(told) // MOST_BACKGROUND))
    others = np.array(told[::step], np.int64)
    found = likenesses(handles, np.repeat(old, len(others)), np.tile(others, len(old))).reshape(len(old), len(others))
    return np.where(old[:, None] == others[None, :], np.nan, found), others
