"""Do two accounts share more objects than their activity and the objects' popularity explain, whatever the time?"""

from __future__ import annotations

from functools import partial

import numpy as np

from seawall.measures.compiled import compiled
from seawall.measures.cores import cores, slices, together
from seawall.measures.coshare.bicm import Fit
from seawall.measures.coshare.ordering import Indices, numbered
from seawall.measures.coshare.sweep import Edges
from seawall.measures.coshare.tails import Floats, upper_tail
from seawall.measures.keys import Keys, Times, mix


@compiled
def _kinds(
    source: Indices, target: Indices, common: Indices, classes: Indices, most: int, found: int, keys: Keys
) -> None:
    """One number for the classes of an edge's accounts and the objects they have in common."""
    for edge in range(len(source)):
        low, high = classes[source[edge]], classes[target[edge]]
        if low > high:
            low, high = high, low
        keys[edge] = mix(np.uint64((np.int64(low) * found + high) * (most + 1) + common[edge]))


@compiled
def _tails(
    chances: Floats,
    objects: Times,
    first_class: Indices,
    second_class: Indices,
    common: Indices,
    start: int,
    stop: int,
    out: Floats,
) -> None:
    for k in range(start, stop):
        both = chances[first_class[k]] * chances[second_class[k]]
        order = np.argsort(both)
        out[k] = upper_tail(both[order], objects[order], common[k], False)


def cosharing(model: Fit, account_class: Indices, edges: Edges, common: Indices) -> Floats:
    """The p-value of every edge: the chance of sharing at least so many objects under the configuration model.

    Args:
        model: of all shares.
        account_class: the class of each account in the model.
        edges: the pairs in question.
        common: how many objects each pair shares.
    """
    keys = np.empty(len(common), np.uint64)
    most, found = int(common.max(initial=0)), len(model.chances)
    _kinds(edges.source, edges.target, common, account_class, most, found, keys)
    kinds, firsts = numbered(keys)
    classes = account_class[edges.source[firsts]], account_class[edges.target[firsts]]
    low, high = np.minimum(*classes), np.maximum(*classes)
    tails = np.empty(len(firsts))
    threads = cores(1000 * len(firsts))
    together(
        [
            partial(_tails, model.chances, model.objects, low, high, common[firsts], *part, tails)
            for part in slices(len(firsts), 1 if threads == 1 else 16 * threads)
        ],
        threads,
    )
    spread: Floats = tails[kinds]
    return spread
