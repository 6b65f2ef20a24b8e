"""What readers see: rows of committed batches, folded, as streams of record batches.

A view takes its snapshot of ``batches`` first and of its table afterwards: the table then holds at least every
row of the batches that count, and rows of others are left out, so that a reader sees whole batches only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property, reduce
from operator import and_, or_
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from seawall.errors import MeasureError
from seawall.lake.delta import DataFile, Snapshot
from seawall.lake.folds import ACCOUNT_COLUMNS, REVISED, Aliases, Deletions, Revisions
from seawall.lake.home import Home
from seawall.lake.ledger import committed_batches
from seawall.lake.place import Place
from seawall.lake.schemas import SCAN, STORED, TIME_COLUMN, from_stored
from seawall.model import TABLES

Span = tuple[datetime | None, datetime | None]
"""A span of time in UTC, its end exclusive; None = without a bound."""

ALWAYS: Sequence[Span] = ((None, None),)


class Moment:
    """The lake at one moment: one for each reading, so that its tables fit together."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.batches: npt.NDArray[np.int64] = committed_batches(home.table("batches"))
        self._snapshots: dict[str, Snapshot] = {}

    def snapshot(self, table: str) -> Snapshot:
        """The files of a table; the same ones at each call."""
        if table not in self._snapshots:
            self._snapshots[table] = self.home.table(table).snapshot()
        return self._snapshots[table]

    def scan(
        self,
        table: str,
        columns: Sequence[str],
        *,
        edits: bool = False,
        spans: Sequence[Span] = ALWAYS,
    ) -> Iterator[pa.RecordBatch]:
        """Stored rows of committed batches; ``edits`` chooses between later revisions and the rest.

        Yields:
            Batches of ``columns`` and ``batch``, of rows in any of the ``spans``; each file is read once.
        """
        snapshot = self.snapshot(table)
        files = [file for file in snapshot.files if file.edits == edits and overlaps(file, spans)]
        if not files:
            return
        with snapshot.place.refusals():
            paths = [file.path for file in files]
            yield from scan_files(snapshot.place, paths, table, columns, spans, self.batches)

    def table(self, table: str, columns: Sequence[str], *, edits: bool = False) -> pa.Table:
        """All rows of ``scan`` at once, for what folds need to know."""
        names = list(dict.fromkeys([*columns, "batch"]))
        schema = pa.schema([STORED[table].field(name) for name in names])
        return pa.Table.from_batches(list(self.scan(table, names, edits=edits)), schema=schema)

    @cached_property
    def aliases(self) -> Aliases:
        """The aliases that are known."""
        return Aliases(self.table("aliases", ["handle_key", "account_id"]))

    @cached_property
    def deletions(self) -> Deletions:
        """The notices of deletion."""
        return Deletions(self.table("deletions", ["message_id", "deleted_at"]))

    def has_edits(self, table: str) -> bool:
        """Whether a table holds revisions."""
        return any(file.edits for file in self.snapshot(table).files)

    def revisions(self, table: str, key: str, columns: Sequence[str]) -> Revisions:
        """The latest revisions of a table's rows, in these columns."""
        return Revisions(self.table(table, [key, "edited_key", *columns], edits=True), key)


def scan_files(
    place: Place,
    paths: Sequence[str],
    table: str,
    columns: Sequence[str],
    spans: Sequence[Span],
    batches: npt.NDArray[np.int64],
) -> Iterator[pa.RecordBatch]:
    """The rows of a table's data files that belong to these batches; see ``Moment.scan``."""
    names = list(dict.fromkeys([*columns, "batch"]))
    rows = place.dataset(paths, STORED[table])
    for batch in rows.scanner(columns=names, filter=_within(table, spans), **SCAN).to_batches():
        kept = _of_batches(batch, batches)
        if kept.num_rows:
            yield kept


def _of_batches(rows: pa.RecordBatch, batches: npt.NDArray[np.int64]) -> pa.RecordBatch:
    values = rows.column("batch")
    if np.isin(pc.unique(values).to_numpy(), batches).all():
        return rows
    return rows.filter(pc.is_in(values, value_set=pa.array(batches)))


def overlaps(file: DataFile, spans: Sequence[Span]) -> bool:
    """Whether a file may hold rows of one of the spans."""
    first, last = file.first_time, file.last_time
    if first is None or last is None:
        return True
    return any((start is None or last >= start) and (end is None or first < end) for start, end in spans)


def _within(table: str, spans: Sequence[Span]) -> Any:
    """The condition that a row lies in one of the spans; None = all rows do."""
    column = TIME_COLUMN.get(table)
    if column is None or any(span == (None, None) for span in spans):
        return None
    return reduce(or_, (_between(ds.field(column), *span) for span in spans))


