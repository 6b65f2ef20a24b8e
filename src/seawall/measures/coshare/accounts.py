"""What is known of each share once its object, and then its account, is whole in one part."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seawall.measures.compiled import compiled
from seawall.measures.coshare.filters import first_copies, in_company
from seawall.measures.coshare.ordering import Indices, by_object_and_time, numbered
from seawall.measures.coshare.sharing import look_at_objects
from seawall.measures.coshare.tails import Floats
from seawall.measures.coshare.viral import SHARES, Viral
from seawall.measures.keys import Keys, Mask

CHANCE = ("sharers", "chance")

SHARE, NEW_OBJECT, NEW_ACCOUNT = 0, 1, 2
"""Values of ``first``: of each account one share is NEW_ACCOUNT, of each of its other objects one NEW_OBJECT."""

Flags = npt.NDArray[np.int8]


def of_objects(window: int, significance: bool, viral: Viral, shares: pa.Table) -> pa.Table:
    """The shares at the core of their spots, each message of an account once an object, and ``company`` (bool).

    With significance also ``sharers`` (int32) and ``chance`` (float64) of the object; without it only those that have
    company.

    Args:
        window: microseconds.
        significance: whether chance is asked.
        viral: the objects that are cut.
        shares: see ``Viral.stretched``; whole spots.
    """
    columns = {name: shares[name].to_numpy() for name in shares.column_names}
    columns["thing"] = columns["object"]
    columns["object"] = columns.pop("spot")
    columns = by_object_and_time(columns)
    keep = first_copies(columns)
    columns = {name: values[keep] for name, values in columns.items()}
    columns["company"] = in_company(columns, window)
    if significance:
        columns["sharers"], columns["chance"] = _chances(columns, window, viral)
    core = columns.pop("core") if significance else columns.pop("core") & columns["company"]
    columns.pop("object")
    columns["object"] = columns.pop("thing")
    names = (*SHARES.names, "company", *(CHANCE if significance else ()))
    return pa.table({name: columns[name][core] for name in names})


def _chances(columns: dict[str, Any], window: int, viral: Viral) -> tuple[Indices, Floats]:
    """Of each row how many accounts shared its object, and the part of the object's pairs of shares in the window."""
    spots = columns["object"]
    accounts, firsts = numbered(columns["account"])
    rows = len(spots)
    group, chance, sharers = np.empty(rows, np.int32), np.empty(rows), np.zeros(rows, np.int32)
    unasked = np.zeros(len(firsts), np.int32), np.full(len(firsts), -1, np.int32)
    look_at_objects(spots, columns["at"], accounts, window, group, chance, (sharers, *unasked))
    sharers, chance = sharers[group], chance[group]
    place = viral.place(columns["thing"])
    known = place >= 0
    sharers[known], chance[known] = viral.sharers[place[known]], viral.chance[place[known]]
    return sharers, chance


def of_accounts(least: int, significance: bool, shares: pa.Table) -> pa.Table:
    """The same shares with ``degree`` (int32: objects of the account), ``first`` (int8) and ``linked`` (bool).

    Accounts are linked that have company on at least ``least`` objects: others have no edge. Without significance only
    these are told.

    Args:
        least: the least weight of an edge.
        significance: whether chance is asked.
        shares: see ``of_objects``; whole accounts.
    """
    columns = {name: shares[name].to_numpy() for name in shares.column_names}
    order = np.lexsort((columns["object"], columns["account"]))
    columns = {name: values[order] for name, values in columns.items()}
    first, degree, met = _counted(columns["account"], columns["object"], columns["company"])
    columns |= {"degree": degree, "first": first, "linked": met >= least}
    table = pa.table(columns)
    return table if significance else table.filter(table["linked"])


@compiled
def _counted(accounts: Keys, objects: Keys, company: Mask) -> tuple[Flags, Indices, Indices]:
    """Of rows sorted by account and object: which come first, and of the account its objects and those in company."""
    rows = len(accounts)
    first, degree, met = np.zeros(rows, np.int8), np.empty(rows, np.int32), np.empty(rows, np.int32)
    start = 0
    while start < rows:
        end, own, together = start, 0, 0
        counted = False
        while end < rows and accounts[end] == accounts[start]:
            if end == start or objects[end] != objects[end - 1]:
                first[end] = NEW_OBJECT
                own += 1
                counted = False
            if company[end] and not counted:
                together += 1
                counted = True
            end += 1
        first[start] = NEW_ACCOUNT
        degree[start:end], met[start:end] = own, together
        start = end
    return first, degree, met
