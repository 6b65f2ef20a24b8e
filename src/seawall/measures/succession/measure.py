"""The measure of successors: which channel came after one that ended, and how sure that is."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pyarrow as pa

from seawall.errors import MeasureError
from seawall.measures.succession.candidates import candidate_pairs
from seawall.measures.succession.evidence import Evidence, evidence
from seawall.measures.succession.matching import assigned, marginals
from seawall.measures.succession.overlap import Pairs
from seawall.measures.succession.reading import first_seen, traces_of
from seawall.measures.succession.result import Successors
from seawall.measures.succession.rows import Channels, Ends, channels_of, ends_of, require_something
from seawall.measures.succession.weights import FITTED, Weights
from seawall.measures.succession.words import RIVALS, TERMS, Floats, Ints

LEAST = 0.8
"""The probability from which on a successor is told."""

MOST_LISTED = 20
"""So many candidates of an end are listed, the best."""

UTC = pa.timestamp("us", "UTC")


def successors(
    ends: Any,
    channels: Any,
    *,
    links: Any = None,
    forwards: Any = None,
    media: Any = None,
    clusters: Any = None,
    least: float = LEAST,
    weights: Weights = FITTED,
) -> Successors:
    """Which channel came after each channel that ended: candidates with reasons, a probability, or no successor.

    Broadcast channels, groups and rooms only. Rows of persons and direct conversations are left out and counted, and no
    table here tells who wrote anything. Each channel succeeds at most one, and each has at most one successor.

    Args:
        ends: anything that speaks Arrow, a row an end: ``channel``, ``at`` (or ``ended_at``; timestamps of any zone,
            without one UTC). None: those whose ``ended_at`` the channels tell.
        channels: a row a channel: ``channel``; where known ``handle``, ``address`` (under which links lead to it),
            ``created_at`` (or ``first_at``), ``ended_at``, ``kind``, ``visibility``. Ended ones stand here, too.
        links: a row a link: ``at, channel, url``; where known ``domain`` and ``place``, as in the lake.
        forwards: a row a forwarded message: ``at, channel, origin`` (the channel that it came from).
        media: a row a piece of media: ``at, channel, sha256``.
        clusters: a row a message: ``at, channel, cluster`` (messages with the same text, or nearly).
        least: the probability from which on a successor is told.
        weights: how far each term is believed.

    Returns:
        ``Successors`` with ``.ends``, ``.candidates``, ``.reasons`` and ``.left_out``.

    Each kind of evidence is a term in nats: how much likelier what is seen is for a successor than for a channel that
    has nothing to do with the old one, where chance is counted from the tables themselves. Evidence that is not given
    adds nothing. See docs/explanation/successors.md.

    Raises:
        MeasureError: a column is missing, times cannot be read, or no channel is left.
    """
    if not 0 < least <= 1:
        raise MeasureError("A probability lies between 0 and 1.", where="parameter least")
    known, ended, pairs, found, left_out = gathered(ends, channels, links, forwards, media, clusters)
    parts = weights.parts(found)
    found.nats[:, RIVALS] = parts[:, RIVALS]
    nats = np.asarray(parts.sum(axis=1) + weights.prior, np.float64)
    return _told(ended, known, pairs, found, parts, nats, least, left_out)


def gathered(
    ends: Any, channels: Any, links: Any, forwards: Any, media: Any, clusters: Any
) -> tuple[Channels, Ends, Pairs, Evidence, dict[str, int]]:
    """Channels, ends, the pairs that are looked at with their evidence before it is weighed, and what was left out.

    The arguments are those of ``successors``.
    """
    left_out: Counter[str] = Counter()
    known = channels_of(channels, left_out)
    require_something(known)
    ended = ends_of(ends, known, left_out)
    traces = traces_of(known, links, forwards, media, clusters, left_out)
    opened = first_seen(known, traces)
    pairs = candidate_pairs(ended, known, opened, traces.given)
    found = evidence(pairs, known, opened, traces)
    return known, ended, pairs, found, {reason: count for reason, count in left_out.items() if count}


def _told(
    ends: Ends, channels: Channels, pairs: Pairs, found: Evidence, parts: Floats, nats: Floats, least: float,
    left_out: dict[str, int],
) -> Successors:  # fmt: skip
    number, many = len(ends.at), len(channels.ids)
    probability = marginals(pairs.end, pairs.new, nats, number, many)
    chosen = assigned(pairs.end, pairs.new, nats, number, many)
    names = np.asarray(channels.ids.to_pylist(), object)
    order = np.lexsort((pairs.new, -nats, pairs.end))
    end = pairs.end[order]
    rank = np.arange(len(order)) - np.searchsorted(end, end) + 1
    best = np.full(number, -1, np.int64)
    best[end[rank == 1]] = order[rank == 1]
    likeliest = np.where(chosen >= 0, chosen, best)
    sure = np.append(probability, 0.0)[likeliest]
    none = 1 - np.bincount(pairs.end, probability, number)
    listed = rank <= MOST_LISTED
    order, rank = order[listed], rank[listed]
    who = np.append(pairs.new, 0)[likeliest]
    table = pa.table(
        {
            "ended": pa.array(names[ends.channel], pa.string()),
            "at": pa.array(ends.at).cast(UTC),
            "successor": pa.array(names[who], pa.string(), mask=(chosen < 0) | (sure < least)),
            "probability": sure,
            "likeliest": pa.array(names[who], pa.string(), mask=likeliest < 0),
            "none": np.clip(none, 0, 1),
            "candidates": np.bincount(pairs.end, minlength=number).astype(np.int64),
        }
    )
    candidates = pa.table(
        {
            "ended": pa.array(names[pairs.old[order]], pa.string()),
            "candidate": pa.array(names[pairs.new[order]], pa.string()),
            "rank": rank.astype(np.int64),
            "nats": nats[order],
            "probability": probability[order],
            "assigned": np.isin(order, chosen),
            **{
                name: pa.array(parts[order, place], mask=np.isnan(found.nats[order, place]))
                for place, name in enumerate(TERMS)
            },
        }
    )
    reasons = _reasons(names, pairs, found, parts, order)
    told = [_as_given(one, channels.kind) for one in (table, candidates, reasons)]
    return Successors(told[0], told[1], told[2], left_out, least)


def _as_given(table: pa.Table, kind: pa.DataType) -> pa.Table:
    """Ids in the type in which the channels have them."""
    for place, name in enumerate(table.column_names):
        if name in ("ended", "successor", "likeliest", "candidate"):
            table = table.set_column(place, name, table[name].cast(pa.string()).cast(kind))
    return table


def _reasons(names: Any, pairs: Pairs, found: Evidence, parts: Floats, order: Ints) -> pa.Table:
    row, term = np.nonzero(~np.isnan(found.nats[order]))
    weight = parts[order][row, term]
    by = np.lexsort((term, -weight, row))
    row, term, weight = order[row[by]], term[by], weight[by]
    return pa.table(
        {
            "ended": pa.array(names[pairs.old[row]], pa.string()),
            "candidate": pa.array(names[pairs.new[row]], pa.string()),
            "term": pa.array(TERMS).take(pa.array(term)),
            "nats": weight,
            "observed": pa.array(found.observed[row, term], mask=np.isnan(found.observed[row, term])),
            "expected": pa.array(found.expected[row, term], mask=np.isnan(found.expected[row, term])),
        }
    )
