"""The result of the coordination measure: edges, nodes, and the rows behind each edge."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.errors import MeasureError
from seawall.measures.compiled import compiled
from seawall.measures.cores import cores, slices, together
from seawall.measures.coshare.ordering import Indices
from seawall.measures.coshare.shares import Shares
from seawall.measures.coshare.sharing import Sharing
from seawall.measures.coshare.significance import Significance
from seawall.measures.coshare.sweep import MESSAGES, OBJECTS, PAIRS, Edges
from seawall.measures.coshare.tails import Floats
from seawall.measures.keys import MICROSECONDS, Keys, Times
from seawall.measures.notebook import first_rows
from seawall.measures.tables import place_of


@dataclass(frozen=True, slots=True)
class Origin:
    """What the rows of a measure are called in the table that was handed in."""

    object: pa.ChunkedArray
    account: pa.ChunkedArray
    message: pa.ChunkedArray
    at: pa.ChunkedArray
    rows: npt.NDArray[Any]  # for each row of the measure, the row of the columns above

    def only(self, keep: npt.NDArray[np.bool_]) -> Origin:
        """Of the rows that are kept."""
        return Origin(self.object, self.account, self.message, self.at, self.rows[keep])


class Network:
    """Accounts that acted together, and how often. Made by ``seawall.measures.coordination``.

    Attributes:
        directed: whether an edge from A to B says something else than one from B to A.
        window_s: seconds within which two shares count as together, inclusive.
    """

    def __init__(
        self,
        shares: Shares,
        edges: Edges,
        kind: int,
        window_us: int,
        names: pa.ChunkedArray,
        origin: Origin,
        significance: Significance | None = None,
    ) -> None:
        self.directed = kind == MESSAGES
        self.window_s = window_us / MICROSECONDS
        self._shares = shares
        nothing = np.empty(0)
        self._raw = replace(edges, pairs=nothing.astype(np.int64), leads=nothing, lag=nothing)
        self._p = None if significance is None else significance.p
        self._sharing = None if significance is None else significance.sharing
        self._details: dict[str, npt.NDArray[Any]] = {"pairs": edges.pairs, "leads": edges.leads, "lag": edges.lag}
        self._pairs: int | None = None
        self._ranks: Callable[[], tuple[Floats, Floats]] | None = None
        if significance is not None:
            self._details |= {"expected": significance.expected, "p_sharing": significance.p_sharing}
            self._pairs, self._ranks = significance.pairs, significance.ranks
        self._kind = kind
        self._window_us = window_us
        self._names = plain(names)
        self._origin = origin

    @cached_property
    def edges(self) -> pa.Table:
        """``source``, ``target`` (as the accounts were given), ``weight`` (int64), heaviest first, then by name.

        In mode None also ``pairs`` (int64: pairs of shares within the window), ``leads`` (float64: share of the
        objects on which the source came first, judged by the closest pair; ties count half) and ``median_lag_s``
        (float64: median over the objects of the gap of the closest pair, in seconds).
        An undirected edge stands once, with source before target in the order of their ids.

        With significance also (float64) ``expected``: on how many of the objects that both shared the two are in time
        by chance; ``p``: how probable it is that they are so on as many as they were, and ``q``, its Benjamini-Hochberg
        value over all pairs that share an object; ``p_sharing``: how probable it is that they share as many objects as
        they do, whatever the time, and ``q_sharing`` over all pairs.
        """
        self._rank()
        used = self._used()
        values = self._names.take(pa.array(used))
        by_name = pc.sort_indices(values).to_numpy()
        values = values.take(pa.array(by_name))
        ranks = np.empty(len(self._names), np.int32)
        ranks[used[by_name]] = np.arange(len(used), dtype=np.int32)
        first, second = ranks[self._raw.source], ranks[self._raw.target]
        turned = np.zeros(0, np.bool_)
        if not self.directed:
            turned = first > second
            first, second = np.where(turned, second, first), np.where(turned, first, second)
        order = _heaviest_first(self._raw.weight, first, second, len(used))
        ends = together([partial(values.take, pa.array(end[order])) for end in (first, second)])
        del first, second
        columns: dict[str, Any] = {"source": ends[0], "target": ends[1], "weight": taken(self._raw.weight, order)}
        if self._kind == OBJECTS:
            columns |= self._described(order, turned)
        return pa.table(columns)

    def _described(self, order: Indices, turned: npt.NDArray[np.bool_]) -> dict[str, npt.NDArray[Any]]:
        """The other columns of edges in their order. What they are made of is let go of, as it may be gigabytes."""
        details, weight = self._details, self._raw.weight
        leads = _leads(details.pop("leads"), weight, turned)
        columns = {"pairs": taken(details.pop("pairs"), order), "leads": taken(leads, order)}
        del leads
        columns["median_lag_s"] = taken(details.pop("lag"), order) / MICROSECONDS
        if self._p is not None:
            columns["expected"] = taken(details.pop("expected"), order)
            columns["p"] = taken(self._p, order)
            for name in ("q", "p_sharing", "q_sharing"):
                columns[name] = taken(details.pop(name), order)
        return columns

    def _rank(self) -> None:
        """Add the values of Benjamini and Hochberg; first of all, as ranking needs room."""
        if self._ranks is not None:
            self._details["q"], self._details["q_sharing"] = self._ranks()
            self._ranks = None

    @cached_property
    def nodes(self) -> pa.Table:
        """The accounts that have an edge, strongest first.

        Columns: ``account``, ``degree`` (int64: accounts that it has an edge with), ``strength`` (int64: weight of
        its edges), ``shares`` (int64: its rows that were looked at), ``first_at`` (timestamp us, UTC) and
        ``first_message``: the earliest of these rows; of several at one time the one whose message has the lowest key.
        """
        ends = np.concatenate([self._raw.source, self._raw.target])
        used = self._used()
        heavy = np.bincount(ends, np.concatenate([self._raw.weight, self._raw.weight]), minlength=len(self._names))
        strength = heavy[used].astype(np.int64)
        low = np.minimum(self._raw.source, self._raw.target).astype(np.int64)
        high = np.maximum(self._raw.source, self._raw.target).astype(np.int64)
        links = np.unique(low << 32 | high)
        degree = np.bincount(
            np.searchsorted(used, np.concatenate([links >> 32, links & 0xFFFFFFFF])), minlength=len(used)
        )
        first = _first_shares(self._shares.at, self._shares.message, self._shares.row, self._shares.starts, used)
        table = pa.table(
            {
                "account": self._names.take(pa.array(used)),
                "degree": degree.astype(np.int64),
                "strength": strength,
                "shares": np.diff(self._shares.starts)[used],
                "first_at": pa.array(self._shares.at[first]).cast(pa.timestamp("us", "UTC")),
                "first_message": self._origin.message.take(pa.array(self._origin.rows[first])),
            }
        )
        return table.sort_by([("strength", "descending"), ("account", "ascending")])

    def evidence(self, source: Any, target: Any) -> pa.Table:
        """The pairs of rows behind an edge, in the order of time.

        Columns: ``object``, ``source_message``, ``target_message``, ``source_at``, ``target_at`` (as they were
        given) and ``lag_s`` (float64 seconds; positive where the source came first). Empty where the two never
        acted together within the window.

        Raises:
            MeasureError: an account that the shares do not have.
        """
        first, second = self._code(source), self._code(target)
        shares = self._shares
        ours, theirs = self._span(first), self._span(second)
        left, right = _pairs(
            shares.message,
            shares.row[ours],
            shares.low[ours],
            shares.high[ours],
            shares.row[theirs],
            self._kind == PAIRS,
        )
        chronological = np.lexsort((right, left, shares.at[right], shares.at[left]))
        left, right = left[chronological], right[chronological]
        ours_at, theirs_at = pa.array(self._origin.rows[left]), pa.array(self._origin.rows[right])
        return pa.table(
            {
                "object": self._origin.object.take(ours_at),
                "source_message": self._origin.message.take(ours_at),
                "target_message": self._origin.message.take(theirs_at),
                "source_at": self._origin.at.take(ours_at),
                "target_at": self._origin.at.take(theirs_at),
                "lag_s": (shares.at[right] - shares.at[left]) / MICROSECONDS,
            }
        )

    def among(self, accounts: pa.Array) -> pa.Table:
        """The shares of these accounts that had company among them, by object and in the order of time.

        Columns: ``object``, ``account``, ``message``, ``at`` (timestamp us, UTC) and ``occasion`` (int64, from 0):
        shares of one object, each within the window after the one before, are one occasion.
        """
        members = pc.is_in(self._names, accounts.cast(self._names.type)).to_numpy(zero_copy_only=False)
        shares = self._shares
        spans = [self._span(code) for code in np.flatnonzero(members).tolist()]
        rows = np.concatenate([shares.row[span] for span in spans] or [np.empty(0, np.int32)])
        group = np.concatenate([shares.group[span] for span in spans] or [np.empty(0, np.int32)])
        order = np.argsort(rows)
        rows = rows[order]
        occasion, company = _occasions(shares.at[rows], group[order], shares.account[rows], self._window_us)
        rows, occasion = rows[company], occasion[company]
        places = pa.array(self._origin.rows[rows])
        return pa.table(
            {
                "object": self._origin.object.take(places),
                "account": self._names.take(pa.array(shares.account[rows])),
                "message": self._origin.message.take(places),
                "at": pa.array(shares.at[rows]).cast(pa.timestamp("us", "UTC")),
                "occasion": np.unique(occasion, return_inverse=True)[1].astype(np.int64),
            }
        )

    @property
    def compared(self) -> int:
        """How many pairs ``q`` was compared over: at least as many as share an object.

        Raises:
            MeasureError: the network was made without significance.
        """
        if self._pairs is None:
            raise MeasureError("This network does not know chance.", mend="Make it with significance=True.")
        return self._pairs

    def tested(self) -> tuple[pa.Array, Edges, Floats, Sharing]:
        """The accounts, the edges by their numbers, p of each, and who shared what: what ``pooled`` rests on.

        Raises:
            MeasureError: the network was made without significance, or only edges in reach were kept.
        """
        if self._p is None or self._sharing is None:
            raise MeasureError(
                "This network does not know who shared what.", mend="Make it with significance=True and no keep."
            )
        return self._names, self._raw, self._p, self._sharing

    def _used(self) -> npt.NDArray[np.int64]:
        """The numbers of the accounts that have an edge."""
        seen = np.zeros(len(self._names), np.bool_)
        seen[self._raw.source] = True
        seen[self._raw.target] = True
        return np.flatnonzero(seen)

    def _span(self, code: int) -> slice:
        return slice(int(self._shares.starts[code]), int(self._shares.starts[code + 1]))

    def _code(self, account: Any) -> int:
        code = place_of(account, self._names)
        if code is None:
            raise MeasureError(
                "The shares have no such account.", where="evidence", mend="Take source and target from .edges."
            )
        return code

    def __len__(self) -> int:
        return len(self._raw.weight)

    def __repr__(self) -> str:
        kind = "directed" if self.directed else "undirected"
        return f"<Network: {len(self._used())} accounts, {len(self)} {kind} edges within {self.window_s:g} s>"

    def _repr_html_(self) -> str:
        return first_rows(repr(self)[1:-1], self.edges)


def plain(values: pa.ChunkedArray | pa.Array) -> pa.Array:
    """One array without dictionary encoding."""
    array = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    return array.dictionary_decode() if pa.types.is_dictionary(array.type) else array


def _heaviest_first(weight: Times, first: Indices, second: Indices, accounts: int) -> Indices:
    """The order of edges by weight, falling, then by their ends: linear, with one pass a key."""
    order = _reordered(np.arange(len(weight), dtype=np.int32), second, accounts)
    order = _reordered(order, first, accounts)
    heaviest = int(weight.max(initial=0))
    if heaviest > 4 * len(weight) + 1024:
        return order[np.argsort(-weight[order], kind="stable")]
    return _reordered(order, (heaviest - weight).astype(np.int32), heaviest + 1)


@compiled
def _take(values: npt.NDArray[Any], order: Indices, start: int, stop: int, out: npt.NDArray[Any]) -> None:
    for k in range(start, stop):
        out[k] = values[order[k]]


def taken(values: npt.NDArray[Any], order: Indices) -> npt.NDArray[Any]:
    """The values in another order, on all cores."""
    out = np.empty(len(order), values.dtype)
    together([partial(_take, values, order, *part, out) for part in slices(len(order), cores(len(order)))])
    return out


@compiled
def _leads(twice: Floats, weight: Times, turned: npt.NDArray[np.bool_]) -> Floats:
    """On what part of the objects the source was first, from 2 for each and 1 for each tie, once ends have turned."""
    out = np.empty(len(twice))
    for edge in range(len(twice)):
        first = 2.0 * weight[edge] - twice[edge] if turned[edge] else twice[edge]
        out[edge] = first / (2.0 * weight[edge])
    return out


@compiled
def _reordered(order: Indices, keys: Indices, found: int) -> Indices:
    """The order, sorted by keys below ``found``; equal keys stay as they are."""
    places = np.zeros(found + 1, np.int64)
    for key in keys:
        places[key + 1] += 1
    for key in range(found):
        places[key + 1] += places[key]
    out = np.empty(len(order), np.int32)
    for row in order:
        out[places[keys[row]]] = row
        places[keys[row]] += 1
    return out


@compiled
def _first_shares(
    at: Times, message: Keys, positions: Indices, starts: npt.NDArray[np.int64], codes: npt.NDArray[Any]
) -> npt.NDArray[np.int64]:
    first = np.empty(len(codes), np.int64)
    for k in range(len(codes)):
        best = positions[starts[codes[k]]]
        for row in positions[starts[codes[k]] : starts[codes[k] + 1]]:
            if (at[row], message[row]) < (at[best], message[best]):
                best = row
        first[k] = best
    return first


@compiled
def _occasions(at: Times, group: Indices, account: Indices, window: int) -> tuple[Times, npt.NDArray[np.bool_]]:
    """For each row, sorted by object and time: the number of its occasion, and whether several accounts took part."""
    occasion, company = np.empty(len(at), np.int64), np.zeros(len(at), np.bool_)
    start = 0
    while start < len(at):
        end, several = start + 1, False
        while end < len(at) and group[end] == group[start] and at[end] - at[end - 1] <= window:
            several = several or account[end] != account[start]
            end += 1
        occasion[start:end] = start
        company[start:end] = several
        start = end
    return occasion, company


@compiled
def _pairs(
    message: Keys, ours: Indices, low: Indices, high: Indices, theirs: Indices, distinct: bool
) -> tuple[Indices, Indices]:
    """All pairs of rows in one another's window; ``distinct`` leaves out pairs of one message."""
    room, found, start = 16, 0, 0
    left, right = np.empty(room, np.int32), np.empty(room, np.int32)
    for k in range(len(ours)):
        while start < len(theirs) and theirs[start] < low[k]:
            start += 1
        other = start
        while other < len(theirs) and theirs[other] < high[k]:
            if not (distinct and message[theirs[other]] == message[ours[k]]):
                if found == room:
                    room *= 2
                    left, right = np.append(left, left), np.append(right, right)
                left[found], right[found] = ours[k], theirs[other]
                found += 1
            other += 1
    return left[:found], right[:found]
