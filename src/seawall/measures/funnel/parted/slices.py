"""Accounts with more acts than one part should hold are cut in time; what goes over a cut is told apart."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from seawall.measures.funnel.parted.acts import sums
from seawall.measures.funnel.state import Array
from seawall.parts import Parts

BIN = 1 << 30
"""Cuts lie at multiples of so many microseconds (18 minutes)."""


@dataclass(frozen=True)
class Slices:
    """Where some accounts are cut; all others are one slice, number 0.

    Args:
        at: account -> the moments (microseconds) at which a further slice begins, in order.
    """

    at: dict[int, Array] = field(default_factory=dict)

    def cuts(self, account: int) -> Array:
        """Where slices 1, 2, ... of an account begin."""
        return self.at.get(account, np.zeros(0, np.int64))

    def of(self, account: Array, at: Array) -> Array:
        """The number of the slice in which each row lies."""
        number = np.zeros(len(account), np.int32)
        for name, cuts in self.at.items():
            own = np.flatnonzero(account == np.uint64(name))
            number[own] = np.searchsorted(cuts, at[own], side="right")
        return number

    def joined(self, group: dict[int, int]) -> Slices:
        """The cuts of groups, at each of which all accounts of the group are cut (account -> group; else itself)."""
        at: dict[int, Array] = {}
        for account, cuts in self.at.items():
            name = group.get(account, account)
            at[name] = np.union1d(at.get(name, cuts), cuts)
        return Slices(at)


def slices_of(acts: Parts, most: int) -> Slices:
    """Cut each account that has more than so many acts (its own, and those towards it) in slices of about half as many.

    Only these accounts come back, with how many acts they had in each ``BIN``.
    """
    busy = acts.each(_acts_of_accounts).by("account").each(_Busy(most)).all()
    if not len(busy):
        return Slices()
    told = acts.beside_all(busy, _histogram).by("account", "bin").each(_of_bins).all()
    told = told.sort_by([("account", "ascending"), ("bin", "ascending")])
    account, bins, rows = (told[name].to_numpy() for name in ("account", "bin", "rows"))
    at = {}
    for name in np.unique(account):
        own = account == name
        at[int(name)] = _cuts(bins[own], rows[own], max(1, most // 2))
    return Slices(at)


def _cuts(bins: Array, rows: Array, size: int) -> Array:
    cuts, held = [], 0
    for number, count in zip(bins.tolist(), rows.tolist(), strict=True):
        if held >= size:
            cuts.append(number * BIN)
            held = 0
        held += count
    return np.array(cuts, np.int64)


def _acts_of_accounts(acts: pa.Table) -> pa.Table:
    both = np.concatenate([acts["one"].to_numpy(), acts["other"].to_numpy()])
    account, rows = np.unique(both, return_counts=True)
    return pa.table({"account": account, "rows": rows.astype(np.int64)})


@dataclass(frozen=True)
class _Busy:
    most: int

    def __call__(self, rows: pa.Table) -> pa.Table:
        told = sums(("account",), rows)
        return told.filter(pa.array(told["rows"].to_numpy() > self.most))


def _histogram(acts: pa.Table, busy: pa.Table) -> pa.Table:
    found = []
    for side in ("one", "other"):
        account = acts[side].to_numpy()
        own = np.isin(account, busy["account"].to_numpy())
        rows = np.ones(np.count_nonzero(own), np.int64)
        bins = acts["at"].to_numpy()[own] // BIN
        found.append(pa.table({"account": account[own], "bin": bins, "rows": rows}))
    return _of_bins(pa.concat_tables(found))


def _of_bins(rows: pa.Table) -> pa.Table:
    return sums(("account", "bin"), rows)
