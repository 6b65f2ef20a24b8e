"""What of a batch is new: duplicates, edits, and rows that contradict what is known.

The rule, row after row in the order of the input, where an id's *latest* revision is the one with the latest
edit time:

* an id that is not known: kept;
* the content of the latest revision: a duplicate;
* a later edit time than the latest revision: kept, as a revision;
* an earlier one: a duplicate, because what it says was replaced before it came;
* the content of an older revision: a duplicate;
* anything else: rejected, because two sources contradict each other.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from seawall.lake.index import DuplicateIndex
from seawall.lake.runs import Entries, UnsignedArray
from seawall.measures.compiled import compiled
from seawall.protocols import NO_EDIT

NEW, REVISION, DUPLICATE, CONFLICT = 0, 1, 2, 3

Verdicts = npt.NDArray[np.int8]


def judge(rows: Entries, index: DuplicateIndex) -> Verdicts:
    """One of NEW, REVISION, DUPLICATE, CONFLICT for each row, in the order of the rows."""
    verdicts = np.zeros(len(rows), np.int8)
    if len(rows) == 0:
        return verdicts
    order = np.argsort(rows.ids, kind="stable")
    ids = rows.ids[order]
    starts = np.flatnonzero(np.concatenate([[True], ids[1:] != ids[:-1]]))
    owners, known = index.find(ids[starts])
    bounds = np.searchsorted(owners, np.arange(len(starts) + 1))
    _judge_groups(
        np.append(starts, len(ids)), order, rows.edited, rows.contents, bounds, known.edited, known.contents, verdicts
    )
    return verdicts


@compiled
def _judge_groups(
    starts: npt.NDArray[np.intp],
    order: npt.NDArray[np.intp],
    edited: npt.NDArray[np.int64],
    contents: npt.NDArray[np.uint64],
    bounds: npt.NDArray[np.intp],
    known_edited: npt.NDArray[np.int64],
    known_contents: npt.NDArray[np.uint64],
    verdicts: npt.NDArray[np.int8],
) -> None:
    for group in range(len(starts) - 1):
        first_known, last_known = bounds[group], bounds[group + 1]
        known = last_known > first_known
        latest_time = np.int64(-(2**63))
        latest_content = np.uint64(0)
        for entry in range(first_known, last_known):
            if entry == first_known or known_edited[entry] > latest_time:
                latest_time = known_edited[entry]
                latest_content = known_contents[entry]
        for place in range(starts[group], starts[group + 1]):
            row = order[place]
            if not known or (contents[row] != latest_content and edited[row] > latest_time):
                verdicts[row] = 1 if known else 0
                known = True
                latest_time = edited[row]
                latest_content = contents[row]
                continue
            seen = contents[row] == latest_content or edited[row] < latest_time
            entry = first_known
            while not seen and entry < last_known:
                seen = known_contents[entry] == contents[row]
                entry += 1
            earlier = starts[group]
            while not seen and earlier < place:
                other = order[earlier]
                seen = verdicts[other] < 2 and contents[other] == contents[row]
                earlier += 1
            verdicts[row] = 2 if seen else 3


def number_repetitions(ids: UnsignedArray, counters: DuplicateIndex) -> tuple[npt.NDArray[np.int64], Entries]:
    """Which repetition each row of a feed without ids is, and the new counts.

    ``counters`` holds, for each id seen in earlier batches of the feed, how often (in ``contents``).

    Returns:
        The number of the repetition of each row, from 1, and the entries for ``counters``.
    """
    order = np.argsort(ids, kind="stable")
    ordered = ids[order]
    starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]])) if len(ids) else np.empty(0, np.intp)
    distinct = ordered[starts]
    before = np.zeros(len(distinct), np.int64)
    owners, counts = counters.find(distinct)
    np.maximum.at(before, owners, counts.contents.astype(np.int64))
    lengths = np.diff(np.append(starts, len(ids)))
    repetitions = np.empty(len(ids), np.int64)
    repetitions[order] = np.arange(len(ids)) - np.repeat(starts, lengths) + np.repeat(before, lengths) + 1
    total = (before + lengths).astype(np.uint64)
    return repetitions, Entries(distinct, np.full(len(distinct), NO_EDIT, np.int64), total)


def repeated_id(ids: UnsignedArray, repetitions: npt.NDArray[np.int64]) -> UnsignedArray:
    """The id of the k-th repetition: the id itself for the first, a mixed one beyond (splitmix64's finaliser)."""
    with np.errstate(over="ignore"):
        mixed = ids + (repetitions - 1).astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        mixed ^= mixed >> np.uint64(31)
    return np.where(repetitions == 1, ids, mixed)
