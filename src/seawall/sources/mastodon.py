"""Mastodon: statuses as its interface gives them, frames of its streams, notifications, reports, an account's archive.

Which ids are taken, and why, is told in ``mastodon_names``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any, ClassVar

from seawall.errors import InputError
from seawall.protocols import Input, RawBatch, ReadOptions
from seawall.sources.json_lines import keys_of_first_line
from seawall.sources.json_records import one_after_another, outline, pieces_of, read_records
from seawall.sources.json_stream import ITEM, Kind, Path, Piece, Plan, Step
from seawall.sources.json_values import Undecodable, Unusable, decoded
from seawall.sources.mastodon_acts import (
    add_frame,
    add_notification,
    add_report,
    is_frame,
    is_notification,
    is_report,
)
from seawall.sources.mastodon_examples import EXAMPLES
from seawall.sources.mastodon_names import NO_SERVER, server_told
from seawall.sources.mastodon_outbox import add_activity, is_activity
from seawall.sources.mastodon_status import add_status
from seawall.sources.raw_rows import RawRows

_PLATFORM = "mastodon"
INSTANCE = "instance"
"""The field that ``--map instance==HOST`` states."""

_LISTS: tuple[Path, ...] = (("ancestors",), ("descendants",), ("statuses",), ("orderedItems",))
_STATUS = {"id", "created_at", "account", "content", "visibility"}
_FRAME = {"event", "payload"}
_REPORT = {"action_taken", "target_account", "category"}
_NOTIFICATION = {"id", "type", "created_at", "account"}
_CONVERSATION = {"accounts", "last_status"}
_ACTIVITY = {"actor", "object", "published"}
_SURE: tuple[tuple[set[str], float], ...] = (
    (_STATUS, 0.97),
    (_REPORT, 0.95),
    (_CONVERSATION, 0.9),
    (_FRAME | {"stream"}, 0.95),
    (_FRAME | {INSTANCE}, 0.95),
    (_NOTIFICATION, 0.85),
    (_ACTIVITY, 0.85),
    (_FRAME, 0.6),
    ({"ancestors", "descendants"}, 0.9),
)


def _plan(path: Path) -> Step:
    if path == ():
        return Step.OBJECT
    if path in _LISTS:
        return Step.LIST
    return Step.RECORD if path[:-1] in _LISTS else Step.SKIP


def _bare_list(path: Path) -> Step:
    return {(): Step.LIST, (ITEM,): Step.RECORD}.get(path, Step.SKIP)


class Mastodon:
    """Reads what a server with Mastodon's interface gives."""

    name: ClassVar[str] = "mastodon"
    version: ClassVar[str] = "1"

    def recognise(self, file: Input) -> float:
        """Sure where records have the keys of a status or of a report, less so for what holds them."""
        below: dict[Path, set[str]] = {}
        for path in outline(file.head()):
            below.setdefault(path[:-1], set()).add(path[-1])
        roots = [below.get(root, set()) for root in ((), (ITEM,), *((*path, ITEM) for path in _LISTS))]
        return max((sure for keys, sure in _SURE for found in roots if keys <= found), default=0.0)

    def read(self, file: Input, options: ReadOptions, checkpoint: str | None = None) -> Iterator[RawBatch]:
        """Batches of messages, interactions and deletions; see ``Source.read``."""
        plan = _layout(file.head())
        stated = options.mapping.get(INSTANCE, "").removeprefix("=").lower()
        server = stated or _server_of(file, plan)
        rows = RawRows(options.platform or _PLATFORM)
        yield from read_records(file, plan, _Records(server), rows, checkpoint)

    def examples(self) -> Sequence[tuple[str, bytes]]:
        """A timeline, a conversation, frames, notifications, reports and an archive, about a cycling club."""
        return EXAMPLES


def _layout(head: bytes) -> Plan | None:
    if keys_of_first_line(head) & {"event", "created_at"}:
        return None
    seen = outline(head)
    if (ITEM,) in seen:
        return _bare_list
    if seen & set(_LISTS) and ("created_at",) not in seen:
        return _plan
    return one_after_another(head)


def _server_of(file: Input, plan: Plan | None) -> str | None:
    """The server that the first record tells which tells one."""
    with suppress(InputError):  # damage is told where the records are read
        for _, piece in pieces_of(file, plan):
            if piece.kind is Kind.RECORD:
                with suppress(Undecodable):
                    told = server_told(decoded(piece.raw))
                    if told is not None:
                        return told
    return None


class _Records:
    """Records, each told apart by its own keys."""

    def __init__(self, server: str | None) -> None:
        self._server = server

    def describe(self, piece: Piece, rows: RawRows) -> None:
        """Nothing around the records is of use."""

    def skip(self, piece: Piece) -> None:
        """No record depends on an earlier one."""

    def add(self, position: int, value: Any, piece: Piece, rows: RawRows) -> None:
        """A status, or something that tells of one."""
        if not isinstance(value, dict):
            raise Unusable("record", "not an object")
        if is_activity(value):
            add_activity(position, value, rows)
            return
        if self._server is None:
            rows.assume(NO_SERVER)
        if is_frame(value):
            add_frame(position, value, self._server, rows)
        elif is_report(value):
            add_report(position, value, self._server, rows)
        elif is_notification(value):
            add_notification(position, value, self._server, rows)
        elif isinstance(value.get("last_status"), dict):
            add_status(position, value["last_status"], self._server, rows)
        else:
            add_status(position, value, self._server, rows)
