"""What the accounts of one group share: their habits, their words, their addresses, and whom they hand over to."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from seawall.simulate.ledger import Ledger
from seawall.simulate.manners import Manner
from seawall.simulate.roles import CONTACT_SHARE
from seawall.simulate.rows import LONG, MEDIUM, Codes, Keys, Smalls
from seawall.simulate.talk import replies

_OPENERS = 2
_MAIN_KIND = 0.75
"""How often a group passes its usual kind of address."""


@dataclass
class Party:
    """A group that meets people in one role."""

    role: str
    name: str
    manner: Manner
    ledger: Ledger
    rng: np.random.Generator
    channel_of: Codes
    clock_h: float
    takers: tuple[int, ...] = ()
    met: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        rng, manner = self.rng, self.manner
        variants = max(1, round(manner.variants))
        self._openers = rng.integers(1, 2**64, _OPENERS * variants, np.uint64)
        self._steps = rng.integers(1, 2**64, (max(1, round(manner.script_steps)), variants), np.uint64)
        self._share = np.array(CONTACT_SHARE[self.role])
        self._kind = int(rng.choice(5, p=self._share))
        self._addresses = rng.integers(1, 2**64, 5, np.uint64)

    def chance(self, share: float) -> bool:
        """Whether something with this probability happens."""
        return bool(self.rng.random() < share)

    def channel(self, account: int) -> int:
        """A channel in which an account can be spoken to."""
        here = int(self.channel_of[account]) if account < len(self.channel_of) else -1
        return here if here >= 0 else self._any_channel()

    def _any_channel(self) -> int:
        highest = int(self.channel_of.max(initial=-1))
        return int(self.rng.integers(highest + 1)) if highest >= 0 else -1

    def words(self) -> tuple[int, int]:
        """Words of one's own: reply key and length."""
        key, length = replies(self.rng, 1)
        return int(key[0]), int(length[0])

    def opening(self) -> tuple[int, int]:
        """The first words of an account of the group."""
        if not self.chance(self.manner.opener):
            return self.words()
        return int(self.rng.choice(self._openers)), MEDIUM

    def address(self) -> tuple[int, int]:
        """An outside address that is passed: kind and key."""
        kind = self._kind if self.chance(_MAIN_KIND) else int(self.rng.choice(5, p=self._share))
        if self.chance(self.manner.same_address):
            return kind, int(self._addresses[kind])
        return kind, int(self.rng.integers(1, 2**64, dtype=np.uint64))

    def script(self, count: int, step: int) -> tuple[Keys, Smalls, int]:
        """Words of an account's next messages, and the step of the script that it has come to."""
        rng = self.rng
        keys, lengths = replies(rng, count)
        used = rng.random(count) < self.manner.script
        place = step + np.cumsum(used) - 1
        used &= place < len(self._steps)
        variant = rng.integers(self._steps.shape[1], size=count)
        keys[used] = self._steps[place[used], variant[used]]
        lengths[used] = np.where(keys[used] & np.uint64(1), LONG, MEDIUM)
        return keys, lengths, step + int(used.sum())
