"""The place of each link: one row a link, worked out once for each distinct address."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.measures.place.infrastructure import INFRASTRUCTURE
from seawall.measures.place.kinds import (
    ADDRESS,
    CHANNEL,
    HOST,
    PRIVATE_CHANNEL,
    SERVER,
    SHARED_SERVERS,
    Kind,
    kind_of,
)
from seawall.measures.tables import as_table, require_columns

COLUMNS = ("url", "domain", "place")

_HOST = r"^(?:[a-z]+:)?//(?P<host>[^/?#]+)"
_CHANNEL = r"^(?P<channel>https?://[^/]+/(?:c/)?[^/?#]+)"
_SERVER = r":(?P<server>[^:/?#]+(?::\d+)?)$"
_INFRASTRUCTURE = pa.array(sorted(INFRASTRUCTURE))


def place_keys(links: Any) -> pa.Table:
    """The place that each link leads to: what can live and end there, not the page.

    Args:
        links: anything that speaks Arrow (pyarrow, pandas, polars), one row a link, with the strings ``url``
            (canonical, as in the lake), ``domain`` (registrable; null = the host) and ``place`` (the kind of link;
            null = web).

    Returns:
        One row a link, in their order; all columns are strings. ``place``: the key of the place, which is the canonical
        address of a channel, group or invite (equal to the ``address`` of a channel of the lake), or else the host or
        the registrable domain. ``kind``: of the place. ``domain``: as given, or the host. ``role``: of ``ROLES``.
        Where a link has no address, all four are null.

    Raises:
        MeasureError: not a table, or a column is missing.

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
    table = as_table(links)
    require_columns(table, COLUMNS)
    distinct, row = _distinct(table.select(COLUMNS))
    return _keys(distinct).take(pa.array(row))


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


def _keys(distinct: pa.Table) -> pa.Table:
    url, domain, told = (_strings(distinct.column(name)) for name in COLUMNS)
    host = pc.struct_field(pc.extract_regex(url, _HOST), "host")
    domain = pc.coalesce(domain, host)
    what, kind, role = _kinds(told)
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
    there = pc.is_valid(url)
    columns = {"place": place, "kind": kind, "domain": domain, "role": role}
    return pa.table({name: pc.if_else(there, column, None) for name, column in columns.items()})


def _kinds(told: pa.Array) -> tuple[pa.Array, pa.Array, pa.Array]:
    """For each kind of link: what its place is, the kind of that place, and its role."""
    encoded = told.dictionary_encode("encode")
    rows = [kind_of(one) for one in encoded.dictionary.to_pylist()]
    columns = (pa.array([row[part] for row in rows], pa.string()) for part in range(len(Kind._fields)))
    what, kind, role = (column.take(encoded.indices) for column in columns)
    return what, kind, role


def _is_infrastructure(host: pa.Array, domain: pa.Array) -> pa.Array:
    listed = pc.or_(pc.is_in(domain, _INFRASTRUCTURE), pc.is_in(host, _INFRASTRUCTURE))
    return pc.fill_null(listed, False)
