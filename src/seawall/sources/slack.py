"""A workspace export of Slack: a zip or a folder with users.json, channels.json and a file a channel and day.

Format: https://slack.com/help/articles/220556107-How-to-read-Slack-data-exports and
https://api.slack.com/events/message. The files are read together, see ``bundles``. The time of a message, ``ts``,
is its id within its channel.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Any, BinaryIO, ClassVar, cast

from seawall.errors import InputError
from seawall.protocols import Input, RawBatch, ReadOptions
from seawall.sources.bundles import SLACK_LISTS, SLACK_MARK
from seawall.sources.json_records import gathered, outline
from seawall.sources.json_stream import ITEM, Kind, Path, Piece, Step, walk
from seawall.sources.json_values import Undecodable, decoded, dict_of, text_of
from seawall.sources.raw_rows import RawRows
from seawall.sources.slack_examples import EXAMPLES
from seawall.sources.slack_message import deletion_row, is_deletion, message_row
from seawall.sources.slack_rooms import Channels, Users

_PLATFORM = "slack"
_STEPS: dict[Path, Step] = {
    (): Step.OBJECT,
    ("folder",): Step.KEEP,
    ("messages",): Step.LIST,
    ("messages", ITEM): Step.RECORD,
    **{(name,): Step.LIST for name in SLACK_LISTS},
    **{(name, ITEM): Step.KEEP for name in SLACK_LISTS},
}
_TELLING = frozenset(("user", "text", "subtype", "bot_id"))


def _plan(path: Path) -> Step:
    return _STEPS.get(path, Step.SKIP)


class Slack:
    """Reads workspace exports."""

    name: ClassVar[str] = "slack"
    version: ClassVar[str] = "1"

    def recognise(self, file: Input) -> float:
        """Sure of a whole export, fairly sure of one day of a channel, which cannot be read by itself."""
        head = file.head()
        if head.startswith(SLACK_MARK):
            return 0.99
        keys = {path[-1] for path in outline(head, depth=2) if path[:-1] == (ITEM,)}
        return 0.9 if {"type", "ts"} <= keys and keys & _TELLING else 0.0

    def read(self, file: Input, options: ReadOptions, checkpoint: str | None = None) -> Iterator[RawBatch]:
        """Batches of the messages of all channels; see ``Source.read``.

        Raises:
            InputError: it is not a whole export, or a file of it is damaged (after all others were read).
        """
        if not file.head(len(SLACK_MARK)).startswith(SLACK_MARK):
            raise InputError(
                "This is no whole export of Slack: which channel a day belongs to, and who could read it, is told by "
                "its folder and by channels.json beside that folder.",
                where=file.label,
                mend="Import the zip file, or the folder that holds channels.json and the folders of the channels.",
            )
        rows = RawRows(options.platform or _PLATFORM, ids_within_channel=True)
        yield from gathered(_pieces(file), _Export(), rows, checkpoint, file.label, told=True)

    def examples(self) -> Sequence[tuple[str, bytes]]:
        """An export of a garden club, as its files are read together."""
        return EXAMPLES


def _pieces(file: Input) -> Iterator[tuple[None, Piece]]:
    """The pieces of each line by itself, so that damage ends with its line."""
    with closing(file.open()) as stream:
        stream.readline(len(SLACK_MARK))
        while not (line := _Line(stream)).over:
            for piece in walk(cast(BinaryIO, line), _plan):
                yield None, piece
            line.finish()


class _Line:
    """One line of a stream as a stream."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._ready = self._next()
        self.over = not self._ready

    def _next(self) -> bytes:
        piece = self._stream.readline(1 << 20)
        self._ended = not piece or piece.endswith(b"\n")
        return piece

    def read(self, size: int) -> bytes:
        """The next bytes, at most about ``size``; none at the end of the line."""
        piece, self._ready = self._ready, b""
        return piece or (b"" if self._ended else self._next())

    def finish(self) -> None:
        """Pass over the rest of the line."""
        while not self._ended:
            self._next()


class _Export:
    """Follows whose line it is: a list of people or channels, or a day of a channel."""

    def __init__(self) -> None:
        self._users = Users()
        self._channels = Channels()
        self._folder: str | None = None

    def describe(self, piece: Piece, rows: RawRows) -> None:
        """A line begins, or tells a person, a channel, or the folder of a day."""
        if piece.kind is Kind.OPEN and piece.path == ():
            self._folder = None
        if piece.kind is not Kind.VALUE:
            return
        try:
            value = decoded(piece.raw)
        except Undecodable:
            return
        if piece.path == ("folder",):
            self._folder = text_of(value)
        elif piece.path[0] == "users":
            self._users.add(dict_of(value))
        else:
            self._channels.add(piece.path[0], dict_of(value))

    def skip(self, piece: Piece) -> None:
        """No message depends on an earlier one."""

    def add(self, position: int, value: Any, piece: Piece, rows: RawRows) -> None:
        """One message, or the deletion of one."""
        channel = self._channels.of_folder(self._folder, rows.assume)
        if is_deletion(value):
            told = deletion_row(value, channel.channel_id)
        else:
            told = message_row(value, channel, self._users)
        if rows.told(channel.channel_id) is None:
            rows.channel(channel.row(self._users))
        if is_deletion(value):
            rows.deletion(position, told)
        else:
            rows.message(position, told)
