"""Events of an invented platform for benchmarks/live.py: talk, and now and then a group that posts in step."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

_TALK = (
    "the garden roses were watered by our cycling club on sunday morning near the river with rain and wind while "
    "tulips ferns and oaks along every path gave shade to riders who had come from town for bread cheese apples"
)
WORDS = tuple(_TALK.split())
MEMBERS, CHANNELS = 20_000, 200
GROUP, TEXTS = 4, 6
"""Accounts of a planted group, and texts that all of them post; with the fifth text the detector may speak."""


@dataclass(frozen=True, slots=True)
class Planted:
    """A group, and when the event was sent with which it became one."""

    accounts: tuple[str, ...]
    complete_at: float


class World:
    """Makes batches of events, each event with the time of its making.

    Args:
        seed: the same seed, the same words.
    """

    def __init__(self, seed: int = 1) -> None:
        self._random = np.random.default_rng(seed)
        self._number = 0
        self._groups = 0

    def talk(self, count: int) -> list[bytes]:
        """Messages of about 70 characters; one in two hundred repeats a common phrase."""
        members = self._random.integers(0, MEMBERS, count)
        channels = self._random.integers(0, CHANNELS, count)
        words = self._random.integers(0, len(WORDS), (count, 12))
        common = self._random.random(count) < 0.005
        return [
            self._event(
                f"member{members[row]}",
                int(channels[row]),
                "see you all at the next ride on sunday" if common[row] else " ".join(WORDS[w] for w in words[row]),
            )
            for row in range(count)
        ]

    def group(self) -> Iterator[tuple[list[bytes], tuple[str, ...] | None]]:
        """A group's events, a text at a time; with the fifth one its accounts, because it is complete then."""
        self._groups += 1
        accounts = tuple(f"group{self._groups}-{one}" for one in range(GROUP))
        for text in range(TEXTS):
            line = "everybody: " + " ".join(WORDS[word] for word in self._random.integers(0, len(WORDS), 12))
            yield [self._event(one, 7, line) for one in accounts], accounts if text == 4 else None

    def _event(self, account: str, channel: int, text: str) -> bytes:
        self._number += 1
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        event = {"id": f"e{self._number}", "account": account, "channel": f"c{channel}", "sent_at": at, "text": text}
        return json.dumps(event).encode()

    @property
    def events(self) -> int:
        """How many events were made."""
        return self._number
