"""What an exported chat as a whole tells: the order of its dates, who writes in it, and what it is called."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from seawall.errors import InputError
from seawall.model import Visibility
from seawall.protocols import Input, ReadOptions
from seawall.sources.raw_rows import Row
from seawall.sources.times import proven_order
from seawall.sources.whatsapp_entries import OWN_WORDS, Entry, entries
from seawall.sources.whatsapp_names import account_of, author_of

FEW_WRITERS = (
    "At most five people write in this chat; it was taken for a group. If it has no more members, it is a direct "
    "conversation: say so with --visibility direct."
)

_PAIR, _FEW = 2, 5
_MOST_WRITERS = 10_000
_IDENTIFYING = 4
"""How many entries stand for a chat's id: exports of one chat begin alike."""


@dataclass(frozen=True, slots=True)
class Chat:
    """The chat of an export."""

    channel_id: str
    date_order: str
    writers: frozenset[str]
    title: str | None  # under which iOS writes notices as if the chat were an author
    visibility: str
    participants: tuple[str, ...]  # of a conversation of two, in order of first sight
    assumptions: tuple[str, ...] = ()

    def row(self) -> Row:
        """A row of RAW_CHANNELS."""
        told: Row = {"channel_id": self.channel_id, "visibility": self.visibility}
        told["kind"] = "direct" if self.visibility == Visibility.DIRECT else "group"
        if self.participants:
            told["participants"] = [account_of(name) for name in self.participants]
        return told


def surveyed(file: Input, encoding: str, options: ReadOptions) -> Chat:
    """The chat that a file holds, found by reading it once.

    Raises:
        InputError: it holds no entry.
        ConfigurationError: day and month of its dates could be mistaken for each other.
    """
    seen = _Seen()
    try:
        for entry in entries(file, encoding):
            seen.add(entry)
    except InputError:
        if not seen.begun:
            raise
    if not seen.begun:
        raise InputError(
            "It holds no entry of a chat.",
            where=file.label,
            mend="Export the chat again: each entry begins with a date and a time.",
        )
    order = options.date_order or (seen.order(file.label) if seen.open_order else "ymd")
    writers = seen.writers()
    direct = len(writers) <= _PAIR or options.visibility is Visibility.DIRECT
    return Chat(
        channel_id=seen.channel_id(),
        date_order=order,
        writers=frozenset(writers),
        title=seen.title(),
        visibility=(Visibility.DIRECT if direct else Visibility.CLOSED).value,
        participants=tuple(writers) if len(writers) <= _PAIR else (),
        assumptions=(FEW_WRITERS,) if not direct and len(writers) <= _FEW else (),
    )


class _Seen:
    """What was seen so far of the entries."""

    def __init__(self) -> None:
        self.begun = False
        self.open_order = False
        self._day_first = self._month_first = False
        self._first: list[str] = []
        self._first_author: str | None = None
        self._writes: dict[str, bool] = {}  # author -> whether some entry is in the author's own words

    def add(self, entry: Entry) -> None:
        """One more entry."""
        if entry.fault is not None:
            return
        header = entry.header
        self.begun = True
        if not header.year_first and not header.dotted:
            self.open_order = True
            first, second = int(header.first) > 12, int(header.second) > 12
            self._day_first |= first and not second  # both: there is no such day
            self._month_first |= second and not first
        if len(self._first) < _IDENTIFYING:
            self._first.append(
                f"{header.first}/{header.second}/{header.third} {header.hour}:{header.minute} {entry.text}"
            )
        author, text = author_of(entry.text)
        if len(self._first) == 1:
            self._first_author = author
        if author is not None and (author in self._writes or len(self._writes) < _MOST_WRITERS):
            self._writes[author] = self._writes.get(author, False) or not text.startswith(OWN_WORDS)

    def order(self, label: str) -> str:
        """The order that the dates prove."""
        return proven_order(day_first=self._day_first, month_first=self._month_first, where=label)

    def channel_id(self) -> str:
        """A name for the chat, which tells none: its first entries."""
        return hashlib.sha256("\0".join(self._first).encode("utf-8", "replace")).hexdigest()[:32]

    def title(self) -> str | None:
        """The author of the very first entry, if all that it writes are notices."""
        author = self._first_author
        return author if author is not None and not self._writes.get(author, True) else None

    def writers(self) -> list[str]:
        """The authors but for the chat's own name."""
        title = self.title()
        return [author for author in self._writes if author != title]