def _between(field: ds.Expression, start: datetime | None, end: datetime | None) -> Any:
    bounds = []
    if start is not None:
        bounds.append(field >= pa.scalar(start, pa.timestamp("us", tz="UTC")))
    if end is not None:
        bounds.append(field < pa.scalar(end, pa.timestamp("us", tz="UTC")))
    return reduce(and_, bounds)


def checked_columns(table: str, columns: Sequence[str] | None) -> list[str]:
    """The columns to read.

    Raises:
        MeasureError: the lake has no such table or column.
    """
    if table not in TABLES:
        raise MeasureError("The lake has no such table.", where=repr(table), mend="It has: " + ", ".join(TABLES) + ".")
    names = list(TABLES[table].names) if columns is None else list(columns)
    unknown = sorted(set(names) - set(TABLES[table].names))
    if unknown:
        raise MeasureError(
            f"The table {table} has no column {', '.join(unknown)}.", mend="It has: " + ", ".join(TABLES[table].names)
        )
    return names


@dataclass(frozen=True)
class Folding:
    """What is done to each stored row of a view.

    Args:
        names: the columns to read.
        schema: of what comes out.
        folds: revisions and deletions, in their order.
        resolved: columns of accounts in which known handles are replaced.
        aliases: the known handles; None where no column needs them.
    """

    names: tuple[str, ...]
    schema: pa.Schema
    folds: tuple[Revisions | Deletions, ...]
    resolved: tuple[str, ...]
    aliases: Aliases | None

    def folded(self, rows: pa.RecordBatch) -> pa.RecordBatch:
        """Stored rows as readers see them."""
        for fold in self.folds:
            rows = fold.fold(rows)
        return self.finished(rows)

    def finished(self, rows: pa.RecordBatch) -> pa.RecordBatch:
        """Folded rows in the columns and types of the model, with known handles replaced."""
        if self.aliases is not None and len(self.aliases):
            for name in self.resolved:
                place = rows.schema.get_field_index(name)
                values = self.aliases.resolve(rows.column(place))
                rows = rows.set_column(place, rows.schema.field(name), values)
        return from_stored(rows, self.schema)


@dataclass
class View:
    """The rows of one table at one moment. Any Arrow reader can take them, again and again."""

    moment: Moment
    table: str
    columns: Sequence[str]
    spans: Sequence[Span] = ALWAYS
    schema: pa.Schema = field(init=False)

    def __post_init__(self) -> None:
        self.schema = pa.schema([TABLES[self.table].field(name) for name in self.columns])
        self.spans = [(_aware(start), _aware(end)) for start, end in self.spans]

    def reader(self) -> pa.RecordBatchReader:
        """A stream of the rows; its memory does not grow with them."""
        return pa.RecordBatchReader.from_batches(self.schema, self.batches())

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self.reader().__arrow_c_stream__(requested_schema)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The rows, folded, in the columns and types of the model."""
        folding = self.folding()
        for batch in self.moment.scan(self.table, folding.names, spans=self.spans):
            yield folding.folded(batch)
        for fold in folding.folds:
            if self.table == "interactions" and isinstance(fold, Revisions):
                for batch in self.in_spans(fold.unseen()).to_batches():
                    yield folding.finished(batch)

    def folding(self) -> Folding:
        """What is done to each stored row; it can be pickled."""
        names = list(self.columns)
        folds = {"messages": self._message_folds, "interactions": self._interaction_folds}.get(self.table, _none)(names)
        resolved = tuple(name for name in self.columns if name in ACCOUNT_COLUMNS.get(self.table, ()))
        return Folding(tuple(names), self.schema, tuple(folds), resolved, self.moment.aliases if resolved else None)

    def _message_folds(self, names: list[str]) -> list[Revisions | Deletions]:
        folds: list[Revisions | Deletions] = []
        if self.moment.has_edits("messages") and REVISED.intersection(names):
            revised = [name for name in self.columns if name in REVISED]
            folds.append(self.moment.revisions("messages", "message_id", revised))
        if "deleted_at" in names and len(self.moment.deletions):
            folds.append(self.moment.deletions)
        if folds:
            names.append("message_id")
        return folds

    def _interaction_folds(self, names: list[str]) -> list[Revisions | Deletions]:
        """Revisions of messages repeat their interactions under the same id, and may bring new ones."""
        if not self.moment.has_edits("interactions"):
            return []
        names.append("interaction_id")
        return [self.moment.revisions("interactions", "interaction_id", [*self.columns, "at"])]

    def in_spans(self, rows: pa.Table) -> pa.Table:
        """Those of the rows that lie in the spans."""
        condition = _within(self.table, self.spans)
        return rows if condition is None else rows.filter(condition)


def _none(names: list[str]) -> list[Revisions | Deletions]:
    return []


def _aware(time: datetime | None) -> datetime | None:
    return time.replace(tzinfo=UTC) if time is not None and time.tzinfo is None else time
