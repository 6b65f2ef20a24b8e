"""A table of links -> arrays of days, channels, accounts and places; what is no evidence is counted and left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.errors import MeasureError
from seawall.measures.keys import Times, identity_keys, microseconds, presence
from seawall.measures.place import place_keys
from seawall.measures.tables import as_table, require_columns

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

COLUMNS = ("at", "channel", "account", "url", "domain", "place")
PASSED_THROUGH = ("shortener", "infrastructure")
"""Roles of what links only pass through."""
DROPPED = ("without_time", "later", "without_channel", "without_address")
"""Reasons for which a row is no link of a channel at all."""
NOWHERE = -1


@dataclass(frozen=True)
class Links:
    """Links of channels, in the order of time.

    Args:
        at: UTC microseconds, ascending.
        channel: numbered from 0, by first link.
        account: numbered from 0; where none is told, a number of the channel's own.
        place: numbered from 0; NOWHERE where the link leads to no place that is judged.
        names: ``place, kind, domain``, a row a numbered place.
        community: of each channel; NOWHERE where it is not told. None = of none.
    """

    at: Times
    channel: Ints
    account: Ints
    place: Ints
    names: pa.Table
    channels: pa.Array
    community: Ints | None

    def __len__(self) -> int:
        return len(self.at)


@dataclass(frozen=True)
class Reading:
    """What of a link counts: each row by itself.

    Args:
        popular: registrable domains, in small letters; None = no list.
        known: places or domains, in small letters; None = no list.
        until: links from here on (UTC microseconds) count as ``later``; None = none does.
    """

    popular: pa.Array | None = None
    known: pa.Array | None = None
    until: int | None = None

    @classmethod
    def of(cls, popular: Any, known: Any, until: int | None) -> Reading:
        """From lists or tables of names.

        Raises:
            MeasureError: a table lacks its column.
        """
        return cls(
            None if popular is None else _listed(popular, "popular", ("domain",)),
            None if known is None else _listed(known, "known", ("place", "domain")),
            until,
        )

    def __call__(self, table: pa.Table) -> pa.Table:
        """``COLUMNS`` -> ``at`` (UTC microseconds), ``channel``, ``account``, ``place, kind, domain`` (``place_keys``;
        null place = it leads to none that is judged), and ``reason``: why it was left out.

        Raises:
            MeasureError: a column is of a type that cannot be read.
        """
        at, timed = microseconds(table["at"])
        reason = np.full(len(table), COUNTS_WHOLLY)
        dropped = {
            "without_time": None if timed is None else ~timed,
            "later": None if self.until is None else at >= self.until,
            "without_channel": ~presence(table["channel"]),
            "without_address": ~presence(table["url"]),
        }
        for why, wrong in dropped.items():
            _give(reason, why, wrong)
        keys = place_keys(table)
        for why, wrong in self._nowhere(keys).items():
            _give(reason, why, wrong)
        whole = pa.array(reason == COUNTS_WHOLLY)
        return pa.table(
            {
                "at": at,
                "channel": _plain(table["channel"]),
                "account": _plain(table["account"]),
                "place": pc.if_else(whole, keys["place"], None),
                **{name: keys[name] for name in ("kind", "domain")},
                "reason": pa.array(REASONS[reason], pa.string()),
            }
        )

    def _nowhere(self, keys: pa.Table) -> dict[str, Mask]:
        """Which links lead to no place that can be new; otherwise they still tell who was active when."""
        found = {role: _true(pc.equal(keys["role"], role)) for role in PASSED_THROUGH}
        if self.popular is not None:
            whole = pc.invert(pc.starts_with(keys["place"], "https://"))
            found["popular"] = _true(pc.and_(pc.is_in(keys["domain"], self.popular), whole))
        if self.known is not None:
            found["known"] = _true(pc.or_(*(pc.is_in(keys[name], self.known) for name in ("place", "domain"))))
        return found

    def left_out(self, counted: pa.Table) -> dict[str, int]:
        """``counted_reasons``, of parts or of all links -> how many were left out, by each reason that there can be."""
        sums = counted.group_by("reason").aggregate([("links", "sum")])
        counts = dict(zip(sums["reason"].to_pylist(), sums["links_sum"].to_pylist(), strict=True))
        asked = {"later": self.until, "popular": self.popular, "known": self.known, "without_time": None}
        return {
            reason: counts.get(reason, 0)
            for reason in REASONS[1:].tolist()
            if counts.get(reason) or asked.get(reason, reason) is not None
        }


REASONS = np.array([None, *DROPPED, *PASSED_THROUGH, "popular", "known"], object)
COUNTS_WHOLLY = 0
"""The number of no reason."""


def _give(reasons: Ints, why: str, wrong: Mask | None) -> None:
    if wrong is not None:
        reasons[(reasons == COUNTS_WHOLLY) & wrong] = REASONS.tolist().index(why)


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column


def counted_reasons(links: pa.Table) -> pa.Table:
    """``reason, links``: how many links were left out, of what ``Reading`` gives."""
    reasons = links.filter(pc.is_valid(links["reason"])).group_by("reason").aggregate([([], "count_all")])
    return reasons.rename_columns(["reason", "links"])


def is_link(links: pa.Table) -> pa.ChunkedArray:
    """Which rows of what ``Reading`` gives are links of a channel."""
    return pc.invert(pc.is_in(links["reason"], value_set=pa.array(DROPPED)))


def numbered(links: pa.Table, communities: Any) -> Links:
    """Links of what ``Reading`` gives, in the order of time.

    Raises:
        MeasureError: a channel is of two communities.
    """
    at = links["at"].to_numpy()
    order = np.argsort(at, kind="stable")
    links, at = links.take(pa.array(order)), at[order]
    places, first = _numbered(links["place"].combine_chunks())
    channel, names = _codes(links["channel"])
    return Links(
        at=at,
        channel=channel,
        account=_accounts(links["account"], channel),
        place=places,
        names=_names(links, at, places, first),
        channels=names,
        community=None if communities is None else communities_of(communities, names),
    )


def _true(values: pa.ChunkedArray) -> Mask:
    told: Mask = pc.fill_null(values, False).to_numpy().astype(np.bool_)
    return told


def _listed(given: Any, name: str, columns: tuple[str, ...]) -> pa.Array:
    """Names from a list of strings, or from the first of these columns that a table has."""
    if isinstance(given, list | tuple | set | frozenset):
        return pa.array(sorted({str(one).strip().lower() for one in given}), pa.string())
    table = as_table(given)
    found = [column for column in columns if column in table.column_names]
    if not found:
        raise MeasureError(
            f"The table of {name} names has no column {' or '.join(columns)}.",
            where=f"parameter {name}",
            mend="Give a list of names, or a table with this column.",
        )
    return pc.unique(pc.utf8_lower(table[found[0]].cast(pa.string()).drop_null()))


def _numbered(place: pa.Array) -> tuple[Ints, Ints]:
    """The number of each row's place, by its first row, and these rows."""
    numbers = pc.fill_null(place.dictionary_encode().indices.cast(pa.int64()), NOWHERE).to_numpy()
    told = np.flatnonzero(numbers != NOWHERE)
    _, first = np.unique(numbers[told], return_index=True)
    return np.asarray(numbers, np.int64), told[first].astype(np.int64)


