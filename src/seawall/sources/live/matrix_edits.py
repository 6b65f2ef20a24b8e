"""Events as a homeserver hands them out -> records that say the same whenever they are handed out.

A server adds to an event what became of it later: its latest edit, its age. Each edit comes as an event of its own,
so the bundled one is left out. An edit counts only where its sender wrote what it replaces. Deleting an edit brings
back what stood there before, which no event says: Seawall asks for it.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from seawall.sources.json_values import dict_of, id_of, number_time, text_of
from seawall.sources.live.matrix_homeserver import Homeserver
from seawall.sources.live.matrix_place import Place
from seawall.sources.raw_rows import Row

_REMEMBERED = 20_000
"""Events whose senders and targets are kept in memory."""


class Edits:
    """Which of the latest events are edits, and of what; ``replaced`` goes into the checkpoint."""

    def __init__(self, homeserver: Homeserver, place: Place) -> None:
        self._homeserver = homeserver
        self._place = place
        self._senders: OrderedDict[str, str] = OrderedDict()
        self.replaced: OrderedDict[str, str] = OrderedDict()

    async def settle(self, room: str, event: Row) -> list[Row]:
        """The records to give for an event of a room; none for an edit that was deleted and of which is known what
        it was an edit of.
        """
        settled = {**event, "room_id": room}
        unsigned = dict_of(event.get("unsigned"))
        settled["unsigned"] = {name: told for name, told in unsigned.items() if name != "m.relations"}
        event_id = id_of(event.get("event_id")) or ""
        if event.get("type") == "m.room.redaction":
            return [settled, *await self._brought_back(room, settled)]
        if "redacted_because" in unsigned:
            return [] if self._target(event_id) is not None else [settled]
        target = _edited(event)
        if target is not None:
            if await self._is_own(room, event, target):
                _remember(self.replaced, event_id, target)
            else:
                settled["content"] = _without_relation(dict_of(event.get("content")))
        _remember(self._senders, event_id, text_of(event.get("sender")) or "")
        return [settled]

    def _target(self, edit: str) -> str | None:
        """What an event replaces, if it is an edit that is still known."""
        return self.replaced.get(edit) or self._place.replaced_by(edit)

    async def _is_own(self, room: str, edit: Row, target: str) -> bool:
        """Whether the sender of an edit wrote the target; true where nobody can tell any more who did."""
        if self._target(target) is not None:
            return False  # an edit of an edit
        if target not in self._senders:
            told = await self._homeserver.event(room, target)
            _remember(self._senders, target, text_of(told.get("sender")) or "" if told is not None else "")
        return self._senders[target] in ("", edit.get("sender"))

    async def _brought_back(self, room: str, redaction: Row) -> list[Row]:
        """Where an edit is deleted: an edit, at the same time, to what is shown from then on."""
        edit = id_of(redaction.get("redacts")) or id_of(dict_of(redaction.get("content")).get("redacts"))
        target = self._target(edit) if edit is not None else None
        if target is None:
            return []
        original = await self._homeserver.event(room, target)
        if original is None or "redacted_because" in dict_of(original.get("unsigned")):
            return []
        until = number_time(redaction.get("origin_server_ts"), 1_000) or 0
        shown = _shown_at(original, await self._homeserver.edits(room, target), until)
        relation = {"rel_type": "m.replace", "event_id": target}
        return [
            {
                "type": original.get("type"),
                "event_id": redaction.get("event_id"),
                "room_id": room,
                "sender": original.get("sender"),
                "origin_server_ts": redaction.get("origin_server_ts"),
                "content": {**shown, "m.new_content": shown, "m.relates_to": relation},
            }
        ]


def _shown_at(original: Row, edits: list[Row], until: int) -> Row:
    """The content of the latest edit up to a time that is not deleted, else that of the original."""
    shown, latest = dict_of(original.get("content")), 0
    for edit in edits:
        new = dict_of(edit.get("content")).get("m.new_content")
        at = number_time(edit.get("origin_server_ts"), 1_000) or 0
        if isinstance(new, dict) and edit.get("sender") == original.get("sender") and latest < at <= until:
            shown, latest = new, at
    return _without_relation(shown)


def _edited(event: Row) -> str | None:
    """The event that this one says it replaces."""
    relation = dict_of(dict_of(event.get("content")).get("m.relates_to"))
    if "state_key" in event or relation.get("rel_type") != "m.replace":
        return None
    return id_of(relation.get("event_id"))


def _without_relation(content: Row) -> Row:
    return {name: told for name, told in content.items() if name not in ("m.relates_to", "m.new_content")}


def _remember(memory: OrderedDict[str, Any], key: str, value: str) -> None:
    memory[key] = value
    memory.move_to_end(key)
    if len(memory) > _REMEMBERED:
        memory.popitem(last=False)
