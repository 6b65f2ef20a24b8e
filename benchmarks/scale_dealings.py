"""What accounts do towards one another: neighbours that answer, and a few accounts that lead strangers on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from benchmarks.scale_world import DAY, HOUR

Ints = npt.NDArray[np.int64]

MENTION, REPLY, REACTION, FOLLOW, DM = range(5)
USUAL = (0.18, 0.42, 0.25, 0.05, 0.10)
NEIGHBOURS = 6
LED, STEPS = 12, 8
A_HUB = 100_000
"""One account that leads strangers on in so many interactions."""


@dataclass(frozen=True)
class Dealings:
    """Interactions in the order of time, in columns.

    Args:
        at: microseconds after the world's beginning.
        kind: place in ``kinds``.
        source: number of the account; from ``accounts`` on those that lead on.
        target: as source.
        contact: which outside address was passed; -1 = none.
        key: of the words that were said; 0 = not told.
        others: how many accounts there are beside those that write.
    """

    at: Ints
    kind: Ints
    source: Ints
    target: Ints
    contact: Ints
    key: Ints
    others: int

    kinds: ClassVar[tuple[str, ...]] = ("mention", "reply", "reaction", "follow", "dm")


def dealings(count: int, accounts: int, days: int, seed: int = 1) -> Dealings:
    """So many interactions of accounts; the same for the same seed."""
    random = np.random.default_rng([seed, 2])
    hubs = max(1, count // A_HUB)
    led = [_led(hub, accounts, days, random) for hub in range(hubs)]
    rows = np.concatenate([_ordinary(count - sum(map(len, led)), accounts, days, random), *led])
    rows = rows[np.argsort(rows[:, 0], kind="stable")]
    at, kind, source, target, contact, key = np.ascontiguousarray(rows.T)
    return Dealings(at, kind, source, target, contact, key, 2 * hubs)


def _ordinary(count: int, accounts: int, days: int, random: np.random.Generator) -> Ints:
    source = (accounts * random.random(count) ** 2).astype(np.int64)
    target = (source + random.integers(1, NEIGHBOURS, count) * random.choice([-1, 1], count)) % accounts
    kind = random.choice(len(USUAL), count, p=USUAL)
    key = np.where(kind == DM, 1 + random.integers(0, 2**40, count), 0)
    at = random.integers(0, days * DAY, count)
    return np.column_stack([at, kind, source, target, np.full(count, -1), key])


def _led(hub: int, accounts: int, days: int, random: np.random.Generator) -> Ints:
    """A mention, a follow-back, the same messages in the same order with an address, and another account."""
    one, another = accounts + 2 * hub, accounts + 2 * hub + 1
    begin = random.uniform(10, max(11, days - 2 * LED - 12))
    rows = []
    for place in range(LED):
        newcomer = int(random.integers(0, accounts))
        at = int((begin + 2 * place + random.random()) * DAY)
        rows.append((at, MENTION, one, newcomer, -1, 0))
        at += int(random.uniform(3, 6) * HOUR)
        rows.append((at, FOLLOW, newcomer, one, -1, 0))
        at += int(random.uniform(6, 10) * HOUR)
        for step in range(STEPS):
            rows.append((at, DM, one, newcomer, hub if step == 3 else -1, 2**41 + hub * STEPS + step))
            rows.append((at + HOUR // 2, DM, newcomer, one, -1, 1 + int(random.integers(0, 2**40))))
            at += int(random.uniform(14, 18) * HOUR)
        for _ in range(3):
            at += int(random.uniform(5, 20) * HOUR)
            rows.append((at, DM, another, newcomer, -1, 1 + int(random.integers(0, 2**40))))
            rows.append((at + HOUR // 2, DM, newcomer, another, -1, 1 + int(random.integers(0, 2**40))))
    return np.array(rows, np.int64)
