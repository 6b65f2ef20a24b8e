"""The state of the coordination measure while shares come and go: what it would say of all of them, at any moment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from seawall.errors import MeasureError
from seawall.measures.coshare.grid import COMPANY, HELD
from seawall.measures.coshare.held import Held, Prepared
from seawall.measures.coshare.linkable import linkable
from seawall.measures.coshare.measure import CoordinationMeasure
from seawall.measures.coshare.network import Network
from seawall.measures.coshare.ordering import Column, Indices, by_object_and_time
from seawall.measures.keys import FARTHEST, Keys, identity_keys
from seawall.measures.tables import as_table

MOST_SHARES = 1_000_000
MOST_COMPANY = 3_000_000

SLACK = 32
"""More than a bound by this part of it is held for a while, so that letting go costs little."""

EVER = -FARTHEST
_TIME = pa.timestamp("us", "UTC")
_LIMITS = pa.schema([("reaches_to", pa.int64()), ("horizon", pa.int64()), ("kinds", pa.list_(pa.string()))])


class StandingCoordination:
    """What ``CoordinationMeasure`` (mode None) finds in all shares so far, while shares come in, go, and grow old.

    ``partial()`` is the measure's partial result of everything that was put in and not taken out, whatever the order
    and the grouping. What was sent before a time can be forgotten. Of more than ``most_shares`` shares without company
    the oldest are let go: they matter only to a share that comes as late as they are old, and ``beyond_reach`` counts
    the shares that came too late to be sure of their company. Of more than ``most_company`` shares in company the
    oldest are forgotten, with all from before them, and ``crowded_out`` counts those.

    Args:
        measure: mode None, with ids.
        most_shares: how many shares without company are held, give or take a part in 32.
        most_company: how many shares in company are held, give or take a part in 32.

    Raises:
        MeasureError: a mode that needs all shares, or a bound that cannot be kept.

    >>> standing = StandingCoordination(CoordinationMeasure(window=60, min_repeats=1))
    >>> shares = pa.table({"object": ["tulips"] * 2, "account": ["ann", "bob"], "message": ["1", "2"], "at": [0, 20]})
    >>> standing.take(shares[:0], shares)
    >>> len(standing.network())
    1
    >>> standing.take(shares[:1], shares[:0])
    >>> len(standing.partial())
    0
    """

    def __init__(
        self, measure: CoordinationMeasure, *, most_shares: int = MOST_SHARES, most_company: int = MOST_COMPANY
    ) -> None:
        if measure.compat is not None or not measure.keep_ids:
            raise MeasureError("Only mode None, with ids, can stand.", where="measure", mend="Leave compat away.")
        if measure.significance:
            raise MeasureError("A standing state does not know chance.", where="significance", mend="Leave it away.")
        if min(most_shares, most_company) < 1:
            raise MeasureError("A bound must be 1 or more.", where="most_shares, most_company")
        self.measure = measure
        self.beyond_reach = 0
        self.crowded_out = 0
        self._most_shares, self._most_company = most_shares, most_company
        self._held = Held(measure.window_us, measure.least)
        self._kinds: dict[str, pa.DataType] = {}
        self._reaches_to = self._horizon = EVER

    @property
    def shares(self) -> int:
        """How many shares are held, with and without company."""
        return self._held.rows

    @property
    def in_company(self) -> int:
        """How many of them have company."""
        return self._held.in_company

    @property
    def changes(self) -> int:
        """As long as this number stays, ``network()`` stays the same."""
        return self._held.changes

    @property
    def nbytes(self) -> int:
        """Bytes of memory."""
        return self._held.nbytes

    def take(self, removed: Any, added: Any) -> None:
        """Take shares out, then put shares in; what is not held cannot be taken out and is passed over.

        Args:
            removed: a table with the measure's columns, as for ``coordination``; in any order.
            added: the same; shares from before the time that was forgotten are passed over.

        Raises:
            MeasureError: a column is missing or cannot be compared, or ids are of another type than before.
        """
        out, into = self._prepared(as_table(removed)), self._prepared(as_table(added))
        self.beyond_reach += int(np.count_nonzero(into.at - self.measure.window_us < self._reaches_to))
        self._held.exchange(out, into)
        if self._held.rows - self._held.in_company > self._most_shares + self._most_shares // SLACK:
            self._keep_newest_lone()
        if self._held.in_company > self._most_company + self._most_company // SLACK:
            self._keep_newest_company()

    def forget(self, before: datetime) -> None:
        """Let go of all shares from before a time (UTC), for ever; who had company only of them has none any more."""
        self._forget(round((before - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1)))

    def partial(self) -> pa.Table:
        """The measure's partial result: the shares in company, by object and time."""
        table = self._table(*self._sorted(self._held.which(COMPANY)))
        place = table.column_names.index("account_id")
        return table.set_column(place, "account_id", table["account_id"].cast(self._kind("account")))

    def network(self) -> Network:
        """What the measure says of all shares; a network of its own, which later shares do not change."""
        least = self.measure.least
        columns, rows = self._sorted(self._held.which(COMPANY, least))
        kept = linkable(columns, self._held.grid.account[rows], self.measure.window_us, least)
        if not kept.all():
            columns, rows = {name: values[kept] for name, values in columns.items()}, rows[kept]
        return self.measure.finalise(self._table(columns, rows))

    def save(self) -> dict[str, pa.Table]:
        """Everything that later shares need: ``shares`` (in an order of their own) and ``limits``.

        The same for the same shares, in whatever order they came.
        """
        if self._held.rows - self._held.in_company > self._most_shares:
            self._keep_newest_lone()
        held, grid = self._held, self._held.grid
        rows = held.which(HELD)
        keys = (held.roster.keys(grid.account[rows]), grid.message[rows], grid.at[rows], grid.object[rows])
        rows = rows[np.lexsort(keys)]
        shares = {
            "object": grid.object[rows],
            "account": held.roster.names(grid.account[rows]).dictionary_decode(),
            "message": held.ids.take(grid.place[rows]),
            "message_key": grid.message[rows],
            "at": pa.array(grid.at[rows]).cast(_TIME),
            "copies": grid.copies[rows],
        }
        kinds = [f"{name}:{kind}" for name, kind in sorted(self._kinds.items())]
        limits = [[self._reaches_to], [self._horizon], [kinds]]
        return {"shares": pa.table(shares), "limits": pa.table(limits, schema=_LIMITS)}

    def restore(self, saved: Mapping[str, pa.Table]) -> None:
        """Go on from what ``save`` gave; this must be an empty state."""
        limits, shares = saved["limits"].to_pylist()[0], saved["shares"]
        self._reaches_to, self._horizon = limits["reaches_to"], limits["horizon"]
        told = dict(kind.split(":") for kind in limits["kinds"])
        self._kinds = {name: pa.type_for_alias(kind) for name, kind in told.items()}
        names = shares["account"].cast(self._kind("account"))
        into = Prepared(
            shares["object"].to_numpy(), shares["at"].cast(pa.int64()).to_numpy(), identity_keys(names),
            shares["message_key"].to_numpy(), shares["account"], shares["message"],
        )  # fmt: skip
        self._held.fill(into, shares["copies"].to_numpy())

    def _nothing(self) -> Prepared:
        none, ids = np.empty(0, np.uint64), pa.chunked_array([], pa.string())
        return Prepared(none, np.empty(0, np.int64), none, none, ids, ids)

    def _prepared(self, rows: pa.Table) -> Prepared:
        prepared = self.measure.prepare(rows)
        if not len(prepared):
            return self._nothing()
        self._check_kinds(rows)
        at = prepared["at"].to_numpy()
        if self._horizon > EVER:
            prepared = prepared.filter(pa.array(at >= self._horizon))
            at = prepared["at"].to_numpy()
        whole = prepared["object_id"] if "object_id" in prepared.column_names else prepared["object"]
        wide = pa.uint64() if whole.type == pa.uint64() else pa.int64()
        return Prepared(
            whole.cast(wide).to_numpy().view(np.uint64), at,
            prepared["account"].to_numpy(), prepared["message"].to_numpy(),
            _as_text(prepared["account_id"]), _as_text(prepared["message_id"]),
        )  # fmt: skip

    def _check_kinds(self, rows: pa.Table) -> None:
        for name in ("object", "account", "message"):
            kind = rows.schema.field(name).type
            kind = kind if pa.types.is_integer(kind) else pa.string()
            if self._kinds.setdefault(name, kind) != kind:
                raise MeasureError(
                    f"Ids are of type {kind}, and were of type {self._kinds[name]} before.",
                    where=f"column {name}",
                    mend="Give the same type each time.",
                )

    def _kind(self, name: str) -> pa.DataType:
        return self._kinds.get(name, pa.string())

    def _sorted(self, rows: Indices) -> tuple[dict[str, Column], Indices]:
        """The columns of rows as the kernel sorts them, and the rows in that order."""
        held, grid = self._held, self._held.grid
        objects = grid.object[rows]
        if pa.types.is_integer(self._kind("object")):
            objects = identity_keys(pa.chunked_array([self._whole(objects)]))
        columns: dict[str, Column] = {
            "object": objects, "account": held.roster.keys(grid.account[rows]), "message": grid.message[rows],
            "at": grid.at[rows], "place": rows,
        }  # fmt: skip
        columns = by_object_and_time(columns)
        return columns, columns.pop("place")

    def _table(self, columns: Mapping[str, Column], rows: Indices) -> pa.Table:
        """Sorted rows as the kernel gives them, but each account's id only once."""
        held, grid = self._held, self._held.grid
        names = held.roster.names(grid.account[rows])
        names = pa.DictionaryArray.from_arrays(names.indices, names.dictionary.cast(self._kind("account")))
        ids = {"account_id": names, "message_id": held.ids.take(grid.place[rows]).cast(self._kind("message"))}
        if pa.types.is_integer(self._kind("object")):
            ids["object_id"] = self._whole(grid.object[rows])
        return pa.table({**columns, **ids})

    def _whole(self, objects: Keys) -> pa.Array:
        """Objects that are whole numbers, as they were told."""
        kind = self._kind("object")
        return pa.array(objects.view(np.uint64 if kind == pa.uint64() else np.int64)).cast(kind)

    def _keep_newest_lone(self) -> None:
        lone = self._held.lone(FARTHEST)
        limit = _newest_from(self._held.times(lone), self._most_shares)
        self._reaches_to = max(self._reaches_to, limit)
        self._held.let_go_of_lone(lone[self._held.times(lone) < limit])

    def _keep_newest_company(self) -> None:
        before = self._held.in_company
        self._forget(_newest_from(self._held.times(self._held.which(COMPANY)), self._most_company))
        self.crowded_out += before - self._held.in_company

    def _forget(self, before: int) -> None:
        if before > self._horizon:
            self._horizon = before
            held = self._held.which(HELD)
            self._held.let_go(held[self._held.times(held) < before], before - self.measure.window_us)


def _newest_from(at: Column, most: int) -> int:
    """The time from which on there are so many."""
    return int(np.partition(at, len(at) - most)[len(at) - most])


def _as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column if pa.types.is_large_string(column.type) else column.cast(pa.string())
