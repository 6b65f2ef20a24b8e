"""Accounts and channels, which each batch tells anew, as one row each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa

from seawall.lake.duck import Session
from seawall.lake.schemas import PRIVATE_COLUMNS
from seawall.lake.views import Moment, View
from seawall.model import TABLES

_ACCOUNTS = {
    "platform": "min(platform)",
    "created_at": "min(created_at)",
    "first_seen": "min(first_seen)",
    "last_seen": "max(last_seen)",
    "followers": "max_by(followers, (last_seen, followers))",
    "following": "max_by(following, (last_seen, following))",
    "declared_bot": "max_by(declared_bot, (last_seen, declared_bot))",
    "batch": "min(batch)",
}
_CHANNELS = {
    "platform": "min(platform)",
    "kind": "max_by(kind, (committed_at, kind))",
    "visibility": "max_by(visibility, (committed_at, visibility))",
    "title": "max_by(title, (committed_at, title))",
    "handle": "max_by(handle, (committed_at, handle))",
    "address": "max_by(address, (committed_at, address))",
    "members": "max_by(members, (committed_at, members))",
    "created_at": "min(created_at)",
    "ended_at": "max(ended_at)",
    "end_reason": "max_by(end_reason, (committed_at, end_reason))",
    "batch": "min(batch)",
}

AGGREGATED = {"accounts": ("account_id", _ACCOUNTS), "channels": ("channel_id", _CHANNELS)}
"""Table -> its key, and for each other column the latest that was told, or the extreme where that is what it means."""


@dataclass
class AggregatedView:
    """One row for each account or channel. Any Arrow reader can take them, again and again."""

    moment: Moment
    table: str
    columns: Sequence[str]

    @property
    def schema(self) -> pa.Schema:
        """The model's, of the columns asked for; a value that no batch told is null."""
        return pa.schema([TABLES[self.table].field(name) for name in self.columns])

    def reader(self) -> pa.RecordBatchReader:
        """A stream of the rows; ids may spill to DIR/tmp, titles never do."""
        return pa.RecordBatchReader.from_batches(self.schema, self._batches())

    def _batches(self) -> Iterator[pa.RecordBatch]:
        key, expressions = AGGREGATED[self.table]
        needed = {key, *self.columns}
        if needed & {"followers", "following", "declared_bot"}:
            needed.add("last_seen")
        if self.table == "channels":
            needed.add("batch")
        names = [name for name in TABLES[self.table].names if name in needed]
        chosen = ", ".join(f"{expressions.get(name, name)} AS {name}" for name in self.columns)
        views = {"told": View(self.moment, self.table, names)}
        rows = "told"
        if self.table == "channels":
            views["committed"] = View(self.moment, "batches", ["batch", "committed_at"])
            rows = "told JOIN committed USING (batch)"
        private = set(names) & PRIVATE_COLUMNS.get(self.table, frozenset())
        session = Session(views, None if private else self.moment.home.tmp)
        yield from session.stream(f"SELECT {chosen} FROM {rows} GROUP BY {key}", self.schema)  # noqa: S608

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self.reader().__arrow_c_stream__(requested_schema)


def view_of(moment: Moment, table: str, columns: Sequence[str], **bounds: object) -> View | AggregatedView:
    """The view of a table with these columns."""
    if table in AGGREGATED:
        return AggregatedView(moment, table, columns)
    return View(moment, table, columns, **bounds)  # type: ignore[arg-type]
