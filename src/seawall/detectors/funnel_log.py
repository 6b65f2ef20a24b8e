"""Interactions of the last months in little room: what the funnel's state rests on, and can be computed anew from."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.model import INTERACTIONS

Ints = npt.NDArray[np.int64]

COLUMNS = (
    "at", "kind", "source_account", "target_account", "channel_id", "contact_kind", "contact_key", "reply_key",
)  # fmt: skip
"""What is kept of an interaction, and by what rows that come in one moment are ordered."""

SCHEMA = pa.schema([(name, INTERACTIONS.field(name).type) for name in COLUMNS])
DAY_US = 86_400_000_000
PIECE = 200_000
"""Rows are given out in pieces of about so many."""


class InteractionLog:
    """Rows of ``SCHEMA``, some of them several times, by the day on which they happened; about 40 bytes each."""

    def __init__(self) -> None:
        self._days: dict[int, pa.Table] = {}
        self._waiting: list[pa.Table] = []

    def __len__(self) -> int:
        self._settle()
        return sum(map(len, self._days.values()))

    @property
    def nbytes(self) -> int:
        """Bytes about."""
        return sum(rows.nbytes for rows in (*self._days.values(), *self._waiting))

    def put(self, rows: pa.Table, step: int) -> None:
        """Put rows in (``step`` 1), or take as many out (-1); what is taken out may come later."""
        if len(rows):
            rows = pa.table(rows.select(list(COLUMNS)).columns, schema=SCHEMA)
            self._waiting.append(rows.append_column("times", pa.repeat(pa.scalar(step, pa.int64()), len(rows))))

    def pieces(self) -> Iterator[pa.Table]:
        """The rows in the order of time, of the same moment by their other columns."""
        self._settle()
        gathered: list[pa.Table] = []
        for day in sorted(self._days):
            gathered.append(_unpacked(self._days[day]))
            if sum(map(len, gathered)) >= PIECE:
                yield pa.concat_tables(gathered)
                gathered = []
        if gathered:
            yield pa.concat_tables(gathered)

    def among(self, accounts: pa.Array) -> pa.Table:
        """The rows in which one of these accounts acts, or is acted towards; in the order of time."""
        found = [rows.filter(concerned(rows, accounts)) for rows in self.pieces()]
        return pa.concat_tables([SCHEMA.empty_table(), *found])

    def kinds(self) -> set[str]:
        """The kinds of interactions that there are."""
        self._settle()
        return {kind for rows in self._days.values() for kind in pc.unique(rows["kind"]).to_pylist()}

    def forget(self, before: int) -> bool:
        """Let go of the days that ended before a time (UTC microseconds); whether there were any."""
        self._settle()
        old = [day for day in self._days if (day + 1) * DAY_US <= before]
        for day in old:
            del self._days[day]
        return bool(old)

    def newest_but(self, most: int) -> int | None:
        """Before which moment (UTC microseconds) lies what is more than about so many rows; None: nothing.

        It is the beginning of a day. The newest day is never too much.
        """
        self._settle()
        newest = max(self._days, default=0)
        held = 0
        for day in sorted(self._days, reverse=True):
            held += len(self._days[day])
            if held > most and day != newest:
                return (day + 1) * DAY_US
        return None

    def _settle(self) -> None:
        """Count what has come in and out, day by day."""
        if not self._waiting:
            return
        rows, self._waiting = pa.concat_tables(self._waiting), []
        days = rows["at"].cast(pa.int64()).to_numpy() // DAY_US
        order = np.argsort(days, kind="stable")
        rows, days = rows.take(pa.array(order)), days[order]
        starts = np.flatnonzero(np.append(True, days[1:] != days[:-1]))
        for start, stop in zip(starts, [*starts[1:], len(days)], strict=True):
            self._merge(int(days[start]), rows.slice(start, stop - start))

    def _merge(self, day: int, rows: pa.Table) -> None:
        if day in self._days:
            known = _unpacked(self._days[day])
            rows = pa.concat_tables([known.append_column("times", pa.repeat(1, len(known))), rows])
        counted = rows.group_by(list(COLUMNS)).aggregate([("times", "sum")]).select([*COLUMNS, "times_sum"])
        times = counted["times_sum"].to_numpy()
        owed = counted.filter(pa.array(times < 0)).rename_columns([*COLUMNS, "times"])
        if len(owed):
            self._waiting.append(owed)
        kept = counted.select(list(COLUMNS)).take(pa.array(np.repeat(np.arange(len(times)), np.maximum(times, 0))))
        if len(kept):
            self._days[day] = _packed(kept.sort_by([(name, "ascending") for name in COLUMNS]))
        else:
            self._days.pop(day, None)


def concerned(rows: pa.Table, accounts: pa.Array) -> pa.ChunkedArray:
    """Which rows an account of these acts in, or is acted towards."""
    hits = [pc.is_in(rows[name], value_set=accounts) for name in ("source_account", "target_account")]
    return pc.or_(*hits)


def _packed(rows: pa.Table) -> pa.Table:
    columns = [rows["at"], *(rows[name].combine_chunks().dictionary_encode() for name in COLUMNS[1:])]
    return pa.table(columns, names=list(COLUMNS))


def _unpacked(rows: pa.Table) -> pa.Table:
    return pa.table([rows[field.name].cast(field.type) for field in SCHEMA], schema=SCHEMA)
