"""The measure of funnels: one call on a whole table."""

from __future__ import annotations

from typing import Any

from seawall.measures.funnel.result import Funnels
from seawall.measures.funnel.stream import FunnelStream
from seawall.measures.funnel.weights import BOUND
from seawall.measures.tables import as_table, require_columns


def funnels(interactions: Any, *, accounts: Any = None, bound: float = BOUND) -> Funnels:
    """Accounts that repeat a funnel's sequence of acts towards strangers, and the persons whom they approached.

    Args:
        interactions: anything that speaks Arrow (pyarrow, pandas, polars), a row an act: ``at`` (timestamp of any unit
            and zone, without one UTC; or seconds), ``kind`` (mention, reply, repost, follow, unfollow, dm, reaction,
            invite, join, leave, report, block, contact_shared), ``source``, ``target`` (strings or whole numbers),
            and where they are known ``contact_kind``, ``contact_key``, ``reply_key`` and ``channel``. An outside
            address was passed by a ``contact_shared``, and by a ``dm`` whose ``contact_kind`` is told. Any order;
            exact repetitions count once.
        accounts: optional, a table with ``account``; nothing in it is evidence, and no other column is looked at.
        bound: the score in nats at which an account is alerted about.

    Returns:
        ``Funnels`` with ``.hubs``, ``.pairs``, ``.explain(hub)`` and ``.left_out``.

    The pass goes through time once and learns what is ordinary from what came before, so that later interactions never
    change what was said of earlier ones (see docs/explanation/funnels.md for the terms and their limits).

    Raises:
        MeasureError: a column is missing or of a type that cannot be read, or a kind is unknown.

    >>> import pyarrow as pa
    >>> acts = [(0, "mention", "fern", "moss"), (60, "follow", "moss", "fern"), (900, "dm", "fern", "moss")]
    >>> at, kind, source, target = zip(*acts)
    >>> found = funnels(pa.table({"at": at, "kind": kind, "source": source, "target": target}))
    >>> found.pairs.select(["hub", "newcomer", "stage"]).to_pylist()
    [{'hub': 'fern', 'newcomer': 'moss', 'stage': 'direct'}]
    """
    if accounts is not None:
        require_columns(as_table(accounts), ("account",))
    stream = FunnelStream(bound)
    stream.add(interactions)
    return stream.finish()
