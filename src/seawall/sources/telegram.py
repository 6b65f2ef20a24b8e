"""Telegram Desktop's ``result.json``: one chat, or all chats of an account.

The format is documented by what Telegram Desktop writes (Export chat history, Machine-readable JSON). Times come
from ``date_unixtime``; ``date`` has no zone. Ids of messages count per chat. A chat's id gets the prefix that
Telegram gives the same peer where it writes (``channel123``), because a user and a group may share a number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any, ClassVar

from seawall.errors import InputError
from seawall.protocols import Input, RawBatch, ReadOptions
from seawall.sources.images_beside import media_beside
from seawall.sources.json_records import outline, pieces_of, read_records
from seawall.sources.json_stream import ITEM, Kind, Path, Piece, Step
from seawall.sources.json_values import Undecodable, decoded, identity
from seawall.sources.raw_rows import RawRows, Row
from seawall.sources.telegram_examples import EXAMPLES
from seawall.sources.telegram_message import Chat, chat_of, message_row, shared_contact, topic_id
from seawall.sources.zones import zone_named

_PLATFORM = "telegram"
_HEADER = ("name", "type", "id")
_CHATS: tuple[Path, ...] = ((), ("chats", "list", ITEM), ("chats", ITEM), ("left_chats", "list", ITEM))
_STEPS: dict[Path, Step] = {
    (): Step.OBJECT,
    ("chats",): Step.ENTER,
    ("left_chats",): Step.OBJECT,
    ("chats", "list"): Step.LIST,
    ("left_chats", "list"): Step.LIST,
    **dict.fromkeys(_CHATS, Step.OBJECT),
    **{(*chat, key): Step.KEEP for chat in _CHATS for key in _HEADER},
    **{(*chat, "messages"): Step.LIST for chat in _CHATS},
    **{(*chat, "messages", ITEM): Step.RECORD for chat in _CHATS},
}
_TELLING = frozenset(("date_unixtime", "from_id", "actor_id", "text_entities"))


def _plan(path: Path) -> Step:
    return _STEPS.get(path, Step.SKIP)


def _headers_only(path: Path) -> Step:
    step = _plan(path)
    return Step.SKIP if step is Step.RECORD else step


class Telegram:
    """Reads Telegram Desktop exports."""

    name: ClassVar[str] = "telegram"
    version: ClassVar[str] = "1"

    def recognise(self, file: Input) -> float:
        """Sure where messages have Telegram's own keys, fairly sure where only the chat has."""
        seen = outline(file.head())
        lists = {(*chat, "messages") for chat in _CHATS} & seen
        keys = {path[-1] for path in seen if path[:-2] in lists and path[-2:-1] == (ITEM,)}
        chats = {path[:-1] for path in lists}
        named = any({(*chat, "type"), (*chat, "id")} <= seen for chat in chats)
        if {"id", "type", "date"} <= keys and keys & _TELLING:
            return 0.97
        if named and {"id", "type", "date"} <= keys:
            return 0.85
        return 0.6 if named or ("chats", "list") in seen else 0.0

    def read(self, file: Input, options: ReadOptions, checkpoint: str | None = None) -> Iterator[RawBatch]:
        """Batches of the messages of all chats; see ``Source.read``."""
        with media_beside(file, options) as beside:
            rows = RawRows(options.platform or _PLATFORM, ids_within_channel=True, beside=beside)
            yield from read_records(file, _plan, _Chats(file, options), rows, checkpoint)

    def examples(self) -> Sequence[tuple[str, bytes]]:
        """A chat and an export of all chats, about gardens."""
        return EXAMPLES


class _Chats:
    """Follows which chat the messages belong to."""

    def __init__(self, file: Input, options: ReadOptions) -> None:
        self._file = file
        self._zone = None if options.timezone is None else zone_named(options.timezone)
        self._headers: list[dict[str, Any]] | None = None
        self._number = -1
        self._header: dict[str, Any] = {}
        self._chat: Chat | None = None
        self._topics: set[str] = set()
        self._silent = True

    def describe(self, piece: Piece, rows: RawRows) -> None:
        """A chat begins or ends, or tells its name, type or id."""
        if piece.kind is Kind.VALUE:
            self._header[piece.path[-1]] = _value(piece)
        elif piece.kind is Kind.OPEN and piece.path in _CHATS:
            self._number += 1
            self._header = {}
            self._chat = None
            self._topics = set()
            self._silent = True
        elif piece.kind is Kind.CLOSE and piece.path[-1:] == ("messages",) and self._silent:
            self._tell(rows)

    def skip(self, piece: Piece) -> None:
        """Topics begun by messages of earlier batches are remembered."""
        self._silent = False
        if b'"topic_created"' in piece.raw:
            self._remember_topic(_value(piece))

    def add(self, position: int, value: Any, piece: Piece, rows: RawRows) -> None:
        """One message of the current chat."""
        self._silent = False
        chat = self._tell(rows)
        row = message_row(value, chat, self._zone, self._topics, rows.assume)
        self._remember_topic(value)
        if chat.peer is not None:
            _tell_participant(row["account"], chat, rows)
        contact = shared_contact(value, row, chat)
        if contact is not None:
            rows.interaction(position, contact)
        else:
            rows.message(position, row)

    def _remember_topic(self, value: Any) -> None:
        topic = topic_id(value)
        if topic is not None:
            self._topics.add(topic)

    def _tell(self, rows: RawRows) -> Chat:
        if self._chat is None:
            header = self._header
            if not header.keys() >= set(_HEADER):
                headers = self._all_headers()
                header = {**(headers[self._number] if self._number < len(headers) else {}), **header}
            self._chat = chat_of(header)
        if self._chat.channel_id is not None and rows.told(self._chat.channel_id) is None:
            rows.channel(_channel_row(self._chat))
        return self._chat

    def _all_headers(self) -> list[dict[str, Any]]:
        """The headers of all chats in their order, read beforehand where a chat tells its type after its messages."""
        if self._headers is None:
            self._headers = []
            with suppress(InputError):  # damage is told where the messages are read
                for _, piece in pieces_of(self._file, _headers_only):
                    if piece.kind is Kind.OPEN and piece.path in _CHATS:
                        self._headers.append({})
                    elif piece.kind is Kind.VALUE:
                        self._headers[-1][piece.path[-1]] = _value(piece)
        return self._headers


def _tell_participant(account: Row, chat: Chat, rows: RawRows) -> None:
    """The two people of a personal chat: the export names one, the other is seen when they write.

    Where two others write, the chat's id is none of an account: tools other than Telegram count chats so.
    """
    told = rows.told(chat.channel_id)
    if told is None or account["id"] in {one["id"] for one in told["participants"]}:
        return
    if len(told["participants"]) == 2:
        told["participants"] = [one for one in told["participants"] if one["id"] != chat.peer]
    told["participants"].append(account)


def _value(piece: Piece) -> Any:
    try:
        return decoded(piece.raw)
    except Undecodable:
        return None


def _channel_row(chat: Chat) -> Row:
    row: Row = {"channel_id": chat.channel_id, "kind": chat.kind, "visibility": chat.visibility}
    if chat.kind != "direct":
        row["title"] = chat.name
        if chat.visibility == "closed" and chat.channel_id == f"channel{chat.number}":
            row["address"] = f"https://t.me/c/{chat.number}"
    elif chat.peer is not None:
        row["participants"] = [identity(chat.peer, name=chat.name)]
    return row
