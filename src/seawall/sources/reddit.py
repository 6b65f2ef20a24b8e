"""Dumps of Reddit: comments and submissions as JSON lines, one object a line, plain or packed (``.zst``).

Format: objects of Reddit's API as Pushshift and Arctic Shift archive them, https://github.com/ArthurHeitmann/arctic_shift.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from seawall.protocols import Input, RawBatch, ReadOptions
from seawall.sources.json_records import one_after_another, outline, read_records
from seawall.sources.json_stream import Piece
from seawall.sources.json_values import Unusable
from seawall.sources.raw_rows import RawRows
from seawall.sources.reddit_examples import EXAMPLES
from seawall.sources.reddit_record import channel_row, message_row

_PLATFORM = "reddit"
_COMMON = frozenset(("author", "created_utc", "subreddit"))
_OF_COMMENTS = frozenset(("body", "link_id"))
_OF_SUBMISSIONS = (
    frozenset(("title", "selftext")),
    frozenset(("title", "is_self")),
    frozenset(("title", "num_comments")),
)


class Reddit:
    """Reads dumps of comments and submissions."""

    name: ClassVar[str] = "reddit"
    version: ClassVar[str] = "1"

    def recognise(self, file: Input) -> float:
        """Sure where objects have the keys of a comment or a submission, less so where only of either."""
        keys = {path[0] for path in outline(file.head(), depth=1) if len(path) == 1}
        if not keys >= _COMMON:
            return 0.0
        return 0.97 if any(keys >= told for told in (_OF_COMMENTS, *_OF_SUBMISSIONS)) else 0.6

    def read(self, file: Input, options: ReadOptions, checkpoint: str | None = None) -> Iterator[RawBatch]:
        """Batches of comments and submissions; see ``Source.read``."""
        rows = RawRows(options.platform or _PLATFORM)
        yield from read_records(file, one_after_another(file.head()), _Records(), rows, checkpoint)

    def examples(self) -> Sequence[tuple[str, bytes]]:
        """Comments and submissions about gardens and bicycles."""
        return EXAMPLES


class _Records:
    """Comments and submissions, each for itself."""

    def describe(self, piece: Piece, rows: RawRows) -> None:
        """There is nothing around the objects."""

    def skip(self, piece: Piece) -> None:
        """No object depends on an earlier one."""

    def add(self, position: int, value: Any, piece: Piece, rows: RawRows) -> None:
        """A comment or a submission."""
        if not isinstance(value, dict):
            raise Unusable("record", "not an object")
        row = message_row(value, rows.assume)
        if rows.told(row["channel_id"]) is None and row["channel_id"] is not None:
            rows.channel(channel_row(row))
        rows.message(position, row)
