"""The ordinary life of accounts that are new to a background: they join, and get to know a few people."""

from __future__ import annotations

import numpy as np

from seawall.simulate.ground import Ground
from seawall.simulate.ledger import Ledger
from seawall.simulate.rows import DAY, KIND, Codes, Mask, Rows
from seawall.simulate.society import TIE_DAYS, Ties
from seawall.simulate.talk import ordinary

_SPREAD = 0.7


def cover(
    ledger: Ledger,
    ground: Ground,
    rng: np.random.Generator,
    account: int,
    since: int,
    clock_h: float,
    median: float,
    left_out: Mask,
) -> None:
    """Write an account's join and its acquaintances into the ledger.

    Args:
        ledger: where to.
        ground: the background.
        rng: where chance comes from.
        account: its number.
        since: when it joined, microseconds.
        clock_h: hours by which its clock is ahead of UTC.
        median: of the number of acquaintances.
        left_out: accounts that it is not to know: those whom somebody meets.
    """
    begin = max(since, ground.begin)
    days = (ground.end - begin) / DAY
    count = round(median * float(np.exp(_SPREAD * rng.standard_normal())))
    others = _circle(ground, rng, count, left_out)
    channel = ground.channel_of[others] if len(others) else np.full(1, -1, np.int32)
    if since > ground.begin:
        ledger.many(Rows.of(since, kind=KIND["join"], source=account, channel=channel[0]))
    if not len(others) or days <= 0:
        return
    back = rng.random(len(others)) < 0.4
    start = rng.random(len(others)) * days
    ties = Ties(
        source=np.where(back, others, account).astype(np.int32),
        target=np.where(back, account, others).astype(np.int32),
        start=start,
        days=np.minimum(rng.exponential(TIE_DAYS, len(others)), days - start),
        offset=np.full(len(others), clock_h),
        channel=channel,
        close=np.ones(len(others), np.bool_),
    )
    rows = ordinary(rng, ties, begin)
    ledger.many(rows.taken(rows.at > since))


def _circle(ground: Ground, rng: np.random.Generator, count: int, left_out: Mask) -> Codes:
    """People around one account of the background, who may know each other."""
    middle = int(ground.active[rng.integers(len(ground.active))])
    near = np.unique(np.append(ground.known_to(middle), middle))
    near = near[~left_out[near]]
    return rng.permutation(near)[:count].astype(np.int32)
