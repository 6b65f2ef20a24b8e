"""Events: what changes in the counts of an account, and when an account is looked at."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from seawall.measures.funnel.state import Array

EVENTS = pa.schema(
    [
        ("account", pa.uint64()),
        ("when", pa.int64()),
        ("place", pa.uint8()),
        ("by", pa.int8()),
        ("newcomer", pa.uint64()),
    ]
)
"""``when`` is twice the microseconds, and one more for acts: midnights are settled before what happens at midnight.
``place`` is that of a count, which changes by ``by``, or one of those below. ``newcomer``: whom a look is about, once
that one got a direct message; 0 = nobody."""

TOUCH, BROUGHT, SUSPECT = 255, 254, 253
"""No counts: an account is looked at; it is known as brought by a funnel-like hub; it no longer teaches."""


def events(account: Array, when: Array, place: int, by: int = 1) -> pa.Table:
    """Rows of ``EVENTS`` that are alike."""
    size = len(account)
    columns = (
        np.ascontiguousarray(account),
        np.ascontiguousarray(when),
        np.full(size, place, np.uint8),
        np.full(size, by, np.int8),
        np.zeros(size, np.uint64),
    )
    return pa.table([pa.array(column) for column in columns], schema=EVENTS)
