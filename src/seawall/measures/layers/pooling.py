"""The evidence of several layers as one p-value a pair, and which pairs stand out among all of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from seawall.measures.coshare.ordering import Indices

Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[Any]

SMALLEST = 1e-300
"""Below this a p-value counts as this, so that what is summed up stays finite."""


def pooled(p: Floats, group: Numbers, layers: Numbers) -> Floats:
    """One p-value a group, by the Cauchy combination: valid however the layers depend on one another.

    They do depend: the same two messages may share a text, a link and hashtags, so that a product of p-values
    (Fisher) or a sum of expectations over layers (Poisson-binomial) would count one meeting several times.

    Args:
        p: p-values.
        group: the number of the group of each.
        layers: one entry a group: how many p-values it has if all are told. Those that are not told count as 1, and
            a 1 as 1 - 1 / ``layers``, as the method's authors do, because a tangent has no value there.

    Source: Liu and Xie 2020, *Cauchy combination test*.

    >>> pooled(np.array([1e-6, 0.4, 0.01]), np.array([0, 0, 1]), np.array([2, 1])).round(8).tolist()
    [2e-06, 0.01]
    """
    groups = len(layers)
    most = 1.0 - 1.0 / np.maximum(layers, 2)
    told = np.bincount(group, minlength=groups)
    sums = np.bincount(group, _cotangent(np.clip(p, SMALLEST, most[group])), minlength=groups)
    mean = (sums + (layers - told) * _cotangent(most)) / layers
    out = np.where(mean > 1e6, 1.0 / (np.pi * np.maximum(mean, 1.0)), 0.5 - np.arctan(mean) / np.pi)
    alone = layers == 1
    out[alone] = np.bincount(group, p, minlength=groups)[alone]
    return np.minimum(out, 1.0)


def _cotangent(p: Floats) -> Floats:
    """tan((1/2 - p) * pi), without loss where p is small."""
    return np.where(p < 1e-8, 1.0 / (np.pi * p), np.tan((0.5 - p) * np.pi))


def most_pairs(objects: Indices, account: Indices) -> int:
    """An upper bound for the pairs of accounts that share an object: pairs are counted once for each object."""
    each = objects.astype(np.int64) << 32 | account
    each.sort()
    first = np.ones(len(each), np.bool_)
    first[1:] = each[1:] != each[:-1]
    sharers = np.bincount(each[first] >> 32)
    accounts = np.count_nonzero(np.bincount(account))
    return int(min(np.sum(sharers * (sharers - 1) // 2), accounts * (accounts - 1) // 2))
