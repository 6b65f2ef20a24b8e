"""Private talk between an account of a group and one person: sittings, quick answers, a supervisor's pauses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from seawall.simulate.clock import awake
from seawall.simulate.manners import Manner
from seawall.simulate.rows import DAY, MINUTE, Longs, Mask, Reals
from seawall.simulate.talk import expanded

_TURNS = 0.72
"""How often the next message is the other one's."""
_OTHER_MIN, _OTHER_SPREAD, _OWN_SPREAD = 3.0, 1.3, 0.8
_MOST_SITTINGS = 400


@dataclass(frozen=True, slots=True)
class Chat:
    """Messages by time; ``own`` says which are those of the group's account."""

    at: Longs
    own: Mask
    sitting: Longs

    def taken(self, which: Mask) -> Chat:
        """Some of the messages."""
        return Chat(self.at[which], self.own[which], self.sitting[which])


def chat(
    rng: np.random.Generator,
    manner: Manner,
    start: int,
    stop: int,
    *,
    own_first: bool,
    clock_h: float,
    rate: float | None = None,
) -> Chat:
    """Talk from one moment to another; the first message stands at the start and is answered.

    Args:
        rng: where chance comes from.
        manner: how often and how fast the account writes.
        start, stop: microseconds.
        own_first: whether the account, not the other, writes the first message.
        clock_h: hours by which their clock is ahead of UTC.
        rate: sittings a day, if not those of the manner.
    """
    days = (stop - start) / DAY
    sittings = min(_MOST_SITTINGS, 1 + int(rng.poisson((manner.sittings_a_day if rate is None else rate) * days)))
    begins = np.sort(start + (rng.random(sittings) * (stop - start)).astype(np.int64))
    begins = awake(begins, clock_h, rng)
    begins[0] = start
    sizes = rng.geometric(1 / max(1.0, manner.messages), sittings)
    sizes[0] = max(2, sizes[0])
    of, first = expanded(sizes)
    turn = np.cumsum(first | (rng.random(len(of)) < _TURNS))
    own = (turn + rng.integers(2, size=sittings)[of]) % 2 == 0
    own[0], own[1] = own_first, not own_first
    passed = np.cumsum(_gaps(rng, manner, own, first))
    at = begins[of] + ((passed - passed[np.flatnonzero(first)][of]) * MINUTE).astype(np.int64)
    kept = np.flatnonzero((at <= stop) | (np.arange(len(at)) < 2))
    order = kept[np.argsort(at[kept], kind="stable")]
    return Chat(at[order], own[order], of[order])


def _gaps(rng: np.random.Generator, manner: Manner, own: Mask, first: Mask) -> Reals:
    """Minutes before each message of a sitting."""
    count = len(own)
    gap = np.where(
        own,
        rng.lognormal(np.log(manner.answer_min), _OWN_SPREAD, count),
        rng.lognormal(np.log(_OTHER_MIN), _OTHER_SPREAD, count),
    )
    answers = own & ~np.concatenate([[False], own[:-1]])
    waits = answers & (rng.random(count) < manner.pauses)
    gap = np.where(waits, rng.lognormal(np.log(manner.pause_min), manner.pause_spread, count), gap)
    return np.where(first, 0.0, np.minimum(gap, 1200.0))
