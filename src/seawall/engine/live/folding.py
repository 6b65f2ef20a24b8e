"""What comes into the lake -> which rows readers see no longer, and which they see instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from heapq import nsmallest
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.engine.live.handles import Handles
from seawall.engine.live.recent import Recent
from seawall.lake.folds import ACCOUNT_COLUMNS, REVISED, Revisions
from seawall.model import MESSAGES, UTC_MICROSECONDS

Ints = npt.NDArray[np.int64]

AHEAD = 3_600_000_000
"""A message that was sent so much (microseconds) after the newest that was collected has a wrong clock, and waits."""

LONG_AGO = -(2**62)
ALWAYS = ("message_id", "sent_at", "edited_at", "kind")
NOTICES = pa.schema([("message_id", pa.string()), ("deleted_at", pa.int64())])


@dataclass(frozen=True, slots=True)
class Change:
    """Rows as readers saw them, and as they see them now; columns as held."""

    removed: pa.Table
    added: pa.Table


class Folding:
    """The recent messages with what is known about them, folded as ``seawall.lake`` folds when it is read.

    Recent is what was sent within ``horizon`` before the newest message, and of that the newest ``most_rows``: which
    ones does not depend on the order in which they come. A message that is dated more than an hour after the latest
    time of collection waits until that is reached, so that a wrong clock makes no other message old. This machine's
    clock may be set back: the latest time of collection is that of all messages.

    Args:
        columns: of messages, that are seen by anyone.
        horizon: how far back edits, deletions and aliases are folded in.
        most_rows: how many messages are held.
        learning: aliases are learned for others too.
    """

    def __init__(self, columns: Sequence[str], horizon: timedelta, most_rows: int, *, learning: bool = False) -> None:
        self.schema = pa.schema([field for field in MESSAGES if field.name in {*columns, *ALWAYS}])
        self._horizon = horizon // timedelta(microseconds=1)
        self._most = most_rows
        self._accounts = [name for name in self.schema.names if name in ACCOUNT_COLUMNS["messages"]]
        self._revised = [name for name in self.schema.names if name in REVISED]
        self.deletions = "deleted_at" in self.schema.names
        self.recent = Recent(self.schema)
        self.handles = Handles()
        self.renamed = pa.array([], pa.string())  # handles of which the latest rows told that they lead elsewhere
        self._learning = learning or bool(self._accounts)
        self.waiting = self.schema.empty_table()  # edits whose message has not come
        self.notices: dict[str, int] = {}  # message -> when it was deleted
        self.early = self.schema.empty_table()  # messages whose time has not come
        self.latest = LONG_AGO  # when the last message was collected
        self.newest = LONG_AGO
        self.floor = LONG_AGO  # what was sent up to here is not recent
        self.beyond = 0  # edits and deletions of messages that are not recent
        self.crowded_out = 0  # messages whose time had not come, and that were too many to wait

    def fold(self, added: Mapping[str, pa.Table]) -> Change:
        """Take in the rows that commits wrote, in any order; and which messages look different after it."""
        rows = self._due(added.get("messages", MESSAGES.empty_table()))
        edit = pc.equal(rows["kind"], "edit")
        fresh = self._unknown(rows.filter(pc.invert(edit)))
        edits = self._in_time(pa.concat_tables([self.waiting, rows.filter(edit)]))
        handles, changed = self._learned(added)
        told = self._told(added.get("deletions"))
        touched, edited = self._touched(edits, changed, told)
        held = self.recent.at(touched)
        removed = self._seen(held)
        self.handles, self.renamed = handles, changed
        self.notices.update(told)
        both = self._revise(pa.concat_tables([held, fresh]), edits)
        after, fresh = both.slice(0, len(held)), both.slice(len(held))
        self._wait_for(edits, fresh)
        change = Change(removed, self._seen(both))
        self.recent.drop(touched[edited])
        late = pc.less_equal(fresh["sent_at"].cast(pa.int64()), self.floor)
        self.recent.put(pa.concat_tables([after.filter(pa.array(edited)), fresh.filter(pc.invert(late))]))
        self._move()
        return change

    def seen(self) -> pa.Table:
        """The recent messages as readers see them."""
        return self._seen(self.recent.table())

    def hear(self, collected_at: pa.ChunkedArray) -> None:
        """Move the latest time of collection."""
        self.latest = max(self.latest, int(collected_at.cast(pa.int64()).to_numpy().max(initial=LONG_AGO)))

    def look(self, sent_at: pa.ChunkedArray) -> None:
        """Move the horizon with the newest message whose time has come."""
        at = sent_at.cast(pa.int64()).to_numpy()
        self.newest = max(self.newest, int(at[at <= self.latest + AHEAD].max(initial=LONG_AGO)))
        self.floor = max(self.floor, self.newest - self._horizon - 1)

    def notice(self) -> None:
        """Take the deletions that rows carry for notices, because these rows came folded."""
        if self.deletions:
            rows = self.recent.table()
            rows = rows.filter(pc.is_valid(rows["deleted_at"]))
            times = rows["deleted_at"].cast(pa.int64()).to_pylist()
            self.notices.update(zip(rows["message_id"].to_pylist(), times, strict=True))

    def _due(self, rows: pa.Table) -> pa.Table:
        """Of these messages and of those that wait the ones whose time has come; the others wait."""
        self.hear(rows["collected_at"])
        rows = rows.select(self.schema.names)
        rows = pa.concat_tables([self.early, rows]) if self.early.num_rows else rows
        self.look(rows["sent_at"])
        due = pc.less_equal(rows["sent_at"].cast(pa.int64()), self.latest + AHEAD)
        self.early = rows.filter(pc.invert(due)).combine_chunks()
        if len(self.early) > self._most:
            self.crowded_out += len(self.early) - self._most
            self.early = self.early.sort_by([("sent_at", "ascending"), ("message_id", "ascending")])
            self.early = self.early.slice(0, self._most).combine_chunks()
        return rows.filter(due)

    def _unknown(self, rows: pa.Table) -> pa.Table:
        """First rows whose messages are not here; each once."""
        rows = rows.filter(pa.array(self.recent.find(rows["message_id"]) < 0))
        return rows if pc.count_distinct(rows["message_id"]).as_py() == len(rows) else _last(rows)

    def _in_time(self, edits: pa.Table) -> pa.Table:
        """The latest edit of each message that may be recent; the others are counted."""
        if not edits.num_rows:
            return edits
        late = pc.less_equal(edits["sent_at"].cast(pa.int64()), self.floor)
        self.beyond += pc.sum(late, min_count=0).as_py()
        return _last(edits.filter(pc.invert(late)))

    def _learned(self, added: Mapping[str, pa.Table]) -> tuple[Handles, pa.Array]:
        if not self._learning or "aliases" not in added:
            return self.handles, pa.array([], pa.string())
        return self.handles.learned(added["aliases"])

    def _told(self, deletions: pa.Table | None) -> dict[str, int]:
        """The notices that tell something new; the first of a message counts."""
        if deletions is None or not self.deletions:
            return {}
        told: dict[str, int] = {}
        times = deletions["deleted_at"].cast(pa.int64()).to_pylist()
        for message, at in zip(deletions["message_id"].to_pylist(), times, strict=True):
            known = min(told.get(message, at), self.notices.get(message, at))
            if known != self.notices.get(message):
                told[message] = known
        return told

    def _touched(
        self, edits: pa.Table, handles: pa.Array, told: Mapping[str, int]
    ) -> tuple[Ints, npt.NDArray[np.bool_]]:
        """The places of the messages that will look different, and of which of them the row changes."""
        edited = self.recent.find(edits["message_id"])
        edited = edited[edited >= 0]
        deleted = self.recent.find(pa.chunked_array([pa.array(list(told), pa.string())]))
        others = [deleted[deleted >= 0], self.recent.naming(handles)]
        touched = np.unique(np.concatenate([edited, *others]))
        return touched, np.isin(touched, edited)

    def _revise(self, rows: pa.Table, edits: pa.Table) -> pa.Table:
        """Rows with the values of their latest edit, where that is later than what they hold."""
        if not edits.num_rows or not rows.num_rows:
            return rows
        place = pc.index_in(edits["message_id"], value_set=rows["message_id"].combine_chunks())
        own = pc.fill_null(rows["edited_at"].take(place).cast(pa.int64()), LONG_AGO)
        newer = pc.greater(edits["edited_at"].cast(pa.int64()), own)
        chosen = edits.filter(pc.fill_null(pc.and_(pc.is_valid(place), newer), fill_value=False))
        if not chosen.num_rows:
            return rows
        keyed = chosen.append_column("edited_key", chosen["edited_at"].cast(pa.int64()))
        revisions = Revisions(keyed.select(["message_id", "edited_key", *self._revised]), "message_id")
        return pa.Table.from_batches(
            [revisions.fold(batch) for batch in rows.combine_chunks().to_batches()], self.schema
        )

    def _wait_for(self, edits: pa.Table, fresh: pa.Table) -> None:
        """Keep the edits whose message has not come."""
        known = self.recent.find(edits["message_id"]) >= 0
        now = pc.is_in(edits["message_id"], value_set=fresh["message_id"].combine_chunks())
        self.waiting = edits.filter(pc.invert(pc.or_(pa.array(known), now))).combine_chunks()

    def _seen(self, rows: pa.Table) -> pa.Table:
        """Rows as readers see them: accounts by their ids where these are known, with the time of their deletion."""
        for name in self._accounts:
            values = self.handles.resolve(rows[name].combine_chunks())
            rows = rows.set_column(rows.schema.get_field_index(name), self.schema.field(name), values)
        if self.deletions and self.notices:
            told = [self.notices.get(message) for message in rows["message_id"].to_pylist()]
            times = pc.coalesce(rows["deleted_at"], pa.array(told, pa.int64()).cast(UTC_MICROSECONDS))
            rows = rows.set_column(rows.schema.get_field_index("deleted_at"), self.schema.field("deleted_at"), times)
        return rows

    def _move(self) -> None:
        """Let go of what is not recent any more."""
        oldest = self.recent.newest_but(self._most)
        if oldest is not None:
            self.floor = max(self.floor, oldest)
        self.recent.let_go(self.floor)
        over = [message for message, at in self.notices.items() if at <= self.floor]
        over += self._crowded(over)
        if len(self.waiting) > self._most:
            self.beyond += len(self.waiting) - self._most
            self.waiting = self.waiting.sort_by([("sent_at", "descending")]).slice(0, self._most)
        if over:
            here = self.recent.find(pa.chunked_array([pa.array(over, pa.string())])) >= 0
            for message, known in zip(over, here.tolist(), strict=True):
                if not known:
                    del self.notices[message]
                    self.beyond += 1

    def _crowded(self, over: Sequence[str]) -> list[str]:
        """The oldest notices of those that wait for their message, where there are more than these may be."""
        many = len(self.notices) - len(over) - len(self.recent) - self._most
        if many <= 0:
            return []
        going = set(over)
        left = ((at, message) for message, at in self.notices.items() if message not in going)
        return [message for _, message in nsmallest(many, left)]


def _last(rows: pa.Table) -> pa.Table:
    """Of the rows of each message the one that was edited last."""
    keyed = rows.append_column("key", pc.fill_null(rows["edited_at"].cast(pa.int64()), LONG_AGO))
    keyed = keyed.sort_by([("message_id", "ascending"), ("key", "ascending")]).drop_columns("key")
    ids: Any = keyed["message_id"]
    last = np.append(pc.not_equal(ids[1:], ids[:-1]).to_numpy(), True)[: len(ids)]
    return keyed.filter(pa.array(last, pa.bool_()))
