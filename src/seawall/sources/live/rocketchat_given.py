"""What was given already, so that the overlap of two readings is not given again and again."""

from __future__ import annotations

_MOST_OF_A_ROOM = 20_000


class Given:
    """Remembers records of a room by kind and id, with the time (milliseconds) at which the server wrote them.

    It may forget: then a record is given once more, and the lake knows it.
    """

    def __init__(self) -> None:
        self._rooms: dict[str, dict[tuple[str, str], int]] = {}

    def is_new(self, room: str, key: tuple[str, str], at: int, *, once: bool = False) -> bool:
        """Whether this writing of the record was not given before; it counts as given from now on.

        Args:
            room: its room.
            key: kind and id.
            at: when the server wrote it.
            once: it is the same whenever it was written.
        """
        given = self._rooms.setdefault(room, {})
        before = given.pop(key, None)
        given[key] = at
        while len(given) > _MOST_OF_A_ROOM:
            del given[next(iter(given))]
        return before is None or (before != at and not once)

    def prune(self, room: str, before: int) -> None:
        """Forget what was written before a time."""
        given = self._rooms.get(room, {})
        for key in [key for key, at in given.items() if at < before]:
            del given[key]
        if not given:
            self._rooms.pop(room, None)
