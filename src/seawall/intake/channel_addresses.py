"""Under which address outside links lead to a channel: the text that ``links`` makes of such a link, to the byte."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

import pyarrow as pa
import pyarrow.compute as pc

from seawall.intake.links import canonical
from seawall.intake.places import Hide
from seawall.intake.pseudonyms import normal_handle

JOINED = ("broadcast", "group", "room")
"""Kinds of channel that many read or write; a feed is one account's page, and a direct conversation nobody else's."""

_BY_HANDLE: dict[str, Callable[[str], str]] = {
    "matrix": lambda alias: f"matrix:r/{quote(alias.removeprefix('#'), safe=':')}",
    "reddit": lambda name: f"https://www.reddit.com/r/{_path(name)}",
    "telegram": lambda name: f"https://t.me/{_path(name)}",
    "tamtam": lambda name: f"https://tt.me/{_path(name)}",
    "vk": lambda name: f"https://vk.com/{_path(name)}",
}
"""Platform -> the address of what has a handle there."""


def _path(name: str) -> str:
    return quote(name, safe="")


def channel_handles(handles: pa.Array, kinds: pa.Array, visibility: pa.Array) -> pa.Array:
    """Handles in small letters and without ``@``, of public channels that many read; null elsewhere."""
    open_to_all = pc.and_(pc.is_in(kinds, pa.array(JOINED)), pc.equal(visibility, "public"))
    return _each(
        pc.if_else(pc.fill_null(open_to_all, False), handles, None), lambda handle: normal_handle(handle) or None
    )


def channel_addresses(
    platform: str, addresses: pa.Array, handles: pa.Array, kinds: pa.Array, visibility: pa.Array, hide: Hide
) -> pa.Array:
    """The canonical address of each channel that many read: as the source tells it, or else by its handle.

    Names in it are keyed as in links, so that it tells no more than the channel's pseudonym does. It is null where
    nobody tells, for feeds and for direct conversations.

    Args:
        platform: whose handles they are.
        addresses: as the sources tell them, in clear.
        handles: as the sources tell them.
        kinds: of the channels.
        visibility: of the channels, after ``visibility.channel_visibility``.
        hide: a name -> what is kept of it, as ``Pseudonyms.hide``.
    """
    many = pc.and_(pc.is_in(kinds, pa.array(JOINED)), pc.not_equal(visibility, "direct"))
    form = _BY_HANDLE.get(platform)
    by_handle = (
        _each(handles, lambda handle: form(normal_handle(handle))) if form else pa.nulls(len(handles), pa.string())
    )
    told = pc.coalesce(addresses, by_handle)
    return _each(pc.if_else(pc.fill_null(many, False), told, None), lambda address: _canonical(address, hide))


def _canonical(address: str, hide: Hide) -> str | None:
    link = canonical(address, hide)
    return None if link is None else link.url


def _each(values: pa.Array, made: Callable[[str], str | None]) -> pa.Array:
    return pa.array([None if value is None else made(value) for value in values.to_pylist()], pa.string())
