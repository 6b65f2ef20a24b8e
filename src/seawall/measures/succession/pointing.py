"""Who gives whose address, and who forwards whom: directed pairs of channels, and how often chance would have it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.measures.place import place_keys
from seawall.measures.succession.rows import Channels, Seen, one_chunk
from seawall.measures.succession.words import Floats, Ints, Mask
from seawall.measures.tables import as_table, without_views

HOSTS = ("t.me", "telegram.me", "telegram.dog", "tt.me", "tamtam.chat", "whatsapp.com", "bsky.app", "x.com", "vk.com")
"""Hosts on which a handle is the first part of the path, for channels whose address is not told."""

SITE_ROLES = ("site", "social", "paste", "file_host", "chat")
_LEAST, _MOST = 1e-4, 0.6


@dataclass(frozen=True, slots=True)
class Pointers:
    """Distinct directed pairs with their first and last time and how often, in the order of (source, target)."""

    source: Ints
    target: Ints
    first: Ints
    last: Ints
    times: Ints
    channels: int

    @classmethod
    def of(cls, source: Ints, target: Ints, at: Ints, channels: int) -> Pointers:
        """Of rows; a channel that points at itself is no pair."""
        own = source != target
        key, at = (source * channels + target)[own], at[own]
        order = np.lexsort((at, key))
        key, at = key[order], at[order]
        start = np.flatnonzero(np.diff(key, prepend=-1))
        end = np.append(start[1:], len(key)) - 1 if len(start) else start
        pairs = key[start]
        return cls(pairs // channels, pairs % channels, at[start], at[end], end - start + 1, channels)

    def among(self, source: Ints, target: Ints) -> Ints:
        """The place of each pair; -1 where there is none."""
        key, wanted = self.source * self.channels + self.target, source * self.channels + target
        place = np.searchsorted(key, wanted)
        found = np.minimum(place, max(len(key) - 1, 0))
        return np.where(len(key) and key[found] == wanted, found, -1) if len(key) else np.full(len(wanted), -1)

    def chance(self, source: Ints, target: Ints, there: Mask, *, without: Ints | None = None) -> Floats:
        """How likely the pair is by itself: how many the source points at, how many point at the target.

        Args:
            source, target: the pairs.
            there: whether the pair is one of these, so that it does not count itself.
            without: of those that point at the target so many do not count.
        """
        out = np.bincount(self.source, minlength=self.channels)[source] - there
        into = np.bincount(self.target, minlength=self.channels)[target] - there
        if without is not None:
            into = into - without
        pairs = max(len(self.source), self.channels)
        return np.clip((out + 0.5) * (into + 0.5) / pairs, _LEAST, _MOST)


def resolved(links: Any, channels: Channels) -> tuple[Ints, pa.Array]:
    """For each link, the channel to which it leads (-1: none), and the key of the site elsewhere (null: none).

    Args:
        links: with ``url``, and where known ``domain`` and ``place``.
        channels: with their addresses, or their handles.
    """
    table = as_table(links)
    url = pc.utf8_lower(one_chunk(table["url"].cast(pa.string())))
    distinct = url.dictionary_encode()
    addresses = {one: place for place, one in reversed(list(enumerate(channels.address))) if one}
    handles = {one.lstrip("@"): place for place, one in reversed(list(enumerate(channels.handle))) if one}
    leads = [_leads_to(one, addresses, handles) for one in distinct.dictionary.to_pylist()]
    to = np.array([*leads, -1], np.int64)[pc.fill_null(distinct.indices, len(leads)).to_numpy(zero_copy_only=False)]
    known = {name: table[name] if name in table.column_names else pa.nulls(len(table), pa.string())
             for name in ("domain", "place")}  # fmt: skip
    keys = place_keys(without_views(pa.table({"url": table["url"].cast(pa.string()), **known})))
    role, place = one_chunk(keys["role"]), one_chunk(keys["place"])
    site = pc.and_(pc.fill_null(pc.is_in(role, pa.array(SITE_ROLES)), False), pa.array(to < 0))
    named = pc.if_else(pc.is_in(role, pa.array(["site", "chat"])), place, one_chunk(table["url"].cast(pa.string())))
    return to, pc.if_else(site, named, None)


def _leads_to(url: str | None, addresses: dict[str, int], handles: dict[str, int]) -> int:
    """The channel of an address: the address itself, or one below it."""
    if url is None:
        return -1
    told = url.partition("?")[0].rstrip("/")
    while told.count("/") > 2:
        if told in addresses:
            return addresses[told]
        head, _, last = told.rpartition("/")
        host = head.partition("://")[2]
        if host.removesuffix("/s") in HOSTS and last.lstrip("@") in handles:
            return handles[last.lstrip("@")]
        told = head
    return -1


def pointers_of(seen: Seen | None, target: Ints | None, channels: int) -> Pointers:
    """The pairs of rows whose things are channels."""
    if seen is None or target is None:
        nothing = np.zeros(0, np.int64)
        return Pointers.of(nothing, nothing, nothing, channels)
    there = target >= 0
    return Pointers.of(seen.channel[there], target[there], seen.at[there], channels)
