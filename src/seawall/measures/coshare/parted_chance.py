"""What chance gives, over parts: who shared what travels to the edges of its accounts, where each edge is tested."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seawall.measures.coshare.accounts import NEW_ACCOUNT, NEW_OBJECT
from seawall.measures.coshare.bicm import Fit, fit
from seawall.measures.coshare.cosharing import cosharing
from seawall.measures.coshare.parted_discovery import within_reach
from seawall.measures.coshare.sharing import Sharing, pairs_of
from seawall.measures.coshare.significance import Significance
from seawall.measures.coshare.squares import EDGES, TABLE_ROWS, stretches_of
from seawall.measures.coshare.sweep import Edges
from seawall.measures.coshare.tails import Floats
from seawall.measures.coshare.timing import timing
from seawall.measures.keys import Keys, places
from seawall.parts import Parts

ACCOUNTS, OBJECTS = 0, 1
"""What a row of the histograms counts."""

DEGREES = pa.schema([("kind", pa.int8()), ("value", pa.int64()), ("count", pa.int64())])

ENDS = pa.schema([("square", pa.int32()), ("account", pa.uint64())])

SHARED = pa.schema(
    [("square", pa.int32()), ("account", pa.uint64()), ("object", pa.uint64()), ("times", pa.int32()),
     ("chance", pa.float64()), ("degree", pa.int32())]
)  # fmt: skip

TESTED = pa.schema([*EDGES, ("expected", pa.float64()), ("p", pa.float64()), ("p_sharing", pa.float64())])

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Tested:
    """Edges that came back, by the keys of their accounts, and what chance says of them.

    Args:
        edges: see EDGES.
        judged: None where chance was not asked.
    """

    edges: pa.Table
    judged: Significance | None


@dataclass(frozen=True)
class Model:
    """Who shares what by chance, and the class of accounts of each degree."""

    fit: Fit
    degrees: Counts  # rising

    def classes(self, degree: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
        """The class of accounts of these degrees."""
        return self.fit.account_class[np.searchsorted(self.degrees, degree)]


def tested(edges: Parts, known: Parts, keep: float | None) -> Tested:
    """Test every edge, and bring back those in reach.

    Args:
        edges: see ``swept``; by square.
        known: see ``of_accounts``; by account.
        keep: the rate of false discoveries, of one question or the other, up to which edges come back; None = all.
    """
    counts = known.each(_degrees).by("kind", "value").each(_summed).all().sort_by("value")
    (degrees, accounts), (sharers, links) = (_histogram(counts, kind) for kind in (ACCOUNTS, OBJECTS))
    objects = links // np.maximum(sharers, 1)
    model = Model(fit(degrees, sharers, accounts, objects), degrees)
    hypotheses = pairs_of(sharers, objects, int(accounts.sum()))
    shared = known.beside(edges.each(_ends).by("account"), _shared).by("square")
    judged = edges.beside(shared, partial(_judged, model))
    if keep is None:
        return _told(judged.all(), hypotheses, None)
    judged = judged.kept()
    reached, q = within_reach(judged, hypotheses, keep)
    return _told(reached, hypotheses, q)


def _told(edges: pa.Table, hypotheses: tuple[int, int], q: tuple[Floats, Floats] | None) -> Tested:
    expected, p, p_sharing = (edges[name].to_numpy() for name in ("expected", "p", "p_sharing"))
    return Tested(edges.select(EDGES.names), Significance(expected, p, p_sharing, *hypotheses, None, q))


def _degrees(known: pa.Table) -> pa.Table:
    """How many accounts have each degree, and how many links go to objects of each number of sharers."""
    first, degree, sharers = (known[name].to_numpy() for name in ("first", "degree", "sharers"))
    tables = []
    for kind, values in ((ACCOUNTS, degree[first == NEW_ACCOUNT]), (OBJECTS, sharers[first >= NEW_OBJECT])):
        found, count = np.unique(values, return_counts=True)
        tables.append(pa.table([np.full(len(found), kind, np.int8), found.astype(np.int64), count], schema=DEGREES))
    return pa.concat_tables(tables)


def _summed(counts: pa.Table) -> pa.Table:
    summed = counts.group_by(["kind", "value"], use_threads=False).aggregate([("count", "sum")])
    return summed.rename_columns(DEGREES.names).cast(DEGREES)


def _histogram(counts: pa.Table, kind: int) -> tuple[Counts, Counts]:
    own = counts.filter(pa.array(counts["kind"].to_numpy() == kind))
    return own["value"].to_numpy(), own["count"].to_numpy()


def _ends(edges: pa.Table) -> pa.Table:
    """The accounts of each square that have an edge there."""
    ends = pa.concat_tables([edges.select(["square", end]).rename_columns(ENDS.names) for end in ("source", "target")])
    return ends.group_by(ENDS.names, use_threads=False).aggregate([]).select(ENDS.names).cast(ENDS)


def _shared(known: pa.Table, ends: pa.Table) -> Iterator[pa.Table]:
    """What each account shared, once for each of its squares; only what others shared too."""
    yield SHARED.empty_table()
    ends = ends.sort_by([("account", "ascending"), ("square", "ascending")])
    accounts = np.unique(ends["account"].to_numpy())
    wanted = (places(accounts, known["account"].to_numpy()) >= 0) & (known["sharers"].to_numpy() > 1)
    columns, starts = _links(known.filter(pa.array(wanted)), accounts)
    own = np.searchsorted(accounts, ends["account"].to_numpy())
    lengths = np.diff(starts)[own]
    whole, start = np.cumsum(lengths), 0
    while start < len(own):
        stop = max(start + 1, int(np.searchsorted(whole, whole[start] - lengths[start] + TABLE_ROWS, side="right")))
        length = lengths[start:stop]
        before = np.cumsum(length) - length
        rows = np.arange(length.sum()) + np.repeat(starts[own[start:stop]] - before, length)
        square = np.repeat(ends["square"].to_numpy()[start:stop], length)
        yield pa.table([square, *(columns[name][rows] for name in SHARED.names[1:])], schema=SHARED)
        start = stop


def _links(shares: pa.Table, accounts: Keys) -> tuple[dict[str, npt.NDArray[Any]], Counts]:
    """What each account shared and how often, account after account, and where each account begins."""
    account, thing = shares["account"].to_numpy(), shares["object"].to_numpy()
    order = np.lexsort((thing, account))
    account, thing = account[order], thing[order]
    new = np.ones(len(order), np.bool_)
    new[1:] = (account[1:] != account[:-1]) | (thing[1:] != thing[:-1])
    firsts = np.flatnonzero(new)
    columns = {name: shares[name].to_numpy()[order[firsts]] for name in ("chance", "degree")}
    columns |= {"account": account[firsts], "object": thing[firsts]}
    columns["times"] = np.diff(np.append(firsts, len(order))).astype(np.int32)
    return columns, np.append(np.searchsorted(columns["account"], accounts), len(firsts))


def _judged(model: Model, edges: pa.Table, shared: pa.Table) -> Iterator[pa.Table]:
    """The edges of each square with what the tests gave; see TESTED."""
    yield TESTED.empty_table()
    links = {name: shared[name].to_numpy() for name in SHARED.names}
    of_square = dict(stretches_of(links["square"], np.argsort(links["square"], kind="stable")))
    square = edges["square"].to_numpy()
    order = np.lexsort((edges["source"].to_numpy(), square))
    for number, rows in stretches_of(square, order):
        own = edges.take(pa.array(rows))
        results = _tests(model, own, {name: values[of_square[number]] for name, values in links.items()})
        told = pa.table([*own.columns, *results], schema=TESTED)
        yield from (told.slice(start, TABLE_ROWS) for start in range(0, len(told), TABLE_ROWS))


def _tests(model: Model, edges: pa.Table, links: dict[str, npt.NDArray[Any]]) -> tuple[object, ...]:
    """``expected``, ``p`` and ``p_sharing`` of edges that are sorted by source."""
    order = np.argsort(links["account"], kind="stable")
    accounts, firsts = np.unique(links["account"][order], return_index=True)
    _, one, thing = np.unique(links["object"][order], return_index=True, return_inverse=True)
    sharing = Sharing(
        starts=np.append(firsts, len(order)).astype(np.int64),
        object=thing.astype(np.int32),
        times=links["times"][order],
        sharers=np.empty(0, np.int32),
        chance=links["chance"][order][one],
    )
    source, target = (np.searchsorted(accounts, edges[end].to_numpy()).astype(np.int32) for end in ("source", "target"))
    nothing = np.empty(0)
    pairs = Edges(source, target, edges["weight"].to_numpy(), nothing.astype(np.int64), nothing, nothing)
    times = timing(sharing, pairs)
    classes = model.classes(links["degree"][order][firsts])
    return times.expected, times.p, cosharing(model.fit, classes, pairs, times.common)
