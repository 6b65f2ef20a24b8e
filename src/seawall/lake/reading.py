"""What readers see of the lake: rows of one table, questions about several, now or at one moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

import pyarrow as pa

from seawall.lake.aggregates import view_of
from seawall.lake.duck import Session
from seawall.lake.home import Home
from seawall.lake.pieces import LakeRows
from seawall.lake.schemas import PRIVATE_COLUMNS
from seawall.lake.suppression import Suppression
from seawall.lake.views import Moment, View, checked_columns
from seawall.model import TABLES
from seawall.parts import Rows, TableRows

_ORDER = ("batches", *(name for name in TABLES if name != "batches"))
TABLES_WITH_ALL: Mapping[str, Sequence[str]] = {name: tuple(schema.names) for name, schema in TABLES.items()}


class Readings:
    """The half of a lake that reads; each reading sees whole batches only, and never waits for the writer."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self._held: tuple[Moment, str] | None = None

    @contextmanager
    def at_one_moment(self) -> Iterator[str]:
        """Inside, every reading of this lake sees what was committed when this began; gives its version.

        A file of that moment that is retired meanwhile stays for an hour; what was erased is gone at once, and reading
        it is a StorageError.

        Raises:
            StorageError: the disk refused.
        """
        moment = Moment(self.home)
        self._held = moment, self._told_version({name: moment.snapshot(name).version for name in _ORDER})
        try:
            yield self._held[1]
        finally:
            self._held = None

    def _moment(self) -> Moment:
        return Moment(self.home) if self._held is None else self._held[0]

    def reader(
        self,
        table: str,
        columns: Sequence[str] | None = None,
        *,
        start: datetime | None = None,
        end: datetime | None = None,
        where: str | None = None,
    ) -> pa.RecordBatchReader:
        """A stream of a table's rows, in no particular order, folded as docs/reference/records.md says.

        Args:
            table: a name of ``seawall.model.TABLES``.
            columns: which columns; all where None.
            start: rows at or after this time (UTC); tables without a time of their own are given whole.
            end: rows before this time.
            where: a condition in DuckDB's SQL over ``columns``.

        Raises:
            MeasureError: no such table or column, or a condition that cannot be evaluated.
            StorageError: the disk refused (also while the stream is read).
        """
        names = checked_columns(table, columns)
        view = view_of(self._moment(), table, names, spans=[(start, end)])
        if where is None:
            return view.reader()
        spill = None if set(names) & PRIVATE_COLUMNS.get(table, frozenset()) else self.home.tmp
        return Session({table: view}, spill).stream(f"SELECT * FROM {table} WHERE {where}", view.schema)  # noqa: S608

    def rows(
        self,
        table: str,
        columns: Sequence[str],
        *,
        start: datetime | None = None,
        end: datetime | None = None,
    ) -> Rows:
        """The rows that ``reader`` gives, for an engine that reads the files itself.

        Accounts and channels, which are few, are read here.

        Raises:
            MeasureError: no such table or column.
            StorageError: the disk refused.
        """
        view = view_of(self._moment(), table, checked_columns(table, columns), spans=[(start, end)])
        return LakeRows.of(view) if isinstance(view, View) else TableRows(view.reader().read_all())

    def within(
        self, table: str, columns: Sequence[str], spans: Iterable[tuple[datetime, datetime]]
    ) -> Iterator[pa.RecordBatch]:
        """The rows of several spans of time (UTC, ends exclusive), as ``reader`` gives them, all of one moment.

        Raises:
            MeasureError: no such table or column.
            StorageError: the disk refused.
        """
        chosen = list(spans)
        if chosen:
            names = checked_columns(table, columns)
            yield from view_of(self._moment(), table, names, spans=chosen).reader()

    def query(self, sql: str, tables: Mapping[str, Sequence[str]] | None = None) -> pa.Table:
        """Run one statement of DuckDB's SQL over views of the tables.

        Args:
            sql: the statement; it sees the views under the tables' names and nothing else.
            tables: which tables with which columns; all where None (then nothing is spilled, because private
                words are among them).

        Raises:
            MeasureError: the statement does not fit the tables.
            StorageError: the disk refused, or memory does not suffice.
        """
        chosen = {name: checked_columns(name, columns) for name, columns in (tables or TABLES_WITH_ALL).items()}
        moment = self._moment()
        private = any(set(names) & PRIVATE_COLUMNS.get(table, frozenset()) for table, names in chosen.items())
        views = {table: view_of(moment, table, names) for table, names in chosen.items()}
        return Session(views, None if private else self.home.tmp).stream(sql).read_all()

    def count(self, table: str) -> int:
        """How many rows ``reader`` gives."""
        checked_columns(table, ())
        key = {"accounts": "account_id", "channels": "channel_id"}.get(table, "batch")
        return sum(batch.num_rows for batch in self.reader(table, [key]))

    def version(self) -> str:
        """The versions of all tables, which change with each commit, and the epoch of erasures."""
        if self._held is not None:
            return self._held[1]
        return self._told_version({name: self.home.table(name).newest_version() for name in _ORDER})

    def _told_version(self, versions: Mapping[str, int]) -> str:
        return " · ".join(
            [*(f"{name} {version}" for name, version in versions.items()), f"erasures {self.erasure_epoch}"]
        )

    @property
    def erasure_epoch(self) -> int:
        """How many erasures there were: results of an earlier epoch are not reproducible since erasure."""
        return Suppression(self.home.index / "erased.json").epoch
