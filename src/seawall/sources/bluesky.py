"""Bluesky: events of Jetstream, and what the application's interface gives (feeds, searches, threads, likes, records).

An id is the record's at-uri without ``at://``. It begins with the author's identifier, for which intake puts the
account's pseudonym. Everything on Bluesky is public but for its direct messages, which none of these formats holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from seawall.protocols import Input, RawBatch, ReadOptions
from seawall.sources.bluesky_event import add_event, is_event
from seawall.sources.bluesky_examples import EXAMPLES
from seawall.sources.bluesky_view import add_like, add_listed, add_post_view, add_reason
from seawall.sources.json_lines import keys_of_first_line
from seawall.sources.json_records import one_after_another, outline, read_records
from seawall.sources.json_stream import ITEM, Path, Piece, Plan, Step
from seawall.sources.json_values import Undecodable, Unusable, decoded, dict_of, text_of
from seawall.sources.raw_rows import RawRows

_PLATFORM = "bluesky"
_EVENT = {"did", "time_us", "kind"}
_VIEW = {"uri", "cid", "author", "record"}
_LISTED = {"uri", "cid", "value"}
_LIKES: Path = ("likes",)
_LISTS: tuple[Path, ...] = (("posts",), ("records",), _LIKES)
_IN_THREAD = frozenset((ITEM, "thread", "parent", "replies", "value"))
_IN_FEED: dict[Path, Step] = {
    (): Step.OBJECT,
    ("post",): Step.RECORD,
    ("reason",): Step.RECORD,
    ("reply",): Step.OBJECT,
    ("reply", "root"): Step.RECORD,
    ("reply", "parent"): Step.RECORD,
}


def _plan(path: Path) -> Step:
    if path == ():
        return Step.OBJECT
    if path in _LISTS:
        return Step.LIST
    if path[:-1] in _LISTS:
        return Step.RECORD
    if path[0] == "feed":
        return Step.LIST if len(path) == 1 else _IN_FEED.get(path[2:], Step.SKIP)
    if path[0] == "thread":
        if path[-1] == "post" and _IN_THREAD.issuperset(path[:-1]):
            return Step.RECORD
        return Step.ENTER if _IN_THREAD.issuperset(path) else Step.SKIP
    return Step.KEEP if path == ("uri",) else Step.SKIP


def _bare_list(path: Path) -> Step:
    return {(): Step.LIST, (ITEM,): Step.RECORD}.get(path, Step.SKIP)


def _bare_feed(path: Path) -> Step:
    return Step.LIST if path == () else _IN_FEED.get(path[1:], Step.SKIP)


class Bluesky:
    """Reads records of Bluesky, as they were streamed or shown."""

    name: ClassVar[str] = "bluesky"
    version: ClassVar[str] = "1"

    def recognise(self, file: Input) -> float:
        """Sure where records have the keys of an event, of a post's view or of a listed record."""
        seen = outline(file.head())
        below: dict[Path, set[str]] = {}
        for path in seen:
            below.setdefault(path[:-1], set()).add(path[-1])
        if any(keys >= _EVENT or keys >= _VIEW for keys in below.values()):
            return 0.97
        if below.get((*_LISTS[1], ITEM), set()) >= _LISTED or below.get((), set()) >= {"uri", "cid", "likes"}:
            return 0.95
        return 0.9 if below.get((), set()) >= _LISTED else 0.0

    def read(self, file: Input, options: ReadOptions, checkpoint: str | None = None) -> Iterator[RawBatch]:
        """Batches of messages, interactions and deletions; see ``Source.read``."""
        rows = RawRows(options.platform or _PLATFORM, ids_name_accounts=True)
        yield from read_records(file, _layout(file.head()), _Records(), rows, checkpoint)

    def examples(self) -> Sequence[tuple[str, bytes]]:
        """Events, a feed, a thread, likes and listed records, about a garden club."""
        return EXAMPLES


def _layout(head: bytes) -> Plan | None:
    if "did" in keys_of_first_line(head):
        return None
    seen = outline(head)
    if (ITEM,) in seen:
        return _bare_feed if (ITEM, "post") in seen else _bare_list
    if {("feed",), ("thread",), *_LISTS} & seen and ("did",) not in seen:
        return _plan
    return one_after_another(head)


class _Records:
    """Records, each told apart by its own keys. A like and a repost name their post by what stands before them."""

    def __init__(self) -> None:
        self._subject: str | None = None

    def describe(self, piece: Piece, rows: RawRows) -> None:
        """The post that a list of likes is about."""
        if piece.path == ("uri",):
            self._subject = _text(piece.raw)

    def skip(self, piece: Piece) -> None:
        """A repost may be told after the end of a batch that its post ends."""
        if _is_feed_post(piece.path):
            self._subject = _uri(piece.raw)

    def add(self, position: int, value: Any, piece: Piece, rows: RawRows) -> None:
        """An event, a view or a record."""
        if not isinstance(value, dict):
            raise Unusable("record", "not an object")
        if _is_feed_post(piece.path):
            self._subject = text_of(value.get("uri"))
        if piece.path[-1:] == ("reason",):
            add_reason(position, value, self._subject, rows)
        elif piece.path[:1] == _LIKES:
            add_like(position, value, self._subject, rows)
        elif is_event(value):
            add_event(position, value, rows)
        elif "value" in value:
            add_listed(position, value, rows)
        else:
            add_post_view(position, value, rows)


def _is_feed_post(path: Path) -> bool:
    return path in (("feed", ITEM, "post"), (ITEM, "post"))


def _text(raw: bytes) -> str | None:
    try:
        return text_of(decoded(raw))
    except Undecodable:
        return None


def _uri(raw: bytes) -> str | None:
    try:
        return text_of(dict_of(decoded(raw)).get("uri"))
    except Undecodable:
        return None
