"""The false discovery rate of Benjamini and Hochberg over p-values in parts, of which only those in reach come back.

p-values are counted in bins, a number a bin. So it is known which may be discoveries, and their edges come back. The
rate of one is the smallest of p * hypotheses / rank among all p-values that are as large: of each bin the smallest
comes back, and within its own bin each is compared where that bin is.
"""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seawall.measures.coshare.squares import stretches_of
from seawall.measures.coshare.tails import Floats
from seawall.measures.keys import places
from seawall.parts import Parts

QUESTIONS = ("p", "p_sharing")

Whole = npt.NDArray[np.int64]

BIN_BITS = 46
"""p-values whose bits differ in these last ones only are of one bin: there are 64 bins for each factor of two."""

VALUES = pa.schema([("question", pa.int8()), ("bin", pa.int64()), ("bits", pa.int64()), ("count", pa.int64())])
"""``bits``: a p-value as a whole number of the same order."""

BINS = pa.schema([("question", pa.int8()), ("bin", pa.int64()), ("count", pa.int64())])
RATES = pa.schema([("question", pa.int8()), ("bin", pa.int64()), ("bits", pa.int64()), ("rate", pa.float64())])

OF_BIN = -1
"""``bits`` of the row that tells the smallest rate of its bin."""


class Asked(NamedTuple):
    """What is known of one question's p-values before they are ranked."""

    hypotheses: int
    bins: Whole  # rising
    before: Whole  # p-values in smaller bins
    reach: int  # the largest bits of what may be a discovery; -1 = none may


def within_reach(edges: Parts, hypotheses: tuple[int, int], keep: float) -> tuple[pa.Table, tuple[Floats, Floats]]:
    """The edges that are discoveries by one p or the other, and q and q_sharing of each, exactly.

    Args:
        edges: with ``p`` and ``p_sharing``; they are used several times.
        hypotheses: of each question.
        keep: the rate of false discoveries.
    """
    values = edges.each(_values).by("question", "bits").each(partial(_summed, VALUES)).kept()
    counts = values.each(_in_bins).by("question", "bin").each(partial(_summed, BINS)).all()
    asked = tuple(_asked(counts, question, hypotheses[question], keep) for question in (0, 1))
    reached = edges.each(partial(_reached, tuple(one.reach for one in asked))).all()
    if not len(reached):
        return reached, (np.empty(0), np.empty(0))
    found = tuple(np.unique(_bits(reached, name)) for name in QUESTIONS)
    rates = values.by("question", "bin").each(partial(_rates, asked, found)).all()
    q, q_sharing = (_q(rates, question, _bits(reached, name)) for question, name in enumerate(QUESTIONS))
    kept = (q <= keep) | (q_sharing <= keep)
    return reached.filter(pa.array(kept)), (q[kept], q_sharing[kept])


def _bits(edges: pa.Table, name: str) -> Whole:
    bits: Whole = (edges[name].to_numpy() + 0.0).view(np.int64)  # what is added makes one zero of two
    return bits


def _values(edges: pa.Table) -> pa.Table:
    """The p-values of both questions, and how many edges have each."""
    tables = []
    for question, name in enumerate(QUESTIONS):
        bits, count = np.unique(_bits(edges, name), return_counts=True)
        columns = [np.full(len(bits), question, np.int8), bits >> BIN_BITS, bits, count]
        tables.append(pa.table(columns, schema=VALUES))
    return pa.concat_tables(tables)


def _summed(schema: pa.Schema, counts: pa.Table) -> pa.Table:
    """One row for each of the first columns, with the sum of ``count``."""
    summed = counts.group_by(schema.names[:-1], use_threads=False).aggregate([("count", "sum")])
    return summed.rename_columns(schema.names).cast(schema)


def _in_bins(values: pa.Table) -> pa.Table:
    return _summed(BINS, values.select(BINS.names))


def _asked(counts: pa.Table, question: int, hypotheses: int, keep: float) -> Asked:
    """Nothing in a bin is a discovery if its smallest p with the rank of its largest is none, nor in a later bin."""
    own = counts.filter(pa.array(counts["question"].to_numpy() == question)).sort_by("bin")
    bins, count = own["bin"].to_numpy(), own["count"].to_numpy()
    up_to = np.cumsum(count)
    smallest = (bins << BIN_BITS).view(np.float64)
    possible = bins[smallest * hypotheses / up_to <= keep]
    reach = int((possible[-1] + 1 << BIN_BITS) - 1) if len(possible) else -1
    return Asked(hypotheses, bins, up_to - count, reach)


def _reached(reach: tuple[int, ...], edges: pa.Table) -> pa.Table:
    inside = [_bits(edges, name) <= most for name, most in zip(QUESTIONS, reach, strict=True)]
    return edges.filter(pa.array(inside[0] | inside[1]))


def _rates(asked: tuple[Asked, ...], found: tuple[Whole, ...], values: pa.Table) -> pa.Table:
    """The smallest rate of each bin, and of those found the smallest of the p-values of the bin that are as large."""
    columns = {name: values[name].to_numpy() for name in VALUES.names}
    tables = [RATES.empty_table()]
    for question, one in enumerate(asked):
        own = np.flatnonzero(columns["question"] == question)
        own = own[np.argsort(columns["bits"][own])]
        bits, count = columns["bits"][own], columns["count"][own]
        for number, rows in stretches_of(columns["bin"][own], np.arange(len(own))):
            rank = one.before[np.searchsorted(one.bins, number)] + np.cumsum(count[rows])
            rate = bits[rows].view(np.float64) * one.hypotheses / rank
            rate = np.minimum.accumulate(rate[::-1])[::-1]
            wanted = np.flatnonzero(places(found[question], bits[rows]) >= 0)
            told = np.append(bits[rows][wanted], OF_BIN), np.append(rate[wanted], rate[0])
            same = [np.full(len(told[0]), question, np.int8), np.full(len(told[0]), number)]
            tables.append(pa.table([*same, *told], schema=RATES))
    return pa.concat_tables(tables)


def _q(rates: pa.Table, question: int, bits: Whole) -> Floats:
    """The rate of each of the p-values that were found."""
    own = rates.filter(pa.array(rates["question"].to_numpy() == question)).sort_by("bits")
    told, rate, bins = (own[name].to_numpy() for name in ("bits", "rate", "bin"))
    whole = told == OF_BIN
    order = np.argsort(bins[whole])
    later = np.append(np.minimum.accumulate(rate[whole][order][::-1])[::-1], np.inf)
    above = np.searchsorted(bins[whole][order], bits >> BIN_BITS, side="right")
    within = rate[~whole][np.searchsorted(told[~whole], bits)]
    q: Floats = np.minimum(1.0, np.minimum(within, later[above]))
    return q
