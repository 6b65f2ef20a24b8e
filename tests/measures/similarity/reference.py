"""Near-duplicates slowly and plainly: sets of tuples, whole numbers of Python, every pair of a bucket."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import combinations

import pyarrow as pa

from seawall.measures.similarity.linking import COMPARED
from seawall.measures.similarity.minhash import BANDS, ROWS, permutations
from seawall.measures.text import match_key_text, match_keys
from seawall.measures.text.match_tables import UNSPACED, unicode_tables

_MASK = (1 << 64) - 1
_STEP = 0x9E3779B97F4A7C15
_PLACES = (0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x85EBCA77C2B2AE63, 0x27D4EB2F165667C5)

Shingle = tuple[str, ...]


def atoms(key: str) -> list[str]:
    """Words, and letters of scripts without spaces."""
    kind = unicode_tables().kind
    spaced = "".join(f" {letter} " if kind[ord(letter)] == UNSPACED else letter for letter in key)
    return spaced.split()


def is_letter(atom: str) -> bool:
    return bool(unicode_tables().kind[ord(atom[0])] == UNSPACED)


def shingles(text: str) -> frozenset[Shingle]:
    """Three atoms from each word, five from each letter; the whole key if there is none; nothing without a key."""
    row = atoms(match_key_text(text))
    windows = [tuple(row[place : place + (5 if is_letter(atom) else 3)]) for place, atom in enumerate(row)]
    full = [window for window in windows if len(window) == (5 if is_letter(window[0]) else 3)]
    if full or not row:
        return frozenset(full)
    return frozenset({("whole", *row)})


def jaccard(one: frozenset[Shingle], other: frozenset[Shingle]) -> float:
    return len(one & other) / len(one | other) if one | other else 0.0


def mixed(value: int) -> int:
    value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9 & _MASK
    value = (value ^ value >> 27) * 0x94D049BB133111EB & _MASK
    return value ^ value >> 31


def atom_hash(atom: str) -> int:
    if is_letter(atom):
        return mixed((ord(atom) + 0xD6E8FEB86659FD93) & _MASK)
    value, written = _STEP, atom.encode()
    for at in range(0, len(written), 8):
        value = (value ^ int.from_bytes(written[at : at + 8], "little")) * _STEP & _MASK
        value ^= value >> 32
    return value


def shingle_hash(shingle: Shingle) -> int:
    if shingle[0] == "whole":
        value = 0xA0761D6478BD642F
        for atom in shingle[1:]:
            value = mixed(value ^ atom_hash(atom))
        return value
    total = len(shingle) + sum(atom_hash(atom) * place for atom, place in zip(shingle, _PLACES, strict=False))
    return mixed(total & _MASK)


def bands(text: str) -> list[tuple[int, int]]:
    """(band, its number) of a text with shingles."""
    hashes = [shingle_hash(shingle) >> 32 for shingle in shingles(text)]
    factors, summands = (column.tolist() for column in permutations())
    minima = [min((a * x + b) & 0xFFFFFFFF for x in hashes) for a, b in zip(factors, summands, strict=True)]
    found = []
    for band in range(BANDS):
        a, b, c, d = minima[band * ROWS : band * ROWS + ROWS]
        value = mixed(mixed(band ^ a << 32 ^ b) ^ c << 32 ^ d)
        found.append((band, value >> 32))
    return found


def components(nodes: Iterable[int], edges: Iterable[tuple[int, int]]) -> dict[int, frozenset[int]]:
    groups = {node: frozenset({node}) for node in nodes}
    for one, other in edges:
        whole = groups[one] | groups[other]
        groups |= dict.fromkeys(whole, whole)
    return groups


def clusters(texts: Mapping[int, str], threshold: float) -> dict[int, frozenset[int]]:
    """Match key -> the keys of its cluster, for texts by match key."""
    buckets: dict[tuple[int, int], list[int]] = defaultdict(list)
    sets = {key: shingles(text) for key, text in texts.items()}
    for key in sorted(texts):
        size = len(sets[key])
        for band in bands(texts[key])[: None if size / (size + 1) >= threshold else 1]:
            buckets[band].append(key)
    compared = {pair for bucket in buckets.values() for pair in combinations(bucket, 2) if pair[0] in bucket[:COMPARED]}
    return components(texts, [pair for pair in compared if jaccard(sets[pair[0]], sets[pair[1]]) >= threshold])


def near_duplicates(
    texts: list[str | None], threshold: float, at: list[int] | None = None
) -> list[tuple[str, float] | None]:
    """For each text its cluster and its similarity to the anchor."""
    keys = match_keys(pa.array(texts, pa.string())).to_pylist()
    written = {key: text for key, text in zip(keys, texts, strict=True) if key is not None and text is not None}
    first = dict.fromkeys(written, 0)
    if at is not None:
        first = {key: min(when for k, when in zip(keys, at, strict=True) if k == key) for key in written}
    groups = clusters(written, threshold)
    found: list[tuple[str, float] | None] = []
    for key in keys:
        if key is None:
            found.append(None)
            continue
        anchor = min(groups[key], key=lambda member: (first[member], member))
        similarity = 1.0 if key == anchor else jaccard(shingles(written[key]), shingles(written[anchor]))
        found.append((f"{anchor:016x}", similarity))
    return found
