"""Cuts a set of ids into pieces that fit into one SQL statement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

SIZE = 500


def chunks(ids: Iterable[str]) -> Iterator[list[str]]:
    """Sorted pieces without repetition, at most ``SIZE`` ids each.

    >>> list(chunks(["b", "a", "b"]))
    [['a', 'b']]
    """
    rest = iter(sorted(set(ids)))
    while piece := list(islice(rest, SIZE)):
        yield piece
