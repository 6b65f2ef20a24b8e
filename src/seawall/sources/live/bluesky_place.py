"""How far a connection to Jetstream has come, and whether the server still held everything from there on.

A server keeps some hours or days, and begins with the oldest that it has when it is asked for something older. So the
last event that was given is asked for again: if it comes, nothing is missing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import msgspec

from seawall.sources.live.stated import stated_place

OVERLAP_US = 5_000_000
"""So much before the last event is asked for again: servers number their events by their own clocks."""

_TOLERANCE_US = 60_000_000
"""Where no event is known to compare with, the first one may be so much later than what was asked for."""


class _Kept(msgspec.Struct, forbid_unknown_fields=True):
    last: int | None
    seen: int


@dataclass(frozen=True, slots=True)
class Place:
    """Times in UTC microseconds."""

    last: int | None  # of the last event that was given; None = none yet
    seen: int  # up to here it is known what is missing

    @staticmethod
    def read(checkpoint: str) -> Place:
        """What ``written`` wrote.

        Raises:
            ConfigurationError: it is none of this source's.
        """
        kept = stated_place(checkpoint, _Kept, "bluesky")
        return Place(kept.last, kept.seen)

    def written(self) -> str:
        """The place as a checkpoint."""
        return msgspec.json.encode(_Kept(self.last, self.seen)).decode()

    @property
    def cursor(self) -> int:
        """From where to listen."""
        return max(0, (self.seen if self.last is None else self.last) - OVERLAP_US)

    def missing_until(self, first: int, attached: int) -> int | None:
        """Up to when something may be missing, by the first event that came; None where nothing is.

        Args:
            first: time of that event.
            attached: since when the connection stands.
        """
        expected = self.seen + _TOLERANCE_US if self.last is None else self.last
        return None if first <= expected else max(self.seen, min(first, attached))

    def moved(self, last: int | None = None, seen: int | None = None) -> Place:
        """The place after an event and after a row of coverage; it never goes back."""
        return replace(
            self,
            last=self.last if last is None else max(last, self.last or 0),
            seen=self.seen if seen is None else max(seen, self.seen),
        )
