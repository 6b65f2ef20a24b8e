"""The coordination measure: in the form that any engine can split, and as the public function."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from seawall.errors import MeasureError
from seawall.measures.coshare.filters import (
    active,
    contents_in_pairs,
    first_copies,
    first_of_each_message,
    in_company,
    shared_messages,
)
from seawall.measures.coshare.network import Network, Origin
from seawall.measures.coshare.ordering import Column, by_object_and_time, numbered
from seawall.measures.coshare.parted import over_parts
from seawall.measures.coshare.reach import reached
from seawall.measures.coshare.shares import arrange
from seawall.measures.coshare.sharing import who_shared_what
from seawall.measures.coshare.significance import judge
from seawall.measures.coshare.sweep import MESSAGES, OBJECTS, PAIRS, sweep
from seawall.measures.keys import FARTHEST, MICROSECONDS, combine, identity_keys, microseconds, present
from seawall.measures.tables import as_table, require_columns, without_views
from seawall.parts import Parts

COLUMNS: tuple[str, ...] = ("object", "account", "message", "at")
KINDS = {None: OBJECTS, "cnt": MESSAGES, "coortweet": PAIRS}
MOST_ROWS = 2**31 - 1


@dataclass(frozen=True)
class CoordinationMeasure:
    """Who acted on the same object within ``window`` seconds of whom, in the form that an engine can split.

    Parts hold keys and times only; with ``keep_ids`` also the ids of accounts and messages (and of objects that
    are whole numbers), so that edges can be named and their evidence shown. If the rows have a whole number ``row``, it
    says which share came first where two carry one message (mode cnt); without it the earlier one counts.

    The parts of mode None hold the shares that have company; those of the compatible modes, and with significance,
    hold all shares, because what they need is known of the whole table only.

    Args:
        window: seconds, inclusive.
        min_repeats: see ``coordination``.
        compat: see ``coordination``.
        keep_ids: carry ids in the parts.
        significance: see ``coordination``.
        keep: with significance: hold only edges with ``q`` or ``q_sharing`` up to this rate, ranked among all, and
            only their accounts; an engine of many machines sends back these alone. None = all edges.

    Raises:
        MeasureError: a parameter that cannot be used.
    """

    window: float
    min_repeats: int | None = None
    compat: str | None = None
    keep_ids: bool = True
    significance: bool = False
    keep: float | None = None

    columns = COLUMNS
    key = "object"

    def __post_init__(self) -> None:
        if self.compat not in KINDS:
            raise MeasureError("This mode does not exist.", where="compat", mend='Use None, "cnt" or "coortweet".')
        if self.significance and self.compat is not None:
            raise MeasureError("Only mode None knows chance.", where="significance", mend="Leave compat away.")
        if self.keep is not None and not (self.significance and 0 <= self.keep < 1):
            raise MeasureError("keep is a rate below 1, and asks for significance.", where="keep")
        if isinstance(self.least, bool) or not isinstance(self.least, int) or self.least < 1:
            raise MeasureError("min_repeats must be a whole number, 1 or more.", where="min_repeats")
        if not isinstance(self.window, int | float | np.number) or not 0 <= self.window < float("inf"):
            raise MeasureError("The window must be a number of seconds, 0 or more.", where="window")

    @property
    def window_us(self) -> int:
        """The window in microseconds."""
        return min(round(float(self.window) * MICROSECONDS), FARTHEST)

    @property
    def least(self) -> int:
        """``min_repeats``, or what stands for it where it is None."""
        if self.min_repeats is None:
            return 1 if self.significance else 2
        return self.min_repeats

    def prepare(self, rows: pa.Table) -> pa.Table:
        """Keys (uint64) of object, account and message and ``at`` in UTC microseconds (int64).

        Rows without object, account or time are left out, empty strings included. A share without a message id
        counts as a message of its own, told apart by object, account and time.
        """
        require_columns(rows, COLUMNS)
        rows = without_views(rows)
        at, told = microseconds(rows["at"])
        usable = told
        for name in ("object", "account"):
            mask = present(rows[name])
            if mask is not None:
                usable = mask if usable is None else usable & mask
        keys = {name: identity_keys(rows[name]) for name in ("object", "account", "message")}
        named = present(rows["message"])
        if named is not None:
            keys["message"] = np.where(named, keys["message"], combine(keys["object"], keys["account"], at))
        columns: dict[str, Any] = {**keys, "at": at}
        if "row" in rows.column_names:
            columns["row"] = rows["row"]
        if self.keep_ids:
            columns |= {"account_id": rows["account"], "message_id": rows["message"]}
            if pa.types.is_integer(rows["object"].type):
                columns["object_id"] = rows["object"]
        prepared = pa.table(columns)
        return prepared if usable is None else prepared.filter(pa.array(usable))

    def kernel(self, part: pa.Table) -> pa.Table:
        """The part sorted by object and time; in mode None only shares that have company.

        With significance all shares, each message of an account once an object, and ``company`` (bool)."""
        if len(part) > MOST_ROWS:
            raise MeasureError(
                "A part holds more than 2^31 shares.", mend="Run the measure with an engine that splits."
            )
        ids = part.select([name for name in part.column_names if name.endswith("_id")])
        columns: dict[str, Column] = {n: part[n].to_numpy() for n in part.column_names if n not in ids.column_names}
        del part
        if ids.num_columns:
            columns["place"] = np.arange(len(ids), dtype=np.int32)
        columns = by_object_and_time(columns)
        if self.compat is None:
            keep = first_copies(columns) if self.significance else in_company(columns, self.window_us)
            if not keep.all():
                columns = {name: values[keep] for name, values in columns.items()}
        if self.significance:
            columns["company"] = in_company(columns, self.window_us)
        if not ids.num_columns:
            return pa.table(columns)
        named = ids.take(columns.pop("place"))
        return pa.table({**columns, **{name: named[name] for name in ids.column_names}})

    def merge(self, parts: Sequence[pa.Table]) -> pa.Table:
        """The parts one after the other: each object lies in one of them."""
        return pa.concat_tables(parts)

    def finalise(self, partial: pa.Table) -> Network:
        """The network of all parts."""
        columns = {n: partial[n].to_numpy() for n in partial.column_names if not n.endswith("_id")}
        origin = Origin(
            account=partial["account_id"], message=partial["message_id"],
            object=partial["object_id"] if "object_id" in partial.column_names else partial["object"],
            at=partial["at"].cast(pa.timestamp("us", "UTC")), rows=np.arange(len(partial)),
        )  # fmt: skip
        return self.network(columns, origin)

    def network(self, columns: dict[str, Column], origin: Origin) -> Network:
        """The network of sorted columns; ``origin`` knows what the rows are called."""
        if self.significance:
            return self._judged(columns, origin)
        keep = self._counted(columns)
        if keep is not None:
            columns = {name: values[keep] for name, values in columns.items()}
            origin = origin.only(keep)
        accounts, firsts = numbered(columns.pop("account"))
        names = origin.account.take(origin.rows[firsts])
        repeated, eligible = np.zeros(0, np.bool_), np.ones(len(firsts), np.bool_)
        if self.compat == "coortweet":
            messages, first_messages = numbered(columns["message"])
            candidates = columns["object"] != columns["message"]
            surviving = contents_in_pairs(columns, accounts, messages, candidates, self.window_us)
            counts = np.bincount(accounts[surviving[messages]], minlength=len(firsts))
            eligible = counts >= self.least
            repeated = shared_messages(accounts, messages, len(first_messages))
            columns = {name: values[candidates] for name, values in columns.items()}
            accounts, repeated = accounts[candidates], repeated[candidates]
            origin = origin.only(candidates)
        shares = arrange(columns["object"], columns["at"], columns["message"], accounts, len(firsts), self.window_us)
        least = 1 if self.compat == "coortweet" else self.least
        edges = sweep(shares, KINDS[self.compat], least, repeated, eligible)
        return Network(shares, edges, KINDS[self.compat], self.window_us, names, origin)

    def _judged(self, columns: dict[str, Column], origin: Origin) -> Network:
        """The network of sorted columns, and of every edge how probable it is by chance."""
        accounts, firsts = numbered(columns.pop("account"))
        sharing, accounts, moved = who_shared_what(
            columns["object"], columns["at"], accounts, len(firsts), self.window_us
        )
        names = origin.account.take(pa.array(origin.rows[firsts[np.argsort(moved)]]))
        company = columns.pop("company")
        columns = {name: values[company] for name, values in columns.items()}
        shares = arrange(
            columns["object"], columns["at"], columns["message"], accounts[company], len(firsts), self.window_us
        )
        edges = sweep(shares, OBJECTS, self.least, np.zeros(0, np.bool_), np.ones(len(firsts), np.bool_))
        judged, origin = judge(sharing, edges), origin.only(company)
        if self.keep is not None:
            del shares, sharing
            return reached(columns, accounts[company], names, origin, edges, judged, self.keep, self.window_us)
        return Network(shares, edges, OBJECTS, self.window_us, names, origin, judged)

    def at_once(self, rows: pa.RecordBatchReader) -> Network:
        """The network of all rows, here."""
        prepared = [self.prepare(rows.schema.empty_table())]
        prepared += [self.prepare(pa.Table.from_batches([batch])) for batch in rows]
        return self.finalise(self.kernel(pa.concat_tables(prepared)))

    def over(self, parts: Parts) -> Network:
        """The network of rows in parts. The compatible modes look at the whole table: their shares come back."""
        if self.compat is not None:
            return self.finalise(parts.each(self.prepare).by(self.key).each(self.kernel).all())
        return over_parts(self, parts)

    def _counted(self, columns: dict[str, Column]) -> Column | None:
        """Which rows the mode looks at. None = all."""
        if self.compat == "cnt":
            return first_of_each_message(columns)
        if self.compat == "coortweet":
            return active(columns["account"], self.least)
        return None


def coordination(
    shares: Any,
    *,
    window: float,
    min_repeats: int | None = None,
    compat: str | None = None,
    significance: bool = False,
) -> Network:
    """Pairs of accounts that acted on the same objects within ``window`` seconds of one another, exactly.

    Args:
        shares: an Arrow table, reader or any data frame with ``__arrow_c_stream__``; columns ``object``, ``account``,
            ``message`` (strings or whole numbers; null and empty objects link nobody) and ``at`` (timestamps of any
            unit and zone, or numbers of seconds). Rows in any order; in mode cnt the first row of a message counts.
        window: seconds, inclusive; 0 = at the same moment.
        min_repeats: mode None: the least number of distinct objects of an edge. cnt: min_edge_weight. coortweet:
            min_participation. None: 2, and 1 with significance, which needs no threshold.
        compat: None: undirected, ``weight`` = distinct objects on which both acted within the window; a message
            counts once an object. "cnt": directed, as coordination-network-toolkit 1.5.2 counts (``weight`` =
            distinct messages of the source; an edge from an account to itself is left out). "coortweet":
            undirected, as ``detect_groups`` of CooRTweet counts (``weight`` = pairs of rows), before any quantile.
        significance: mode None only: compare each edge with chance (``expected``, ``p``, ``q``, ``p_sharing``,
            ``q_sharing`` in ``.edges``). An edge of q <= 0.05 is one that five in a hundred such lists get wrong.

    Returns:
        A ``Network``: ``.edges``, ``.nodes``, ``.evidence(source, target)``.

    Raises:
        MeasureError: a column is missing or of a type that cannot be compared, or a parameter cannot be used.

    Source: the sweep is Gustavson's row-wise sparse product over accounts; the compatible modes follow Graham et
    al., coordination-network-toolkit (2020-2024), and Righetti & Balluff, CooRTweet (2022-2024).

    >>> shares = pa.table({
    ...     "object": ["tulips", "tulips", "roses", "roses", "ferns"],
    ...     "account": ["ann", "bob", "bob", "ann", "ann"],
    ...     "message": ["1", "2", "3", "4", "5"],
    ...     "at": [0, 20, 500, 505, 900],
    ... })
    >>> coordination(shares, window=60).edges.to_pylist()
    [{'source': 'ann', 'target': 'bob', 'weight': 2, 'pairs': 2, 'leads': 0.5, 'median_lag_s': 12.5}]
    """
    measure = CoordinationMeasure(window, min_repeats, compat, keep_ids=False, significance=significance)
    table = as_table(shares)
    require_columns(table, COLUMNS)
    table = table.select(list(COLUMNS))
    columns = measure.kernel(_numbered_rows(measure, table))
    arrays: dict[str, Column] = {name: columns[name].to_numpy() for name in columns.column_names}
    del columns
    rows = arrays["row"]
    return measure.network(arrays, Origin(table["object"], table["account"], table["message"], table["at"], rows))


def _numbered_rows(measure: CoordinationMeasure, table: pa.Table) -> pa.Table:
    numbers = pa.array(np.arange(len(table), dtype=np.uint32))
    return measure.prepare(table.append_column("row", numbers))
