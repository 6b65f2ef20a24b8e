"""The bound at which a measure would be run: how high scores rise where there is nothing to find."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.evaluation.judgement import MONTH
from seawall.evaluation.worlds import Result, utc


@dataclass(frozen=True, slots=True)
class Clean:
    """Scores on traffic in which nothing was planted.

    Args:
        scores: of the accounts that have one.
        accounts: how many accounts there are.
        days: how long it lasts.
    """

    scores: tuple[float, ...]
    accounts: int
    days: float

    @classmethod
    def of(cls, interactions: pa.Table, result: Result) -> Clean:
        """What a measure said about such traffic."""
        sides = [pc.unique(interactions[name].combine_chunks()) for name in ("source", "target")]
        accounts = pc.drop_null(pc.unique(pa.concat_arrays(sides)))
        ends: Any = pc.min_max(utc(interactions["at"])).as_py()
        days = max((ends["max"] - ends["min"]).total_seconds() / 86_400, 1.0)
        return cls(tuple(pc.drop_null(result.hubs["score"]).to_pylist()), len(accounts), days)


def operating_bound(clean: Iterable[Clean], rate: float = 1.0, floor: float = 0.0) -> float:
    """The lowest bound that raises at most ``rate`` alerts per 10,000 accounts and 30 days on clean traffic.

    Args:
        clean: pieces of traffic with nothing planted; they are taken together.
        rate: alerts that are borne per 10,000 accounts and 30 days.
        floor: no bound is lower than this.

    >>> quiet = Clean((5.0, 3.0, 2.0), accounts=10_000, days=30)
    >>> bound = operating_bound([quiet])
    >>> 3.0 < bound < 3.0001
    True
    """
    pieces = list(clean)
    allowed = int(np.floor(rate * sum(piece.accounts / 1e4 * piece.days / MONTH for piece in pieces) + 1e-9))
    scores = np.sort(np.concatenate([np.asarray(piece.scores, np.float64) for piece in pieces]))[::-1]
    if len(scores) <= allowed:
        return floor
    return max(floor, float(np.nextafter(scores[allowed], np.inf)))
