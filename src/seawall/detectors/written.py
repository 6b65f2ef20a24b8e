"""How many messages each account wrote, day by day, while messages come and go."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seawall.measures.compiled import compiled
from seawall.measures.keys import Keys, identity_keys, mix

Days = npt.NDArray[np.int32]
Counts = npt.NDArray[np.int32]

DAY_US = 86_400_000_000
NO_DAY = -(2**31)


@compiled
def _slot(key: np.uint64, day: int, keys: Keys, days: Days) -> int:
    """Where an account's day stands, or the free place for it."""
    room = len(keys) - 1
    slot = int(np.int64(mix(key ^ mix(np.uint64(day))) & np.uint64(room)))
    while days[slot] != NO_DAY and (keys[slot] != key or days[slot] != day):
        slot = (slot + 1) & room
    return slot


@compiled
def _add(accounts: Keys, on: Days, steps: Counts, moved: Counts, keys: Keys, days: Days, counts: Counts) -> int:
    """Add to the counts; returns how many places were taken for the first time. ``moved``: see ``Written.put``."""
    taken = 0
    for row in range(len(accounts)):
        slot = _slot(accounts[row], on[row], keys, days)
        if days[slot] == NO_DAY:
            keys[slot], days[slot] = accounts[row], on[row]
            taken += 1
        before = counts[slot]
        counts[slot] += steps[row]
        moved[row] = np.int32(counts[slot] > 0) - np.int32(before > 0)
    return taken


@compiled
def _sum(accounts: Keys, on: Days, keys: Keys, days: Days, counts: Counts) -> int:
    total = 0
    for key in accounts:
        for day in on:
            total += counts[_slot(key, day, keys, days)]
    return total


class Written:
    """Counts of messages by account and UTC day. Accounts are held as 64-bit keys, 16 bytes a place."""

    def __init__(self) -> None:
        self._taken = 0
        self._clear(1 << 10)

    @property
    def nbytes(self) -> int:
        """Bytes of memory."""
        return self._keys.nbytes + self._days.nbytes + self._counts.nbytes

    def add(self, accounts: pa.ChunkedArray, sent_at: pa.ChunkedArray, step: int) -> None:
        """Count each message ``step`` times: 1 for one that came, -1 for one that went."""
        days = (sent_at.cast(pa.int64()).to_numpy() // DAY_US).astype(np.int32)
        self.put(identity_keys(accounts), days, np.full(len(days), step, np.int32))

    def put(self, accounts: Keys, days: Days, counts: Counts) -> Counts:
        """Add to the counts of keys of accounts on days (or other bins of time), a row each.

        Returns:
            For each row 1 where it made a count positive that was not, -1 where the reverse, else 0.
        """
        if 3 * (self._taken + len(accounts)) > 2 * len(self._keys):
            self._rebuild(len(accounts), NO_DAY)
        self._seen |= set(np.unique(days).tolist())
        moved = np.zeros(len(accounts), np.int32)
        self._taken += _add(accounts, days, counts, moved, self._keys, self._days, self._counts)
        return moved

    def by(self, accounts: Keys) -> int:
        """How many messages these accounts wrote, all days together."""
        on = np.array(sorted(self._seen), np.int32)
        return int(_sum(accounts, on, self._keys, self._days, self._counts))

    def forget(self, before: int) -> None:
        """Let go of the days before one (days since 1970)."""
        self._rebuild(0, before)

    def save(self) -> pa.Table:
        """``account`` (key), ``day`` (since 1970) and ``messages``, sorted."""
        keys, days, counts = self._held(NO_DAY)
        order = np.lexsort((days, keys))
        return pa.table({"account": keys[order], "day": days[order], "messages": counts[order]})

    def restore(self, saved: pa.Table) -> None:
        """Go on from what ``save`` gave; nothing may have been counted yet."""
        self.put(*(saved[name].to_numpy() for name in ("account", "day", "messages")))

    def _held(self, since: int) -> tuple[Keys, Days, Counts]:
        held = (self._counts != 0) & (self._days >= since) & (self._days != NO_DAY)
        return self._keys[held], self._days[held], self._counts[held]

    def _rebuild(self, more: int, since: int) -> None:
        keys, days, counts = self._held(since)
        size = 1 << 10
        while 3 * (len(keys) + more) > size:
            size *= 2
        self._clear(size)
        self.put(keys, days, counts)

    def _clear(self, size: int) -> None:
        self._taken = 0
        self._seen: set[int] = set()
        self._keys = np.zeros(size, np.uint64)
        self._days = np.full(size, NO_DAY, np.int32)
        self._counts = np.zeros(size, np.int32)