def _names(links: pa.Table, at: Times, places: Ints, first: Ints) -> pa.Table:
    """``place, kind, domain`` of each place: of its first link, of several at that moment the first by kind and domain.

    So that they do not depend on the order in which links come.
    """
    told = links.select(["place", "kind", "domain"])
    alike = np.flatnonzero((places != NOWHERE) & (at == at[first[places]])) if len(first) else first
    first = first.copy()
    for row in alike[~np.isin(alike, first)].tolist():
        place = places[row]
        first[place] = min(first[place], row, key=lambda one: _name(told, one))
    return told.take(pa.array(first))


def _name(told: pa.Table, row: int) -> tuple[str, str, int]:
    return told["kind"][row].as_py() or "", told["domain"][row].as_py() or "", row


def _codes(column: pa.ChunkedArray) -> tuple[Ints, pa.Array]:
    encoded = _plain(column).combine_chunks().dictionary_encode()
    return np.asarray(encoded.indices.cast(pa.int64()).to_numpy(), np.int64), encoded.dictionary


def _accounts(column: pa.ChunkedArray, channel: Ints) -> Ints:
    """Numbers of accounts; a channel's links without one count as written by an account of the channel's own."""
    told = presence(column)
    codes = np.unique(identity_keys(column), return_inverse=True)[1]
    return np.asarray(np.where(told, codes, len(codes) + channel), np.int64)


def communities_of(given: Any, channels: pa.Array) -> Ints:
    """The number of each channel's community; NOWHERE where it is not told.

    Raises:
        MeasureError: a column is missing, or a channel is of two communities.
    """
    table = as_table(given)
    require_columns(table, ("channel", "community"))
    codes, _ = _codes(table["community"])
    known, _ = _codes(table["channel"])
    if len(np.unique(known)) < len(known):
        raise MeasureError("A channel is of two communities.", where="parameter communities", mend="Keep one of them.")
    place = pc.index_in(channels, value_set=table["channel"].combine_chunks().cast(channels.type))
    found = place.is_valid().to_numpy(zero_copy_only=False)
    return np.asarray(np.where(found, codes[pc.fill_null(place, 0).to_numpy()], NOWHERE), np.int64)
