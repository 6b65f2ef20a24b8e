"""Where accounts went after an action: shares by destination."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seawall.measures.bursts.plan import DAY, FIRST_MONDAY
from seawall.measures.effects.activity import (
    ANYHOW,
    HERE_ONLY,
    TOGETHER,
    Activity,
    Moves,
    Rows,
    around_actions,
    share_interval,
)
from seawall.measures.effects.result import UTC_MICROSECONDS, left_out_table

Ints = npt.NDArray[np.int64]

NEW, STAYED, NOWHERE, ELSEWHERE = "new", "where they were", "seen nowhere", "elsewhere"
MOST = 20
"""So many new destinations are told one by one; the others are one row, ``elsewhere``."""
SCHEMA = pa.schema(
    [
        ("action", pa.string()),
        ("at", UTC_MICROSECONDS),
        ("kind", pa.string()),
        ("destination", pa.string()),
        ("accounts", pa.int64()),
        ("of", pa.int64()),
        ("share", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("usual", pa.float64()),
    ]
)
_STAYED, _NOWHERE = -1, -2


def displacement(activity: Any, actions: Any, *, window: int = 30, confidence: float = 0.95) -> Moves:
    """Where those went who had been active in channels that were acted on: shares of accounts by destination.

    Args:
        activity: ``at``, ``account``, ``unit`` (where the account was active), and optionally ``destination`` (also
            ``place``): where it then is, or where its link leads; ``unit`` where there is no such column. One row a
            message, a link or a day; times as in ``effect``.
        actions: as in ``effect``; null units = all.
        window: days on each side that are looked at.
        confidence: of the intervals.

    Returns:
        ``Moves``. Its ``table``, by action: each account that was active in an acted unit in the window before counts
        once. ``kind`` "new" (seen after in a ``destination`` that it had not used in the window before: the one that
        it used most, the first of equals), "elsewhere" (new, beyond the 20 largest), "where they were" (after, seen in
        known destinations alone), "seen nowhere". ``accounts`` of ``of``, ``share`` with ``low`` and ``high``, and
        ``usual``: the share among accounts that were active before, but in no acted unit (null without any).
        ``left_out``: what was not looked at; ``doubt``: what speaks against it.

    Raises:
        MeasureError: a column is missing or no times, or a parameter cannot be.

    >>> from datetime import datetime
    >>> before, after, last = datetime(2026, 3, 1), datetime(2026, 3, 20), datetime(2026, 3, 28)
    >>> rows = [(before, name, "choir") for name in "abcd"] + [(after, "a", "hiking"), (last, "b", "hiking")]
    >>> table = pa.table(dict(zip(("at", "account", "unit"), zip(*rows))))
    >>> found = displacement(table, pa.table({"at": [datetime(2026, 3, 15)], "unit": ["choir"]}), window=14)
    >>> [(row["kind"], row["destination"], row["accounts"], row["of"]) for row in found.table.to_pylist()]
    [('new', 'hiking', 2, 4), ('seen nowhere', None, 2, 4)]
    """
    left_out: Counter[str] = Counter()
    told: list[dict[str, Any]] = []
    for action, rows, around in around_actions(activity, actions, window, left_out):
        named = {"action": action.name, "at": action.day * DAY + FIRST_MONDAY}
        told += [named | row for row in _shares(rows, around, confidence)]
    return Moves(pa.Table.from_pylist(told, SCHEMA), left_out_table(left_out), (TOGETHER, HERE_ONLY, ANYHOW))


def _shares(rows: Rows, around: Activity, confidence: float) -> list[dict[str, Any]]:
    """The rows of one action, new destinations first, the largest first."""
    went = _went(around, len(rows.destinations))
    size = len(rows.destinations) + 2
    members = np.bincount(went[around.members] + 2, minlength=size)
    others = np.bincount(went[around.others] + 2, minlength=size)
    order = [code for code in np.argsort(-members[2:], kind="stable").tolist() if members[code + 2]]
    groups: list[tuple[str, str | None, list[int]]] = [(NEW, rows.destinations[code], [code]) for code in order[:MOST]]
    groups += [(ELSEWHERE, None, order[MOST:])] if order[MOST:] else []
    groups += [(STAYED, None, [_STAYED]), (NOWHERE, None, [_NOWHERE])]
    found = []
    for kind, name, codes in groups:
        count, among = (int(sum(one[code + 2] for code in codes)) for one in (members, others))
        share, low, high = share_interval(count, int(members.sum()), confidence)
        if count:
            found.append(
                {
                    "kind": kind, "destination": name, "accounts": count, "of": int(members.sum()), "share": share,
                    "low": low, "high": high, "usual": among / others.sum() if others.sum() else None,
                }
            )  # fmt: skip
    return found


def _went(around: Activity, destinations: int) -> Ints:
    """By account: its main new destination, or _STAYED, or _NOWHERE."""
    after, pair = around.day >= 0, around.account * destinations + around.destination
    told = around.destination >= 0
    known = np.unique(pair[~after & told])
    went = np.full(len(around.members), _NOWHERE, np.int64)
    went[around.account[after]] = _STAYED
    fresh = np.flatnonzero(after & told & ~np.isin(pair, known))
    if not len(fresh):
        return went
    moves, place, counts = np.unique(pair[fresh], return_inverse=True, return_counts=True)
    since = np.full(len(moves), np.iinfo(np.int64).max)
    np.minimum.at(since, place, around.day[fresh])
    order = np.lexsort((since, -counts, moves // destinations))
    account = moves[order] // destinations
    main = np.r_[True, account[1:] != account[:-1]]
    went[account[main]] = moves[order][main] % destinations
    return went
