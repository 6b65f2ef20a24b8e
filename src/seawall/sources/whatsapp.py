"""WhatsApp's *Export chat*: a text file with an entry after another, as Android and iOS write it.

The file tells no ids, no zone, and no more of an account than the name or number under which the exporting phone
knew it. Date and time follow the settings of that phone, so the whole file is looked at before it is read: which
number is the day, who writes, and whether it is a conversation of two.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

import pyarrow as pa

from seawall.errors import InputError
from seawall.protocols import Input, RawBatch, ReadOptions
from seawall.sources.clock import Clock
from seawall.sources.encoding import encoding_of
from seawall.sources.images_beside import media_beside
from seawall.sources.json_values import Unusable
from seawall.sources.place import place_of
from seawall.sources.raw_rows import RawRows, Row
from seawall.sources.tabular import Faults
from seawall.sources.whatsapp_chat import Chat, surveyed
from seawall.sources.whatsapp_entries import Entry, entries, header_of
from seawall.sources.whatsapp_examples import EXAMPLES
from seawall.sources.whatsapp_message import message_row

_PLATFORM = "whatsapp"
_LOOKED_AT = 40
_NO_TIME = "there is no such date or time"


class WhatsApp:
    """Reads exported chats."""

    name: ClassVar[str] = "whatsapp"
    version: ClassVar[str] = "1"

    def recognise(self, file: Input) -> float:
        """Sure where the first line begins an entry and some entry has an author."""
        text = file.head().decode("utf-8", "replace").removeprefix("\ufeff")
        found = [header_of(line) for line in text.splitlines()[:_LOOKED_AT] if line.strip()]
        if not found or found[0] is None:
            return 0.0
        return 0.95 if any(header is not None and ": " in header.rest for header in found) else 0.4

    def read(self, file: Input, options: ReadOptions, checkpoint: str | None = None) -> Iterator[RawBatch]:
        """Batches of the entries; see ``Source.read``.

        Raises:
            InputError: it holds no entry, or it is damaged.
            ConfigurationError: day and month could be mistaken, or an option is not one of its values.
        """
        clock = Clock.settled(options, None, file.label)
        done = place_of(checkpoint)
        encoding = encoding_of(file.head(), options.encoding, file.label)
        chat = surveyed(file, encoding, options)
        with media_beside(file, options) as beside:
            reading = _Reading(chat, clock, RawRows(options.platform or _PLATFORM, beside=beside))
            yield from _batches(reading, entries(file, encoding), done)

    def examples(self) -> Sequence[tuple[str, bytes]]:
        """A chat as Android and one as iOS writes it, about a garden club."""
        return EXAMPLES


def _batches(reading: _Reading, found: Iterator[Entry], done: int) -> Iterator[RawBatch]:
    """Batches of the entries after line ``done``; damage is told after what came before it."""
    failure: InputError | None = None
    while True:
        try:
            entry = next(found, None)
        except InputError as error:
            failure, entry = error, None
        if entry is None:
            break
        if entry.line > done:
            reading.take(entry)
            if reading.full:
                yield reading.batch()
    if reading.records:
        yield reading.batch()
    if failure is not None:
        raise failure


class _Reading:
    """Entries while they become a batch: their times are read together."""

    def __init__(self, chat: Chat, clock: Clock, rows: RawRows) -> None:
        self._chat = chat
        self._clock = clock
        self._rows = rows
        self._pending: list[tuple[int, Row, str]] = []
        self._last = 0

    @property
    def full(self) -> bool:
        """Whether the batch must be cut here."""
        return self._rows.full

    @property
    def records(self) -> int:
        """How many entries wait."""
        return self._rows.records

    def take(self, entry: Entry) -> None:
        """One entry; its time is read with the others."""
        self._rows.count(entry.size)
        self._last = entry.line
        if entry.fault is not None:
            self._rows.reject(entry.line, "record", entry.fault)
            return
        try:
            row = message_row(entry, self._chat)
            self._pending.append((entry.line, row, entry.header.written(self._chat.date_order)))
        except Unusable as error:
            self._rows.reject(entry.line, error.field, error.reason)

    def batch(self) -> RawBatch:
        """The batch up to here."""
        faults = Faults(len(self._pending))
        assumptions: set[str] = set()
        written = pa.array([when for _, _, when in self._pending], pa.string())
        at = self._clock.read(written, "sent_at", faults, assumptions, required=True).cast(pa.int64()).to_pylist()
        for (line, row, _), moment in zip(self._pending, at, strict=True):
            if moment is None:
                self._rows.reject(line, "sent_at", _NO_TIME)
            else:
                row["sent_at"] = moment
                self._rows.message(line, row)
        for sentence in sorted(assumptions | set(self._chat.assumptions)):
            self._rows.assume(sentence)
        self._rows.channel(self._chat.row())
        self._pending = []
        return self._rows.batch(str(self._last))
