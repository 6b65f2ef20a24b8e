"""Leave accounts out that cannot have an edge, so that coincidences which happen once cost nothing."""

from __future__ import annotations

import numpy as np

from seawall.measures.compiled import compiled
from seawall.measures.coshare.filters import in_company
from seawall.measures.coshare.ordering import Column, Indices
from seawall.measures.keys import Keys, Mask

WORTH_ANOTHER_LOOK = 0.9
"""It looks again as long as fewer than this part of the rows remains."""


@compiled
def _things(objects: Keys, accounts: Indices, company: Mask, found: int) -> Indices:
    """How many objects each account has in company; rows of one object stand together."""
    counts = np.zeros(found, np.int32)
    last = np.full(found, -1, np.int64)
    thing = 0
    for row in range(len(objects)):
        if row > 0 and objects[row] != objects[row - 1]:
            thing += 1
        if company[row] and last[accounts[row]] != thing:
            last[accounts[row]] = thing
            counts[accounts[row]] += 1
    return counts


def linkable(columns: dict[str, Column], accounts: Indices, window: int, least: int) -> Mask:
    """Which rows, sorted by object and time, are of accounts that may have an edge of at least ``least`` objects.

    An account with an edge has so many objects in company of accounts that are kept. All rows of an account are kept,
    or none; accounts that are kept wrongly do no harm.

    Args:
        columns: ``object``, ``account``, ``message``, ``at``: first copies only.
        accounts: the number of each row's account.
        window: microseconds.
        least: 1 or more.
    """
    kept = np.ones(len(accounts), np.bool_)
    found = int(accounts.max(initial=-1)) + 1
    while True:
        before = np.count_nonzero(kept)
        company = np.zeros(len(accounts), np.bool_)
        company[kept] = in_company({name: values[kept] for name, values in columns.items()}, window)
        kept &= (_things(columns["object"], accounts, company, found) >= least)[accounts]
        if np.count_nonzero(kept) >= WORTH_ANOTHER_LOOK * before:
            return kept
