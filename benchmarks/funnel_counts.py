"""What the baselines see of an account: counts, and small temporal motifs around it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numba
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.model import INTERACTION_KINDS

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

DAY = 86_400_000_000
WINDOW = 64
"""A motif's events are at most so many acts of its centre apart."""
DISTINCT = (("public", ("mention", "reply", "reaction")), ("follow", ("follow",)), ("dm", ("dm", "contact_shared")))


@dataclass(frozen=True, slots=True)
class Coded:
    """Interactions as numbers: who (places in ``accounts``), what, when; target -1 where there is none."""

    accounts: pa.Array
    at: Ints
    kind: Ints
    source: Ints
    target: Ints
    contact: npt.NDArray[np.bool_]
    key: Ints

    @classmethod
    def of(cls, interactions: pa.Table, accounts: Any) -> Coded:
        """In the order of time; accounts that never act are there too."""
        table = interactions.sort_by("at")
        sides = [table[side].cast(pa.string()).combine_chunks() for side in ("source", "target")]
        told = accounts["account"].cast(pa.string()).combine_chunks() if isinstance(accounts, pa.Table) else accounts
        everybody = pc.drop_null(pc.unique(pa.concat_arrays([told, *sides])))
        source, target = (
            pc.fill_null(pc.index_in(side, everybody), -1).to_numpy(zero_copy_only=False).astype(np.int64)
            for side in sides
        )
        kind = pc.index_in(table["kind"].cast(pa.string()).combine_chunks(), pa.array(INTERACTION_KINDS))
        none = pa.nulls(len(table), pa.string())
        keys = table["reply_key"].cast(pa.string()).combine_chunks() if "reply_key" in table.column_names else none
        given = table["contact_kind"] if "contact_kind" in table.column_names else none
        shared = pc.equal(table["kind"].cast(pa.string()), "contact_shared")
        contact = pc.or_(shared, pc.is_valid(given)).to_numpy()
        codes = pc.fill_null(keys.dictionary_encode().indices, -1).to_numpy(zero_copy_only=False)
        at = table["at"].cast(pa.timestamp("us", "UTC"), safe=False).cast(pa.int64()).to_numpy()
        kinds = pc.fill_null(kind, 0).to_numpy(zero_copy_only=False).astype(np.int64)
        return cls(everybody, at, kinds, source, target, contact, codes.astype(np.int64))


def counts(coded: Coded) -> tuple[list[str], Floats]:
    """Names of the counts, and a row an account: acts by kind, partners, addresses, repeated words, active days."""
    size, found = len(coded.accounts), {}
    both = (coded.target >= 0) & (coded.target != coded.source)
    for place, kind in enumerate(INTERACTION_KINDS):
        found[f"{kind} out"] = _tally(coded.source[coded.kind == place], size)
        found[f"{kind} in"] = _tally(coded.target[(coded.kind == place) & both], size)
    found["addresses out"] = _tally(coded.source[coded.contact], size)
    found["addresses in"] = _tally(coded.target[coded.contact & both], size)
    found["partners out"] = _partners(coded.source[both], coded.target[both], size)
    found["partners in"] = _partners(coded.target[both], coded.source[both], size)
    for name, kinds in DISTINCT:
        rows = both & np.isin(coded.kind, [INTERACTION_KINDS.index(kind) for kind in kinds])
        found[f"{name} partners out"] = _partners(coded.source[rows], coded.target[rows], size)
        found[f"{name} partners in"] = _partners(coded.target[rows], coded.source[rows], size)
    rows = both & coded.contact
    found["address partners"] = _partners(coded.source[rows], coded.target[rows], size)
    found["most repeated words"], found["repeated words"] = _repeated(coded, size)
    days = coded.at // DAY
    found["active days"] = _partners(coded.source, days - days[:1].sum(), size)
    total = _tally(coded.source, size)
    found["acts a day"] = total / np.maximum(found["active days"], 1)
    found["partners a day"] = found["partners out"] / np.maximum(found["active days"], 1)
    found["partners on the busiest day"] = _busiest(coded, both, size)
    return list(found), np.column_stack(list(found.values()))


def _tally(who: Ints, size: int) -> Floats:
    return np.bincount(who, minlength=size)[:size].astype(float)


