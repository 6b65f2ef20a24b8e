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


def read(links: Any, communities: Any, popular: Any, known: Any, until: int | None, left_out: dict[str, int]) -> Links:
    """The links of a table; adds to ``left_out`` what is not judged, by reason.

    Raises:
        MeasureError: not a table, or a column is missing or of a type that cannot be read.
    """
    table = as_table(links)
    require_columns(table, COLUMNS)
    table = table.select(list(COLUMNS))
    at, timed = microseconds(table["at"])
    kept = np.ones(len(table), np.bool_)
    _leave_out(left_out, "without_time", kept, None if timed is None else ~timed)
    _leave_out(left_out, "later", kept, None if until is None else at >= until)
    _leave_out(left_out, "without_channel", kept, ~presence(table["channel"]))
    _leave_out(left_out, "without_address", kept, ~presence(table["url"]))
    rows = np.flatnonzero(kept)
    rows = rows[np.argsort(at[rows], kind="stable")]
    table = table.take(pa.array(rows))
    keys = place_keys(table)
    judged = _judged(keys, popular, known, left_out)
    places, first = _numbered(keys["place"].combine_chunks(), judged)
    channel, names = _codes(table["channel"])
    return Links(
        at=at[rows],
        channel=channel,
        account=_accounts(table["account"], channel),
        place=places,
        names=keys.select(["place", "kind", "domain"]).take(pa.array(first)),
        channels=names,
        community=None if communities is None else _communities(communities, names),
    )


def _leave_out(left_out: dict[str, int], reason: str, kept: Mask, wrong: Mask | None) -> None:
    if wrong is not None:
        left_out[reason] = left_out.get(reason, 0) + int(np.count_nonzero(wrong & kept))
        kept &= ~wrong


def _judged(keys: pa.Table, popular: Any, known: Any, left_out: dict[str, int]) -> Mask:
    """Which links lead to a place that can be new; what they do otherwise still tells who was active when."""
    kept = np.ones(len(keys), np.bool_)
    for role in PASSED_THROUGH:
        _leave_out(left_out, role, kept, _true(pc.equal(keys["role"], role)))
    if popular is not None:
        listed = _listed(popular, "popular", ("domain",))
        whole = pc.and_(pc.is_in(keys["domain"], listed), pc.invert(pc.starts_with(keys["place"], "https://")))
        _leave_out(left_out, "popular", kept, _true(whole))
    if known is not None:
        listed = _listed(known, "known", ("place", "domain"))
        either = pc.or_(pc.is_in(keys["place"], listed), pc.is_in(keys["domain"], listed))
        _leave_out(left_out, "known", kept, _true(either))
    return kept


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


def _numbered(place: pa.Array, judged: Mask) -> tuple[Ints, Ints]:
    """The number of each row's place, by its first row, and these rows."""
    encoded = pc.if_else(pa.array(judged), place, None).dictionary_encode()
    numbers = pc.fill_null(encoded.indices.cast(pa.int64()), NOWHERE).to_numpy()
    told = np.flatnonzero(numbers != NOWHERE)
    _, first = np.unique(numbers[told], return_index=True)
    return np.asarray(numbers, np.int64), told[first].astype(np.int64)


def _codes(column: pa.ChunkedArray) -> tuple[Ints, pa.Array]:
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    encoded = column.combine_chunks().dictionary_encode()
    return np.asarray(encoded.indices.cast(pa.int64()).to_numpy(), np.int64), encoded.dictionary


def _accounts(column: pa.ChunkedArray, channel: Ints) -> Ints:
    """Numbers of accounts; a channel's links without one count as written by an account of the channel's own."""
    told = presence(column)
    codes = np.unique(identity_keys(column), return_inverse=True)[1]
    return np.asarray(np.where(told, codes, len(codes) + channel), np.int64)


def _communities(given: Any, channels: pa.Array) -> Ints:
    table = as_table(given)
    require_columns(table, ("channel", "community"))
    codes, _ = _codes(table["community"])
    known, _ = _codes(table["channel"])
    if len(np.unique(known)) < len(known):
        raise MeasureError("A channel is of two communities.", where="parameter communities", mend="Keep one of them.")
    place = pc.index_in(channels, value_set=table["channel"].combine_chunks().cast(channels.type))
    found = place.is_valid().to_numpy(zero_copy_only=False)
    return np.asarray(np.where(found, codes[pc.fill_null(place, 0).to_numpy()], NOWHERE), np.int64)
