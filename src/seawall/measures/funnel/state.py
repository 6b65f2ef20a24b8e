"""The state of the funnel: flat arrays that kernels read and write, and that grow."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from seawall.measures.funnel.words import COUNTS, NEVER, TERMS

Array = npt.NDArray[Any]

PAIR = np.dtype(
    [
        ("began", "i8"), ("answer_at", "i8"), ("follow_back_at", "i8"), ("direct_at", "i8"), ("contact_at", "i8"),
        ("sustained_at", "i8"), ("hand_off_at", "i8"), ("hub_last", "i8"), ("newcomer_last", "i8"), ("now", "i8"),
        ("hub", "i4"), ("newcomer", "i4"), ("hub_next", "i4"), ("newcomer_next", "i4"), ("handed_to", "i4"),
        ("hub_day", "i4"), ("newcomer_day", "i4"), ("hub_days", "i2"), ("newcomer_days", "i2"), ("flags", "i2"),
        ("bits", "i2"),
    ]
)  # fmt: skip
"""Two accounts of which one acted first: the pair's hub. ``now`` and ``bits``: the latest moment and its acts."""

ACCOUNT = np.dtype(
    [
        ("first_at", "i8"), ("alert_at", "i8"), ("best", "f8"), ("crowd_at", "i8"), ("open_at", "i8"), ("crowd", "i4"),
        ("head", "i4"), ("pool", "i4"), ("pool_next", "i4"), ("open_pair", "i4"), ("spare", "i4"),
    ]
)  # fmt: skip

LINE = np.dtype([("print", "u8"), ("key", "u8"), ("account", "i4"), ("persons", "i4"), ("next", "i4"), ("spare", "i4")])
"""A reply or an address that an account used, towards how many persons."""

KEY = np.dtype([("key", "u8"), ("at", "i8"), ("users", "i4"), ("before", "i4"), ("head", "i4"), ("spare", "i4")])
"""A reply or an address: how many accounts used it, how many before the moment ``at``, and whose habit it is."""

POOL = np.dtype([("members", "i4"), ("head", "i4"), ("into", "i4"), ("spare", "i4")])
"""Accounts that share a script."""

(
    PAIRS, ACCOUNTS, LINES, USES, SHARED_KEYS, TIES, POOLS, ANSWERED, WRITTEN, PASSED, LEAVING, DAY_NOW, DUE_PAIR,
    DUE_ANSWERED, DUE_WRITTEN, DUE_PASSED, DUE_LEAVING, ROWS_SEEN, ROWS_TAUGHT, REPEATED, LAST_AT,
) = range(21)  # fmt: skip
"""Places of the tally: how many there are of each, and how far each queue is settled."""
TALLY = 24


class State(NamedTuple):
    """Everything that is known after the last act; only kernels write to it."""

    tally: Array
    pairs: Array
    pair_slots: Array
    accounts: Array
    counts: Array
    terms: Array
    lines: Array
    line_slots: Array
    uses: Array
    keys: Array
    key_slots: Array
    ties: Array
    tie_counts: Array
    pools: Array
    pool_counts: Array
    answered: Array
    written: Array
    passed: Array
    leaving: Array
    model: Array


GROWING = {
    "pairs": PAIRS, "accounts": ACCOUNTS, "counts": ACCOUNTS, "terms": ACCOUNTS, "lines": LINES, "keys": SHARED_KEYS,
    "pools": POOLS, "pool_counts": POOLS, "answered": ANSWERED, "written": WRITTEN, "passed": PASSED,
    "leaving": LEAVING,
}  # fmt: skip
"""Arrays with a row each, and where the tally tells how many rows."""

SLOTTED = {"pair_slots": PAIRS, "line_slots": LINES, "uses": USES, "key_slots": SHARED_KEYS, "ties": TIES}
"""Tables of open addressing, and where the tally tells how many places are taken."""


def empty(model: Array) -> State:
    """Nothing happened yet."""
    tally = np.zeros(TALLY, np.int64)
    tally[DAY_NOW] = tally[LAST_AT] = -NEVER
    return State(
        tally=tally,
        pairs=np.zeros(16, PAIR),
        pair_slots=np.full(64, -1, np.int32),
        accounts=np.zeros(16, ACCOUNT),
        counts=np.zeros((16, COUNTS), np.int32),
        terms=np.zeros((16, len(TERMS)), np.float32),
        lines=np.zeros(16, LINE),
        line_slots=np.full(64, -1, np.int32),
        uses=np.zeros(64, np.uint64),
        keys=np.zeros(16, KEY),
        key_slots=np.full(64, -1, np.int32),
        ties=np.zeros(64, np.uint64),
        tie_counts=np.zeros(64, np.int32),
        pools=np.zeros(16, POOL),
        pool_counts=np.zeros((16, COUNTS), np.int32),
        answered=np.zeros(16, np.int32),
        written=np.zeros(16, np.int32),
        passed=np.zeros(16, np.int32),
        leaving=np.zeros(16, np.int32),
        model=model,
    )
