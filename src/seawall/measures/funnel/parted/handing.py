"""Hand-offs: whose newcomer was taken over by a third account, newcomer by newcomer."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from seawall.measures.compiled import compiled
from seawall.measures.funnel.acts import TAKE_OVER
from seawall.measures.funnel.parted.acts import bounds_of
from seawall.measures.funnel.parted.replay import FIRST, OPENED, WROTE
from seawall.measures.funnel.settle import SILENT_DAYS
from seawall.measures.funnel.state import Array
from seawall.measures.funnel.words import DAY, NEVER

HANDED = pa.schema([("hub", pa.uint64()), ("newcomer", pa.uint64()), ("when", pa.int64())])
"""A hand-off that stands, and the midnight since which it does, as ``when`` of an event."""


@compiled
def _due(taken: int) -> int:
    return -(-taken // DAY) + SILENT_DAYS


@compiled
def _settle(queue: Array, head: int, tail: int, today: int, taken: Array, last: Array, stands: Array) -> int:
    """Hand-offs that are old enough: they stand where the hub stayed silent, and otherwise never were."""
    while head < tail and _due(taken[queue[head]]) <= today:
        pair = queue[head]
        if last[pair] > taken[pair]:
            taken[pair] = NEVER
        else:
            stands[pair] = _due(taken[pair])
        head += 1
    return head


@compiled
def _hand_over(newcomers: Array, pair: Array, at: Array, what: Array, last_day: int, stands: Array) -> None:
    """Go through each newcomer's moments; ``stands`` gets the day since which a pair's hand-off stands."""
    taken = np.full(len(stands), NEVER, np.int64)
    last = np.full(len(stands), -NEVER, np.int64)
    queue = np.empty(len(pair), np.int64)
    for who in range(len(newcomers) - 1):
        row, end = newcomers[who], newcomers[who + 1]
        left, head, tail = -1, 0, 0
        while row < end:
            now, first = at[row], row
            head = _settle(queue, head, tail, now // DAY, taken, last, stands)
            while row < end and at[row] == now:
                if what[row] & WROTE:
                    last[pair[row]] = now
                row += 1
            for k in range(first, row):
                fresh = what[k] & FIRST and left >= 0 and left != pair[k]
                if fresh and now - last[left] <= TAKE_OVER and taken[left] == NEVER:
                    taken[left] = now
                    queue[tail] = left
                    tail += 1
            opened = -1
            for k in range(first, row):
                if what[k] & OPENED:
                    opened = pair[k] if opened == -1 else -2
            if opened != -1:
                left = opened
        _settle(queue, head, tail, last_day, taken, last, stands)


def handed(last_day: int, chats: pa.Table) -> pa.Table:
    """The hand-offs among whole newcomers' rows of ``CHATS``."""
    newcomer, hub, at = (chats[name].to_numpy() for name in ("newcomer", "hub", "at"))
    by_pair = np.lexsort((hub, newcomer))
    pairs = bounds_of(newcomer[by_pair], hub[by_pair])
    pair = np.empty(len(at), np.int64)
    pair[by_pair] = np.repeat(np.arange(len(pairs) - 1), np.diff(pairs))
    order = np.lexsort((at, newcomer))
    newcomers = bounds_of(newcomer[order])
    firsts = by_pair[pairs[:-1]]
    stands = np.full(len(firsts), NEVER, np.int64)
    _hand_over(newcomers, pair[order], at[order], chats["what"].to_numpy()[order], last_day, stands)
    stood = stands != NEVER
    columns = (hub[firsts[stood]], newcomer[firsts[stood]], 2 * stands[stood] * DAY)
    return pa.table([pa.array(column) for column in columns], schema=HANDED)
