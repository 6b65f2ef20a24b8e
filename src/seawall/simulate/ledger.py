"""Where planted acts are written down, one by one or many at once, as far as the platform shows them."""

from __future__ import annotations

from typing import Any

import numpy as np

from seawall.simulate.platform import Platform
from seawall.simulate.rows import KIND, SPOKEN, Mask, Rows

_FIELDS = ("at", "kind", "source", "target", "channel", "contact", "address", "reply", "length")


class Ledger:
    """Planted acts.

    Args:
        platform: what can be seen.
    """

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self._single: list[tuple[int, ...]] = []
        self._many: list[Rows] = []

    def add(
        self,
        kind: str,
        at: int,
        source: int,
        target: int = -1,
        *,
        channel: int = -1,
        words: tuple[int, int] = (0, -1),
        contact: tuple[int, int] = (-1, 0),
    ) -> None:
        """One act, with its words (reply key, length) and the address that it passes (kind, key)."""
        self._single.append((at, KIND[kind], source, target, channel, contact[0], contact[1], *words))

    def many(self, rows: Rows) -> None:
        """Several acts."""
        self._many.append(rows)

    def rows(self, begin: int, end: int) -> Rows:
        """All acts of [begin, end] that the platform shows, by time."""
        columns: dict[str, Any] = (
            dict(zip(_FIELDS, zip(*self._single, strict=True), strict=True)) if self._single else {}
        )
        if columns:
            columns["address"] = np.array(columns["address"], np.uint64)
            columns["reply"] = np.array(columns["reply"], np.uint64)
        single = Rows.of(columns.pop("at"), **columns) if columns else Rows.joined([])
        rows = Rows.joined([single, *self._many])
        seen = self._seen(rows) & (rows.at >= begin) & (rows.at <= end)
        rows = rows.taken(seen)
        return self._told(rows.taken(np.argsort(rows.at, kind="stable")))

    def _seen(self, rows: Rows) -> Mask:
        known = np.array([name in self.platform.kinds for name in KIND], np.bool_)
        return known[rows.kind]

    def _told(self, rows: Rows) -> Rows:
        platform = self.platform
        spoken = np.isin(rows.kind, [KIND[name] for name in SPOKEN])
        return Rows(
            rows.at,
            rows.kind,
            rows.source,
            rows.target,
            rows.channel if platform.channels else np.full_like(rows.channel, -1),
            rows.contact if platform.contacts else np.full_like(rows.contact, -1),
            rows.address if platform.contacts else np.zeros_like(rows.address),
            np.where(spoken & platform.reply_keys, rows.reply, np.uint64(0)),
            np.where(spoken & platform.lengths, rows.length, np.int8(-1)),
        )
