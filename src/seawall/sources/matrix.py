"""Matrix events: Element's export of a room, answers of ``/messages`` and ``/sync``, lists or lines of events.

Format: https://spec.matrix.org/v1.11/client-server-api/ (*Events*, *Room events*, *Instant messaging*,
*Relationships*). Rooms of version 12 have ids without a server; ids are taken as they are. Who may join a room can
be told after its messages, so the state of all rooms is read beforehand.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from seawall.protocols import Input, RawBatch, ReadOptions
from seawall.sources.json_records import one_after_another, outline, read_records
from seawall.sources.json_stream import ITEM, Path, Piece, Plan, Step
from seawall.sources.json_values import Unusable
from seawall.sources.matrix_event import add_event, is_report, report_row
from seawall.sources.matrix_examples import EXAMPLES
from seawall.sources.matrix_rooms import Rooms, room_of
from seawall.sources.raw_rows import RawRows

_PLATFORM = "matrix"
_LISTS = ("messages", "chunk", "state", "events", "events_before", "events_after", "timeline", "pdus", "event_reports")
_SYNC_DEPTH = 3  # ("rooms", "join", room)


def _plan(path: Path) -> Step:
    if path == ():
        return Step.OBJECT
    if path[0] == "rooms":
        return _sync_step(path)
    if path[0] in _LISTS:
        return Step.LIST if len(path) == 1 else Step.RECORD
    return Step.RECORD if path == ("event",) else Step.SKIP


def _sync_step(path: Path) -> Step:
    """``rooms`` of a /sync: the rooms joined, left, invited to and knocked at, with their timelines and states."""
    if len(path) <= _SYNC_DEPTH:
        return Step.OBJECT
    section = path[_SYNC_DEPTH]
    if section == "summary" and len(path) == _SYNC_DEPTH + 1:
        return Step.KEEP
    if section == "timeline" or section.endswith("state") or section == "state_after":
        return (Step.OBJECT, Step.LIST, Step.RECORD)[len(path) - _SYNC_DEPTH - 1] if _is_events(path) else Step.SKIP
    return Step.SKIP


def _is_events(path: Path) -> bool:
    return path[_SYNC_DEPTH + 1 : _SYNC_DEPTH + 2] in ((), ("events",))


def _bare_list(path: Path) -> Step:
    return {(): Step.LIST, (ITEM,): Step.RECORD}.get(path, Step.SKIP)


class Matrix:
    """Reads Matrix events, however they were saved, and Synapse's list of reports about them.

    Args:
        rooms: what is known of the rooms, where they are watched; None = what the input itself tells.
    """

    name: ClassVar[str] = "matrix"
    version: ClassVar[str] = "1"

    def __init__(self, rooms: Rooms | None = None) -> None:
        self._rooms = rooms

    def recognise(self, file: Input) -> float:
        """Sure where records have a sender, a type and a server's time."""
        seen = outline(file.head())
        if any({(*parent, "sender"), (*parent, "type")} <= seen for parent in _parents(seen, "origin_server_ts")):
            return 0.97
        if any({(*parent, "user_id"), (*parent, "event_id")} <= seen for parent in _parents(seen, "received_ts")):
            return 0.9
        if ("rooms", "join") in seen and ("next_batch",) in seen:
            return 0.9
        return 0.8 if {("room_name",), ("exported_by",), ("messages",)} <= seen else 0.0

    def read(self, file: Input, options: ReadOptions, checkpoint: str | None = None) -> Iterator[RawBatch]:
        """Batches of messages, interactions and deletions; see ``Source.read``."""
        plan = _layout(file)
        rows = RawRows(options.platform or _PLATFORM)
        rooms = self._rooms if self._rooms is not None else Rooms.of(file, plan)
        yield from read_records(file, plan, _Events(rooms), rows, checkpoint)

    def examples(self) -> Sequence[tuple[str, bytes]]:
        """A room's export, a /sync and lines of events, about a cycling club."""
        return EXAMPLES


def _parents(seen: frozenset[Path], key: str) -> set[Path]:
    return {path[:-1] for path in seen if path[-1:] == (key,)}


def _layout(file: Input) -> Plan | None:
    head = file.head()
    seen = outline(head)
    if (ITEM,) in seen:
        return _bare_list
    if any(_plan(path) is not Step.SKIP for path in seen if path) and ("origin_server_ts",) not in seen:
        return _plan
    return one_after_another(head)


class _Events:
    """Events, in the rooms that they name or that a /sync lists them under."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms

    def describe(self, piece: Piece, rows: RawRows) -> None:
        """Nothing around the events is of use."""

    def skip(self, piece: Piece) -> None:
        """No event depends on an earlier one."""

    def add(self, position: int, value: Any, piece: Piece, rows: RawRows) -> None:
        """One event."""
        if not isinstance(value, dict):
            raise Unusable("record", "not an object")
        room = room_of(value, piece.path)
        if room is None:
            raise Unusable("room_id", "missing, or not a text")
        known = self._rooms.channel_row(room)
        if is_report(value):
            rows.interaction(position, report_row(value, room))
            if known["visibility"] is None:
                return  # a report may be about a room of which the input tells nothing else
        else:
            add_event(position, value, room, known["visibility"], rows)
        if rows.told(room) is None:
            rows.channel(known)