def _partners(one: Ints, other: Ints, size: int) -> Floats:
    """How many different others each account has."""
    width = int(other.max(initial=0)) + 1
    return _tally(np.unique(one * width + other) // width, size)


def _repeated(coded: Coded, size: int) -> tuple[Floats, Floats]:
    """How often each account used its most used words, and how many acts repeat earlier words of its own."""
    rows = coded.key >= 0
    width = int(coded.key.max(initial=0)) + 1
    pairs, often = np.unique(coded.source[rows] * width + coded.key[rows], return_counts=True)
    most, repeats = np.zeros(size), np.zeros(size)
    np.maximum.at(most, pairs // width, often)
    np.add.at(repeats, pairs // width, often - 1)
    return most, repeats


def _busiest(coded: Coded, both: npt.NDArray[np.bool_], size: int) -> Floats:
    """The most partners on one day."""
    days = coded.at[both] // DAY
    days -= days.min(initial=0)
    width = int(days.max(initial=0)) + 1
    return _tally_max(coded.source[both] * width + days, coded.target[both], width, size)


def _tally_max(slots: Ints, others: Ints, width: int, size: int) -> Floats:
    reach = int(others.max(initial=0)) + 1
    taken, often = np.unique(np.unique(slots * reach + others) // reach, return_counts=True)
    most = np.zeros(size)
    np.maximum.at(most, taken // width, often)
    return most


def motifs(coded: Coded, delta: int = DAY) -> Floats:
    """A row an account: how often each motif of two or three of its acts happens within ``delta`` microseconds.

    After Paranjape, Benson and Leskovec (2017): motifs with two or three edges all of which touch the account. Two
    acts: 4 combinations of directions (out, in) with one partner, and 4 with two. Three acts: 8 combinations of
    directions times 5 patterns of partners (aaa, aab, aba, abb, abc). 8 + 40 columns.
    """
    both = (coded.target >= 0) & (coded.target != coded.source)
    centre = np.concatenate([coded.source[both], coded.target[both]])
    other = np.concatenate([coded.target[both], coded.source[both]])
    inwards = np.repeat(np.array([0, 1]), both.sum())
    at = np.concatenate([coded.at[both], coded.at[both]])
    order = np.lexsort((at, centre))
    starts = np.searchsorted(centre[order], np.arange(len(coded.accounts) + 1))
    return _motifs(starts, other[order], inwards[order], at[order], delta, WINDOW)


@numba.njit(cache=False)
def _motifs(starts: Ints, other: Ints, inwards: Ints, at: Ints, delta: int, window: int) -> Floats:
    found = np.zeros((len(starts) - 1, 48))
    first, total = np.zeros(window * 2), np.zeros(2)
    ends, partners = np.zeros(2), np.zeros(window, np.int64)
    for who in range(len(starts) - 1):
        row = found[who]
        for last in range(starts[who], starts[who + 1]):
            begin = last
            while begin > starts[who] and last - begin < window - 1 and at[last] - at[begin - 1] <= delta:
                begin -= 1
            size, ending, end = last - begin, other[last], inwards[last]
            for place in range(size):
                partners[place] = place
                for earlier in range(place):
                    if other[begin + earlier] == other[begin + place]:
                        partners[place] = partners[earlier]
                        break
            first[:] = 0
            total[:] = 0
            ends[:] = 0
            for place in range(size):
                who_else, way = other[begin + place], inwards[begin + place]
                mine = partners[place] * 2
                row[(0 if who_else == ending else 4) + way * 2 + end] += 1
                for before in range(2):
                    code = 8 + (before * 4 + way * 2 + end) * 5
                    here = first[mine + before]
                    if who_else == ending:
                        row[code] += here
                        row[code + 3] += total[before] - here
                    else:
                        row[code + 1] += here
                        row[code + 2] += ends[before]
                        row[code + 4] += total[before] - here - ends[before]
                first[mine + way] += 1
                total[way] += 1
                if who_else == ending:
                    ends[way] += 1
    return found


def labels(accounts: pa.Array, hubs: pa.Table, pairs: pa.Table) -> tuple[Ints, npt.NDArray[np.bool_]]:
    """1 for hubs of funnels, 0 for others; and who counts: not those who only take persons over."""
    funnels = hubs.filter(pc.and_(pc.invert(hubs["decoy"]), pc.equal(hubs["role"], "funnel")))
    truth = pc.is_in(accounts, funnels["account"].cast(pa.string()).combine_chunks()).to_numpy(zero_copy_only=False)
    taken = pairs["handed_to"].cast(pa.string()).combine_chunks()
    handed = pc.is_in(accounts, pc.drop_null(taken)).to_numpy(zero_copy_only=False)
    return truth.astype(np.int64), truth | ~handed
