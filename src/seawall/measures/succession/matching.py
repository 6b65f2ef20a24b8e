"""Scores of pairs -> how likely each pair is where every channel has at most one partner, and the best assignment."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from seawall.measures.succession.words import Floats, Ints

_ROUNDS, _CLOSE = 200, 1e-9


def marginals(end: Ints, new: Ints, nats: Floats, ends: int, channels: int) -> Floats:
    """The probability of each pair where each end and each candidate has one partner or none.

    Belief propagation for matchings (monomers and dimers: Bayati, Gamarnik, Katz, Nair and Tetali 2007), which always
    converges; exact where the pairs form trees.

    Args:
        end, new: the pairs, as numbers.
        nats: log-odds of each pair against "none".
        ends, channels: how many there are.
    """
    odds = np.exp(np.clip(nats, -40, 40))
    free_end, free_new = np.ones(len(end)), np.ones(len(end))
    for _ in range(_ROUNDS):
        reached = odds * free_new
        new_end = 1 / (1 + np.maximum(np.bincount(end, reached, ends)[end] - reached, 0))
        reached = odds * new_end
        new_new = 1 / (1 + np.maximum(np.bincount(new, reached, channels)[new] - reached, 0))
        moved = max(np.abs(new_end - free_end).max(initial=0), np.abs(new_new - free_new).max(initial=0))
        free_end, free_new = new_end, new_new
        if moved < _CLOSE:
            break
    joint = odds * free_end * free_new
    return np.asarray(joint / (1 + joint), np.float64)


def assigned(end: Ints, new: Ints, nats: Floats, ends: int, channels: int) -> Ints:
    """For each end the place of its pair in the best one-to-one assignment; -1: none.

    The sum of the nats of all pairs that are taken is the highest; a pair below 0 is taken by nobody.
    """
    chosen = np.full(ends, -1, np.int64)
    strong = np.flatnonzero(nats > 0)
    if not len(strong):
        return chosen
    graph = coo_matrix((np.ones(len(strong)), (end[strong], ends + new[strong])), shape=(ends + channels,) * 2)
    _, group = connected_components(graph, directed=False)
    of_pair = group[end[strong]]
    order = np.argsort(of_pair, kind="stable")
    for part in np.split(strong[order], np.flatnonzero(np.diff(of_pair[order])) + 1):
        rows, row = np.unique(end[part], return_inverse=True)
        columns, column = np.unique(new[part], return_inverse=True)
        worth = np.zeros((len(rows), len(columns) + len(rows)))
        place = np.full(worth.shape, -1, np.int64)
        worth[row, column], place[row, column] = nats[part], part
        for one, taken in zip(*linear_sum_assignment(worth, maximize=True), strict=True):
            chosen[rows[one]] = place[one, taken]
    return chosen
