"""The coordination measure, slow and obviously correct: every pair of rows is looked at."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import permutations
from statistics import median
from typing import Any

Share = tuple[Any, Any, Any, float]  # object, account, message, at (seconds)


def together(shares: list[Share], window: float) -> Iterable[tuple[Share, Share]]:
    """All ordered pairs of rows on one object within the window."""
    for first, second in permutations(shares, 2):
        if first[0] == second[0] and abs(first[3] - second[3]) <= window:
            yield first, second


def usable(shares: list[Share]) -> list[Share]:
    return [share for share in shares if share[0] not in (None, "") and share[1] not in (None, "")]


def distinct_objects(
    shares: list[Share], window: float, min_repeats: int
) -> dict[tuple[object, object], tuple[Any, ...]]:
    """Mode None: (source, target) -> weight, pairs, leads, median lag; a message counts once an object."""
    once: dict[tuple[object, object, object], Share] = {}
    for share in usable(shares):
        if share[:3] not in once or share[3] < once[share[:3]][3]:
            once[share[:3]] = share
    pairs: dict[tuple[object, object], dict[object, list[float]]] = defaultdict(lambda: defaultdict(list))
    for first, second in together(list(once.values()), window):
        if first[1] < second[1]:
            pairs[first[1], second[1]][first[0]].append(second[3] - first[3])
    edges = {}
    for edge, objects in pairs.items():
        if len(objects) >= min_repeats:
            leads, lags = 0.0, []
            for gaps in objects.values():
                closest = min(abs(gap) for gap in gaps)
                signs = {gap > 0 for gap in gaps if abs(gap) == closest}
                leads += 0.5 if closest == 0 or len(signs) == 2 else float(True in signs)
                lags.append(closest)
            rows = sum(len(gaps) for gaps in objects.values())
            edges[edge] = (len(objects), rows, leads / len(objects), median(lags))
    return edges


def cnt(shares: list[Share], window: float, min_edge_weight: int) -> dict[tuple[object, object], int]:
    """Directed: distinct messages of the source with company; the first row of a message wins."""
    first_rows: dict[object, Share] = {}
    for share in usable(shares):
        first_rows.setdefault(share[2], share)
    messages = defaultdict(set)
    for first, second in together(list(first_rows.values()), window):
        if first[1] != second[1]:
            messages[first[1], second[1]].add(first[2])
    return {edge: len(found) for edge, found in messages.items() if len(found) >= min_edge_weight}


def coortweet(shares: list[Share], window: float, min_participation: int) -> dict[tuple[object, object], int]:
    """Undirected: the steps of golden.json, one after the other."""
    rows = usable(shares)
    counts = Counter(share[1] for share in rows)
    rows = [share for share in rows if counts[share[1]] >= min_participation]
    pairs = [
        (first, second)
        for first, second in together(rows, window)
        if first[1] < second[1] and first[2] != second[2] and first[0] not in (first[2], second[2])
    ]
    contents = {share[2] for pair in pairs for share in pair}
    carrying = Counter(share[1] for share in rows if share[2] in contents)
    return dict(
        Counter(
            (first[1], second[1])
            for first, second in pairs
            if max(carrying[first[1]], carrying[second[1]]) >= min_participation
        )
    )


def edges_sha256(edges: Iterable[tuple[object, object, int]]) -> str:
    """The hash of an edge list as golden.json defines it."""
    return hashlib.sha256("\n".join(sorted(f"{u},{v},{w}" for u, v, w in edges)).encode()).hexdigest()
