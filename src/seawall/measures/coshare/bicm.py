"""The bipartite configuration model: who shares what by chance, given how much each account and each object is shared.

Of all random bipartite graphs whose expected degrees are the observed ones it is the one of the largest entropy
(Saracco and others, *Inferring monopartite projections of bipartite networks*, 2017): account and object are linked
with the chance 1 / (1 + exp(-a - o)). All of one degree have one parameter, so what is fitted has a row a degree.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from seawall.errors import MeasureError
from seawall.measures.coshare.ordering import Indices
from seawall.measures.coshare.tails import Floats
from seawall.measures.keys import Times

EXACT_DEGREES = 9
"""Degrees are told apart by so many leading bits: exactly below 512, to a part in 256 above."""

CLOSE_ENOUGH = 1e-9
MOST_STEPS = 200
LONGEST_STEP = 3.0


@dataclass(frozen=True, slots=True)
class Fit:
    """The model, class by class."""

    chances: Floats  # a row a class of accounts, a column a class of objects
    account_class: Indices  # one an account, or one an entry of ``accounts_of``
    objects: Times  # how many objects each class has


def fit(
    account_degrees: npt.NDArray[Any],
    object_degrees: npt.NDArray[Any],
    accounts_of: npt.NDArray[Any] | None = None,
    objects_of: npt.NDArray[Any] | None = None,
) -> Fit:
    """The model of these degrees, all of them 1 or more; their sums are equal.

    Args:
        account_degrees: how many objects the accounts have.
        object_degrees: how many accounts the objects have.
        accounts_of: how many accounts have each of the degrees; None = one.
        objects_of: the same of objects.

    Raises:
        MeasureError: no model was found to within a part in a million.
    """
    account_class, accounts, wanted = _classes(account_degrees, accounts_of)
    _, objects, sought = _classes(object_degrees, objects_of)
    chances = np.zeros((len(accounts), len(objects)))
    if chances.size:
        rows, columns, left, open_left = _without_sure_ones(chances, wanted, accounts, sought, objects)
        if rows.any():
            inner = _newton(left[rows], accounts[rows], open_left[columns], objects[columns])
            chances[np.ix_(rows, columns)] = inner
    return Fit(chances, account_class, objects)


def _classes(degrees: npt.NDArray[Any], how_many: npt.NDArray[Any] | None) -> tuple[Indices, Times, Floats]:
    """The class of each, how many each class has, and its mean degree."""
    shift = np.maximum(0, np.frexp(degrees)[1] - EXACT_DEGREES).astype(np.int64)
    rough = degrees.astype(np.int64) >> shift << shift
    values, inverse = np.unique(rough, return_inverse=True)
    counts = np.bincount(inverse, how_many, minlength=len(values))
    sums = np.bincount(inverse, degrees if how_many is None else degrees * how_many, minlength=len(values))
    mean = sums / np.maximum(counts, 1)
    return inverse.astype(np.int32), counts.astype(np.int64), mean


def _without_sure_ones(
    chances: Floats, wanted: Floats, accounts: Times, sought: Floats, objects: Times
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_], Floats, Floats]:
    """Set the links that are sure, and say what is left: the open classes and their degrees among one another.

    Who shares every open object is linked with certainty, and so is what every open account shares; without them
    others may be sure, or be done.
    """
    rows, columns = np.ones(len(wanted), np.bool_), np.ones(len(sought), np.bool_)
    wanted, sought = wanted.copy(), sought.copy()
    while True:
        full, done = rows & (wanted >= objects[columns].sum()), rows & (wanted <= 0)
        if (full | done).any():
            chances[np.ix_(full, columns)] = 1.0
            sought[columns] -= accounts[full & ~done].sum()
            rows &= ~(full | done)
            continue
        full, done = columns & (sought >= accounts[rows].sum()), columns & (sought <= 0)
        if not (full | done).any():
            return rows, columns, wanted, sought
        chances[np.ix_(rows, full)] = 1.0
        wanted[rows] -= objects[full & ~done].sum()
        columns &= ~(full | done)


def _newton(wanted: Floats, accounts: Times, sought: Floats, objects: Times) -> Floats:
    """The chances whose sums are the degrees, by Newton's method on the parameters."""
    links = float(np.sum(wanted * accounts))
    ours, theirs = np.log(wanted / np.sqrt(links)), np.log(sought / np.sqrt(links))
    off = np.inf
    for _ in range(MOST_STEPS):
        chances: Floats = 1.0 / (1.0 + np.exp(-(ours[:, None] + theirs)))
        missing, lacking = wanted - chances @ objects, sought - accounts @ chances
        off = max(np.max(np.abs(missing) / wanted), np.max(np.abs(lacking) / sought))
        if off <= CLOSE_ENOUGH:
            return chances
        weights = accounts[:, None] * objects * chances * (1.0 - chances)
        more, extra = _step(weights, accounts * missing, objects * lacking)
        scale = LONGEST_STEP / max(LONGEST_STEP, np.abs(more).max(), np.abs(extra).max())
        ours, theirs = ours + scale * more, theirs + scale * extra
    if off > 1e-6:
        raise MeasureError("The null model of co-sharing could not be fitted.", where="significance")
    return chances


def _step(weights: Floats, first: Floats, second: Floats) -> tuple[Floats, Floats]:
    """Solve the two blocks of Newton's equations; adding a number to all ``ours`` and taking it off all ``theirs``
    changes nothing, so the last of ``theirs`` stays."""
    rows = np.maximum(weights.sum(axis=1), 1e-300)
    columns = weights.sum(axis=0)
    inner = np.diag(columns) - weights.T @ (weights / rows[:, None])
    right = second - weights.T @ (first / rows)
    extra = np.zeros(len(second))
    if len(second) > 1:
        inner = inner[:-1, :-1]
        inner[np.diag_indices_from(inner)] += 1e-13 * columns[:-1] + 1e-300
        extra[:-1] = np.linalg.solve(inner, right[:-1])
    return (first - weights @ extra) / rows, extra
