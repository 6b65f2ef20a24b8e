"""Who wrote a candidate's messages: many or few, known or new, together or each for themselves. Counts, no accounts."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.detectors.campaign_rows import Held
from seawall.detectors.coordination_shares import COLUMNS, shares
from seawall.measures import CoordinationMeasure
from seawall.measures.contrast import gini, least_for_half
from seawall.measures.keys import identity_keys

MANY = 30
"""From so many accounts behind one half of the messages on they are many."""
SPREAD = 0.1
"""If at least this part of the accounts is needed for one half of the messages, few did not write most."""
SELDOM = 0.1
"""Less than this part of the messages by accounts that acted together is little."""


@dataclass(frozen=True)
class People:
    """Shares are of the candidate's messages that were looked at.

    Args:
        messages: that were looked at.
        accounts: that wrote them.
        half: the least number of accounts that wrote half of them.
        gini: of messages over accounts.
        new: share by accounts that had not written in these channels in the eight weeks before; None where nothing
            is known of these weeks.
        copies: share whose text stands in messages of two accounts or more.
        acting_together: accounts that shared the same things within the window, often enough.
        together: share by these accounts.
        new_source: share that came from a source which told nothing of these channels before.
    """

    messages: int
    accounts: int
    half: int
    gini: float
    new: float | None
    copies: float
    acting_together: int
    together: float
    new_source: float

    @property
    def unrelated(self) -> bool:
        """Whether it looks like many people, each for themselves: as after one event in the news."""
        spread = self.half >= MANY and self.half >= SPREAD * self.accounts
        return spread and self.together < SELDOM

    def told(self) -> dict[str, Any]:
        """As JSON."""
        return {**asdict(self), "unrelated": self.unrelated}


def people(held: Held, inside: pa.Table, before: pa.Table, window_s: float, repeats: int) -> People:
    """Count them."""
    wrote = inside.group_by("account_id", use_threads=False).aggregate([([], "count_all")])
    counts = wrote["count_all"].to_numpy()
    known = np.isin(identity_keys(wrote["account_id"]), held.accounts)
    texts = inside.group_by("text_key", use_threads=False).aggregate([("account_id", "count_distinct")])
    several = texts.filter(pc.and_(pc.is_valid(texts["text_key"]), pc.greater(texts["account_id_count_distinct"], 1)))
    copies = pc.is_in(inside["text_key"], several["text_key"].combine_chunks())
    acting = _together(inside, window_s, repeats)
    by_them = pc.is_in(inside["account_id"], acting)
    fresh = pc.invert(pc.is_in(inside["source"], pc.unique(before["source"])))
    whole = max(len(inside), 1)
    return People(
        messages=len(inside),
        accounts=len(wrote),
        half=least_for_half(counts),
        gini=gini(counts),
        new=float(counts[~known].sum()) / whole if len(before) else None,
        copies=_share(copies, whole),
        acting_together=len(acting),
        together=_share(by_them, whole),
        new_source=_share(fresh, whole) if len(before) else 0.0,
    )


def _share(mask: pa.ChunkedArray, whole: int) -> float:
    return float(pc.sum(mask).as_py() or 0) / whole


def _together(rows: pa.Table, window_s: float, repeats: int) -> pa.Array:
    """The accounts that shared the same things within ``window_s`` of one another, ``repeats`` things or more.

    The rows are here and few, so the measure runs here, whatever the engine.
    """
    measure = CoordinationMeasure(window_s, repeats)
    found = []
    for layer, columns in COLUMNS.items():
        chosen = rows.select(list(columns)).to_reader()
        found.append(measure.at_once(shares(chosen, layer)).nodes["account"].combine_chunks())
    return pc.unique(pa.chunked_array([one.cast(pa.string()) for one in found]))
