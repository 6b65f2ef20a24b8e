"""How far each room of a Rocket.Chat server was read, by the server's own times: what a checkpoint holds."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Collection, Iterable
from typing import Any

from seawall.errors import ConfigurationError
from seawall.sources.json_values import dict_of

OVERLAP_MS = 10_000
"""How much before a mark is read again: writes become visible late, and a server's machines differ by seconds."""

_MOST_ROOMS = 1_000
_MOST_REFUSED = 200
_TOLERANCE_MS = 3_000
_LONGEST_STEP_MS = 24 * 3_600_000
_KINDS = ("updated", "deleted")
_VERSION = 2


class Marks:
    """Milliseconds since 1970 up to which messages and deletions were read; only the server's times go into them.

    Rooms are known by a hash, because the id of a direct one is made of its members' ids and checkpoints are kept.
    A room that has no mark of its own stands at ``low``. Marks that are lost make something come again, never
    be left out; so a checkpoint keeps the marks that are farthest ahead, if there are too many.
    """

    def __init__(self, low: int) -> None:
        self.low = low
        self.covered = low  # up to where it was said that nothing is missing
        self.reports = low
        self._rooms: dict[str, list[int]] = {}
        self._server: tuple[int, float] | None = None  # the server's time, and our own at that moment

    def of(self, room: str, kind: str) -> int:
        """How far a kind ("updated" or "deleted") of a room was read."""
        return self._rooms.get(_key(room), [self.low, self.low])[_KINDS.index(kind)]

    def least(self, room: str) -> int:
        """How far a room was read altogether."""
        return self._least(_key(room))

    def _least(self, key: str) -> int:
        return min(self._rooms.get(key, [self.low]))

    def advance(self, room: str, kind: str, to: int) -> None:
        """Never backwards."""
        mark = self._rooms.setdefault(_key(room), [self.low, self.low])
        at = _KINDS.index(kind)
        mark[at] = max(mark[at], to)

    def heard(self, server_ms: int | None, now: float | None = None) -> int | None:
        """Note the server's clock. If it was set back, step back as far, and say by how much (milliseconds).

        What was written since the clock was last heard of bears a time after ``server_ms`` minus what has passed.
        """
        now = time.time() if now is None else now
        if server_ms is None:
            return None
        before, self._server = self._server, (server_ms, now)
        if before is None:
            return None
        passed = min(max(0, int((now - before[1]) * 1000)), _LONGEST_STEP_MS)
        back = before[0] + passed - server_ms
        if back <= _TOLERANCE_MS:
            return None
        floor = server_ms - passed
        self.low, self.reports = min(self.low, floor), min(self.reports, floor)
        self._rooms = {room: [min(one, floor) for one in mark] for room, mark in self._rooms.items()}
        return back

    def settle(self, readable: Collection[str], refused: Collection[str], cap: int) -> None:
        """Raise ``low`` to the least mark of the rooms that can be read, but not above ``cap``.

        Args:
            readable: all rooms that are there and can be read.
            refused: those that cannot be read now; their marks stay behind until they can.
            cap: a time of the server before the list of rooms was asked for: a room that is not on it is younger.
        """
        target = min([cap, *(self.least(room) for room in readable)])
        if target <= self.low or len(refused) > _MOST_REFUSED:
            return
        for room in refused:
            self._rooms.setdefault(_key(room), [self.low, self.low])
        self.low = target

    def keep(self, rooms: Iterable[str]) -> None:
        """Forget the rooms that are gone."""
        keys = {_key(room) for room in rooms}
        self._rooms = {key: mark for key, mark in self._rooms.items() if key in keys}

    def text(self) -> str:
        """The checkpoint: compact JSON."""
        behind = [room for room, mark in self._rooms.items() if min(mark) < self.low]
        ahead = [room for room, mark in self._rooms.items() if min(mark) > self.low]
        kept = behind + sorted(ahead, key=self._least)[-_MOST_ROOMS:]
        marks = {room: self._rooms[room] for room in sorted(kept)}
        told: dict[str, Any] = {
            "v": _VERSION,
            "low": self.low,
            "covered": self.covered,
            "reports": self.reports,
            "server": self._server,
            "rooms": {room: mark[0] if mark[0] == mark[1] else mark for room, mark in marks.items()},
        }
        return json.dumps(told, separators=(",", ":"))

    @staticmethod
    def read(checkpoint: str) -> Marks:
        """The marks of a checkpoint.

        Raises:
            ConfigurationError: it is none of this source's.
        """
        try:
            told = dict_of(json.loads(checkpoint))
            if told["v"] != _VERSION:
                raise ValueError
            marks = Marks(int(told["low"]))
            marks.covered, marks.reports = int(told["covered"]), int(told["reports"])
            for room, mark in told["rooms"].items():
                marks._rooms[room] = [int(one) for one in mark] if isinstance(mark, list) else [int(mark)] * 2
            if told["server"] is not None:
                marks._server = (int(told["server"][0]), float(told["server"][1]))
        except (ValueError, KeyError, TypeError, AttributeError, IndexError):
            raise ConfigurationError(
                "This is no checkpoint of this source.", where="checkpoint", mend="Watch from the beginning."
            ) from None
        return marks


def _key(room: str) -> str:
    return hashlib.blake2b(room.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
