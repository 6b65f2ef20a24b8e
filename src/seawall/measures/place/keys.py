"""The place of each link: one row a link, worked out once for each distinct address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.measures.place.infrastructure import INFRASTRUCTURE
from seawall.measures.place.kinds import (
    ADDRESS,
    CHANNEL,
    DOMAIN,
    HOST,
    PRIVATE_CHANNEL,
    SERVER,
    SHARED_SERVERS,
    Kind,
    family_of,
    kind_of,
)
from seawall.measures.place.own import listed_host, own_kinds
from seawall.measures.tables import as_table, require_columns

COLUMNS = ("url", "domain", "place")

_HOST = r"^(?:[a-z]+:)?//(?P<host>[^/?#]+)"
_CHANNEL = r"^(?P<channel>https?://[^/]+/(?:c/)?[^/?#]+)"
_SERVER = r":(?P<server>[^:/?#]+(?::\d+)?)$"
_INFRASTRUCTURE = pa.array(sorted(INFRASTRUCTURE))


def place_keys(links: Any, *, table: Any = None) -> pa.Table:
    """The place that each link leads to: what can live and end there, not the page.

    Args:
        links: anything that speaks Arrow (pyarrow, pandas, polars), one row a link, with the strings ``url``
            (canonical, as in the lake; null where it may not be kept), ``domain`` (registrable; null = the host) and
            ``place`` (the kind of link; null = web).
        table: your own small table of hosts, with ``host``, ``kind`` and perhaps ``role`` (one of ``ROLES``; null = by
            the kind). What lies below a host belongs to it. Links that name a channel or an invite keep their own.

    Returns:
        One row a link, in their order; all columns are strings. ``place``: the key of the place, which is the canonical
        address of a channel, group or invite (equal to the ``address`` of a channel of the lake), or else the host or
        the registrable domain. ``kind``: of the place. ``domain``: as given, or the host. ``role``: of ``ROLES``.
        Where a link has neither address nor domain, all four are null.

    Raises:
        MeasureError: not a table, a column is missing, or your own table cannot be used.

    >>> links = pa.table({
    ...     "url": ["https://t.me/~0a1b/12", "https://chat.garden.example/invite/AbCd12", "https://en.bed.example/a?b=1"],
    ...     "domain": ["t.me", "garden.example", "bed.example"],
    ...     "place": ["telegram_message", "rocketchat_invite", "web"],
    ... })
    >>> for row in place_keys(links).to_pylist():
    ...     print(*row.values())
    https://t.me/~0a1b telegram_handle t.me chat
    chat.garden.example rocketchat garden.example chat
    bed.example web bed.example site
    """
    given = as_table(links)
    require_columns(given, COLUMNS)
    own = None if table is None else own_kinds(table)
    distinct, row = _distinct(given.select(COLUMNS))
    return _keys(distinct, own).take(pa.array(row))


def _distinct(table: pa.Table) -> tuple[pa.Table, npt.NDArray[np.int64]]:
    """Each combination of the columns once, and for each row the number of its own."""
    codes = np.zeros(table.num_rows, np.int64)
    for name in table.column_names:
        encoded = _strings(table.column(name)).dictionary_encode("encode")
        own = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
        _, codes = np.unique(codes * (len(encoded.dictionary) + 1) + own, return_inverse=True)
    _, first, row = np.unique(codes, return_index=True, return_inverse=True)
    return table.take(pa.array(first)), row.astype(np.int64)


def _strings(column: pa.ChunkedArray) -> pa.Array:
    return pc.cast(column, pa.string()).combine_chunks()


def _keys(distinct: pa.Table, own: Mapping[str, Kind] | None) -> pa.Table:
    url, domain, told = (_strings(distinct.column(name)) for name in COLUMNS)
    host = pc.struct_field(pc.extract_regex(url, _HOST), "host")
    domain = pc.coalesce(domain, host)
    what, kind, role = _kinds(told, pc.is_valid(url))
    channel = pc.struct_field(pc.extract_regex(url, _CHANNEL), "channel")
    server = pc.struct_field(pc.extract_regex(url, _SERVER), "server")
    shared = pc.and_(pc.equal(what, HOST), pc.fill_null(pc.is_in(host, pa.array(SHARED_SERVERS)), False))
    what = pc.if_else(shared, ADDRESS, what)
    kind = pc.if_else(shared, told, kind)
    closed = pc.fill_null(pc.match_substring_regex(url, r"^https?://t\.me/c/"), False)
    kind = pc.if_else(pc.and_(pc.equal(what, CHANNEL), closed), PRIVATE_CHANNEL, kind)
    place = pc.case_when(
        pc.make_struct(*(pc.equal(what, one) for one in (ADDRESS, CHANNEL, HOST, SERVER))), url, channel, host, server
    )
    place = pc.coalesce(place, domain)
    role = pc.if_else(pc.and_(pc.equal(role, "site"), _is_infrastructure(host, domain)), "infrastructure", role)
    columns = {"place": place, "kind": kind, "domain": domain, "role": role}
    if own:
        columns |= _by_own(own, pc.coalesce(host, domain), pc.is_in(what, pa.array([HOST, DOMAIN])), columns)
    there = pc.is_valid(place)
    return pa.table({name: pc.if_else(there, column, None) for name, column in columns.items()})


def _by_own(
    own: Mapping[str, Kind], host: pa.Array, may: pa.Array, columns: Mapping[str, pa.Array]
) -> dict[str, pa.Array]:
    """Place, kind and role by the operator's table, where it lists the host or one above it."""
    encoded = host.dictionary_encode("encode")
    listed = [listed_host(one, own) for one in encoded.dictionary.to_pylist()]
    found = {
        "place": listed,
        "kind": [None if one is None else own[one].kind for one in listed],
        "role": [None if one is None else own[one].role for one in listed],
    }
    told = {name: pa.array(values, pa.string()).take(encoded.indices) for name, values in found.items()}
    return {name: pc.if_else(pc.and_(may, pc.is_valid(told[name])), told[name], columns[name]) for name in told}


def _kinds(told: pa.Array, there: pa.Array) -> tuple[pa.Array, pa.Array, pa.Array]:
    """For each kind of link: what its place is, the kind of that place, and its role; without its address the family's.

    Args:
        told: the kinds of the links.
        there: whether their addresses are.
    """
    encoded = told.dictionary_encode("encode")
    kinds = encoded.dictionary.to_pylist()
    rows = [*map(kind_of, kinds), *map(family_of, kinds)]
    columns = (pa.array([row[part] for row in rows], pa.string()) for part in range(len(Kind._fields)))
    places = pc.add(encoded.indices.cast(pa.int64()), pc.if_else(there, 0, len(kinds)))
    what, kind, role = (column.take(places) for column in columns)
    return what, kind, role


def _is_infrastructure(host: pa.Array, domain: pa.Array) -> pa.Array:
    listed = pc.or_kleene(pc.is_in(domain, _INFRASTRUCTURE), pc.is_in(host, _INFRASTRUCTURE))
    return pc.fill_null(listed, False)
