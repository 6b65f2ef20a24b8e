"""How far a Mastodon connection has come: its checkpoint.

Ids of statuses are numbers that hold the time, in milliseconds, at which the status was made (not at which the server
learnt of it): https://docs.joinmastodon.org/api/guidelines/#id. They are compared by length, then as text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec

from seawall.sources.live.stated import stated_place

RECENT = 200
"""So many of the newest statuses are looked at again after an absence, for edits and deletions."""

OVERLAP_MS = 120_000
"""After an absence statuses are read from so much earlier on: one of another server arrives late, with an old id."""

_TIME_SHIFT = 16
_CLOSED = "!"


class _Kept(msgspec.Struct, forbid_unknown_fields=True):
    timelines: dict[str, str]
    seen: int
    recent: str
    report: str | None
    filled: dict[str, int] = {}


def newer(left: str, right: str) -> bool:
    """Whether the left id is that of a later status.

    >>> newer("1000", "999"), newer("7", "7")
    (True, False)
    """
    return (len(left), left) > (len(right), right)


def id_at(micros: int) -> str:
    """The smallest id of a status that was made at a time.

    >>> id_at(1_777_817_100_000_000)
    '116511021465600000'
    """
    return str(max(0, micros // 1_000) << _TIME_SHIFT)


def before(last: str) -> str:
    """The id from which to read on after ``last``; ids of other servers than Mastodon may hold no time."""
    if not (last.isascii() and last.isdigit() and len(last) < 20):
        return last
    return str(max(0, int(last) - (OVERLAP_MS << _TIME_SHIFT)))


@dataclass(slots=True)
class Place:
    """It changes while the connection is read."""

    seen: int  # UTC microseconds up to which it is known what is missing
    last: dict[str, str] = field(default_factory=dict)  # timeline -> the newest id that was given
    recent: dict[str, bool] = field(default_factory=dict)  # id -> whether everybody could read it; the oldest first
    report: str | None = None  # the newest report that was given
    filled: dict[str, int] = field(default_factory=dict)  # timeline -> new statuses that were read since ``seen``

    @staticmethod
    def read(checkpoint: str) -> Place:
        """What ``written`` wrote.

        Raises:
            ConfigurationError: it is none of this source's.
        """
        kept = stated_place(checkpoint, _Kept, "mastodon")
        recent = {one.removesuffix(_CLOSED): not one.endswith(_CLOSED) for one in kept.recent.split()}
        return Place(kept.seen, kept.timelines, recent, kept.report, kept.filled)

    def written(self) -> str:
        """The place as a checkpoint."""
        recent = " ".join(one if public else one + _CLOSED for one, public in self.recent.items())
        return msgspec.json.encode(_Kept(self.last, self.seen, recent, self.report, self.filled)).decode()

    def reached(self, timeline: str, status: str) -> None:
        """A status of a timeline was given, and everything before it."""
        if timeline not in self.last or newer(status, self.last[timeline]):
            self.last[timeline] = status

    def count(self, timeline: str, statuses: Sequence[str]) -> None:
        """Statuses were read to fill a gap: those that were not given before are counted, over interruptions too."""
        last = self.last[timeline]
        new = sum(newer(status, last) for status in statuses)
        self.filled[timeline] = self.filled.get(timeline, 0) + new

    def remember(self, status: str, public: bool) -> None:
        """A status that is to be looked at again after an absence."""
        self.recent[status] = public
        while len(self.recent) > RECENT:
            del self.recent[next(iter(self.recent))]
