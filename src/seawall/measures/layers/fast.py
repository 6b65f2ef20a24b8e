"""Who reposts whom within seconds."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seawall.errors import MeasureError
from seawall.measures.coshare.ordering import numbered
from seawall.measures.keys import MICROSECONDS, identity_keys, present
from seawall.measures.layers.messages import Messages

Numbers = npt.NDArray[Any]

EMPTY = pa.schema(
    [
        ("source", pa.string()),
        ("target", pa.string()),
        ("fast", pa.int64()),
        ("reposts", pa.int64()),
        ("share", pa.float64()),
        ("share_of_source", pa.float64()),
        ("median_s", pa.float64()),
    ]
)


def fast_reposts(messages: Messages, within_s: float) -> pa.Table:
    """See ``LayeredNetwork.fast_reposts``."""
    if not 0 <= within_s < float("inf"):
        raise MeasureError("It must be a number of seconds, 0 or more.", where="within_s")
    if "repost_of" not in messages.table.column_names:
        return EMPTY.empty_table()
    source, target, delay, every = _resolved(messages)
    pairs, pair = np.unique(source.astype(np.int64) << 32 | target, return_inverse=True)
    fast = delay <= within_s * MICROSECONDS
    number = np.bincount(pair[fast], minlength=len(pairs))
    kept = np.flatnonzero(number)
    ends = pairs[kept] >> 32, pairs[kept] & 0xFFFFFFFF
    reposts = np.bincount(pair, minlength=len(pairs))[kept]
    table = pa.table(
        {
            "source": messages.names.take(pa.array(ends[0])),
            "target": messages.names.take(pa.array(ends[1])),
            "fast": number[kept],
            "reposts": reposts,
            "share": number[kept] / reposts,
            "share_of_source": number[kept] / every[ends[0]],
            "median_s": _medians(pair[fast], delay[fast])[: len(kept)] / MICROSECONDS,
        }
    )
    return table.sort_by([("fast", "descending"), ("source", "ascending"), ("target", "ascending")])


def _resolved(messages: Messages) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    """(who reposted, who wrote, microseconds between) of each repost of a message at hand by another account, not
    before the message; and how many reposts each account made of whatever."""
    wanted, ids = messages.table["repost_of"], messages.table["message_id"]
    usable = np.ones(len(messages), np.bool_) if messages.usable is None else messages.usable
    asked = usable if (told := present(wanted)) is None else usable & told
    every = np.bincount(messages.account[asked], minlength=len(messages.names))
    codes, _ = numbered(np.concatenate([identity_keys(ids), identity_keys(wanted)]))
    known = usable if (named := present(ids)) is None else usable & named
    original = _earliest(codes[: len(messages)], messages.at, messages.account, known, int(codes.max(initial=-1)) + 1)
    rows = np.flatnonzero(asked)
    of = original[codes[len(messages) :][rows]]
    rows, of = rows[of >= 0], of[of >= 0]
    source, target = messages.account[rows], messages.account[of]
    delay = messages.at[rows] - messages.at[of]
    keep = (source != target) & (delay >= 0)
    return source[keep], target[keep], delay[keep], every


def _earliest(codes: Numbers, at: Numbers, account: Numbers, known: Numbers, found: int) -> Numbers:
    """The row in which each message comes earliest, -1 where it is not at hand."""
    rows = np.flatnonzero(known)
    order = rows[np.lexsort((account[rows], at[rows]))][::-1]
    first = np.full(found, -1, np.int64)
    first[codes[order]] = order
    return first


def _medians(group: Numbers, values: Numbers) -> Numbers:
    """The median of the values of each group that has any, in the order of the groups."""
    order = np.lexsort((values, group))
    values = values[order]
    _, start, count = np.unique(group[order], return_index=True, return_counts=True)
    low, high = start + (count - 1) // 2, start + count // 2
    middle: Numbers = (values[low] + values[high]) / 2
    return middle
