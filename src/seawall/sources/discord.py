"""DiscordChatExporter's JSON: one channel, thread or direct conversation a file.

Format: ``JsonMessageWriter`` of https://github.com/Tyrrrz/DiscordChatExporter. The head tells the server and the
channel, then come the messages. Who may read a channel of a server is set by roles that the export does not
tell, so it must be stated; direct conversations and private threads are known by their type.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from seawall.protocols import Input, RawBatch, ReadOptions
from seawall.sources.discord_examples import EXAMPLES
from seawall.sources.discord_message import Channel, channel_of, invited, message_row
from seawall.sources.images_beside import media_beside
from seawall.sources.json_records import outline, read_records
from seawall.sources.json_stream import ITEM, Kind, Path, Piece, Step
from seawall.sources.json_values import Undecodable, Unusable, decoded, dict_of, id_of
from seawall.sources.raw_rows import RawRows, Row
from seawall.sources.zones import zone_named

_PLATFORM = "discord"
_STEPS: dict[Path, Step] = {
    (): Step.OBJECT,
    ("guild",): Step.KEEP,
    ("channel",): Step.KEEP,
    ("messages",): Step.LIST,
    ("messages", ITEM): Step.RECORD,
}


def _plan(path: Path) -> Step:
    return _STEPS.get(path, Step.SKIP)


class Discord:
    """Reads the JSON of DiscordChatExporter."""

    name: ClassVar[str] = "discord"
    version: ClassVar[str] = "1"

    def recognise(self, file: Input) -> float:
        """Sure where server, channel and messages are told as the exporter does, less so where only the head is."""
        seen = outline(file.head())
        if not {("guild",), ("channel",), ("channel", "id"), ("channel", "type")} <= seen:
            return 0.0
        keys = {path[-1] for path in seen if path[:-1] == ("messages", ITEM)}
        return 0.97 if keys >= {"id", "type", "timestamp"} else 0.85

    def read(self, file: Input, options: ReadOptions, checkpoint: str | None = None) -> Iterator[RawBatch]:
        """Batches of the messages of the channel; see ``Source.read``."""
        with media_beside(file, options) as beside:
            rows = RawRows(options.platform or _PLATFORM, beside=beside)
            yield from read_records(file, _plan, _Messages(options), rows, checkpoint)

    def examples(self) -> Sequence[tuple[str, bytes]]:
        """A channel, a thread and a direct conversation, about gardens and bicycles."""
        return EXAMPLES


class _Messages:
    """Follows what the head tells of the channel."""

    def __init__(self, options: ReadOptions) -> None:
        self._zone = None if options.timezone is None else zone_named(options.timezone)
        self._server: str | None = None
        self._channel: Channel | None = None

    def describe(self, piece: Piece, rows: RawRows) -> None:
        """The server, then the channel; a file without a message tells them too."""
        if piece.kind is Kind.VALUE:
            try:
                told = dict_of(decoded(piece.raw))
            except Undecodable:
                told = {}
            if piece.path == ("guild",):
                self._server = id_of(told.get("id"))
            else:
                self._channel = channel_of(told) if told else None
        elif piece.kind is Kind.CLOSE and piece.path == ("messages",) and self._channel and self._channel.channel_id:
            self._tell(self._channel, rows)

    def skip(self, piece: Piece) -> None:
        """No message depends on an earlier one."""

    def add(self, position: int, value: Any, piece: Piece, rows: RawRows) -> None:
        """One message."""
        if self._channel is None:
            raise Unusable("channel", "the export tells no channel before its messages")
        row = message_row(value, self._channel, self._zone, rows.assume)
        channel = self._tell(self._channel, rows)
        if self._channel.kind == "direct":
            for who in (row["account"], *invited(row)):
                _tell_participant(who, channel)
        rows.message(position, row)

    def _tell(self, channel: Channel, rows: RawRows) -> Row:
        told = rows.told(channel.channel_id)
        if told is None:
            told = {"channel_id": channel.channel_id, "kind": channel.kind, "visibility": channel.visibility}
            if channel.kind == "direct":
                told["participants"] = []
            elif channel.kind == "broadcast":
                told["title"] = channel.name
            if channel.kind != "direct" and self._server:
                told["address"] = f"https://discord.com/channels/{self._server}/{channel.channel_id}"
            rows.channel(told)
        return told


def _tell_participant(who: Row, channel: Row) -> None:
    if who["id"] not in {one["id"] for one in channel["participants"]}:
        channel["participants"].append(who)
