from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from seawall.lake.duplicates import judge, number_repetitions, repeated_id
from seawall.lake.index import DuplicateIndex
from seawall.lake.runs import Entries
from seawall.protocols import NO_EDIT

ROWS = st.lists(st.tuples(st.integers(0, 5), st.sampled_from([NO_EDIT, 1, 2, 3]), st.integers(0, 3)), max_size=60)
CUTS = st.lists(st.integers(0, 60), max_size=12)


def slow_verdicts(rows: list[tuple[int, int, int]]) -> list[int]:
    """The rule of the module's docstring, one row after the other, in a dict."""
    known: dict[int, list[tuple[int, int]]] = {}
    verdicts = []
    for name, edited, content in rows:
        revisions = known.setdefault(name, [])
        latest = max(revisions, key=lambda revision: revision[0], default=None)
        if latest is None:
            verdict = 0
        elif content == latest[1]:
            verdict = 2
        elif edited > latest[0]:
            verdict = 1
        else:
            verdict = 2 if edited < latest[0] or any(content == other for _, other in revisions) else 3
        if verdict <= 1:
            revisions.append((edited, content))
        verdicts.append(verdict)
    return verdicts


def entries(rows: list[tuple[int, int, int]]) -> Entries:
    ids = np.array([row[0] for row in rows], np.uint64) * np.uint64(0x3333333333333333)
    return Entries(ids, np.array([row[1] for row in rows], np.int64), np.array([row[2] for row in rows], np.uint64))


def split(rows: list[tuple[int, int, int]], cuts: list[int]) -> list[list[tuple[int, int, int]]]:
    bounds = [0, *sorted(min(cut, len(rows)) for cut in cuts), len(rows)]
    return [rows[start:stop] for start, stop in pairwise(bounds)]


@given(ROWS, CUTS)
def test_rows_are_judged_alike_however_they_are_cut_into_batches(rows: list[tuple[int, int, int]], cuts: list[int]):
    """Any split into batches gives each row the verdict that a dict gives row after row."""
    verdicts: list[int] = []
    with TemporaryDirectory() as folder:
        index = DuplicateIndex(Path(folder) / "runs", ())
        for number, part in enumerate(split(rows, cuts)):
            keys = entries(part)
            found = judge(keys, index)
            verdicts += found.tolist()
            index.admit(index.prepare(number, keys.take(found <= 1)))
        index.close()
    assert verdicts == slow_verdicts(rows)


@given(st.lists(st.integers(0, 4), max_size=60), CUTS)
def test_repetitions_are_numbered_alike_however_the_feed_is_cut(values: list[int], cuts: list[int]):
    """The k-th occurrence of an id within a feed gets the number k, across batches."""
    numbers: list[int] = []
    with TemporaryDirectory() as folder:
        counters = DuplicateIndex(Path(folder) / "counters", ())
        for number, part in enumerate(split([(value, 0, 0) for value in values], cuts)):
            found, counts = number_repetitions(entries(part).ids, counters)
            numbers += found.tolist()
            counters.admit(counters.prepare(number, counts))
        counters.close()
    assert numbers == [values[: place + 1].count(value) for place, value in enumerate(values)]


def test_repetitions_of_one_id_have_ids_of_their_own():
    """A thousand repetitions of two ids are two thousand ids, and the first repetition keeps its id."""
    ids = np.repeat(np.array([7, 2**63], np.uint64), 1000)
    repetitions = np.tile(np.arange(1, 1001), 2)
    named = repeated_id(ids, repetitions)
    assert len(np.unique(named)) == 2000
    assert named[0] == 7
    assert named[1000] == 2**63
