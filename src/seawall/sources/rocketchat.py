"""Rocket.Chat: histories and deletions fetched over REST, captured DDP frames, and ``rooms.export``.

Formats: https://developer.rocket.chat/apidocs (``channels.history``, ``groups.history``, ``im.history``,
``chat.syncMessages``, ``chat.getDeletedMessages``) and the type ``IMessage`` of ``@rocket.chat/core-typings``.
Whether a room is public is not told by its messages, so it is null, except that the id of a direct room is made
of the ids of its two members.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from seawall.protocols import Input, RawBatch, ReadOptions
from seawall.sources.json_records import one_after_another, outline, read_records
from seawall.sources.json_stream import ITEM, Path, Piece, Plan, Step
from seawall.sources.json_values import Unusable, identity
from seawall.sources.raw_rows import RawRows
from seawall.sources.rocketchat_examples import EXAMPLES
from seawall.sources.rocketchat_message import deletion_row, is_deletion, members_of_direct, message_row

_PLATFORM = "rocketchat"
NO_ROOM = "The export does not name its room; its messages are kept without a channel."
_LISTS: tuple[Path, ...] = (("messages",), ("result", "updated"), ("result", "deleted"), ("fields", "args"))
_STEPS: dict[Path, Step] = {
    (): Step.OBJECT,
    ("result",): Step.OBJECT,
    ("fields",): Step.OBJECT,
    **dict.fromkeys(_LISTS, Step.LIST),
    **{(*path, ITEM): Step.RECORD for path in _LISTS},
    ("message",): Step.RECORD,
}
_ROOTS = frozenset((*_LISTS, (ITEM,), ("message",), ()))


def _plan(path: Path) -> Step:
    return _STEPS.get(path, Step.SKIP)


def _bare_list(path: Path) -> Step:
    return {(): Step.LIST, (ITEM,): Step.RECORD}.get(path, Step.SKIP)


class RocketChat:
    """Reads what a Rocket.Chat server hands out about its messages."""

    name: ClassVar[str] = "rocketchat"
    version: ClassVar[str] = "1"

    def recognise(self, file: Input) -> float:
        """Sure where records have the keys of a Rocket.Chat message, less so where only of its export or deletions."""
        seen = outline(file.head())
        best = 0.0
        for root in _ROOTS:
            keys = _keys_below(seen, root)
            if {"_id", "rid", "ts", "u"} <= keys:
                best = max(best, 0.97)
            elif {"_id", "_deletedAt"} <= keys or (root == () and {"msg", "username", "ts"} <= keys):
                best = max(best, 0.9)
        if ("fields", "args") in seen and ("collection",) in seen:
            best = max(best, 0.8)
        return best

    def read(self, file: Input, options: ReadOptions, checkpoint: str | None = None) -> Iterator[RawBatch]:
        """Batches of messages and deletions; see ``Source.read``."""
        rows = RawRows(options.platform or _PLATFORM)
        seen = outline(file.head())
        if seen & _STEPS.keys():
            plan: Plan | None = _plan
        else:
            plan = _bare_list if (ITEM,) in seen else one_after_another(file.head())
        yield from read_records(file, plan, _Messages(), rows, checkpoint)

    def examples(self) -> Sequence[tuple[str, bytes]]:
        """A history, deletions, a DDP frame and an export, about a garden club."""
        return EXAMPLES


def _keys_below(seen: frozenset[Path], root: Path) -> set[str]:
    below = root if root in ((), (ITEM,), ("message",)) else (*root, ITEM)
    return {path[-1] for path in seen if path[:-1] == below}


class _Messages:
    """Messages and deletions, each told apart by its own keys."""

    def describe(self, piece: Piece, rows: RawRows) -> None:
        """Nothing around the messages is of use."""

    def skip(self, piece: Piece) -> None:
        """No message depends on an earlier one."""

    def add(self, position: int, value: Any, piece: Piece, rows: RawRows) -> None:
        """A message or a deletion."""
        if not isinstance(value, dict):
            raise Unusable("record", "not an object")
        if is_deletion(value):
            rows.deletion(position, deletion_row(value))
            return
        row = message_row(value)
        room = row["channel_id"]
        if room is None:
            rows.assume(NO_ROOM)
        if room is not None and rows.told(room) is None:
            members = members_of_direct(room, row["account"]["id"])
            if members is not None:
                rows.channel(
                    {
                        "channel_id": room,
                        "kind": "direct",
                        "visibility": row["visibility"],
                        "participants": [identity(member) for member in members],
                    }
                )
        rows.message(position, row)
