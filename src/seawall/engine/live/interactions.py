"""Interactions that come into the lake -> which rows readers see no longer, and which they see instead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.engine.live.chunks import INTERACTION
from seawall.engine.live.folding import AHEAD, LONG_AGO, Change
from seawall.engine.live.handles import Handles
from seawall.engine.live.recent import Recent
from seawall.lake.folds import ACCOUNT_COLUMNS, REVISED
from seawall.model import INTERACTIONS

Ints = npt.NDArray[np.int64]

ALWAYS = ("interaction_id", "at")


@dataclass(frozen=True, slots=True)
class Learned:
    """Whose the handles were, whose they are now, and those that lead elsewhere."""

    before: Handles
    after: Handles
    changed: pa.Array


class InteractionFolding:
    """The recent interactions with what is known about them, folded as ``seawall.lake`` folds when it is read.

    Recent is what happened within ``horizon`` before the newest interaction, and of that the newest ``most_rows``. What
    is dated more than an hour after everything that is known of the time makes no other interaction old.

    Args:
        columns: of interactions, that are seen by anyone.
        horizon: how far back revisions and aliases are folded in.
        most_rows: how many interactions are held.
    """

    def __init__(self, columns: Sequence[str], horizon: timedelta, most_rows: int) -> None:
        self.schema = pa.schema([field for field in INTERACTIONS if field.name in {*columns, *ALWAYS}])
        self._horizon = horizon // timedelta(microseconds=1)
        self._most = most_rows
        self._accounts = [name for name in self.schema.names if name in ACCOUNT_COLUMNS["interactions"]]
        self._revised = [name for name in self.schema.names if name in REVISED]
        self.recent = Recent(self.schema, INTERACTION)
        self.known = LONG_AGO  # the latest time that is known to have come
        self.newest = LONG_AGO
        self.floor = LONG_AGO  # what happened up to here is not recent
        self.beyond = 0  # interactions of revisions that are not recent

    def fold(self, rows: pa.Table, revised: int, learned: Learned) -> Change:
        """Take in the rows that commits wrote, and which interactions look different after it.

        Args:
            rows: as the lake's table; those of revisions stand behind the others, the latest revision last.
            revised: how many of them are of revisions: they repeat interactions under the same id, or bring new ones.
            learned: what the aliases beside them tell.
        """
        rows = rows.select(self.schema.names)
        again = self._in_time(rows.slice(len(rows) - revised))
        fresh = self._unknown(pa.concat_tables([rows.slice(0, len(rows) - revised), again]))
        latest = _each_once(again, last=True)
        edited = self.recent.find(latest["interaction_id"])
        touched = np.unique(np.concatenate([edited[edited >= 0], self.recent.naming(learned.changed)]))
        held = self.recent.at(touched)
        both = self._revise(pa.concat_tables([held, fresh]), latest)
        after, fresh = both.slice(0, len(held)), both.slice(len(held))
        change = _differing(self._seen(held, learned.before), self._seen(both, learned.after))
        replaced = np.isin(touched, edited)
        late = pc.less_equal(fresh["at"].cast(pa.int64()), self.floor)
        self.recent.drop(touched[replaced])
        self.recent.put(pa.concat_tables([after.filter(pa.array(replaced)), fresh.filter(pc.invert(late))]))
        self._move()
        return change

    def seen(self, handles: Handles) -> pa.Table:
        """The recent interactions as readers see them."""
        return self._seen(self.recent.table(), handles)

    def hear(self, at: int) -> None:
        """So late (UTC microseconds) it is at least."""
        if at > self.known:
            self.known = at
            self._move()

    def look(self, at: pa.ChunkedArray) -> None:
        """Move the horizon with the newest interaction whose time has come."""
        times = at.cast(pa.int64()).to_numpy()
        self._reach(int(times[times <= self._limit].max(initial=LONG_AGO)))

    @property
    def _limit(self) -> int:
        """What is dated later does not tell how late it is."""
        return -LONG_AGO if self.known == LONG_AGO else self.known + AHEAD

    def _in_time(self, rows: pa.Table) -> pa.Table:
        """Of these rows of revisions the recent ones: of the others nobody knows whether they have come before."""
        late = pc.less_equal(rows["at"].cast(pa.int64()), self.floor)
        self.beyond += pc.sum(late, min_count=0).as_py()
        return rows.filter(pc.invert(late))

    def _unknown(self, rows: pa.Table) -> pa.Table:
        """The rows that are not here; each once, as it came first."""
        return _each_once(rows.filter(pa.array(self.recent.find(rows["interaction_id"]) < 0)), last=False)

    def _revise(self, rows: pa.Table, latest: pa.Table) -> pa.Table:
        """Rows with the values of their latest revision."""
        if not len(latest) or not len(rows):
            return rows
        places = pc.index_in(rows["interaction_id"], value_set=latest["interaction_id"].combine_chunks())
        told = pc.is_valid(places)
        for name in self._revised:
            values = pc.if_else(told, latest[name].take(places), rows[name])
            rows = rows.set_column(rows.schema.get_field_index(name), self.schema.field(name), values)
        return rows

    def _seen(self, rows: pa.Table, handles: Handles) -> pa.Table:
        """Rows as readers see them: accounts by their ids where these are known."""
        for name in self._accounts:
            values = handles.resolve(rows[name].combine_chunks())
            rows = rows.set_column(rows.schema.get_field_index(name), self.schema.field(name), values)
        return rows

    def _move(self) -> None:
        """Let go of what is not recent any more."""
        newest = self.recent.newest_until(self._limit)
        self._reach(LONG_AGO if newest is None else newest)
        oldest = self.recent.newest_but(self._most)
        if oldest is not None:
            self.floor = max(self.floor, oldest)
        self.recent.let_go(self.floor)

    def _reach(self, newest: int) -> None:
        self.newest = max(self.newest, newest)
        self.floor = max(self.floor, self.newest - self._horizon - 1)


def _each_once(rows: pa.Table, *, last: bool) -> pa.Table:
    """Of the rows with the same id the first, or the last."""
    codes = rows["interaction_id"].combine_chunks().dictionary_encode().indices.to_numpy()
    _, places = np.unique(codes[::-1] if last else codes, return_index=True)
    if len(places) == len(rows):
        return rows
    return rows.take(pa.array(np.sort(len(codes) - 1 - places if last else places)))


def _differing(removed: pa.Table, added: pa.Table) -> Change:
    """The rows before and after (these first, in the same order) without those that look the same."""
    same = np.ones(len(removed), np.bool_)
    for name in removed.column_names:
        one, other = removed[name], added[name].slice(0, len(removed))
        equal = pc.fill_null(pc.equal(one, other), pc.and_(pc.is_null(one), pc.is_null(other)))
        same &= equal.to_numpy()
    kept = np.concatenate([~same, np.ones(len(added) - len(removed), np.bool_)])
    return Change(removed.filter(pa.array(~same)), added.filter(pa.array(kept)))
